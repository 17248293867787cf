/* Plain text logs whose lines begin with a date and time. */
#include "tests/import/reading.h"

#include <criterion/parameterized.h>

static struct reading_test t;

struct line_row {
    char line[80];
    int64_t time_ms; /* of the day */
    bool zoned;
    enum level level;
    char message[32], time[36];
};

ParameterizedTestParameters(text_log, reads_the_head_of_a_line)
{
    static struct line_row rows[] = {
        {"2026-03-02 00:00:01 ERROR it failed", 1000, false, LEVEL_ERROR, "it failed",
         "2026-03-02 00:00:01"},
        {"2026-03-02 00:00:01.250 [WARN] it: failed", 1250, false, LEVEL_WARNING, "it: failed",
         "2026-03-02 00:00:01.250"},
        {"2026-03-02T00:00:01,250Z INFO: x", 1250, true, LEVEL_INFORMATION, "x",
         "2026-03-02T00:00:01,250Z"},
        {"[2026-03-02 09:00:01 +09:00] [error] x", 1000, true, LEVEL_ERROR, "x",
         "2026-03-02 09:00:01 +09:00"},
        {"2026-03-02 09:00:01+0900|DEBUG|x", 1000, true, LEVEL_VERBOSE, "x",
         "2026-03-02 09:00:01+0900"},
        {"2026-03-02 00:00:01 UTC - x", 1000, true, LEVEL_NONE, "- x", "2026-03-02 00:00:01 UTC"},
        {"2026-03-02 00:00:01 \xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc x", 1000, false, LEVEL_ERROR,
         "x", "2026-03-02 00:00:01"},
        {"2026-03-02 00:00:01 Information is no level here", 1000, false, LEVEL_INFORMATION,
         "is no level here", "2026-03-02 00:00:01"},
        {"2026-03-02 00:00:01 4 users", 1000, false, LEVEL_NONE, "4 users", "2026-03-02 00:00:01"},
        {"2026-03-02 00:00:01 [worker] x", 1000, false, LEVEL_NONE, "[worker] x",
         "2026-03-02 00:00:01"},
        {"2026-03-02 00:00:01", 1000, false, LEVEL_NONE, "", "2026-03-02 00:00:01"}};
    return cr_make_param_array(struct line_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct line_row *row, text_log, reads_the_head_of_a_line)
{
    const int64_t day = INT64_C(1772409600000);
    cr_expect(gt(int, reading_sniff(&text_log_reader, row->line), 0));
    reading_begin(&t, &text_log_reader, slice_of(row->line));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
    cr_expect(eq(int, (int)t.record.kind, KIND_EVENT));
    cr_expect(eq(i64, t.record.time_us, (day + row->time_ms) * 1000));
    cr_expect(eq(int, t.record.zone_assumed, !row->zoned));
    cr_expect(eq(int, (int)t.record.event.level, (int)row->level));
    cr_expect(slice_is(t.record.event.message, row->message), "%.*s",
              (int)t.record.event.message.len, t.record.event.message.at);
    cr_expect(slice_is(t.record.time_text, row->time), "%.*s", (int)t.record.time_text.len,
              t.record.time_text.at);
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(text_log, lines_without_a_date_belong_to_the_entry_before)
{
    reading_begin(
        &t, &text_log_reader,
        SLICE("\xef\xbb\xbf\r\n2026-03-02 00:00:01 ERROR SCIM response error.\r\n"
              "[Detail]\r\n\r\n  2026-03-01 00:00:00 quoted\r\n{\"status\":\"404\"}\r\n\r\n"
              "2026-03-02 00:00:02 INFO next"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message,
                       "SCIM response error.\r\n[Detail]\r\n\r\n  2026-03-01 00:00:00 quoted\r\n"
                       "{\"status\":\"404\"}"));
    cr_expect(eq(u64, t.record.position, 0));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "next"));
    cr_expect(eq(u64, t.record.position, 1));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(text_log, what_stands_before_the_first_date_is_kept_without_a_time)
{
    static const char text[] = "Log of the agent\n--\n2026-03-02 00:00:01 a\n"
                               "2026-03-02 00:00:02 b\n";
    cr_expect(gt(int, reading_sniff(&text_log_reader, text), 0));
    reading_begin(&t, &text_log_reader, slice_of(text));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(i64, t.record.time_us, TIME_NONE));
    cr_expect(slice_is(t.record.event.message, "Log of the agent\n--"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(text_log, finds_every_entry_of_a_long_file)
{
    struct buf text;
    size_t good = 0;
    buf_init(&text, 16 << 20);
    for (int i = 0; i < 20000; i++)
        buf_add_format(&text, "2026-03-02 00:%02d:%02d INFO entry %d\n%s", i / 60 % 60, i % 60, i,
                       i % 7 ? "" : "\tat some place\n\n");
    reading_begin(&t, &text_log_reader, buf_slice(&text));
    while (reading_next(&t) == READING_RECORD)
        good++;
    cr_expect(eq(sz, good, 20000));
    reading_done(&t);
    buf_free(&text);
}

/* What a file holds where the machine stopped before its block was written. */
Test(text_log, begins_an_entry_behind_a_block_of_zeros)
{
    struct buf text;
    buf_init(&text, 16 << 20);
    buf_add_text(&text, "2026-03-02 00:00:01 INFO a\n2026-03-02 00:00:02 INFO cut he");
    size_t zeros = text.len, size = 3 << 20;
    memset(buf_extend(&text, size), 0, size);
    buf_add_text(&text, "2026-03-02 00:00:03 INFO b\r\nof b\n");
    memset(buf_extend(&text, 4), 0, 4);
    buf_add_text(&text, "st of a line\n2026-03-02 00:00:04 INFO c\n");
    reading_begin(&t, &text_log_reader, buf_slice(&text));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "cut he"));
    cr_assert(eq(int, (int)reading_next(&t), READING_BAD_RECORD));
    cr_expect(eq(u64, t.why.offset, zeros));
    cr_expect(eq(str, t.why.text, "3145728 zero bytes: a part that was never written"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(u64, t.record.position, 3));
    cr_expect(slice_is(t.record.event.message, "b\r\nof b"));
    cr_assert(eq(int, (int)reading_next(&t), READING_BAD_RECORD));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "st of a line"));
    cr_expect(eq(i64, t.record.time_us, TIME_NONE));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "c"));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
    buf_free(&text);
}

