/* Events in delimited text: Event Viewer, PowerShell and others, in every regional form. */
#include "import/csv.h"
#include "import/event_named.h"
#include "tests/import/reading.h"

#define VIEWER "Level,Date and Time,Source,Event ID,Task Category\r\n"

static const char *utc(int64_t us)
{
    static char out[TIME_TEXT_SIZE];
    return time_utc_text(out, us);
}

static struct reading_test t;

static void first(const char *text)
{
    reading_begin(&t, &event_csv_reader, slice_of(text));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
}

Test(event_csv, reads_event_viewer_rows)
{
    first(VIEWER
          "Error,11/21/2026 8:17:11 PM,IIJ Directory Sync,12808,None,\"SCIM\n\n"
          "{\"\"detail\"\":\"\"x, y\"\"}\"\r\nInformation,11/21/2026 8:17:10 PM,S,1,None,b\r\n");
    cr_expect(eq(int, (int)t.record.event.level, LEVEL_ERROR));
    cr_expect(slice_is(t.record.event.provider, "IIJ Directory Sync"));
    cr_expect(eq(i64, t.record.event.event_id, 12808));
    cr_expect(eq(i64, t.record.event.record_id, -1));
    cr_expect(slice_is(t.record.event.message, "SCIM\n\n{\"detail\":\"x, y\"}"));
    cr_expect(slice_is(t.record.time_text, "11/21/2026 8:17:11 PM"));
    cr_expect(eq(str, (char *)utc(t.record.time_us), "2026-11-21T20:17:11.000000Z"));
    cr_expect(t.record.zone_assumed);
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "b"));
    cr_expect(eq(u64, t.record.position, 1));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(event_csv, reads_japanese_headings_and_tabs)
{
    first("\xef\xbb\xbfレベル\t日付と時刻\tソース\tイベント ID\tタスクのカテゴリ\r\n"
          "警告\t2026/08/04 8:37:27\t同期\t12808\tなし\t\"本文\"\r\n");
    cr_expect(eq(int, (int)t.record.event.level, LEVEL_WARNING));
    cr_expect(slice_is(t.record.event.provider, "同期"));
    cr_expect(eq(str, (char *)utc(t.record.time_us), "2026-08-04T08:37:27.000000Z"));
    reading_done(&t);
}

Test(event_csv, an_unclosed_quote_costs_only_its_record)
{
    size_t good, bad;
    const char *text = VIEWER "Error,11/21/2026 8:17:11 PM,S,1,None,\"open\r\n"
                              "Error,11/21/2026 8:17:10 PM,S,2,None,\"closed\"\r\n"
                              "Error,11/21/2026 8:17:09 PM,S,3,None,bare, with commas\r\n";
    reading_count(&event_csv_reader, slice_of(text), &good, &bad);
    cr_expect(eq(sz, good, 3));
    cr_expect(eq(sz, bad, 0));
}

Test(event_csv, keeps_commas_of_unquoted_messages_out_of_other_fields)
{
    first("Level,Date and Time,Source,Event ID,Task Category,Message\n"
          "Error,11/21/2026 8:17:11 PM,S,7,None,\n");
    cr_expect(eq(i64, t.record.event.event_id, 7));
    cr_expect(slice_is_none(t.record.event.message));
    reading_done(&t);
}

Test(event_csv, counts_lines_that_are_no_record)
{
    size_t good, bad;
    reading_count(&event_csv_reader,
                  SLICE(VIEWER "garbage\nError,11/21/2026 8:17:11 PM,S,1,None,a\n"), &good, &bad);
    cr_expect(eq(sz, good, 1));
    cr_expect(eq(sz, bad, 1));
}

Test(event_csv, reads_powershell_columns)
{
    first("#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"
          "\"Message\",\"Id\",\"Level\",\"RecordId\",\"ProviderName\",\"LogName\",\"MachineName\","
          "\"UserId\",\"TimeCreated\",\"LevelDisplayName\"\r\n"
          "\"a \"\"b\"\"\nc\",\"12808\",\"2\",\"77\",\"P\",\"Application\",\"DC01\",,"
          "\"4/21/2026 1:42:01 AM\",\"Error\"\r\n");
    cr_expect(slice_is(t.record.event.message, "a \"b\"\nc"));
    cr_expect(eq(i64, t.record.event.record_id, 77));
    cr_expect(slice_is(t.record.event.channel, "Application"));
    cr_expect(slice_is(t.record.event.computer, "DC01"));
    cr_expect(slice_is_none(t.record.event.user_sid));
    reading_done(&t);
}

