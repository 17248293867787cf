/* Knows how to tell a quote that ends a string from one behind a backslash, 64 bytes at a time; see
 * json_string.h.
 *
 * Runs of backslashes escape what follows them when they are of odd length. Which bytes these are
 * is told for 64 bytes at once by an addition whose carry runs through each run of backslashes. */
#include "core/base/json_string.h"

#include <stdint.h>

size_t json_string_end_plain(const char *at, size_t len, bool *escaped)
{
    for (size_t i = 0; i < len; i++) {
        if (*escaped)
            *escaped = false;
        else if (at[i] == '\\')
            *escaped = true;
        else if (at[i] == '"')
            return i;
    }
    return len;
}

#if defined(__SSE2__)
#include <emmintrin.h>

enum { BLOCK = 64 };

/* One bit for each of 64 bytes that is `c`. */
static uint64_t bits_of(const __m128i bytes[4], char c)
{
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t out = 0;
    for (unsigned i = 0; i < 4; i++) {
        int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes[i], wanted));
        out |= (uint64_t)(unsigned)hits << (16 * i);
    }
    return out;
}

/* Bits of the bytes that a backslash before them escapes; `*carry` from block to block. */
static uint64_t escaped_bits(uint64_t slashes, uint64_t *carry)
{
    const uint64_t even = UINT64_C(0x5555555555555555);
    slashes &= ~*carry;
    uint64_t follows = slashes << 1 | *carry, sum;
    uint64_t odd_starts = slashes & ~even & ~follows;
    *carry = __builtin_add_overflow(odd_starts, slashes, &sum);
    return (even ^ (sum << 1)) & follows;
}

size_t json_string_end(const char *at, size_t len, bool *escaped)
{
    uint64_t carry = *escaped;
    size_t i = 0;
    if (len >= 16 && !carry) { /* names and short values end here */
        __m128i first = _mm_loadu_si128((const __m128i *)(const void *)at);
        int quotes = _mm_movemask_epi8(_mm_cmpeq_epi8(first, _mm_set1_epi8('"')));
        int slashes = _mm_movemask_epi8(_mm_cmpeq_epi8(first, _mm_set1_epi8('\\')));
        if (quotes && !slashes)
            return (size_t)__builtin_ctz((unsigned)quotes);
    }
    for (; len - i >= BLOCK; i += BLOCK) {
        __m128i bytes[4];
        for (unsigned k = 0; k < 4; k++)
            bytes[k] = _mm_loadu_si128((const __m128i *)(const void *)(at + i + 16 * k));
        uint64_t quotes = bits_of(bytes, '"'), slashes = bits_of(bytes, '\\');
        if (slashes | carry)
            quotes &= ~escaped_bits(slashes, &carry);
        if (quotes) {
            *escaped = false;
            return i + (size_t)__builtin_ctzll(quotes);
        }
    }
    *escaped = carry != 0;
    return i + json_string_end_plain(at + i, len - i, escaped);
}
#else
size_t json_string_end(const char *at, size_t len, bool *escaped)
{
    return json_string_end_plain(at, len, escaped);
}
#endif
