/* Knows what linking users reads from the index and writes into it; see store.h. The linking itself
 * is core/explain/link.c. */
#include "core/index/column.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum fault_code store_link_begin(struct store *s, struct fault *why)
{
    enum fault_code code = store_begin(s, why);
    if (code)
        return code;
    code = shown_settle(s, false, why);
    if (code)
        store_rollback(s);
    return code;
}

enum fault_code store_link_next(struct store *s, int64_t after, struct link_work *out, bool *found,
                                struct fault *why)
{
    *found = false;
    sqlite3_stmt *st = store_statement(s,
                                       "SELECT id, kind, grp, from_us, to_us, key FROM link_note "
                                       "WHERE id > ?1 ORDER BY id LIMIT 1",
                                       why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, after);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_DONE)
        return FAULT_NONE;
    if (rc != SQLITE_ROW)
        return store_sql_fault(s, rc, why);
    *out =
        (struct link_work){.id = sqlite3_column_int64(st, 0),
                           .kind = sqlite3_column_int(st, 1) == KIND_EVENT ? KIND_EVENT : KIND_HTTP,
                           .group = sqlite3_column_int64(st, 2),
                           .from_us = sqlite3_column_int64(st, 3),
                           .to_us = sqlite3_column_int64(st, 4),
                           .key = store_column(st, 5)};
    *found = true;
    return FAULT_NONE; /* not reset: `key` lives until the next call */
}

enum fault_code store_link_commit(struct store *s, int64_t last, bool more, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "DELETE FROM link_note WHERE id <= ?1", why);
    enum fault_code code = st ? FAULT_NONE : store_statement_fault(why);
    if (st) {
        store_bind_int(st, 1, last);
        code = store_run(s, st, why);
    }
    if (!code) {
        /* A statement that still stands on its row would keep the transaction open. */
        for (size_t i = 0; i < s->statement_count; i++)
            sqlite3_reset(s->statement[i]);
        if (!more)
            columns_settle_users(s);
        code = store_commit(s, why);
    }
    if (code)
        store_rollback(s);
    return code || !more ? code : store_begin(s, why);
}

void store_link_cancel(struct store *s)
{
    store_rollback(s);
}

/* Columns: id time step class status own_user user user_entry. */
static enum fault_code read_row(struct store *s, sqlite3_stmt *st, struct arena *arena,
                                struct link_entry *out, struct fault *why)
{
    *out = (struct link_entry){.id = sqlite3_column_int64(st, 0),
                               .time_us = store_column_int(st, 1, TIME_NONE),
                               .step = (enum step)sqlite3_column_int(st, 2),
                               .classed = sqlite3_column_type(st, 3) != SQLITE_NULL,
                               .status = sqlite3_column_int(st, 4),
                               .user_entry = sqlite3_column_int64(st, 7)};
    enum fault_code code = dictionary_text(s, store_column_int(st, 5, 0), arena, &out->own, why);
    if (!code)
        code = dictionary_text(s, store_column_int(st, 6, 0), arena, &out->user, why);
    return code;
}

static enum fault_code each_row(struct store *s, sqlite3_stmt *st,
                                bool (*row)(void *self, const struct link_entry *entry), void *self,
                                struct fault *why)
{
    struct arena arena;
    arena_init(&arena);
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct link_entry entry;
        arena_reset(&arena);
        code = read_row(s, st, &arena, &entry, why);
        if (!code && !row(self, &entry))
            break;
    }
    if (!code && rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    arena_free(&arena);
    return code;
}

/* --- events ----------------------------------------------------------------------------------- */

/* Events of one time, record number and sequence: of several sources, so in their order. */
struct link_tie {
    struct link_entry entry;
    int64_t source, place;
};
struct link_ties {
    struct arena arena; /* of the texts */
    struct link_tie *rows;
    size_t count, room;
    int64_t time_us, record, sequence;
};

static int compare_ties(const void *left, const void *right)
{
    const struct link_tie *a = left, *b = right;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return (a->entry.id > b->entry.id) - (a->entry.id < b->entry.id);
}

static enum fault_code give_ties(struct store *s, struct link_ties *t,
                                 bool (*event)(void *self, const struct link_entry *event),
                                 void *self, bool *more, struct fault *why)
{
    enum fault_code code = t->count > 1 ? source_order_begin(s, why) : FAULT_NONE;
    for (size_t i = 0; !code && i < t->count; i++)
        t->rows[i].place = source_place(s, t->rows[i].source);
    if (!code && t->count > 1)
        qsort(t->rows, t->count, sizeof *t->rows, compare_ties);
    for (size_t i = 0; !code && *more && i < t->count; i++)
        *more = event(self, &t->rows[i].entry);
    t->count = 0;
    arena_reset(&t->arena);
    return code;
}

