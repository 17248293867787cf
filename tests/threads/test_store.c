/* One thread imports batches while two others ask, each with a connection of its own: under
 * ThreadSanitizer nothing is shared, and what a reader sees only ever grows by whole batches. */
#include "core/index/store.h"

#include "tests/threads/expect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCHES = 40, BATCH = 250, READERS = 2 };

static char folder[] = "/tmp/scimscope-threads-XXXXXX";
static char db[64];
static _Atomic bool done;

static struct stored make(uint64_t i)
{
    struct stored one = {.print = i * 31 + 1, .print_time = (int64_t)i, .raw = SLICE("{\"a\":1}")};
    one.entry = (struct entry){.time_us = (int64_t)i * TIME_SECOND,
                               .kind = KIND_HTTP,
                               .position = (int64_t)i,
                               .event_id = -1,
                               .record_id = -1,
                               .duration_us = -1,
                               .method = SLICE("GET"),
                               .path = SLICE("/scim/v2/Users"),
                               .class_id = i % 2 ? SLICE("success") : SLICE("generic-conflict"),
                               .user = i % 3 ? SLICE("tanaka") : SLICE("sato"),
                               .failure = i % 2 == 0};
    return one;
}

static void *write_all(void *self)
{
    struct store *s = self;
    struct fault why = {0};
    struct store_source source = {.path = SLICE("a.har"), .format = SLICE("har")};
    static struct stored batch[BATCH];
    EXPECT(!store_source_begin(s, &source, &why));
    for (uint64_t b = 0; b < BATCHES; b++) {
        for (uint64_t i = 0; i < BATCH; i++)
            batch[i] = make(b * BATCH + i);
        enum fault_code code = store_write(s, &source, batch, BATCH, &why);
        if (code)
            fprintf(stderr, "%s\n", why.text);
        EXPECT(!code);
    }
    source.complete = true;
    EXPECT(!store_source_end(s, &source, &why));
    atomic_store(&done, true);
    return NULL;
}

static bool never(void *self)
{
    return atomic_load((_Atomic bool *)self);
}

/* Asks one question after the other; returns how many entries the last one saw. */
static uint64_t ask(struct store *s, uint64_t before)
{
    struct fault why = {0};
    struct selection *sel = NULL;
    struct arena arena;
    struct facet_row *facet = NULL;
    struct entry *rows = NULL;
    uint64_t count = 0, sum = 0;
    size_t got = 0;
    arena_init(&arena);
    EXPECT(!selection_open(&sel, s, NULL, &why));
    EXPECT(!selection_facet(sel, FACET_CLASS, 99, &arena, &facet, &got, &why));
    for (size_t i = 0; i < got; i++)
        sum += facet[i].count;
    EXPECT(!selection_count(sel, &count, &why));
    EXPECT(count == sum && count % BATCH == 0 && count >= before);
    EXPECT(!selection_rows(sel, ORDER_NEWEST, 0, 20, &arena, &rows, &got, &why));
    EXPECT(got == (count < 20 ? count : 20));
    if (got)
        EXPECT(rows[0].position == (int64_t)count - 1 && slice_is(rows[0].method, "GET"));
    selection_close(sel);
    arena_free(&arena);
    return count;
}

struct seen {
    uint64_t rows, most;
};

static bool see(void *self, const struct entry *entry, struct slice raw)
{
    struct seen *seen = self;
    EXPECT(entry->position == (int64_t)seen->rows && slice_is(entry->method, "GET"));
    EXPECT(slice_is(raw, "{\"a\":1}"));
    return ++seen->rows != seen->most;
}

/* Rows that are read ahead of those that are looked at: all of them, and until it is enough. */
static void stream(struct store *s, uint64_t count)
{
    const uint64_t wanted[] = {0, 1, 512, 513, 2000};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct selection *sel = NULL;
        struct seen seen = {.most = wanted[i]};
        struct fault why = {0};
        EXPECT(!selection_open(&sel, s, NULL, &why));
        EXPECT(!selection_each_ahead(sel, ORDER_OLDEST, true, see, &seen, &why));
        EXPECT(seen.rows == (wanted[i] ? wanted[i] : count));
        selection_close(sel);
    }
}

static void *read_all(void *self)
{
    struct store *s = NULL;
    struct fault why = {0};
    uint64_t seen = 0;
    static _Atomic bool stale;
    (void)self;
    EXPECT(!store_open(&s, db, STORE_READ, &why));
    store_cancel_when(s, never, &stale);
    do
        seen = ask(s, seen);
    while (!atomic_load(&done));
    seen = ask(s, seen);
    EXPECT(seen == (uint64_t)BATCHES * BATCH);
    stream(s, seen);
    store_close(s);
    return NULL;
}

int main(void)
{
    struct store *s = NULL;
    struct fault why = {0};
    pthread_t writer, readers[READERS];
    EXPECT(mkdtemp(folder));
    snprintf(db, sizeof db, "%s/index.db", folder);
    EXPECT(!store_open(&s, db, STORE_CREATE, &why));
    EXPECT(!pthread_create(&writer, NULL, write_all, s));
    for (int i = 0; i < READERS; i++)
        EXPECT(!pthread_create(&readers[i], NULL, read_all, NULL));
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    pthread_join(writer, NULL);
    store_close(s);
    static const char *const suffixes[] = {"", ".key", ".lock"};
    for (int i = 0; i < 3; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", db, suffixes[i]);
        EXPECT(unlink(path) == 0);
    }
    EXPECT(rmdir(folder) == 0); /* no journal is left */
    puts("ok");
    return 0;
}
