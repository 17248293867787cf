/* Every scanner that this processor can run does what the plain one does, at any length and place.
 */
#include "core/index/scan.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 700, ROUNDS = 400 };

static uint64_t state = 88172645463325252;

static uint64_t roll(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) % below;
}

static uint64_t code_at(const unsigned char *codes, unsigned width, size_t at)
{
    uint64_t code = 0;
    memcpy(&code, codes + at * width, width);
    return code;
}

static void expect_ranges(const struct scanner *s, const unsigned char *codes, unsigned width,
                          size_t count, const struct code_range *ranges, size_t range_count)
{
    uint64_t bits[CODES / 64 + 1] = {0}, before = roll(UINT64_MAX) | 1;
    bits[0] = before;
    s->ranges(bits, codes, width, count, ranges, range_count);
    for (size_t i = 0; i < (CODES / 64 + 1) * 64; i++) {
        bool in = i < 64 && (before >> i & 1);
        for (size_t r = 0; i < count && r < range_count; r++) {
            uint64_t code = code_at(codes, width, i);
            in = in || (code >= ranges[r].low && code <= ranges[r].high);
        }
        cr_assert(eq(int, (int)(bits[i / 64] >> (i % 64) & 1), in), "%s, width %u, code %zu of %zu",
                  s->name, width, i, count);
    }
}

Test(scan, marks_the_codes_of_every_range_and_no_other)
{
    static unsigned char codes[CODES * 8];
    for (const struct scanner *s = scanners; s->name; s++) {
        for (int round = 0; s->usable() && round < ROUNDS; round++) {
            unsigned width = 1u << roll(4);
            uint64_t top = width == 8 ? UINT64_MAX : (UINT64_C(1) << width * 8) - 1;
            size_t count = 1 + roll(CODES);
            struct code_range ranges[SCAN_RANGES];
            size_t range_count = 1 + roll(SCAN_RANGES);
            for (size_t i = 0; i < sizeof codes; i++)
                codes[i] = (unsigned char)(roll(3) ? roll(6) : roll(256));
            for (size_t r = 0; r < range_count; r++) {
                uint64_t a = code_at(codes, width, roll(count)), b = roll(9);
                ranges[r].low = a;
                ranges[r].high = a > top - b ? top : a + b;
            }
            expect_ranges(s, codes, width, count, ranges, range_count);
        }
    }
}

Test(scan, counts_the_ones)
{
    uint64_t bits[50];
    for (const struct scanner *s = scanners; s->name; s++) {
        uint64_t sum = 0;
        if (!s->usable())
            continue;
        for (size_t i = 0; i < 50; i++) {
            bits[i] = roll(4) ? roll(UINT64_MAX) : UINT64_MAX;
            for (int b = 0; b < 64; b++)
                sum += bits[i] >> b & 1;
        }
        cr_expect(eq(u64, s->ones(bits, 50), sum), "%s", s->name);
        cr_expect(eq(u64, s->ones(bits, 0), 0));
    }
}

/* In a buffer of just its size, so that reading behind it shows. */
static void expect_found(const struct scanner *s, const char *text, size_t len, const char *needle,
                         size_t needle_len)
{
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    const char *want = NULL, *got = s->find(copy, len, needle, needle_len);
    for (size_t i = 0; !want && i + needle_len <= len; i++)
        if (memcmp(copy + i, needle, needle_len) == 0)
            want = copy + i;
    cr_assert(eq(ptr, (void *)(uintptr_t)got, (void *)(uintptr_t)want), "%s: %.*s in %.*s", s->name,
              (int)needle_len, needle, (int)len, text);
    free(copy);
}

Test(scan, finds_the_first_place_of_a_needle)
{
    char text[200], needle[40];
    for (const struct scanner *s = scanners; s->name; s++) {
        for (int round = 0; s->usable() && round < 20 * ROUNDS; round++) {
            size_t len = roll(sizeof text), needle_len = 1 + roll(round % 2 ? 4 : 40);
            for (size_t i = 0; i < sizeof text; i++)
                text[i] = (char)(roll(9) ? 'a' : 'b' + (char)roll(2));
            for (size_t i = 0; i < needle_len; i++)
                needle[i] = len > needle_len && roll(20) ? text[len - needle_len + i] : 'a';
            expect_found(s, text, len, needle, needle_len);
        }
    }
}
