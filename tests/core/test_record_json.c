/* The JSON form of records: exact round trips, strict reading. */
#include "core/record.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static struct arena arena;
static struct buf out;

static void open_all(void)
{
    arena_init(&arena);
    buf_init(&out, RECORD_SIZE_LIMIT);
}

static void close_all(void)
{
    arena_free(&arena);
    buf_free(&out);
}

TestSuite(record_json, .init = open_all, .fini = close_all);

/* Reads `json`, writes it, and expects the same bytes. */
static void expect_same(const char *json)
{
    struct record record;
    struct fault why = {0};
    cr_assert_eq(record_read(&record, slice_of(json), &arena, &why), FAULT_NONE, "%s", why.text);
    buf_reset(&out);
    cr_assert(record_write(&out, &record));
    cr_expect_str_eq(out.at, json);
}

Test(record_json, event_with_every_member_comes_back)
{
    expect_same("{\"kind\":\"event\",\"position\":3,\"offset\":4096,\"time_us\":-1,"
                "\"time_text\":\"2026-01-01\",\"zone_assumed\":true,\"provider\":\"p\","
                "\"computer\":\"c\",\"channel\":\"ch\",\"level\":\"warning\",\"event_id\":0,"
                "\"record_id\":12,\"user_sid\":\"S-1\",\"message\":\"\","
                "\"data\":[[null,\"a\\nb\"],[\"n\",null],[\"\",\"\\\"\"]]}");
}

Test(record_json, exchange_with_every_member_comes_back)
{
    expect_same("{\"kind\":\"http\",\"position\":1,\"time_us\":1709942657257000,"
                "\"method\":\"POST\",\"url\":\"https://h/Users\",\"status\":409,\"error\":\"net\","
                "\"duration_us\":0,\"request\":{\"headers\":[[\"A\",\"b\"]],\"headers_known\":true,"
                "\"body\":{\"text\":\"{}\",\"type\":\"application/scim+json\",\"size\":2}},"
                "\"response\":{\"body\":{\"size\":9,\"binary\":true,\"digest\":\"00ff\"}}}");
}

Test(record_json, what_is_absent_is_left_out)
{
    expect_same("{\"kind\":\"event\"}");
    expect_same("{\"kind\":\"http\"}");
    expect_same("{\"kind\":\"provisioning\"}");
}

Test(record_json, absent_and_empty_stay_apart)
{
    struct record record;
    cr_assert_eq(record_read(&record, SLICE("{\"kind\":\"event\",\"message\":\"\"}"), &arena, NULL),
                 FAULT_NONE);
    cr_expect_not(slice_is_none(record.event.message));
    cr_expect(slice_is_none(record.event.provider));
    cr_expect_eq(record.time_us, TIME_NONE);
    cr_expect_eq(record.event.event_id, -1);
    cr_expect_eq(record.http.duration_us, -1);
}

Test(record_json, bytes_that_are_no_utf8_become_replacement_characters)
{
    struct record record = {.kind = KIND_EVENT,
                            .time_us = TIME_NONE,
                            .event = {.event_id = -1,
                                      .record_id = -1,
                                      .message = SLICE("a\xff"
                                                       "b\0c")}};
    cr_assert(record_write(&out, &record));
    struct record back;
    cr_assert_eq(record_read(&back, buf_slice(&out), &arena, NULL), FAULT_NONE);
    cr_expect(slice_equal(back.event.message, SLICE("a\xef\xbf\xbd"
                                                    "b\0c")));
}

Test(record_json, writing_beyond_the_ceiling_is_refused)
{
    struct record record = {.kind = KIND_HTTP, .time_us = TIME_NONE, .http = {.duration_us = -1}};
    record.http.request.body.text = SLICE("long enough to pass the ceiling");
    for (size_t limit = 0; limit < 40; limit++) {
        struct buf small;
        buf_init(&small, limit);
        cr_expect_not(record_write(&small, &record));
        buf_free(&small);
    }
}

struct bad_row {
    char json[96], sentence[64];
};

ParameterizedTestParameters(record_json, refuses_what_it_does_not_know)
{
    static struct bad_row rows[] = {
        {"{\"kind\":\"event\",\"status\":400}", "record: unknown key \"status\""},
        {"{\"kind\":\"http\",\"request\":{\"cookies\":[]}}", "record: unknown key \"cookies\""},
        {"{\"kind\":\"smoke\"}", "record: an unknown kind under \"kind\""},
        {"{\"position\":1}", "record: its first key is not \"kind\""},
        {"[]", "record: not a JSON object"},
        {"", "record: not a JSON object"},
        {"{\"kind\":\"event\",\"position\":-1}",
         "record: a number out of range under \"position\""},
        {"{\"kind\":\"event\",\"event_id\":1.5}", "record: not a whole number under \"event_id\""},
        {"{\"kind\":\"event\",\"event_id\":\"1\"}",
         "record: not a whole number under \"event_id\""},
        {"{\"kind\":\"event\",\"message\":5}", "record: not a text under \"message\""},
        {"{\"kind\":\"event\",\"level\":\"loud\"}", "record: an unknown level under \"level\""},
        {"{\"kind\":\"event\",\"data\":[[\"a\"]]}", "record: not a text under \"data\""},
        {"{\"kind\":\"event\",\"data\":[[\"a\",\"b\",\"c\"]]}",
         "record: not a pair under \"data\""},
        {"{\"kind\":\"event\",\"zone_assumed\":1}",
         "record: not true or false under \"zone_assumed\""},
        {"{\"kind\":\"event\"", "record: not well-formed JSON"},
        {"{\"kind\":\"event\"} {}", "record: something follows it"},
    };
    return cr_make_param_array(struct bad_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct bad_row *row, record_json, refuses_what_it_does_not_know)
{
    open_all();
    struct record record;
    struct fault why = {0};
    cr_expect_eq(record_read(&record, slice_of(row->json), &arena, &why), FAULT_FORMAT);
    cr_expect_str_eq(why.text, row->sentence);
    close_all();
}

Test(record_json, refuses_more_pairs_than_the_ceiling)
{
    buf_add_text(&out, "{\"kind\":\"event\",\"data\":[[\"a\",\"b\"]");
    for (int i = 0; i < RECORD_FIELDS_LIMIT; i++)
        buf_add_text(&out, ",[\"a\",\"b\"]");
    buf_add_text(&out, "]}");
    struct record record;
    cr_expect_eq(record_read(&record, buf_slice(&out), &arena, NULL), FAULT_LIMIT);
}

Test(record_json, provisioning_item_with_every_member_comes_back)
{
    expect_same("{\"kind\":\"provisioning\",\"position\":3,\"offset\":40,\"time_us\":5,"
                "\"time_text\":\"t\",\"item_id\":\"i\",\"change_id\":\"c\",\"action\":\"create\","
                "\"step\":\"s\",\"status\":\"failure\",\"code\":\"X\",\"reason\":\"r\","
                "\"details\":\"d\",\"target_user\":\"u\",\"source_user\":\"v\","
                "\"target_system\":\"T\",\"source_system\":\"S\",\"duration_us\":7,"
                "\"item\":\"{}\"}");
}
