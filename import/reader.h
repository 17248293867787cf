/* What a file format is: one struct of functions, one row in readers.c. */
#ifndef IMPORT_READER_H
#define IMPORT_READER_H

#include "core/importer.h"
#include "core/record.h"
#include "import/input.h"

enum reading {
    READING_RECORD,     /* *out is a record, borrowed until the next call */
    READING_BAD_RECORD, /* this one could not be read: `why` has sentence and offset; go on */
    READING_END,
    READING_FAILED /* nothing more can be read: `why` says so */
};

struct reader {
    struct format_info info;
    /* How surely these bytes (INPUT_HEAD at most) are this format, 0..100. The path's suffix may
     * break ties only: text with the wrong suffix must not be taken. */
    int (*sniff)(struct slice head, const char *path);
    /* Starts reading; `*self` is the reader's own state, to be given to close. `in` outlives it. */
    enum fault_code (*open)(void **self, struct input *in, struct fault *why);
    /* Reads the next record. Memory is bounded whatever the input is. After READING_BAD_RECORD the
     * next call goes on behind it; after READING_END and READING_FAILED only close follows.
     * Positions count the good and bad records of the file from 0, in file order. */
    enum reading (*next)(void *self, struct record *out, struct fault *why);
    /* NULL-safe. */
    void (*close)(void *self);
};

extern const struct reader *const readers[]; /* NULL-ended */

/* The reader that is surest of these bytes, NULL when none gives 1 or more. */
const struct reader *reader_detect(struct slice head, const char *path);
const struct reader *reader_named(const char *name);
/* What to say of a file that none of them reads: what it is and how to export it anew, if that can
 * be told. */
const char *reader_refusal(struct slice head);

#endif
