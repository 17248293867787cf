/* Times: the calendar, written forms, zones with their gaps and repetitions. */
#include "core/base/time.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static int64_t parsed(const char *text)
{
    int64_t us = TIME_NONE;
    cr_assert(time_parse(slice_of(text), &us, NULL), "%s", text);
    return us;
}

static const char *utc(int64_t us)
{
    static char out[TIME_TEXT_SIZE];
    return time_utc_text(out, us);
}

Test(time, calendar_survives_a_round_trip)
{
    for (int64_t day = -800000; day < 2900000; day += 37) {
        struct civil c = time_to_utc(day * TIME_DAY + 1);
        cr_assert(eq(i64, time_from_utc(&c), day * TIME_DAY + 1));
    }
}

Test(time, reads_zones_and_cuts_fractions)
{
    cr_expect(eq(str, (char *)utc(parsed("2026-11-03T09:12:44.1234567Z")),
                 "2026-11-03T09:12:44.123456Z"));
    cr_expect(
        eq(str, (char *)utc(parsed("2026-11-03T09:12:44.5-07:00")), "2026-11-03T16:12:44.500000Z"));
    cr_expect(eq(str, (char *)utc(parsed("2026-11-03 09:12+0900")), "2026-11-03T00:12:00.000000Z"));
}

Test(time, refuses_what_is_no_time)
{
    int64_t us;
    const char *const bad[] = {"",
                               "2026-02-30T00:00:00Z",
                               "2026-13-01T00:00:00Z",
                               "2026-11-03T24:00:00Z",
                               "2026-11-03T09:12:44Zx",
                               "2026-11-03",
                               "2026-1-03T00:00:00",
                               "0000-00-00T00:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect(not(time_parse(slice_of(bad[i]), &us, NULL)), "%s", bad[i]);
}

Test(time, zoneless_text_is_of_the_process_zone)
{
    bool zoned = true;
    int64_t us;
    cr_assert(eq(int, (int)time_use_zone("+09:00", NULL), FAULT_NONE));
    cr_assert(time_parse(SLICE("2026-11-03T09:00:00"), &us, &zoned));
    cr_expect(not(zoned));
    cr_expect(eq(str, (char *)utc(us), "2026-11-03T00:00:00.000000Z"));
    char local[TIME_TEXT_SIZE];
    cr_expect(eq(str, (char *)time_local_text(local, us), "2026-11-03 09:00:00"));
}

Test(time, meets_the_change_of_clocks)
{
    cr_assert(eq(int, (int)time_use_zone("Europe/Berlin", NULL), FAULT_NONE));
    enum time_fit fit;
    struct civil twice = {2026, 10, 25, 2, 30, 0, 0};
    cr_expect(eq(str, (char *)utc(time_from_local(&twice, &fit)), "2026-10-25T00:30:00.000000Z"));
    cr_expect(eq(int, (int)fit, TIME_FIT_TWICE));
    struct civil never = {2026, 3, 29, 2, 30, 0, 0};
    int64_t moved = time_from_local(&never, &fit);
    cr_expect(eq(int, (int)fit, TIME_FIT_NEVER));
    cr_expect(eq(str, (char *)utc(moved), "2026-03-29T01:30:00.000000Z"));
    struct civil once = {2026, 7, 1, 12, 0, 0, 0};
    cr_expect(eq(str, (char *)utc(time_from_local(&once, &fit)), "2026-07-01T10:00:00.000000Z"));
    cr_expect(eq(int, (int)fit, TIME_FIT_ONCE));
}

Test(time, refuses_unknown_zones)
{
    struct fault why;
    cr_expect(eq(int, (int)time_use_zone("Mars/Olympus", &why), FAULT_USAGE));
    cr_expect(eq(int, (int)time_use_zone("../../etc/passwd", &why), FAULT_USAGE));
    cr_expect(eq(int, (int)time_use_zone("+25:00", &why), FAULT_USAGE));
}

Test(time, says_spans_in_two_units)
{
    char out[TIME_TEXT_SIZE];
    cr_expect(eq(str, (char *)time_span_text(out, 37 * TIME_MINUTE), "37 minutes"));
    cr_expect(eq(str, (char *)time_span_text(out, TIME_DAY + 4 * TIME_HOUR), "1 day 4 hours"));
    cr_expect(eq(str, (char *)time_span_text(out, -90 * TIME_SECOND), "1 minute 30 seconds"));
    cr_expect(eq(str, (char *)time_span_text(out, 400000), "0.4 seconds"));
}

Test(time, now_can_be_pinned)
{
    time_pin_now(parsed("2026-11-21T12:00:00Z"));
    cr_expect(eq(str, (char *)utc(time_now()), "2026-11-21T12:00:00.000000Z"));
}
