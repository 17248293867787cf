/* A folder of its own for each test, and entries to fill an index with. */
#ifndef TESTS_CORE_INDEX_SCRATCH_H
#define TESTS_CORE_INDEX_SCRATCH_H

#include "core/index/filter.h"
#include "core/index/store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
    char folder[64];
    char db[96];
};

static inline void scratch_make(struct scratch *t)
{
    snprintf(t->folder, sizeof t->folder, "/tmp/scimscope-test-XXXXXX");
    if (!mkdtemp(t->folder))
        abort();
    snprintf(t->db, sizeof t->db, "%s/index.db", t->folder);
}

static inline void scratch_remove(struct scratch *t)
{
    DIR *dir = opendir(t->folder);
    chmod(t->folder, 0700);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", t->folder, e->d_name);
        unlink(path);
        rmdir(path);
    }
    if (dir)
        closedir(dir);
    rmdir(t->folder);
}

/* Names of the folder's files, sorted, blank separated. */
static inline const char *scratch_list(const struct scratch *t, struct buf *out)
{
    struct dirent **names;
    int count = scandir(t->folder, &names, NULL, alphasort);
    buf_init(out, 64 * 1024);
    buf_add_text(out, "");
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.') {
            buf_add_text(out, out->len ? " " : "");
            buf_add_text(out, names[i]->d_name);
        }
        free(names[i]);
    }
    free(names);
    return out->at;
}

enum { MADE_TIME = 1762160000 }; /* 2025-11-03T08:53:20Z */

/* The i-th of a row of entries: events and calls in turn, every third a failure. */
static inline struct stored make_stored(uint64_t i)
{
    static const char *const users[] = {"tanaka@example.com", "Sato@Example.com", "mueller", NULL};
    struct stored one = {.print = i * 7919 + 1, .print_time = (int64_t)(MADE_TIME + i)};
    struct entry *e = &one.entry;
    *e = (struct entry){.time_us = (int64_t)(MADE_TIME + i) * TIME_SECOND + (int64_t)i,
                        .kind = i % 2 ? KIND_HTTP : KIND_EVENT,
                        .position = (int64_t)i,
                        .level = i % 2   ? LEVEL_NONE
                                 : i % 3 ? LEVEL_INFORMATION
                                         : LEVEL_ERROR,
                        .event_id = i % 2 ? -1 : 12800 + (int64_t)(i % 3),
                        .record_id = i % 2 ? -1 : (int64_t)i,
                        .duration_us = i % 2 ? (int64_t)i * 3000 : -1};
    if (i % 2) {
        e->method = SLICE("POST");
        e->url = SLICE("https://api.example.com/scim/v2/Users?attributes=id");
        e->host = SLICE("api.example.com");
        e->path = SLICE("/scim/v2/Users");
        e->query = SLICE("attributes=id");
        e->status = i % 3 ? 201 : 409;
    } else {
        e->provider = SLICE("IIJ Directory Sync");
        e->computer = SLICE("AD01.example.local");
        e->channel = SLICE("Application");
    }
    if (i % 3 == 0) {
        e->class_id = SLICE("iij-username-taken");
        e->category = SLICE("conflict");
        e->vendor = SLICE("iij");
        e->failure = true;
        e->detail = SLICE("userName \xE7\x94\xB0\xE4\xB8\xAD is taken");
        e->scim_type = SLICE("uniqueness");
    } else if (i % 2) {
        e->class_id = SLICE("success");
        e->category = SLICE("other");
        e->vendor = SLICE("generic");
        e->success = true;
    }
    e->user = slice_of(users[i % 4]);
    e->user_how = slice_is_none(e->user) ? USER_NONE : USER_STATED;
    one.raw = i % 3 ? SLICE("{\"kind\":\"event\",\"message\":\"ok\"}")
                    : SLICE("{\"kind\":\"http\",\"body\":\"{\\\"userName\\\":\\\"Taken\\\"} "
                            "[redacted:jwt alg=RS256 len=512+ #0123456789ab]\"}");
    return one;
}

/* Writes entries [from, to) of source `path` in one batch. */
static inline enum fault_code write_made(struct store *s, struct store_source *source,
                                         uint64_t from, uint64_t to, struct fault *why)
{
    struct stored *batch = calloc(to - from + 1, sizeof *batch);
    for (uint64_t i = from; i < to; i++)
        batch[i - from] = make_stored(i);
    source->records_done = to;
    source->offset = to * 100;
    source->sha256 = SLICE("feed");
    enum fault_code code = store_write(s, source, batch, to - from, why);
    free(batch);
    return code;
}

/* A complete source of `count` made entries. */
static inline enum fault_code import_made(struct store *s, const char *path, uint64_t count,
                                          struct store_source *source, struct fault *why)
{
    *source = (struct store_source){.path = slice_of(path),
                                    .format = SLICE("har"),
                                    .size = 1,
                                    .mtime_us = 2,
                                    .label = SLICE_NONE};
    enum fault_code code = store_source_begin(s, source, why);
    if (!code)
        code = write_made(s, source, 0, count, why);
    source->complete = true;
    return code ? code : store_source_end(s, source, why);
}

/* How many entries a filter selects; -1 - fault code when it cannot be answered. */
static inline int64_t count_of(struct store *s, const char *text)
{
    struct arena arena;
    arena_init(&arena);
    struct filter *filter = NULL;
    struct selection *sel = NULL;
    struct fault why = {0};
    uint64_t count = 0;
    enum fault_code code = filter_parse(&filter, slice_of(text), &arena, &why);
    if (!code)
        code = selection_open(&sel, s, filter, &why);
    if (!code)
        code = selection_count(sel, &count, &why);
    if (code)
        fprintf(stderr, "%.80s: %s\n", text, why.text);
    selection_close(sel);
    arena_free(&arena);
    return code ? -1 - (int64_t)code : (int64_t)count;
}

#endif
