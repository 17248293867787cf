/* The views of few long rows: problems, patterns, sources; their keys, played without a terminal,
 * and whole screens. */
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

/* The filter in force. */
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

TestSuite(listings, .fini = finish);

Test(listings, sources_narrow)
{
    begin(80, 24, "4");
    player_golden(&p, "sources");
}

Test(listings, sources_wide)
{
    begin(120, 40, "4");
    player_golden(&p, "sources");
}

Test(listings, sources_very_wide)
{
    begin(200, 60, "4");
    player_golden(&p, "sources");
}

Test(listings, problems_narrow)
{
    begin(80, 24, "2");
    player_golden(&p, "problems");
}

Test(listings, problems_wide)
{
    begin(120, 40, "2");
    player_golden(&p, "problems");
}

Test(listings, problems_very_wide)
{
    begin(200, 60, "2j");
    player_golden(&p, "problems");
}

/* The row of the Problems view that is about `subject`, under the cursor then. */
static const struct problem *go_to(const char *subject)
{
    const struct answer *a = p.desk.newest[ASK_PROBLEMS];
    cr_assert(a != NULL);
    for (size_t i = 0; i < a->problems.count; i++) {
        if (slice_is(a->problems.rows[i].subject, subject))
            return &a->problems.rows[i];
        player_type(&p, "j");
    }
    cr_assert(false, "no problem of %s", subject);
    return NULL;
}

Test(listings, header_counts_the_problems_that_fail)
{
    uint64_t failing = 0;
    char text[64];
    begin(120, 40, "2");
    const struct answer *a = p.desk.newest[ASK_PROBLEMS];
    cr_assert(gt(sz, a->problems.count, 0));
    for (size_t i = 0; i < a->problems.count; i++)
        failing += a->problems.rows[i].state == PROBLEM_FAILING;
    cr_assert(gt(u64, failing, 0));
    snprintf(text, sizeof text, "%llu problem%s failing", (unsigned long long)failing,
             failing == 1 ? "" : "s");
    cr_expect(player_shows(&p, text));
}

Test(listings, enter_shows_the_entries_of_the_problem)
{
    begin(120, 40, "2");
    uint64_t attempts = go_to("tanaka@example.jp")->attempts;
    cr_expect(eq(u64, attempts, 3));
    player_key(&p, KEY_RETURN);
    filter_is("class:iij-username-taken user:tanaka@example.jp");
    cr_expect(eq(u64, p.desk.rows.count, attempts));
    cr_expect(player_shows(&p, "Remediation"));
}

Test(listings, pane_tells_what_the_last_failed_entry_shows)
{
    begin(200, 60, "2");
    const struct problem *row = go_to("tanaka@example.jp");
    cr_expect(eq(i64, p.desk.wanted, row->last_entry));
    cr_assert(desk_entry(&p.desk) != NULL);
    cr_expect(eq(i64, desk_entry(&p.desk)->entry.id, row->last_entry));
    cr_expect(player_shows(&p, "Evidence"));
    cr_expect(player_shows(&p, "named by"));
    player_type(&p, "1"); /* the entry under the cursor of the list counts again */
    cr_expect(eq(i64, desk_entry(&p.desk)->entry.id, desk_current(&p.desk)->id));
}

Test(listings, problems_follow_the_filter)
{
    begin(120, 40, "/ user:sato@example.jp");
    player_key(&p, KEY_RETURN);
    player_type(&p, "2");
    cr_expect(eq(sz, p.desk.newest[ASK_PROBLEMS]->problems.count, 1));
    player_type(&p, "x"); /* all filters off */
    cr_expect(gt(sz, p.desk.newest[ASK_PROBLEMS]->problems.count, 1));
}

Test(listings, says_that_nothing_of_the_filter_has_failed)
{
    begin(120, 40, "x/status:201");
    player_key(&p, KEY_RETURN);
    player_type(&p, "2");
    cr_expect(player_shows(&p, "No problem:"));
    cr_expect(player_shows(&p, "nothing found in 21 entries from 2026-11-01 09:10:10"));
    player_key(&p, KEY_RETURN); /* nothing to open */
    cr_expect(player_shows(&p, "No problem:"));
}

