/* Knows how entries are taken out of an index so that nothing of them stays: their rows, prints,
 * notes and names, their part of the records compressed together, texts that nobody else uses. What
 * they linked is noted to be looked at again. One transaction; see store.h. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { COMPRESSION_LEVEL = 1 };

/* The entries that go; ?1 and ?2 as bind() gives them. */
#define GOING "(?1 = 0 OR source = ?1) AND (?2 IS NULL OR time_us < ?2)"
#define GOING_IDS "(SELECT id FROM entry WHERE " GOING ")"

static sqlite3_stmt *bound(struct store *s, const char *sql, const struct store_forget *what,
                           struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, sql, why);
    if (!st)
        return NULL;
    store_bind_int(st, 1, what->source);
    if (sqlite3_bind_parameter_count(st) > 1)
        store_bind_int_or(st, 2, what->before_us, TIME_NONE);
    return st;
}

static enum fault_code run_all(struct store *s, const char *const *sql, size_t count,
                               const struct store_forget *what, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < count; i++) {
        sqlite3_stmt *st = bound(s, sql[i], what, why);
        code = store_run(s, st, why);
    }
    return code;
}

/* What sources held is told no longer where they, or others that keep entries of theirs, lose some:
 * what is left tells then. */
static const char *const extents[] = {
    "DELETE FROM source_extent WHERE source IN (SELECT id FROM source WHERE duplicates > 0 OR "
    "CASE WHEN ?1 THEN id = ?1 ELSE first_us < ?2 END)"};

/* What has to be linked again, and everything that points at the entries. */
static const char *const before_entries[] = {
    ("INSERT INTO link_note(kind, grp, key, from_us, to_us) SELECT 0, link_group, '', "
     "min(time_us), "
     "max(time_us) FROM entry WHERE link_group IS NOT NULL AND " GOING " GROUP BY link_group "
     "ON CONFLICT(kind, grp, key) DO UPDATE SET from_us = min(from_us, excluded.from_us), "
     "to_us = max(to_us, excluded.to_us)"),
    ("INSERT INTO link_note(kind, grp, key, from_us, to_us) SELECT DISTINCT 1, host, key, 0, 0 "
     "FROM link_name WHERE entry IN " GOING_IDS " ON CONFLICT(kind, grp, key) DO NOTHING"),
    ("DELETE FROM link_name WHERE entry IN " GOING_IDS),
    ("INSERT OR IGNORE INTO problem_note(subject) SELECT DISTINCT subject FROM entry WHERE subject "
     "IS "
     "NOT NULL AND " GOING),
    ("INSERT OR IGNORE INTO problem_note(subject) SELECT subject FROM problem WHERE resolved_by "
     "IN " GOING_IDS),
    ("DELETE FROM annotation WHERE entry IN " GOING_IDS),
    /* A remark on a problem that keeps entries is tied to one of those. */
    ("UPDATE problem_annotation SET entry = coalesce((SELECT max(o.id) FROM entry o WHERE "
     "o.subject = problem_annotation.subject AND o.class = problem_annotation.class AND "
     "o.outcome = 1 AND o.id NOT IN " GOING_IDS "), 0) WHERE entry IN " GOING_IDS),
    ("DELETE FROM problem_annotation WHERE entry = 0 AND ?1 = ?1"),
    ("DELETE FROM print WHERE entry IN " GOING_IDS),
    ("DELETE FROM temp.forgotten"),
    ("INSERT INTO temp.forgotten SELECT DISTINCT body FROM entry WHERE body IS NOT NULL "
     "AND " GOING),
};

/* The highest text keeps its number, so that no number is ever given to another text: readers
 * remember them. */
static const char *const after_entries[] = {
    ("DELETE FROM body WHERE id IN (SELECT id FROM temp.forgotten) AND ?1 = ?1"),
    ("DELETE FROM temp.forgotten WHERE ?1 = ?1"),
    ("DELETE FROM link_group WHERE id NOT IN (SELECT link_group FROM entry WHERE link_group IS NOT "
     "NULL) AND id NOT IN (SELECT grp FROM link_note WHERE kind = 0) AND ?1 = ?1"),
    ("UPDATE string SET text = 'forgotten ' || id WHERE id = (SELECT max(id) FROM string) AND "
     "?1 = ?1 AND id NOT IN (SELECT * FROM temp.used)"),
    ("DELETE FROM string WHERE ?1 = ?1 AND id < (SELECT max(id) FROM string) AND "
     "id NOT IN (SELECT * FROM temp.used)"),
};

