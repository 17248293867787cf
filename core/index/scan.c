/* See scan.h. The plain loops are what the others are compared with. */
#include "core/index/scan.h"

#include <stdatomic.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { WORD = 64 };

/* --- plain ------------------------------------------------------------------------------------ */

#define MARK_PLAIN(type)                                                                           \
    do {                                                                                           \
        const type *at = (const type *)(const void *)codes;                                        \
        type from = (type)range->low, span = (type)(range->high - range->low);                     \
        for (size_t i = 0; i < count; i++)                                                         \
            hits[i] |= (type)(at[i] - from) <= span;                                               \
    } while (0)

static void mark_range(unsigned char hits[WORD], const unsigned char *codes, unsigned width,
                       size_t count, const struct code_range *range)
{
    switch (width) {
    case 1:
        MARK_PLAIN(uint8_t);
        break;
    case 2:
        MARK_PLAIN(uint16_t);
        break;
    case 4:
        MARK_PLAIN(uint32_t);
        break;
    default:
        MARK_PLAIN(uint64_t);
        break;
    }
}

/* Eight bytes of 0 and 1 become eight bits at a time. */
static uint64_t pack_word(const unsigned char hits[WORD])
{
    uint64_t word = 0;
    for (unsigned i = 0; i < WORD; i += 8) {
        uint64_t eight;
        memcpy(&eight, hits + i, sizeof eight);
        word |= (eight * UINT64_C(0x0102040810204080) >> 56) << i;
    }
    return word;
}

static void ranges_plain(uint64_t *bits, const unsigned char *codes, unsigned width, size_t count,
                         const struct code_range *ranges, size_t range_count)
{
    for (size_t i = 0; i < count; i += WORD) {
        unsigned char hits[WORD] = {0};
        size_t some = count - i < WORD ? count - i : WORD;
        for (size_t r = 0; r < range_count; r++)
            mark_range(hits, codes + i * width, width, some, &ranges[r]);
        bits[i / WORD] |= pack_word(hits);
    }
}

static uint64_t ones_plain(const uint64_t *bits, size_t words)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < words; i++)
        sum += (unsigned)__builtin_popcountll(bits[i]);
    return sum;
}

static const char *find_plain(const char *at, size_t len, const char *needle, size_t needle_len)
{
    return memmem(at, len, needle, needle_len);
}

static bool always(void)
{
    return true;
}

/* --- AVX2 ------------------------------------------------------------------------------------- */

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,popcnt")))