/* A server that answers 503 to everybody for some minutes, then recovers. */
static void outage(struct ingest *g)
{
    char time[40], body[256];
    for (int i = 0; i < 9; i++) {
        bool down = i > 0 && i < 8;
        snprintf(time, sizeof time, "2026-11-03T10:%02d:00Z", i);
        snprintf(body, sizeof body,
                 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
                 "\"userName\":\"user%d@example.jp\"}",
                 i);
        player_http(g, (uint64_t)i, time, "POST", "https://scim.example.com/scim/v2/Users",
                    down ? 503 : 201, body,
                    down ? PLAYER_ERROR("Service unavailable", "", "503") : body);
    }
}

static void begin_outage(int width, int height, const char *keys)
{
    player_index(&p, outage);
    player_open(&p, width, height, "is:failure");
    player_type(&p, keys);
}

Test(listings, patterns_narrow)
{
    begin_outage(80, 24, "3");
    player_golden(&p, "patterns");
}

Test(listings, patterns_wide)
{
    begin_outage(120, 40, "3");
    player_golden(&p, "patterns");
}

Test(listings, patterns_very_wide)
{
    begin_outage(200, 60, "3");
    player_golden(&p, "patterns");
}

Test(listings, enter_shows_the_entries_of_the_pattern)
{
    begin_outage(200, 60, "3");
    const struct answer *a = p.desk.newest[ASK_FINDINGS];
    cr_assert(a != NULL && !a->bad);
    cr_assert(gt(sz, a->findings.count, 0));
    cr_expect(player_shows(&p, "7 users fail with"));
    size_t entries = a->findings.rows[0].entry_count;
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, " / id:"));
    cr_expect(eq(u64, p.desk.rows.count, entries));
}

Test(listings, says_what_patterns_would_be_when_there_is_none)
{
    begin(80, 24, "/ user:sato@example.jp");
    player_key(&p, KEY_RETURN);
    player_type(&p, "3");
    cr_expect(player_shows(&p, "No pattern:"));
}

Test(listings, enter_shows_the_entries_of_the_source)
{
    begin(120, 40, "4");
    cr_expect(player_shows(&p, "Coverage"));
    player_key(&p, KEY_RETURN);
    filter_is("source:sync.evtx");
    cr_expect(eq(u64, p.desk.rows.count, 21));
    cr_expect(player_shows(&p, "Remediation"));
}

Test(listings, keys_and_clicks_turn_between_views_from_everywhere)
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

Test(listings, digits_are_text_while_one_types)
{
    begin(120, 40, "/ status:404");
    cr_expect(not(player_shows(&p, "Coverage")));
    cr_expect(eq(u64, p.desk.rows.count, 3));
}

Test(listings, filter_key_goes_on_in_the_entries)
{
    begin(120, 40, "4/ status:404");
    player_key(&p, KEY_RETURN);
    filter_is("is:failure status:404");
    cr_expect(player_shows(&p, "Remediation"));
}

Test(listings, says_what_a_source_does_not_show_and_what_to_do)
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

Test(listings, an_answer_of_nothing_tells_that_a_source_lacks_something)
{
    begin(120, 40, "");
    add_source("april.csv");
    desk_refresh(&p.desk);
    player_type(&p, "/ user:nobody");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "No entry matches"));
    cr_expect(player_shows(&p, "sources that do not show everything: 1"));
    cr_expect(not(player_shows(&p, "nothing seems to be missing")));
}

Test(listings, keeps_the_cursor_on_its_row_when_sources_come)
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

Test(listings, an_empty_index_says_how_to_import)
{
    player_index(&p, NULL);
    player_open(&p, 80, 24, "is:failure");
    player_type(&p, "4");
    cr_expect(player_shows(&p, "scimscope import"));
    cr_expect(not(player_shows(&p, "Coverage")));
}
