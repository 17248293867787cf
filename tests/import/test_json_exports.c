/* Exports in JSON: PowerShell, evtx_dump, Charles; and how their items are cut out of files. */
#include "import/json_items.h"
#include "tests/import/reading.h"

#include <stdio.h>

static struct reading_test t;

static void first(const struct reader *reader, const char *text)
{
    cr_expect(gt(int, reading_sniff(reader, text), 50));
    reading_begin(&t, reader, slice_of(text));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
}

#define PS(n, more)                                                                                \
    "{\"Id\": " #n                                                                                 \
    ", \"Level\": 2, \"RecordId\": 5, \"ProviderName\": \"P\", \"LogName\": \"App\","              \
    "\"MachineName\": \"DC\", \"UserId\": {\"BinaryLength\": 12, \"Value\": \"S-1-5-18\"},"        \
    "\"TimeCreated\": \"\\/Date(1776703321810)\\/\", \"LevelDisplayName\": \"Error\"" more "}"

Test(powershell_json, reads_the_properties_of_an_event)
{
    first(&event_json_reader, "\xef\xbb\xbf[\n" PS(12808, ", \"Message\": \"m\"") "]");
    cr_expect(eq(i64, t.record.event.event_id, 12808));
    cr_expect(eq(i64, t.record.event.record_id, 5));
    cr_expect(eq(int, (int)t.record.event.level, LEVEL_ERROR));
    cr_expect(slice_is(t.record.event.user_sid, "S-1-5-18"));
    cr_expect(slice_is(t.record.event.message, "m"));
    cr_expect(eq(i64, t.record.time_us, INT64_C(1776703321810000)));
    cr_expect(not(t.record.zone_assumed));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(powershell_json, takes_values_where_the_message_is_missing)
{
    first(&event_json_reader,
          PS(1, ", \"Message\": null, \"Properties\": [{\"Value\": \"a\"}, {\"Value\": 7}]"));
    cr_expect(slice_is_none(t.record.event.message));
    cr_assert(eq(sz, t.record.event.data_count, 2));
    cr_expect(slice_is(t.record.event.data[0].value, "a"));
    cr_expect(slice_is(t.record.event.data[1].value, "7"));
    reading_done(&t);
}

Test(powershell_json, reads_times_with_display_properties)
{
    first(&event_json_reader, "{\"Id\":1,\"ProviderName\":\"P\",\"LogName\":\"A\",\"TimeCreated\":"
                              "{\"value\":\"\\/Date(1000)\\/\",\"DateTime\":\"x\"}}");
    cr_expect(eq(i64, t.record.time_us, 1000000));
    reading_done(&t);
}

#define DUMP                                                                                       \
    "{\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},\"System\":{\"Provider\":{\"#attributes\":"     \
    "{\"Name\":\"P\"}},\"EventID\":{\"#attributes\":{\"Qualifiers\":0},\"#text\":12808},"          \
    "\"Level\":3,"                                                                                 \
    "\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2026-03-02T07:00:00.1234567Z\"}},"         \
    "\"EventRecordID\":9,\"Channel\":\"App\",\"Computer\":\"DC\"},"                                \
    "\"EventData\":{\"Data\":{\"#text\":[\"one\",\"two\"]},\"Binary\":null}}}"

Test(evtx_dump, reads_json_lines)
{
    first(&event_json_reader, DUMP "\n" DUMP "\n");
    cr_expect(eq(i64, t.record.event.event_id, 12808));
    cr_expect(eq(i64, t.record.event.record_id, 9));
    cr_expect(slice_is(t.record.event.provider, "P"));
    cr_expect(slice_is(t.record.event.computer, "DC"));
    cr_expect(eq(int, (int)t.record.event.level, LEVEL_WARNING));
    struct arena arena;
    arena_init(&arena);
    cr_expect(slice_is(record_event_text(&t.record.event, &arena), "one\ntwo"));
    arena_free(&arena);
    cr_expect(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(evtx_dump, keeps_the_names_of_event_data)
{
    first(&event_json_reader,
          "{\"Event\":{\"System\":{\"EventID\":4625,\"EventRecordID\":1,\"Channel\":\"Security\"},"
          "\"EventData\":{\"TargetUserName\":\"tanaka\",\"LogonType\":3}}}");
    cr_assert(eq(sz, t.record.event.data_count, 2));
    cr_expect(slice_is(t.record.event.data[0].name, "TargetUserName"));
    cr_expect(slice_is(t.record.event.data[0].value, "tanaka"));
    cr_expect(slice_is(t.record.event.data[1].value, "3"));
    reading_done(&t);
}

#define CALL(status, response)                                                                     \
    "{\"status\":\"" status "\",\"method\":\"POST\",\"protocolVersion\":\"HTTP/1.1\",\"scheme\":"  \
    "\"https\",\"host\":\"scim.example.com\",\"port\":null,\"actualPort\":443,\"path\":\"/"        \
    "Users\","                                                                                     \
    "\"query\":\"a=b\",\"tunnel\":false,\"keptAlive\":true,\"times\":{\"start\":"                  \
    "\"2026-03-09T09:04:17.372+09:00\"},\"durations\":{\"total\":45},\"request\":{\"header\":"     \
    "{\"headers\":[{\"name\":\"Accept\",\"value\":\"x\"}]},\"body\":{\"text\":\"{}\"}}" response   \
    "}"

Test(charles, reads_calls)
{
    first(&charles_reader,
          "[" CALL("COMPLETE", ",\"response\":{\"status\":409,\"header\":{\"headers\":[]},"
                               "\"body\":{\"encoded\":\"eyJhIjoxfQ==\"}}") "]");
    cr_expect(slice_is(t.record.http.url, "https://scim.example.com/Users?a=b"));
    cr_expect(eq(int, t.record.http.status, 409));
    cr_expect(slice_is(t.record.http.response.body.text, "{\"a\":1}"));
    cr_expect(slice_is(message_header(&t.record.http.request, "accept"), "x"));
    cr_expect(eq(i64, t.record.http.duration_us, 45000));
    cr_expect(slice_is_none(t.record.http.error));
    reading_done(&t);
}

Test(charles, a_call_that_failed_says_so)
{
    first(&charles_reader, "[" CALL("EXCEPTION", "") "]");
    cr_expect(eq(int, t.record.http.status, 0));
    cr_expect(slice_is(t.record.http.error, "EXCEPTION"));
    reading_done(&t);
}

/* --- items ------------------------------------------------------------------------------------ */

static size_t pieces, damaged;

static void cut(const char *text, const char *key)
{
    struct input *in = input_of_memory("x", slice_of(text));
    struct json_items items;
    struct slice item;
    uint64_t offset;
    struct fault why;
    json_items_open(&items, in, key);
    pieces = damaged = 0;
    for (;;) {
        enum item_step step = json_items_next(&items, &item, &offset, &why);
        if (step == ITEM_END || step == ITEM_FAILED)
            break;
        pieces += step == ITEM_PIECE;
        damaged += step == ITEM_BAD;
        cr_assert(lt(sz, pieces + damaged, 100));
    }
    json_items_close(&items);
    input_close(in);
}

Test(json_items, finds_every_form)
{
    cut("[{},{\"a\":[1]}, {}]", NULL);
    cr_expect(eq(sz, pieces, 3));
    cut("{\"a\":1}\n{\"b\":2}\n", NULL);
    cr_expect(eq(sz, pieces, 2));
    cut("{\"x\": [9], \"value\": [{},{}], \"y\": 1}", "value");
    cr_expect(eq(sz, pieces, 2));
    cr_expect(eq(sz, damaged, 0));
    cut("", NULL);
    cr_expect(eq(sz, pieces + damaged, 0));
}

Test(json_items, goes_on_behind_damage)
{
    cut("[\n{\"a\":1},\n{\"b\" 2},\n{\"c\":3},\n{\"d\":4}\n]", NULL);
    cr_expect(eq(sz, pieces, 3));
    cr_expect(eq(sz, damaged, 1));
    cut("[{\"a\":1},{\"b\":", NULL);
    cr_expect(eq(sz, pieces, 1));
    cr_expect(eq(sz, damaged, 1));
}

Test(powershell_json, says_when_its_items_are_newest_first_and_have_no_ids)
{
    static const char item[] =
        "{\"Id\":1,\"ProviderName\":\"P\",\"LogName\":\"A\",\"TimeCreated\":";
    static const struct {
        const char *times[2];
        bool backwards;
    } rows[] = {{{"\"\\/Date(2000)\\/\"", "\"\\/Date(1000)\\/\""}, true},
                {{"{\"value\":\"\\/Date(1000)\\/\"}", "{\"value\":\"\\/Date(2000)\\/\"}"}, false},
                {{"\"2026-03-02T07:00:02+09:00\"", "\"2026-03-02T07:00:01+09:00\""}, true},
                {{"\"\\/Date(2000)\\/\",\"RecordId\":9", "\"\\/Date(1000)\\/\""}, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[400];
        snprintf(text, sizeof text, "[%s%s},%s%s}]", item, rows[i].times[0], item,
                 rows[i].times[1]);
        first(&event_json_reader, text);
        cr_expect(eq(int, t.record.backwards, rows[i].backwards), "row %zu", i);
        reading_done(&t);
    }
}
