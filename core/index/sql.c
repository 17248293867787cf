/* Knows how this folder talks to SQLite: statements prepared once, transactions, values in and out,
 * result codes as faults. Knows no table but `meta`. */
#include "core/index/column.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/utf8.h"

#include <stdlib.h>

static enum fault_code code_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return FAULT_BUSY;
    case SQLITE_INTERRUPT:
        return FAULT_CANCELLED;
    case SQLITE_FULL:
    case SQLITE_IOERR:
        return FAULT_IO;
    case SQLITE_TOOBIG:
        return FAULT_LIMIT;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
    case SQLITE_FORMAT:
    case SQLITE_ERROR: /* a column or table that our schema has and this file has not */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return FAULT_INDEX;
    default:
        return FAULT_INTERNAL;
    }
}

enum fault_code store_sql_fault(struct store *s, int rc, struct fault *why)
{
    if ((rc & 0xff) == SQLITE_NOMEM)
        alloc_exhausted();
    char path[120], text[100];
    safe_short(path, sizeof path, slice_of(s->path));
    safe_short(text, sizeof text, slice_of(s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc)));
    switch (code_of(rc)) {
    case FAULT_BUSY:
        return fault_set(why, FAULT_BUSY,
                         "index %s is busy: another program has been writing it "
                         "for %d s",
                         path, INDEX_BUSY_SECONDS);
    case FAULT_CANCELLED:
        return fault_set(why, FAULT_CANCELLED, "given up for a newer question");
    case FAULT_IO:
        return fault_set(why, FAULT_IO, "index %s cannot be read or written: %s", path, text);
    case FAULT_LIMIT:
        return fault_set(why, FAULT_LIMIT, "a value is too big for the index (over %d bytes)",
                         INDEX_VALUE_LIMIT);
    case FAULT_INDEX:
        return fault_set(why, FAULT_INDEX, "index %s: %s", path, text);
    default:
        return fault_set(why, FAULT_INTERNAL, "index %s: %s", path, text);
    }
}

/* The slot of a literal, or the free one that it would get. */
static unsigned char *slot_of(struct store *s, const char *sql)
{
    size_t slot = (size_t)(((uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 40);
    for (;; slot++) {
        unsigned char *at = &s->statement_slot[slot % STATEMENT_SLOTS];
        if (!*at || s->statement_text[*at - 1] == sql)
            return at;
    }
}

sqlite3_stmt *store_statement(struct store *s, const char *sql, struct fault *why)
{
    _Static_assert(STATEMENTS_CACHED < UINT8_MAX && STATEMENTS_CACHED * 2 < STATEMENT_SLOTS,
                   "a slot names a statement, and some are free");
    unsigned char *slot = slot_of(s, sql);
    if (*slot) {
        sqlite3_stmt *found = s->statement[*slot - 1];
        sqlite3_reset(found);
        sqlite3_clear_bindings(found);
        return found;
    }
    if (s->statement_count == STATEMENTS_CACHED) {
        fault_set(why, FAULT_INTERNAL, "more SQL statements than the index has room for");
        return NULL;
    }
    sqlite3_stmt *made = NULL;
    int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL);
    if (rc) {
        store_sql_fault(s, rc, why);
        return NULL;
    }
    s->statement_text[s->statement_count] = sql;
    s->statement[s->statement_count++] = made;
    *slot = (unsigned char)s->statement_count;
    return made;
}

enum fault_code store_statement_fault(const struct fault *why)
{
    return why && why->code ? why->code : FAULT_INDEX;
}

void store_finish_statements(struct store *s)
{
    for (size_t i = 0; i < s->statement_count; i++)
        sqlite3_finalize(s->statement[i]);
    s->statement_count = 0;
    memset(s->statement_slot, 0, sizeof s->statement_slot);
}

enum fault_code store_run(struct store *s, sqlite3_stmt *statement, struct fault *why)
{
    if (!statement)
        return why && why->code ? why->code : FAULT_INTERNAL;
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
        ;
    enum fault_code code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(statement);
    return code;
}

enum fault_code store_exec(struct store *s, const char *sql, struct fault *why)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc ? store_sql_fault(s, rc, why) : FAULT_NONE;
}

