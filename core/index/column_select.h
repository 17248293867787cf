/* What a selection has found by columns, and the questions answered from that. Private to
 * core/index; select.c and facet.c ask here first, and the rows when this gives FAULT_INDEX. */
#ifndef CORE_INDEX_COLUMN_SELECT_H
#define CORE_INDEX_COLUMN_SELECT_H

#include "core/index/choose.h"

/* The selected entries of a block: all of them when `bits` is NULL. */
struct chosen {
    struct block *block; /* held */
    uint64_t *bits;
    size_t count, timed;
};

struct chosen_all {
    struct chosen *blocks; /* those with selected entries, in the order of ids */
    size_t count;
    uint64_t entries, timed;
    const struct choice *classes; /* not NULL: it asks for nothing but classes */
};

void chosen_free(struct chosen_all *all);
/* Selected entries of [from, to) in a block. */
size_t chosen_ones(const struct chosen *c, size_t from, size_t to);
/* The next selected entry of [from, to), or `to`; the last one, or `to`. */
size_t chosen_next(const struct chosen *c, size_t from, size_t to);
size_t chosen_last(const struct chosen *c, size_t from, size_t to);

/* Walks the selected entries that have a time (or those that have none) in their order. */
struct walk;
enum fault_code walk_begin(struct walk **out, struct store *s, const struct chosen_all *all,
                           bool timed, bool forward, uint64_t skip, struct fault *why);
/* The id of the next entry, 0 at the end. */
enum fault_code walk_next(struct walk *w, int64_t *id, struct fault *why);
void walk_end(struct walk *w);

/* A scan over blocks, the newest first, that can be left and gone on with. */
struct chooser {
    struct block **blocks; /* held */
    size_t count, done;
    sqlite3_stmt *by_rows; /* of what columns cannot tell; NULL: they tell all */
    int first_parameter;   /* of it: the range of ids */
    void *scratch;
};
/* Inside a question. `where` is only looked at when the choice does not answer all by itself, or a
 * block lacks texts. */
struct where;
enum fault_code chooser_begin(struct chooser *out, struct chosen_all *chosen, struct store *s,
                              const struct choice *c, const struct where *where,
                              struct block *const *blocks, size_t count, struct fault *why);
/* Adds what the choice selects of the next block. */
enum fault_code chooser_step(struct chooser *at, struct chosen_all *chosen, struct store *s,
                             struct choice *c, struct fault *why);
void chooser_end(struct chooser *at);
/* Counts without a scan what a choice of nothing but classes selects, by what blocks know of
 * theirs; false when some block does not. */
bool chooser_count(const struct chooser *at, const struct choice *c, uint64_t *out);
enum fault_code chosen_span(struct store *s, const struct chosen_all *all, int64_t *oldest,
                            int64_t *newest, struct fault *why);
/* `bucket_of` tells the number of the bucket of a time within [from, to], rising with it;
 * `bucket_end` the first time behind a bucket. */
enum fault_code chosen_histogram(struct store *s, const struct chosen_all *all, int64_t from,
                                 int64_t to, size_t buckets,
                                 size_t (*bucket_of)(const void *self, int64_t time_us),
                                 int64_t (*bucket_end)(const void *self, size_t bucket),
                                 const void *self, uint64_t *out, struct fault *why);
/* Counts by the number that stands for a value in facet.c (key_of). Values that cannot be among the
 * `limit` most frequent ones may be left out. */
struct tally;
enum fault_code chosen_tally(struct store *s, const struct chosen_all *all, enum facet facet,
                             size_t limit, struct tally *out, struct fault *why);

/* How many selected entries stand before this one, oldest first; FAULT_USAGE when it is not among
 * them. */
enum fault_code chosen_rank(struct store *s, const struct chosen_all *all, int64_t id,
                            uint64_t *out, struct fault *why);

#endif
