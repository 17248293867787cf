/* What runs beside the screen for longer: an import, an export. One thread each, at lower priority,
 * with its own store connection; the main thread looks at atomics only. */
#ifndef TUI_SCREEN_JOB_H
#define TUI_SCREEN_JOB_H

#include "core/explain/rulebook.h"
#include "core/importer.h"

struct job;

struct job_import {
    const char *db;
    const struct rulebook *book;
    const struct importer *importer;
    const struct import_options *options; /* NULL: defaults */
    const char *const *files;
    size_t file_count;
    bool sample; /* the embedded samples/ */
};

/* Everything in `what` is borrowed until job_free(). */
enum fault_code job_import(struct job **out, const struct job_import *what, struct fault *why);

struct job_report {
    struct slice filter; /* what it selects is written */
    const char *path;
    bool ticket; /* a ticket (core/report/ticket.h), else a report */
    bool pseudonymize;
};

/* Writes a report, whose format the path's suffix tells (csv, json, ndjson, md, html; FAULT_USAGE
 * for one that no report has), or a ticket. Texts are copied, the book is borrowed until
 * job_free(). */
enum fault_code job_export(struct job **out, const char *db, const struct rulebook *book,
                           const struct job_report *what, struct fault *why);

/* The format's name that a path's suffix stands for, NULL when none. */
const char *job_format_of(struct slice path);

const struct import_progress *job_progress(const struct job *job);
bool job_done(const struct job *job);
/* After job_done(): one safe sentence, whether it is bad news, the exit code. */
const char *job_sentence(const struct job *job);
bool job_failed(const struct job *job);
int job_exit_code(const struct job *job);
/* Asks it to end after the batch at hand, and returns at once. */
void job_stop(struct job *job);
/* Asks it to end, waits for that, gives everything back. NULL is fine. */
void job_free(struct job *job);

#endif
