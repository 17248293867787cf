/* Knows the table of error classes: what an entry's class is called, its group, and whether it is a
 * failure, so that a filter needs no rulebook. A few hundred rows, kept whole in memory. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { CLASSES_LIMIT = 64 * 1024, CLASS_SLOTS = 1024 };

struct class_cache {
    struct arena texts;
    struct store_class *rows; /* by row number; id SLICE_NONE where there is none */
    size_t count;
    int64_t slots[CLASS_SLOTS]; /* row numbers by hash of the name */
};

void class_forget(struct store *s)
{
    if (!s->classes)
        return;
    arena_free(&s->classes->texts);
    free(s->classes->rows);
    free(s->classes);
    s->classes = NULL;
}

static struct store_class *room_for(struct class_cache *cache, int64_t id)
{
    if (id <= 0 || id > CLASSES_LIMIT)
        return NULL;
    if ((size_t)id >= cache->count) {
        size_t count = (size_t)id + 64;
        cache->rows = xrealloc(cache->rows, count, sizeof *cache->rows);
        memset(cache->rows + cache->count, 0, (count - cache->count) * sizeof *cache->rows);
        cache->count = count;
    }
    return &cache->rows[id];
}

static void remember(struct class_cache *cache, int64_t id, const struct store_class *from)
{
    struct store_class *row = room_for(cache, id);
    if (!row)
        return;
    *row = *from;
    row->id = arena_copy(&cache->texts, from->id);
    row->category = arena_copy(&cache->texts, from->category);
    row->vendor = arena_copy(&cache->texts, from->vendor);
    cache->slots[slice_hash(row->id, 1) % CLASS_SLOTS] = id;
}

enum fault_code class_read(struct store *s, struct fault *why)
{
    class_forget(s);
    s->classes = xcalloc(1, sizeof *s->classes);
    arena_init(&s->classes->texts);
    sqlite3_stmt *st = store_statement(s,
                                       "SELECT id, name, category, vendor, failure, success, "
                                       "remedy, evidence FROM class",
                                       why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct store_class row = {.id = store_column(st, 1),
                                  .category = store_column(st, 2),
                                  .vendor = store_column(st, 3),
                                  .failure = sqlite3_column_int(st, 4) != 0,
                                  .success = sqlite3_column_int(st, 5) != 0,
                                  .remedy = sqlite3_column_int(st, 6) != 0,
                                  .evidence = sqlite3_column_int(st, 7) != 0};
        remember(s->classes, sqlite3_column_int64(st, 0), &row);
    }
    enum fault_code code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    return code;
}

const struct store_class *class_at(struct store *s, int64_t id)
{
    if (!s->classes || id <= 0 || (size_t)id >= s->classes->count)
        return NULL;
    const struct store_class *row = &s->classes->rows[id];
    return slice_is_none(row->id) ? NULL : row;
}

int64_t class_end(const struct store *s)
{
    return s->classes ? (int64_t)s->classes->count : 0;
}

static int64_t find(struct class_cache *cache, struct slice name)
{
    int64_t id = cache->slots[slice_hash(name, 1) % CLASS_SLOTS];
    if (id && slice_equal(cache->rows[id].id, name))
        return id;
    for (size_t i = 1; i < cache->count; i++)
        if (!slice_is_none(cache->rows[i].id) && slice_equal(cache->rows[i].id, name))
            return (int64_t)i;
    return 0;
}

static enum fault_code save(struct store *s, const struct store_class *row, int64_t *id,
                            struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "INSERT INTO class(name, category, vendor, failure, success, remedy, evidence) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(name) DO UPDATE SET "
        "category = ?2, vendor = ?3, failure = ?4, success = ?5, remedy = ?6, evidence = ?7 "
        "RETURNING id",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, row->id);
    store_bind(st, 2, row->category);
    store_bind(st, 3, row->vendor);
    store_bind_int(st, 4, row->failure);
    store_bind_int(st, 5, row->success);
    store_bind_int(st, 6, row->remedy);
    store_bind_int(st, 7, row->evidence);
    int rc = sqlite3_step(st);
    *id = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    while (rc == SQLITE_ROW)
        rc = sqlite3_step(st);
    enum fault_code code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    if (!code && *id > CLASSES_LIMIT)
        code = fault_set(why, FAULT_LIMIT, "more than %d error classes", CLASSES_LIMIT);
    if (!code)
        remember(s->classes, *id, row);
    return code;
}

static bool same(const struct store_class *a, const struct store_class *b)
{
    return slice_equal(a->category, b->category) && slice_equal(a->vendor, b->vendor) &&
           a->failure == b->failure && a->success == b->success && a->remedy == b->remedy &&
           a->evidence == b->evidence;
}

static enum fault_code bring_up(struct store *s, const struct store_class *row, int64_t *id,
                                struct fault *why)
{
    *id = find(s->classes, row->id);
    if (*id && same(&s->classes->rows[*id], row))
        return FAULT_NONE;
    return save(s, row, id, why);
}

enum fault_code class_id_of(struct store *s, const struct entry *entry, int64_t *out,
                            struct fault *why)
{
    *out = 0;
    if (slice_is_none(entry->class_id))
        return FAULT_NONE;
    enum fault_code code = s->classes ? FAULT_NONE : class_read(s, why);
    if (code)
        return code;
    struct store_class row = {.id = entry->class_id,
                              .category = entry->category,
                              .vendor = entry->vendor,
                              .failure = entry->failure,
                              .success = entry->success};
    int64_t known = find(s->classes, row.id);
    if (known) { /* what only store_set_classes knows */
        row.remedy = s->classes->rows[known].remedy;
        row.evidence = s->classes->rows[known].evidence;
    }
    return bring_up(s, &row, out, why);
}

enum fault_code store_set_classes(struct store *s, const struct store_class *classes, size_t count,
                                  uint64_t hash, struct fault *why)
{
    int64_t known = 0;
    enum fault_code code = store_meta_get(s, "rulebook_hash", &known, why);
    if (code || known == (int64_t)hash)
        return code;
    code = store_begin(s, why);
    if (code)
        return code;
    code = class_read(s, why);
    for (size_t i = 0; !code && i < count; i++) {
        int64_t id;
        code = bring_up(s, &classes[i], &id, why);
    }
    if (!code)
        code = store_meta_set(s, "rulebook_hash", (int64_t)hash, why);
    if (!code)
        code = store_commit(s, why);
    if (code)
        store_rollback(s);
    return code;
}
