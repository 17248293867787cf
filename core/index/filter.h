/* The filter language (DESIGN.md section 5): text <-> terms. No SQL here. */
#ifndef CORE_INDEX_FILTER_H
#define CORE_INDEX_FILTER_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/fault.h"

enum { FILTER_SIZE = 8 * 1024, FILTER_TERMS = 64 };

enum filter_key {
    FILTER_CLASS,
    FILTER_CATEGORY,
    FILTER_VENDOR,
    FILTER_USER,
    FILTER_STATUS,
    FILTER_SCIMTYPE,
    FILTER_EVENT,
    FILTER_LEVEL,
    FILTER_KIND,
    FILTER_METHOD,
    FILTER_PATH,
    FILTER_HOST,
    FILTER_SOURCE,
    FILTER_LABEL,
    FILTER_ID,
    FILTER_REQUEST_ID,
    FILTER_IS,
    FILTER_PROBLEM,
    FILTER_STATE, /* of the problem: what is: takes too, but to be ANDed with it */
    FILTER_WORK,  /* open done ignored: how far the operator is with it */
    FILTER_MARK,
    FILTER_NOTE,
    FILTER_HAS,
    FILTER_TIME,
    FILTER_SINCE,
    FILTER_UNTIL,
    FILTER_TEXT,
    FILTER_BODY,
    FILTER_KEYS
};
const char *filter_key_name(enum filter_key key);

/* One value. What the keys take:
 *   status event id   numbers: 409, 400-499, >=500, >499, <500, <=499; status also 5xx
 *   problem           such a number: of any entry of the problem
 *   time              A..B, A.., ..B, A; since until: such a time A or a span (7d)
 *   category level kind is has state work   one of the words of filter_words()
 *   everything else   text; a substring for text and body, the whole value for the others */
struct filter_value {
    struct slice text; /* quotes resolved; `*` is a wildcard only where `quoted` is false; words
                          in the spelling of filter_words() */
    bool quoted;
    bool none;         /* the word none: matches null */
    int64_t low, high; /* status, event, id, problem: inclusive range; time, since, until: inclusive
                          microseconds, never TIME_NONE (open ends are FILTER_FIRST, INT64_MAX) */
    bool from_end;     /* since:7d@end: `low` is the span before the newest entry */
};
#define FILTER_FIRST (INT64_MIN + 1)

/* The words that a key takes (NULL-ended), or NULL for a key that takes any text or number.
 * is: failure success, and failing resolved unknown (the state of the entry's problem).
 * has: remedy evidence token user mark note. */
const char *const *filter_words(enum filter_key key);

struct filter_term {
    bool exclude;
    enum filter_key key;
    const struct filter_value *values; /* ORed */
    size_t value_count;
    size_t at, len; /* place in filter.text, in bytes, for messages and for taking it out */
};

struct filter {
    const struct filter_term *terms; /* ANDed; several of one key (not excluded) are ORed */
    size_t count;
    struct slice text; /* as given, trimmed */
};

/* Parses; the result lives in `arena`. FAULT_USAGE with `column` = byte from 1 of the word at fault
 * and, where one is near, a suggestion in the sentence. Times without zone are of the process zone;
 * "now" is time_now(). */
enum fault_code filter_parse(struct filter **out, struct slice text, struct arena *arena,
                             struct fault *why);

/* A term as text, quoted where needed: what `f` and facets put into the filter bar. `value` is
 * taken literally; SLICE_NONE becomes the word none. All three append to `out` and return false
 * when its ceiling was met. */
bool filter_add_term(struct buf *out, bool exclude, enum filter_key key, struct slice value);

/* `text` with every term of `key` taken out (all: also excluded ones). */
bool filter_without(struct buf *out, const struct filter *filter, enum filter_key key, bool all);
/* `text` with the value added to (or, when there, taken out of) the key's term. A value of `since`
 * or `until` takes the place of the one before. */
bool filter_toggle(struct buf *out, const struct filter *filter, enum filter_key key,
                   struct slice value);

#endif