static enum fault_code make_temporary(struct store *s, struct fault *why)
{
    return store_exec(
        s,
        "CREATE TEMP TABLE IF NOT EXISTS forgotten(id INTEGER PRIMARY KEY);"
        "CREATE TEMP VIEW IF NOT EXISTS used AS "
        "SELECT user FROM main.entry WHERE user IS NOT NULL "
        "UNION SELECT own_user FROM main.entry WHERE own_user IS NOT NULL "
        "UNION SELECT provider FROM main.entry WHERE provider IS NOT NULL "
        "UNION SELECT computer FROM main.entry WHERE computer IS NOT NULL "
        "UNION SELECT channel FROM main.entry WHERE channel IS NOT NULL "
        "UNION SELECT method FROM main.entry WHERE method IS NOT NULL "
        "UNION SELECT origin FROM main.entry WHERE origin IS NOT NULL "
        "UNION SELECT host FROM main.entry WHERE host IS NOT NULL "
        "UNION SELECT subject FROM main.entry WHERE subject IS NOT NULL "
        "UNION SELECT subject FROM main.problem UNION SELECT subject FROM problem_note "
        "UNION SELECT subject FROM main.problem_annotation "
        "UNION SELECT user FROM main.problem WHERE user IS NOT NULL "
        "UNION SELECT scim_type FROM main.entry WHERE scim_type IS NOT NULL "
        "UNION SELECT code FROM main.entry WHERE code IS NOT NULL "
        "UNION SELECT computer FROM main.link_group UNION SELECT channel FROM main.link_group "
        "UNION SELECT provider FROM main.link_group UNION SELECT host FROM main.link_name "
        "UNION SELECT grp FROM main.link_note WHERE kind = 1",
        why);
}

/* Entries that stay but have their user from one that goes are left with their own. */
static enum fault_code unlink_users(struct store *s, const struct store_forget *what,
                                    struct fault *why)
{
    sqlite3_stmt *st =
        bound(s, "SELECT id, own_user FROM entry WHERE user_entry IN " GOING_IDS, what, why);
    if (!st)
        return store_statement_fault(why);
    struct arena arena;
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    arena_init(&arena);
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct slice own;
        arena_reset(&arena);
        code = dictionary_text(s, store_column_int(st, 1, 0), &arena, &own, why);
        if (!code)
            code = store_set_user(s, sqlite3_column_int64(st, 0), own, 0, why);
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    arena_free(&arena);
    return code;
}

