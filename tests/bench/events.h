/* An event log of any size for the benchmarks: the chunk of the sample log over and over, with
 * record numbers and times of its own and checksums made anew, so that readers take it for one long
 * log. */
#ifndef TESTS_BENCH_EVENTS_H
#define TESTS_BENCH_EVENTS_H

#include "tests/bench/bench.h"

#include <zlib.h>

enum { EVENTS_FILE_HEADER = 4096, EVENTS_CHUNK = 65536, EVENTS_FIRST = 512 };

static inline uint64_t events_get(const char *at, size_t size)
{
    uint64_t out = 0;
    memcpy(&out, at, size); /* the machine is little-endian, as the format is */
    return out;
}

static inline void events_put(char *at, uint64_t value, size_t size)
{
    memcpy(at, &value, size);
}

static inline uint32_t events_sum(const char *at, size_t size, uint32_t before)
{
    return (uint32_t)crc32(before, (const unsigned char *)at, (unsigned)size);
}

/* Gives a value of a record, behind its header, another where it stands among the values. */
static inline void events_replace(char *record, size_t size, uint64_t from, uint64_t to)
{
    for (size_t i = 24; i + 8 <= size; i++)
        if (events_get(record + i, 8) == from) {
            events_put(record + i, to, 8);
            return;
        }
}

/* Numbers the records of a chunk from `first` on and moves their times by `later` (100 ns); returns
 * how many there are. */
static inline unsigned events_number(char *chunk, uint64_t first, uint64_t later)
{
    size_t end = (size_t)events_get(chunk + 48, 4), at = EVENTS_FIRST;
    unsigned count = 0;
    while (at + 24 <= end && events_get(chunk + at, 4) == 0x2a2a) {
        size_t size = (size_t)events_get(chunk + at + 4, 4);
        uint64_t number = events_get(chunk + at + 8, 8), time = events_get(chunk + at + 16, 8);
        events_put(chunk + at + 8, first + count, 8);
        events_put(chunk + at + 16, time + later, 8);
        events_replace(chunk + at, size, number, first + count);
        events_replace(chunk + at, size, time, time + later);
        at += size;
        count++;
    }
    for (size_t i = 0; i < 2; i++) {
        events_put(chunk + 8 + 16 * i, first, 8);
        events_put(chunk + 16 + 16 * i, first + count - 1, 8);
    }
    events_put(chunk + 52, events_sum(chunk + EVENTS_FIRST, end - EVENTS_FIRST, 0), 4);
    uint32_t sum = events_sum(chunk, 120, 0);
    events_put(chunk + 124, events_sum(chunk + 128, EVENTS_FIRST - 128, sum), 4);
    return count;
}

/* From the first record of a chunk to the last, in 100 ns. */
static inline uint64_t events_span(const char *chunk)
{
    size_t end = (size_t)events_get(chunk + 48, 4), last = (size_t)events_get(chunk + 44, 4);
    if (last + 24 > end || end > EVENTS_CHUNK)
        return 0;
    return events_get(chunk + last + 16, 8) - events_get(chunk + EVENTS_FIRST + 16, 8);
}

/* Returns the number of events. */
static inline unsigned events_make(const char *path, const char *sample, unsigned chunks)
{
    size_t size;
    char *bytes = bench_bytes(sample, &size), chunk[EVENTS_CHUNK];
    if (size < EVENTS_FILE_HEADER + EVENTS_CHUNK)
        bench_fail(sample);
    FILE *out = fopen(path, "w");
    if (!out)
        bench_fail(path);
    unsigned events = 0;
    uint64_t span = events_span(bytes + EVENTS_FILE_HEADER);
    fseek(out, EVENTS_FILE_HEADER, SEEK_SET);
    for (unsigned i = 0; i < chunks; i++) {
        memcpy(chunk, bytes + EVENTS_FILE_HEADER, sizeof chunk);
        events += events_number(chunk, events + 1, i * span);
        fwrite(chunk, 1, sizeof chunk, out);
    }
    events_put(bytes + 8, 0, 8);
    events_put(bytes + 16, chunks - 1, 8);
    events_put(bytes + 24, (uint64_t)events + 1, 8);
    events_put(bytes + 42, chunks, 2);
    events_put(bytes + 124, events_sum(bytes, 120, 0), 4);
    rewind(out);
    fwrite(bytes, 1, EVENTS_FILE_HEADER, out);
    if (fclose(out) != 0)
        bench_fail(path);
    free(bytes);
    return events;
}

#endif
