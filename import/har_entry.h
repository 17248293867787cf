/* Reads what one HAR entry says. Knows the HAR 1.2 names and what real exporters make of them
 * (FORMATS of the tools: Chrome, Firefox, Safari, Charles, Insomnia, Slack, mitmproxy, Playwright);
 * nothing of files. */
#ifndef IMPORT_HAR_ENTRY_H
#define IMPORT_HAR_ENTRY_H

#include "core/record.h"

struct har_entry;

struct har_entry *har_entry_new(void);
void har_entry_free(struct har_entry *entry); /* NULL-safe */

/* Reads the text of one entry object into `*out` (position and offset are left to the caller).
 * Values point into `text` and `entry` and live until the next call. FAULT_FORMAT: not valid JSON.
 * FAULT_MISSING: an object, but no exchange (no `request` with a `url`). Of more than
 * RECORD_FIELDS_LIMIT headers the first are kept, of a header value its first RECORD_HEADER_LIMIT
 * bytes. The bytes of `text` must be writable: in strings over 1 MiB escapes are resolved where
 * they stand, so that a large body is not held twice. */
enum fault_code har_entry_read(struct har_entry *entry, struct slice text, struct record *out,
                               struct fault *why);

#endif