Test(event_csv, goes_on_behind_a_record_with_wrong_fields)
{
    size_t good, bad;
    reading_count(&event_csv_reader,
                  SLICE("Message;Id;ProviderName;RecordId;TimeCreated\n"
                        "a;1;P;5;2026-04-21 01:42:01\nlost\nb;2;P;6;2026-04-21 01:42:01\n"),
                  &good, &bad);
    cr_expect(eq(sz, good, 2));
    cr_expect(eq(sz, bad, 1));
}

Test(event_csv, reads_utf16)
{
    static const char text[] = VIEWER "Error,11/21/2026 8:17:11 PM,S,1,None,\"a\"\r\n";
    char wide[2 * sizeof text] = "\xff\xfe";
    for (size_t i = 0; i < sizeof text - 1; i++)
        wide[2 + 2 * i] = text[i];
    struct slice bytes = slice_make(wide, 2 * sizeof text);
    cr_expect(gt(int, event_csv_reader.sniff(bytes, "x"), 50));
    reading_begin(&t, &event_csv_reader, bytes);
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "a"));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(event_csv, is_not_fooled_by_other_tables)
{
    cr_expect(eq(int, reading_sniff(&event_csv_reader, "name,email,id\na,b,c\n"), 0));
    cr_expect(eq(int, reading_sniff(&event_csv_reader, "{\"log\":1}"), 0));
    cr_expect(eq(int, reading_sniff(&event_csv_reader, ""), 0));
    cr_expect(gt(int, reading_sniff(&event_csv_reader, VIEWER), 50));
}

static int64_t printed(const char *text, enum day_order order)
{
    int64_t us = 0;
    bool zoned;
    cr_assert(event_time_parse(slice_of(text), order, &us, &zoned), "%s", text);
    return us;
}

Test(event_time, reads_regional_forms)
{
    const enum day_order month = DAY_ORDER_MONTH_FIRST, day = DAY_ORDER_DAY_FIRST;
    cr_expect(eq(str, (char *)utc(printed("4/1/2026 12:00:00 AM", month)),
                 "2026-04-01T00:00:00.000000Z"));
    cr_expect(eq(str, (char *)utc(printed("4/1/2026 12:00:00\xe2\x80\xafPM", day)),
                 "2026-01-04T12:00:00.000000Z"));
    cr_expect(
        eq(str, (char *)utc(printed("21.04.2026 13:42:01", day)), "2026-04-21T13:42:01.000000Z"));
    cr_expect(eq(str, (char *)utc(printed("2026/4/21 午後 1:42:01", month)),
                 "2026-04-21T13:42:01.000000Z"));
    cr_expect(eq(str, (char *)utc(printed("/Date(1776703321810)/", month)),
                 "2026-04-20T16:42:01.810000Z"));
    int64_t us;
    bool zoned;
    cr_expect(not(event_time_parse(SLICE("13:42:01"), month, &us, &zoned)));
    cr_expect(not(event_time_parse(SLICE("31/31/2026 10:00:00"), month, &us, &zoned)));
    cr_expect(not(event_time_parse(SLICE("4/1/2026 13:00:00 PM"), month, &us, &zoned)));
}

Test(event_time, decides_day_and_month_by_the_whole_file)
{
    cr_expect(eq(int, (int)day_order_of(SLICE("E,1/2/2026 10:00:00,S\nE,13/2/2026 10:00:00,S\n")),
                 DAY_ORDER_DAY_FIRST));
    cr_expect(eq(int, (int)day_order_of(SLICE("E,1/2/2026 10:00:00,S\nE,2/13/2026 10:00:00,S\n")),
                 DAY_ORDER_MONTH_FIRST));
    cr_expect(eq(int,
                 (int)day_order_of(SLICE("E,1/2/2026 10:00:00,S\nE,2/2/2026 10:00:00,S\n"
                                         "E,3/2/2026 10:00:00,S\nE,4/2/2026 10:00:00,S\n")),
                 DAY_ORDER_DAY_FIRST),
              "the days of one log follow each other");
    cr_expect(eq(int, (int)day_order_of(SLICE("E,2026/2/1 10:00:00,S\n")), DAY_ORDER_UNKNOWN));
}

Test(event_time, tells_newest_first_from_oldest_first)
{
    const enum day_order month = DAY_ORDER_MONTH_FIRST;
    cr_expect(
        event_times_fall(SLICE("E,1/2/2026 10:00:02,S,1,None,\"a\n\nb\"\nE,1/2/2026 10:00:02,S\n"
                               "E,1/2/2026 10:00:01,S\n"),
                         ',', month));
    cr_expect(
        not(event_times_fall(SLICE("E,1/2/2026 10:00:01,S\nE,1/2/2026 10:00:02,S\n"), ',', month)));
    cr_expect(not(event_times_fall(SLICE("no times here\n"), ',', month)));
}

