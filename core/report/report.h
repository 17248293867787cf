/* Reports: one file per output format, one row in reports[]. */
#ifndef CORE_REPORT_REPORT_H
#define CORE_REPORT_REPORT_H

#include "core/entry.h"

#include <stdio.h>

struct report_writer; /* the format's own state */

struct report {
    const char *name, *title;
    bool with_raw; /* wants the redacted record of each entry */
    /* `fields` NULL-ended (subset of entry_keys) or NULL for all. All append to `out`, which the
     * caller drains; false when its ceiling was met. */
    bool (*begin)(struct buf *out, const char *const *fields);
    bool (*row)(struct buf *out, const struct entry *entry, struct slice raw,
                const char *const *fields, uint64_t number);
    bool (*end)(struct buf *out);
};

extern const struct report *const reports[]; /* NULL-ended */
const struct report *report_named(const char *name);

struct store;
struct filter;
/* Writes the selection oldest first. `fd` is open for writing; FAULT_IO when it cannot be written
 * (EPIPE keeps errno). `stop` (may be NULL) ends it early with FAULT_CANCELLED. `*rows` = how many. */
enum fault_code report_write(const struct report *report, struct store *s,
                             const struct filter *filter, const char *const *fields,
                             bool bom, int fd, _Atomic bool *stop, uint64_t *rows,
                             struct fault *why);
/* The same into a new file: O_EXCL temporary beside it, mode 0600, renamed over PATH at the end. */
enum fault_code report_write_file(const struct report *report, struct store *s,
                                  const struct filter *filter, const char *path, bool bom,
                                  _Atomic bool *stop, uint64_t *rows, struct fault *why);

#endif