enum fault_code store_ask(struct store *s, const char *sql, int64_t otherwise, int64_t *out,
                          struct fault *why)
{
    *out = otherwise;
    sqlite3_stmt *st = store_statement(s, sql, why);
    if (!st)
        return store_statement_fault(why);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = store_column_int(st, 0, otherwise);
    enum fault_code code =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    return code;
}

enum fault_code store_begin(struct store *s, struct fault *why)
{
    if (!s->writable)
        return fault_set(why, FAULT_INDEX, "the index was opened for reading only");
    return store_exec(s, "BEGIN IMMEDIATE", why);
}

enum fault_code store_commit(struct store *s, struct fault *why)
{
    enum fault_code code = columns_freshen(s, why);
    /* SQLite takes a transaction back by itself when it runs out of memory or disk. */
    if (!code && sqlite3_get_autocommit(s->db))
        code = fault_set(why, FAULT_IO,
                         "the index ran out of memory or disk: the batch at hand "
                         "was taken back");
    return code ? code : store_exec(s, "COMMIT", why);
}

void store_rollback(struct store *s)
{
    for (size_t i = 0; i < s->statement_count; i++)
        sqlite3_reset(s->statement[i]);
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    columns_forget_changes(s);
    dictionary_forget(s);
    class_forget(s);
    group_forget(s);
    extent_forget(s);
    source_order_forget(s);
}

enum fault_code store_read_begin(struct store *s, bool *own, struct fault *why)
{
    *own = sqlite3_get_autocommit(s->db) != 0;
    return *own ? store_exec(s, "BEGIN", why) : FAULT_NONE;
}

void store_read_end(struct store *s, bool own)
{
    if (own && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
}

struct slice store_clean(struct buf *clean, struct slice text)
{
    bool zero = text.len && memchr(text.at, 0, text.len);
    if (!zero && utf8_valid(text))
        return text;
    struct slice rest = text, part;
    bool first = true;
    while (slice_cut(&rest, '\0', &part)) {
        if (!first)
            buf_add_text(clean, "\xEF\xBF\xBD");
        utf8_add_clean(clean, part);
        first = false;
    }
    return buf_slice(clean);
}

bool store_bind(sqlite3_stmt *statement, int at, struct slice text)
{
    if (slice_is_none(text)) {
        sqlite3_bind_null(statement, at);
        return true;
    }
    struct buf clean;
    buf_init(&clean, INDEX_VALUE_LIMIT);
    struct slice kept = store_clean(&clean, text);
    bool same = kept.at == text.at;
    sqlite3_bind_text64(statement, at, kept.at, kept.len, same ? SQLITE_STATIC : SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    buf_free(&clean);
    return same;
}

void store_bind_int(sqlite3_stmt *statement, int at, int64_t value)
{
    sqlite3_bind_int64(statement, at, value);
}

void store_bind_int_or(sqlite3_stmt *statement, int at, int64_t value, int64_t null)
{
    if (value == null)
        sqlite3_bind_null(statement, at);
    else
        sqlite3_bind_int64(statement, at, value);
}

/* The value behind sqlite3_column_*: one look-up where these make one each. A connection is used by
 * one thread at a time. */
struct slice store_column(sqlite3_stmt *statement, int at)
{
    sqlite3_value *value = sqlite3_column_value(statement, at);
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return SLICE_NONE;
    const char *text = (const char *)sqlite3_value_text(value);
    return slice_make(text ? text : "", (size_t)sqlite3_value_bytes(value));
}

int64_t store_column_int(sqlite3_stmt *statement, int at, int64_t null)
{
    sqlite3_value *value = sqlite3_column_value(statement, at);
    return sqlite3_value_type(value) == SQLITE_NULL ? null : sqlite3_value_int64(value);
}

enum fault_code store_meta_get(struct store *s, const char *key, int64_t *out, struct fault *why)
{
    *out = 0;
    sqlite3_stmt *st = store_statement(s, "SELECT value FROM meta WHERE key = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, slice_of(key));
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = store_column_int(st, 0, 0);
    enum fault_code code =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    return code;
}

enum fault_code store_meta_set(struct store *s, const char *key, int64_t value, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s,
                                       "INSERT INTO meta(key, value) VALUES(?1, ?2) "
                                       "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                                       why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, slice_of(key));
    store_bind_int(st, 2, value);
    return store_run(s, st, why);
}
