/* Knows which bytes of JSON are strings and where tokens begin, without following them one by one;
 * see json_marks.h.
 *
 * Each implementation tells quotes, backslashes, signs (brackets, comma, colon) and blanks of a
 * block as four words of bits. The rest is arithmetic on these words: which quotes a backslash
 * escapes, what lies between quotes, and what begins there. */
#include "core/base/json_marks.h"

#include <stdatomic.h>
#include <string.h>

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

/* The first real quote of a block as a bit, or 0; `*slashed` when a backslash is before it. */
static inline uint64_t first_quote(const struct classes *c, uint64_t *escaped, bool *slashed)
{
    uint64_t quotes = c->quotes;
    if (c->slashes | *escaped)
        quotes &= ~escaped_bits(c->slashes, escaped);
    uint64_t first = quotes & (0 - quotes);
    *slashed = *slashed || (c->slashes & (first - 1));
    return first;
}

/* What is done to a block to take backslashes out of it. */
struct dropping {
    uint64_t escapes; /* the backslashes that are left out */
    unsigned size;    /* of the block, as far as it is passed */
    bool other;       /* another escape stands there */
};

/* `themselves`: the bytes that an escape does not change. A backslash that escapes what is not
 * seen, in the next block, is left for that. */
static inline struct dropping plan_dropping(uint64_t slashes, uint64_t themselves)
{
    uint64_t carry = 0, escaped = escaped_bits(slashes, &carry);
    uint64_t others = (escaped & ~themselves) >> 1;
    uint64_t stop = others ? others & (0 - others) : carry << (JSON_BLOCK - 1);
    return (struct dropping){.escapes = slashes & ~escaped & (stop - 1),
                             .size = stop ? (unsigned)__builtin_ctzll(stop) : JSON_BLOCK,
                             .other = others != 0};
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

static size_t string_end_plain(const char *at, size_t len, bool *slashed)
{
    *slashed = false;
    for (size_t i = 0; i < len; i++) {
        if (at[i] == '"')
            return i;
        if (at[i] == '\\') {
            *slashed = true;
            i++;
        }
    }
    return len;
}

static bool is_itself(char c)
{
    return c == '"' || c == '\\' || c == '/';
}

static size_t drop_slashes_plain(const char *at, size_t len, char **to)
{
    size_t i = 0;
    for (; i + JSON_BLOCK <= len; *(*to)++ = at[i++])
        if (at[i] == '\\' && !is_itself(at[++i]))
            return i - 1;
    return i;
}

static bool always(void)
{
    return true;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* The block at `at`, or what there is of it in `tail`, filled up with blanks. */
static inline const char *whole_block(const char *at, size_t len, char tail[JSON_BLOCK])
{
    if (len >= JSON_BLOCK)
        return at;
    memset(tail, ' ', JSON_BLOCK);
    memcpy(tail, at, len);
    return tail;
}

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

static size_t string_end_sse2(const char *at, size_t len, bool *slashed)
{
    uint64_t escaped = 0, first = 0;
    *slashed = false;
    for (size_t done = 0; done < len; done += JSON_BLOCK) {
        char tail[JSON_BLOCK];
        struct classes c = {0};
        const char *block = whole_block(at + done, len - done, tail);
        for (unsigned i = 0; i < JSON_BLOCK; i += 16) {
            const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
            c.quotes |= bits_of_16(where_16(bytes, '"')) << i;
            c.slashes |= bits_of_16(where_16(bytes, '\\')) << i;
        }
        first = first_quote(&c, &escaped, slashed);
        if (first)
            return done + (size_t)__builtin_ctzll(first);
    }
    return len;
}

/* Copies 16 bytes; bit i of what it gives: byte i is a backslash. */
static inline unsigned copy_16(char *to, const char *from)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
    _mm_storeu_si128((__m128i *)(void *)to, bytes);
    return (unsigned)_mm_movemask_epi8(where_16(bytes, '\\'));
}

/* From one backslash to the next: what is behind each moves up. */
static size_t drop_slashes_sse2(const char *at, size_t len, char **to)
{
    char *end = *to;
    size_t i = 0;
    while (i + JSON_BLOCK <= len) {
        unsigned slashes = copy_16(end, at + i);
        size_t run = slashes ? (size_t)__builtin_ctz(slashes) : 16;
        end += run;
        i += run;
        if (!slashes)
            continue;
        if (!is_itself(at[i + 1]))
            break;
        *end++ = at[i + 1];
        i += 2;
    }
    *to = end;
    return i;
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

__attribute__((target("avx2"))) static size_t string_end_avx2(const char *at, size_t len,
                                                              bool *slashed)
{
    const __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\');
    uint64_t escaped = 0, first = 0;
    *slashed = false;
    for (size_t done = 0; done < len; done += JSON_BLOCK) {
        char tail[JSON_BLOCK];
        struct classes c = {0};
        const char *block = whole_block(at + done, len - done, tail);
        for (unsigned i = 0; i < JSON_BLOCK; i += 32) {
            const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(block + i));
            c.quotes |= bits_of_32(_mm256_cmpeq_epi8(bytes, quote)) << i;
            c.slashes |= bits_of_32(_mm256_cmpeq_epi8(bytes, slash)) << i;
        }
        first = first_quote(&c, &escaped, slashed);
        if (first)
            return done + (size_t)__builtin_ctzll(first);
    }
    return len;
}

/* For each choice of eight bytes to leave out the places of the others. */
#define KEEPS(m, k) (~(m) >> (k)&1)
#define RANK(m, k) __builtin_popcount(~(m) & ((1 << (k)) - 1))
#define PLACE(m, k) (KEEPS(m, k) ? (uint64_t)(k) << 8 * (RANK(m, k) & 7) : 0)
#define PLACES(m)                                                                                  \
    PLACE(m, 0) | PLACE(m, 1) | PLACE(m, 2) | PLACE(m, 3) | PLACE(m, 4) | PLACE(m, 5) |            \
        PLACE(m, 6) | PLACE(m, 7)
#define PLACES_4(m) PLACES(m), PLACES((m) + 1), PLACES((m) + 2), PLACES((m) + 3)
#define PLACES_16(m) PLACES_4(m), PLACES_4((m) + 4), PLACES_4((m) + 8), PLACES_4((m) + 12)
#define PLACES_64(m) PLACES_16(m), PLACES_16((m) + 16), PLACES_16((m) + 32), PLACES_16((m) + 48)
static const uint64_t places_left[256] = {PLACES_64(0), PLACES_64(64), PLACES_64(128),
                                          PLACES_64(192)};

/* Copies a block without the bytes of `out`. */
__attribute__((target("avx2,popcnt"))) static inline void leave_out(char *to, const char *from,
                                                                    uint64_t out)
{
#pragma GCC unroll 8
    for (unsigned i = 0; i < JSON_BLOCK; i += 8, out >>= 8) {
        const __m128i eight = _mm_loadl_epi64((const __m128i *)(const void *)(from + i));
        const __m128i places =
            _mm_loadl_epi64((const __m128i *)(const void *)&places_left[out & 255]);
        _mm_storel_epi64((__m128i *)(void *)to, _mm_shuffle_epi8(eight, places));
        to += 8 - __builtin_popcountll(out & 255);
    }
}

__attribute__((target("avx2,popcnt"))) static size_t drop_slashes_avx2(const char *at, size_t len,
                                                                       char **to)
{
    const __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\');
    const __m256i solidus = _mm256_set1_epi8('/');
    size_t i = 0;
    for (struct dropping d = {0}; i + JSON_BLOCK <= len && !d.other; i += d.size) {
        uint64_t slashes = 0, themselves = 0;
        for (unsigned half = 0; half < JSON_BLOCK; half += 32) {
            const __m256i bytes =
                _mm256_loadu_si256((const __m256i *)(const void *)(at + i + half));
            const __m256i back = _mm256_cmpeq_epi8(bytes, slash);
            const __m256i other =
                _mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), _mm256_cmpeq_epi8(bytes, solidus));
            slashes |= bits_of_32(back) << half;
            themselves |= bits_of_32(_mm256_or_si256(back, other)) << half;
        }
        d = plan_dropping(slashes, themselves);
        leave_out(*to, at + i, d.escapes);
        *to += d.size - (unsigned)__builtin_popcountll(d.escapes);
    }
    return i;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt");
}

