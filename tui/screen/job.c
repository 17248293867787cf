/* See job.h. */
#include "tui/screen/job.h"

#include "core/base/alloc.h"
#include "core/base/embed.h"
#include "core/base/safe.h"
#include "core/base/words.h"
#include "core/index/filter.h"
#include "core/index/store.h"
#include "core/reclassify.h"
#include "core/report/report.h"
#include "core/report/ticket.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { JOB_NICE = 10, JOB_SENTENCE = 400 };

struct job {
    pthread_t thread;
    _Atomic bool done;
    struct import_progress progress;
    struct job_import import;
    char *db, *path, *filter; /* export */
    bool ticket, pseudonymize;
    /* Written by the thread before `done`, read by the main thread after. */
    char sentence[JOB_SENTENCE];
    bool failed;
    int exit_code;
    /* Of the import, for its sentence. */
    uint64_t added, duplicates, damaged, refused, sources;
    uint64_t reclassified, columns;
    char refusal[240];
};

static void lower_priority(void)
{
    /* Linux: the priority of this thread alone. It is a courtesy; failing changes nothing. */
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), JOB_NICE);
}

static void finish(struct job *job, enum fault_code bad, const struct fault *why)
{
    if (bad) {
        job->failed = true;
        job->exit_code = fault_exit_code(bad);
        snprintf(job->sentence, sizeof job->sentence, "%s", why->text);
    }
    atomic_store(&job->done, true);
}

/* --- import ----------------------------------------------------------------------------------- */

static void on_source(void *self, const struct import_result *result)
{
    struct job *job = self;
    char safe[100];
    job->sources++;
    job->added += result->added;
    job->duplicates += result->duplicates;
    job->damaged += result->damaged;
    if (result->code != FAULT_NONE && job->refused++ == 0)
        snprintf(job->refusal, sizeof job->refusal, "%s: %.120s",
                 safe_short(safe, sizeof safe, result->path), result->why.text);
}

static void raise_code(int *worst, int code)
{
    /* DESIGN.md section 4: 6, 7 and 70 win, else 3 when some of it is in, else the other. */
    bool hard = *worst == 6 || *worst == 7 || *worst == 70;
    if (code == 6 || code == 7 || code == 70)
        *worst = code > *worst || !hard ? code : *worst;
    else if (!hard && code != 0)
        *worst = *worst == 0 ? code : *worst == code ? code : 3;
}

static int import_samples(struct job *job, struct store *store,
                          const struct import_listener *listener,
                          const struct import_options *options)
{
    int worst = 0;
    for (const struct embedded *e = embedded_files; e->name; e++) {
        if (strncmp(e->name, "samples/", 8) != 0 || slice_ends_fold(slice_of(e->name), ".md"))
            continue;
        struct slice bytes = slice_make((const char *)e->at, (size_t)(e->end - e->at));
        raise_code(&worst, job->import.importer->run_memory(store, job->import.book, e->name, bytes,
                                                            options, &job->progress, listener));
    }
    return worst;
}

static void import_sentence(struct job *job)
{
    char *out = job->sentence;
    size_t size = sizeof job->sentence;
    job->failed = job->refused > 0;
    if (job->refused > 0)
        snprintf(out, size, "%s%s", job->refusal, job->refused > 1 ? _(" (and others)") : "");
    else if (job->import.file_count == 0 && !job->import.sample && job->columns &&
             !job->reclassified)
        snprintf(out, size, _("Made the columns of %llu entries again"),
                 (unsigned long long)job->columns);
    else if (job->import.file_count == 0 && !job->import.sample)
        snprintf(out, size, _("The rule packs have changed: %llu entries have another class now"),
                 (unsigned long long)job->reclassified);
    else
        snprintf(out, size, _("Imported %llu entries%s"), (unsigned long long)job->added,
                 job->duplicates ? _("; what was there already was left out") : "");
    if (job->damaged > 0 && job->refused == 0) {
        size_t len = strlen(out);
        snprintf(out + len, size - len, _("; %llu damaged places"),
                 (unsigned long long)job->damaged);
    }
}

static void *run_import(void *self)
{
    struct job *job = self;
    static const struct import_options defaults;
    const struct import_options *options = job->import.options ? job->import.options : &defaults;
    const struct import_listener listener = {.self = job, .source = on_source};
    struct store *store = NULL;
    struct fault why = {0};
    lower_priority();
    enum fault_code bad = store_open(&store, job->import.db, STORE_CREATE, &why);
    if (!bad) {
        int worst = 0;
        struct fault slower; /* without columns the rows answer */
        store_columns_make(store, &job->progress.stop, &job->columns, &slower);
        bad =
            reclassify_run(store, job->import.book, &job->progress.stop, &job->reclassified, &why);
        if (job->import.sample)
            raise_code(&worst, import_samples(job, store, &listener, options));
        if (job->import.file_count > 0)
            raise_code(&worst, job->import.importer->run(store, job->import.book, job->import.files,
                                                         job->import.file_count, options,
                                                         &job->progress, &listener));
        job->exit_code = worst;
        import_sentence(job);
        store_close(store);
    }
    /* Whoever holds the index imports, and makes of it what there was to make. */
    if (bad == FAULT_BUSY && job->import.file_count == 0 && !job->import.sample)
        bad = FAULT_NONE;
    finish(job, bad, &why);
    return NULL;
}

