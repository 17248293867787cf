/* Knows which bytes of JSON are strings and where tokens begin, without following them one by one;
 * see json_marks.h.
 *
 * Each implementation tells quotes, backslashes, signs (brackets, comma, colon) and blanks of a
 * block as four words of bits. The rest is arithmetic on these words: which quotes a backslash
 * escapes, what lies between quotes, and what begins there. */
#include "core/base/json_marks.h"

#include <stdatomic.h>

struct classes {
    uint64_t quotes, slashes, signs, blanks;
};

/* Bits of the bytes that a backslash before them escapes. A run of backslashes escapes what follows
 * when it is of odd length; an addition carries through each run to the byte behind it. */
static inline uint64_t escaped_bits(uint64_t slashes, uint64_t *carry)
{
    const uint64_t even = UINT64_C(0x5555555555555555);
    slashes &= ~*carry;
    uint64_t follows = slashes << 1 | *carry, sum;
    uint64_t odd_starts = slashes & ~even & ~follows;
    *carry = __builtin_add_overflow(odd_starts, slashes, &sum);
    return (even ^ (sum << 1)) & follows;
}

/* Bit i: an odd number of the bits 0 to i is set. */
static inline uint64_t odd_up_to(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

/* `inside`: between quotes, with the first quote and without the last. */
static inline void mark_block(const struct classes *c, uint64_t quotes, uint64_t inside,
                              struct json_edge *edge, struct json_marks *out)
{
    edge->in_string = 0 - (inside >> 63);
    uint64_t other = ~(c->signs | c->blanks | inside | quotes);
    uint64_t begins = other & ~(other << 1 | edge->other);
    edge->other = other >> 63;
    out->marks = (c->signs & ~inside) | quotes | begins;
    out->slashes = c->slashes;
}

static inline uint64_t real_quotes(const struct classes *c, struct json_edge *edge)
{
    if (!(c->slashes | edge->escaped))
        return c->quotes;
    return c->quotes & ~escaped_bits(c->slashes, &edge->escaped);
}

/* --- any processor ---------------------------------------------------------------------------- */

enum { QUOTE = 1, SLASH = 2, SIGN = 4, BLANK = 8 };

static const unsigned char class_of[256] = {
    ['"'] = QUOTE, ['\\'] = SLASH, ['{'] = SIGN,  ['}'] = SIGN,   ['['] = SIGN,   [']'] = SIGN,
    [','] = SIGN,  [':'] = SIGN,   [' '] = BLANK, ['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK};

static void mark_plain(const char *at, size_t blocks, struct json_edge *edge,
                       struct json_marks *out)
{
    for (size_t b = 0; b < blocks; b++, at += JSON_BLOCK) {
        struct classes c = {0};
        for (unsigned i = 0; i < JSON_BLOCK; i++) {
            uint64_t class = class_of[(unsigned char)at[i]];
            c.quotes |= (class & QUOTE) << i;
            c.slashes |= (class >> 1 & 1) << i;
            c.signs |= (class >> 2 & 1) << i;
            c.blanks |= (class >> 3) << i;
        }
        uint64_t quotes = real_quotes(&c, edge);
        mark_block(&c, quotes, odd_up_to(quotes) ^ edge->in_string, edge, &out[b]);
    }
}

static bool always(void)
{
    return true;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* --- SSE2: what every x86-64 has -------------------------------------------------------------- */

static inline uint64_t bits_of_16(__m128i hits)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(hits);
}

static inline __m128i where_16(__m128i bytes, char c)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

static inline void classify_16(const char *at, unsigned shift, struct classes *c)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20)); /* [ and ] become { and } */
    __m128i signs = _mm_or_si128(where_16(folded, '{'), where_16(folded, '}'));
    signs = _mm_or_si128(signs, _mm_or_si128(where_16(bytes, ','), where_16(bytes, ':')));
    __m128i blanks = _mm_or_si128(where_16(bytes, ' '), where_16(bytes, '\n'));
    blanks = _mm_or_si128(blanks, _mm_or_si128(where_16(bytes, '\r'), where_16(bytes, '\t')));
    c->quotes |= bits_of_16(where_16(bytes, '"')) << shift;
    c->slashes |= bits_of_16(where_16(bytes, '\\')) << shift;
    c->signs |= bits_of_16(signs) << shift;
    c->blanks |= bits_of_16(blanks) << shift;
}