AVX2 static inline __m256i load(const unsigned char *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

AVX2 static inline uint64_t bits_of(__m256i hits)
{
    return (uint64_t)(unsigned)_mm256_movemask_epi8(hits);
}

/* All ones where low <= code <= low + span, in codes of one width. */
AVX2 static inline __m256i within_8(__m256i codes, __m256i low, __m256i span)
{
    __m256i above = _mm256_sub_epi8(codes, low);
    return _mm256_cmpeq_epi8(_mm256_min_epu8(above, span), above);
}

AVX2 static inline __m256i within_16(__m256i codes, __m256i low, __m256i span)
{
    __m256i above = _mm256_sub_epi16(codes, low);
    return _mm256_cmpeq_epi16(_mm256_min_epu16(above, span), above);
}

AVX2 static inline __m256i within_32(__m256i codes, __m256i low, __m256i span)
{
    __m256i above = _mm256_sub_epi32(codes, low);
    return _mm256_cmpeq_epi32(_mm256_min_epu32(above, span), above);
}

struct limits {
    __m256i low, span;
};

AVX2 static void words_8(uint64_t *bits, const unsigned char *codes, size_t words,
                         const struct limits *limits, size_t count)
{
    for (size_t w = 0; w < words; w++, codes += WORD) {
        __m256i a = load(codes), b = load(codes + 32);
        __m256i in_a = _mm256_setzero_si256(), in_b = in_a;
        for (size_t r = 0; r < count; r++) {
            in_a = _mm256_or_si256(in_a, within_8(a, limits[r].low, limits[r].span));
            in_b = _mm256_or_si256(in_b, within_8(b, limits[r].low, limits[r].span));
        }
        bits[w] |= bits_of(in_a) | bits_of(in_b) << 32;
    }
}

enum { NIBBLES = 16, RANGES_APART = 2 /* more of them are looked up as a set of bytes */ };

/* A set of bytes: of low half n, the high halves 0 to 7 in low[n], the others in high[n]. */
struct byte_set {
    unsigned char low[NIBBLES], high[NIBBLES];
};

static void set_of_ranges(struct byte_set *set, const struct code_range *ranges, size_t count)
{
    memset(set, 0, sizeof *set);
    for (size_t r = 0; r < count; r++)
        for (uint64_t code = ranges[r].low; code <= ranges[r].high && code <= UINT8_MAX; code++) {
            unsigned char *half = code < 128 ? set->low : set->high;
            half[code % NIBBLES] |= (unsigned char)(1u << (code / NIBBLES % 8));
        }
}

AVX2 static inline __m256i twice(const unsigned char bytes[NIBBLES])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

/* However many ranges there are, a code costs the same. */
AVX2 static void words_8_set(uint64_t *bits, const unsigned char *codes, size_t words,
                             const struct byte_set *set)
{
    static const unsigned char powers[NIBBLES] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                  1, 2, 4, 8, 16, 32, 64, 128};
    const __m256i low = twice(set->low), high = twice(set->high), power = twice(powers);
    const __m256i half = _mm256_set1_epi8(NIBBLES - 1);
    for (size_t w = 0; w < words; w++) {
        uint64_t word = 0;
        for (unsigned part = 0; part < 2; part++, codes += 32) {
            __m256i c = load(codes), left = _mm256_and_si256(c, half);
            __m256i right = _mm256_and_si256(_mm256_srli_epi16(c, 4), half);
            __m256i row = _mm256_blendv_epi8(_mm256_shuffle_epi8(low, left),
                                             _mm256_shuffle_epi8(high, left), c);
            __m256i bit = _mm256_shuffle_epi8(power, right);
            word |= bits_of(_mm256_cmpeq_epi8(_mm256_and_si256(row, bit), bit)) << part * 32;
        }
        bits[w] |= word;
    }
}

/* 32 codes of two bytes. */
AVX2 static inline uint64_t half_16(const unsigned char *codes, const struct limits *limits,
                                    size_t count)
{
    __m256i a = load(codes), b = load(codes + 32);
    __m256i in_a = _mm256_setzero_si256(), in_b = in_a;
    for (size_t r = 0; r < count; r++) {
        in_a = _mm256_or_si256(in_a, within_16(a, limits[r].low, limits[r].span));
        in_b = _mm256_or_si256(in_b, within_16(b, limits[r].low, limits[r].span));
    }
    /* packing works within halves of 128 bits; their quarters are put in order behind it */
    return bits_of(_mm256_permute4x64_epi64(_mm256_packs_epi16(in_a, in_b), 0xD8));
}

AVX2 static void words_16(uint64_t *bits, const unsigned char *codes, size_t words,
                          const struct limits *limits, size_t count)
{
    for (size_t w = 0; w < words; w++, codes += (size_t)2 * WORD)
        bits[w] |= half_16(codes, limits, count) | half_16(codes + WORD, limits, count) << 32;
}

