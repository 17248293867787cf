/* What the tests of event log readers share: fixtures that a test may damage, and the story of what
 * reading one gave. */
#ifndef TESTS_IMPORT_EVENT_LOG_H
#define TESTS_IMPORT_EVENT_LOG_H

#include "import/readers.h"

#include "core/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#define EVENT_FIXTURES "tests/fixtures/events/"

enum { FIXTURE_LIMIT = 1024 * 1024 };

/* A file in memory that a test may damage. */
struct bytes {
    unsigned char *at;
    size_t len;
};

static inline struct bytes fixture(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, EVENT_FIXTURES "%s", name);
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s", path);
    struct bytes b = {xmalloc(FIXTURE_LIMIT), 0};
    b.len = fread(b.at, 1, FIXTURE_LIMIT, file);
    fclose(file);
    return b;
}

/* What reading gave: record ids, `!` for a damaged place, `.` at the end, `F` when it failed. */
struct story {
    char text[400];
    struct fault last; /* the last damaged place or the failure */
};

static inline struct story story_of(const struct reader *reader, struct bytes b)
{
    struct story s = {0};
    struct input *in = input_of_memory("test", slice_make((char *)b.at, b.len));
    void *self = NULL;
    if (reader->open(&self, in, &s.last)) {
        snprintf(s.text, sizeof s.text, "refused");
        input_close(in);
        return s;
    }
    for (uint64_t position = 0;; position++) {
        struct record record;
        struct fault why;
        size_t len = strlen(s.text);
        enum reading what = reader->next(self, &record, &why);
        if (what == READING_RECORD) {
            cr_expect(eq(u64, record.position, position));
            snprintf(s.text + len, sizeof s.text - len, "%d ", (int)record.event.record_id);
            continue;
        }
        snprintf(s.text + len, sizeof s.text - len, "%s",
                 what == READING_BAD_RECORD ? "! "
                 : what == READING_END      ? "."
                                            : "F");
        if (what != READING_END)
            s.last = why;
        if (what != READING_BAD_RECORD)
            break;
    }
    reader->close(self);
    input_close(in);
    return s;
}

#define expect_told(which, given, expected)                                                        \
    do {                                                                                           \
        struct bytes story_bytes = (given);                                                        \
        struct story story_told = story_of(which, story_bytes);                                    \
        cr_expect(eq(str, story_told.text, (char *)(expected)), "%s", story_told.last.text);       \
        free(story_bytes.at);                                                                      \
    } while (0)

#define expect_slice(s, text) cr_expect(slice_is(s, text), "%.*s", (int)(s).len, (s).at)

/* A fixture being read record by record. */
struct log {
    const struct reader *reader;
    struct bytes bytes;
    struct input *in;
    void *self;
    struct record record;
};

static inline struct log open_log(const struct reader *reader, const char *name)
{
    struct log l = {.reader = reader, .bytes = fixture(name)};
    struct fault why;
    l.in = input_of_memory(name, slice_make((char *)l.bytes.at, l.bytes.len));
    cr_assert(eq(int, (int)reader->open(&l.self, l.in, &why), FAULT_NONE));
    return l;
}

static inline void next_record(struct log *l)
{
    struct fault why = {0};
    cr_assert(eq(int, (int)l->reader->next(l->self, &l->record, &why), READING_RECORD), "%s",
              why.text);
}

static inline void close_log(struct log *l)
{
    l->reader->close(l->self);
    input_close(l->in);
    free(l->bytes.at);
}

#endif
