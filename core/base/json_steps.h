/* The steps of a JSON scan, for loops over members and items in which a nanosecond counts: what
 * json_next is made of, and shorter ways for where it is known what mostly comes. Each of them does
 * the same as json_next would. */
#ifndef CORE_BASE_JSON_STEPS_H
#define CORE_BASE_JSON_STEPS_H

#include "core/base/json.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { JSON_SHORT = 32 /* bytes that are looked at together */, JSON_HINT = 2 * JSON_SHORT };

#if defined(__SSE2__)
static inline uint32_t json_bits(__m128i one, __m128i two)
{
    return (uint32_t)_mm_movemask_epi8(one) | (uint32_t)_mm_movemask_epi8(two) << 16;
}
#endif

/* Behind the blanks from `at` on. */
size_t json_blanks_end(const struct json_scan *scan, size_t at);

static inline size_t json_pass_blanks(const struct json_scan *scan, size_t at)
{
    if (at < scan->text.len && (unsigned char)scan->text.at[at] > ' ')
        return at;
    at += at < scan->text.len && scan->text.at[at] == ' '; /* mostly one, if any */
    return at < scan->text.len && (unsigned char)scan->text.at[at] <= ' '
               ? json_blanks_end(scan, at)
               : at;
}

/* Whether the byte at `at` is `c`. */
static inline bool json_is_at(const struct json_scan *scan, size_t at, char c)
{
    return at < scan->text.len && scan->text.at[at] == c;
}

static inline bool json_in_object(const struct json_scan *scan)
{
    return scan->objects & 1;
}

static inline enum json_token json_bad(struct json_scan *scan, size_t at, bool cut)
{
    scan->at = at;
    scan->cut = cut;
    scan->wants = JSON_WANTS_NOTHING;
    return JSON_BAD;
}

static inline enum json_token json_take(struct json_scan *scan, size_t at, size_t len,
                                        enum json_token token)
{
    scan->raw = slice_make(scan->text.at + at, len);
    scan->at = at + len;
    return token;
}

/* A value is complete: what may come next depends on the level around it. */
static inline void json_value_done(struct json_scan *scan)
{
    scan->wants = scan->depth ? JSON_WANTS_COMMA : JSON_WANTS_VALUE;
}

static inline enum json_token json_open_level(struct json_scan *scan, size_t at, bool object)
{
    if (scan->depth == JSON_DEPTH)
        return json_bad(scan, at, false);
    scan->objects = scan->objects << 1 | object;
    scan->depth++;
    scan->wants = object ? JSON_WANTS_KEY : JSON_WANTS_ITEM;
    return json_take(scan, at, 1, object ? JSON_OBJECT : JSON_ARRAY);
}

static inline enum json_token json_close_level(struct json_scan *scan, size_t at, char c)
{
    bool object = c == '}';
    if ((c != '}' && c != ']') || scan->depth == 0 || json_in_object(scan) != object)
        return json_bad(scan, at, false);
    scan->objects >>= 1;
    scan->depth--;
    json_value_done(scan);
    return json_take(scan, at, 1, object ? JSON_OBJECT_END : JSON_ARRAY_END);
}

/* Where the string ends that begins with the quote at `at`: its last quote; the text's length when
 * it does not end. For those that are not plain and short. */
size_t json_long_string(struct json_scan *scan, size_t at);

/* The same, for any. */
static inline size_t json_string_last(struct json_scan *scan, size_t at)
{
#if defined(__SSE2__)
    if (scan->text.len - at > JSON_SHORT) {
        const __m128i *from = (const __m128i *)(const void *)(scan->text.at + at + 1);
        const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
        const __m128i one = _mm_loadu_si128(from), two = _mm_loadu_si128(from + 1);
        uint32_t quotes = json_bits(_mm_cmpeq_epi8(one, quote), _mm_cmpeq_epi8(two, quote));
        uint32_t slashes = json_bits(_mm_cmpeq_epi8(one, slash), _mm_cmpeq_epi8(two, slash));
        if (quotes & ~(slashes | (0 - slashes))) {
            scan->slashed = false;
            return at + 1 + (size_t)__builtin_ctz(quotes);
        }
    }
#endif
    return json_long_string(scan, at);
}

