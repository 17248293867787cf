/* Marks, notes and states by keys: shown at once, kept in the index, found by the filter. */
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
}

/* As the explorer does once a remark is written. */
static void written(void)
{
    desk_refresh(&p.desk);
    player_draw(&p);
}

TestSuite(remarks, .fini = finish, .timeout = 60);

Test(remarks, m_marks_and_takes_the_mark_away)
{
    begin(80, 24);
    player_type(&p, "m");
    cr_expect(player_shows(&p, "★11-06") || player_shows(&p, " ★ 11-06"), "%s", player_text(&p));
    written();
    cr_expect(player_shows(&p, "★ marked"), "%s", player_text(&p));
    player_type(&p, "m");
    written();
    cr_expect(not(player_shows(&p, "★")), "%s", player_text(&p));
}

Test(remarks, a_note_is_written_changed_and_found)
{
    begin(120, 40);
    player_type(&p, "nask Ken");
    player_golden(&p, "note");
    player_key(&p, KEY_RETURN);
    player_type(&p, "n first");
    player_key(&p, KEY_RETURN);
    written();
    cr_expect(player_shows(&p, "≡ ask Ken first"), "%s", player_text(&p));
    player_type(&p, "/ note:*ken*");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "1 of 21"), "%s", player_text(&p));
}

Test(remarks, escape_leaves_the_note_as_it_was)
{
    begin(80, 24);
    player_type(&p, "nnot this");
    player_key(&p, KEY_ESCAPE);
    written();
    cr_expect(not(player_shows(&p, "not this")));
}

Test(remarks, s_goes_through_open_done_and_ignored)
{
    begin(120, 40);
    player_type(&p, "s");
    written();
    cr_expect(player_shows(&p, "✓ done"), "%s", player_text(&p));
    player_type(&p, "s");
    written();
    cr_expect(player_shows(&p, "× ignored"), "%s", player_text(&p));
    player_type(&p, "s");
    written();
    cr_expect(not(player_shows(&p, "ignored")), "%s", player_text(&p));
}

Test(remarks, what_is_done_leaves_the_list_of_what_is_open)
{
    begin(80, 24);
    player_type(&p, "/ work:open");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "12 of 21"), "%s", player_text(&p));
    player_type(&p, "s");
    written();
    cr_expect(player_shows(&p, "11 of 21"), "%s", player_text(&p));
}

Test(remarks, a_problem_done_is_done_with_all_its_entries)
{
    begin(120, 40);
    player_type(&p, "2snwait for HR");
    player_key(&p, KEY_RETURN);
    player_type(&p, "m");
    written();
    player_golden(&p, "problem_done");
    player_type(&p, "1/");
    player_key(&p, 21);
    player_type(&p, "work:done");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "3 of 21"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "≡ wait for HR"), "%s", player_text(&p));
}

Test(remarks, the_detail_view_has_them_too)
{
    begin(120, 40);
    player_key(&p, KEY_RETURN);
    player_type(&p, "mnlook");
    player_key(&p, KEY_RETURN);
    player_type(&p, "s");
    written();
    cr_expect(player_shows(&p, "mark         marked"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "note         look"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "work         done"), "%s", player_text(&p));
}

Test(remarks, where_there_is_nothing_it_says_so)
{
    begin(80, 24);
    player_type(&p, "4m");
    cr_expect(player_shows(&p, "no entry here"), "%s", player_text(&p));
}
