/* The import job: what was named -> files and members of archives -> sources, and the exit code of
 * it all. How one source is read is source.c's. */
#include "import/importer.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/ingest.h"
#include "import/follow.h"
#include "import/paths.h"
#include "import/readers.h"
#include "import/source.h"
#include "import/unpack.h"

#include <stdlib.h>
#include <time.h>

enum { NAME_LIMIT = 4096 /* bytes of a member's name that are kept */ };

enum fault_code origin_open(struct input **out, const struct origin *origin,
                            const _Atomic bool *stop, struct fault *why)
{
    if (!slice_is_none(origin->bytes)) {
        *out = input_of_memory(origin->path, origin->bytes);
    } else {
        enum fault_code code = input_open(out, origin->path, why);
        if (code != FAULT_NONE)
            return code;
    }
    input_stop_on(*out, stop);
    return FAULT_NONE;
}

static bool import_input(struct job *job, const struct origin *origin, struct input *in,
                         unsigned depth);

/* --- archives --------------------------------------------------------------------------------- */

static bool import_member(struct job *job, const struct origin *outer, const struct input *file,
                          struct input *member, const char *name, unsigned depth)
{
    struct buf path;
    buf_init(&path, NAME_LIMIT + strlen(outer->path) + 8);
    buf_add_text(&path, outer->path);
    if (name) {
        buf_add_text(&path, "!/");
        buf_add(&path, slice_first(slice_of(name), NAME_LIMIT));
    }
    struct origin origin = {.path = path.at, .bytes = SLICE_NONE, .outer = file};
    input_stop_on(member, &job->progress->stop);
    bool go_on = import_input(job, &origin, member, depth + 1);
    buf_free(&path);
    return go_on;
}

static bool import_packed(struct job *job, const struct origin *origin, struct input *in,
                          unsigned depth)
{
    struct unpack *unpack;
    struct fault why = {.code = FAULT_NONE};
    uint64_t members = 0;
    bool go_on = true;
    input_drop_digest(in); /* what is inside has digests of its own */
    if (unpack_open(&unpack, in, &why) != FAULT_NONE)
        go_on = source_refuse(job, origin->path, &why);
    for (bool more = why.code == FAULT_NONE; more && go_on;) {
        struct input *member;
        const char *name = NULL;
        const struct input *file = origin->outer ? origin->outer : in;
        switch (unpack_next(unpack, &member, &name, &why)) {
        case UNPACK_MEMBER:
            members++;
            go_on = import_member(job, origin, file, member, name, depth);
            input_close(member);
            break;
        case UNPACK_BAD:
            members++;
            go_on = source_refuse(job, origin->path, &why);
            break;
        case UNPACK_FAILED:
            members++;
            go_on = source_refuse(job, origin->path, &why);
            more = false;
            break;
        case UNPACK_END:
            more = false;
        }
    }
    if (go_on && members == 0 && why.code == FAULT_NONE) {
        fault_set(&why, FAULT_MISSING, "is an archive without files");
        go_on = source_refuse(job, origin->path, &why);
    }
    unpack_close(unpack);
    return go_on;
}

/* --- one file or member ----------------------------------------------------------------------- */

static bool import_input(struct job *job, const struct origin *origin, struct input *in,
                         unsigned depth)
{
    const char *format = job->options->format;
    struct slice head = input_head(in);
    struct fault why;
    bool packed = unpack_is_packed(head) && depth < UNPACK_DEPTH;
    const struct reader *reader = reader_detect(head, origin->path);
    if (format && !packed)
        reader = reader_named(format);
    if (reader)
        return source_import(job, origin, in, reader);
    if (packed)
        return import_packed(job, origin, in, depth);
    if (head.len == 0 && !atomic_load(&job->progress->stop))
        fault_set(&why, FAULT_MISSING, "has no bytes");
    else if (unpack_is_packed(head))
        fault_set(&why, FAULT_LIMIT, "is packed more than %d times", UNPACK_DEPTH);
    else
        fault_set(&why, FAULT_FORMAT, "%s", reader_refusal(head));
    return source_refuse(job, origin->path, &why);
}

/* Imports one file; false when the job cannot go on. */
static bool import_origin(struct job *job, const struct origin *origin, const struct fault *refused)
{
    struct input *in = NULL;
    struct fault why = *refused;
    bool go_on;
    if (why.code == FAULT_NONE)
        origin_open(&in, origin, &job->progress->stop, &why);
    if (in && job->follow && !follow_to_the_end(job->follow, origin->path))
        input_set_growing(in);
    if (in)
        go_on = import_input(job, origin, in, 0);
    else
        go_on = source_refuse(job, origin->path, &why);
    if (in)
        job->bytes_before += input_offset(in);
    if (in && input_is_cut(in))
        follow_cut(job->follow, origin->path);
    input_close(in);
    atomic_fetch_add(&job->progress->files_done, 1);
    return go_on;
}

