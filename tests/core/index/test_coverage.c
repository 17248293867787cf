/* Coverage: what a source does not show is found whatever order its entries come in. */
#include "core/index/coverage.h"

#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>

static struct scratch t;
static struct store *s;
static struct fault why;
static struct arena arena;
static bool whole; /* of the source covered last */

static void set_up(void)
{
    scratch_make(&t);
    arena_init(&arena);
    cr_assert(eq(int, (int)store_open(&s, t.db, STORE_CREATE, &why), FAULT_NONE));
}

static void tear_down(void)
{
    store_close(s);
    arena_free(&arena);
    scratch_remove(&t);
}

TestSuite(coverage, .init = set_up, .fini = tear_down);

static void fill(struct stored *batch, const int (*rows)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        batch[i] = make_stored(0);
        batch[i].print = (uint64_t)((int64_t)rows[i][0] * 100000 + rows[i][1]);
        batch[i].entry.record_id = rows[i][0];
        batch[i].entry.time_us = MADE_TIME * TIME_SECOND + rows[i][1] * TIME_MINUTE;
        batch[i].entry.position = (int64_t)i;
    }
}

/* The coverage of the source of that path. */
static struct coverage *coverage_of(const char *path)
{
    struct store_source *sources;
    struct coverage *out;
    size_t all, i = 0;
    cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &all, &why), FAULT_NONE));
    cr_assert(eq(int, (int)store_coverage(s, sources, all, &arena, &out, &why), FAULT_NONE));
    while (i < all && !slice_is(sources[i].path, path))
        i++;
    cr_assert(lt(sz, i, all));
    whole = coverage_is_whole(&sources[i], &out[i]);
    return &out[i];
}

static void import(const char *path, const int (*rows)[2], size_t count)
{
    struct stored batch[64] = {0};
    struct store_source source = {
        .path = slice_of(path), .format = SLICE("evtx"), .label = SLICE_NONE};
    cr_assert(eq(int, (int)store_source_begin(s, &source, &why), FAULT_NONE));
    fill(batch, rows, count);
    cr_assert(eq(int, (int)store_write(s, &source, batch, count, &why), FAULT_NONE));
    source.complete = true;
    cr_assert(eq(int, (int)store_source_end(s, &source, &why), FAULT_NONE));
}

/* Events of one log: record id and minute each. */
static struct coverage *cover(const char *path, const int (*rows)[2], size_t count)
{
    import(path, rows, count);
    return coverage_of(path);
}

/* What an index is like that an older program made. */
static void forget_extents(void)
{
    sqlite3 *db;
    store_close(s);
    cr_assert(eq(int, sqlite3_open(t.db, &db), SQLITE_OK));
    cr_assert(eq(int, sqlite3_exec(db, "DELETE FROM source_extent", NULL, NULL, NULL), SQLITE_OK));
    sqlite3_close(db);
    cr_assert(eq(int, (int)store_open(&s, t.db, STORE_CREATE, &why), FAULT_NONE));
}

Test(coverage, finds_nothing_missing_in_a_whole_log)
{
    static const int rows[][2] = {{12, 2}, {10, 0}, {11, 1}};
    struct coverage *c = cover("a", rows, 3);
    cr_expect(eq(u64, c->missing, 0));
    cr_expect(eq(u64, c->gaps, 0));
    cr_expect(eq(u64, c->twice, 0));
    cr_expect(whole);
}

Test(coverage, names_missing_record_ids)
{
    static const int rows[][2] = {{200, 5}, {10, 0}, {11, 1}, {13, 2}};
    struct coverage *c = cover("a", rows, 4);
    cr_expect(eq(u64, c->holes, 2));
    cr_expect(eq(u64, c->missing, 1 + 186));
    cr_expect(not(whole));
    cr_assert(eq(sz, c->hole_count, 2));
    cr_expect(eq(i64, c->hole[0].from_id, 12));
    cr_expect(eq(i64, c->hole[0].to_id, 12));
    cr_expect(eq(i64, c->hole[1].from_id, 14));
    cr_expect(eq(i64, c->hole[1].to_id, 199));
    cr_expect(slice_is(c->hole[0].computer, "AD01.example.local"));
}

Test(coverage, sees_that_ids_began_anew)
{
    static const int rows[][2] = {{1, 0}, {2, 1}, {1, 5}, {2, 6}};
    cr_expect(eq(u64, cover("a", rows, 4)->twice, 2));
}

Test(coverage, takes_a_day_for_a_gap_where_nothing_is_usual)
{
    static const int rows[][2] = {{1, 0}, {2, 23 * 60}, {3, 50 * 60}};
    struct coverage *c = cover("a", rows, 3);
    cr_expect(eq(u64, c->gaps, 1));
    cr_assert(eq(sz, c->gap_count, 1));
    cr_expect(eq(i64, c->gap[0].to_us - c->gap[0].from_us, 27 * TIME_HOUR - TIME_MINUTE));
}

