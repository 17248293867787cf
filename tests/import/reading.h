/* Reads bytes in memory through a reader, for the reader tests. */
#ifndef TESTS_IMPORT_READING_H
#define TESTS_IMPORT_READING_H

#include "import/readers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

struct reading_test {
    const struct reader *reader;
    struct input *in;
    void *self;
    struct record record;
    struct fault why;
};

static inline void reading_begin(struct reading_test *t, const struct reader *reader,
                                 struct slice bytes)
{
    *t = (struct reading_test){.reader = reader, .in = input_of_memory("test", bytes)};
    cr_assert(eq(int, (int)reader->open(&t->self, t->in, &t->why), FAULT_NONE));
}

static inline enum reading reading_next(struct reading_test *t)
{
    return t->reader->next(t->self, &t->record, &t->why);
}

static inline void reading_done(struct reading_test *t)
{
    t->reader->close(t->self);
    input_close(t->in);
}

/* Reads to the end; how many records were good and bad. */
static inline void reading_count(const struct reader *reader, struct slice bytes, size_t *good,
                                 size_t *bad)
{
    struct reading_test t;
    reading_begin(&t, reader, bytes);
    *good = *bad = 0;
    for (;;) {
        enum reading reading = reading_next(&t);
        if (reading == READING_RECORD)
            ++*good;
        else if (reading == READING_BAD_RECORD)
            ++*bad;
        else
            break;
        cr_assert(lt(sz, *good + *bad, 1000));
    }
    reading_done(&t);
}

static inline int reading_sniff(const struct reader *reader, const char *text)
{
    return reader->sniff(slice_of(text), "x");
}

#endif