/* --- the job ---------------------------------------------------------------------------------- */

static enum fault_code job_begin(struct job *job, struct store *store, const struct rulebook *book,
                                 const char *first_path)
{
    struct import_result result = {.path = slice_of(first_path)};
    result.code = ingest_open(&job->ingest, store, book, job->options, job->progress, &result.why);
    if (result.code != FAULT_NONE && job->listener && job->listener->source)
        job->listener->source(job->listener->self, &result);
    return result.code;
}

static int job_end(struct job *job)
{
    ingest_close(job->ingest);
    if (job->worst)
        return job->worst;
    if (!job->any_refused)
        return 0;
    return job->any_stored ? 3 : 4;
}

static void count_work(struct import_progress *progress, const struct path_list *list)
{
    uint64_t total = 0;
    bool known = true;
    for (size_t i = 0; i < list->count; i++) {
        total += list->at[i].size;
        known = known && strcmp(list->at[i].path, "-") != 0;
    }
    atomic_store(&progress->bytes_total, known ? total : 0);
    atomic_store(&progress->files_total, list->count);
}

/* --- following -------------------------------------------------------------------------------- */

/* While following only what is new is told: a file that grew is read again as a whole (what was
 * there falls out as duplicates), its damaged places have been told. */
struct news {
    const struct import_listener *listener; /* whom it is told, or NULL */
};

static void tell_news(void *self, const struct import_result *result)
{
    const struct import_listener *listener = ((struct news *)self)->listener;
    if (listener && listener->source && (result->added || result->code != FAULT_NONE))
        listener->source(listener->self, result);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Imports what changes until the job is stopped; false when the index is at fault. */
static bool follow_paths(struct job *job, const char *const *paths, size_t path_count)
{
    struct news news = {job->listener};
    struct import_listener listener = {.self = &news, .source = tell_news};
    struct fault none = {.code = FAULT_NONE};
    int64_t took_ms = 0;
    bool go_on = true;
    job->listener = &listener;
    /* Reading large files again takes at most half of the time. */
    while (go_on && follow_wait(&job->progress->stop, took_ms)) {
        struct path_list list;
        int64_t began = now_ms();
        paths_expand(&list, paths, path_count);
        for (size_t i = 0; go_on && i < list.count; i++) {
            struct origin origin = {.path = list.at[i].path, .bytes = SLICE_NONE};
            if (strcmp(origin.path, "-") != 0 && follow_due(job->follow, origin.path))
                go_on = import_origin(job, &origin, &none);
        }
        paths_free(&list);
        took_ms = now_ms() - began;
    }
    job->listener = news.listener;
    return go_on || atomic_load(&job->progress->stop);
}

static int import_run(struct store *store, const struct rulebook *book, const char *const *paths,
                      size_t path_count, const struct import_options *options,
                      struct import_progress *progress, const struct import_listener *listener)
{
    struct job job = {.options = options, .progress = progress, .listener = listener};
    struct path_list list;
    job.follow = options->follow ? follow_new() : NULL;
    paths_expand(&list, paths, path_count);
    count_work(progress, &list);
    if (job.follow)
        follow_note(job.follow, &list);
    enum fault_code code = job_begin(&job, store, book, path_count ? paths[0] : "-");
    bool go_on = code == FAULT_NONE;
    for (size_t i = 0; go_on && i < list.count; i++) {
        struct origin origin = {.path = list.at[i].path, .bytes = SLICE_NONE};
        go_on = import_origin(&job, &origin, &list.at[i].why);
    }
    paths_free(&list);
    if (job.follow && go_on && follow_paths(&job, paths, path_count) && !job.worst)
        job.worst = fault_exit_code(FAULT_CANCELLED); /* nothing else ends following */
    follow_free(job.follow);
    return code == FAULT_NONE ? job_end(&job) : fault_exit_code(code);
}

static int import_run_memory(struct store *store, const struct rulebook *book, const char *path,
                             struct slice bytes, const struct import_options *options,
                             struct import_progress *progress,
                             const struct import_listener *listener)
{
    struct job job = {.options = options, .progress = progress, .listener = listener};
    struct origin origin = {.path = path, .bytes = slice_is_none(bytes) ? SLICE("") : bytes};
    struct fault none = {.code = FAULT_NONE};
    atomic_store(&progress->bytes_total, bytes.len);
    atomic_store(&progress->files_total, 1);
    enum fault_code code = job_begin(&job, store, book, path);
    if (code != FAULT_NONE)
        return fault_exit_code(code);
    import_origin(&job, &origin, &none);
    return job_end(&job);
}

const struct importer importer_door = {
    .formats = reader_formats,
    .run = import_run,
    .run_memory = import_run_memory,
};
