/* Choosing a theme: seen at once, kept by Enter, gone with Esc. */
#include "tests/tui/player.h"

static struct player p;

static void begin(void)
{
    player_index(&p, player_failures);
    player_open(&p, 80, 24, "is:failure");
    p.desk.theme = "dark";
    player_type(&p, "C");
}

static void finish(void)
{
    player_close(&p);
}

TestSuite(themes, .init = begin, .fini = finish);

Test(themes, begin_on_the_one_in_use)
{
    cr_expect(player_shows(&p, "Themes"));
    player_key(&p, KEY_ARROW_DOWN);
    cr_expect(eq(str, p.themed, "light"));
}

Test(themes, are_seen_while_one_moves_and_gone_with_esc)
{
    player_key(&p, KEY_ARROW_UP);
    cr_expect(eq(str, p.themed, "contrast"));
    player_key(&p, KEY_ESCAPE);
    cr_expect(eq(str, p.themed, "as before"));
    cr_expect(not(player_shows(&p, "Themes")));
}

Test(themes, are_narrowed_by_typing_and_kept_by_enter)
{
    player_type(&p, "blind");
    cr_expect(eq(str, p.themed, "colour-blind"));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.themed, "colour-blind, kept"));
    cr_expect(player_shows(&p, "theme colour-blind from now on"));
}

Test(themes, that_are_none_look_as_before)
{
    player_type(&p, "zzz");
    cr_expect(player_shows(&p, "no theme has this name"));
    cr_expect(eq(str, p.themed, "as before"));
}
