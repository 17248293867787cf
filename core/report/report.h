/* Reports: one file per output format, one row in reports[]. */
#ifndef CORE_REPORT_REPORT_H
#define CORE_REPORT_REPORT_H

#include "core/entry.h"

#include <stdio.h>

struct markup;

/* Either rows (`begin`, `row`, `end`) or a document for people (`markup`, document.h). */
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
    const struct markup *markup; /* NULL: rows */
};

extern const struct report *const reports[]; /* NULL-ended */
const struct report *report_named(const char *name);

/* Appends one cell as the csv format writes it: quoted, safe, nothing a spreadsheet computes. */
bool report_add_cell(struct buf *out, struct slice text);

struct store;
struct filter;
struct rulebook;

/* How a report is to be; zeroed: all fields, as the index keeps them. */
struct report_options {
    const char *const *fields;   /* of rows; NULL: all */
    bool bom;                    /* FAULT_USAGE before a format that has none */
    bool pseudonymize;           /* names, mail addresses and ids of people (pseudonym.h);
                                    FAULT_INDEX when the index has lost its key */
    const struct rulebook *book; /* what documents explain by: never NULL for them */
    _Atomic bool *stop;          /* turns true: FAULT_CANCELLED; may be NULL */
};

/* Writes the selection, rows oldest first, holding no more than one row and a buffer. `fd` is open
 * for writing; FAULT_IO when it cannot be written (errno tells why, EPIPE when the reader went
 * away). `*rows` = how many entries were written, or are told of. */
enum fault_code report_write(const struct report *report, struct store *s,
                             const struct filter *filter, const struct report_options *options,
                             int fd, uint64_t *rows, struct fault *why);
/* The same into a new file: O_EXCL temporary beside it, mode 0600, renamed over PATH at the end, so
 * that PATH is never half written. What stands at PATH must be nothing or a regular file: a link or
 * device is refused with FAULT_IO and left alone. */
enum fault_code report_write_file(const struct report *report, struct store *s,
                                  const struct filter *filter, const char *path,
                                  const struct report_options *options, uint64_t *rows,
                                  struct fault *why);

#endif