Test(text_log, takes_a_single_zero_for_the_end_of_a_text)
{
    reading_begin(&t, &text_log_reader,
                  SLICE("2026-03-02 00:00:01 INFO a\n\0"
                        "2026-03-02 00:00:02 INFO b\0c\n\0"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(slice_is(t.record.event.message, "a"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(sz, t.record.event.message.len, 3));
    cr_expect(eq(i64, t.record.time_us % (10 * TIME_SECOND), 2 * TIME_SECOND));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(text_log, waits_for_the_end_of_a_line_while_the_file_grows)
{
    static const char text[] =
        "2026-03-02 00:00:01 INFO a\n2026-03-02 00:00:02 INFO b\n\tat x\n\tat";
    for (int growing = 1; growing >= 0; growing--) {
        struct input *in = input_of_memory("a.log", slice_of(text));
        struct record record;
        struct fault why;
        void *self;
        int entries = 0;
        if (growing)
            input_set_growing(in);
        cr_assert(eq(int, (int)text_log_reader.open(&self, in, &why), FAULT_NONE));
        while (text_log_reader.next(self, &record, &why) == READING_RECORD)
            entries++;
        cr_expect(eq(int, entries, growing ? 1 : 2), "the second entry may go on");
        cr_expect(eq(int, input_is_cut(in), growing));
        text_log_reader.close(self);
        input_close(in);
    }
}

Test(text_log, leaves_tables_and_prose_to_others)
{
    cr_expect(eq(int, reading_sniff(&text_log_reader, "2026-03-02 00:00:01,\"a\",1\n"), 0));
    cr_expect(eq(int, reading_sniff(&text_log_reader, "On 2026-03-02 00:00:01 it broke\n"), 0));
    cr_expect(eq(int, reading_sniff(&text_log_reader, "2026-13-02 00:00:01 no month\n"), 0));
    cr_expect(eq(int, reading_sniff(&text_log_reader, "2026-03-02\n"), 0));
}
