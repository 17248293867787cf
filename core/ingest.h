/* The one way into the index: record -> redact -> normalise -> classify -> batch -> index.
 * One ingest per import job, used by one thread. Batches are written by a thread of its own: from
 * the first ingest_commit to ingest_end nobody else may use `store`. */
#ifndef CORE_INGEST_H
#define CORE_INGEST_H

#include "core/explain/rulebook.h"
#include "core/importer.h"
#include "core/record.h"

struct ingest;
struct store;

/* `store` is open for writing; `options` and `progress` (may be NULL) are borrowed. */
enum fault_code ingest_open(struct ingest **out, struct store *store, const struct rulebook *book,
                            const struct import_options *options, struct import_progress *progress,
                            struct fault *why);
void ingest_close(struct ingest *g);

/* Begins a source. When a killed run left a partial one of the same path, size and mtime, `skip`
 * becomes how many of its records are committed and `skip_sha256` the digest of the `skip_offset`
 * bytes before its resume point: the caller reads and drops that many records if the digest agrees,
 * and says ingest_restart() if not (duplicates fall out then). */
struct ingest_source {
    const char *path, *format;
    uint64_t size;
    int64_t mtime_us;
    uint64_t skip, skip_offset; /* out */
    char skip_sha256[65];       /* out */
};
enum fault_code ingest_begin(struct ingest *g, struct ingest_source *source, struct fault *why);
void ingest_restart(struct ingest *g);

/* Takes one record (borrowed). True in `*full` (may be NULL): the batch is due, call
 * ingest_commit. */
enum fault_code ingest_add(struct ingest *g, const struct record *record, bool *full,
                           struct fault *why);

/* Hands what was taken to the writing thread, which commits it with `records` read so far, the
 * input's `offset` and the digest of the bytes before it as the source's resume point; waits while
 * the batch before is written. A batch that could not be written shows here at the next call, or at
 * ingest_end. */
enum fault_code ingest_commit(struct ingest *g, uint64_t records, uint64_t offset,
                              const char *sha256, struct fault *why);

/* Notes a damaged place. */
enum fault_code ingest_damaged(struct ingest *g, uint64_t position, const struct fault *place,
                               struct fault *why);

/* Ends the source: commits, links users, fills the counts and `stored` of `result`. `sha256` is the
 * digest of the whole source; `complete` false marks it partial. `result->code` and `result->why`
 * are set by the caller before: FAULT_NONE when it was read to its end. A refused source (another
 * code) of which no entry is in the index leaves no trace: its row and what was noted about it are
 * taken out again, the counts of `result` are filled nevertheless. */
enum fault_code ingest_end(struct ingest *g, const char *sha256, bool complete,
                           struct import_result *result, struct fault *why);

#endif
