/* Knows how to write JSON and how to make small trees with cJSON; see json.h. */
#include "core/base/json.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/utf8.h"

#include <pthread.h>
#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* cJSON cuts strings at \u0000, counts depth to 1000 and accepts control bytes: the scanner goes
 * over the text first, so that only what json.h promises becomes a tree. */
static bool tree_allowed(struct slice text, size_t *end)
{
    struct json_scan scan;
    json_scan_init(&scan, text);
    enum json_token token;
    do {
        token = json_next(&scan);
        if (token == JSON_BAD || token == JSON_END)
            return false;
        if ((token == JSON_KEY || token == JSON_STRING) &&
            slice_find(scan.raw, SLICE("\\u0000")) != SIZE_MAX)
            return false;
    } while (scan.depth > 0);
    *end = scan.at;
    return true;
}

/* cJSON tells want of memory and wrong text alike: let it never see the former. */
static void set_hooks(void)
{
    cJSON_Hooks hooks = {.malloc_fn = xmalloc, .free_fn = free};
    cJSON_InitHooks(&hooks);
}

cJSON *json_tree(struct slice text, size_t *end, struct fault *why)
{
    size_t stop = 0;
    if (!tree_allowed(text, &stop)) {
        fault_set(why, FAULT_FORMAT, "not JSON, or nested deeper than %d levels", JSON_DEPTH);
        return NULL;
    }
    if (end)
        *end = stop;
    else if (slice_trim(slice_from(text, stop)).len) {
        fault_set(why, FAULT_FORMAT, "text after the JSON value");
        return NULL;
    }
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_hooks);
    cJSON *tree = cJSON_ParseWithLengthOpts(text.at, stop, NULL, 0);
    if (!tree)
        fault_set(why, FAULT_FORMAT, "not JSON");
    return tree;
}

static struct slice item_text(const cJSON *item)
{
    return cJSON_IsString(item) ? slice_of(item->valuestring) : SLICE_NONE;
}

struct slice json_tree_text(const cJSON *object, const char *key)
{
    return item_text(cJSON_GetObjectItemCaseSensitive(object, key));
}

struct slice json_tree_text_fold(const cJSON *object, const char *key)
{
    return item_text(json_tree_get_fold(object, key));
}

const cJSON *json_tree_get_fold(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItem(object, key);
}

/* --- writing ---------------------------------------------------------------------------------- */

enum { PART = 512 /* bytes of a text that are escaped at once */ };

/* `\u` and four hex digits. */
static char *put_hex(char *to, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = digits[unit >> shift & 15];
    return to;
}

static char *put_unit(char *to, uint32_t code)
{
    if (code > 0xffff) {
        to = put_hex(to, 0xd800 + ((code - 0x10000) >> 10));
        return put_hex(to, 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char *hit = code && code < 0x20 ? strchr(values, (int)code) : NULL;
    if (!hit)
        return put_hex(to, code);
    *to++ = '\\';
    *to++ = names[hit - values];
    return to;
}

/* True when all of eight bytes stand in a string as themselves. */
static bool are_plain(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t quote = bytes ^ (ones * '"'), slash = bytes ^ (ones * '\\');
    uint64_t last = bytes ^ (ones * 0x7f);
    uint64_t special = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
                       ((last - ones) & ~last) | ((bytes - ones * 0x20) & ~bytes) | bytes;
    return (special & high) == 0;
}

/* Copies the leading run that needs no escape and is plain ASCII to `to`; returns its length. */
static size_t copy_plain(char *to, struct slice s)
{
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i last = _mm_set1_epi8(0x7f), first = _mm_set1_epi8(0x20);
    for (; s.len - i >= 16; i += 16) {
        __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(s.at + i));
        /* as signed bytes what is not ASCII comes before the blank */
        __m128i special = _mm_or_si128(_mm_cmpeq_epi8(at, quote), _mm_cmpeq_epi8(at, slash));
        special = _mm_or_si128(special, _mm_cmpeq_epi8(at, last));
        special = _mm_or_si128(special, _mm_cmplt_epi8(at, first));
        unsigned bits = (unsigned)_mm_movemask_epi8(special);
        _mm_storeu_si128((__m128i *)(void *)(to + i), at);
        if (bits)
            return i + (size_t)__builtin_ctz(bits);
    }
#endif
    uint64_t eight;
    for (; s.len - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, s.at + i, sizeof eight);
        if (!are_plain(eight))
            break;
        memcpy(to + i, &eight, sizeof eight);
    }
    if (i < s.len && s.len - i < sizeof eight && s.len >= sizeof eight) {
        /* the last eight bytes again, some of which were seen */
        memcpy(&eight, s.at + s.len - sizeof eight, sizeof eight);
        if (are_plain(eight)) {
            memcpy(to + s.len - sizeof eight, &eight, sizeof eight);
            return s.len;
        }
    }
    for (; i < s.len && s.at[i] >= 0x20 && s.at[i] < 0x7f && s.at[i] != '"' && s.at[i] != '\\'; i++)
        to[i] = s.at[i];
    return i;
}

#if defined(__SSE2__)
/* Sixteen bytes a step while they are plain but for quotes and backslashes, which JSON inside of a
 * string is full of; what was written is taken off `*text`. Behind an escape the bytes that follow
 * it are stored again, one place further. */
