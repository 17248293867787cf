/* Knows how to walk JSON bytes token by token; builds nothing; see json.h. */
#include "core/base/json.h"

#include "core/base/json_string.h"
#include "core/base/utf8.h"

void json_scan_init(struct json_scan *scan, struct slice text)
{
    *scan = (struct json_scan){.text = text, .want_value = true};
}

static void skip_blanks(struct json_scan *scan)
{
    const char *b = scan->text.at;
    while (scan->at < scan->text.len && (b[scan->at] == ' ' || b[scan->at] == '\n' ||
                                         b[scan->at] == '\r' || b[scan->at] == '\t'))
        scan->at++;
}

static bool in_object(const struct json_scan *scan)
{
    return scan->depth > 0 && (scan->objects >> (scan->depth - 1) & 1);
}

/* Length of the string that begins at the scan with a quote, or 0 when it does not end. */
static size_t string_length(const struct json_scan *scan)
{
    struct slice rest = slice_from(scan->text, scan->at + 1);
    bool escaped = false;
    size_t end = json_string_end(rest.at, rest.len, &escaped);
    return end < rest.len ? end + 2 : 0;
}

static enum json_token take(struct json_scan *scan, size_t len, enum json_token token)
{
    scan->raw = slice_make(scan->text.at + scan->at, len);
    scan->at += len;
    return token;
}

static enum json_token open_level(struct json_scan *scan, bool object)
{
    if (scan->depth == JSON_DEPTH)
        return JSON_BAD;
    uint64_t bit = UINT64_C(1) << scan->depth;
    scan->objects = object ? scan->objects | bit : scan->objects & ~bit;
    scan->depth++;
    scan->want_key = object;
    scan->want_value = !object;
    return take(scan, 1, object ? JSON_OBJECT : JSON_ARRAY);
}

/* A value is complete: what may come next depends on the level around it. */
static void value_done(struct json_scan *scan)
{
    scan->want_key = false;
    scan->want_value = scan->depth == 0;
}

static enum json_token close_level(struct json_scan *scan, bool object)
{
    if (scan->depth == 0 || in_object(scan) != object)
        return JSON_BAD;
    scan->depth--;
    value_done(scan);
    return take(scan, 1, object ? JSON_OBJECT_END : JSON_ARRAY_END);
}

static bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static enum json_token number(struct json_scan *scan)
{
    size_t len = 0;
    bool digit = false;
    while (scan->at + len < scan->text.len && is_number_byte(scan->text.at[scan->at + len])) {
        char c = scan->text.at[scan->at + len];
        digit = digit || (c >= '0' && c <= '9');
        len++;
    }
    if (!digit)
        return JSON_BAD;
    value_done(scan);
    return take(scan, len, JSON_NUMBER);
}

static enum json_token word(struct json_scan *scan, const char *text, enum json_token token)
{
    struct slice rest = slice_from(scan->text, scan->at);
    if (!slice_starts(rest, text))
        return JSON_BAD;
    value_done(scan);
    return take(scan, strlen(text), token);
}

static enum json_token key(struct json_scan *scan)
{
    size_t len = scan->text.at[scan->at] == '"' ? string_length(scan) : 0;
    if (len == 0)
        return JSON_BAD;
    size_t begin = scan->at;
    take(scan, len, JSON_KEY);
    struct slice raw = scan->raw;
    skip_blanks(scan);
    if (scan->at >= scan->text.len || scan->text.at[scan->at] != ':') {
        scan->at = begin;
        return JSON_BAD;
    }
    scan->at++;
    scan->raw = raw;
    scan->want_key = false;
    scan->want_value = true;
    return JSON_KEY;
}

static enum json_token value(struct json_scan *scan)
{
    switch (scan->text.at[scan->at]) {
    case '{':
        return open_level(scan, true);
    case '[':
        return open_level(scan, false);
    case '"': {
        size_t len = string_length(scan);
        if (len == 0)
            return JSON_BAD;
        value_done(scan);
        return take(scan, len, JSON_STRING);
    }
    case 't':
        return word(scan, "true", JSON_TRUE);
    case 'f':
        return word(scan, "false", JSON_FALSE);
    case 'n':
        return word(scan, "null", JSON_NULL);
    default:
        return number(scan);
    }
}

/* Passes the comma between members; a trailing one before a closing bracket is let through. */
static bool pass_comma(struct json_scan *scan)
{
    if (scan->want_key || scan->want_value || scan->depth == 0)
        return true;
    char c = scan->text.at[scan->at];
    if (c == '}' || c == ']')
        return true;
    if (c != ',')
        return false;
    scan->at++;
    skip_blanks(scan);
    scan->want_key = in_object(scan);
    scan->want_value = !scan->want_key;
    return scan->at < scan->text.len;
}

enum json_token json_next(struct json_scan *scan)
{
    skip_blanks(scan);
    if (scan->at >= scan->text.len)
        return scan->depth == 0 ? JSON_END : JSON_BAD;
    if (!pass_comma(scan))
        return JSON_BAD;
    char c = scan->text.at[scan->at];
    bool after_key = in_object(scan) && scan->want_value;
    if ((c == '}' || c == ']') && !after_key)
        return close_level(scan, c == '}');
    return scan->want_key ? key(scan) : value(scan);
}

bool json_skip(struct json_scan *scan, enum json_token token, struct slice *whole)
{
    size_t begin = scan->at - scan->raw.len;
    if (token == JSON_KEY) {
        token = json_next(scan);
        begin = scan->at - scan->raw.len;
    }
    if (token == JSON_OBJECT || token == JSON_ARRAY) {
        unsigned outer = scan->depth - 1;
        while (scan->depth > outer)
            if (json_next(scan) == JSON_BAD)
                return false;
    }
    if (whole)
        *whole = slice_make(scan->text.at + begin, scan->at - begin);
    return token != JSON_BAD && token != JSON_END;
}

/* --- strings ---------------------------------------------------------------------------------- */

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

static struct slice unquoted(struct slice raw)
{
    if (raw.len >= 2 && raw.at[0] == '"')
        return slice_make(raw.at + 1, raw.len - 2);
    return raw;
}

bool json_add_text_of(struct buf *out, struct slice raw)
{
    struct slice s = unquoted(raw);
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
    size_t i = 0;
    uint64_t eight;
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; s.len - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, s.at + i, sizeof eight);
        uint64_t slashes = eight ^ (ones * '\\');
        if ((slashes - ones) & ~slashes & (ones << 7))
            break;
        memcpy(to + i, &eight, sizeof eight);
    }
    for (; i < s.len && s.at[i] != '\\'; i++)
        to[i] = s.at[i];
    return i;
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

struct slice json_text(struct arena *arena, struct slice raw)
{
    struct slice s = unquoted(raw);
    if (slice_find_byte(s, '\\') == SIZE_MAX)
        return s;
    return resolve_into(arena_alloc(arena, s.len + 1), s);
}

struct slice json_text_over(struct slice raw)
{
    struct slice s = unquoted(raw);
    size_t slash = slice_find_byte(s, '\\');
    if (slash == SIZE_MAX)
        return s;
    char *text = (char *)(uintptr_t)s.at;
    struct slice rest = resolve_into(text + slash, slice_from(s, slash));
    return slice_make(text, slash + rest.len);
}

bool json_raw_is(struct slice raw, const char *text)
{
    struct slice s = unquoted(raw);
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
    return slice_to_int64(slice_trim(unquoted(raw)), out);
}
