/* Remarks are written by a thread of their own while an import holds the index again and again:
 * under ThreadSanitizer nothing is shared unguarded, the remarks arrive in their order whatever
 * becomes of the caller's bytes, what fails is told once, and closing waits for all of them. */
#include "tui/screen/scribe.h"

#include "tests/core/index/scratch.h"

#include "tests/threads/expect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { BATCHES = 20, BATCH = 50, REMARKS = 200, ENTRIES = 5 };

static struct scratch t;
static _Atomic bool begun;

static void *import_all(void *self)
{
    struct store_source source = {.path = SLICE("a.har"), .format = SLICE("har"), .size = 1};
    (void)self;
    struct store *s = NULL;
    EXPECT(!store_open(&s, t.db, STORE_CREATE, NULL));
    EXPECT(!store_source_begin(s, &source, NULL));
    for (uint64_t b = 0; b < BATCHES; b++) {
        EXPECT(!write_made(s, &source, b * BATCH, (b + 1) * BATCH, NULL));
        atomic_store(&begun, true);
    }
    EXPECT(!store_source_end(s, &source, NULL));
    store_close(s);
    return NULL;
}

static void note(struct scribe *s, int64_t entry, int number)
{
    char text[40];
    struct fault why;
    snprintf(text, sizeof text, "remark %d", number);
    EXPECT(!scribe_write(s,
                         &(struct annotation_change){
                             .entry = entry, .what = ANNOTATION_NOTE, .value = slice_of(text)},
                         &why));
    memset(text, 'x', sizeof text);
}

/* The fault of what was asked for since the last time. */
static enum fault_code wait_done(struct scribe *s)
{
    struct fault why = {0};
    while (!scribe_done(s, &why))
        usleep(1000);
    EXPECT(!scribe_busy(s));
    EXPECT(!scribe_done(s, &why)); /* told once */
    return why.code;
}

static void expect_notes(int last)
{
    struct store *s = NULL;
    struct arena arena;
    arena_init(&arena);
    EXPECT(!store_open(&s, t.db, STORE_READ, NULL));
    for (int64_t id = 1; id <= ENTRIES; id++) {
        struct entry entry;
        char text[40];
        int number = last;
        while (number % ENTRIES != id - 1)
            number--;
        snprintf(text, sizeof text, "remark %d", number);
        EXPECT(!store_entry(s, id, &arena, &entry, NULL, NULL));
        EXPECT(slice_is(entry.note, text));
    }
    store_close(s);
    arena_free(&arena);
}

int main(void)
{
    pthread_t importer;
    scratch_make(&t);
    struct scribe *s = scribe_new(t.db);
    EXPECT(!scribe_busy(s));
    EXPECT(!pthread_create(&importer, NULL, import_all, NULL));
    while (!atomic_load(&begun))
        usleep(1000);
    for (int i = 0; i < REMARKS; i++)
        note(s, i % ENTRIES + 1, i);
    struct fault why = {0};
    while (scribe_busy(s))
        usleep(1000);
    EXPECT(scribe_done(s, &why));
    EXPECT(!why.code);
    pthread_join(importer, NULL);
    expect_notes(REMARKS - 1);
    note(s, 1000 * 1000, 0);
    note(s, 1, REMARKS);
    EXPECT(wait_done(s) == FAULT_USAGE);
    note(s, 2, REMARKS + 1);
    EXPECT(!wait_done(s));
    for (int i = REMARKS + 2; i < 2 * REMARKS; i++)
        note(s, i % ENTRIES + 1, i);
    scribe_free(s);
    expect_notes(2 * REMARKS - 1);
    scratch_remove(&t);
    return 0;
}
