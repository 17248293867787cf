/* The operator's own remarks on entries and problems: a mark, a note, how far the work is. They are
 * kept beside the entries and stay when classes and problems are derived anew, when the same file
 * is imported again, and while an import runs.
 *
 * A remark on a problem is tied to one of its failed entries: whichever problem that entry belongs
 * to has the remark. What an entry has of its own comes before what its problem has. */
#ifndef CORE_INDEX_ANNOTATE_H
#define CORE_INDEX_ANNOTATE_H

#include "core/base/fault.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum annotation { ANNOTATION_MARK, ANNOTATION_NOTE, ANNOTATION_WORK };

enum { ANNOTATION_LIMIT = 4096 /* bytes of a mark or note */ };

/* How far the work on it is; what nobody has touched is open. */
enum work { WORK_OPEN, WORK_DONE, WORK_IGNORED, WORKS };
const char *work_name(enum work work);
/* WORK_OPEN for anything else, SLICE_NONE too. */
enum work work_named(struct slice name);

/* What `m` marks with: what `mark:` finds. */
#define ANNOTATION_MARKED "marked"

struct annotation_change {
    int64_t entry; /* of it, or (`problem`) of the problem that this failed entry belongs to */
    bool problem;
    enum annotation what;
    struct slice value; /* text, or a name of work_name(); SLICE_NONE or empty takes it away */
};

/* Writes one change in a transaction of its own; waits for other writers (an import commits batch
 * by batch) up to 10 s: FAULT_BUSY. FAULT_USAGE for an entry that is not there, a problem of an
 * entry that is no failure, a text over ANNOTATION_LIMIT. The store was opened for STORE_WRITE. */
enum fault_code annotate(struct store *s, const struct annotation_change *change,
                         struct fault *why);

#endif