static void mark_sse2(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out)
{
    for (size_t b = 0; b < blocks; b++, at += JSON_BLOCK) {
        struct classes c = {0};
        for (unsigned i = 0; i < JSON_BLOCK; i += 16)
            classify_16(at + i, i, &c);
        uint64_t quotes = real_quotes(&c, edge);
        mark_block(&c, quotes, odd_up_to(quotes) ^ edge->in_string, edge, &out[b]);
    }
}

/* --- AVX2 ------------------------------------------------------------------------------------- */

/* Two look-ups tell the class of a byte, by its lower and by its upper half: what both allow. Signs
 * have the bits 1, 2 and 4, blanks 8 and 16. */
#define LOWER 16, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8 | 2, 4, 1, 8 | 4, 0, 0
#define UPPER 8, 0, 16 | 1, 2, 0, 4, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0
enum { LAST_SIGN = 7 };

__attribute__((target("avx2"))) static inline uint64_t bits_of_32(__m256i hits)
{
    return (uint64_t)(unsigned)_mm256_movemask_epi8(hits);
}

__attribute__((target("avx2"))) static inline void classify_32(const char *at, unsigned shift,
                                                               struct classes *c)
{
    const __m256i lower = _mm256_setr_epi8(LOWER, LOWER), upper = _mm256_setr_epi8(UPPER, UPPER);
    const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
    const __m256i class =
        _mm256_and_si256(_mm256_shuffle_epi8(lower, bytes), _mm256_shuffle_epi8(upper, high));
    uint64_t blanks = bits_of_32(_mm256_cmpgt_epi8(class, _mm256_set1_epi8(LAST_SIGN)));
    uint64_t any = bits_of_32(_mm256_cmpgt_epi8(class, _mm256_setzero_si256()));
    c->quotes |= bits_of_32(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'))) << shift;
    c->slashes |= bits_of_32(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'))) << shift;
    c->signs |= (any & ~blanks) << shift;
    c->blanks |= blanks << shift;
}

__attribute__((target("avx2,pclmul"))) static void
mark_avx2(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out)
{
    for (size_t b = 0; b < blocks; b++, at += JSON_BLOCK) {
        struct classes c = {0};
        classify_32(at, 0, &c);
        classify_32(at + 32, 32, &c);
        uint64_t quotes = real_quotes(&c, edge);
        /* Times all ones, without carries: each bit becomes the oddness of those up to it. */
        __m128i odd = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes),
                                           _mm_set1_epi8((char)0xff), 0);
        uint64_t inside = (uint64_t)_mm_cvtsi128_si64(odd) ^ edge->in_string;
        mark_block(&c, quotes, inside, edge, &out[b]);
    }
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul");
}
#endif

/* --- which one -------------------------------------------------------------------------------- */

const struct json_marker json_markers[] = {
    {"plain", mark_plain, always},
#if defined(__x86_64__)
    {"sse2", mark_sse2, always},
    {"avx2", mark_avx2, has_avx2},
#endif
    {NULL, NULL, NULL},
};

static _Atomic(const struct json_marker *) chosen;

static const struct json_marker *choose(void)
{
    const struct json_marker *best = json_markers;
    for (const struct json_marker *m = json_markers; m->name; m++)
        if (m->usable())
            best = m;
    atomic_store_explicit(&chosen, best, memory_order_relaxed);
    return best;
}

void json_mark(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out)
{
    const struct json_marker *m = atomic_load_explicit(&chosen, memory_order_relaxed);
    (m ? m : choose())->mark(at, blocks, edge, out);
}
