/* One thread reads records, one writes their batches, a third asks meanwhile: under ThreadSanitizer
 * nothing is shared unguarded, everything arrives, and a batch that cannot be written is told to
 * the thread that reads. */
#include "core/index/store.h"
#include "core/ingest.h"
#include "tests/index_file.h"

#include "tests/threads/expect.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCHES = 30, BATCH = 120 };

static char folder[] = "/tmp/scimscope-threads-XXXXXX";
static char db[64];
static _Atomic bool done;
static struct rulebook *book;

/* The i-th event of a log; texts live until the next call. */
static struct record event(uint64_t i)
{
    static char message[80];
    snprintf(message, sizeof message, "userName=user%llu, password=hunter%llu",
             (unsigned long long)i % 50, (unsigned long long)i);
    struct record r = {.kind = KIND_EVENT,
                       .position = i,
                       .time_us = (int64_t)(1700000000 + i) * TIME_SECOND,
                       .time_text = SLICE("t")};
    r.event = (struct record_event){.provider = SLICE("agent"),
                                    .computer = SLICE("host"),
                                    .channel = SLICE("Application"),
                                    .level = LEVEL_INFORMATION,
                                    .event_id = 1,
                                    .record_id = (int64_t)i,
                                    .message = slice_of(message)};
    return r;
}

static struct ingest *begin(struct store *s, const struct import_options *options,
                            struct import_progress *progress, const char *path)
{
    struct ingest *g = NULL;
    struct fault why = {0};
    struct ingest_source source = {.path = path, .format = "evtx", .size = 1, .mtime_us = 2};
    EXPECT(!ingest_open(&g, s, book, options, progress, &why));
    EXPECT(!ingest_begin(g, &source, &why));
    return g;
}

static enum fault_code add_batch(struct ingest *g, uint64_t batch, struct fault *why)
{
    struct fault place = {.code = FAULT_FORMAT, .offset = batch, .text = "broken"};
    for (uint64_t i = batch * BATCH; i < (batch + 1) * BATCH; i++) {
        struct record r = event(i);
        EXPECT(!ingest_add(g, &r, NULL, why));
    }
    EXPECT(!ingest_damaged(g, batch, &place, why));
    return ingest_commit(g, (batch + 1) * BATCH, batch + 1, "f00d", why);
}

static void *import_all(void *self)
{
    struct import_options options = {0};
    static struct import_progress progress;
    struct fault why = {0};
    struct import_result result = {0};
    struct ingest *g = begin(self, &options, &progress, "a.evtx");
    for (uint64_t b = 0; b < BATCHES; b++)
        EXPECT(!add_batch(g, b, &why));
    EXPECT(!ingest_end(g, "beef", true, &result, &why));
    EXPECT(result.added == BATCHES * BATCH && result.damaged == BATCHES);
    ingest_close(g);
    atomic_store(&done, true);
    return NULL;
}

static void *ask(void *self)
{
    struct store *s = NULL;
    uint64_t last = 0;
    (void)self;
    EXPECT(!store_open(&s, db, STORE_READ, NULL));
    while (!atomic_load(&done)) {
        struct selection *sel = NULL;
        uint64_t count = 0;
        EXPECT(!selection_open(&sel, s, NULL, NULL));
        EXPECT(!selection_count(sel, &count, NULL));
        EXPECT(count >= last && count % BATCH == 0);
        last = count;
        selection_close(sel);
    }
    store_close(s);
    return NULL;
}

/* A table is taken away under the import: the failure reaches the thread that reads, once, the end
 * of the source agrees with what was committed, and the import can be closed. */
static void failing(struct store *s)
{
    struct import_options options = {0};
    static struct import_progress progress;
    struct fault why = {0};
    struct import_result result = {0};
    struct ingest *g = begin(s, &options, &progress, "b.evtx");
    enum fault_code code = add_batch(g, BATCHES, &why);
    EXPECT(!code);
    EXPECT(!add_batch(g, BATCHES + 1, &why)); /* waits for the first */
    EXPECT(!ingest_commit(g, 2 * BATCH, 2, "f00d", &why));
    sqlite3 *other;
    EXPECT(sqlite3_open(db, &other) == SQLITE_OK);
    sqlite3_busy_timeout(other, 5000);
    EXPECT(sqlite3_exec(other, "ALTER TABLE print RENAME TO gone", NULL, NULL, NULL) == SQLITE_OK);
    for (uint64_t b = 2; b < 6 && !code; b++)
        code = add_batch(g, BATCHES + b, &why);
    EXPECT(code == FAULT_INDEX && why.code == FAULT_INDEX && why.text[0]);
    EXPECT(sqlite3_exec(other, "ALTER TABLE gone RENAME TO print", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(other);
    result.code = code;
    ingest_end(g, "beef", true, &result, &why);
    EXPECT(result.added == 2 * BATCH);
    ingest_close(g);
}

int main(void)
{
    struct store *s = NULL;
    struct fault why = {0};
    pthread_t importer, asker;
    EXPECT(mkdtemp(folder));
    snprintf(db, sizeof db, "%s/index.db", folder);
    EXPECT(!rulebook_load(&book, NULL, 0, "en", &why));
    EXPECT(!store_open(&s, db, STORE_CREATE, &why));
    EXPECT(!pthread_create(&importer, NULL, import_all, s));
    EXPECT(!pthread_create(&asker, NULL, ask, NULL));
    pthread_join(importer, NULL);
    pthread_join(asker, NULL);
    failing(s);
    store_close(s);
    rulebook_free(book);
    index_remove(db);
    EXPECT(rmdir(folder) == 0);
    return 0;
}
