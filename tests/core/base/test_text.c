/* Slices, buffers, arenas: what borrowed, bounded and batch-owned text promises. */
#include "core/base/arena.h"
#include "core/base/buf.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

Test(slice, none_differs_from_empty_but_compares_equal)
{
    cr_expect(slice_is_none(SLICE_NONE));
    cr_expect(not(slice_is_none(SLICE(""))));
    cr_expect(slice_equal(SLICE_NONE, SLICE("")));
}

Test(slice, finds_folded_and_exact)
{
    struct slice text = SLICE("The UserName is TAKEN");
    cr_expect(eq(sz, slice_find(text, SLICE("username")), SIZE_MAX));
    cr_expect(eq(sz, slice_find_fold(text, SLICE("username")), 4));
    cr_expect(eq(sz, slice_find_fold(text, SLICE("taken!")), SIZE_MAX));
    cr_expect(eq(sz, slice_find(text, SLICE("")), 0));
    cr_expect(slice_ends_fold(text, "taken"));
    cr_expect(slice_starts(text, "The "));
    cr_expect(not(slice_starts(SLICE("Th"), "The")));
}

/* Every byte where the search looks at several at once, against one that looks at each. */
static size_t find_fold_slowly(struct slice s, struct slice needle)
{
    for (size_t i = 0; i + needle.len <= s.len; i++)
        if (slice_equal_fold(slice_first(slice_from(s, i), needle.len), needle))
            return i;
    return SIZE_MAX;
}

Test(slice, finds_folded_at_every_place_whatever_stands_there)
{
    static const char letters[] = "aA@`bB[{zZ\x80\xc1\xe1 \x00\x20";
    char text[40];
    size_t hits = 0;
    srand(1);
    for (int round = 0; round < 40000; round++) {
        size_t len = (size_t)rand() % sizeof text, from = (size_t)rand() % 20;
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = letters[(size_t)rand() % (sizeof letters - 1)];
        char needle[3];
        for (size_t i = 0; i < sizeof needle; i++)
            needle[i] = letters[(size_t)rand() % (sizeof letters - 1)];
        struct slice where = slice_from(slice_make(text, len), from < len ? from : 0);
        struct slice what = slice_make(needle, 1 + (size_t)rand() % sizeof needle);
        size_t at = slice_find_fold(where, what);
        cr_assert(eq(sz, at, find_fold_slowly(where, what)));
        hits += at != SIZE_MAX;
    }
    cr_expect(gt(sz, hits, 1000));
}

Test(slice, cuts_every_part_once)
{
    struct slice rest = SLICE("a,,b"), part;
    cr_assert(slice_cut(&rest, ',', &part));
    cr_expect(slice_is(part, "a"));
    cr_assert(slice_cut(&rest, ',', &part));
    cr_expect(eq(sz, part.len, 0));
    cr_assert(slice_cut(&rest, ',', &part));
    cr_expect(slice_is(part, "b"));
    cr_expect(not(slice_cut(&rest, ',', &part)));
}

Test(slice, reads_whole_numbers_only)
{
    int64_t n = 0;
    cr_expect(slice_to_int64(SLICE("-9223372036854775808"), &n));
    cr_expect(eq(i64, n, INT64_MIN));
    cr_expect(not(slice_to_int64(SLICE("9223372036854775808"), &n)));
    cr_expect(not(slice_to_int64(SLICE(""), &n)));
    cr_expect(not(slice_to_int64(SLICE("-"), &n)));
    cr_expect(not(slice_to_int64(SLICE("12x"), &n)));
}

Test(buf, stops_at_its_ceiling_and_stays_full)
{
    struct buf b;
    buf_init(&b, 8);
    cr_expect(buf_add_text(&b, "12345678"));
    cr_expect(not(buf_add_byte(&b, '9')));
    cr_expect(buf_full(&b));
    cr_expect(slice_is(buf_slice(&b), "12345678"), "nothing of a refused append may be kept");
    buf_reset(&b);
    cr_expect(not(buf_full(&b)));
    cr_expect(buf_add_format(&b, "%d-%s", 42, "ab"));
    cr_expect(eq(str, b.at, "42-ab"));
    buf_free(&b);
}

Test(buf, keeps_bytes_that_are_no_text)
{
    struct buf b;
    buf_init(&b, 100);
    buf_add(&b, slice_make("a\0b", 3));
    cr_expect(eq(sz, buf_slice(&b).len, 3));
    cr_expect(eq(chr, b.at[2], 'b'));
    buf_free(&b);
}

Test(arena, copies_live_until_reset_and_are_ended)
{
    struct arena a;
    arena_init(&a);
    char text[] = "changing";
    struct slice kept = arena_copy(&a, slice_of(text));
    text[0] = 'X';
    cr_expect(eq(str, (char *)kept.at, "changing"));
    cr_expect(slice_is_none(arena_copy(&a, SLICE_NONE)));
    arena_free(&a);
}

Test(arena, serves_large_and_small_side_by_side)
{
    struct arena a;
    arena_init(&a);
    char *small = arena_alloc(&a, 10);
    memset(small, 1, 10);
    char *large = arena_alloc(&a, 1000000);
    memset(large, 2, 1000000);
    char *next = arena_alloc(&a, 10);
    memset(next, 3, 10);
    cr_expect(eq(chr, small[9], 1));
    cr_expect(eq(chr, large[999999], 2));
    cr_expect(eq(sz, (size_t)next % 16, 0));
    arena_reset(&a);
    cr_expect(le(sz, a.held, 64 * 1024));
    char *zeroed = arena_zalloc(&a, 3, 7);
    for (int i = 0; i < 21; i++)
        cr_expect(eq(chr, zeroed[i], 0));
    arena_free(&a);
}
