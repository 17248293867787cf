/* Knows the rows of imported sources: how an import begins, goes on after a kill, and ends. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdio.h>

#define SOURCE_COLUMNS                                                                             \
    "id, path, label, format, size, mtime_us, entries, added, duplicates, damaged, other, "        \
    "records_done, offset, sha256, zone, redacted, complete, first_us, last_us, imported_us, "     \
    "run, "                                                                                        \
    "zone_twice, zone_never, held"

/* Texts live until the statement moves on. */
static void read_row(sqlite3_stmt *st, struct store_source *out)
{
    *out = (struct store_source){
        .id = sqlite3_column_int64(st, 0),
        .path = store_column(st, 1),
        .label = store_column(st, 2),
        .format = store_column(st, 3),
        .size = (uint64_t)sqlite3_column_int64(st, 4),
        .mtime_us = store_column_int(st, 5, TIME_NONE),
        .entries = (uint64_t)sqlite3_column_int64(st, 6),
        .added = (uint64_t)sqlite3_column_int64(st, 7),
        .duplicates = (uint64_t)sqlite3_column_int64(st, 8),
        .damaged = (uint64_t)sqlite3_column_int64(st, 9),
        .other = (uint64_t)sqlite3_column_int64(st, 10),
        .records_done = (uint64_t)sqlite3_column_int64(st, 11),
        .offset = (uint64_t)sqlite3_column_int64(st, 12),
        .sha256 = store_column(st, 13),
        .zone = store_column(st, 14),
        .redacted = (uint64_t)sqlite3_column_int64(st, 15),
        .complete = sqlite3_column_int(st, 16) != 0,
        .first_us = store_column_int(st, 17, TIME_NONE),
        .last_us = store_column_int(st, 18, TIME_NONE),
        .imported_us = store_column_int(st, 19, TIME_NONE),
        .run = sqlite3_column_int64(st, 20),
        .zone_twice = (uint64_t)sqlite3_column_int64(st, 21),
        .zone_never = (uint64_t)sqlite3_column_int64(st, 22),
        .held = (uint64_t)sqlite3_column_int64(st, 23),
    };
}

static void begin_anew(struct store_source *source, int64_t id)
{
    struct store_source was = *source;
    *source = (struct store_source){.id = id,
                                    .path = was.path,
                                    .format = was.format,
                                    .label = was.label,
                                    .size = was.size,
                                    .mtime_us = was.mtime_us,
                                    .zone = was.zone,
                                    .first_us = TIME_NONE,
                                    .last_us = TIME_NONE,
                                    .imported_us = time_now()};
}

static void go_on(struct store_source *source, const struct store_source *row)
{
    struct store_source was = *source;
    *source = *row;
    source->path = was.path;
    source->format = was.format;
    source->label = was.label;
    source->zone = was.zone;
    source->imported_us = time_now();
    memcpy(source->digest, row->sha256.at, row->sha256.len);
    source->sha256 = slice_make(source->digest, row->sha256.len);
}

enum fault_code store_source_begin(struct store *s, struct store_source *source, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s, "SELECT " SOURCE_COLUMNS " FROM source WHERE path = ?1 AND label IS ?2", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, source->path);
    store_bind(st, 2, source->label);
    int rc = sqlite3_step(st);
    struct store_source row = {0};
    if (rc == SQLITE_ROW)
        read_row(st, &row);
    if (rc == SQLITE_ROW && !row.complete && row.records_done && row.size == source->size &&
        row.mtime_us == source->mtime_us && !slice_is_none(row.sha256) &&
        row.sha256.len < sizeof row.digest)
        go_on(source, &row);
    else
        begin_anew(source, row.id);
    /* what came with it before is still there */
    if (!source->run && row.held) {
        source->first_us = row.first_us;
        source->last_us = row.last_us;
    }
    s->damaged_count = 0;
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