/* Takes what goes off the counts of the sources, and the rows that hold nothing then. */
static enum fault_code lower_counts(struct store *s, const struct store_forget *what,
                                    uint64_t *entries, struct fault *why)
{
    sqlite3_stmt *rows =
        bound(s, "SELECT source, count(*) FROM entry WHERE " GOING " GROUP BY source", what, why);
    sqlite3_stmt *lower =
        rows ? store_statement(s,
                               "UPDATE source SET held = held - ?2, first_us = CASE WHEN "
                               "first_us < ?3 THEN ?3 ELSE first_us END WHERE id = ?1",
                               why)
             : NULL;
    if (!lower)
        return store_statement_fault(why);
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    while (!code && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
        *entries += (uint64_t)sqlite3_column_int64(rows, 1);
        store_bind_int(lower, 1, sqlite3_column_int64(rows, 0));
        store_bind_int(lower, 2, sqlite3_column_int64(rows, 1));
        store_bind_int_or(lower, 3, what->before_us, TIME_NONE);
        code = store_run(s, lower, why);
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(rows);
    return code;
}

/* --- records that were compressed together with others that stay --------------------------------
 */

/* One group being written anew. */
struct regroup {
    struct store *s;
    int64_t group, from, len; /* the record moved last, where it lay */
    int64_t at;               /* and where it lies now */
    struct buf old, kept;
    struct fault *why;
};

static enum fault_code regroup_end(struct regroup *r)
{
    if (!r->group)
        return FAULT_NONE;
    struct buf packed;
    buf_init(&packed, INDEX_VALUE_LIMIT);
    char *room = buf_extend(&packed, ZSTD_compressBound(r->kept.len));
    size_t size =
        room ? ZSTD_compress(room, packed.len, r->kept.at, r->kept.len, COMPRESSION_LEVEL) : 0;
    enum fault_code code = FAULT_NONE;
    sqlite3_stmt *st =
        store_statement(r->s, "UPDATE body SET size = ?2, data = ?3 WHERE id = ?1", r->why);
    if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
        alloc_exhausted();
    if (!room || ZSTD_isError(size))
        code = fault_set(r->why, FAULT_INTERNAL, "a group of records cannot be compressed");
    else if (!st)
        code = store_statement_fault(r->why);
    if (!code) {
        store_bind_int(st, 1, r->group);
        store_bind_int(st, 2, (int64_t)r->kept.len);
        sqlite3_bind_blob64(st, 3, room, size, SQLITE_STATIC);
        code = store_run(r->s, st, r->why);
    }
    if (!code) {
        st = store_statement(r->s, "DELETE FROM temp.forgotten WHERE id = ?1", r->why);
        if (st)
            store_bind_int(st, 1, r->group);
        code = store_run(r->s, st, r->why);
    }
    buf_free(&packed);
    return code;
}

static enum fault_code regroup_begin(struct regroup *r, int64_t group)
{
    int64_t size = 0;
    enum fault_code code = regroup_end(r);
    sqlite3_stmt *st =
        code ? NULL : store_statement(r->s, "SELECT size FROM body WHERE id = ?1", r->why);
    if (!st)
        return code ? code : store_statement_fault(r->why);
    store_bind_int(st, 1, group);
    if (sqlite3_step(st) == SQLITE_ROW)
        size = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    struct slice whole = SLICE_NONE;
    code = body_read(r->s, group, 0, size, &whole, r->why);
    if (code)
        return code;
    buf_reset(&r->old);
    buf_reset(&r->kept);
    buf_add(&r->old, whole);
    r->group = group;
    r->from = -1;
    return FAULT_NONE;
}

/* An entry that stays in a group of which some go; they come by group and place. */
static enum fault_code regroup_entry(struct regroup *r, int64_t id, int64_t from, int64_t len)
{
    if (from < 0 || len < 0 || (uint64_t)from + (uint64_t)len > r->old.len)
        return fault_set(r->why, FAULT_INDEX, "the index is damaged: records of group %lld",
                         (long long)r->group);
    if (from != r->from || len != r->len) {
        r->at = (int64_t)r->kept.len;
        r->from = from;
        r->len = len;
        buf_add(&r->kept, slice_make(r->old.at + from, (size_t)len));
    }
    sqlite3_stmt *st = store_statement(r->s, "UPDATE entry SET body_at = ?2 WHERE id = ?1", r->why);
    if (!st)
        return store_statement_fault(r->why);
    store_bind_int(st, 1, id);
    store_bind_int(st, 2, r->at);
    return store_run(r->s, st, r->why);
}

static enum fault_code regroup_all(struct store *s, struct fault *why)
{
    struct regroup r = {.s = s, .why = why};
    /* Sorted, so the rows are complete before the first is changed. */
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT +id, +body, +body_at, +body_len FROM entry WHERE body IN (SELECT id FROM "
        "temp.forgotten) ORDER BY +body, +body_at, +body_len, +id",
        why);
    if (!st)
        return store_statement_fault(why);
    buf_init(&r.old, BODY_LIMIT + BODY_GROUP);
    buf_init(&r.kept, BODY_LIMIT + BODY_GROUP);
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (sqlite3_column_int64(st, 1) != r.group)
            code = regroup_begin(&r, sqlite3_column_int64(st, 1));
        if (!code)
            code = regroup_entry(&r, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 2),
                                 sqlite3_column_int64(st, 3));
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    if (!code)
        code = regroup_end(&r);
    sqlite3_reset(st);
    buf_free(&r.old);
    buf_free(&r.kept);
    body_forget(s);
    return code;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum fault_code forget(struct store *s, const struct store_forget *what, uint64_t *entries,
                              struct fault *why)
{
    static const char *const entry[] = {"DELETE FROM entry WHERE " GOING};
    static const char *const empty_sources[] = {
        ("DELETE FROM damaged WHERE source IN (SELECT id FROM source WHERE CASE WHEN ?1 THEN "
         "id = ?1 ELSE held = 0 AND duplicates = 0 AND last_us < ?2 END)"),
        ("DELETE FROM source WHERE CASE WHEN ?1 THEN id = ?1 ELSE held = 0 AND duplicates = 0 AND "
         "last_us < ?2 END")};
    enum fault_code code = shown_settle(s, true, why);
    if (!code)
        code = run_all(s, extents, 1, what, why);
    if (!code)
        code = lower_counts(s, what, entries, why);
    if (!code)
        code = unlink_users(s, what, why);
    if (!code)
        code =
            run_all(s, before_entries, sizeof before_entries / sizeof *before_entries, what, why);
    if (!code)
        code = run_all(s, entry, 1, what, why);
    /* A source goes with the last of its entries. */
    if (!code && (what->before_us == TIME_NONE || !what->source))
        code = run_all(s, empty_sources, 2, what, why);
    if (!code)
        code = regroup_all(s, why);
    return code
               ? code
               : run_all(s, after_entries, sizeof after_entries / sizeof *after_entries, what, why);
}

enum fault_code store_forget(struct store *s, const struct store_forget *what, uint64_t *entries,
                             struct fault *why)
{
    int fd = -1;
    *entries = 0;
    /* An import that runs remembers what is taken out here. */
    enum fault_code code =
        s->lock_fd < 0 ? lock_take(&fd, s->path, INDEX_BUSY_SECONDS, why) : FAULT_NONE;
    if (code)
        return code;
    code = make_temporary(s, why);
    if (!code)
        code = store_begin(s, why);
    if (!code) {
        code = forget(s, what, entries, why);
        if (!code)
            code = store_commit(s, why);
        if (code)
            store_rollback(s);
    }
    dictionary_forget(s);
    group_forget(s);
    extent_forget(s);
    source_order_forget(s);
    /* What was taken out leaves the journal too; a reader in between only delays that. */
    if (!code)
        sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    lock_release(fd);
    return code;
}

enum fault_code store_link_show(struct store *s, const struct entry *entry,
                                const struct identity *shown, size_t count, struct fault *why)
{
    int64_t host = 0;
    enum fault_code code = dictionary_id(s, entry->host, &host, why);
    for (size_t i = 0; !code && i < count; i++) {
        struct shown_name one = shown_name_of(&shown[i], entry, host, entry->source_id);
        code = shown_sort_in(s, &one, why);
    }
    return code;
}
