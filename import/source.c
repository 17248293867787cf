/* One source: begun, resumed, read, ended and judged. Knows nothing of paths, archives, formats or
 * the index. */
#include "import/source.h"

#include "core/base/alloc.h"
#include "core/ingest.h"
#include "import/readers.h"

#include <stdlib.h>

enum { DRAIN_SIZE = 256 * 1024 };

/* One source while it is read. */
struct run {
    struct job *job;
    const struct origin *origin;
    struct input *in;
    const struct reader *reader;
    void *self;
    uint64_t skip;             /* records that an earlier run committed */
    uint64_t records, damaged; /* read so far; `records` counts damaged ones too */
    bool begun, complete;
    struct import_result result;
};

/* --- damaged places --------------------------------------------------------------------------- */

static enum fault_code run_damaged(struct run *run, const struct fault *place, struct fault *why)
{
    struct job *job = run->job;
    run->damaged++;
    atomic_fetch_add(&job->progress->damaged, 1);
    if (job->listener && job->listener->damaged)
        job->listener->damaged(job->listener->self, run->origin->path, place);
    return ingest_damaged(job->ingest, run->records, place, why);
}

/* --- the resume point ------------------------------------------------------------------------- */

/* Reads `size` bytes (or to the end) and drops them. */
static enum fault_code drain(struct input *in, uint64_t size, struct fault *why)
{
    char *bytes = xmalloc(DRAIN_SIZE);
    enum fault_code code = FAULT_NONE;
    while (size > 0 && code == FAULT_NONE) {
        size_t got, part = size < DRAIN_SIZE ? (size_t)size : DRAIN_SIZE;
        code = input_read(in, bytes, part, &got, why);
        if (got == 0)
            break;
        size -= got;
    }
    free(bytes);
    return code;
}

static bool prefix_agrees(const struct run *run, const struct ingest_source *source)
{
    struct input *in;
    struct fault ignored;
    char digest[HASH_HEX_SIZE];
    if (origin_open(&in, run->origin, &run->job->progress->stop, &ignored) != FAULT_NONE)
        return false;
    bool agrees = drain(in, source->skip_offset, &ignored) == FAULT_NONE &&
                  input_offset(in) == source->skip_offset;
    input_digest(in, digest);
    input_close(in);
    return agrees && strcmp(digest, source->skip_sha256) == 0;
}

static enum fault_code run_begin(struct run *run, struct fault *why)
{
    struct ingest_source source = {.path = run->origin->path,
                                   .format = run->reader->info.name,
                                   .size = input_size(run->in),
                                   .mtime_us = input_mtime(run->in)};
    enum fault_code code = ingest_begin(run->job->ingest, &source, why);
    if (code != FAULT_NONE)
        return code;
    run->begun = true;
    run->skip = source.skip;
    bool once =
        run->origin->outer || strcmp(run->origin->path, "-") == 0; /* not to be read twice */
    if (run->skip && (once || !prefix_agrees(run, &source))) {
        ingest_restart(run->job->ingest);
        run->skip = 0;
    }
    return FAULT_NONE;
}

