/* The writing half of an import: batches filled by the thread that reads are written by one of
 * their own, one at a time and in order, while the next is filled. Private to core/ingest.c. */
#ifndef CORE_INGEST_WRITER_H
#define CORE_INGEST_WRITER_H

#include "core/base/hash.h"
#include "core/index/store.h"

/* A damaged place met since the batch before; in the batch's arena. */
struct ingest_place {
    struct ingest_place *next;
    uint64_t offset, position;
    struct slice text;
};

/* What one commit writes: entries with all they borrow, what was counted since the batch before,
 * and the source's resume point behind it. */
struct ingest_batch {
    struct stored *items;
    size_t count, room;
    struct arena held;
    uint64_t other;   /* exchanges that are no SCIM calls */
    uint64_t damaged; /* places; the first DAMAGED_KEPT are listed */
    struct ingest_place *places, *last_place;
    uint64_t redacted;               /* of the source, so far */
    struct slice zone;               /* of the source, so far; outlives the batch */
    uint64_t zone_twice, zone_never; /* times that exist twice in the zone, or never */
    bool resumable;                  /* the resume point is given */
    uint64_t records, offset;
    char sha256[HASH_HEX_SIZE];
};

void ingest_batch_init(struct ingest_batch *batch);
/* Empties a batch; what it has allocated stays for the next entries. */
void ingest_batch_reset(struct ingest_batch *batch);
void ingest_batch_free(struct ingest_batch *batch);

struct ingest_writer;

/* `write` is called with `self` for each batch, in the writing thread; nobody else may touch what
 * it touches before ingest_writer_settle. The thread begins with the first batch. */
struct ingest_writer *ingest_writer_new(enum fault_code (*write)(void *self,
                                                                 struct ingest_batch *batch,
                                                                 struct fault *why),
                                        void *self);
/* Waits for the batch being written and ends the thread. */
void ingest_writer_free(struct ingest_writer *w);

/* Takes what `batch` holds, as soon as the batch before is written; `batch` is empty again then.
 * Gives back the fault of a batch handed over earlier: once one failed, further ones are dropped
 * until ingest_writer_reset. */
enum fault_code ingest_writer_hand(struct ingest_writer *w, struct ingest_batch *batch,
                                   struct fault *why);
/* Waits until all is written. Gives back the fault of a batch that nobody was told of yet. */
enum fault_code ingest_writer_settle(struct ingest_writer *w, struct fault *why);
/* Forgets an earlier failure. Only when settled. */
void ingest_writer_reset(struct ingest_writer *w);

#endif
