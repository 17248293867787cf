/* Knows how a report gets to a descriptor or into a file: streamed from a selection, whole or not
 * at all. The formats are one file each. */
#include "core/report/report.h"

#include "core/base/hash.h"
#include "core/base/safe.h"
#include "core/base/words.h"
#include "core/index/store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    REPORT_ROW_LIMIT = 512 * 1024 * 1024, /* bytes of one row: two bodies, escaped, and headers */
    REPORT_DRAIN = 256 * 1024             /* bytes that are collected before they are written */
};

/* --- to a descriptor ---------------------------------------------------------------------------
 */

struct report_run {
    const struct report *report;
    const char *const *fields;
    int fd;
    _Atomic bool *stop;
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
        if (run->stop && *run->stop)
            return fault_set(run->why, FAULT_CANCELLED, "stopped");
    }
    buf_reset(&run->out);
    return FAULT_NONE;
}

static bool report_row(void *self, const struct entry *entry, struct slice raw)
{
    struct report_run *run = self;
    if (run->stop && *run->stop)
        run->code = fault_set(run->why, FAULT_CANCELLED, "stopped");
    else if (!run->report->row(&run->out, entry, raw, run->fields, run->rows))
        run->code = report_full(run);
    else if (run->out.len >= REPORT_DRAIN)
        run->code = report_drain(run);
    if (run->code)
        return false;
    run->rows++;
    return true;
}

static enum fault_code report_stream(struct report_run *run, struct store *s,
                                     const struct filter *filter)
{
    struct selection *sel;
    enum fault_code code = selection_open(&sel, s, filter, run->why);
    if (code)
        return code;
    bool raw = run->report->with_raw && !run->fields;
    if (!run->report->begin(&run->out, run->fields))
        code = report_full(run);
    if (!code)
        code = selection_each(sel, ORDER_OLDEST, raw, report_row, run, run->why);
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

enum fault_code report_write(const struct report *report, struct store *s,
                             const struct filter *filter, const char *const *fields, bool bom,
                             int fd, _Atomic bool *stop, uint64_t *rows, struct fault *why)
{
    struct fault unread;
    struct report_run run = {
        .report = report, .fields = fields, .fd = fd, .stop = stop, .why = why ? why : &unread};
    *rows = 0;
    if (bom && !report->takes_bom)
        return fault_set(run.why, FAULT_USAGE, "a byte order mark may not stand before %s",
                         report->name);
    buf_init(&run.out, REPORT_ROW_LIMIT);
    if (bom)
        buf_add(&run.out, SLICE("\xEF\xBB\xBF"));
    enum fault_code code = report_stream(&run, s, filter);
    *rows = run.rows;
    int error = errno;
    buf_free(&run.out);
    errno = error;
    return code;
}

/* --- into a file -------------------------------------------------------------------------------
 */

struct report_place {
    int folder;       /* the directory that will hold it */
    const char *name; /* in that directory */
    char temporary[64];
    int fd;
};

static enum fault_code report_io(struct fault *why, const char *what, const char *name)
{
    int error = errno;
    char shown[80];
    fault_set(why, FAULT_IO, "%s %s: %s", safe_short(shown, sizeof shown, slice_of(name)), _(what),
              strerror(error));
    errno = error;
    return FAULT_IO;
}

/* Opens the directory of `path`; a report never goes through what somebody put in its place. */
static enum fault_code report_folder(struct report_place *place, const char *path,
                                     struct fault *why)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? slice_dup(slice_make(path, slash == path ? 1 : (size_t)(slash - path)))
                         : slice_dup(SLICE("."));
    place->name = slash ? slash + 1 : path;
    place->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum fault_code code =
        place->folder < 0 ? report_io(why, "cannot be opened", folder) : FAULT_NONE;
    free(folder);
    if (code)
        return code;
    struct stat there;
    if (fstatat(place->folder, place->name, &there, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISREG(there.st_mode))
            return FAULT_NONE;
        char shown[80];
        errno = S_ISDIR(there.st_mode) ? EISDIR : S_ISLNK(there.st_mode) ? ELOOP : EINVAL;
        return fault_set(why, FAULT_IO, "%s is %s and is left alone",
                         safe_short(shown, sizeof shown, slice_of(path)),
                         S_ISLNK(there.st_mode)   ? _("a symbolic link")
                         : S_ISDIR(there.st_mode) ? _("a directory")
                                                  : _("no regular file"));
    }
    return errno == ENOENT && *place->name ? FAULT_NONE : report_io(why, "cannot be written", path);
}

static enum fault_code report_temporary(struct report_place *place, const char *path,
                                        struct fault *why)
{
    for (int attempt = 0; attempt < 16; attempt++) {
        unsigned char random[8];
        hash_random(random, sizeof random);
        int used = snprintf(place->temporary, sizeof place->temporary, ".scimscope-");
        for (size_t i = 0; i < sizeof random; i++)
            used += snprintf(place->temporary + used, sizeof place->temporary - (size_t)used,
                             "%02x", random[i]);
        place->fd = openat(place->folder, place->temporary,
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (place->fd >= 0)
            return FAULT_NONE;
        if (errno != EEXIST)
            break;
    }
    return report_io(why, "cannot be written", path);
}

enum fault_code report_write_file(const struct report *report, struct store *s,
                                  const struct filter *filter, const char *path, bool bom,
                                  _Atomic bool *stop, uint64_t *rows, struct fault *why)
{
    struct report_place place = {.folder = -1, .fd = -1};
    *rows = 0;
    enum fault_code code = report_folder(&place, path, why);
    if (!code)
        code = report_temporary(&place, path, why);
    if (!code) {
        code = report_write(report, s, filter, NULL, bom, place.fd, stop, rows, why);
        if (!code && fsync(place.fd) != 0 && errno != EINVAL)
            code = report_io(why, "cannot be written", path);
        if (close(place.fd) != 0 && !code)
            code = report_io(why, "cannot be written", path);
        if (!code && renameat(place.folder, place.temporary, place.folder, place.name) != 0)
            code = report_io(why, "cannot be written", path);
        int error = errno;
        if (code)
            unlinkat(place.folder, place.temporary, 0);
        errno = error;
    }
    int error = errno;
    if (place.folder >= 0)
        close(place.folder);
    errno = error;
    return code;
}
