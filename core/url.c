/* Knows the parts of a URL as proxies and clients write them (absolute form, origin form, the
 * authority form of CONNECT) and percent encoding. Decodes nothing it is not asked to. */
#include "core/record.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of `scheme` in `scheme://...`, 0 when there is none. */
static size_t scheme_length(struct slice url)
{
    size_t i = 0;
    while (i < url.len && (is_letter(url.at[i]) || (i && (is_digit(url.at[i]) || url.at[i] == '+' ||
                                                          url.at[i] == '-' || url.at[i] == '.'))))
        i++;
    return i && slice_starts(slice_from(url, i), "://") ? i : 0;
}

/* Ends host and port. */
static bool ends_authority(char c)
{
    return c == '/' || c == '?' || c == '#';
}

static struct slice lower_copy(struct slice text, struct arena *arena)
{
    struct slice copy = arena_copy(arena, text);
    char *at = (char *)(uintptr_t)copy.at; /* ours: just made */
    for (size_t i = 0; i < copy.len; i++)
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] = (char)(at[i] + 32);
    return copy;
}

/* Takes host and port out of `[user@]host[:port]`. */
static void split_authority(struct slice authority, struct url_parts *out, struct arena *arena)
{
    for (size_t i = authority.len; i > 0; i--)
        if (authority.at[i - 1] == '@') {
            authority = slice_from(authority, i);
            break;
        }
    size_t end = authority.len;
    while (end > 0 && is_digit(authority.at[end - 1]))
        end--;
    if (end > 0 && authority.at[end - 1] == ':') {
        int64_t port;
        if (slice_to_int64(slice_from(authority, end), &port) && port <= 65535)
            out->port = (int)port;
        authority = slice_first(authority, end - 1);
    }
    if (authority.len)
        out->host = lower_copy(authority, arena);
}

/* `host:port`, the target of CONNECT. */
static bool is_authority_form(struct slice url)
{
    size_t end = url.len;
    while (end > 0 && is_digit(url.at[end - 1]))
        end--;
    if (end == url.len || end < 2 || url.at[end - 1] != ':')
        return false;
    for (size_t i = 0; i < end; i++)
        if (ends_authority(url.at[i]))
            return false;
    return true;
}

/* The '#' before the fragment; a redaction tag's is none. */
static size_t find_fragment(struct slice rest)
{
    if (slice_find_byte(rest, '#') == SIZE_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] == '#')
            return i;
        if (rest.at[i] == '[' && slice_starts(slice_from(rest, i), "[redacted:")) {
            size_t end = slice_find_byte(slice_from(rest, i), ']');
            if (end == SIZE_MAX)
                return SIZE_MAX;
            i += end;
        }
    }
    return SIZE_MAX;
}

struct url_parts url_split(struct slice url, struct arena *arena)
{
    struct url_parts out = {0};
    if (slice_is_none(url))
        return out;
    size_t scheme = scheme_length(url);
    struct slice rest = url;
    if (scheme) {
        out.scheme = slice_first(url, scheme);
        rest = slice_from(url, scheme + 3);
        size_t end = 0;
        while (end < rest.len && !ends_authority(rest.at[end]))
            end++;
        split_authority(slice_first(rest, end), &out, arena);
        rest = slice_from(rest, end);
    } else if (is_authority_form(url)) {
        split_authority(url, &out, arena);
        return out;
    }
    size_t at = find_fragment(rest);
    if (at != SIZE_MAX) {
        out.fragment = slice_from(rest, at + 1);
        rest = slice_first(rest, at);
    }
    at = slice_find_byte(rest, '?');
    if (at != SIZE_MAX) {
        out.query = slice_from(rest, at + 1);
        rest = slice_first(rest, at);
    }
    if (rest.len)
        out.path = rest;
    return out;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct slice url_decode(struct slice text, bool form, struct arena *arena)
{
    size_t i = 0;
    while (i < text.len && text.at[i] != '%' && !(form && text.at[i] == '+'))
        i++;
    if (i == text.len)
        return text;
    char *out = arena_alloc(arena, text.len + 1);
    memcpy(out, text.at, i);
    size_t len = i;
    for (; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%' && i + 2 < text.len && hex_digit(text.at[i + 1]) >= 0 &&
            hex_digit(text.at[i + 2]) >= 0) {
            c = (char)(hex_digit(text.at[i + 1]) * 16 + hex_digit(text.at[i + 2]));
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        out[len++] = c;
    }
    out[len] = '\0';
    return slice_make(out, len);
}

struct slice url_parameter(struct slice query, const char *name, struct arena *arena)
{
    struct slice part;
    while (slice_cut(&query, '&', &part)) {
        size_t equals = slice_find_byte(part, '=');
        struct slice key = slice_first(part, equals);
        if (!slice_is(url_decode(key, true, arena), name))
            continue;
        struct slice value = equals == SIZE_MAX ? SLICE("") : slice_from(part, equals + 1);
        return url_decode(value, true, arena);
    }
    return SLICE_NONE;
}
