/* What keys and mouse do in the Entries view, played without a terminal. */
#include "tests/tui/player.h"
#include "tui/view/pane.h"

static struct player p;

static void begin(void)
{
    player_index(&p, player_failures);
    player_open(&p, 120, 40, "is:failure");
}

static void finish(void)
{
    player_close(&p);
}

static const char *filter(void)
{
    return p.desk.text.at;
}

static char *filter_now(void)
{
    static char copy[512];
    snprintf(copy, sizeof copy, "%s", filter());
    return copy;
}

TestSuite(entries, .init = begin, .fini = finish);

Test(entries, first_screen_tells_what_is_broken_for_whom_and_what_to_do)
{
    cr_expect(player_shows(&p, "12 failures"));
    cr_expect(player_shows(&p, "userName is already used by another"));
    cr_expect(player_shows(&p, "tanaka@example.jp"));
    cr_expect(player_shows(&p, "Find the IIJ ID user that holds"));
    cr_expect(player_shows(&p, "Evidence"));
}

Test(entries, toggles_a_class_and_back_with_enter)
{
    player_type(&p, "c");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure class:iij-username-taken"));
    cr_expect(eq(u64, p.desk.rows.count, 6));
    cr_expect(player_shows(&p, "▶ userName"));
    /* The facet's own key is left out of its counts: the others are still there to be added. */
    cr_expect(player_shows(&p, "Resource with this id"));
    player_key(&p, ' ');
    cr_expect(eq(str, filter_now(), "is:failure"));
    cr_expect(eq(u64, p.desk.rows.count, 12));
}

Test(entries, facets_count_what_choosing_them_too_would_leave)
{
    struct slice value;
    player_type(&p, "u");
    cr_assert(facet_value(&p.desk, FILTER_USER, 0, &value));
    cr_expect(slice_is(value, "tanaka@example.jp"));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(u64, p.desk.rows.count, 3));
    cr_expect(eq(u64, p.desk.newest[ASK_COUNTS]->counts.class_count, 1));
    cr_expect(eq(u64, p.desk.newest[ASK_COUNTS]->counts.classes[0].count, 3));
}

Test(entries, filters_by_the_value_under_the_cursor)
{
    player_type(&p, "f");
    cr_expect(eq(str, filter_now(), "is:failure user:tanaka@example.jp"));
    cr_expect(eq(u64, p.desk.rows.count, 3));
    player_key(&p, KEY_ARROW_LEFT);
    player_key(&p, KEY_ARROW_LEFT);
    player_type(&p, "f");
    cr_expect(eq(str, filter_now(), "is:failure user:tanaka@example.jp status:409"));
}

Test(entries, excludes_the_value_under_the_cursor_and_takes_it_back)
{
    player_type(&p, "F");
    cr_expect(eq(str, filter_now(), "is:failure -user:tanaka@example.jp"));
    cr_expect(eq(u64, p.desk.rows.count, 9));
    player_type(&p, "u");
    struct slice value = SLICE_NONE;
    uint64_t row = 0;
    while (facet_value(&p.desk, FILTER_USER, row, &value) && !slice_is(value, "tanaka@example.jp"))
        row++;
    for (; row > 0; row--)
        player_type(&p, "j");
    player_type(&p, "F");
    cr_expect(eq(str, filter_now(), "is:failure"));
}

Test(entries, switches_all_filters_off_and_on)
{
    player_type(&p, "x");
    cr_expect(eq(str, filter_now(), ""));
    cr_expect(eq(u64, p.desk.rows.count, 21));
    cr_expect(player_shows(&p, "everything"));
    player_type(&p, "x");
    cr_expect(eq(str, filter_now(), "is:failure"));
}

Test(entries, walks_back_and_forth_through_filters)
{
    player_type(&p, "f");
    player_type(&p, "b");
    cr_expect(eq(str, filter_now(), "is:failure"));
    player_type(&p, "B");
    cr_expect(eq(str, filter_now(), "is:failure user:tanaka@example.jp"));
    player_type(&p, "B");
    cr_expect(player_shows(&p, "no newer filter"));
}

Test(entries, asks_while_the_filter_is_typed)
{
    player_type(&p, "/ status:404");
    cr_expect(eq(u64, p.desk.rows.count, 3));
    player_key(&p, KEY_ESCAPE);
    cr_expect(eq(str, filter_now(), "is:failure"));
    cr_expect(eq(u64, p.desk.rows.count, 12));
}

Test(entries, does_not_search_for_the_beginning_of_a_key)
{
    player_type(&p, "/ sta");
    cr_expect(eq(u64, p.desk.rows.count, 12));
}

