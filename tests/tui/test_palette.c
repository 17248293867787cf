/* The command palette, played without a terminal. */
#include "tests/tui/player.h"
#include "tui/view/entries.h"

static struct player p;

static void begin(void)
{
    player_index(&p, player_failures);
    player_open(&p, 80, 24, "is:failure");
}

static void finish(void)
{
    player_close(&p);
}

TestSuite(palette, .init = begin, .fini = finish);

Test(palette, lists_every_action_of_the_table)
{
    p.width = 120;
    p.height = 60;
    player_type(&p, ":");
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        cr_expect(player_shows(&p, action_help((enum action)a)), "%s", action_name((enum action)a));
}

Test(palette, lies_over_the_view_beneath)
{
    player_type(&p, ":fil");
    cr_expect(player_shows(&p, "12 failures"));
    player_golden(&p, "palette");
    player_key(&p, KEY_ESCAPE);
    cr_expect(not(player_shows(&p, "Actions")));
    cr_expect(player_shows(&p, "Remediation"));
}

Test(palette, does_what_was_chosen_in_the_view_beneath)
{
    player_type(&p, ":filter-off");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(u64, p.desk.rows.count, 21));
    cr_expect(eq(sz, p.stage.depth, 0));
    player_type(&p, ":narrowest");
    cr_expect(player_shows(&p, "no action has this name"));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(sz, p.stage.depth, 1));
}

Test(palette, turns_to_views_and_opens_what_lies_over_them)
{
    player_type(&p, ":view-sou");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(int, p.desk.tab, TAB_SOURCES));
    player_type(&p, ":help");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, (char *)p.stage.over[0].kind->name, "help"));
}

Test(palette, says_when_an_action_means_nothing_here)
{
    player_type(&p, "?:widen");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.desk.message, "widen does nothing here"));
}

Test(palette, leaves_when_quit_is_chosen)
{
    player_type(&p, ":quit");
    cr_expect(eq(int, stage_key(&p.stage, KEY_RETURN), OUTCOME_QUIT));
}

Test(palette, takes_a_colon_as_text_while_one_types)
{
    player_type(&p, "/ user:ito@example.jp");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.desk.text.at, "is:failure user:ito@example.jp"));
}

Test(palette, does_what_is_clicked_and_closes_beside_it)
{
    player_type(&p, ":filter-off");
    player_mouse(&p, MOUSE_PRESS, 20, 4);
    cr_expect(eq(sz, p.stage.depth, 0));
    cr_expect(eq(u64, p.desk.rows.count, 21));
    player_type(&p, ":");
    player_mouse(&p, MOUSE_PRESS, 0, 0);
    cr_expect(eq(sz, p.stage.depth, 0));
}