/* 32 codes of four bytes. */
AVX2 static inline uint64_t half_32(const unsigned char *codes, const struct limits *limits,
                                    size_t count)
{
    __m256i in[4];
    for (size_t i = 0; i < 4; i++) {
        __m256i four = load(codes + i * 32);
        in[i] = _mm256_setzero_si256();
        for (size_t r = 0; r < count; r++)
            in[i] = _mm256_or_si256(in[i], within_32(four, limits[r].low, limits[r].span));
    }
    __m256i packed =
        _mm256_packs_epi16(_mm256_packs_epi32(in[0], in[1]), _mm256_packs_epi32(in[2], in[3]));
    return bits_of(_mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
}

AVX2 static void words_32(uint64_t *bits, const unsigned char *codes, size_t words,
                          const struct limits *limits, size_t count)
{
    for (size_t w = 0; w < words; w++, codes += (size_t)4 * WORD)
        bits[w] |= half_32(codes, limits, count) | half_32(codes + (size_t)2 * WORD, limits, count)
                                                       << 32;
}

AVX2 static void ranges_avx2(uint64_t *bits, const unsigned char *codes, unsigned width,
                             size_t count, const struct code_range *ranges, size_t range_count)
{
    struct limits limits[SCAN_RANGES];
    size_t words = width <= 4 && range_count <= SCAN_RANGES ? count / WORD : 0;
    for (size_t r = 0; words && r < range_count; r++) {
        uint64_t low = ranges[r].low, span = ranges[r].high - low;
        limits[r].low = width == 1   ? _mm256_set1_epi8((char)low)
                        : width == 2 ? _mm256_set1_epi16((short)low)
                                     : _mm256_set1_epi32((int)low);
        limits[r].span = width == 1   ? _mm256_set1_epi8((char)span)
                         : width == 2 ? _mm256_set1_epi16((short)span)
                                      : _mm256_set1_epi32((int)span);
    }
    if (width == 1 && range_count > RANGES_APART) {
        struct byte_set set;
        set_of_ranges(&set, ranges, range_count);
        words_8_set(bits, codes, words, &set);
    } else if (width == 1)
        words_8(bits, codes, words, limits, range_count);
    else if (width == 2)
        words_16(bits, codes, words, limits, range_count);
    else
        words_32(bits, codes, words, limits, range_count);
    ranges_plain(bits + words, codes + words * WORD * width, width, count - words * WORD, ranges,
                 range_count);
}

__attribute__((target("popcnt"))) static uint64_t ones_popcnt(const uint64_t *bits, size_t words)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < words; i++)
        sum += (unsigned)__builtin_popcountll(bits[i]);
    return sum;
}

/* Looks for the needle's first and last byte at their distance, 32 places at a time. */
AVX2 static const char *find_avx2(const char *at, size_t len, const char *needle, size_t needle_len)
{
    size_t last = needle_len - 1, i = 0;
    if (last == 0)
        return memchr(at, needle[0], len);
    const __m256i one = _mm256_set1_epi8(needle[0]), other = _mm256_set1_epi8(needle[last]);
    for (; i + last + 32 <= len; i += 32) {
        const unsigned char *here = (const unsigned char *)at + i;
        uint64_t hits = bits_of(_mm256_and_si256(_mm256_cmpeq_epi8(load(here), one),
                                                 _mm256_cmpeq_epi8(load(here + last), other)));
        for (; hits; hits &= hits - 1) {
            const char *place = at + i + __builtin_ctzll(hits);
            if (memcmp(place + 1, needle + 1, last - 1) == 0)
                return place;
        }
    }
    return i < len ? memmem(at + i, len - i, needle, needle_len) : NULL;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}
#endif

/* --- which one -------------------------------------------------------------------------------- */

const struct scanner scanners[] = {
    {"plain", ranges_plain, ones_plain, find_plain, always},
#if defined(__x86_64__)
    {"avx2", ranges_avx2, ones_popcnt, find_avx2, has_avx2},
#endif
    {NULL, NULL, NULL, NULL, NULL},
};

static _Atomic(const struct scanner *) chosen;

static const struct scanner *choose(void)
{
    const struct scanner *best = scanners;
    for (const struct scanner *s = scanners; s->name; s++)
        if (s->usable())
            best = s;
    atomic_store_explicit(&chosen, best, memory_order_relaxed);
    return best;
}

const struct scanner *scanner(void)
{
    const struct scanner *s = atomic_load_explicit(&chosen, memory_order_relaxed);
    return s ? s : choose();
}
