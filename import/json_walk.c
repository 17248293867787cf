/* Knows what may follow what in JSON; see json_walk.h. Goes from mark to mark. */
#include "import/json_walk.h"

#include "core/base/json.h"
#include "core/base/json_marks.h"

#include <string.h>

static bool in_object(const struct json_walk *w)
{
    return w->depth > 0 && (w->objects >> (w->depth - 1) & 1);
}

/* True when no value has just ended, so that a value or key may begin. */
static bool may_begin(const struct json_walk *w)
{
    return w->last == 0 || w->last == '{' || w->last == '[' || w->last == ',' || w->last == ':';
}

static bool is_scalar_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '-' || c == '.';
}

static enum walked open_level(struct json_walk *w, char c)
{
    if (!may_begin(w) || (in_object(w) && w->last != ':'))
        return WALK_BROKEN;
    if (w->depth == JSON_DEPTH)
        return WALK_DEEP;
    uint64_t bit = UINT64_C(1) << w->depth;
    w->objects = c == '{' ? w->objects | bit : w->objects & ~bit;
    w->depth++;
    return WALK_DONE;
}

static enum walked close_level(struct json_walk *w, char c)
{
    if (w->depth == 0 || in_object(w) != (c == '}') || w->last == ':')
        return WALK_BROKEN;
    w->depth--;
    return WALK_DONE;
}

/* Takes one byte outside of strings, blanks apart. */
static enum walked step(struct json_walk *w, char c)
{
    switch (c) {
    case '"':
        w->in_string = true;
        return may_begin(w) ? WALK_DONE : WALK_BROKEN;
    case '{':
    case '[':
        return open_level(w, c);
    case '}':
    case ']':
        return close_level(w, c);
    case ',':
        return may_begin(w) ? WALK_BROKEN : WALK_DONE;
    case ':':
        return in_object(w) && w->last == '"' ? WALK_DONE : WALK_BROKEN;
    default:
        return is_scalar_byte(c) && (may_begin(w) || w->last == '1') ? WALK_DONE : WALK_BROKEN;
    }
}

static size_t scalar_end(const char *at, size_t len, size_t pos)
{
    while (pos < len && is_scalar_byte(at[pos]))
        pos++;
    return pos;
}

static bool is_sign(char c)
{
    return c == ',' || c == ':' || c == '"' || c == '{' || c == '}' || c == '[' || c == ']';
}

/* Takes the mark at `*pos`, which moves behind what begins there. WALK_MORE: go on. */
static enum walked take_mark(struct json_walk *w, const char *at, size_t len, size_t *pos)
{
    char c = at[*pos];
    if (w->in_string) { /* so this is its end */
        w->in_string = false;
        ++*pos;
        return w->depth == 0 ? WALK_DONE : WALK_MORE;
    }
    enum walked result = step(w, c);
    if (result != WALK_DONE)
        return result;
    w->last = c;
    if (is_scalar_byte(c)) {
        w->last = '1';
        *pos = scalar_end(at, len, *pos);
        if (*pos == len)
            return WALK_MORE;
        if (w->depth == 0)
            return WALK_DONE;
        return is_sign(at[*pos]) || json_walk_is_blank(at[*pos]) ? WALK_MORE : WALK_BROKEN;
    }
    ++*pos;
    return w->depth == 0 && (c == '}' || c == ']') ? WALK_DONE : WALK_MORE;
}

/* Marks at most `blocks` blocks from at[pos] on, of a last part the padded rest; how many. */
static size_t look_ahead(const char *at, size_t len, size_t pos, size_t blocks,
                         struct json_edge *edge, struct json_marks *out)
{
    size_t whole = (len - pos) / JSON_BLOCK;
    if (whole) {
        whole = whole < blocks ? whole : blocks;
        json_mark(at + pos, whole, edge, out);
        return whole;
    }
    char tail[JSON_BLOCK];
    memset(tail, ' ', sizeof tail);
    memcpy(tail, at + pos, len - pos);
    json_mark(tail, 1, edge, out);
    return 1;
}

/* Whether the byte at `len` is escaped, when the text goes on inside a string that was entered (or
 * begun) at or behind `from`; `before`: whether the byte at `from` is. */
static bool ends_escaped(const char *at, size_t from, size_t len, bool before)
{
    size_t run = 0;
    while (len - run > from && at[len - run - 1] == '\\')
        run++;
    return (run - (before && len - run == from)) % 2 == 1;
}

enum walked json_walk(struct json_walk *w, const char *at, size_t len, size_t *pos)
{
    struct json_edge edge = {.in_string = w->in_string ? UINT64_MAX : 0, .escaped = w->escaped};
    struct json_marks ahead[JSON_AHEAD];
    size_t from = *pos, block = from, count = 1;
    if (from >= len)
        return WALK_MORE;
    if (w->depth == 0 && w->last == '1') {
        *pos = scalar_end(at, len, from);
        return *pos < len ? WALK_DONE : WALK_MORE;
    }
    for (; block < len; count = count < JSON_AHEAD ? 2 * count : count) {
        size_t got = look_ahead(at, len, block, count, &edge, ahead);
        for (size_t b = 0; b < got; b++, block += JSON_BLOCK)
            for (uint64_t marks = ahead[b].marks; marks; marks &= marks - 1) {
                *pos = block + (size_t)__builtin_ctzll(marks);
                enum walked result = take_mark(w, at, len, pos);
                if (result != WALK_MORE)
                    return result;
            }
    }
    w->escaped = w->in_string && ends_escaped(at, from, len, w->escaped);
    *pos = len;
    return WALK_MORE;
}