static char *put_steps(char *to, struct slice *text)
{
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i last = _mm_set1_epi8(0x7f), first = _mm_set1_epi8(0x20);
    const char *at = text->at, *end = text->at + text->len;
    for (; end - at >= 32; at += 16) {
        __m128i step = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i other = _mm_or_si128(_mm_cmpeq_epi8(step, last), _mm_cmplt_epi8(step, first));
        if (_mm_movemask_epi8(other))
            break;
        unsigned escapes = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(step, quote), _mm_cmpeq_epi8(step, slash)));
        unsigned done = 0;
        _mm_storeu_si128((__m128i *)(void *)to, step);
        for (; escapes; escapes &= escapes - 1) {
            unsigned next = (unsigned)__builtin_ctz(escapes);
            to += next - done;
            *to++ = '\\';
            _mm_storeu_si128((__m128i *)(void *)to,
                             _mm_loadu_si128((const __m128i *)(const void *)(at + next)));
            done = next;
        }
        to += 16 - done;
    }
    *text = slice_make(at, (size_t)(end - at));
    return to;
}
#else
static char *put_steps(char *to, struct slice *text)
{
    (void)text;
    return to;
}
#endif

/* There is room for the worst case; returns what is behind. */
static char *put_escaped(char *to, struct slice text)
{
    while (text.len) {
        to = put_steps(to, &text);
        size_t run = copy_plain(to, text);
        to += run;
        text = slice_from(text, run);
        if (text.len == 0)
            break;
        if (text.at[0] == '"' || text.at[0] == '\\') { /* what bodies are full of */
            *to++ = '\\';
            *to++ = text.at[0];
            text = slice_from(text, 1);
            continue;
        }
        uint32_t code;
        size_t size = utf8_decode(text, &code);
        if (size == 0) {
            memcpy(to, "\xef\xbf\xbd", 3);
            to += 3;
        } else if (safe_is_hidden(code)) {
            to = put_unit(to, code);
        } else {
            memcpy(to, text.at, size);
            to += size;
        }
        text = slice_from(text, size ? size : 1);
    }
    return to;
}

char *json_put_string(char *to, struct slice text)
{
    if (slice_is_none(text)) {
        memcpy(to, "null", 4);
        return to + 4;
    }
    *to++ = '"';
    to = put_escaped(to, text);
    *to++ = '"';
    return to;
}

/* The length of a first part that ends between two code points. */
static size_t part_of(struct slice text)
{
    if (text.len <= PART)
        return text.len;
    size_t cut = PART;
    while (cut > PART - 3 && (text.at[cut] & 0xc0) == 0x80)
        cut--;
    return (text.at[cut] & 0xc0) == 0x80 ? PART : cut;
}

bool json_add_string(struct buf *out, struct slice text)
{
    if (slice_is_none(text))
        return buf_add(out, SLICE("null"));
    if (text.len <= PART && JSON_ESCAPED * text.len + 16 <= out->limit - out->len) {
        char *to = buf_extend(out, JSON_ESCAPED * text.len + 16);
        if (to)
            buf_cut(out, json_put_string(to, text));
        return to != NULL;
    }
    buf_add_byte(out, '"');
    while (text.len && !buf_full(out)) {
        struct slice part = slice_first(text, part_of(text));
        text = slice_from(text, part.len);
        if (JSON_ESCAPED * part.len <= out->limit - out->len) {
            char *to = buf_extend(out, JSON_ESCAPED * part.len);
            buf_cut(out, put_escaped(to, part));
            continue;
        }
        char escaped[JSON_ESCAPED * PART]; /* near the buffer's ceiling: it may yet fit */
        const char *end = put_escaped(escaped, part);
        buf_add(out, slice_make(escaped, (size_t)(end - escaped)));
    }
    return buf_add_byte(out, '"');
}

bool json_add_key(struct buf *out, const char *key)
{
    char last = out->len ? out->at[out->len - 1] : '{';
    if (last != '{' && last != '[')
        buf_add_byte(out, ',');
    json_add_string(out, slice_of(key));
    return buf_add_byte(out, ':');
}

char *json_put_int(char *to, int64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (; rest > 9; rest /= 100)
        memcpy(digits + (at -= 2), pairs + rest % 100 * 2, 2);
    if (rest || at == sizeof digits)
        digits[--at] = (char)('0' + rest);
    if (value < 0)
        *to++ = '-';
    memcpy(to, digits + at, sizeof digits - at);
    return to + (sizeof digits - at);
}

bool json_add_int(struct buf *out, int64_t value)
{
    char text[24];
    const char *end = json_put_int(text, value);
    return buf_add(out, slice_make(text, (size_t)(end - text)));
}

static void add_indent(struct buf *out, unsigned depth)
{
    buf_add_byte(out, '\n');
    for (unsigned i = 0; i < depth; i++)
        buf_add_text(out, "  ");
}

static bool closes(enum json_token token)
{
    return token == JSON_OBJECT_END || token == JSON_ARRAY_END;
}

static bool opens(enum json_token token)
{
    return token == JSON_OBJECT || token == JSON_ARRAY;
}

bool json_add_pretty(struct buf *out, struct slice text)
{
    struct json_scan scan;
    json_scan_init(&scan, text);
    size_t begin = out->len;
    enum json_token before = JSON_END;
    for (;;) {
        enum json_token token = json_next(&scan);
        if (token == JSON_END && before != JSON_END)
            return !buf_full(out);
        if (token == JSON_BAD || token == JSON_END) {
            out->len = begin;
            if (out->at)
                out->at[begin] = '\0';
            return buf_add(out, text);
        }
        bool empty = closes(token) && opens(before);
        if (before != JSON_END && before != JSON_KEY && !opens(before) && !closes(token) &&
            scan.depth - (opens(token) ? 1 : 0) > 0)
            buf_add_byte(out, ',');
        if (before != JSON_END && before != JSON_KEY && !empty)
            add_indent(out, scan.depth - (opens(token) ? 1 : 0));
        buf_add(out, scan.raw);
        if (token == JSON_KEY)
            buf_add_text(out, ": ");
        before = token;
    }
}