/* Columns as read_row, then record number, sequence, source. */
static enum fault_code add_tie(struct store *s, sqlite3_stmt *st, struct link_ties *t,
                               struct fault *why)
{
    if (t->count == t->room)
        t->rows = xrealloc(t->rows, t->room = t->room ? t->room * 2 : 4, sizeof *t->rows);
    struct link_tie *tie = &t->rows[t->count++];
    tie->source = store_column_int(st, 10, 0);
    t->time_us = sqlite3_column_int64(st, 1);
    t->record = store_column_int(st, 8, INT64_MIN);
    t->sequence = store_column_int(st, 9, INT64_MIN);
    return read_row(s, st, &t->arena, &tie->entry, why);
}

static bool is_tied(sqlite3_stmt *st, const struct link_ties *t)
{
    return t->count && t->time_us == sqlite3_column_int64(st, 1) &&
           t->record == store_column_int(st, 8, INT64_MIN) &&
           t->sequence == store_column_int(st, 9, INT64_MIN);
}

enum fault_code store_link_events(struct store *s, int64_t group, int64_t from_us, int64_t to_us,
                                  bool (*event)(void *self, const struct link_entry *event),
                                  void *self, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT id, time_us, step, class, status, own_user, user, user_entry, record_id, "
        "sequence, source FROM entry WHERE link_group = ?1 AND time_us BETWEEN ?2 AND ?3 "
        "ORDER BY time_us, record_id, sequence",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, group);
    store_bind_int(st, 2, from_us);
    store_bind_int(st, 3, to_us);
    struct link_ties ties = {.count = 0};
    bool more = true;
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    arena_init(&ties.arena);
    while (!code && more && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (!is_tied(st, &ties))
            code = give_ties(s, &ties, event, self, &more, why);
        if (!code && more)
            code = add_tie(s, st, &ties, why);
    }
    if (!code && rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    if (!code && more)
        code = give_ties(s, &ties, event, self, &more, why);
    sqlite3_reset(st);
    arena_free(&ties.arena);
    free(ties.rows);
    return code;
}

/* --- calls ------------------------------------------------------------------------------------ */

enum fault_code store_link_calls(struct store *s, int64_t host, struct slice key,
                                 bool (*call)(void *self, const struct link_entry *call),
                                 void *self, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT id, time_us, step, class, status, own_user, user, user_entry FROM entry "
        "WHERE link_key = ?1 AND host IS ?2",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, key);
    store_bind_int_or(st, 2, host, 0);
    return each_row(s, st, call, self, why);
}

enum fault_code store_link_names(struct store *s, int64_t host, struct slice key,
                                 struct arena *arena, struct link_name **out, size_t *count,
                                 struct fault *why)
{
    *out = NULL;
    *count = 0;
    sqlite3_stmt *st =
        store_statement(s,
                        "SELECT name, time_us, entry, count(*) OVER () FROM link_name "
                        "WHERE host = ?1 AND key = ?2 ORDER BY time_us, name LIMIT ?3",
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, host);
    store_bind(st, 2, key);
    store_bind_int(st, 3, LINK_NAMES_LIMIT);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && *count < LINK_NAMES_LIMIT) {
        if (!*out) {
            int64_t rows = sqlite3_column_int64(st, 3);
            *out = arena_zalloc(arena, rows < LINK_NAMES_LIMIT ? (size_t)rows : LINK_NAMES_LIMIT,
                                sizeof **out);
        }
        int64_t time_us = sqlite3_column_int64(st, 1);
        (*out)[(*count)++] =
            (struct link_name){.name = arena_copy(arena, store_column(st, 0)),
                               .time_us = time_us == INT64_MAX ? TIME_NONE : time_us,
                               .entry = sqlite3_column_int64(st, 2)};
    }
    enum fault_code code =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    return code;
}

enum fault_code store_set_user(struct store *s, int64_t id, struct slice user, int64_t from,
                               struct fault *why)
{
    int64_t user_id = 0;
    enum fault_code code = dictionary_id(s, user, &user_id, why);
    return code ? code : subject_set_user(s, id, user_id, from, why);
}
