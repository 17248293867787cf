/* Knows how to walk JSON text token by token; builds nothing; see json.h.
 *
 * It goes from mark to mark (json_marks.h) and never over the bytes between them, those of literals
 * and numbers apart. Marks are looked up ahead of it: one block of 64 bytes at first, since many
 * texts are short or no JSON at all, then twice as many each time. */
#include "core/base/json.h"

void json_scan_init(struct json_scan *scan, struct slice text)
{
    scan->text = text;
    scan->at = 0;
    scan->raw = SLICE_NONE;
    scan->depth = 0;
    scan->slashed = scan->cut = false;
    scan->wants = JSON_WANTS_VALUE;
    scan->objects = 0;
    scan->marks = 0;
    scan->known = scan->block = 0;
    scan->edge = (struct json_edge){0};
    scan->next = scan->count = 0;
}

/* --- marks ------------------------------------------------------------------------------------ */

static bool look_ahead(struct json_scan *scan)
{
    size_t left = scan->text.len - scan->known, blocks = left / JSON_BLOCK;
    if (left == 0)
        return false;
    if (blocks == 0) {
        char tail[JSON_BLOCK]; /* blanks begin nothing */
        memset(tail, ' ', sizeof tail);
        memcpy(tail, scan->text.at + scan->known, left);
        json_mark(tail, 1, &scan->edge, scan->ahead);
        scan->known = scan->text.len;
        scan->count = 1;
    } else {
        size_t most = scan->count ? 2 * scan->count : 1;
        most = most < JSON_AHEAD ? most : JSON_AHEAD;
        blocks = blocks < most ? blocks : most;
        json_mark(scan->text.at + scan->known, blocks, &scan->edge, scan->ahead);
        scan->known += blocks * JSON_BLOCK;
        scan->count = (unsigned)blocks;
    }
    scan->next = 0;
    return true;
}

/* Goes to the next block; false at the text's end. */
static inline bool turn(struct json_scan *scan)
{
    if (scan->next < scan->count) {
        scan->block += JSON_BLOCK;
    } else {
        scan->block = scan->known;
        if (!look_ahead(scan))
            return false;
    }
    scan->marks = scan->ahead[scan->next++].marks;
    return true;
}

/* Whether there is a mark that was not passed yet. */
static inline bool see(struct json_scan *scan)
{
    while (!scan->marks)
        if (!turn(scan))
            return false;
    return true;
}

static inline size_t mark_at(const struct json_scan *scan)
{
    return scan->block + (size_t)__builtin_ctzll(scan->marks);
}

static inline void pass_mark(struct json_scan *scan)
{
    scan->marks &= scan->marks - 1;
}

/* --- tokens ----------------------------------------------------------------------------------- */

static inline bool in_object(const struct json_scan *scan)
{
    return scan->objects & 1;
}

static enum json_token bad(struct json_scan *scan, size_t at, bool cut)
{
    scan->at = at;
    scan->cut = cut;
    scan->wants = JSON_WANTS_NOTHING;
    return JSON_BAD;
}

static inline enum json_token take(struct json_scan *scan, size_t at, size_t len,
                                   enum json_token token)
{
    scan->raw = slice_make(scan->text.at + at, len);
    scan->at = at + len;
    return token;
}

/* A value is complete: what may come next depends on the level around it. */
static inline void value_done(struct json_scan *scan)
{
    scan->wants = scan->depth ? JSON_WANTS_COMMA : JSON_WANTS_VALUE;
}

static inline enum json_token open_level(struct json_scan *scan, size_t at, bool object)
{
    if (scan->depth == JSON_DEPTH)
        return bad(scan, at, false);
    scan->objects = scan->objects << 1 | object;
    scan->depth++;
    scan->wants = object ? JSON_WANTS_KEY : JSON_WANTS_ITEM;
    pass_mark(scan);
    return take(scan, at, 1, object ? JSON_OBJECT : JSON_ARRAY);
}

static inline enum json_token close_level(struct json_scan *scan, size_t at, char c)
{
    bool object = c == '}';
    if ((c != '}' && c != ']') || scan->depth == 0 || in_object(scan) != object)
        return bad(scan, at, false);
    scan->objects >>= 1;
    scan->depth--;
    value_done(scan);
    pass_mark(scan);
    return take(scan, at, 1, object ? JSON_OBJECT_END : JSON_ARRAY_END);
}

/* The rest of a string that does not end in the block where it begins. */
static bool pass_long_string(struct json_scan *scan, uint64_t slashes)
{
    bool slashed = slashes != 0;
    for (scan->marks = 0; !scan->marks; slashed = slashed || slashes) {
        if (!turn(scan))
            return false;
        slashes = scan->ahead[scan->next - 1].slashes;
        if (scan->marks)
            slashes &= scan->marks ^ (scan->marks - 1);
    }
    scan->slashed = slashed;
    return true;
}

