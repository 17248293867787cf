/* Where a text names a person: user names, mail addresses, ids, as far as the text itself tells by
 * keys (JSON at any depth, also inside strings, and `key=value`), by resource paths and by the form
 * of a mail address. Knows neither pseudonyms nor the index. Pure; any thread. */
#ifndef CORE_REPORT_PERSONAL_H
#define CORE_REPORT_PERSONAL_H

#include "core/base/arena.h"

enum { PERSONAL_VALUE = 1024 /* bytes by which values are told apart */ };

enum personal_how {
    PERSONAL_MEMBER, /* a member of JSON */
    PERSONAL_PATH,   /* a resource path */
    PERSONAL_PAIR,   /* `key=value` in prose, where the value may be any word */
    PERSONAL_MAIL    /* its form */
};

struct personal {
    size_t from, len;   /* in the text */
    struct slice value; /* the beginning of it, escapes resolved; borrowed or in the arena */
    enum personal_how how;
};

/* The next value at or behind `*at`, which moves behind it; false at the end. `keys`: further names
 * of `key=value` pairs. Words of the protocol (true, an attribute's name, a URN, a redaction tag)
 * are no values. Values come in order and do not overlap. */
bool personal_next(struct slice text, size_t *at, const struct slice *keys, size_t key_count,
                   struct arena *arena, struct personal *out);

/* Whether it is a word of the protocol, which names nobody: "true", "userName", "urn:...". */
bool personal_is_common(struct slice value);

#endif
