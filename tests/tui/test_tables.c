/* The views of few long rows: sources; their keys, played without a terminal, and whole screens. */
#include "tests/tui/player.h"
#include "tui/view/pane.h"

static struct player p;

static void finish(void)
{
    player_close(&p);
}

static void begin(int width, int height, const char *keys)
{
    player_index(&p, player_failures);
    player_open(&p, width, height, "is:failure");
    player_type(&p, keys);
}

static void filter_is(const char *text)
{
    cr_expect(eq(str, p.desk.text.at, (char *)(uintptr_t)text));
}

/* A second source, cut short, with a damaged place and a zone that had to be assumed. */
static void add_source(const char *path)
{
    struct fault why = {0};
    struct store *store;
    struct store_source source = {.path = slice_of(path),
                                  .format = SLICE("event-csv"),
                                  .label = SLICE("spring"),
                                  .size = 100,
                                  .mtime_us = TIME_NONE,
                                  .first_us = TIME_NONE,
                                  .last_us = TIME_NONE,
                                  .zone = SLICE("Asia/Tokyo"),
                                  .sha256 = SLICE_NONE};
    cr_assert(eq(int, store_open(&store, p.db, STORE_CREATE, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_source_begin(store, &source, &why), FAULT_NONE), "%s", why.text);
    source.zone = SLICE("Asia/Tokyo");
    store_damaged(store, &source, 4711, 3, "a quote is never closed");
    cr_assert(eq(int, store_source_end(store, &source, &why), FAULT_NONE), "%s", why.text);
    store_close(store);
}

TestSuite(tables, .fini = finish);

Test(tables, sources_narrow)
{
    begin(80, 24, "4");
    player_golden(&p, "sources");
}

Test(tables, sources_wide)
{
    begin(120, 40, "4");
    player_golden(&p, "sources");
}

Test(tables, sources_very_wide)
{
    begin(200, 60, "4");
    player_golden(&p, "sources");
}

Test(tables, enter_shows_the_entries_of_the_source)
{
    begin(120, 40, "4");
    cr_expect(player_shows(&p, "Coverage"));
    player_key(&p, KEY_RETURN);
    filter_is("source:sync.evtx");
    cr_expect(eq(u64, p.desk.rows.count, 21));
    cr_expect(player_shows(&p, "Remediation"));
}

Test(tables, keys_and_clicks_turn_between_views_from_everywhere)
{
    begin(120, 40, "");
    player_key(&p, KEY_RETURN); /* detail */
    player_type(&p, "4");
    cr_expect(player_shows(&p, "Coverage"));
    player_type(&p, "1");
    cr_expect(player_shows(&p, "Remediation"));
    struct rect at = p.desk.tab_at[TAB_SOURCES];
    player_mouse(&p, MOUSE_PRESS, at.x + 1, at.y);
    cr_expect(player_shows(&p, "Coverage"));
    player_key(&p, KEY_ESCAPE);
    cr_expect(player_shows(&p, "Remediation"));
}

Test(tables, digits_are_text_while_one_types)
{
    begin(120, 40, "/ status:404");
    cr_expect(not(player_shows(&p, "Coverage")));
    cr_expect(eq(u64, p.desk.rows.count, 3));
}

Test(tables, filter_key_goes_on_in_the_entries)
{
    begin(120, 40, "4/ status:404");
    player_key(&p, KEY_RETURN);
    filter_is("is:failure status:404");
    cr_expect(player_shows(&p, "Remediation"));
}

Test(tables, says_what_a_source_does_not_show_and_what_to_do)
{
    begin(200, 60, "");
    add_source("/var/log/exports/april.csv");
    player_type(&p, "4j");
    cr_expect(player_shows(&p, "partly imported"));
    cr_expect(player_shows(&p, "Asia/Tokyo, assumed"));
    cr_expect(player_shows(&p, "1 place that cannot be read"));
    cr_expect(player_shows(&p, "not read at byte 4711: a quote is never closed"));
    cr_expect(player_shows(&p, "import it again"));
    cr_expect(player_shows(&p, "no entry of it has a time"));
    player_key(&p, KEY_RETURN);
    filter_is("source:/var/log/exports/april.csv label:spring");
}

Test(tables, keeps_the_cursor_on_its_row_when_sources_come)
{
    begin(120, 40, "");
    add_source("a.csv");
    player_type(&p, "4j");
    cr_expect(player_shows(&p, "label spring"));
    add_source("b.csv");
    desk_refresh(&p.desk);
    player_draw(&p);
    cr_expect(player_shows(&p, "3 ")); /* three rows */
    cr_expect(player_shows(&p, "2/3"));
    cr_expect(eq(sz, p.desk.newest[ASK_SOURCES]->sources.count, 3));
}

Test(tables, an_empty_index_says_how_to_import)
{
    player_index(&p, NULL);
    player_open(&p, 80, 24, "is:failure");
    player_type(&p, "4");
    cr_expect(player_shows(&p, "scimscope import"));
    cr_expect(not(player_shows(&p, "Coverage")));
}
