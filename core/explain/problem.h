/* Problems: all failures of one class for one user, or for another subject where nobody is named
 * (DESIGN.md section 1). What the index keeps of them, and how it is brought up to date.
 *
 * A subject is the user (letter case folded); without one the resource of a call (host and path) or
 * the agent of an event (provider on computer). Which problems come out, and their states, depends
 * on the set of entries only, not on the order or the batches of their import. */
#ifndef CORE_EXPLAIN_PROBLEM_H
#define CORE_EXPLAIN_PROBLEM_H

#include "core/base/arena.h"
#include "core/base/fault.h"

struct store;
struct filter;

enum problem_state {
    PROBLEM_FAILING = 1, /* no later success of the same operation on the same subject is known */
    PROBLEM_RESOLVED,    /* `resolved_by` is one */
    PROBLEM_UNKNOWN /* nothing can tell: a failure without a time, or of nobody in particular */
};
const char *
problem_state_name(enum problem_state state); /* "failing" ...; NULL for anything else */

struct problem {
    int64_t id; /* row in this index; may change with an import */
    struct slice class_id, category, vendor;
    struct slice user;         /* SLICE_NONE: the subject is no user */
    struct slice subject;      /* for people; the user where there is one */
    uint64_t attempts;         /* failed entries */
    int64_t first_us, last_us; /* of these; TIME_NONE when none has a time */
    int64_t first_entry, last_entry;
    enum problem_state state;
    int64_t resolved_by, resolved_us; /* the entry that succeeded and its time; 0 and TIME_NONE */
    struct slice mark, note, work;    /* the operator's own: core/index/annotate.h; none */
    uint64_t class_users; /* problems of this class that are not resolved: people who wait */
};

enum { PROBLEM_ENTRIES = 10000 /* ids that problem_entries gives at most */ };

/* The problems that have at least one entry selected by `filter` (NULL: all), each counted whole.
 * What is not resolved first; classes with most people who wait first; then most attempts. Slices
 * live in `arena`. */
enum fault_code problem_list(struct store *s, const struct filter *filter, struct arena *arena,
                             struct problem **out, size_t *count, struct fault *why);
/* The same, but attempts, first and last count the selected entries only; first_entry is 0, state
 * and resolved_by are of the whole index. In no particular order. */
enum fault_code problem_list_within(struct store *s, const struct filter *filter,
                                    struct arena *arena, struct problem **out, size_t *count,
                                    struct fault *why);
/* How many problems are in each state, over the whole index: counts[PROBLEM_FAILING] ... */
enum fault_code problem_count(struct store *s, uint64_t counts[PROBLEM_UNKNOWN + 1],
                              struct fault *why);
/* The problem that an entry belongs to; false in `*found` for an entry that is no failure. */
enum fault_code problem_of_entry(struct store *s, int64_t entry, struct arena *arena,
                                 struct problem *out, bool *found, struct fault *why);
/* The ids of its failed entries by time, record number, source and place in it, at most
 * PROBLEM_ENTRIES of them. */
enum fault_code problem_entries(struct store *s, const struct problem *problem, struct arena *arena,
                                int64_t **out, size_t *count, struct fault *why);

/* Derives the problems of every subject that got entries, or got or lost a user, since the last
 * call. Call after link_users. Memory stays bounded; a killed run goes on at the next call. */
enum fault_code problems_update(struct store *s, struct fault *why);

#endif
