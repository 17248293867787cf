/* Time windows of filters, and the round steps of timelines. */
#include "tui/screen/window.h"

#include "core/base/time.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct arena arena;
static struct filter *filter;
static struct buf out;

static void parse(const char *text)
{
    struct fault why;
    cr_assert(eq(int, filter_parse(&filter, slice_of(text), &arena, &why), FAULT_NONE), "%s",
              why.text);
}

static int64_t at(const char *text)
{
    int64_t us;
    cr_assert(time_parse(slice_of(text), &us, NULL));
    return us;
}

static void begin(void)
{
    arena_init(&arena);
    buf_init(&out, 8192);
    time_pin_now(at("2026-11-08T00:00:00Z"));
}

static void finish(void)
{
    arena_free(&arena);
    buf_free(&out);
}

TestSuite(window, .init = begin, .fini = finish);

Test(window, is_open_without_time_terms)
{
    parse("is:failure -time:2026-11-01");
    cr_expect(not(window_of_filter(filter, 0).given));
}

Test(window, counts_end_from_the_newest_entry_and_since_from_now)
{
    parse("since:1d@end");
    struct window w = window_of_filter(filter, at("2026-11-05T12:00:00Z"));
    cr_expect(w.given);
    cr_expect(eq(i64, w.low, at("2026-11-04T12:00:00Z")));
    parse("since:1d");
    w = window_of_filter(filter, at("2026-11-05T12:00:00Z"));
    cr_expect(eq(i64, w.low, at("2026-11-07T00:00:00Z")));
}

Test(window, is_what_time_since_and_until_leave)
{
    parse("time:2026-11-01..2026-11-03 since:2026-11-02 until:2026-11-02T12:00:00");
    struct window w = window_of_filter(filter, 0);
    cr_expect(eq(i64, w.low, at("2026-11-02T00:00:00Z")));
    cr_expect(eq(i64, w.high, at("2026-11-02T12:00:00Z") + TIME_SECOND - 1));
}

Test(window, replaces_the_time_terms_of_a_filter_and_nothing_else)
{
    parse("is:failure since:7d@end user:a,b time:2026-11-01 -host:x");
    window_add_filter(&out, filter, at("2026-11-02T01:00:00Z"), at("2026-11-02T02:30:00Z"));
    cr_expect(eq(str, out.at,
                 "is:failure user:a,b -host:x "
                 "time:2026-11-02T01:00:00..2026-11-02T02:30:00"));
    buf_reset(&out);
    window_add_filter(&out, filter, INT64_MIN, INT64_MAX);
    cr_expect(eq(str, out.at, "is:failure user:a,b -host:x"));
}

Test(window, chooses_the_shortest_round_step_that_fits)
{
    int64_t from = at("2026-11-01T00:00:00Z"), day = TIME_DAY;
    cr_expect(eq(i64, window_step(from, from + day - 1, 24), TIME_HOUR));
    cr_expect(eq(i64, window_step(from, from + day - 1, 23), 3 * TIME_HOUR));
    cr_expect(eq(i64, window_step(from, from + 30 * TIME_SECOND, 100), TIME_SECOND));
    cr_expect(eq(i64, window_step(from, from, 1), TIME_SECOND));
}

Test(window, begins_steps_at_round_times)
{
    cr_expect(
        eq(i64, window_floor(at("2026-11-03T10:18:42Z"), TIME_HOUR), at("2026-11-03T10:00:00Z")));
    cr_expect(
        eq(i64, window_floor(at("1969-12-31T10:18:42Z"), TIME_DAY), at("1969-12-31T00:00:00Z")));
}

Test(window, names_steps_for_people)
{
    char text[16];
    cr_expect(eq(str, (char *)window_step_text(text, 15 * TIME_MINUTE), "15m"));
    cr_expect(eq(str, (char *)window_step_text(text, 7 * TIME_DAY), "7d"));
    cr_expect(eq(str, (char *)window_step_text(text, 3650 * TIME_DAY), "10y"));
}
