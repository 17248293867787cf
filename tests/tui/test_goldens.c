/* Whole screens at three sizes, from a small index made in the test. */
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

TestSuite(goldens, .fini = finish);

Test(goldens, entries_narrow)
{
    begin(80, 24);
    player_golden(&p, "entries");
}

Test(goldens, entries_wide)
{
    begin(120, 40);
    player_golden(&p, "entries");
}

Test(goldens, entries_very_wide)
{
    begin(200, 60);
    player_golden(&p, "entries");
}

Test(goldens, classes_over_the_narrow_screen)
{
    begin(80, 24);
    player_type(&p, "c");
    player_golden(&p, "classes");
}

Test(goldens, filter_with_a_wrong_word)
{
    begin(80, 24);
    player_type(&p, "/ clas:iij*");
    player_golden(&p, "wrong_filter");
}

Test(goldens, detail_narrow)
{
    begin(80, 24);
    player_key(&p, KEY_RETURN);
    player_golden(&p, "detail");
}

Test(goldens, detail_wide)
{
    begin(120, 40);
    player_type(&p, "jjjj");
    player_key(&p, KEY_RETURN);
    player_golden(&p, "detail");
}

Test(goldens, help)
{
    begin(80, 24);
    player_type(&p, "?");
    player_golden(&p, "help");
}

Test(goldens, no_match)
{
    begin(120, 40);
    player_type(&p, "/ user:nobody");
    player_key(&p, KEY_RETURN);
    player_golden(&p, "no_match");
}

Test(goldens, too_small)
{
    begin(50, 10);
    player_golden(&p, "too_small");
}

Test(goldens, no_failure)
{
    player_index(&p, player_traffic);
    player_open(&p, 80, 24, "is:failure");
    player_golden(&p, "no_failure");
}

Test(goldens, empty_index)
{
    player_index(&p, NULL);
    player_open(&p, 80, 24, "is:failure");
    player_golden(&p, "empty");
}
