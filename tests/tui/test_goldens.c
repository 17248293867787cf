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

/* --- dialogs ---------------------------------------------------------------------------------- */

/* What lies over a view, and what a view says for want of anything else. `<` is Enter, `>` Tab, `^`
 * Ctrl-U. */
static const struct {
    const char *name, *keys;
} dialogs[] = {{"export", "e"},
               {"export_html", "e^/tmp/list.html>"},
               {"ticket", "T"},
               {"import", "i~/logs/"},
               {"import_none", "i~/logs/z"},
               {"copy", "y"},
               {"copy_alone", "y<"},
               {"note", "n"},
               {"keep_filter", "K"},
               {"go_to_time", "@"},
               {"users", "u"},
               {"classes", "c"},
               {"complete_key", "/ st"},
               {"complete_value", "/ status:>"},
               {"wrong_filter", "/ clas:iij*"},
               {"no_match", "/ user:nobody<"}};

/* Files to import, in a home folder of the test's own. */
static void make_home(bool make)
{
    static const char *const names[] = {"logs/Application.evtx", "logs/capture.har",
                                        "logs/old/\xE6\x97\xA5\xE6\x9C\xAC.csv"};
    char path[256];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", p.folder, i ? "logs/old" : "logs");
        if (make)
            mkdir(path, 0700);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", p.folder, names[i]);
        FILE *file = make ? fopen(path, "w") : NULL;
        if (file)
            fclose(file);
        if (!make)
            unlink(path);
    }
    for (int i = 2; !make && i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", p.folder, i ? "logs/old" : "logs");
        rmdir(path);
    }
    setenv("HOME", p.folder, 1);
}

static void all_dialogs(int width, int height, const char *prefix)
{
    begin(width, height);
    make_home(true);
    setenv("XDG_CONFIG_HOME", p.folder, 1);
    for (size_t i = 0; i < sizeof dialogs / sizeof *dialogs; i++) {
        char name[64];
        for (const char *key = dialogs[i].keys; *key; key++)
            player_key(&p, *key == '<'   ? KEY_RETURN
                           : *key == '>' ? KEY_TABULATOR
                           : *key == '^' ? 21
                                         : (uint32_t)*key);
        snprintf(name, sizeof name, "%s%s", prefix, dialogs[i].name);
        player_golden(&p, name);
        player_key(&p, KEY_ESCAPE);
        player_key(&p, KEY_ESCAPE);
    }
    p.progress.bytes_total = 64000000;
    p.progress.bytes_done = 25000000;
    p.progress.entries = 123456;
    p.desk.progress = &p.progress;
    p.desk.rate = 45000;
    p.desk.left_s = 75;
    player_type(&p, "b"); /* what matches nothing is behind us */
    char name[64];
    snprintf(name, sizeof name, "%simporting", prefix);
    player_golden(&p, name);
    p.desk.progress = NULL;
    make_home(false);
}

Test(goldens, all_dialogs_narrow)
{
    all_dialogs(80, 24, "dialog_");
}

Test(goldens, all_dialogs_wide)
{
    all_dialogs(120, 40, "dialog_");
}

Test(goldens, all_dialogs_very_wide)
{
    all_dialogs(200, 60, "dialog_");
}

Test(goldens, all_dialogs_in_japanese)
{
    cr_assert(words_use("ja"));
    all_dialogs(80, 24, "ja_dialog_");
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

/* An index without failures, and one without anything, at each size. */
static void lone(void (*fill)(struct ingest *g), const char *name)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    for (size_t i = 0; i < 3; i++) {
        if (i > 0)
            player_close(&p);
        p = (struct player){0};
        player_index(&p, fill);
        player_open(&p, sizes[i][0], sizes[i][1], "is:failure");
        player_golden(&p, name);
    }
}

Test(goldens, no_failure)
{
    lone(player_traffic, "no_failure");
}

Test(goldens, empty_index)
{
    lone(NULL, "empty");
}