static enum fault_code run_commit(struct run *run, struct fault *why)
{
    char digest[HASH_HEX_SIZE];
    input_digest(run->in, digest);
    return ingest_commit(run->job->ingest, run->records, input_offset(run->in), digest, why);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void end_with(struct run *run, const struct fault *why)
{
    run->result.code = why->code;
    run->result.why = *why;
}

/* The reader has come to the end: what stands behind it is read for the digest. */
static enum fault_code finish_reading(struct run *run, struct fault *why)
{
    struct fault place;
    enum fault_code code = drain(run->in, UINT64_MAX, &place);
    if (code == FAULT_NONE && input_offset(run->in) < input_size(run->in)) {
        code = fault_set(&place, FAULT_FORMAT, "the file became shorter while it was read");
        place.offset = input_offset(run->in);
    }
    if (code == FAULT_CANCELLED) {
        end_with(run, &place);
        return FAULT_NONE;
    }
    run->complete = code == FAULT_NONE;
    if (code != FAULT_NONE)
        return run_damaged(run, &place, why);
    if (run->damaged && run->damaged == run->records)
        fault_set(&run->result.why, run->result.code = FAULT_FORMAT, "nothing intact in it");
    return FAULT_NONE;
}

/* The reader cannot go on: a refusal when nothing was read yet, else a damaged place. */
static enum fault_code finish_failed(struct run *run, const struct fault *place, struct fault *why)
{
    end_with(run, place);
    run->complete = place->code != FAULT_IO && place->code != FAULT_CANCELLED;
    if (place->code == FAULT_CANCELLED || run->records == run->damaged)
        return FAULT_NONE;
    return run_damaged(run, place, why);
}

static enum fault_code take_record(struct run *run, const struct record *record, struct fault *why)
{
    bool full = false;
    run->records++;
    if (run->records <= run->skip)
        return FAULT_NONE;
    enum fault_code code = ingest_add(run->job->ingest, record, &full, why);
    return code == FAULT_NONE && full ? run_commit(run, why) : code;
}

static enum fault_code take_damaged(struct run *run, const struct fault *place, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (run->records < run->skip)
        run->damaged++; /* told and stored by the earlier run */
    else
        code = run_damaged(run, place, why);
    run->records++;
    return code;
}

/* Reads all records. Faults of the index are returned; what is wrong with the source goes into
 * `run->result`. */
static enum fault_code run_records(struct run *run, struct fault *why)
{
    struct import_progress *progress = run->job->progress;
    enum fault_code code = FAULT_NONE;
    while (code == FAULT_NONE) {
        struct record record;
        struct fault place = {.code = FAULT_NONE};
        if (atomic_load(&progress->stop)) {
            fault_set(&place, FAULT_CANCELLED, "stopped");
            return finish_failed(run, &place, why);
        }
        enum reading reading = run->reader->next(run->self, &record, &place);
        const struct input *counted = run->origin->outer ? run->origin->outer : run->in;
        atomic_store(&progress->bytes_done, run->job->bytes_before + input_offset(counted));
        switch (reading) {
        case READING_RECORD:
            code = take_record(run, &record, why);
            break;
        case READING_BAD_RECORD:
            code = take_damaged(run, &place, why);
            break;
        case READING_END:
            return finish_reading(run, why);
        case READING_FAILED:
            return finish_failed(run, &place, why);
        }
    }
    return code;
}

/* --- one source ------------------------------------------------------------------------------- */

/* Reads the source. What is wrong with the source itself is left in `run->result`. */
static enum fault_code run_source(struct run *run, struct fault *why)
{
    struct fault refusal;
    run->result.format = slice_of(run->reader->info.name);
    if (run->job->options->dry_run)
        input_drop_digest(run->in);
    enum fault_code code = run_begin(run, why);
    if (code != FAULT_NONE)
        return code;
    if (run->reader->open(&run->self, run->in, &refusal) != FAULT_NONE) {
        end_with(run, &refusal);
        return FAULT_NONE;
    }
    code = run_records(run, why);
    if (code == FAULT_NONE && !run->complete && run->records > run->skip)
        code = run_commit(run, why); /* so that the next run goes on from here */
    return code;
}

static bool is_fatal(enum fault_code code)
{
    return code == FAULT_IO || code == FAULT_INDEX || code == FAULT_BUSY ||
           code == FAULT_INTERNAL || code == FAULT_CONFIG;
}

/* What the source means for the exit code (DESIGN.md section 4). `fault` is that of the index. */
static void judge(const struct run *run, enum fault_code fault)
{
    struct job *job = run->job;
    const struct import_result *result = &run->result;
    int code = fault != FAULT_NONE ? fault_exit_code(fault) : 0;
    if (fault == FAULT_NONE && result->code == FAULT_CANCELLED)
        code = fault_exit_code(FAULT_CANCELLED);
    if (code > job->worst)
        job->worst = code;
    bool would_be = job->options->dry_run && result->entries > 0;
    job->any_stored = job->any_stored || result->stored || would_be;
    job->any_refused = job->any_refused || result->code != FAULT_NONE || run->damaged > 0;
}

/* Ends what ingest knows of the source; the code that the whole run ends with. */
static enum fault_code end_source(struct run *run, enum fault_code code, struct fault *why)
{
    char digest[HASH_HEX_SIZE];
    struct fault ignored;
    input_digest(run->in, digest);
    enum fault_code ended = ingest_end(run->job->ingest, digest, run->complete, &run->result,
                                       code == FAULT_NONE ? why : &ignored);
    if (code == FAULT_NONE && ended != FAULT_NONE)
        end_with(run, why);
    return code == FAULT_NONE ? ended : code;
}

static bool source_done(struct run *run, enum fault_code code)
{
    struct job *job = run->job;
    judge(run, code);
    if (job->listener && job->listener->source)
        job->listener->source(job->listener->self, &run->result);
    return !is_fatal(code) && run->result.code != FAULT_CANCELLED;
}

bool source_import(struct job *job, const struct origin *origin, struct input *in,
                   const struct reader *reader)
{
    struct run run = {.job = job,
                      .origin = origin,
                      .in = in,
                      .reader = reader,
                      .result = {.path = slice_of(origin->path)}};
    struct fault why = {.code = FAULT_NONE};
    enum fault_code code = run_source(&run, &why);
    if (code != FAULT_NONE)
        end_with(&run, &why);
    if (run.begun)
        code = end_source(&run, code, &why);
    reader->close(run.self);
    return source_done(&run, code);
}

bool source_refuse(struct job *job, const char *path, const struct fault *refused)
{
    struct origin origin = {.path = path};
    struct run run = {.job = job, .origin = &origin, .result = {.path = slice_of(path)}};
    end_with(&run, refused);
    return source_done(&run, FAULT_NONE);
}