/* Passes the string whose first quote is the mark at hand: the next mark is its last. `*len`: its
 * length with the quotes. False when it does not end. */
static inline bool pass_string(struct json_scan *scan, size_t at, size_t *len)
{
    uint64_t first = scan->marks ^ (scan->marks - 1), last = scan->marks & (scan->marks - 1);
    uint64_t slashes = scan->ahead[scan->next - 1].slashes & ~first;
    scan->marks = last;
    scan->slashed = (slashes & (last ^ (last - 1))) != 0;
    if (!last && !pass_long_string(scan, slashes))
        return false;
    *len = mark_at(scan) - at + 1;
    pass_mark(scan);
    return true;
}

static bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static bool ends_literal(char c)
{
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' ||
           c == '"' || c == '{' || c == '[' || c == ':';
}

/* What follows a literal directly has no mark of its own. */
static inline enum json_token take_literal(struct json_scan *scan, size_t at, size_t len,
                                           enum json_token token)
{
    pass_mark(scan);
    value_done(scan);
    take(scan, at, len, token);
    if (scan->at < scan->text.len && !ends_literal(scan->text.at[scan->at]))
        bad(scan, scan->at, false); /* says the next call */
    return token;
}

static enum json_token number(struct json_scan *scan, size_t at)
{
    const char *b = scan->text.at;
    size_t end = at;
    bool digit = false;
    for (; end < scan->text.len && is_number_byte(b[end]); end++)
        digit = digit || (b[end] >= '0' && b[end] <= '9');
    return digit ? take_literal(scan, at, end - at, JSON_NUMBER)
                 : bad(scan, at, end == scan->text.len);
}

static enum json_token word(struct json_scan *scan, size_t at, struct slice name,
                            enum json_token token)
{
    struct slice rest = slice_first(slice_from(scan->text, at), name.len);
    if (memcmp(rest.at, name.at, rest.len) != 0)
        return bad(scan, at, false);
    return rest.len < name.len ? bad(scan, at, true) : take_literal(scan, at, name.len, token);
}

static inline enum json_token key(struct json_scan *scan, size_t at)
{
    size_t len;
    if (!pass_string(scan, at, &len) || !see(scan))
        return bad(scan, at, true);
    size_t colon = mark_at(scan);
    if (scan->text.at[colon] != ':')
        return bad(scan, at, false);
    pass_mark(scan);
    take(scan, at, len, JSON_KEY);
    scan->at = colon + 1;
    scan->wants = JSON_WANTS_VALUE;
    return JSON_KEY;
}

static inline enum json_token value(struct json_scan *scan, size_t at)
{
    size_t len;
    switch (scan->text.at[at]) {
    case '{':
        return open_level(scan, at, true);
    case '[':
        return open_level(scan, at, false);
    case '"':
        if (!pass_string(scan, at, &len))
            return bad(scan, at, true);
        value_done(scan);
        return take(scan, at, len, JSON_STRING);
    case 't':
        return word(scan, at, SLICE("true"), JSON_TRUE);
    case 'f':
        return word(scan, at, SLICE("false"), JSON_FALSE);
    case 'n':
        return word(scan, at, SLICE("null"), JSON_NULL);
    default:
        return number(scan, at);
    }
}

static enum json_token text_ends(struct json_scan *scan)
{
    scan->at = scan->text.len;
    return scan->depth == 0 ? JSON_END : bad(scan, scan->text.len, true);
}

enum json_token json_next(struct json_scan *scan)
{
    enum json_wants wants = scan->wants;
    if (wants == JSON_WANTS_NOTHING)
        return JSON_BAD;
    if (!see(scan))
        return text_ends(scan);
    size_t at = mark_at(scan);
    if (wants == JSON_WANTS_COMMA) {
        if (scan->text.at[at] != ',')
            return close_level(scan, at, scan->text.at[at]);
        pass_mark(scan);
        if (!see(scan))
            return text_ends(scan);
        at = mark_at(scan);
        wants = in_object(scan) ? JSON_WANTS_KEY : JSON_WANTS_ITEM;
    }
    /* A comma before a closing bracket is let through. */
    char c = scan->text.at[at];
    if (wants == JSON_WANTS_KEY)
        return c == '"' ? key(scan, at) : close_level(scan, at, c);
    return wants == JSON_WANTS_ITEM && c == ']' ? close_level(scan, at, c) : value(scan, at);
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