/* --- export ----------------------------------------------------------------------------------- */

const char *job_format_of(struct slice path)
{
    static const char *const others[][2] = {
        {"md", "markdown"}, {"htm", "html"}, {"jsonl", "ndjson"}};
    struct slice name = path, suffix = SLICE_NONE;
    for (size_t i = path.len; i > 0 && path.at[i - 1] != '/'; i--)
        if (path.at[i - 1] == '.') {
            suffix = slice_from(name, i);
            break;
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (slice_is_fold(suffix, others[i][0]))
            suffix = slice_of(others[i][1]);
    for (const struct report *const *r = reports; suffix.len > 0 && *r; r++)
        if (slice_is_fold(suffix, (*r)->name))
            return (*r)->name;
    return NULL;
}

/* The ticket, or the report that the path's suffix tells. */
static enum fault_code write_it(struct job *job, struct store *store, const struct filter *filter,
                                struct fault *why)
{
    char safe[200];
    safe_short(safe, sizeof safe, slice_of(job->path));
    if (job->ticket) {
        struct ticket_options options = {filter, job->import.book, &job->progress.stop};
        struct ticket_result result = {0};
        enum fault_code bad = ticket_write_file(store, job->path, &options, &result, why);
        snprintf(job->sentence, sizeof job->sentence,
                 _("Wrote a ticket of %llu entries in %llu problems to %s"),
                 (unsigned long long)result.entries, (unsigned long long)result.problems, safe);
        return bad;
    }
    struct report_options options = {
        .book = job->import.book, .pseudonymize = job->pseudonymize, .stop = &job->progress.stop};
    uint64_t rows = 0;
    enum fault_code bad = report_write_file(report_named(job_format_of(slice_of(job->path))), store,
                                            filter, job->path, &options, &rows, why);
    snprintf(job->sentence, sizeof job->sentence, _("Wrote %llu entries to %s"),
             (unsigned long long)rows, safe);
    return bad;
}

static void *run_export(void *self)
{
    struct job *job = self;
    struct store *store = NULL;
    struct filter *filter;
    struct arena arena;
    struct fault why = {0};
    arena_init(&arena);
    lower_priority();
    enum fault_code bad = filter_parse(&filter, slice_of(job->filter), &arena, &why);
    if (!bad)
        bad = store_open(&store, job->db, STORE_READ, &why);
    if (!bad)
        bad = write_it(job, store, filter, &why);
    store_close(store);
    arena_free(&arena);
    finish(job, bad, &why);
    return NULL;
}

/* --- both ------------------------------------------------------------------------------------- */

static enum fault_code start(struct job **out, struct job *job, void *(*run)(void *),
                             struct fault *why)
{
    sigset_t all, before;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&job->thread, NULL, run, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        free(job->db);
        free(job->path);
        free(job->filter);
        free(job);
        return fault_set(why, FAULT_IO, "no thread: %s", strerror(failed));
    }
    *out = job;
    return FAULT_NONE;
}

enum fault_code job_import(struct job **out, const struct job_import *what, struct fault *why)
{
    struct job *job = xcalloc(1, sizeof *job);
    job->import = *what;
    return start(out, job, run_import, why);
}

enum fault_code job_export(struct job **out, const char *db, const struct rulebook *book,
                           const struct job_report *what, struct fault *why)
{
    if (!what->ticket && !job_format_of(slice_of(what->path)))
        return fault_set(why, FAULT_USAGE,
                         "the suffix tells the format: .csv, .json, .ndjson, .md or .html");
    struct job *job = xcalloc(1, sizeof *job);
    job->import.book = book;
    job->db = xstrdup(db);
    job->path = xstrdup(what->path);
    job->filter = slice_dup(what->filter);
    job->ticket = what->ticket;
    job->pseudonymize = what->pseudonymize;
    return start(out, job, run_export, why);
}

const struct import_progress *job_progress(const struct job *job)
{
    return &job->progress;
}

bool job_done(const struct job *job)
{
    return atomic_load(&job->done);
}

const char *job_sentence(const struct job *job)
{
    return job->sentence;
}

bool job_failed(const struct job *job)
{
    return job->failed;
}

int job_exit_code(const struct job *job)
{
    return job->exit_code;
}

void job_stop(struct job *job)
{
    atomic_store(&job->progress.stop, true);
}

void job_free(struct job *job)
{
    if (!job)
        return;
    atomic_store(&job->progress.stop, true);
    pthread_join(job->thread, NULL);
    free(job->db);
    free(job->path);
    free(job->filter);
    free(job);
}
