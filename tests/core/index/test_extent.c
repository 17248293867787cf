/* Extents: runs of ids and minutes, whatever order they come in, written down and read back. */
#include "core/index/extent.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static struct extent x;
static struct buf packed;

static void set_up(void)
{
    extent_init(&x, 40000);
    buf_init(&packed, EXTENT_BYTES);
}

static void tear_down(void)
{
    extent_free(&x);
    buf_free(&packed);
}

TestSuite(extent, .init = set_up, .fini = tear_down);

static void add(const char *channel, int64_t id, int64_t minute)
{
    extent_add(&x, &(struct extent_entry){.computer = SLICE("AD01"),
                                          .channel = slice_of(channel),
                                          .record_id = id,
                                          .time_us = minute * TIME_MINUTE});
}

static uint32_t noise(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

Test(extent, knows_the_same_runs_whatever_the_order)
{
    enum { IDS = 50000 };
    static unsigned char there[IDS];
    uint64_t twice = 0;
    uint32_t state = 7;
    for (int i = 0; i < 3 * IDS / 2; i++) {
        /* rising stretches, falling ones and jumps */
        int64_t id = i % 5000 < 2000   ? i % IDS
                     : i % 5000 < 3000 ? (3 * IDS - i) % IDS
                                       : (int64_t)(noise(&state) % IDS);
        twice += there[id];
        there[id] = 1;
        add("Application", id, id);
    }
    extent_settle(&x);
    cr_assert(eq(sz, x.log_count, 1));
    const struct extent_runs *ids = &x.logs[0].ids;
    size_t run = 0;
    for (int id = 0; id < IDS; id++) {
        if (!there[id])
            continue;
        cr_assert(lt(sz, run, ids->count));
        cr_assert(eq(i64, ids->at[run].first, id));
        while (id + 1 < IDS && there[id + 1])
            id++;
        cr_assert(eq(i64, ids->at[run++].last, id));
    }
    cr_expect(eq(sz, run, ids->count));
    cr_expect(gt(sz, run, 1000));
    cr_expect(eq(u64, ids->twice, twice));
    for (size_t i = 1; i < x.minutes.count; i++)
        cr_assert(gt(i64, x.minutes.at[i].first - x.minutes.at[i - 1].last, EXTENT_PAUSE));
}

Test(extent, reads_back_what_it_wrote)
{
    struct extent back;
    extent_init(&back, 40000);
    add("Application", 5, -2);
    add("Application", 7, 0);
    add("Application", 6, 100000);
    add("System", INT64_MAX, 100001);
    add("System", 0, 1);
    extent_add(&x, &(struct extent_entry){.record_id = -1, .time_us = TIME_NONE, .cleared = true});
    cr_assert(extent_pack(&x, &packed));
    cr_assert(extent_unpack(&back, buf_slice(&packed)));
    cr_expect(eq(u64, back.timeless, 1));
    cr_expect(eq(u64, back.cleared, 1));
    cr_assert(eq(sz, back.log_count, 2));
    cr_expect(slice_is(back.logs[1].channel, "System"));
    cr_assert(eq(sz, back.logs[1].ids.count, 2));
    cr_expect(eq(i64, back.logs[1].ids.at[1].last, INT64_MAX));
    cr_assert(eq(sz, back.logs[0].ids.count, 1));
    cr_expect(eq(i64, back.logs[0].ids.at[0].last, 7));
    cr_assert(eq(sz, back.minutes.count, 2));
    cr_expect(eq(i64, back.minutes.at[0].first, -2));
    cr_expect(eq(i64, back.minutes.at[0].last, 1));
    cr_expect(eq(i64, back.minutes.at[1].last, 100001));
    extent_free(&back);
}

/* An index may be anybody's: what is read back is used as it is. */
Test(extent, refuses_bytes_it_did_not_write)
{
    uint32_t state = 1;
    for (int i = 0; i < 200; i++)
        add(i % 3 ? "Application" : "System", noise(&state) % 5000, noise(&state) % 90000);
    cr_assert(extent_pack(&x, &packed));
    size_t refused = 0;
    for (size_t i = 0; i < 20000; i++) {
        struct extent back;
        extent_init(&back, 40000);
        size_t at = noise(&state) % packed.len;
        char was = packed.at[at];
        packed.at[at] = (char)noise(&state);
        struct slice bytes = buf_slice(&packed);
        bytes.len = i % 4 ? bytes.len : noise(&state) % bytes.len;
        bool good = extent_unpack(&back, bytes);
        refused += !good;
        for (size_t log = 0; good && log < back.log_count; log++)
            for (size_t run = 1; run < back.logs[log].ids.count; run++)
                cr_assert(
                    gt(i64, back.logs[log].ids.at[run].first, back.logs[log].ids.at[run - 1].last));
        extent_free(&back);
        packed.at[at] = was;
    }
    cr_expect(gt(sz, refused, 5000));
    struct extent back;
    extent_init(&back, 40000);
    cr_expect(not(extent_unpack(&back, SLICE(""))));
    cr_expect(not(extent_unpack(&back, SLICE("\2\0\0\0\0\0"))), "another form");
    extent_free(&back);
}

Test(extent, gives_up_what_has_too_many_holes)
{
    for (int i = 0; i < 40001; i++)
        add("Application", 2 * i, 0);
    cr_expect(x.ids_lost);
    cr_expect(not(extent_pack(&x, &packed)));
    cr_expect(eq(sz, packed.len, 0));
    cr_expect(eq(sz, x.minutes.count, 1), "the minutes stay");
}

Test(extent, gives_up_ids_of_too_many_logs)
{
    for (int i = 0; i <= EXTENT_LOGS; i++) {
        char name[16];
        snprintf(name, sizeof name, "log%d", i);
        add(name, 1, 0);
    }
    cr_expect(x.ids_lost);
}