Test(event_csv, says_when_its_file_is_written_newest_first)
{
    first(VIEWER
          "Error,11/21/2026 8:17:11 PM,S,1,None,a\r\nError,11/21/2026 8:17:10 PM,S,2,None,b\r\n");
    cr_expect(t.record.backwards);
    reading_done(&t);
    first(VIEWER
          "Error,11/21/2026 8:17:10 PM,S,1,None,a\r\nError,11/21/2026 8:17:11 PM,S,2,None,b\r\n");
    cr_expect(not(t.record.backwards));
    reading_done(&t);
}

Test(csv, reads_quotes_and_line_ends)
{
    struct csv_record r;
    struct buf scratch;
    buf_init(&scratch, 1000);
    cr_assert(csv_read(&r, SLICE("a,\"b\"\"c\nd\",,\"\"\r\nnext"), ',', false, &scratch));
    cr_expect(eq(sz, r.count, 4));
    cr_expect(slice_is(r.fields[1], "b\"c\nd"));
    cr_expect(eq(sz, r.fields[2].len, 0));
    cr_expect(eq(sz, r.size, 16));
    cr_assert(csv_read(&r, SLICE("a,\"open"), ',', false, &scratch));
    cr_expect(r.unclosed);
    cr_expect(slice_is(r.fields[1], "open"));
    cr_expect(not(csv_read(&r, SLICE(""), ',', false, &scratch)));
    buf_free(&scratch);
}

/* --- other tools ------------------------------------------------------------------------------ */

#define ECMD                                                                                       \
    "RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,Computer,UserId,"       \
    "Keywords,ExtraDataOffset,Payload\r\n"

Test(event_csv, reads_the_data_and_the_ids_of_evtxecmd)
{
    first("\xef\xbb\xbf" ECMD
          "1,101,2026-03-02 07:00:01.1234567,12808,Warning,P,Application,DC01,S-1-5-18,Classic,0,"
          "\"{\"\"EventData\"\":{\"\"Data\"\":[{\"\"@Name\"\":\"\"Response\"\",\"\"#text\"\":"
          "\"\"{\\\"\"detail\\\"\":\\\"\"x\\\"\"}\"\"},{\"\"@Name\"\":\"\"user\"\",\"\"#text\"\":"
          "\"\"tanaka\"\"}]}}\"\r\n"
          "2,102,2026-03-02 07:00:02,1,Info,P,Application,DC01,,Classic,0,"
          "\"{\"\"EventData\"\":{\"\"Data\"\":\"\"a, b\"\",\"\"Binary\"\":\"\"\"\"}}\"\r\n");
    cr_expect(eq(i64, t.record.event.record_id, 101));
    cr_expect(eq(str, (char *)utc(t.record.time_us), "2026-03-02T07:00:01.123456Z"));
    cr_expect(not(t.record.zone_assumed), "its times are UTC");
    cr_assert(eq(sz, t.record.event.data_count, 2));
    cr_expect(slice_is(t.record.event.data[0].name, "Response"));
    cr_expect(slice_is(t.record.event.data[0].value, "{\"detail\":\"x\"}"));
    cr_expect(slice_is(t.record.event.data[1].value, "tanaka"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_assert(eq(sz, t.record.event.data_count, 1));
    cr_expect(slice_is_none(t.record.event.data[0].name));
    cr_expect(slice_is(t.record.event.data[0].value, "a, b"));
    cr_expect(not(t.record.backwards));
    reading_done(&t);
}

Test(event_csv, reads_hayabusa)
{
    static const char text[] =
        "Timestamp,Computer,Channel,EventID,Level,RecordID,RuleTitle,Details,ExtraFieldInfo\n"
        "2026-03-02 16:00:01.123 +09:00,DC01,App,12808,high,101,Title,Data: x,y: z\n";
    cr_expect(gt(int, reading_sniff(&event_csv_reader, text), 50));
    first(text);
    cr_expect(eq(i64, t.record.event.record_id, 101));
    cr_expect(slice_is(t.record.event.message, "Data: x"));
    cr_expect(eq(str, (char *)utc(t.record.time_us), "2026-03-02T07:00:01.123000Z"));
    reading_done(&t);
}

Test(event_csv, hand_picked_columns_say_when_they_are_newest_first)
{
    first("LevelDisplayName,TimeCreated,ProviderName,Id,Message\n"
          "Error,4/21/2026 1:42:03 AM,P,1,\"a\nb\"\nError,4/21/2026 1:42:02 AM,P,1,c\n");
    cr_expect(t.record.backwards);
    reading_done(&t);
    first("LevelDisplayName,TimeCreated,ProviderName,Id,RecordId,Message\n"
          "Error,4/21/2026 1:42:03 AM,P,1,9,a\nError,4/21/2026 1:42:02 AM,P,1,8,c\n");
    cr_expect(not(t.record.backwards), "record ids tell the order");
    reading_done(&t);
}
