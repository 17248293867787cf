/* The help: every action of the table, first those of the view beneath; `/` searches. */
#include "tests/tui/player.h"

static struct player p;

static void begin(void)
{
    player_index(&p, player_failures);
    player_open(&p, 120, 200, "is:failure"); /* high enough for all of it */
}

static void finish(void)
{
    player_close(&p);
}

TestSuite(help, .init = begin, .fini = finish);

Test(help, lists_every_action_with_its_keys_and_words)
{
    player_type(&p, "?");
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        char line[200];
        snprintf(line, sizeof line, "%-15s %s", action_name((enum action)a),
                 action_help((enum action)a));
        cr_expect(player_shows(&p, line), "%s", line);
    }
}

Test(help, begins_with_what_keys_do_in_the_view_beneath)
{
    player_type(&p, "?");
    cr_expect(player_shows(&p, "Here: the entries"));
    player_key(&p, KEY_ESCAPE);
    player_type(&p, "2?");
    cr_expect(player_shows(&p, "Here: who fails with what"));
    cr_expect(not(player_shows(&p, "Here: the entries")));
    player_key(&p, KEY_ESCAPE);
    player_type(&p, "1");
    player_key(&p, KEY_RETURN);
    player_type(&p, "?");
    cr_expect(player_shows(&p, "Here: one entry"));
}

Test(help, leaves_the_lines_that_hold_what_is_searched_for)
{
    player_type(&p, "?/zone");
    cr_expect(not(player_shows(&p, "one row up")));
    player_key(&p, KEY_ESCAPE);
    cr_expect(player_shows(&p, "one row up"));
    player_type(&p, "/WINDOW");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "twice the time window"));
    cr_expect(not(player_shows(&p, "one row up")));
    player_type(&p, "q");
    cr_expect(not(player_shows(&p, "twice the time window")));
}
