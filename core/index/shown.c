/* Knows how the names that calls show for ids go into the index: as they come into `link_shown`,
 * one row for many, since nothing is slower to fill than a table sorted by ids that are drawn at
 * random; sorted into `link_name` only when somebody waits for a name, or when many are there. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    SHOWN_ROW = 1024 * 1024,   /* bytes of names that make a row */
    SHOWN_LIMIT = 1024 * 1024, /* names that may wait to be sorted: readers look through them */
    SHOWN_SORTED = 64 * 1024,  /* names that are sorted at once, but whole rows */
    KEY_SIZE = 2 * sizeof(uint64_t)
};

/* Before the two texts of a name in `link_shown.data`. */
struct shown_head {
    int64_t host, time_us, source, position, entry;
    uint32_t id_len, name_len;
};

/* Stands in the file: it must stay what it is. (FNV-1a) */
static uint64_t key_hash(int64_t host, struct slice id)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325) ^ (uint64_t)host;
    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.at[i]) * UINT64_C(0x100000001B3);
    return hash;
}

/* --- writing ---------------------------------------------------------------------------------- */

void shown_init(struct shown_names *n)
{
    *n = (struct shown_names){.count = 0};
    buf_init(&n->keys, INDEX_VALUE_LIMIT);
    buf_init(&n->data, INDEX_VALUE_LIMIT);
}

void shown_reset(struct shown_names *n)
{
    n->count = 0;
    buf_reset(&n->keys);
    buf_reset(&n->data);
}

void shown_free(struct shown_names *n)
{
    buf_free(&n->keys);
    buf_free(&n->data);
}

enum fault_code shown_flush(struct store *s, struct shown_names *n, struct fault *why)
{
    if (!n->count)
        return FAULT_NONE;
    sqlite3_stmt *st =
        store_statement(s, "INSERT INTO link_shown(names, keys, data) VALUES(?1, ?2, ?3)", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, (int64_t)n->count);
    sqlite3_bind_blob64(st, 2, n->keys.at, n->keys.len, SQLITE_STATIC);
    sqlite3_bind_blob64(st, 3, n->data.at, n->data.len, SQLITE_STATIC);
    enum fault_code code = store_run(s, st, why);
    shown_reset(n);
    return code;
}

