/* Knows what JSON strings say: quotes, escapes, pairs of surrogates; see json.h. */
#include "core/base/json.h"

#include "core/base/json_marks.h"
#include "core/base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of `\uXXXX` at the text's start, or -1. */
static int32_t take_unit(struct slice s)
{
    if (s.len < 6 || s.at[0] != '\\' || s.at[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(s.at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Resolves the escape at the text's start into at most 4 bytes at `to`, never more than it takes;
 * returns its length in the text. */
static size_t resolve_escape(struct slice s, char *to, size_t *written)
{
    int32_t unit = take_unit(s);
    if (unit >= 0) {
        uint32_t code = (uint32_t)unit;
        size_t used = 6;
        int32_t low = code >= 0xd800 && code <= 0xdbff ? take_unit(slice_from(s, 6)) : -1;
        if (low >= 0xdc00 && low <= 0xdfff) {
            code = 0x10000 + ((code - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
            used = 12;
        }
        *written = utf8_encode(code, to);
        return used;
    }
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    *written = s.len > 1;
    if (s.len < 2)
        return 1;
    const char *hit = s.at[1] >= 'b' && s.at[1] <= 't' ? strchr(names, s.at[1]) : NULL;
    to[0] = hit ? values[hit - names] : s.at[1];
    return 2;
}

struct slice json_unquoted(struct slice raw)
{
    if (raw.len >= 2 && raw.at[0] == '"')
        return slice_make(raw.at + 1, raw.len - 2);
    return raw;
}

bool json_add_text_of(struct buf *out, struct slice raw)
{
    struct slice s = json_unquoted(raw);
    while (s.len) {
        size_t slash = slice_find_byte(s, '\\');
        if (slash == SIZE_MAX)
            return buf_add(out, s);
        buf_add(out, slice_first(s, slash));
        s = slice_from(s, slash);
        char bytes[4];
        size_t written, used = resolve_escape(s, bytes, &written);
        buf_add(out, slice_make(bytes, written));
        s = slice_from(s, used);
    }
    return !buf_full(out);
}

/* Copies up to the next backslash; returns how much. */
static size_t copy_plain(char *to, struct slice s)
{
    const char *slash = memchr(s.at, '\\', s.len);
    size_t len = slash ? (size_t)(slash - s.at) : s.len;
    memmove(to, s.at, len);
    return len;
}

/* Escapes never grow (six bytes become at most three, two become one), so `text` may be where `s`
 * is. */
static struct slice resolve_into(char *text, struct slice s)
{
    char *end = text;
    while (s.len) {
        size_t run = copy_plain(end, s), written = 0;
        end += run;
        s = slice_from(s, run);
        if (s.len)
            s = slice_from(s, resolve_escape(s, end, &written));
        end += written;
    }
    *end = '\0';
    return slice_make(text, (size_t)(end - text));
}

/* The rest of a text, less than a block, as if blanks followed it. */
static size_t drop_last_slashes(struct slice s, char **end)
{
    char tail[2 * JSON_BLOCK - 1];
    memset(tail, ' ', sizeof tail);
    memcpy(tail, s.at, s.len);
    size_t passed = json_drop_slashes(tail, s.len + JSON_BLOCK - 1, end);
    if (passed <= s.len)
        return passed;
    *end -= passed - s.len;
    return s.len;
}

/* The same into memory of its own, of a block more than the text: bodies inside of a body's string
 * have a backslash every few bytes. */
static struct slice resolve_apart(char *text, struct slice s)
{
    char *end = text;
    for (;;) {
        size_t passed =
            s.len < JSON_BLOCK ? drop_last_slashes(s, &end) : json_drop_slashes(s.at, s.len, &end);
        s = slice_from(s, passed);
        if (s.len == 0)
            break;
        if (s.at[0] != '\\')
            continue; /* a part of a block is left */
        size_t written = 0;
        s = slice_from(s, resolve_escape(s, end, &written));
        end += written;
    }
    *end = '\0';
    return slice_make(text, (size_t)(end - text));
}

struct slice json_text(struct arena *arena, struct slice raw)
{
    struct slice s = json_unquoted(raw);
    if (slice_find_byte(s, '\\') == SIZE_MAX)
        return s;
    return resolve_apart(arena_alloc(arena, s.len + JSON_BLOCK + 1), s);
}

struct slice json_text_over(struct slice raw)
{
    struct slice s = json_unquoted(raw);
    size_t slash = slice_find_byte(s, '\\');
    if (slash == SIZE_MAX)
        return s;
    char *text = (char *)(uintptr_t)s.at;
    struct slice rest = resolve_into(text + slash, slice_from(s, slash));
    return slice_make(text, slash + rest.len);
}

bool json_raw_is(struct slice raw, const char *text)
{
    struct slice s = json_unquoted(raw);
    if (slice_find_byte(s, '\\') == SIZE_MAX)
        return slice_is(s, text);
    struct buf resolved;
    buf_init(&resolved, s.len + 1);
    json_add_text_of(&resolved, raw);
    bool is = slice_is(buf_slice(&resolved), text);
    buf_free(&resolved);
    return is;
}

bool json_to_int64(struct slice raw, int64_t *out)
{
    return slice_to_int64(slice_trim(json_unquoted(raw)), out);
}
