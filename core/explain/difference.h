/* What changed between two stretches of time, two runs of an agent or two indexes: problems that
 * are new, that persist, that were fixed. A problem is the same when class and subject are (ASCII
 * letters folded). Silence is never taken for a repair: how a repair shows is told. */
#ifndef CORE_EXPLAIN_DIFFERENCE_H
#define CORE_EXPLAIN_DIFFERENCE_H

#include "core/explain/evidence.h"
#include "core/explain/problem.h"

/* One side: what `filter` (NULL: all) selects of `store`; both borrowed. */
struct difference_side {
    struct store *store;
    const struct filter *filter;
};

enum difference_kind {
    DIFFERENCE_NEW,        /* failed on the second side only */
    DIFFERENCE_PERSISTING, /* on both */
    DIFFERENCE_FIXED       /* on the first side only */
};
const char *difference_kind_name(enum difference_kind kind); /* "new" ... */

struct difference {
    enum difference_kind kind;
    struct problem before, after; /* attempts, first and last of that side alone; zeroed when it did
                                     not fail there */
    /* Of what was fixed. Shown: the second side holds `by`, a later success of the same operation.
     * Consistent: it holds entries of the same user, none of them such a failure. Not captured: it
     * holds nothing of the user, or there is none. */
    enum evidence_verdict repair;
    int64_t by;
};

/* New ones first, then persisting, then fixed; most attempts first in each. `*empty`: the second
 * side holds no entry at all, so that nothing can be said of a repair. Slices live in `arena`. */
enum fault_code difference_list(const struct difference_side *a, const struct difference_side *b,
                                struct arena *arena, struct difference **out, size_t *count,
                                bool *empty, struct fault *why);

/* The last two runs of the agent that ran last, as events say where runs begin and end. */
struct agent_run {
    struct slice computer, channel, provider;
    int64_t from_us, to_us;
};
enum { AGENT_RUNS = 2 };
/* The newest first in time order: out[0] the one before, out[1] the last. `*count` less than two
 * when no more are marked. */
enum fault_code agent_runs(struct store *s, struct arena *arena, struct agent_run out[AGENT_RUNS],
                           size_t *count, struct fault *why);

#endif