/* --- AVX-512: what compares gives bits, and bytes are left out by one instruction ------------- */

#define WIDE "avx512f,avx512bw,avx512vbmi2,popcnt"

__attribute__((target(WIDE))) static inline uint64_t where_64(__m512i bytes, char c)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

__attribute__((target(WIDE))) static size_t string_end_avx512(const char *at, size_t len,
                                                              bool *slashed)
{
    uint64_t escaped = 0, first = 0;
    *slashed = false;
    for (size_t done = 0; done < len; done += JSON_BLOCK) {
        uint64_t there = len - done < JSON_BLOCK ? (UINT64_C(1) << (len - done)) - 1 : UINT64_MAX;
        const __m512i bytes = _mm512_maskz_loadu_epi8(there, at + done);
        const struct classes c = {.quotes = where_64(bytes, '"'), .slashes = where_64(bytes, '\\')};
        first = first_quote(&c, &escaped, slashed);
        if (first)
            return done + (size_t)__builtin_ctzll(first);
    }
    return len;
}

__attribute__((target(WIDE))) static size_t drop_slashes_avx512(const char *at, size_t len,
                                                                char **to)
{
    size_t i = 0;
    for (struct dropping d = {0}; i + JSON_BLOCK <= len && !d.other; i += d.size) {
        const __m512i bytes = _mm512_loadu_si512(at + i);
        uint64_t slashes = where_64(bytes, '\\');
        d = plan_dropping(slashes, slashes | where_64(bytes, '"') | where_64(bytes, '/'));
        _mm512_storeu_si512(*to, _mm512_maskz_compress_epi8(~d.escapes, bytes));
        *to += d.size - (unsigned)__builtin_popcountll(d.escapes);
    }
    return i;
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi2");
}
#endif

/* --- which one -------------------------------------------------------------------------------- */

const struct json_marker json_markers[] = {
    {"plain", mark_plain, string_end_plain, drop_slashes_plain, always},
#if defined(__x86_64__)
    {"sse2", mark_sse2, string_end_sse2, drop_slashes_sse2, always},
    {"avx2", mark_avx2, string_end_avx2, drop_slashes_avx2, has_avx2},
    {"avx512", mark_avx2, string_end_avx512, drop_slashes_avx512, has_avx512},
#endif
    {NULL, NULL, NULL, NULL, NULL},
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

static const struct json_marker *marker(void)
{
    const struct json_marker *m = atomic_load_explicit(&chosen, memory_order_relaxed);
    return m ? m : choose();
}

void json_mark(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out)
{
    marker()->mark(at, blocks, edge, out);
}

size_t json_string_end(const char *at, size_t len, bool *slashed)
{
    return marker()->string_end(at, len, slashed);
}

size_t json_drop_slashes(const char *at, size_t len, char **to)
{
    return marker()->drop_slashes(at, len, to);
}
