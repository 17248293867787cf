/* Knows how to write JSON and how to make small trees with cJSON; see json.h. */
#include "core/base/json.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/utf8.h"

#include <pthread.h>
#include <stdlib.h>

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

/* What is written goes through a small piece of stack, so that a buffer is grown for a run of text
 * and not for each of its quotes. */
struct piece {
    struct buf *out;
    size_t len;
    char at[256];
};

static void piece_flush(struct piece *p)
{
    buf_add(p->out, slice_make(p->at, p->len));
    p->len = 0;
}

static void piece_add(struct piece *p, const char *at, size_t len)
{
    if (len > sizeof p->at - p->len)
        piece_flush(p);
    if (len > sizeof p->at) {
        buf_add(p->out, slice_make(at, len));
        return;
    }
    memcpy(p->at + p->len, at, len);
    p->len += len;
}

/* `\u` and four hex digits. */
static void add_hex(struct piece *p, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    const char text[] = {'\\',
                         'u',
                         digits[unit >> 12 & 15],
                         digits[unit >> 8 & 15],
                         digits[unit >> 4 & 15],
                         digits[unit & 15]};
    piece_add(p, text, sizeof text);
}

static void add_unit(struct piece *p, uint32_t code)
{
    if (code > 0xffff) {
        add_hex(p, 0xd800 + ((code - 0x10000) >> 10));
        add_hex(p, 0xdc00 + ((code - 0x10000) & 0x3ff));
        return;
    }
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char *hit = code && code < 0x20 ? strchr(values, (int)code) : NULL;
    if (hit)
        piece_add(p, (const char[]){'\\', names[hit - values]}, 2);
    else
        add_hex(p, code);
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

/* Length of the leading run that needs no escape and is plain ASCII. */
static size_t plain_run(struct slice s)
{
    size_t i = 0;
    uint64_t eight;
    for (; s.len - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, s.at + i, sizeof eight);
        if (!are_plain(eight))
            break;
    }
    while (i < s.len && s.at[i] >= 0x20 && s.at[i] < 0x7f && s.at[i] != '"' && s.at[i] != '\\')
        i++;
    return i;
}

bool json_add_string(struct buf *out, struct slice text)
{
    if (slice_is_none(text))
        return buf_add_text(out, "null");
    struct piece piece; /* not initialized as a whole: that would write all of it each time */
    piece.out = out;
    piece.len = 0;
    piece_add(&piece, "\"", 1);
    while (text.len) {
        size_t run = plain_run(text);
        piece_add(&piece, text.at, run);
        text = slice_from(text, run);
        if (text.len == 0)
            break;
        uint32_t code;
        size_t size = utf8_decode(text, &code);
        if (size == 0)
            piece_add(&piece, "\xef\xbf\xbd", 3);
        else if (code == '"' || code == '\\')
            piece_add(&piece, (const char[]){'\\', (char)code}, 2);
        else if (safe_is_hidden(code))
            add_unit(&piece, code);
        else
            piece_add(&piece, text.at, size);
        text = slice_from(text, size ? size : 1);
    }
    piece_add(&piece, "\"", 1);
    piece_flush(&piece);
    return !buf_full(out);
}

bool json_add_key(struct buf *out, const char *key)
{
    char last = out->len ? out->at[out->len - 1] : '{';
    if (last != '{' && last != '[')
        buf_add_byte(out, ',');
    json_add_string(out, slice_of(key));
    return buf_add_byte(out, ':');
}

bool json_add_int(struct buf *out, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    return buf_add(out, slice_make(digits + at, sizeof digits - at));
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
