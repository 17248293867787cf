/* A failure: a code, one sentence, a place.
 *
 * Fallible functions return `enum fault_code` and take `struct fault *why` last; it lies on the
 * caller's stack, so any thread may fail. The lowest layer writes the sentence, upper layers pass
 * it on unchanged. `why` may be NULL where the caller needs no sentence. The sentence is written in
 * the language of the person (core/base/words.h). */
#ifndef CORE_BASE_FAULT_H
#define CORE_BASE_FAULT_H

#include <stdint.h>

enum fault_code {
    FAULT_NONE = 0,
    FAULT_USAGE,     /* the command line, a filter, an option value */
    FAULT_MISSING,   /* a file that is not there, not readable, of the wrong kind */
    FAULT_FORMAT,    /* bytes that are not what they should be */
    FAULT_LIMIT,     /* a named ceiling was met */
    FAULT_IO,        /* reading, writing, disk full */
    FAULT_INDEX,     /* the index is missing, not ours, newer, damaged, not writable */
    FAULT_BUSY,      /* somebody else holds the index */
    FAULT_CONFIG,    /* a settings, theme or rule file is wrong */
    FAULT_LEAK,      /* what was to leave the machine holds what must not: it was not written */
    FAULT_CANCELLED, /* a newer question or a signal ended it */
    FAULT_INTERNAL   /* our mistake */
};

struct fault {
    enum fault_code code;
    uint64_t line, column; /* from 1; 0 = not known */
    uint64_t offset;       /* byte offset; meaningful only where the sentence's writer says so */
    char text[240];        /* one sentence, no newline, no final dot */
};

/* Writes code and sentence into `why` (when not NULL), place cleared, and returns the code, so that
 * a function can say `return fault_set(why, FAULT_FORMAT, "...")`. Log text in `...` must have been
 * made safe (core/base/safe.h). */
enum fault_code fault_set(struct fault *why, enum fault_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a place in a text file (both from 1). */
enum fault_code fault_at(struct fault *why, enum fault_code code, uint64_t line, uint64_t column,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The exit code of DESIGN.md section 4 that a whole command ends with for this fault. */
int fault_exit_code(enum fault_code code);

#endif