/* The quote at `at` begins a key. */
static inline enum json_token json_take_key(struct json_scan *scan, size_t at)
{
    size_t last = json_string_last(scan, at), colon = json_pass_blanks(scan, last + 1);
    if (!json_is_at(scan, colon, ':'))
        return json_bad(scan, at, colon >= scan->text.len);
    json_take(scan, at, last - at + 1, JSON_KEY);
    scan->at = colon + 1;
    scan->wants = JSON_WANTS_VALUE;
    return JSON_KEY;
}

static inline enum json_token json_take_string(struct json_scan *scan, size_t at)
{
    size_t last = json_string_last(scan, at);
    if (last == scan->text.len)
        return json_bad(scan, at, true);
    json_value_done(scan);
    return json_take(scan, at, last - at + 1, JSON_STRING);
}

/* What stands at `at` begins a number, or nothing. */
enum json_token json_take_number(struct json_scan *scan, size_t at);

/* --- shorter ways ----------------------------------------------------------------------------- */

/* The text of the JSON_KEY or JSON_STRING just read, as json_text gives it. */
static inline struct slice json_token_text(const struct json_scan *scan, struct arena *into)
{
    return scan->slashed ? json_text(into, scan->raw)
                         : slice_make(scan->raw.at + 1, scan->raw.len - 2);
}

/* The same as json_next(scan) == JSON_KEY, in fewer steps where it is a key. */
static inline bool json_next_key(struct json_scan *scan)
{
    size_t at = scan->at;
    if (scan->wants == JSON_WANTS_COMMA) {
        if (!json_in_object(scan) || !json_is_at(scan, at, ','))
            return json_next(scan) == JSON_KEY;
        at++;
    } else if (scan->wants != JSON_WANTS_KEY) {
        return json_next(scan) == JSON_KEY;
    }
    return json_is_at(scan, at, '"') ? json_take_key(scan, at) == JSON_KEY
                                     : json_next(scan) == JSON_KEY;
}

/* A key as it was met: writers of JSON put the same keys at the same places, with the same blanks
 * around them, so that one comparison tells most of them. */
struct json_hint {
    char text[JSON_HINT];          /* from the end of the token before up to the colon */
    uint32_t rest[2];              /* of each half, as bits: what is behind the colon */
    unsigned char len, from, size; /* of it; where the key begins with its quotes, its length */
    unsigned char wants;           /* what the scan wanted before it, as it must again */
    bool slashed;
    int meaning; /* for who reads it */
};

#if defined(__SSE2__)
/* Which of the bytes at both places are the same. */
static inline uint32_t json_same(const char *one, const char *other)
{
    const __m128i *a = (const __m128i *)(const void *)one;
    const __m128i *b = (const __m128i *)(const void *)other;
    return json_bits(_mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b)),
                     _mm_cmpeq_epi8(_mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1)));
}
#endif

/* Takes the key that `hint` knows, if it is the next token; false when it is another, or when there
 * is nothing to compare. Zeroed hints know none. For a scan that is inside an object and not behind
 * a key. */
static inline bool json_take_hinted(struct json_scan *scan, const struct json_hint *hint)
{
    if (hint->wants != scan->wants || scan->text.len - scan->at < JSON_HINT)
        return false;
    const char *text = scan->text.at + scan->at;
#if defined(__SSE2__)
    if ((json_same(hint->text, text) | hint->rest[0]) != UINT32_MAX)
        return false;
    if (hint->len > JSON_SHORT &&
        (json_same(hint->text + JSON_SHORT, text + JSON_SHORT) | hint->rest[1]) != UINT32_MAX)
        return false;
#else
    if (memcmp(hint->text, text, hint->len) != 0)
        return false;
#endif
    scan->raw = slice_make(text + hint->from, hint->size);
    scan->at += hint->len;
    scan->slashed = hint->slashed;
    scan->wants = JSON_WANTS_VALUE;
    return true;
}

