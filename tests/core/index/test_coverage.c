/* Coverage: what a source does not show is found whatever order its entries come in. */
#include "core/index/coverage.h"

#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

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

/* Events of one log: record id and minute each. */
static struct coverage *cover(const char *path, const int (*rows)[2], size_t count)
{
    struct stored batch[64] = {0};
    struct store_source source = {
        .path = slice_of(path), .format = SLICE("evtx"), .label = SLICE_NONE};
    cr_assert(eq(int, (int)store_source_begin(s, &source, &why), FAULT_NONE));
    for (size_t i = 0; i < count; i++) {
        batch[i] = make_stored(0);
        batch[i].print = (uint64_t)((int64_t)rows[i][0] * 100000 + rows[i][1]);
        batch[i].entry.record_id = rows[i][0];
        batch[i].entry.time_us = MADE_TIME * TIME_SECOND + rows[i][1] * TIME_MINUTE;
        batch[i].entry.position = (int64_t)i;
    }
    cr_assert(eq(int, (int)store_write(s, &source, batch, count, &why), FAULT_NONE));
    source.complete = true;
    cr_assert(eq(int, (int)store_source_end(s, &source, &why), FAULT_NONE));
    struct store_source *sources;
    struct coverage *out;
    size_t all;
    cr_assert(eq(int, (int)store_sources(s, &arena, &sources, &all, &why), FAULT_NONE));
    cr_assert(eq(int, (int)store_coverage(s, sources, all, &arena, &out, &why), FAULT_NONE));
    whole = coverage_is_whole(&sources[all - 1], &out[all - 1]);
    return &out[all - 1];
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
    cr_expect(eq(i64, c->gap[0].from_us, MADE_TIME * TIME_SECOND + 121 * TIME_MINUTE));
}

Test(coverage, counts_entries_that_another_source_holds)
{
    static const int rows[][2] = {{1, 0}, {2, 1}, {3, 2}, {4, 3}}, part[][2] = {{2, 1}, {3, 2}};
    cover("part", part, 2);
    struct coverage *c = cover("whole", rows, 4);
    cr_expect(eq(u64, c->holes, 0), "2 and 3 are in the index");
}

Test(coverage, survives_ids_at_the_ends_of_the_world)
{
    static const int rows[][2] = {{0, 0}, {2000000000, 1}};
    struct coverage *c = cover("a", rows, 2);
    cr_expect(c->ids_unread);
    cr_expect(eq(u64, c->holes, 0));
}
