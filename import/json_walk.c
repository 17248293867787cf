/* Knows what may follow what in JSON; see json_walk.h. */
#include "import/json_walk.h"

#include "core/base/json.h"
#include "core/base/json_string.h"

static bool in_object(const struct json_walk *w)
{
    return w->depth > 0 && (w->objects >> (w->depth - 1) & 1);
}

/* True when no value has just ended, so that a value or key may begin. */
static bool may_begin(const struct json_walk *w)
{
    return w->last == 0 || w->last == '{' || w->last == '[' || w->last == ',' || w->last == ':';
}

/* Behind the end of the string that at[pos] is inside of, or `len` when it does not end. */
static size_t string_end(struct json_walk *w, const char *at, size_t len, size_t pos)
{
    pos += json_string_end(at + pos, len - pos, &w->escaped);
    w->in_string = pos == len;
    return pos + !w->in_string;
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

enum walked json_walk(struct json_walk *w, const char *at, size_t len, size_t *pos)
{
    while (*pos < len) {
        if (w->in_string) {
            *pos = string_end(w, at, len, *pos);
            if (!w->in_string && w->depth == 0)
                return WALK_DONE;
            continue;
        }
        char c = at[*pos];
        bool scalar = is_scalar_byte(c);
        if (w->depth == 0 && w->last == '1' && !scalar)
            return WALK_DONE;
        if (!json_walk_is_blank(c)) {
            enum walked result = step(w, c);
            if (result != WALK_DONE)
                return result;
            w->last = scalar ? '1' : c;
        }
        ++*pos;
        if (w->depth == 0 && (c == '}' || c == ']'))
            return WALK_DONE;
    }
    return WALK_MORE;
}
