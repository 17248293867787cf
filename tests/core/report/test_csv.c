/* CSV reports: RFC 4180, one line per row, nothing that a spreadsheet computes. */
#include "core/report/report.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static const char *const only_detail[] = {"detail", NULL};

static struct entry entry_with(struct slice detail)
{
    return (struct entry){
        .time_us = TIME_NONE, .detail = detail, .event_id = -1, .record_id = -1, .duration_us = -1};
}

struct cell_row {
    char value[48], want[64];
};

ParameterizedTestParameters(csv, quotes_and_guards_cells)
{
    static struct cell_row rows[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"\"", "\"\"\"\""},
        {"小林", "\"小林\""},
        {"=1+1", "\"'=1+1\""},
        {"+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""},
        {"-cmd", "\"'-cmd\""},
        {"@SUM(1)", "\"'@SUM(1)\""},
        {"  =1", "\"'  =1\""},
        {"\xC2\xA0=1", "\"'\xC2\xA0=1\""},
        {"\xE3\x80\x80=1", "\"'\xE3\x80\x80=1\""},
        {"\t=1", "\"'\\u{09}=1\""},
        {"\r=1", "\"'\\u{0D}=1\""},
        {"\nx", "\"'\\u{0A}x\""},
        {"＝1", "\"'＝1\""},
        {"＋1", "\"'＋1\""},
        {"－1", "\"'－1\""},
        {"＠1", "\"'＠1\""},
        {"-5", "\"-5\""},
        {"+81312345678", "\"+81312345678\""},
        {"-1.5", "\"-1.5\""},
        {"-1E2", "\"'-1E2\""},
        {"-5+1", "\"'-5+1\""},
        {"-", "\"'-\""},
        {"-.5", "\"'-.5\""},
        {"1=1", "\"1=1\""},
        {"a\nb", "\"a\\u{0A}b\""},
        {"\x1b[2J", "\"\\u{1B}[2J\""},
        {"a\xE2\x80\xAE"
         "b",
         "\"a\\u{202E}b\""},
        {"bad \xff", "\"bad \\xFF\""},
    };
    return cr_make_param_array(struct cell_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct cell_row *row, csv, quotes_and_guards_cells)
{
    struct buf out;
    buf_init(&out, 4096);
    struct entry entry = entry_with(slice_of(row->value));
    cr_assert(report_named("csv")->row(&out, &entry, SLICE_NONE, only_detail, 0));
    struct slice line = buf_slice(&out);
    cr_assert(line.len > 2 && slice_is(slice_from(line, line.len - 2), "\r\n"));
    line.len -= 2;
    cr_expect(slice_is(line, row->want), "%s: %.*s", row->value, (int)line.len, line.at);
    buf_free(&out);
}

Test(csv, a_nul_byte_is_guarded_and_shown)
{
    struct buf out;
    buf_init(&out, 4096);
    struct entry entry = entry_with(slice_make("\0=1", 3));
    cr_assert(report_named("csv")->row(&out, &entry, SLICE_NONE, only_detail, 0));
    cr_expect(slice_is(buf_slice(&out), "\"'\\u{00}=1\"\r\n"), "%s", out.at);
    buf_free(&out);
}

Test(csv, heading_and_rows_have_the_same_columns)
{
    struct buf out;
    buf_init(&out, 64 * 1024);
    struct entry entry = entry_with(SLICE("x"));
    entry.kind = KIND_HTTP;
    entry.status = 409;
    entry.work = SLICE("done");
    const struct report *csv = report_named("csv");
    cr_assert(csv->begin(&out, NULL));
    size_t keys = 0;
    while (entry_keys[keys])
        keys++;
    for (size_t i = 0; entry_remark_keys[i]; i++)
        keys++; /* what the operator added stands at the end */
    struct slice rest = buf_slice(&out), part;
    size_t parts = 0;
    while (slice_cut(&rest, ',', &part))
        parts++;
    cr_expect_eq(parts, keys);
    cr_expect(slice_starts(buf_slice(&out), "\"id\",\"time\",\"kind\""));
    buf_reset(&out);
    cr_assert(csv->row(&out, &entry, SLICE_NONE, NULL, 0));
    rest = buf_slice(&out);
    parts = 0;
    while (slice_cut(&rest, ',', &part))
        parts++;
    cr_expect_eq(parts, keys, "%s", out.at);
    cr_expect_neq(slice_find(buf_slice(&out), SLICE("\"409\"")), SIZE_MAX);
    cr_expect(slice_ends_fold(buf_slice(&out), "\"\",\"done\"\r\n"), "%s", out.at);
    buf_free(&out);
}

Test(csv, columns_come_in_the_order_asked_for)
{
    static const char *const fields[] = {"detail", "status", NULL};
    struct buf out;
    buf_init(&out, 4096);
    struct entry entry = entry_with(SLICE("x"));
    entry.status = 409;
    report_named("csv")->begin(&out, fields);
    report_named("csv")->row(&out, &entry, SLICE_NONE, fields, 0);
    cr_expect(slice_is(buf_slice(&out), "\"detail\",\"status\"\r\n\"x\",\"409\"\r\n"), "%s",
              out.at);
    buf_free(&out);
}

Test(csv, says_when_the_ceiling_is_met)
{
    struct buf out;
    buf_init(&out, 8);
    struct entry entry = entry_with(SLICE("longer than that"));
    cr_expect_not(report_named("csv")->row(&out, &entry, SLICE_NONE, only_detail, 0));
    buf_free(&out);
}