Test(coverage, judges_a_gap_by_the_usual_pause)
{
    static const int rows[][2] = {{1, 0},   {2, 30},  {3, 60},  {4, 90},
                                  {5, 120}, {6, 320}, {7, 350}, {8, 380}};
    struct coverage *c = cover("a", rows, 8);
    cr_expect(eq(u64, c->gaps, 1));
    int64_t minute = (MADE_TIME * TIME_SECOND + 120 * TIME_MINUTE) / TIME_MINUTE;
    cr_expect(eq(i64, c->gap[0].from_us, (minute + 1) * TIME_MINUTE));
    cr_expect(eq(i64, c->gap[0].to_us, (minute + 200) * TIME_MINUTE));
}

Test(coverage, does_not_take_for_its_own_what_another_source_holds)
{
    static const int rows[][2] = {{1, 0}, {2, 1}, {3, 3000}, {4, 3001}, {5, 6000}};
    static const int part[][2] = {{1, 0}, {4, 3001}, {5, 6000}}, ends[][2] = {{1, 0}, {5, 6000}};
    import("whole", rows, 5);
    struct coverage *c = cover("part", part, 3);
    cr_expect(eq(u64, c->missing, 2), "2 and 3 are in the index, but not of this source");
    cr_expect(not(c->shared));
    cr_expect(not(whole));
    cr_expect(eq(u64, cover("ends", ends, 2)->missing, 3));
    cr_expect(eq(u64, coverage_of("ends")->gaps, 1));
    cr_expect(eq(u64, coverage_of("whole")->missing, 0));
    cr_expect(eq(u64, coverage_of("whole")->gaps, 2));
}

Test(coverage, counts_all_entries_between_the_ends_where_nothing_was_noted)
{
    static const int rows[][2] = {{1, 0}, {2, 1}, {3, 3000}, {4, 3001}, {9, 6000}};
    static const int part[][2] = {{1, 0}, {4, 3001}};
    import("whole", rows, 5);
    import("part", part, 2);
    forget_extents();
    struct coverage *c = coverage_of("part");
    cr_expect(c->shared);
    cr_expect(eq(u64, c->missing, 0));
    cr_expect(eq(u64, c->gaps, 1), "from the second to the third: both sources are silent");
    c = coverage_of("whole");
    cr_expect(not(c->shared), "it shares nothing it did not bring");
    cr_expect(eq(u64, c->missing, 4));
    cr_expect(eq(u64, c->gaps, 2));
    c = cover("part", part, 2);
    cr_expect(not(c->shared), "imported again, it has its own");
    cr_expect(eq(u64, c->missing, 2));
}

Test(coverage, counts_what_is_there_after_a_second_import_too)
{
    static const int rows[][2] = {{1, 0}, {2, 1}};
    struct store_source *sources;
    size_t count;
    import("a", rows, 2);
    import("a", rows, 2);
    cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &count, &why), FAULT_NONE));
    cr_expect(eq(u64, sources[0].added, 0));
    cr_expect(eq(u64, coverage_sum(sources, NULL, count).entries, 2));
}

Test(coverage, keeps_in_mind_what_the_same_path_held_before)
{
    static const int old[][2] = {{1, 0}, {2, 1}, {3, 2}, {3, 3}},
                     new[][2] = {{3, 3}, {10, 4}, {11, 5}};
    struct store_source *sources;
    size_t count;
    import("a", old, 4);
    for (int i = 0; i < 3; i++) {
        struct coverage *c = cover("a", new, 3);
        cr_expect(eq(u64, c->missing, 6), "4 to 9 were in neither file");
        cr_expect(eq(u64, c->twice, 1), "of the first file, not by importing again");
        cr_expect(not(c->shared));
    }
    cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &count, &why), FAULT_NONE));
    cr_assert(eq(sz, count, 1));
    cr_expect(eq(i64, sources[0].first_us, MADE_TIME * TIME_SECOND));
    cr_expect(eq(i64, sources[0].last_us, MADE_TIME * TIME_SECOND + 5 * TIME_MINUTE));
}

