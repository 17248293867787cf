/* Knows how a report gets to a descriptor or into a file: streamed from a selection, whole or not
 * at all. The formats are one file each. */
#include "core/report/report.h"

#include "core/index/store.h"
#include "core/report/document.h"
#include "core/report/people.h"
#include "core/report/place.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum {
    REPORT_ROW_LIMIT = 512 * 1024 * 1024, /* bytes of one row: two bodies, escaped, and headers */
    REPORT_DRAIN = 256 * 1024             /* bytes that are collected before they are written */
};

/* --- to a descriptor ---------------------------------------------------------------------------
 */

struct report_run {
    const struct report *report;
    const struct report_options *options;
    struct pseudonyms *pseudonyms; /* NULL: none */
    struct arena arena;            /* of the row's pseudonyms */
    int fd;
    uint64_t rows;
    struct buf out;
    enum fault_code code;
    struct fault *why;
};

static enum fault_code report_full(struct report_run *run)
{
    return fault_set(run->why, FAULT_LIMIT, "one entry takes more than %d MiB in this report",
                     REPORT_ROW_LIMIT / (1024 * 1024));
}

static bool report_stopped(const struct report_run *run)
{
    return run->options->stop && *run->options->stop;
}

/* Writes out what was collected. */
static enum fault_code report_drain(struct report_run *run)
{
    size_t done = 0;
    while (done < run->out.len) {
        ssize_t n = write(run->fd, run->out.at + done, run->out.len - done);
        if (n >= 0) {
            done += (size_t)n;
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            struct pollfd wait = {.fd = run->fd, .events = POLLOUT};
            poll(&wait, 1, 1000);
        } else if (errno != EINTR) {
            int error = errno;
            fault_set(run->why, FAULT_IO, "the report cannot be written: %s", strerror(error));
            errno = error;
            return FAULT_IO;
        }
        if (report_stopped(run))
            return fault_set(run->why, FAULT_CANCELLED, "stopped");
    }
    buf_reset(&run->out);
    return FAULT_NONE;
}

static bool report_row(void *self, const struct entry *entry, struct slice raw)
{
    struct report_run *run = self;
    struct entry hidden = *entry;
    if (run->pseudonyms) {
        arena_reset(&run->arena);
        pseudonyms_apply_entry(run->pseudonyms, &hidden, &run->arena);
        raw = raw.len ? pseudonyms_apply(run->pseudonyms, raw, &run->arena) : raw;
    }
    if (report_stopped(run))
        run->code = fault_set(run->why, FAULT_CANCELLED, "stopped");
    else if (!run->report->row(&run->out, &hidden, raw, run->options->fields, run->rows))
        run->code = report_full(run);
    else if (run->out.len >= REPORT_DRAIN)
        run->code = report_drain(run);
    if (run->code)
        return false;
    run->rows++;
    return true;
}

static enum fault_code report_rows(struct report_run *run, struct store *s,
                                   const struct filter *filter)
{
    struct selection *sel;
    const char *const *fields = run->options->fields;
    enum fault_code code = selection_open(&sel, s, filter, run->why);
    if (code)
        return code;
    bool raw = run->report->with_raw && !fields;
    if (!run->report->begin(&run->out, fields))
        code = report_full(run);
    if (!code)
        code = selection_each_ahead(sel, ORDER_OLDEST, raw, report_row, run, run->why);
    if (run->code)
        code = run->code;
    if (!code && !run->report->end(&run->out))
        code = report_full(run);
    if (!code)
        code = report_drain(run);
    int error = errno; /* closing must not hide why writing failed */
    selection_close(sel);
    errno = error;
    return code;
}

static enum fault_code report_settle(void *self)
{
    struct report_run *run = self;
    return run->out.len >= REPORT_DRAIN ? report_drain(run) : FAULT_NONE;
}

static enum fault_code report_document(struct report_run *run, struct store *s,
                                       const struct filter *filter)
{
    struct document d = {.markup = run->report->markup,
                         .store = s,
                         .book = run->options->book,
                         .filter = filter,
                         .pseudonyms = run->pseudonyms,
                         .out = &run->out,
                         .drain = report_settle,
                         .self = run,
                         .stop = run->options->stop};
    enum fault_code code = document_write(&d, run->why);
    run->rows = d.entries;
    return code ? code : report_drain(run);
}

static enum fault_code report_stream(struct report_run *run, struct store *s,
                                     const struct filter *filter)
{
    enum fault_code code = FAULT_NONE;
    if (run->options->pseudonymize)
        /* Sentences of a document may name whom entries that are not selected name. */
        code = people_learn(&run->pseudonyms, s, run->report->markup ? NULL : filter,
                            run->options->book, NULL, NULL, run->options->stop, run->why);
    if (!code)
        code = run->report->markup ? report_document(run, s, filter) : report_rows(run, s, filter);
    int error = errno;
    pseudonyms_free(run->pseudonyms);
    errno = error;
    return code;
}

enum fault_code report_write(const struct report *report, struct store *s,
                             const struct filter *filter, const struct report_options *options,
                             int fd, uint64_t *rows, struct fault *why)
{
    static const struct report_options plain;
    struct fault unread;
    struct report_run run = {.report = report,
                             .options = options ? options : &plain,
                             .fd = fd,
                             .why = why ? why : &unread};
    *rows = 0;
    if (run.options->bom && !report->takes_bom)
        return fault_set(run.why, FAULT_USAGE, "a byte order mark may not stand before %s",
                         report->name);
    if (report->markup && !run.options->book)
        return fault_set(run.why, FAULT_INTERNAL, "a report to read needs the rule packs");
    buf_init(&run.out, REPORT_ROW_LIMIT);
    arena_init(&run.arena);
    if (run.options->bom)
        buf_add(&run.out, SLICE("\xEF\xBB\xBF"));
    enum fault_code code = report_stream(&run, s, filter);
    *rows = run.rows;
    int error = errno;
    arena_free(&run.arena);
    buf_free(&run.out);
    errno = error;
    return code;
}

/* --- into a file ------------------------------------------------------------------------------ */

enum fault_code report_write_file(const struct report *report, struct store *s,
                                  const struct filter *filter, const char *path,
                                  const struct report_options *options, uint64_t *rows,
                                  struct fault *why)
{
    struct report_place place;
    *rows = 0;
    enum fault_code code = place_open(&place, path, why);
    if (code)
        return code;
    code = report_write(report, s, filter, options, place.fd, rows, why);
    if (!code)
        return place_keep(&place, path, why);
    place_give_up(&place);
    return code;
}
