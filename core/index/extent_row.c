/* Knows where the extent of a source lies in the index: made with its import, batch by batch in the
 * batch's transaction, so that a resumed import goes on with it. A path may have held other entries
 * when it was imported before, and they are still there: that is kept behind it. A source without
 * one (an import by an older program, too many runs, entries forgotten) has nobody's word on what
 * it held. */
#include "core/index/extent.h"

#include "core/base/alloc.h"
#include "core/index/private.h"

#include <stdlib.h>

enum { SIZE_BYTES = 4 };

/* Of the source being imported, as of its last commit and the open transaction. */
struct source_extent {
    int64_t source, run;
    bool lost; /* nothing may be written */
    bool changed;
    struct extent held;
    struct buf before; /* packed: what the path held in earlier runs */
};

void extent_forget(struct store *s)
{
    if (s->extent) {
        extent_free(&s->extent->held);
        buf_free(&s->extent->before);
    }
    free(s->extent);
    s->extent = NULL;
}

/* The row's two parts: the size of the first in four bytes, the first, the second. */
static bool read_parts(sqlite3_stmt *st, struct extent *held, struct slice *before)
{
    const unsigned char *data = sqlite3_column_blob(st, 0);
    size_t size = (size_t)sqlite3_column_bytes(st, 0);
    if (!data || size < SIZE_BYTES)
        return false;
    size_t first =
        (size_t)data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16 | (size_t)data[3] << 24;
    struct slice rest = slice_make((const char *)data + SIZE_BYTES, size - SIZE_BYTES);
    *before = slice_from(rest, first);
    return first <= rest.len && before->len <= EXTENT_BYTES &&
           extent_unpack(held, slice_first(rest, first));
}

/* `*found`: the row is there and sound. What earlier runs held is appended to `before`. */
static enum fault_code read_row(struct store *s, int64_t source_id, struct extent *held,
                                struct buf *before, bool *found, struct fault *why)
{
    struct slice packed;
    *found = false;
    sqlite3_stmt *st = store_statement(s, "SELECT data FROM source_extent WHERE source = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, source_id);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        *found = read_parts(st, held, &packed);
        if (*found)
            buf_add(before, packed);
        else
            extent_free(held);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

enum fault_code extent_read(struct store *s, int64_t source_id, struct extent *out, bool *found,
                            struct fault *why)
{
    struct buf before;
    struct extent earlier;
    buf_init(&before, EXTENT_BYTES);
    extent_init(&earlier, out->limit);
    enum fault_code code = read_row(s, source_id, out, &before, found, why);
    if (*found && before.len) {
        *found = extent_unpack(&earlier, buf_slice(&before));
        if (*found)
            extent_add_all(out, &earlier);
        if (!*found || out->ids_lost || out->minutes_lost) {
            *found = false;
            extent_free(out);
        }
    }
    extent_free(&earlier);
    buf_free(&before);
    return code;
}

/* What earlier runs held is what counts as held so far. */
static enum fault_code begin_behind(struct store *s, struct fault *why)
{
    struct extent all;
    bool found;
    extent_init(&all, EXTENT_RUNS);
    enum fault_code code = extent_read(s, s->extent->source, &all, &found, why);
    if (found)
        extent_pack(&all, &s->extent->before);
    extent_free(&all);
    return code;
}

enum fault_code extent_begin(struct store *s, const struct store_source *source, bool fresh,
                             struct fault *why)
{
    if (s->extent && s->extent->source == source->id && s->extent->run == source->run)
        return FAULT_NONE;
    extent_forget(s);
    s->extent = xcalloc(1, sizeof *s->extent);
    s->extent->source = source->id;
    s->extent->run = source->run;
    s->extent->changed = fresh;
    extent_init(&s->extent->held, EXTENT_RUNS);
    buf_init(&s->extent->before, EXTENT_BYTES);
    bool found = true;
    enum fault_code code =
        fresh ? begin_behind(s, why)
              : read_row(s, source->id, &s->extent->held, &s->extent->before, &found, why);
    s->extent->lost = !found;
    if (code)
        extent_forget(s);
    return code;
}

void extent_note(struct store *s, const struct entry *entry)
{
    if (entry->bulk_operation || s->extent->lost)
        return;
    s->extent->changed = true;
    extent_add(&s->extent->held,
               &(struct extent_entry){
                   .computer = entry->computer,
                   .channel = entry->channel,
                   .record_id = entry->record_id,
                   .time_us = entry->time_us,
                   .cleared = (entry->event_id == 104 || entry->event_id == 1102) &&
                              slice_is(entry->provider, "Microsoft-Windows-Eventlog"),
               });
}

enum fault_code extent_drop(struct store *s, int64_t source_id, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "DELETE FROM source_extent WHERE source = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, source_id);
    return store_run(s, st, why);
}

enum fault_code extent_save(struct store *s, struct fault *why)
{
    struct source_extent *x = s->extent;
    if (!x || x->lost || !x->changed)
        return FAULT_NONE;
    struct buf packed, row;
    buf_init(&packed, EXTENT_BYTES);
    buf_init(&row, 2 * EXTENT_BYTES + SIZE_BYTES);
    enum fault_code code;
    if (!extent_pack(&x->held, &packed)) {
        extent_free(&x->held);
        x->lost = true;
        code = extent_drop(s, x->source, why);
    } else {
        sqlite3_stmt *st = store_statement(
            s, "INSERT OR REPLACE INTO source_extent(source, data) VALUES(?1, ?2)", why);
        code = st ? FAULT_NONE : store_statement_fault(why);
        if (!code) {
            for (unsigned i = 0; i < SIZE_BYTES; i++)
                buf_add_byte(&row, (char)(packed.len >> 8 * i & 255));
            buf_add(&row, buf_slice(&packed));
            buf_add(&row, buf_slice(&x->before));
            store_bind_int(st, 1, x->source);
            sqlite3_bind_blob64(st, 2, row.at, row.len, SQLITE_STATIC);
            code = store_run(s, st, why);
        }
    }
    x->changed = false;
    buf_free(&packed);
    buf_free(&row);
    return code;
}