void store_source_restart(struct store_source *source)
{
    int64_t first_us = source->first_us, last_us = source->last_us;
    begin_anew(source, source->id);
    if (source->id) { /* what was committed stays */
        source->first_us = first_us;
        source->last_us = last_us;
    }
}

/* A run that has no number yet gets one, and the row of a new source is made. */
static enum fault_code make_row(struct store *s, struct store_source *source, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (!source->id) {
        sqlite3_stmt *st = store_statement(
            s, "INSERT INTO source(path, label, held, complete) VALUES(?1, ?2, 0, 0)", why);
        if (!st)
            return store_statement_fault(why);
        store_bind(st, 1, source->path);
        store_bind(st, 2, source->label);
        code = store_run(s, st, why);
        source->id = sqlite3_last_insert_rowid(s->db);
    }
    if (!code && !source->run) {
        int64_t last = 0;
        code = store_meta_get(s, "run", &last, why);
        source->run = last + 1;
        if (!code)
            code = store_meta_set(s, "run", source->run, why);
        sqlite3_stmt *st = store_statement(s, "DELETE FROM damaged WHERE source = ?1", why);
        if (!st)
            return store_statement_fault(why);
        store_bind_int(st, 1, source->id);
        if (!code)
            code = store_run(s, st, why);
    }
    return code;
}

void store_damaged(struct store *s, struct store_source *source, uint64_t offset, uint64_t position,
                   const char *text)
{
    if (source->damaged++ >= DAMAGED_KEPT)
        return;
    if (!s->damaged)
        s->damaged = xcalloc(DAMAGED_KEPT, sizeof *s->damaged);
    if (s->damaged_count == DAMAGED_KEPT)
        return;
    struct damaged_place *place = &s->damaged[s->damaged_count++];
    place->position = position;
    place->offset = offset;
    snprintf(place->text, sizeof place->text, "%s", text);
}

static enum fault_code save_damaged(struct store *s, int64_t source_id, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < s->damaged_count; i++) {
        sqlite3_stmt *st = store_statement(
            s, "INSERT INTO damaged(source, position, offset, text) VALUES(?1, ?2, ?3, ?4)", why);
        if (!st)
            return store_statement_fault(why);
        store_bind_int(st, 1, source_id);
        store_bind_int(st, 2, (int64_t)s->damaged[i].position);
        store_bind_int(st, 3, (int64_t)s->damaged[i].offset);
        store_bind(st, 4, slice_of(s->damaged[i].text));
        code = store_run(s, st, why);
    }
    return code;
}

static enum fault_code source_save(struct store *s, struct store_source *source, int64_t held,
                                   struct fault *why)
{
    enum fault_code code = save_damaged(s, source->id, why);
    if (code)
        return code;
    sqlite3_stmt *st = store_statement(
        s,
        "UPDATE source SET format = ?2, size = ?3, mtime_us = ?4, entries = ?5, added = ?6, "
        "duplicates = ?7, damaged = ?8, other = ?9, records_done = ?10, offset = ?11, "
        "sha256 = ?12, zone = ?13, redacted = ?14, complete = ?15, first_us = ?16, "
        "last_us = ?17, imported_us = ?18, run = ?19, held = held + ?20, "
        "zone_twice = ?21, zone_never = ?22 WHERE id = ?1",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, source->id);
    store_bind(st, 2, source->format);
    store_bind_int(st, 3, (int64_t)source->size);
    store_bind_int_or(st, 4, source->mtime_us, TIME_NONE);
    store_bind_int(st, 5, (int64_t)source->entries);
    store_bind_int(st, 6, (int64_t)source->added);
    store_bind_int(st, 7, (int64_t)source->duplicates);
    store_bind_int(st, 8, (int64_t)source->damaged);
    store_bind_int(st, 9, (int64_t)source->other);
    store_bind_int(st, 10, (int64_t)source->records_done);
    store_bind_int(st, 11, (int64_t)source->offset);
    store_bind(st, 12, source->sha256);
    store_bind(st, 13, source->zone);
    store_bind_int(st, 14, (int64_t)source->redacted);
    store_bind_int(st, 15, source->complete);
    store_bind_int_or(st, 16, source->first_us, TIME_NONE);
    store_bind_int_or(st, 17, source->last_us, TIME_NONE);
    store_bind_int_or(st, 18, source->imported_us, TIME_NONE);
    store_bind_int(st, 19, source->run);
    store_bind_int(st, 20, held);
    store_bind_int(st, 21, (int64_t)source->zone_twice);
    store_bind_int(st, 22, (int64_t)source->zone_never);
    return store_run(s, st, why);
}

