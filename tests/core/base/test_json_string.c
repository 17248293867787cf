/* Where strings end: the fast search agrees with the plain one on any bytes, at any place. */
#include "core/base/json_string.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

Test(json_string, agrees_with_the_plain_search_on_random_text)
{
    static const char bytes[] = "\\\\\\\"ab\x80n";
    uint32_t state = 7;
    for (unsigned round = 0; round < 60000; round++) {
        size_t len = next_random(&state) % 300;
        char *text = malloc(len + 1); /* of its own, so that reading behind it is noticed */
        unsigned kinds = 1 + next_random(&state) % (sizeof bytes - 1);
        for (size_t i = 0; i < len; i++)
            text[i] = next_random(&state) % 40 < kinds * kinds / 2
                          ? bytes[next_random(&state) % kinds]
                          : 'x';
        bool start = next_random(&state) % 4 == 0, fast = start, plain = start;
        size_t want = json_string_end_plain(text, len, &plain);
        size_t got = json_string_end(text, len, &fast);
        cr_assert(eq(sz, got, want), "round %u", round);
        cr_assert(eq(int, fast, plain), "round %u", round);
        free(text);
    }
}

Test(json_string, runs_of_backslashes_across_blocks)
{
    char text[400];
    for (size_t run = 0; run < 200; run++)
        for (size_t before = 0; before < 130; before++) {
            memset(text, 'x', sizeof text);
            memset(text + before, '\\', run);
            text[before + run] = '"';
            text[before + run + 1] = '"';
            bool escaped = false;
            size_t end = json_string_end(text, sizeof text, &escaped);
            cr_assert(eq(sz, end, before + run + (run % 2)), "%zu behind %zu", run, before);
        }
}
