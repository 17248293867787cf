/* Findings: what only several entries together show, as the patterns of the rule packs (classes
 * with `cross_entry`) describe it. Each pattern is one file under core/explain/patterns/ and one
 * row of its table; they see the entries in the order of time and hold no more than a window of
 * them. (Regular expressions are core/explain/pattern.h.) */
#ifndef CORE_EXPLAIN_FINDING_H
#define CORE_EXPLAIN_FINDING_H

#include "core/base/arena.h"
#include "core/base/fault.h"

struct store;
struct filter;
struct rulebook;

enum {
    FINDING_ENTRIES = 200, /* ids that a finding names; all are counted */
    FINDING_USERS = 4096,  /* users that are told apart in one finding; more count as these */
    FINDINGS_LIMIT = 1000  /* findings of one answer */
};

struct finding {
    struct slice class_id;  /* of a rule with cross_entry: title, cause, remedy stand there */
    struct slice subject;   /* the host, credential, domain ... that it is about */
    uint64_t users;         /* people affected, as far as entries name them */
    uint64_t count;         /* entries it rests on */
    const int64_t *entries; /* their ids in the order of time, the first FINDING_ENTRIES */
    size_t entry_count;
    int64_t first_us, last_us;
    struct slice text; /* one sentence made of the entries' own values, for people */
};

/* The findings that rest on at least one entry that `filter` (NULL: all) selects. Terms on time,
 * source, label, host and kind narrow what is looked at; the other terms choose among what is
 * found, so that `is:failure` does not hide the successes that a pattern needs. Most users first,
 * then most entries. Costs a pass over the records: ask off the main thread; store_cancel_when
 * stops it. `book` (NULL: none) knows the vendors' own hosts. */
enum fault_code finding_list(struct store *s, const struct rulebook *book,
                             const struct filter *filter, struct arena *arena, struct finding **out,
                             size_t *count, struct fault *why);

/* The outage windows alone, which need no record: a pass over the calls between the first and the
 * last 5xx, nothing where there is none. Of `filter` only the terms on source, label, host and kind
 * count. None either, and `*skipped`, where that would be more than `most` calls. */
enum fault_code finding_outages(struct store *s, const struct filter *filter, uint64_t most,
                                struct arena *arena, struct finding **out, size_t *count,
                                bool *skipped, struct fault *why);

#endif
