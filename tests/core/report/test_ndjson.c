/* JSON reports, as an array and one entry per line. */
#include "core/base/json.h"
#include "core/report/report.h"

#include <criterion/criterion.h>

static struct entry sample(void)
{
    return (struct entry){.id = 7,
                          .time_us = 1500000,
                          .kind = KIND_HTTP,
                          .source = SLICE("a.har"),
                          .event_id = -1,
                          .record_id = -1,
                          .duration_us = -1,
                          .status = 409,
                          .user = SLICE("小林\x1b"),
                          .user_how = USER_STATED,
                          .note = SLICE("line\nbreak")};
}

static struct buf written(const char *format, struct slice raw, const char *const *fields,
                          uint64_t rows)
{
    const struct report *report = report_named(format);
    struct entry entry = sample();
    struct buf out;
    buf_init(&out, 64 * 1024);
    cr_assert(report->begin(&out, fields));
    for (uint64_t i = 0; i < rows; i++)
        cr_assert(report->row(&out, &entry, raw, fields, i));
    cr_assert(report->end(&out));
    return out;
}

Test(ndjson, every_line_parses_and_holds_the_whole_record)
{
    struct buf out = written("ndjson", SLICE("{\"kind\":\"http\",\"x\":[1]}"), NULL, 3);
    struct slice rest = buf_slice(&out), line;
    int lines = 0;
    while (slice_cut(&rest, '\n', &line) && line.len) {
        cJSON *row = json_tree(line, NULL, NULL);
        cr_assert_not_null(row);
        lines++;
        cr_expect(slice_is(json_tree_text(row, "user"), "小林\x1b"));
        cr_expect(slice_is(json_tree_text(row, "note"), "line\nbreak"));
        cr_expect(cJSON_IsNull(cJSON_GetObjectItem(row, "mark")));
        cr_expect_eq(cJSON_GetObjectItem(row, "status")->valueint, 409);
        cr_expect(slice_is(json_tree_text(cJSON_GetObjectItem(row, "raw"), "kind"), "http"));
        cJSON_Delete(row);
    }
    cr_expect_eq(lines, 3);
    cr_expect_null(strchr(out.at, '\x1b'));
    buf_free(&out);
}

Test(ndjson, keys_stand_in_their_order_and_mark_note_raw_last)
{
    struct buf out = written("ndjson", SLICE_NONE, NULL, 1);
    cJSON *row = json_tree(buf_slice(&out), NULL, NULL);
    cr_assert_not_null(row);
    const cJSON *item = row->child;
    for (size_t i = 0; entry_keys[i]; i++, item = item->next)
        cr_assert_str_eq(item->string, entry_keys[i]);
    cr_assert_str_eq(item->string, "mark");
    cr_assert_str_eq(item->next->string, "note");
    cr_assert_str_eq(item->next->next->string, "work");
    item = item->next->next->next;
    cr_assert_str_eq(item->string, "raw");
    cr_expect(cJSON_IsNull(item));
    cr_expect_null(item->next);
    cJSON_Delete(row);
    buf_free(&out);
}

Test(ndjson, chosen_fields_only)
{
    static const char *const fields[] = {"status", "id", NULL};
    struct buf out = written("ndjson", SLICE_NONE, fields, 1);
    cr_expect(slice_is(buf_slice(&out), "{\"status\":409,\"id\":7}\n"), "%s", out.at);
    buf_free(&out);
}

Test(ndjson, a_raw_record_that_would_break_the_line_becomes_a_string)
{
    static const char *const bad[] = {"{\"a\":1}\n{\"b\":2}",     "{\"a\":\n1}",
                                      "{\"a\":\"\x1b\"}",         "{\"a\":",
                                      "{\"a\":\"\xE2\x80\xAE\"}", "{}{}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf out = written("ndjson", slice_of(bad[i]), NULL, 1);
        cr_expect_eq(slice_find_byte(buf_slice(&out), '\n'), out.len - 1, "%s", bad[i]);
        cJSON *row = json_tree(buf_slice(&out), NULL, NULL);
        cr_assert_not_null(row, "%s", out.at);
        cr_expect(cJSON_IsString(cJSON_GetObjectItem(row, "raw")), "%s", bad[i]);
        cJSON_Delete(row);
        buf_free(&out);
    }
}

Test(json, is_one_array)
{
    for (uint64_t rows = 0; rows < 3; rows++) {
        struct buf out = written("json", SLICE("{}"), NULL, rows);
        cJSON *all = json_tree(buf_slice(&out), NULL, NULL);
        cr_assert_not_null(all, "%s", out.at);
        cr_expect(cJSON_IsArray(all));
        cr_expect_eq((uint64_t)cJSON_GetArraySize(all), rows);
        cJSON_Delete(all);
        buf_free(&out);
    }
}

Test(reports, are_found_by_name)
{
    for (size_t i = 0; reports[i]; i++)
        cr_expect_eq(report_named(reports[i]->name), reports[i]);
    cr_expect_null(report_named("table"));
}
