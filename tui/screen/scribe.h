/* Writes what the operator remarks (marks, notes, states) into the index, one after the other on a
 * thread of its own, so that no key waits for a lock that an import holds. */
#ifndef TUI_SCREEN_SCRIBE_H
#define TUI_SCREEN_SCRIBE_H

#include "core/index/annotate.h"

struct scribe;

/* `db` is borrowed. No thread runs before there is something to write. */
struct scribe *scribe_new(const char *db);
/* Waits until all is written or given up. NULL is fine. */
void scribe_free(struct scribe *s);

/* Takes a copy and returns at once. FAULT_IO when no thread can be had. */
enum fault_code scribe_write(struct scribe *s, const struct annotation_change *change,
                             struct fault *why);
/* True while something is not written yet. */
bool scribe_busy(struct scribe *s);
/* True once after all that was asked for is written or given up; then `*why` tells the first thing
 * that failed (its code FAULT_NONE: nothing did). */
bool scribe_done(struct scribe *s, struct fault *why);

#endif