Test(entries, shows_what_is_wrong_with_a_filter_and_keeps_the_last_right_one)
{
    player_type(&p, "/ staus:404");
    cr_expect(player_shows(&p, "did you mean status:"));
    cr_expect(eq(str, filter_now(), "is:failure"));
    player_key(&p, KEY_RETURN); /* still being typed */
    cr_expect(player_shows(&p, "did you mean status:"));
}

Test(entries, says_which_term_excludes_everything)
{
    player_type(&p, "/ status:404 user:tanaka");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "No entry matches this filter."));
    cr_expect(player_shows(&p, "status:404  excludes what the others leave"));
    cr_expect(player_shows(&p, "6             3   user:tanaka"));
}

Test(entries, takes_a_time_window_from_the_prompt)
{
    player_type(&p, "t1d");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure since:1d@end"));
    player_type(&p, "t2026-11-03");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure time:2026-11-03"));
    cr_expect(eq(u64, p.desk.rows.count, 7));
    player_type(&p, "tall");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure"));
    player_type(&p, "tsoon");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "'soon' is no time"));
}

Test(entries, narrows_the_window_around_the_cursor_and_widens_it_again)
{
    player_type(&p, "jjjj[");
    cr_expect(player_shows(&p, "time:2026-11-0"));
    cr_expect(lt(u64, p.desk.rows.count, 12));
    cr_expect(gt(u64, p.desk.rows.count, 0));
    player_type(&p, "]]]");
    cr_expect(eq(str, filter_now(), "is:failure"));
}

Test(entries, selects_a_window_by_dragging_on_the_timeline)
{
    player_mouse(&p, MOUSE_PRESS, 1, 2);
    player_mouse(&p, MOUSE_DRAG, 5, 2);
    player_mouse(&p, MOUSE_RELEASE, 5, 2);
    cr_expect(eq(str, filter_now(), "is:failure time:2026-11-01T09:00:00..2026-11-01T23:59:59"));
    cr_expect(eq(u64, p.desk.rows.count, 1));
}

Test(entries, opens_the_detail_view_and_filters_from_there)
{
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "Event data") || player_shows(&p, "Message"));
    cr_expect(player_shows(&p, "IIJ Directory Sync"));
    player_type(&p, "jf"); /* the line of the user */
    cr_expect(eq(str, filter_now(), "is:failure user:tanaka@example.jp"));
    cr_expect(player_shows(&p, "Remediation"));
}

Test(entries, jumps_to_the_entry_that_evidence_rests_on_and_back)
{
    int64_t before, rests_on = 0;
    player_type(&p, "jj"); /* not the first row: back means back to it */
    p.height = 60;
    player_draw(&p);
    const struct entry_answer *a = desk_entry(&p.desk);
    cr_assert(a != NULL);
    before = a->entry.id;
    for (size_t i = 0; i < a->evidence.count && !rests_on; i++)
        if (a->evidence.items[i].entry_count > 0)
            rests_on = a->evidence.items[i].entries[0];
    cr_assert(ne(i64, rests_on, 0));
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "→ entry"));
    for (int i = 0; i < 60 && !player_shows(&p, "Enter to that entry"); i++)
        player_type(&p, "j");
    player_key(&p, KEY_RETURN);
    cr_assert(desk_entry(&p.desk) != NULL);
    cr_expect(eq(i64, desk_entry(&p.desk)->entry.id, rests_on));
    player_type(&p, "b");
    cr_assert(desk_entry(&p.desk) != NULL);
    cr_expect(eq(i64, desk_entry(&p.desk)->entry.id, before));
    cr_expect(eq(str, filter_now(), "is:failure"));
    player_type(&p, "b");
    cr_expect(player_shows(&p, "no entry to go back to"));
}

Test(entries, shows_in_the_detail_view_which_classes_nearly_won)
{
    player_type(&p, "/ class:iij-username-taken");
    player_key(&p, KEY_RETURN);
    player_key(&p, KEY_RETURN);
    player_type(&p, "G");
    for (int i = 0; i < 60 && !player_shows(&p, "Classes that nearly won"); i++)
        player_type(&p, "k");
    cr_expect(player_shows(&p, "this entry's class has 95"));
    cr_expect(player_shows(&p, "65  userName already exists   uniqueness-username"));
    cr_expect(not(player_shows(&p, "95  userName")), "the winner is no runner-up");
}

Test(entries, never_shows_a_secret_in_the_detail_view)
{
    player_type(&p, "jjjj");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "[redacted:password len=1-15]"));
    cr_expect(not(player_shows(&p, "hunter2")));
}

