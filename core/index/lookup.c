/* Knows how the questions of evidence are answered from the index: by filters, by the entries that
 * linking keyed by resource id, by the names that calls showed for ids. */
#include "core/index/lookup.h"

#include "core/index/filter.h"
#include "core/index/private.h"

static enum fault_code take_raw(struct store *s, struct evidence_found *found, struct arena *arena,
                                struct fault *why)
{
    struct entry again;
    return store_entry(s, found->entry.id, arena, &again, &found->raw, why);
}

static bool lookup_entries(void *self, struct slice text, bool newest, size_t limit, bool want_raw,
                           struct arena *arena, struct evidence_found **out, size_t *count)
{
    struct store *s = self;
    struct filter *filter;
    struct selection *sel = NULL;
    struct entry *rows = NULL;
    struct fault why;
    *count = 0;
    if (limit > EVIDENCE_FOUND_LIMIT)
        limit = EVIDENCE_FOUND_LIMIT;
    enum fault_code code = filter_parse(&filter, text, arena, &why);
    if (!code)
        code = selection_open(&sel, s, filter, &why);
    if (!code)
        code = selection_rows(sel, newest ? ORDER_NEWEST : ORDER_OLDEST, 0, limit, arena, &rows,
                              count, &why);
    selection_close(sel);
    *out = arena_zalloc(arena, *count + 1, sizeof **out);
    for (size_t i = 0; !code && i < *count; i++) {
        (*out)[i].entry = rows[i];
        if (want_raw)
            code = take_raw(s, &(*out)[i], arena, &why);
    }
    return code == FAULT_NONE;
}

/* The dictionary's number of a host, 0 when no entry has it. */
static enum fault_code number_of(struct store *s, struct slice host, int64_t *out,
                                 struct fault *why)
{
    *out = 0;
    sqlite3_stmt *st = store_statement(s, "SELECT id FROM string WHERE text = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, host);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code call_ids(struct store *s, int64_t host, struct slice id, int64_t *ids,
                                size_t *count, struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s,
                        "SELECT id FROM entry WHERE link_key = ?1 AND host IS ?2 "
                        "ORDER BY time_us IS NULL, time_us, source, position, bulk LIMIT ?3",
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, id);
    store_bind_int_or(st, 2, host, 0);
    store_bind_int(st, 3, EVIDENCE_FOUND_LIMIT);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && *count < EVIDENCE_FOUND_LIMIT)
        ids[(*count)++] = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static bool lookup_calls(void *self, struct slice host, struct slice id, bool want_raw,
                         struct arena *arena, struct evidence_found **out, size_t *count)
{
    struct store *s = self;
    struct fault why;
    int64_t ids[EVIDENCE_FOUND_LIMIT], number;
    bool own;
    *count = 0;
    enum fault_code code = store_read_begin(s, &own, &why);
    if (!code)
        code = number_of(s, host, &number, &why);
    if (!code)
        code = call_ids(s, number, id, ids, count, &why);
    *out = arena_zalloc(arena, *count + 1, sizeof **out);
    for (size_t i = 0; !code && i < *count; i++)
        code =
            store_entry(s, ids[i], arena, &(*out)[i].entry, want_raw ? &(*out)[i].raw : NULL, &why);
    store_read_end(s, own);
    return code == FAULT_NONE;
}

static bool lookup_sightings(void *self, struct slice host, struct slice id, struct slice name,
                             struct arena *arena, struct evidence_sighting **out, size_t *count)
{
    /* One text per statement: a store keeps them by the address of their literal. */
    static const char by_id[] =
        "SELECT key, name, time_us, entry FROM link_name WHERE host = ?1 AND key = ?2 "
        "ORDER BY time_us, key, name LIMIT ?3";
    static const char by_name[] =
        "SELECT key, name, time_us, entry FROM link_name WHERE host = ?1 "
        "AND name = ?2 COLLATE NOCASE ORDER BY time_us, key, name LIMIT ?3";
    struct store *s = self;
    struct fault why;
    int64_t number;
    bool own;
    *count = 0;
    *out = arena_zalloc(arena, EVIDENCE_FOUND_LIMIT, sizeof **out);
    enum fault_code code = store_read_begin(s, &own, &why);
    if (!code)
        code = number_of(s, host, &number, &why);
    sqlite3_stmt *st =
        code ? NULL : store_statement(s, slice_is_none(name) ? by_id : by_name, &why);
    if (st) {
        int rc;
        store_bind_int(st, 1, number);
        store_bind(st, 2, slice_is_none(name) ? id : name);
        store_bind_int(st, 3, EVIDENCE_FOUND_LIMIT);
        while ((rc = sqlite3_step(st)) == SQLITE_ROW && *count < EVIDENCE_FOUND_LIMIT) {
            int64_t time_us = sqlite3_column_int64(st, 2);
            (*out)[(*count)++] =
                (struct evidence_sighting){.id = arena_copy(arena, store_column(st, 0)),
                                           .name = arena_copy(arena, store_column(st, 1)),
                                           .time_us = time_us == INT64_MAX ? TIME_NONE : time_us,
                                           .entry = sqlite3_column_int64(st, 3)};
        }
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            code = store_sql_fault(s, rc, &why);
        sqlite3_reset(st);
    }
    store_read_end(s, own);
    return st && code == FAULT_NONE;
}

static bool lookup_tally(void *self, struct slice text, struct evidence_tally *out)
{
    struct store *s = self;
    struct arena arena;
    struct filter *filter;
    struct selection *sel = NULL;
    struct facet_row *rows = NULL;
    struct fault why;
    size_t count = 0;
    *out = (struct evidence_tally){.first_us = TIME_NONE, .last_us = TIME_NONE};
    arena_init(&arena);
    enum fault_code code = filter_parse(&filter, text, &arena, &why);
    if (!code)
        code = selection_open(&sel, s, filter, &why);
    if (!code)
        code = selection_facet(sel, FACET_CLASS_USERS, 1, &arena, &rows, &count, &why);
    if (!code && count)
        *out = (struct evidence_tally){.entries = rows[0].count,
                                       .users = rows[0].users,
                                       .first_us = rows[0].first_us,
                                       .last_us = rows[0].last_us};
    selection_close(sel);
    arena_free(&arena);
    return code == FAULT_NONE;
}

struct evidence_lookup store_evidence_lookup(struct store *store)
{
    return (struct evidence_lookup){.self = store,
                                    .entries = lookup_entries,
                                    .calls = lookup_calls,
                                    .sightings = lookup_sightings,
                                    .tally = lookup_tally};
}
