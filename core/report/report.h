/* Reports: one file per output format, one row in reports[]. */
#ifndef CORE_REPORT_REPORT_H
#define CORE_REPORT_REPORT_H

#include "core/entry.h"

#include <stdio.h>

struct report {
    const char *name, *title;
    bool with_raw;  /* wants the redacted record of each entry when all fields are written */
    bool takes_bom; /* a byte order mark may stand before it */
    /* `fields` is a NULL-ended part of entry_keys, in the order wanted; NULL means all of them and
     * what only an export has (json, ndjson: `mark note raw`). `number` counts rows from 0. All
     * append to `out`, which the caller drains; false when its ceiling was met. */
    bool (*begin)(struct buf *out, const char *const *fields);
    bool (*row)(struct buf *out, const struct entry *entry, struct slice raw,
                const char *const *fields, uint64_t number);
    bool (*end)(struct buf *out);
};

extern const struct report *const reports[]; /* NULL-ended */
const struct report *report_named(const char *name);

/* Appends one cell as the csv format writes it: quoted, safe, nothing a spreadsheet computes. */
bool report_add_cell(struct buf *out, struct slice text);

struct store;
struct filter;
/* Writes the selection oldest first, holding no more than one row and a buffer. `fd` is open for
 * writing; FAULT_IO when it cannot be written (errno tells why, EPIPE when the reader went away).
 * `stop` (may be NULL) ends it early with FAULT_CANCELLED. `*rows` = how many were written.
 * FAULT_USAGE for a byte order mark before a format that has none. */
enum fault_code report_write(const struct report *report, struct store *s,
                             const struct filter *filter, const char *const *fields, bool bom,
                             int fd, _Atomic bool *stop, uint64_t *rows, struct fault *why);
/* The same into a new file: O_EXCL temporary beside it, mode 0600, renamed over PATH at the end, so
 * that PATH is never half written. What stands at PATH must be nothing or a regular file: a link or
 * device is refused with FAULT_IO and left alone. */
enum fault_code report_write_file(const struct report *report, struct store *s,
                                  const struct filter *filter, const char *path, bool bom,
                                  _Atomic bool *stop, uint64_t *rows, struct fault *why);

#endif
