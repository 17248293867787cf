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
    sqlite3_stmt *st = store_statement(s, "SELECT id FROM string WHERE text = ?1 LIMIT 1", why);
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
                        "ORDER BY time_us IS NULL, time_us, " TIE_ORDER("entry") " LIMIT ?3",
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

/* Sightings in the order (time, id, name), at most EVIDENCE_FOUND_LIMIT. */
struct sighting {
    struct evidence_sighting told;
    int64_t place, position; /* of its source and there: calls of one time */
};
struct sightings {
    const struct store *s;
    struct sighting *items;
    size_t count;
    struct slice name; /* the only one wanted, unless SLICE_NONE */
    struct arena *arena;
};

static int compare_texts(struct slice a, struct slice b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_sightings(const struct sighting *a, const struct sighting *b)
{
    int64_t a_us = a->told.time_us == TIME_NONE ? INT64_MAX : a->told.time_us;
    int64_t b_us = b->told.time_us == TIME_NONE ? INT64_MAX : b->told.time_us;
    int order = (a_us > b_us) - (a_us < b_us);
    order = order ? order : compare_texts(a->told.id, b->told.id);
    order = order ? order : compare_texts(a->told.name, b->told.name);
    order = order ? order : (a->place > b->place) - (a->place < b->place);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

/* Of the calls that show one name for one id only the earliest stays. */
static void add_sighting(struct sightings *all, struct evidence_sighting told, int64_t source,
                         int64_t position)
{
    struct sighting one = {told, source_place(all->s, source), position};
    one.told.time_us = told.time_us == INT64_MAX ? TIME_NONE : told.time_us;
    for (size_t i = 0; i < all->count; i++) {
        struct sighting *other = &all->items[i];
        if (!slice_equal(other->told.id, told.id) || !slice_equal(other->told.name, told.name))
            continue;
        if (compare_sightings(other, &one) <= 0)
            return;
        memmove(other, other + 1, (--all->count - i) * sizeof *other);
        break;
    }
    size_t at = all->count;
    while (at && compare_sightings(&one, &all->items[at - 1]) < 0)
        at--;
    if (at == EVIDENCE_FOUND_LIMIT)
        return;
    all->count -= all->count == EVIDENCE_FOUND_LIMIT;
    memmove(&all->items[at + 1], &all->items[at], (all->count - at) * sizeof one);
    one.told.id = arena_copy(all->arena, told.id);
    one.told.name = arena_copy(all->arena, told.name);
    all->items[at] = one;
    all->count++;
}

static bool add_shown(void *self, const struct shown_name *shown)
{
    struct sightings *all = self;
    if (slice_is_none(all->name) || slice_equal_fold(shown->name, all->name))
        add_sighting(
            all, (struct evidence_sighting){shown->id, shown->name, shown->time_us, shown->entry},
            shown->source, shown->position);
    return true;
}

static enum fault_code add_sorted(struct store *s, struct sightings *all, int64_t host,
                                  struct slice id, struct fault *why)
{
    /* One text per statement: a store keeps them by the address of their literal. */
    static const char by_id[] =
        "SELECT key, name, time_us, entry, source, position FROM link_name WHERE host = ?1 AND "
        "key = ?2 "
        "ORDER BY time_us, key, name LIMIT ?3";
    static const char by_name[] =
        "SELECT key, name, time_us, entry, source, position FROM link_name WHERE host = ?1 "
        "AND name = ?2 COLLATE NOCASE ORDER BY time_us, key, name LIMIT ?3";
    bool named = !slice_is_none(all->name);
    sqlite3_stmt *st = store_statement(s, named ? by_name : by_id, why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    store_bind_int(st, 1, host);
    store_bind(st, 2, named ? all->name : id);
    store_bind_int(st, 3, EVIDENCE_FOUND_LIMIT);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        add_sighting(all,
                     (struct evidence_sighting){store_column(st, 0), store_column(st, 1),
                                                sqlite3_column_int64(st, 2),
                                                sqlite3_column_int64(st, 3)},
                     sqlite3_column_int64(st, 4), sqlite3_column_int64(st, 5));
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static bool lookup_sightings(void *self, struct slice host, struct slice id, struct slice name,
                             struct arena *arena, struct evidence_sighting **out, size_t *count)
{
    struct store *s = self;
    struct fault why;
    int64_t number;
    bool own;
    struct sightings all = {.s = s, .name = name, .arena = arena};
    all.items = arena_zalloc(arena, EVIDENCE_FOUND_LIMIT + 1, sizeof *all.items);
    *out = arena_zalloc(arena, EVIDENCE_FOUND_LIMIT + 1, sizeof **out);
    enum fault_code code = store_read_begin(s, &own, &why);
    if (!code)
        code = number_of(s, host, &number, &why);
    if (!code)
        code = source_order_begin(s, &why);
    if (!code)
        code = add_sorted(s, &all, number, id, &why);
    if (!code)
        code = shown_each(s, number, slice_is_none(name) ? id : SLICE_NONE, add_shown, &all, &why);
    store_read_end(s, own);
    for (size_t i = 0; i < all.count; i++)
        (*out)[i] = all.items[i].told;
    *count = all.count;
    return code == FAULT_NONE;
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
