/* Microsoft Entra provisioning logs: Graph and portal JSON, portal CSV. */
#include "tests/import/reading.h"

static struct reading_test t;

static void first(const struct reader *reader, const char *text)
{
    cr_expect(gt(int, reading_sniff(reader, text), 50));
    cr_expect(
        eq(ptr, (void *)(uintptr_t)reader_detect(slice_of(text), "x"), (void *)(uintptr_t)reader));
    reading_begin(&t, reader, slice_of(text));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
}

static const struct record_provisioning *item(void)
{
    return &t.record.provisioning;
}

static void expect(struct slice got, const char *want)
{
    if (want)
        cr_expect(slice_is(got, want) && got.at, "want %s, got %.*s", want, (int)got.len, got.at);
    else
        cr_expect(slice_is_none(got), "want nothing, got %.*s", (int)got.len, got.at);
}

#define FAILED                                                                                     \
    "{\"id\":\"i-1\",\"activityDateTime\":\"2026-03-02T07:00:00Z\",\"tenantId\":\"t\","            \
    "\"jobId\":\"j\",\"cycleId\":\"c\",\"changeId\":\"ch-1\",\"provisioningAction\":\"create\","   \
    "\"durationInMilliseconds\":1500,"                                                             \
    "\"initiatedBy\":{\"id\":\"\",\"displayName\":\"Provisioning\",\"initiatorType\":\"system\"}," \
    "\"sourceSystem\":{\"id\":\"s\",\"displayName\":\"Directory\",\"details\":{}},"                \
    "\"targetSystem\":{\"id\":\"t\",\"displayName\":\"Contoso\",\"details\":{"                     \
    "\"ServicePrincipalDisplayName\":\"no\"}},"                                                    \
    "\"sourceIdentity\":{\"id\":\"u\",\"displayName\":\"Taro\",\"identityType\":\"User\","         \
    "\"details\":{\"odatatype\":\"User\",\"UserPrincipalName\":\"tanaka@example.com\",}},"         \
    "\"targetIdentity\":{\"id\":\"\",\"displayName\":\"\",\"identityType\":\"User\","              \
    "\"details\":{}},"                                                                             \
    "\"provisioningSteps\":[{\"name\":\"Import\",\"status\":\"success\","                          \
    "\"description\":\"no reason\"},],"                                                            \
    "\"modifiedProperties\":[{\"displayName\":\"mail\",\"newValue\":\"x\"}],"                      \
    "\"provisioningStatusInfo\":{\"status\":\"failure\",\"errorInformation\":{"                    \
    "\"errorCode\":\"ContosoEntryConflict\",\"reason\":\"taken\",\"additionalDetails\":\"more\","  \
    "\"errorCategory\":\"nonServiceFailure\",\"recommendedAction\":\"wait\"}}}"