Test(entries, exports_the_filter_in_force)
{
    player_type(&p, "fe");
    cr_expect(player_shows(&p, "scimscope-export.csv"));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.exported, "scimscope-export.csv"));
    cr_expect(eq(str, p.export_filter, "is:failure user:tanaka@example.jp"));
}

Test(entries, asks_before_it_replaces_a_file)
{
    char path[128];
    snprintf(path, sizeof path, "%s", p.db);
    player_type(&p, "e");
    player_key(&p, 21); /* ^U */
    player_type(&p, path);
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "this file exists"));
    cr_expect(eq(str, p.exported, ""));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.exported, path));
}

Test(entries, keeps_its_place_when_the_order_turns)
{
    player_type(&p, "jj");
    int64_t id = desk_current(&p.desk)->id;
    player_type(&p, "o");
    cr_expect(eq(i64, desk_current(&p.desk)->id, id));
    cr_expect(eq(u64, p.desk.rows.cursor, 9));
}

Test(entries, lists_every_action_in_the_help_view)
{
    p.height = 120;
    player_type(&p, "?");
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        cr_expect(player_shows(&p, action_help((enum action)a)), "%s", action_name((enum action)a));
    player_key(&p, KEY_ESCAPE);
    cr_expect(player_shows(&p, "Remediation"));
}

Test(entries, shows_how_far_an_import_is)
{
    atomic_store(&p.progress.bytes_total, 1000);
    atomic_store(&p.progress.bytes_done, 430);
    atomic_store(&p.progress.entries, 12408);
    p.desk.progress = &p.progress;
    p.desk.rate = 81000;
    player_draw(&p);
    cr_expect(player_shows(&p, "43%"));
    cr_expect(player_shows(&p, "12,408 entries"));
    cr_expect(player_shows(&p, "81,000/s"));
}

Test(entries, draws_no_character_that_drives_the_terminal)
{
    player_close(&p);
    p = (struct player){0};
    player_index(&p, player_hostile);
    player_open(&p, 200, 60, "");
    for (int screen = 0; screen < 2; screen++) {
        const char *text = player_text(&p);
        cr_expect(player_shows(&p, "evil\\u{202E}gpj.exe"));
        for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
            bool control = (*c < ' ' && *c != '\n') || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0);
            bool hidden = c[0] == 0xe2 && c[1] == 0x80 &&
                          ((c[2] >= 0x8b && c[2] <= 0x8f) || (c[2] >= 0xa8 && c[2] <= 0xae));
            cr_assert(not(control), "byte %u is on the screen", *c);
            cr_assert(not(hidden), "a bidi or zero-width character is on the screen");
        }
        player_key(&p, KEY_RETURN); /* the same for the detail view */
    }
}

Test(entries, survives_every_size_and_key)
{
    static const char keys[] = "jkGg/a\rcu tf[]{}xbBoe?lhFq\x1b\t1234";
    unsigned seed = 7;
    for (int i = 0; i < 1500; i++) {
        seed = seed * 1103515245u + 12345u;
        if (seed >> 16 & 1) {
            p.width = 1 + (int)(seed >> 17) % 210;
            p.height = 1 + (int)(seed >> 9) % 60;
        }
        char c = keys[(seed >> 20) % (sizeof keys - 1)];
        player_key(&p, c == '\r'     ? KEY_RETURN
                       : c == '\x1b' ? KEY_ESCAPE
                       : c == '\t'   ? KEY_TABULATOR
                                     : (uint32_t)(unsigned char)c);
        cr_assert(le(sz, p.stage.depth, STAGE_DEPTH));
    }
}

Test(entries, goes_to_an_entry_that_the_selection_holds_and_to_no_other)
{
    int64_t fifth = desk_row(&p.desk, 4)->id;
    desk_go_to(&p.desk, fifth);
    player_draw(&p);
    cr_expect(eq(u64, p.desk.rows.cursor, 4));
    cr_expect(eq(i64, desk_current(&p.desk)->id, fifth));
    desk_go_to(&p.desk, 4711);
    player_draw(&p);
    cr_expect(eq(u64, p.desk.rows.cursor, 4));
}

/* Within ten seconds: what is broken, for whom, since when, and what to do, at 80x24. */
Test(entries, the_first_screen_tells_what_whom_when_and_the_first_step)
{
    p.width = 80;
    p.height = 24;
    player_draw(&p);
    cr_expect(player_shows(&p, "userName is already used by another IIJ ID user"));
    cr_expect(player_shows(&p, "tanaka@example.jp"));
    cr_expect(player_shows(&p, "11-06 09:35:12"));
    cr_expect(player_shows(&p, "Find the IIJ ID user that holds the userName."), "%s",
              player_text(&p));
    cr_expect(player_shows(&p, "Remove the duplication"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "q quit"), "%s", player_text(&p));
}
