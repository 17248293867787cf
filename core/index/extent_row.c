/* Knows where the extent of a source lies in the index: made with its import, batch by batch in the
 * batch's transaction, so that a resumed import goes on with it. A source without one (an import by
 * an older program, too many runs, entries forgotten) has nobody's word on what it held. */
#include "core/index/extent.h"

#include "core/base/alloc.h"
#include "core/index/private.h"

#include <stdlib.h>

/* Of the source being imported, as of its last commit and the open transaction. */
struct source_extent {
    int64_t source, run;
    bool lost; /* nothing may be written */
    bool changed;
    struct extent held;
};

void extent_forget(struct store *s)
{
    if (s->extent)
        extent_free(&s->extent->held);
    free(s->extent);
    s->extent = NULL;
}

enum fault_code extent_read(struct store *s, int64_t source_id, struct extent *out, bool *found,
                            struct fault *why)
{
    *found = false;
    sqlite3_stmt *st = store_statement(s, "SELECT data FROM source_extent WHERE source = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, source_id);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        const void *data = sqlite3_column_blob(st, 0);
        size_t size = (size_t)sqlite3_column_bytes(st, 0);
        *found = extent_unpack(out, slice_make(data, data ? size : 0));
        if (!*found)
            extent_free(out);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
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
    if (fresh)
        return FAULT_NONE;
    bool found;
    enum fault_code code = extent_read(s, source->id, &s->extent->held, &found, why);
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
    struct buf packed;
    buf_init(&packed, EXTENT_BYTES);
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
            store_bind_int(st, 1, x->source);
            sqlite3_bind_blob64(st, 2, packed.at, packed.len, SQLITE_STATIC);
            code = store_run(s, st, why);
        }
    }
    x->changed = false;
    buf_free(&packed);
    return code;
}
