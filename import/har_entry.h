/* Reads what one HAR entry says. Knows the HAR 1.2 names and what real exporters make of them
 * (FORMATS of the tools: Chrome, Firefox, Safari, Charles, Insomnia, Slack, mitmproxy, Playwright);
 * nothing of files. */
#ifndef IMPORT_HAR_ENTRY_H
#define IMPORT_HAR_ENTRY_H

#include "core/record.h"

struct har_entry;

struct har_entry *har_entry_new(void);
void har_entry_free(struct har_entry *entry); /* NULL-safe */

enum har_outcome {
    HAR_ENTRY, /* *out is what it says */
    HAR_OTHER, /* a sound object, but no exchange (no `request` with a `url`): `why` says so */
    HAR_CUT,   /* the text ends inside it */
    HAR_BROKEN /* not valid JSON, nested too deep or too large: `why` says which */
};

/* Reads the entry object that `text` begins with, in one go over its bytes, into `*out` (position
 * and offset are left to the caller); `*size` becomes its length when it is sound. Values point
 * into `text` and `entry` and live until the next call. Of more than RECORD_FIELDS_LIMIT headers
 * the first are kept, of a header value its first RECORD_HEADER_LIMIT bytes. The bytes of `text`
 * must be writable: of an entry that is handed out, strings over 1 MiB have their escapes resolved
 * where they stand, so that a large body is not held twice. */
enum har_outcome har_entry_read(struct har_entry *entry, struct slice text, size_t *size,
                                struct record *out, struct fault *why);

#endif
