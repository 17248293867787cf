/* Completion in the filter bar, played without a terminal. */
#include "tests/tui/player.h"
#include "tui/view/entries.h"

static struct player p;

static void begin(void)
{
    player_index(&p, player_failures);
    player_open(&p, 80, 24, "is:failure");
    player_type(&p, "/ ");
}

static void finish(void)
{
    player_close(&p);
}

static const struct entries *entries(void)
{
    return p.stage.tabs[TAB_ENTRIES].state;
}

static char *line(void)
{
    static char copy[256];
    const struct prompt *bar = &entries()->bar;
    snprintf(copy, sizeof copy, "%.*s", (int)bar->text.len, bar->text.at);
    return copy;
}

TestSuite(completion, .init = begin, .fini = finish);

Test(completion, lists_keys_and_goes_on_with_the_values_of_the_one_taken)
{
    player_key(&p, KEY_TABULATOR);
    cr_expect(player_shows(&p, "what went wrong: a class of errors"));
    player_golden(&p, "complete_keys");
    player_type(&p, "us");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, line(), "is:failure user:"));
    cr_expect(player_shows(&p, "tanaka@example.jp"));
    player_golden(&p, "complete_users");
    player_type(&p, "ta");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, line(), "is:failure user:tanaka@example.jp"));
    cr_expect(eq(u64, p.desk.rows.count, 3));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.desk.text.at, "is:failure user:tanaka@example.jp"));
}

Test(completion, lists_classes_with_titles_on_a_wide_screen)
{
    p.width = 120;
    p.height = 40;
    player_type(&p, "class:");
    player_key(&p, KEY_TABULATOR);
    cr_expect(player_shows(&p, "iij-username-taken"));
    player_golden(&p, "complete_classes");
}

Test(completion, takes_at_once_what_alone_fits)
{
    player_type(&p, "sci");
    player_key(&p, KEY_TABULATOR);
    cr_expect(eq(str, line(), "is:failure scimtype:"));
    cr_expect(not(entries()->completion.open));
}

Test(completion, counts_with_the_rest_of_the_filter_and_without_the_key)
{
    /* Of the 12 failures 6 are events with 409, 3 are calls with 429, 3 with 404. */
    player_type(&p, "status:409 method:G");
    player_key(&p, KEY_TABULATOR);
    cr_expect(player_shows(&p, "nothing fits"), "no call has 409");
    player_key(&p, KEY_ESCAPE);
    for (int i = 0; i < 12; i++)
        player_key(&p, KEY_ERASE);
    for (int i = 0; i < 7; i++)
        player_key(&p, KEY_ERASE);
    cr_assert(eq(str, line(), "is:failure "));
    player_type(&p, "status:404,");
    player_key(&p, KEY_TABULATOR);
    const struct values_answer *values = &p.desk.newest[ASK_VALUES]->values;
    cr_assert(eq(sz, values->count, 3));
    cr_expect(slice_is(values->rows[0].value, "409"));
    cr_expect(eq(u64, values->rows[0].count, 6));
    cr_expect(eq(u64, values->rows[1].count, 3));
    player_key(&p, KEY_ARROW_DOWN);
    player_key(&p, KEY_ARROW_DOWN);
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, line(), "is:failure status:404,429"));
    cr_expect(eq(u64, p.desk.rows.count, 6));
}

Test(completion, knows_methods_hosts_and_words)
{
    static const struct {
        const char *typed, *first;
        uint64_t count;
    } rows[] = {{"method:", "GET", 3},
                {"kind:", "event", 6},
                {"host:", "scim.example.com", 6},
                {"level:", "warning", 6},
                {"has:", "remedy", 12}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        player_type(&p, rows[i].typed);
        player_key(&p, KEY_TABULATOR);
        const struct values_answer *values = &p.desk.newest[ASK_VALUES]->values;
        bool found = false;
        for (size_t n = 0; n < values->count; n++)
            found = found || (slice_is(values->rows[n].value, rows[i].first) &&
                              values->rows[n].count == rows[i].count);
        cr_expect(found, "%s", rows[i].typed);
        player_key(&p, KEY_ESCAPE);
        for (size_t n = strlen(line()); n > strlen("is:failure "); n = strlen(line()))
            player_key(&p, KEY_ERASE);
    }
}

Test(completion, never_waits_for_the_values)
{
    player_type(&p, "user:");
    /* Keys alone: nothing is answered between them. */
    stage_key(&p.stage, KEY_TABULATOR);
    stage_draw(&p.stage, &p.canvas, p.width, p.height);
    cr_expect(player_shows(&p, "…"));
    stage_key(&p.stage, 's');
    stage_key(&p.stage, 'a');
    cr_expect(eq(str, line(), "is:failure user:sa"));
    cr_expect(entries()->completion.open);
    player_draw(&p);
    cr_expect(player_shows(&p, "sato@example.jp"));
    cr_expect(not(player_shows(&p, "suzuki@example.jp   ")));
}

Test(completion, closes_with_escape_and_leaves_the_line_as_it_is)
{
    player_type(&p, "cla");
    player_key(&p, KEY_ERASE);
    player_key(&p, KEY_TABULATOR);
    cr_assert(eq(str, line(), "is:failure class:"));
    cr_assert(entries()->completion.open);
    player_key(&p, KEY_ESCAPE);
    cr_expect(eq(str, line(), "is:failure class:"));
    player_key(&p, KEY_ESCAPE);
    cr_expect(eq(str, p.desk.text.at, "is:failure"));
}

Test(completion, says_when_a_key_has_no_list)
{
    player_type(&p, "path:");
    player_key(&p, KEY_TABULATOR);
    cr_expect(player_shows(&p, "path: takes anything"));
    cr_expect(not(entries()->completion.open));
}