Test(entra_json, reads_an_item_of_graph_with_trailing_commas)
{
    first(&entra_json_reader,
          "\xef\xbb\xbf{\"@odata.context\":\"x\",\"@odata.nextLink\":\"y\",\"value\":[" FAILED
          ",]}");
    cr_expect(eq(int, (int)t.record.kind, KIND_PROVISIONING));
    cr_expect(eq(i64, t.record.time_us, INT64_C(1772434800000000)));
    cr_expect(not(t.record.zone_assumed));
    expect(item()->item_id, "i-1");
    expect(item()->change_id, "ch-1");
    expect(item()->action, "create");
    expect(item()->status, "failure");
    expect(item()->code, "ContosoEntryConflict");
    expect(item()->reason, "taken");
    expect(item()->details, "more");
    expect(item()->target_user, NULL);
    expect(item()->source_user, "tanaka@example.com");
    expect(item()->target_system, "Contoso");
    expect(item()->source_system, "Directory");
    expect(item()->step, NULL);
    cr_expect(eq(i64, item()->duration_us, 1500000));
    cr_expect(slice_starts(item()->item, "{\"id\":\"i-1\""));
    cr_expect(slice_ends_fold(item()->item, "}}}"));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

#define OLDER                                                                                      \
    "{\"ID\":\"i-2\",\"ActivityDateTime\":\"2026-03-02T07:00:00Z\",\"ChangeId\":\"ch-2\","         \
    "\"JobId\":\"j\",\"Action\":\"Update\",\"StatusInfo\":{\"@odata.type\":"                       \
    "\"#microsoft.graph.statusDetails\",\"Status\":\"Skipped\",\"ErrorCode\":\"ImportSkipped\","   \
    "\"Reason\":\"out of scope\"},\"TargetIdentity\":{\"displayName\":\"s\",\"Details\":"          \
    "{\"userName\":\"sato@example.com\"}}}"

Test(entra_json, reads_the_older_names_in_any_case_and_a_bare_array)
{
    first(&entra_json_reader, "[" OLDER "," FAILED "]");
    expect(item()->item_id, "i-2");
    expect(item()->action, "Update");
    expect(item()->status, "skipped");
    expect(item()->code, "ImportSkipped");
    expect(item()->reason, "out of scope");
    expect(item()->target_user, "sato@example.com");
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    expect(item()->item_id, "i-1");
    cr_expect(eq(u64, t.record.position, 1));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(entra_json, reads_items_one_after_another)
{
    size_t good, bad;
    first(&entra_json_reader, OLDER "\n" FAILED "\n");
    reading_done(&t);
    reading_count(&entra_json_reader, SLICE(OLDER "\n" FAILED "\n"), &good, &bad);
    cr_expect(eq(sz, good, 2));
    cr_expect(eq(sz, bad, 0));
}

Test(entra_json, a_group_is_no_user)
{
    first(&entra_json_reader,
          "[{\"id\":\"1\",\"changeId\":\"c\",\"jobId\":\"j\",\"action\":\"Other\",\"statusInfo\":"
          "{\"status\":\"success\"},\"targetIdentity\":{\"displayName\":\"Staff\"},"
          "\"sourceIdentity\":{\"displayName\":\"Staff\",\"identityType\":\"Group\"}}]");
    expect(item()->target_user, NULL);
    expect(item()->source_user, NULL);
    reading_done(&t);
}

Test(entra_json, why_somebody_was_skipped_is_taken_from_the_steps)
{
    first(&entra_json_reader,
          "[{\"id\":\"1\",\"changeId\":\"c\",\"jobId\":\"j\",\"action\":\"Other\",\"statusInfo\":"
          "{\"status\":\"skipped\"},\"provisioningSteps\":[{\"name\":\"Scope\",\"status\":\"x\","
          "\"details\":{\"SkipReason\":\"NotEffectivelyEntitled\"}}]}]");
    expect(item()->code, "NotEffectivelyEntitled");
    expect(item()->status, "skipped");
    reading_done(&t);
}

Test(entra_json, tells_items_that_are_no_changes_and_goes_on)
{
    size_t good, bad;
    reading_count(&entra_json_reader, SLICE("[" FAILED ",{\"a\":1}," OLDER "]"), &good, &bad);
    cr_expect(eq(sz, good, 2));
    cr_expect(eq(sz, bad, 1));
    cr_expect(eq(int, reading_sniff(&entra_json_reader, "[{\"id\":1,\"action\":\"x\"}]"), 0));
}

Test(entra_csv, finds_its_columns_by_their_words_in_any_order)
{
    first(
        &entra_csv_reader,
        "\xef\xbb\xbf"
        "Status,Error code,\"Status reason\",Target system name,Date (UTC),"
        "Source identity ID,Source Identity,Source User Principal Name,Action,Change ID,"
        "Duration (ms),Job ID\r\n"
        "Failure,ContosoConflict,\"has \"\"two\"\"\nlines\",Contoso,\"3/2/2026, 7:00:00 AM\","
        "u-1,Taro,tanaka@example.com,Create,ch-9,250,j\r\n"
        "Success,,,Contoso,\"3/14/2026, 7:00:00 PM\",u-1,Taro,tanaka@example.com,Update,ch-9,1,j");
    expect(item()->status, "failure");
    expect(item()->code, "ContosoConflict");
    expect(item()->reason, "has \"two\"\nlines");
    expect(item()->target_system, "Contoso");
    expect(item()->source_user, "tanaka@example.com");
    expect(item()->action, "Create");
    expect(item()->change_id, "ch-9");
    cr_expect(eq(i64, item()->duration_us, 250000));
    cr_expect(eq(i64, t.record.time_us, INT64_C(1772434800000000)));
    cr_expect(not(t.record.zone_assumed), "the heading says UTC");
    cr_expect(slice_starts(item()->item, "{\"Status\":\"Failure\",\"Error code\":"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    expect(item()->status, "success");
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(entra_csv, reads_the_file_of_steps)
{
    first(&entra_csv_reader, "ChangeId;StepName;StepStatus;StepDescription;Timestamp\n"
                             "ch-9;EntryExport;Failure;Error code: Timeout;2026-03-02T07:00:00Z\n");
    expect(item()->step, "EntryExport");
    expect(item()->status, "failure");
    expect(item()->reason, "Error code: Timeout");
    reading_done(&t);
}

Test(entra_csv, names_the_file_of_properties)
{
    static const char text[] = "Change ID,Property name,Old value,New value\nch-9,mail,a,b\n";
    struct fault why;
    void *self = NULL;
    cr_expect(gt(int, reading_sniff(&entra_csv_reader, text), 50));
    struct input *in = input_of_memory("x", slice_of(text));
    cr_expect(eq(int, (int)entra_csv_reader.open(&self, in, &why), FAULT_FORMAT));
    cr_expect(ne(ptr, (void *)strstr(why.text, "ProvisioningLogs"), NULL), "%s", why.text);
    entra_csv_reader.close(self);
    input_close(in);
}

Test(entra_csv, tells_rows_that_do_not_fit)
{
    size_t good, bad;
    reading_count(&entra_csv_reader,
                  SLICE("Date,Change ID,Action,Status\n2026-03-02T07:00:00Z,a,Create,Success\n"
                        "x,y\n2026-03-02T07:00:01Z,b,Create,Success\n"),
                  &good, &bad);
    cr_expect(eq(sz, good, 2));
    cr_expect(eq(sz, bad, 1));
    cr_expect(eq(int, reading_sniff(&entra_csv_reader, "Date,Action,Amount\n"), 0));
}
