/* Texts and their numbers in memory: found again, bounded, and not slowed down by chosen texts. */
#include "core/index/lexicon.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

static struct slice numbered(char room[32], unsigned n)
{
    return slice_make(room, (size_t)snprintf(room, 32, "user%u@example.com", n));
}

Test(lexicon, finds_what_was_added_and_nothing_else)
{
    struct lexicon l = {0};
    char text[32];
    cr_expect(eq(i64, lexicon_find(&l, SLICE("user1")), 0));
    for (unsigned n = 1; n <= 20000; n++)
        cr_assert(lexicon_add(&l, numbered(text, n), n));
    for (unsigned n = 1; n <= 20000; n++)
        cr_assert(eq(i64, lexicon_find(&l, numbered(text, n)), n));
    cr_expect(eq(i64, lexicon_find(&l, numbered(text, 20001)), 0));
    cr_expect(eq(i64, lexicon_find(&l, SLICE("")), 0));
    cr_expect(lexicon_add(&l, SLICE(""), 7));
    cr_expect(lexicon_add(&l, slice_make("a\0b", 3), 8));
    cr_expect(eq(i64, lexicon_find(&l, SLICE("")), 7));
    cr_expect(eq(i64, lexicon_find(&l, slice_make("a\0b", 3)), 8));
    cr_expect(eq(i64, lexicon_find(&l, SLICE("a")), 0));
    lexicon_free(&l);
    cr_expect(eq(i64, lexicon_find(&l, numbered(text, 1)), 0));
}

Test(lexicon, takes_nothing_over_its_ceiling)
{
    struct lexicon l = {0};
    enum { SIZE = LEXICON_BYTES / 32 };
    char *text = calloc(1, SIZE);
    unsigned taken = 0;
    for (bool fits = true; fits && taken < 1000; taken += fits) {
        memcpy(text, &taken, sizeof taken);
        fits = lexicon_add(&l, slice_make(text, SIZE), (int64_t)taken + 1);
    }
    cr_expect(ge(uint, taken, LEXICON_BYTES / SIZE / 2), "%u", taken);
    cr_expect(le(sz, l.texts.held, LEXICON_BYTES));
    memcpy(text, &taken, sizeof taken);
    cr_expect(eq(i64, lexicon_find(&l, slice_make(text, SIZE)), 0), "what was refused is there");
    taken = 0;
    memcpy(text, &taken, sizeof taken);
    cr_expect(eq(i64, lexicon_find(&l, slice_make(text, SIZE)), 1), "what was there is gone");
    lexicon_free(&l);
    free(text);
}

/* The step of slice_hash over eight bytes, turned around: any word can be made to follow another.
 */
static uint64_t word_after(uint64_t hash, uint64_t wanted)
{
    uint64_t inverse = 1, factor = UINT64_C(0xD6E8FEB86659FD93);
    for (int i = 0; i < 6; i++)
        inverse *= 2 - factor * inverse;
    wanted ^= wanted >> 32;
    return hash ^ wanted * inverse;
}

Test(lexicon, does_not_search_on_and_on_among_texts_that_share_a_hash)
{
    struct lexicon l = {0};
    unsigned taken = 0;
    for (bool fits = true; fits && taken < 1000; taken += fits) {
        uint64_t words[2] = {taken, 0};
        uint64_t hash = (uint64_t)sizeof words * UINT64_C(0x9E3779B97F4A7C15);
        hash = (hash ^ words[0]) * UINT64_C(0xD6E8FEB86659FD93);
        hash ^= hash >> 32;
        words[1] = word_after(hash, 12345);
        struct slice text = slice_make((const char *)words, sizeof words);
        fits = lexicon_add(&l, text, (int64_t)taken + 1);
    }
    cr_expect(eq(uint, taken, LEXICON_STEPS));
    lexicon_free(&l);
}
