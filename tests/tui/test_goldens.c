/* Whole screens at three sizes, from a small index made in the test. */
#include "core/base/words.h"
#include "tests/tui/player.h"
#include "tui/screen/plain.h"

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

Test(goldens, entries_and_detail_in_ascii)
{
    begin(120, 40);
    plain_canvas(&p.canvas, PLAIN_ALL);
    player_golden(&p, "ascii_entries");
    for (const char *at = player_text(&p); *at; at++)
        cr_assert(lt(int, (unsigned char)*at, 0x80));
    player_key(&p, KEY_RETURN);
    plain_canvas(&p.canvas, PLAIN_ALL);
    player_golden(&p, "ascii_detail");
}

/* Every sign of ours has one in ASCII: a `?` stands for letters of logs only. */
Test(goldens, no_sign_of_ours_is_lost_in_ascii)
{
    /* `<` is Esc, `>` is Tab. */
    static const char *const screens[] = {"", "?", "<2", "<3", "<4", "<1/ ", ">"};
    begin(120, 40);
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        for (const char *key = screens[i]; *key; key++)
            player_key(&p, *key == '<' ? KEY_ESCAPE : *key == '>' ? KEY_TABULATOR : (uint32_t)*key);
        plain_canvas(&p.canvas, PLAIN_ALL);
        for (int at = 0; at < p.canvas.width * p.canvas.height; at++)
            cr_assert(not(p.canvas.cells[at].reverse), "screen %zu, cell %d", i, at);
    }
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

/* Every view at three sizes; `<` is Enter. */
static const struct {
    const char *name, *keys;
} views[] = {{"entries", ""}, {"problems", "2"}, {"patterns", "3"}, {"sources", "4"},
             {"detail", "<"}, {"help", "?"},     {"palette", ":"},  {"themes", "C"},
             {"times", "t"},  {"values", "v"},   {"filters", "r"}};

static void all_views(int width, int height, const char *prefix)
{
    begin(width, height);
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        char name[64];
        for (const char *key = views[i].keys; *key; key++)
            player_key(&p, *key == '<' ? KEY_RETURN : (uint32_t)*key);
        snprintf(name, sizeof name, "%s%s", prefix, views[i].name);
        player_golden(&p, name);
        player_key(&p, KEY_ESCAPE);
        player_type(&p, "1");
    }
}

Test(goldens, all_views_narrow)
{
    all_views(80, 24, "view_");
}

Test(goldens, all_views_wide)
{
    all_views(120, 40, "view_");
}

Test(goldens, all_views_very_wide)
{
    all_views(200, 60, "view_");
}

/* Japanese takes two cells a sign: nothing may be cut that has room in English. */
Test(goldens, all_views_in_japanese)
{
    cr_assert(words_use("ja"));
    all_views(80, 24, "ja_");
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
