/* The filter language (DESIGN.md section 5): text <-> terms. No SQL here. */
#ifndef CORE_INDEX_FILTER_H
#define CORE_INDEX_FILTER_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/fault.h"

enum { FILTER_SIZE = 8 * 1024, FILTER_TERMS = 64 };

enum filter_key {
    FILTER_CLASS, FILTER_CATEGORY, FILTER_VENDOR, FILTER_USER, FILTER_STATUS, FILTER_SCIMTYPE,
    FILTER_EVENT, FILTER_LEVEL, FILTER_KIND, FILTER_METHOD, FILTER_PATH, FILTER_HOST,
    FILTER_SOURCE, FILTER_LABEL, FILTER_ID, FILTER_REQUEST_ID, FILTER_IS, FILTER_PROBLEM,
    FILTER_MARK, FILTER_NOTE, FILTER_HAS, FILTER_TIME, FILTER_SINCE, FILTER_UNTIL, FILTER_TEXT,
    FILTER_BODY, FILTER_KEYS
};
const char *filter_key_name(enum filter_key key);

struct filter_value {
    struct slice text;  /* quotes resolved; `*` is a wildcard only where `quoted` is false */
    bool quoted;
    bool none;          /* the word none */
    int64_t low, high;  /* status, event, id: inclusive range; time: inclusive microseconds */
    bool from_end;      /* since:7d@end: `low` is the span before the newest entry */
};

struct filter_term {
    bool exclude;
    enum filter_key key;
    const struct filter_value *values; /* ORed */
    size_t value_count;
    size_t at, len; /* place in the text, in bytes, for messages and for taking it out */
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

/* A term as text, quoted where needed: what `f` and facets put into the filter bar. */
bool filter_add_term(struct buf *out, bool exclude, enum filter_key key, struct slice value);

/* `text` with every term of `key` taken out (all: also excluded ones). */
bool filter_without(struct buf *out, const struct filter *filter, enum filter_key key, bool all);
/* `text` with the value added to (or, when there, taken out of) the key's term. */
bool filter_toggle(struct buf *out, const struct filter *filter, enum filter_key key,
                   struct slice value);

#endif
