/* Time windows by name, and going to a moment. */
#include "tests/tui/player.h"

static struct player p;

static void finish(void)
{
    player_close(&p);
}

static void begin(int width, int height)
{
    player_index(&p, player_failures);
    player_open(&p, width, height, "is:failure");
    /* The newest failure is of yesterday. */
    time_pin_now(player_time("2026-11-07T12:00:00Z"));
}

static const char *filter_now(void)
{
    return p.desk.text.at;
}

TestSuite(when, .fini = finish, .timeout = 60);

Test(when, lists_the_usual_windows)
{
    begin(80, 24);
    player_type(&p, "t");
    player_golden(&p, "when");
}

Test(when, yesterday_is_two_letters_away)
{
    begin(120, 40);
    player_type(&p, "ty");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, (char *)filter_now(), "is:failure time:2026-11-06"));
    cr_expect(player_shows(&p, "1 of 21"), "%s", player_text(&p));
}

Test(when, the_whole_log_takes_the_window_off)
{
    begin(120, 40);
    player_type(&p, "tlast h");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, (char *)filter_now(), "is:failure since:1h@end"));
    player_type(&p, "twhole");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, (char *)filter_now(), "is:failure"));
}

Test(when, a_window_can_be_chosen_over_the_problems)
{
    begin(120, 40);
    player_type(&p, "2tnewest");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "What fails"), "%s", player_text(&p));
    cr_expect(eq(str, (char *)filter_now(), "is:failure time:2026-11-06"));
}

Test(when, goes_to_a_moment_in_either_order)
{
    begin(80, 24);
    player_type(&p, "@2026-11-03 10:10");
    player_key(&p, KEY_RETURN);
    cr_assert(desk_current(&p.desk) != NULL);
    cr_expect(eq(i64, desk_current(&p.desk)->time_us, player_time("2026-11-03T10:09:21Z")));
    player_type(&p, "o@10:10");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(i64, desk_current(&p.desk)->time_us, player_time("2026-11-03T10:15:35Z")));
    player_type(&p, "@soon");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "no moment like"), "%s", player_text(&p));
}

Test(when, a_moment_past_the_end_is_the_last_row)
{
    begin(80, 24);
    player_type(&p, "@2020-01-01");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(u64, p.desk.rows.cursor, 11));
    player_type(&p, "@2030-01-01");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(u64, p.desk.rows.cursor, 0));
}

Test(when, times_turn_to_another_zone_and_back)
{
    struct fault why;
    cr_assert(eq(int, time_use_zone("Asia/Tokyo", &why), FAULT_NONE), "%s", why.text);
    begin(120, 40);
    cr_expect(player_shows(&p, "11-06 18:35:12"), "%s", player_text(&p));
    player_type(&p, "U");
    cr_expect(player_shows(&p, "11-06 09:35:12"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "in the zone UTC now"), "%s", player_text(&p));
    player_type(&p, "UU");
    cr_expect(player_shows(&p, "11-06 18:35:12"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "Asia/Tokyo"), "%s", player_text(&p));
}
