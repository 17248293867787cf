/* What a source covers: which stretches of the log it does not show, so that nobody takes silence
 * for success (DESIGN.md section 4, `sources`).
 *
 * What a source held is noted when it is imported, entries that were there already included (see
 * extent.h). Where that was not done (by an older program), could not be (too many runs) or does
 * not hold any longer (entries were taken out), its entries are walked; if it shared some with
 * others, which are kept once, those of all sources between its first and last count. */
#ifndef CORE_INDEX_COVERAGE_H
#define CORE_INDEX_COVERAGE_H

#include "core/index/store.h"

enum {
    COVERAGE_KEPT = 20,          /* holes, gaps and damaged places that are named per source */
    COVERAGE_SOURCES = 64,       /* sources looked at in one walk over the entries */
    COVERAGE_QUICK = 1000 * 1000 /* entries of an index that is walked unasked */
};

/* Record ids that no entry of the log has, between two that some have. An export that was filtered
 * has such holes by nature. */
struct coverage_hole {
    struct slice computer, channel;
    int64_t from_id, to_id; /* first and last missing */
};

/* A silence far longer than the usual pause of the source: at least an hour and four times the
 * median of its pauses of ten minutes and more; a day when it has fewer than four such pauses.
 * Times are of the minutes around it. */
struct coverage_gap {
    int64_t from_us, to_us;
};

struct coverage_damage {
    uint64_t offset, position;
    struct slice text;
};

struct coverage {
    int64_t source;          /* its id */
    uint64_t timeless;       /* entries without a time */
    uint64_t holes, missing; /* runs of ids, ids in them */
    uint64_t twice;          /* ids that two entries of one log have: it was cleared between */
    uint64_t cleared;        /* events that say that a log was cleared */
    uint64_t gaps;
    struct coverage_hole hole[COVERAGE_KEPT];     /* the first, log by log */
    struct coverage_gap gap[COVERAGE_KEPT];       /* the first in time */
    struct coverage_damage damage[COVERAGE_KEPT]; /* the first; store_source.damaged counts all */
    size_t hole_count, gap_count, damage_count;
    bool ids_unread; /* too many holes to be looked at */
    bool shared;     /* entries of other sources were counted too */
    bool unread;     /* nothing was looked at: see store_coverage_quick */
};

/* The coverage of `count` sources as store_sources gives them; `*out` has one each, in `arena`.
 * Sources of which it was not noted cost a walk over all entries per COVERAGE_SOURCES of them;
 * memory is bounded (128 MiB). */
enum fault_code store_coverage(struct store *s, const struct store_source *sources, size_t count,
                               struct arena *arena, struct coverage **out, struct fault *why);
/* The same for who did not ask for it and does not want to wait: sources that cost a walk are left
 * `unread` when the index has more than COVERAGE_QUICK entries. */
enum fault_code store_coverage_quick(struct store *s, const struct store_source *sources,
                                     size_t count, struct arena *arena, struct coverage **out,
                                     struct fault *why);

/* What an answer of nothing rests on: what was there to be asked. */
struct coverage_sum {
    uint64_t entries;          /* in the index */
    int64_t first_us, last_us; /* TIME_NONE: no entry has a time */
    size_t sources;
    size_t lacking; /* sources that do not show everything */
    size_t unread;  /* others that were not looked at */
};

/* The sum over `count` sources. `found` has the coverage of each, in the same order; NULL: it was
 * not looked at, only what the sources' own rows tell counts. */
struct coverage_sum coverage_sum(const struct store_source *sources, const struct coverage *found,
                                 size_t count);

/* The two sentences that say so under an empty answer, translated, in `arena`: what was there, and
 * whether that is all. `where` tells what is missing: "the
 * Sources view", `scimscope sources`; translated already. */
void coverage_words(const struct coverage_sum *sum, const char *where, struct arena *arena,
                    struct slice *held, struct slice *missing);

/* Whether anything above, or the source's own row, says that it does not show everything. */
bool coverage_is_whole(const struct store_source *source, const struct coverage *c);

#endif