/* Makes `hint` know the JSON_KEY just read, before which the scan was `before`; none, when it is
 * too long. */
static inline void json_keep_hint(struct json_hint *hint, const struct json_scan *scan, size_t at,
                                  enum json_wants wants)
{
    size_t len = scan->at - at;
    *hint = (struct json_hint){0};
    if (len >= JSON_HINT || (wants != JSON_WANTS_COMMA && wants != JSON_WANTS_KEY))
        return;
    memcpy(hint->text, scan->text.at + at, len);
    uint64_t rest = UINT64_MAX << len;
    hint->rest[0] = (uint32_t)rest;
    hint->rest[1] = (uint32_t)(rest >> 32);
    hint->len = (unsigned char)len;
    hint->from = (unsigned char)(scan->raw.at - (scan->text.at + at));
    hint->size = (unsigned char)scan->raw.len;
    hint->wants = (unsigned char)wants;
    hint->slashed = scan->slashed;
}

/* Takes the end of the object at hand when it stands at once behind what was read. */
static inline bool json_close_object(struct json_scan *scan)
{
    if (!json_is_at(scan, scan->at, '}') || scan->depth == 0 || !json_in_object(scan) ||
        (scan->wants != JSON_WANTS_COMMA && scan->wants != JSON_WANTS_KEY))
        return false;
    json_close_level(scan, scan->at, '}');
    return true;
}

/* The same as json_next(scan), in fewer steps where it is a string or number behind a key. */
static inline enum json_token json_next_value(struct json_scan *scan)
{
    size_t at = scan->at;
    if (scan->wants != JSON_WANTS_VALUE || at >= scan->text.len)
        return json_next(scan);
    char c = scan->text.at[at];
    if (c == '"')
        return json_take_string(scan, at);
    return (c >= '0' && c <= '9') || c == '-' ? json_take_number(scan, at) : json_next(scan);
}

/* The same as json_next(scan), in fewer steps where it is an object or array behind a key, or one
 * in an array, or the array's end. */
static inline enum json_token json_next_level(struct json_scan *scan)
{
    size_t at = scan->at;
    if (scan->wants != JSON_WANTS_VALUE) {
        if (json_in_object(scan) || scan->depth == 0 || scan->wants == JSON_WANTS_NOTHING)
            return json_next(scan);
        if (json_is_at(scan, at, ']'))
            return json_close_level(scan, at, ']');
        if (scan->wants == JSON_WANTS_COMMA && !json_is_at(scan, at++, ','))
            return json_next(scan);
    }
    if (json_is_at(scan, at, '{'))
        return json_open_level(scan, at, true);
    return json_is_at(scan, at, '[') ? json_open_level(scan, at, false) : json_next(scan);
}

/* Passes the value behind a key, in fewer steps where it is a string or empty. */
static inline bool json_skip_value(struct json_scan *scan)
{
    size_t at = scan->at;
    if (scan->wants == JSON_WANTS_VALUE && scan->text.len - at > 1 && scan->depth < JSON_DEPTH) {
        const char *value = scan->text.at + at;
        if ((value[0] == '[' && value[1] == ']') || (value[0] == '{' && value[1] == '}')) {
            json_value_done(scan);
            scan->raw = slice_make(value + 1, 1);
            scan->at = at + 2;
            return true;
        }
    }
    enum json_token token = json_next_value(scan);
    return token == JSON_OBJECT || token == JSON_ARRAY ? json_skip(scan, token, NULL)
                                                       : token != JSON_BAD && token != JSON_END;
}

#endif
