/* Knows how raw records lie in the index: one behind the other in groups of about 64 KiB, each
 * group compressed at once, so that records share what repeats between them. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { COMPRESSION_LEVEL = 1 };

struct body_cache {
    int64_t group;
    struct buf raw;
    ZSTD_DCtx *unpacking;
};

void body_writer_init(struct body_writer *w, int64_t next_id)
{
    *w = (struct body_writer){.next_id = next_id};
    buf_init(&w->raw, BODY_LIMIT + BODY_GROUP);
    buf_init(&w->packed, INDEX_VALUE_LIMIT);
}

void body_writer_free(struct body_writer *w)
{
    buf_free(&w->raw);
    buf_free(&w->packed);
    ZSTD_freeCCtx(w->packing);
}

enum fault_code body_flush(struct store *s, struct body_writer *w, struct fault *why)
{
    if (!w->raw.len)
        return FAULT_NONE;
    buf_reset(&w->packed);
    char *room = buf_extend(&w->packed, ZSTD_compressBound(w->raw.len));
    if (!w->packing)
        w->packing = ZSTD_createCCtx();
    if (!w->packing)
        alloc_exhausted();
    size_t size = room ? ZSTD_compressCCtx(w->packing, room, w->packed.len, w->raw.at, w->raw.len,
                                           COMPRESSION_LEVEL)
                       : 0;
    if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
        alloc_exhausted();
    if (!room || ZSTD_isError(size))
        return fault_set(why, FAULT_INTERNAL, "a group of records cannot be compressed");
    sqlite3_stmt *st =
        store_statement(s, "INSERT INTO body(id, size, data) VALUES(?1, ?2, ?3)", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, w->next_id++);
    store_bind_int(st, 2, (int64_t)w->raw.len);
    sqlite3_bind_blob64(st, 3, room, size, SQLITE_STATIC);
    buf_reset(&w->raw);
    return store_run(s, st, why);
}

enum fault_code body_add(struct store *s, struct body_writer *w, struct slice raw, int64_t *group,
                         int64_t *at, struct fault *why)
{
    if (w->raw.len && w->raw.len + raw.len > BODY_GROUP) {
        enum fault_code code = body_flush(s, w, why);
        if (code)
            return code;
    }
    *group = w->next_id;
    *at = (int64_t)w->raw.len;
    buf_add(&w->raw, raw);
    return FAULT_NONE;
}

static enum fault_code damaged(int64_t group, struct fault *why)
{
    return fault_set(why, FAULT_INDEX, "the index is damaged: records of group %lld",
                     (long long)group);
}

static enum fault_code unpack(struct body_cache *cache, sqlite3_stmt *st, int64_t group,
                              struct fault *why)
{
    int64_t size = sqlite3_column_int64(st, 0);
    const void *data = sqlite3_column_blob(st, 1);
    size_t packed = (size_t)sqlite3_column_bytes(st, 1);
    if (size <= 0 || size > BODY_LIMIT + BODY_GROUP || !data)
        return damaged(group, why);
    buf_reset(&cache->raw);
    char *room = buf_extend(&cache->raw, (size_t)size);
    if (!room ||
        ZSTD_decompressDCtx(cache->unpacking, room, (size_t)size, data, packed) != (size_t)size)
        return damaged(group, why);
    cache->group = group;
    return FAULT_NONE;
}

enum fault_code body_read(struct store *s, int64_t group, int64_t at, int64_t len,
                          struct slice *out, struct fault *why)
{
    *out = SLICE_NONE;
    if (!group)
        return FAULT_NONE;
    if (!s->bodies) {
        s->bodies = xcalloc(1, sizeof *s->bodies);
        buf_init(&s->bodies->raw, BODY_LIMIT + BODY_GROUP);
        s->bodies->unpacking = ZSTD_createDCtx();
        if (!s->bodies->unpacking)
            alloc_exhausted();
    }
    if (s->bodies->group != group) {
        s->bodies->group = 0;
        sqlite3_stmt *st = store_statement(s, "SELECT size, data FROM body WHERE id = ?1", why);
        if (!st)
            return store_statement_fault(why);
        store_bind_int(st, 1, group);
        int rc = sqlite3_step(st);
        enum fault_code code = rc == SQLITE_ROW    ? unpack(s->bodies, st, group, why)
                               : rc == SQLITE_DONE ? damaged(group, why)
                                                   : store_sql_fault(s, rc, why);
        sqlite3_reset(st);
        if (code)
            return code;
    }
    struct slice whole = buf_slice(&s->bodies->raw);
    if (at < 0 || len < 0 || (uint64_t)at > whole.len || (uint64_t)len > whole.len - (uint64_t)at)
        return damaged(group, why);
    *out = slice_make(whole.at + at, (size_t)len);
    return FAULT_NONE;
}

void body_forget(struct store *s)
{
    if (!s->bodies)
        return;
    buf_free(&s->bodies->raw);
    ZSTD_freeDCtx(s->bodies->unpacking);
    free(s->bodies);
    s->bodies = NULL;
}