enum fault_code source_begin_write(struct store *s, struct store_source *source, struct fault *why)
{
    enum fault_code code = store_begin(s, why);
    if (code)
        return code;
    bool fresh = !source->run;
    code = make_row(s, source, why);
    if (!code)
        code = extent_begin(s, source, fresh, why);
    if (code)
        store_rollback(s);
    return code;
}

enum fault_code source_end_write(struct store *s, struct store_source *source, int64_t held,
                                 enum fault_code code, struct fault *why)
{
    if (!code)
        code = source_save(s, source, held, why);
    if (!code)
        code = extent_save(s, why);
    if (!code)
        code = store_commit(s, why);
    if (code)
        store_rollback(s);
    s->damaged_count = 0;
    return code;
}

enum fault_code store_source_end(struct store *s, struct store_source *source, struct fault *why)
{
    struct store_source before = *source;
    enum fault_code code = source_begin_write(s, source, why);
    if (!code)
        code = source_end_write(s, source, 0, FAULT_NONE, why);
    if (code)
        *source = before;
    return code;
}

enum fault_code store_source_drop(struct store *s, int64_t source_id, struct fault *why)
{
    if (!source_id)
        return FAULT_NONE;
    enum fault_code code = store_begin(s, why);
    if (code)
        return code;
    static const char *const deletes[] = {
        "DELETE FROM damaged WHERE source IN (SELECT id FROM source WHERE id = ?1 AND held = 0)",
        ("DELETE FROM source_extent WHERE source IN (SELECT id FROM source WHERE id = ?1 AND "
         "held = 0)"),
        "DELETE FROM source WHERE id = ?1 AND held = 0"};
    for (size_t i = 0; !code && i < sizeof deletes / sizeof *deletes; i++) {
        sqlite3_stmt *st = store_statement(s, deletes[i], why);
        if (!st) {
            code = FAULT_INDEX;
            break;
        }
        store_bind_int(st, 1, source_id);
        code = store_run(s, st, why);
    }
    if (!code)
        code = store_commit(s, why);
    if (code)
        store_rollback(s);
    source_order_forget(s);
    return code;
}

enum fault_code store_sources(struct store *s, struct arena *arena, struct store_source **out,
                              size_t *count, struct fault *why)
{
    *out = NULL;
    *count = 0;
    int64_t rows = 0;
    bool own;
    enum fault_code code = store_read_begin(s, &own, why);
    if (!code)
        code = store_ask(s, "SELECT count(*) FROM source", 0, &rows, why);
    sqlite3_stmt *st =
        code ? NULL : store_statement(s, "SELECT " SOURCE_COLUMNS " FROM source ORDER BY id", why);
    if (!st) {
        store_read_end(s, own);
        return code ? code : store_statement_fault(why);
    }
    *out = arena_zalloc(arena, (size_t)rows, sizeof **out);
    int rc = SQLITE_DONE;
    while (*count < (size_t)rows && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct store_source *row = *out + (*count)++;
        read_row(st, row);
        row->path = arena_copy(arena, row->path);
        row->label = arena_copy(arena, row->label);
        row->format = arena_copy(arena, row->format);
        row->sha256 = arena_copy(arena, row->sha256);
        row->zone = arena_copy(arena, row->zone);
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    store_read_end(s, own);
    return code;
}
