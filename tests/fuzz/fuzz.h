/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: built with
 * libFuzzer by `make fuzz`, and with replay.c by `make test`, which runs past findings. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "core/base/alloc.h"
#include "core/base/utf8.h"
#include "core/record.h"
#include "import/readers.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_EXPECT(truth)                                                                         \
    do {                                                                                           \
        if (!(truth)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #truth);                    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline struct slice fuzz_slice(const uint8_t *data, size_t size)
{
    return slice_make((const char *)data, size);
}

/* What the index keeps of a record must read back as the same record. */
static inline void fuzz_keep(const struct record *record, struct arena *arena)
{
    struct buf first, second;
    struct record again;
    struct fault why;
    buf_init(&first, 64 << 20);
    buf_init(&second, 64 << 20);
    if (record_write(&first, record)) {
        FUZZ_EXPECT(utf8_valid(buf_slice(&first)));
        FUZZ_EXPECT(record_read(&again, buf_slice(&first), arena, &why) == FAULT_NONE);
        FUZZ_EXPECT(record_write(&second, &again));
        FUZZ_EXPECT(slice_equal(buf_slice(&first), buf_slice(&second)));
    }
    buf_free(&first);
    buf_free(&second);
}

/* Reads the bytes as that format to the end: work is bounded and records are kept, `*records` of
 * them. Always 0. */
static inline int fuzz_count(const struct reader *reader, const uint8_t *data, size_t size,
                             uint64_t *records)
{
    struct input *in = input_of_memory("fuzz", fuzz_slice(data, size));
    struct fault why = {0};
    void *self = NULL;
    reader->sniff(fuzz_slice(data, size < INPUT_HEAD ? size : INPUT_HEAD), "fuzz");
    if (reader->open(&self, in, &why) == FAULT_NONE) {
        struct arena arena;
        arena_init(&arena);
        for (uint64_t steps = 0;; steps++) {
            struct record record;
            enum reading reading = reader->next(self, &record, &why);
            FUZZ_EXPECT(steps <= 64 + 64 * (uint64_t)size);
            if (reading == READING_END || reading == READING_FAILED)
                break;
            if (reading == READING_BAD_RECORD) {
                FUZZ_EXPECT(why.code != FAULT_NONE && why.text[0]);
                continue;
            }
            fuzz_keep(&record, &arena);
            arena_reset(&arena);
            ++*records;
        }
        arena_free(&arena);
    }
    reader->close(self);
    input_close(in);
    return 0;
}

static inline int fuzz_reader(const struct reader *reader, const uint8_t *data, size_t size)
{
    uint64_t records = 0;
    return fuzz_count(reader, data, size, &records);
}

#endif