Test(coverage, goes_on_where_an_import_was_cut_off)
{
    static const int first[][2] = {{1, 0}, {2, 1}, {4, 2}}, second[][2] = {{3, 3}, {5, 4}, {9, 5}};
    struct stored batch[64] = {0};
    struct store_source source = {.path = SLICE("a"), .format = SLICE("evtx"), .size = 100};
    cr_assert(eq(int, (int)store_source_begin(s, &source, &why), FAULT_NONE));
    source.records_done = 3;
    source.offset = 50;
    source.sha256 = SLICE("feed");
    fill(batch, first, 3);
    cr_assert(eq(int, (int)store_write(s, &source, batch, 3, &why), FAULT_NONE));
    store_close(s);
    cr_assert(eq(int, (int)store_open(&s, t.db, STORE_CREATE, &why), FAULT_NONE));
    source = (struct store_source){.path = SLICE("a"), .format = SLICE("evtx"), .size = 100};
    cr_assert(eq(int, (int)store_source_begin(s, &source, &why), FAULT_NONE));
    cr_assert(eq(u64, source.records_done, 3));
    fill(batch, second, 3);
    cr_assert(eq(int, (int)store_write(s, &source, batch, 3, &why), FAULT_NONE));
    source.complete = true;
    cr_assert(eq(int, (int)store_source_end(s, &source, &why), FAULT_NONE));
    struct coverage *c = coverage_of("a");
    cr_expect(eq(u64, c->missing, 3));
    cr_expect(eq(u64, c->twice, 0));
    cr_expect(eq(i64, c->hole[0].from_id, 6));
}

Test(coverage, does_not_count_on_entries_that_were_taken_out)
{
    static const int rows[][2] = {{1, 0}, {2, 1}, {3, 2}, {4, 3}};
    static const int more[][2] = {{1, 0}, {2, 1}, {3, 2}, {4, 3}, {5, 4}};
    struct store_source *sources;
    size_t count;
    uint64_t gone;
    import("first", rows, 4);
    import("second", more, 5);
    cr_expect(eq(u64, coverage_of("second")->missing, 0));
    cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &count, &why), FAULT_NONE));
    struct store_forget what = {.source = sources[0].id, .before_us = TIME_NONE};
    cr_assert(eq(int, (int)store_forget(s, &what, &gone, &why), FAULT_NONE));
    cr_expect(eq(u64, gone, 4));
    cr_expect(coverage_of("second")->shared, "four of its five entries are not there any more");
}

Test(coverage, does_not_walk_over_a_large_index_unasked)
{
    static const int rows[][2] = {{1, 0}, {3, 1}};
    struct store_source *sources;
    struct coverage *out;
    size_t count;
    import("a", rows, 2);
    for (int noted = 1; noted >= 0; noted--) {
        cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &count, &why), FAULT_NONE));
        sources[0].held = COVERAGE_QUICK + 1;
        cr_assert(
            eq(int, (int)store_coverage_quick(s, sources, count, &arena, &out, &why), FAULT_NONE));
        cr_expect(eq(int, out[0].unread, !noted));
        cr_expect(eq(u64, out[0].missing, (uint64_t)noted), "what was noted costs no walk");
        struct coverage_sum sum = coverage_sum(sources, out, count);
        cr_expect(eq(sz, sum.unread, (size_t)!noted));
        cr_expect(eq(sz, sum.lacking, (size_t)noted));
        forget_extents();
    }
    cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &count, &why), FAULT_NONE));
    cr_assert(
        eq(int, (int)store_coverage_quick(s, sources, count, &arena, &out, &why), FAULT_NONE));
    cr_expect(eq(u64, out[0].missing, 1), "a small one is walked over");
}

Test(coverage, finds_holes_however_wide)
{
    static const int rows[][2] = {{0, 0}, {2000000000, 1}};
    struct coverage *c = cover("a", rows, 2);
    cr_expect(not(c->ids_unread));
    cr_expect(eq(u64, c->missing, 1999999999));
    forget_extents();
    cr_expect(eq(u64, coverage_of("a")->missing, 1999999999));
}

Test(coverage, says_in_words_what_it_rests_on)
{
    struct store_source sources[2] = {{.held = 3, .complete = true, .first_us = 0, .last_us = 60},
                                      {.complete = true, .first_us = TIME_NONE}};
    struct coverage found[2] = {0};
    struct slice held, missing;
    struct coverage_sum sum = coverage_sum(sources, found, 2);
    coverage_words(&sum, "HERE", &arena, &held, &missing);
    cr_expect(slice_starts(held, "nothing found in 3 entries from 1970-01-01 "));
    cr_expect(slice_is(missing, "nothing seems to be missing from the sources"));
    found[1].unread = true;
    sum = coverage_sum(sources, found, 2);
    coverage_words(&sum, "HERE", &arena, &held, &missing);
    cr_expect(slice_is(missing, "whether something is missing, HERE tells"));
    sum = coverage_sum(sources, NULL, 2);
    coverage_words(&sum, "HERE", &arena, &held, &missing);
    cr_expect(slice_is(missing, "whether something is missing, HERE tells"));
    sources[0].damaged = 1;
    sum = coverage_sum(sources, found, 2);
    coverage_words(&sum, "HERE", &arena, &held, &missing);
    cr_expect(
        slice_is(missing, "sources that do not show everything: 1; HERE tells what is missing"));
}
