/* Follows one JSON value through bytes that arrive in parts, without building or keeping anything.
 *
 * Looser than JSON (names of literals, forms of numbers and escapes are not looked at) but strict
 * about what may follow what, so that a lost quote or bracket shows within a few bytes. Pure. */
#ifndef IMPORT_JSON_WALK_H
#define IMPORT_JSON_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed at the start of a value. */
struct json_walk {
    uint64_t objects; /* bit d: level d is an object */
    unsigned depth;
    bool in_string, escaped;
    char last; /* the token before: one of `{[}],:`, '"' or '1' for a scalar, 0 at the start */
};

enum walked {
    WALK_DONE,
    WALK_MORE, /* the bytes end inside the value */
    WALK_BROKEN,
    WALK_DEEP, /* more than JSON_DEPTH levels */
    WALK_LONG  /* not said by json_walk: for callers with a ceiling of their own */
};

static inline bool json_walk_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Goes on through at[*pos..len) and moves `*pos`: behind the value when WALK_DONE (a number or
 * literal ends before the byte that follows it), to the first byte that cannot be there when
 * WALK_BROKEN or WALK_DEEP, to `len` when WALK_MORE. Blanks before the value are passed. */
enum walked json_walk(struct json_walk *w, const char *at, size_t len, size_t *pos);

#endif
