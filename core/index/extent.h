/* What a source held, whether or not the index had it already: its record ids, log by log, and the
 * minutes in which something happened, both as runs. So what a source does not show is its own, not
 * that of others which share entries with it. Knows nothing of sources or the index; pure. */
#ifndef CORE_INDEX_EXTENT_H
#define CORE_INDEX_EXTENT_H

#include "core/base/buf.h"
#include "core/base/time.h"

enum {
    EXTENT_RUNS = 64 * 1024,   /* runs of ids that the index keeps of a source, and of minutes */
    EXTENT_LOGS = 256,         /* logs (computer, channel) of a source */
    EXTENT_NAME = 1024,        /* bytes of a computer's or channel's name that are kept */
    EXTENT_BYTES = 1024 * 1024 /* of a source as the index keeps it */
};

/* Numbers without a hole between them. */
struct extent_run {
    int64_t first, last;
};

/* Runs by number; what came out of order waits in `fresh` for extent_settle. */
struct extent_runs {
    struct extent_run *at;
    size_t count, room;
    int64_t *fresh;
    size_t fresh_count, fresh_room;
    uint64_t twice; /* numbers that came more than once */
    int64_t near;   /* numbers so far from each other are one run: 1, or more where small holes say
                       nothing */
};

struct extent_log {
    struct slice computer, channel; /* SLICE_NONE: none */
    struct extent_runs ids;
};

struct extent {
    struct extent_log *logs; /* EXTENT_LOGS of them, or NULL */
    size_t log_count;
    size_t latest;               /* of them, the one met last */
    struct extent_runs minutes;  /* since 1970; pauses under EXTENT_PAUSE are none */
    uint64_t timeless, cleared;  /* entries without a time; events that say a log was cleared */
    size_t id_runs, limit;       /* of ids in all logs; the most, of ids and of minutes */
    bool ids_lost, minutes_lost; /* more than the limit: nothing is known of them */
};

enum { EXTENT_PAUSE = 10 }; /* minutes of silence from which on a pause is one */

/* `limit` runs at most of ids, and as many of minutes. */
void extent_init(struct extent *x, size_t limit);
void extent_free(struct extent *x);

struct extent_entry {
    struct slice computer, channel;
    int64_t record_id; /* -1: none */
    int64_t time_us;   /* TIME_NONE: none */
    bool cleared;      /* says that a log was cleared */
};
void extent_add(struct extent *x, const struct extent_entry *entry);
/* Adds all of `other`, which may tell of the same entries: nothing counts twice for that. */
void extent_add_all(struct extent *x, struct extent *other);
/* Adds of `other` what lies between the first and last of `x`: log by log, and of its minutes. */
void extent_add_inside(struct extent *x, struct extent *other);
/* Brings everything in order; before runs are looked at, and now and then to bound memory. */
void extent_settle(struct extent *x);

/* As the index keeps it; false (nothing is written then) when something was lost. `out` is empty.
 * Settles. */
bool extent_pack(struct extent *x, struct buf *out);
/* Back from what extent_pack wrote into an empty extent; false when it did not write that. */
bool extent_unpack(struct extent *x, struct slice packed);

#endif
