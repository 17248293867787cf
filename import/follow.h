/* Files that are watched while they grow: which of them have changed since they were read last.
 * Knows nothing of what is in them. */
#ifndef IMPORT_FOLLOW_H
#define IMPORT_FOLLOW_H

#include "import/paths.h"

#include <stdatomic.h>

enum {
    FOLLOW_POLL_MS = 500, /* between two looks */
    FOLLOW_REST = 60,     /* looks for which a line without an end is waited for */
    FOLLOW_PATIENCE = 6   /* looks that a file may go on changing before it is read nevertheless */
};

struct follow;

struct follow *follow_new(void);
void follow_free(struct follow *f); /* NULL-safe */

/* Takes the files of a list as read in their present state: called before they are. */
void follow_note(struct follow *f, const struct path_list *list);
/* Whether a file is new or has changed, and has come to rest: was the same at the look before (or
 * changes for so long that waiting makes no sense). It then counts as read in its present state. A
 * file without bytes, and what is no file, is never due. Called once per file and look. */
bool follow_due(struct follow *f, const char *path);

/* The file's end cut something off that was not read: it is due again when it has not changed for
 * FOLLOW_REST looks, and is read to its end then. */
void follow_cut(struct follow *f, const char *path);
/* Whether that is why it is due. */
bool follow_to_the_end(struct follow *f, const char *path);

/* Waits for the next look, at least `least_ms`; false when `stop` was set meanwhile. */
bool follow_wait(const _Atomic bool *stop, int64_t least_ms);

#endif