enum fault_code shown_add(struct store *s, struct shown_names *n, const struct shown_name *one,
                          struct fault *why)
{
    struct buf clean[2];
    for (size_t i = 0; i < 2; i++)
        buf_init(&clean[i], INDEX_VALUE_LIMIT);
    struct slice id = store_clean(&clean[0], one->id), name = store_clean(&clean[1], one->name);
    const struct shown_head head = {.host = one->host,
                                    .time_us = one->time_us,
                                    .source = one->source,
                                    .position = one->position,
                                    .entry = one->entry,
                                    .id_len = (uint32_t)id.len,
                                    .name_len = (uint32_t)name.len};
    const uint64_t key[2] = {key_hash(one->host, id), n->data.len};
    enum fault_code code = FAULT_NONE;
    if (id.len < UINT32_MAX && name.len < UINT32_MAX &&
        id.len + name.len + sizeof head < n->data.limit - n->data.len) {
        buf_add(&n->keys, slice_make((const char *)key, sizeof key));
        buf_add(&n->data, slice_make((const char *)&head, sizeof head));
        buf_add(&n->data, id);
        buf_add(&n->data, name);
        n->count++;
    }
    if (n->data.len >= SHOWN_ROW)
        code = shown_flush(s, n, why);
    for (size_t i = 0; i < 2; i++)
        buf_free(&clean[i]);
    return code;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The name at `*at` of a row's data, which moves behind it; false when there is none. */
static bool read_name(struct slice data, size_t *at, struct shown_name *out)
{
    struct shown_head head;
    if (*at > data.len || data.len - *at < sizeof head)
        return false;
    memcpy(&head, data.at + *at, sizeof head);
    struct slice texts = slice_from(data, *at + sizeof head);
    if (head.id_len > texts.len || head.name_len > texts.len - head.id_len)
        return false;
    *at += sizeof head + head.id_len + head.name_len;
    *out = (struct shown_name){.host = head.host,
                               .id = slice_first(texts, head.id_len),
                               .name = slice_first(slice_from(texts, head.id_len), head.name_len),
                               .time_us = head.time_us,
                               .source = head.source,
                               .position = head.position,
                               .entry = head.entry};
    return true;
}

static struct slice blob_of(sqlite3_stmt *st, int column)
{
    const char *at = sqlite3_column_blob(st, column);
    return slice_make(at ? at : "", (size_t)sqlite3_column_bytes(st, column));
}

/* Calls `name` for those of a row that are shown for this id; the data is read when one is. */
static bool each_of_id(sqlite3_stmt *st, int64_t host, struct slice id,
                       bool (*name)(void *self, const struct shown_name *name), void *self)
{
    struct slice keys = blob_of(st, 0);
    uint64_t wanted = key_hash(host, id), key[2];
    bool more = true;
    for (size_t i = 0; more && i + KEY_SIZE <= keys.len; i += KEY_SIZE) {
        struct shown_name one;
        memcpy(key, keys.at + i, KEY_SIZE);
        size_t at = (size_t)key[1];
        if (key[0] == wanted && read_name(blob_of(st, 1), &at, &one) && one.host == host &&
            slice_equal(one.id, id))
            more = name(self, &one);
    }
    return more;
}

static bool each_of_host(sqlite3_stmt *st, int64_t host,
                         bool (*name)(void *self, const struct shown_name *name), void *self)
{
    struct slice data = blob_of(st, 1);
    struct shown_name one;
    bool more = true;
    for (size_t at = 0; more && read_name(data, &at, &one);)
        if (one.host == host)
            more = name(self, &one);
    return more;
}

enum fault_code shown_each(struct store *s, int64_t host, struct slice id,
                           bool (*name)(void *self, const struct shown_name *name), void *self,
                           struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "SELECT keys, data FROM link_shown ORDER BY id", why);
    if (!st)
        return store_statement_fault(why);
    int rc = SQLITE_ROW;
    bool more = true;
    while (more && (rc = sqlite3_step(st)) == SQLITE_ROW)
        more = slice_is_none(id) ? each_of_host(st, host, name, self)
                                 : each_of_id(st, host, id, name, self);
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* --- sorting in ------------------------------------------------------------------------------- */

/* Whether a call of the index waits for the name of this id. One that comes later notes its own
 * key, so that nobody need look at an id that no call has left unnamed. */
static enum fault_code awaits_name(struct store *s, const struct shown_name *one, bool *awaits,
                                   struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s, "SELECT 1 FROM entry WHERE link_key = ?1 AND host IS ?2 LIMIT 1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, one->id);
    store_bind_int_or(st, 2, one->host, 0);
    int rc = sqlite3_step(st);
    *awaits = rc == SQLITE_ROW;
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

enum fault_code shown_sort_in(struct store *s, const struct shown_name *one, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "INSERT INTO link_name(host, key, name, time_us, source, position, entry) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(host, key, name) DO UPDATE SET "
        "time_us = ?4, source = ?5, position = ?6, entry = ?7 "
        "WHERE ?4 < time_us OR (?4 = time_us AND (" SOURCE_ORDER(
            "?5") ", ?6) < "
                  "(" SOURCE_ORDER("link_name.source") ", position))",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, one->host);
    store_bind(st, 2, one->id);
    store_bind(st, 3, one->name);
    store_bind_int(st, 4, one->time_us);
    store_bind_int(st, 5, one->source);
    store_bind_int(st, 6, one->position);
    store_bind_int(st, 7, one->entry);
    enum fault_code code = store_run(s, st, why);
    bool awaits = false;
    if (!code && sqlite3_changes(s->db) > 0)
        code = awaits_name(s, one, &awaits, why);
    return code || !awaits ? code : note_key(s, one->host, one->id, why);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_texts(struct slice a, struct slice b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* In the order of link_name; of one name the earliest call first. */
static int compare_names(const void *left, const void *right)
{
    const struct shown_name *a = left, *b = right;
    int order = compare(a->host, b->host);
    order = order ? order : compare_texts(a->id, b->id);
    order = order ? order : compare_texts(a->name, b->name);
    order = order ? order : compare(a->time_us, b->time_us);
    order = order ? order : compare(a->place, b->place);
    return order ? order : compare(a->position, b->position);
}

struct sorting {
    struct arena held;
    struct shown_name *names;
    size_t count, room;
    int64_t last; /* row read last */
};

/* Reads whole rows until there are enough names; none is left when `last` does not move. */
static enum fault_code read_rows(struct store *s, struct sorting *g, struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s, "SELECT id, data FROM link_shown WHERE id > ?1 ORDER BY id", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, g->last);
    int rc = SQLITE_ROW;
    g->count = 0;
    arena_reset(&g->held);
    while (g->count < SHOWN_SORTED && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct shown_name one;
        struct slice data = arena_copy(&g->held, blob_of(st, 1));
        g->last = sqlite3_column_int64(st, 0);
        for (size_t at = 0; read_name(data, &at, &one);) {
            if (g->count == g->room) {
                g->room = g->room ? 2 * g->room : SHOWN_SORTED;
                g->names = xrealloc(g->names, g->room, sizeof *g->names);
            }
            g->names[g->count++] = one;
        }
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code sort_in(struct store *s, struct sorting *g, struct fault *why)
{
    enum fault_code code = source_order_begin(s, why);
    for (size_t i = 0; i < g->count; i++)
        g->names[i].place = source_place(s, g->names[i].source);
    if (g->count)
        qsort(g->names, g->count, sizeof *g->names, compare_names);
    for (size_t i = 0; !code && i < g->count; i++) {
        const struct shown_name *one = &g->names[i], *before = one - 1;
        if (i && one->host == before->host && slice_equal(one->id, before->id) &&
            slice_equal(one->name, before->name))
            continue;
        code = shown_sort_in(s, one, why);
    }
    sqlite3_stmt *st =
        code ? NULL : store_statement(s, "DELETE FROM link_shown WHERE id <= ?1", why);
    if (!st)
        return code ? code : store_statement_fault(why);
    store_bind_int(st, 1, g->last);
    return store_run(s, st, why);
}

enum fault_code shown_settle(struct store *s, bool all, struct fault *why)
{
    int64_t names = 0, waiting = 0;
    enum fault_code code = store_ask(s, "SELECT sum(names) FROM link_shown", 0, &names, why);
    if (!code)
        code = store_ask(s, "SELECT 1 FROM entry WHERE link_key IS NOT NULL LIMIT 1", 0, &waiting,
                         why);
    if (code || !names || (!all && !waiting && names < SHOWN_LIMIT))
        return code;
    struct sorting g = {.last = 0};
    arena_init(&g.held);
    for (int64_t before = -1; !code && g.last != before;) {
        before = g.last;
        code = read_rows(s, &g, why);
        if (!code && g.last != before)
            code = sort_in(s, &g, why);
        if (!code && g.last != before)
            code = store_commit(s, why);
        if (!code && g.last != before)
            code = store_begin(s, why);
    }
    free(g.names);
    arena_free(&g.held);
    return code;
}
