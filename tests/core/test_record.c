/* Looking into a record: headers, event text, words for level and kind. */
#include "core/record.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

Test(record, finds_the_first_header_whatever_its_case)
{
    const struct pair headers[] = {{SLICE("content-type"), SLICE("a")},
                                   {SLICE("Content-Type"), SLICE("b")},
                                   {SLICE("X"), SLICE("")}};
    const struct message m = {.headers = headers, .header_count = 3};
    cr_expect(slice_is(message_header(&m, "Content-Type"), "a"));
    cr_expect_not(slice_is_none(message_header(&m, "x")));
    cr_expect(slice_is_none(message_header(&m, "Content")));
}

Test(record, event_text_is_the_message_else_the_data)
{
    struct arena arena;
    arena_init(&arena);
    const struct pair data[] = {
        {SLICE_NONE, SLICE("one")}, {SLICE("n"), SLICE("")}, {SLICE_NONE, SLICE("three")}};
    struct record_event event = {.message = SLICE("said"), .data = data, .data_count = 3};
    cr_expect(slice_is(record_event_text(&event, &arena), "said"));
    event.message = SLICE_NONE;
    cr_expect(slice_is(record_event_text(&event, &arena), "one\n\nthree"));
    event.message = SLICE(" \r\n");
    event.data_count = 1;
    cr_expect_eq(record_event_text(&event, &arena).at, data[0].value.at, "borrowed");
    event.data_count = 0;
    event.message = SLICE_NONE;
    cr_expect(slice_is_none(record_event_text(&event, &arena)));
    arena_free(&arena);
}

struct level_row {
    char word[32];
    enum level level;
};

ParameterizedTestParameters(record, reads_level_words)
{
    static struct level_row rows[] = {
        {"Error", LEVEL_ERROR},
        {" WARNING ", LEVEL_WARNING},
        {"Critical", LEVEL_CRITICAL},
        {"Information", LEVEL_INFORMATION},
        {"Verbose", LEVEL_VERBOSE},
        {"エラー", LEVEL_ERROR},
        {"警告", LEVEL_WARNING},
        {"重大", LEVEL_CRITICAL},
        {"情報", LEVEL_INFORMATION},
        {"詳細", LEVEL_VERBOSE},
        {"0", LEVEL_INFORMATION},
        {"2", LEVEL_ERROR},
        {"Audit Failure", LEVEL_INFORMATION},
        {"失敗の監査", LEVEL_INFORMATION},
        {"6", LEVEL_NONE},
        {"", LEVEL_NONE},
        {"Errors", LEVEL_NONE},
    };
    return cr_make_param_array(struct level_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct level_row *row, record, reads_level_words)
{
    cr_expect_eq(level_parse(slice_of(row->word)), row->level, "%s", row->word);
}

Test(record, names_levels_and_kinds)
{
    cr_expect_null(level_name(LEVEL_NONE));
    cr_expect_str_eq(level_name(LEVEL_VERBOSE), "verbose");
    cr_expect_str_eq(kind_name(KIND_PROVISIONING), "provisioning");
}
