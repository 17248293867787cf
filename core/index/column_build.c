/* Knows how a block is made from rows of `entry`, as they are written or read again. The only place
 * that does: writing, healing and proving all compare with what stands here. */
#include "core/index/column.h"

#include "core/base/alloc.h"
#include "core/index/match.h"

#include <stdlib.h>

enum { ROOM_FIRST = 1024, SLOTS_PER_ROW = 2 };

/* Distinct folded texts of one field while a block is filled. */
struct texts_maker {
    struct buf bytes;
    uint32_t *starts;
    size_t count;
    uint32_t *slots; /* 1 + number of a text */
};

struct block_maker {
    size_t count, room; /* rows; room is a power of two */
    int64_t *values[FIELDS];
    struct texts_maker texts[TEXTS];
    struct buf folded;
    bool text_missing;
};

/* In the order of enum field. */
static const char select_rows_sql[] =
    "SELECT time_us, id, class, user, status, source, kind, level, flags, event_id, print, "
    "position, bulk, record_id, method, host, scim_type, CASE WHEN outcome = 1 THEN "
    "coalesce(subject, 0) END, detail, path, query, request_id "
    "FROM entry WHERE id BETWEEN ?1 AND ?2 ORDER BY id";

struct block_maker *block_maker_new(void)
{
    struct block_maker *m = xcalloc(1, sizeof *m);
    for (size_t f = 0; f < TEXTS; f++)
        buf_init(&m->texts[f].bytes, (size_t)2 * BLOCK_TEXT);
    buf_init(&m->folded, (size_t)4 * INDEX_VALUE_LIMIT);
    return m;
}

void block_maker_free(struct block_maker *m)
{
    if (!m)
        return;
    for (size_t f = 0; f < FIELDS; f++)
        free(m->values[f]);
    for (size_t f = 0; f < TEXTS; f++) {
        buf_free(&m->texts[f].bytes);
        free(m->texts[f].starts);
        free(m->texts[f].slots);
    }
    buf_free(&m->folded);
    free(m);
}

void block_maker_reset(struct block_maker *m)
{
    m->count = 0;
    m->text_missing = false;
    for (size_t f = 0; f < TEXTS; f++) {
        buf_reset(&m->texts[f].bytes);
        m->texts[f].count = 0;
        if (m->room)
            memset(m->texts[f].slots, 0, m->room * SLOTS_PER_ROW * sizeof *m->texts[f].slots);
    }
}

static struct slice text_at(const struct texts_maker *t, size_t at)
{
    return slice_make(t->bytes.at + t->starts[at], t->starts[at + 1] - t->starts[at] - 1);
}

/* The slot of a text, or the free one that it would get: at most half of them are taken. */
static size_t slot_of(const struct block_maker *m, const struct texts_maker *t, struct slice text)
{
    size_t mask = m->room * SLOTS_PER_ROW - 1, slot = slice_hash(text, 2) & mask;
    while (t->slots[slot] && !slice_equal(text_at(t, t->slots[slot] - 1), text))
        slot = (slot + 1) & mask;
    return slot;
}

static void make_room(struct block_maker *m)
{
    if (m->count < m->room)
        return;
    m->room = m->room ? m->room * 2 : ROOM_FIRST;
    for (size_t f = 0; f < FIELDS; f++)
        m->values[f] = xrealloc(m->values[f], m->room, sizeof *m->values[f]);
    for (size_t f = 0; f < TEXTS; f++) {
        struct texts_maker *t = &m->texts[f];
        t->starts = xrealloc(t->starts, m->room + 1, sizeof *t->starts);
        t->starts[0] = 0;
        free(t->slots);
        t->slots = xcalloc(m->room * SLOTS_PER_ROW, sizeof *t->slots);
        for (size_t n = 0; n < t->count; n++)
            t->slots[slot_of(m, t, text_at(t, n))] = (uint32_t)n + 1;
    }
}

/* The number of the text folded, or COLUMN_NULL. */
static int64_t add_text(struct block_maker *m, struct texts_maker *t, struct slice text)
{
    if (slice_is_none(text))
        return COLUMN_NULL;
    buf_reset(&m->folded);
    if (!match_fold(&m->folded, text) || m->folded.len > BLOCK_TEXT_ONE) {
        m->text_missing = true;
        return COLUMN_NULL;
    }
    struct slice folded = buf_slice(&m->folded);
    size_t slot = slot_of(m, t, folded);
    if (t->slots[slot])
        return t->slots[slot] - 1;
    buf_add(&t->bytes, folded);
    buf_add_byte(&t->bytes, TEXT_END);
    t->slots[slot] = (uint32_t)++t->count;
    t->starts[t->count] = (uint32_t)t->bytes.len;
    return (int64_t)t->count - 1;
}

bool block_maker_full(const struct block_maker *m)
{
    size_t bytes = 0;
    for (size_t f = 0; f < TEXTS; f++)
        bytes += m->texts[f].bytes.len;
    return m->count == BLOCK_ENTRIES || bytes >= BLOCK_TEXT;
}

void block_maker_add(struct block_maker *m, const struct block_row *row)
{
    make_room(m);
    size_t at = m->count++;
    for (size_t f = 0; f < FIELD_TEXTS; f++)
        m->values[f][at] = row->numbers[f];
    for (size_t f = 0; f < TEXTS; f++)
        m->values[FIELD_TEXTS + f][at] = add_text(m, &m->texts[f], row->texts[f]);
}

static enum fault_code read_rows(struct block_maker *m, struct store *s, int64_t first,
                                 int64_t last, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, select_rows_sql, why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, first);
    store_bind_int(st, 2, last);
    int rc = SQLITE_DONE;
    while (!block_maker_full(m) && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct block_row row;
        for (int f = 0; f < FIELD_TEXTS; f++)
            row.numbers[f] = store_column_int(st, f, COLUMN_NULL);
        for (int f = 0; f < TEXTS; f++)
            row.texts[f] = store_column(st, FIELD_TEXTS + f);
        block_maker_add(m, &row);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

struct sort_key {
    int64_t time_us, source, place, position, bulk;
    size_t at;
};

/* As select.c orders rows; ids rise with `at`. */
static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    if (a->bulk != b->bulk)
        return a->bulk < b->bulk ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* The places of their sources; read only when rows of several have one time. Sorted by time. */
static enum fault_code place_rows(struct store *s, struct sort_key *keys, size_t count,
                                  struct fault *why)
{
    size_t i = 1;
    while (i < count &&
           (keys[i - 1].time_us != keys[i].time_us || keys[i - 1].source == keys[i].source))
        i++;
    if (i >= count)
        return FAULT_NONE;
    enum fault_code code = source_order_begin(s, why);
    for (i = 0; !code && i < count; i++)
        keys[i].place = source_place(s, keys[i].source);
    if (!code)
        qsort(keys, count, sizeof *keys, compare_keys);
    return code;
}

/* Brings the values into the order of the block. */
static enum fault_code sort_rows(struct block_maker *m, struct store *s, size_t *out,
                                 struct fault *why)
{
    struct sort_key *keys = xcalloc(m->count, sizeof *keys);
    size_t timed = 0;
    bool sorted = true;
    for (size_t i = 0; i < m->count; i++) {
        int64_t time_us = m->values[FIELD_TIME][i], bulk = m->values[FIELD_BULK][i];
        timed += time_us != COLUMN_NULL;
        keys[i] = (struct sort_key){.time_us = time_us == COLUMN_NULL ? INT64_MAX : time_us,
                                    .source = m->values[FIELD_SOURCE][i],
                                    .position = m->values[FIELD_POSITION][i],
                                    .bulk = bulk == COLUMN_NULL ? 0 : bulk,
                                    .at = i};
        sorted = sorted && (i == 0 || compare_keys(&keys[i - 1], &keys[i]) < 0);
    }
    if (!sorted)
        qsort(keys, m->count, sizeof *keys, compare_keys);
    enum fault_code code = place_rows(s, keys, m->count, why);
    for (size_t i = 0; sorted && i < m->count; i++)
        sorted = keys[i].at == i;
    if (!sorted) {
        int64_t *moved = xcalloc(m->count, sizeof *moved);
        for (size_t f = 0; f < FIELDS; f++) {
            for (size_t i = 0; i < m->count; i++)
                moved[i] = m->values[f][keys[i].at];
            memcpy(m->values[f], moved, m->count * sizeof *moved);
        }
        free(moved);
    }
    free(keys);
    *out = timed;
    return code;
}

static int compare_classes(const void *left, const void *right)
{
    const struct block_class *a = left, *b = right;
    return (a->class > b->class) - (a->class < b->class);
}

static void count_classes(struct block *b, const struct block_maker *m)
{
    size_t room = 0;
    for (size_t i = 0; i < m->count; i++) {
        int64_t value = m->values[FIELD_CLASS][i];
        uint32_t class = value == COLUMN_NULL ? 0 : (uint32_t)value;
        size_t c = 0;
        while (c < b->class_count && b->classes[c].class != class)
            c++;
        if (c == b->class_count) {
            if (c == room)
                b->classes = xrealloc(b->classes, room = room ? room * 2 : 16, sizeof *b->classes);
            b->classes[b->class_count++] = (struct block_class){.class = class};
        }
        b->classes[c].count++;
    }
    if (b->class_count)
        qsort(b->classes, b->class_count, sizeof *b->classes, compare_classes);
}

int64_t block_maker_first(const struct block_maker *m)
{
    return m->count ? m->values[FIELD_ID][0] : 0;
}

size_t block_maker_count(const struct block_maker *m)
{
    return m->count;
}

enum fault_code block_maker_finish(struct block_maker *m, struct store *s, struct block **out,
                                   struct fault *why)
{
    struct block *b = block_new();
    *out = NULL;
    b->first_id = m->values[FIELD_ID][0];
    b->last_id = m->values[FIELD_ID][m->count - 1];
    b->entries = m->count;
    b->flags = m->text_missing ? BLOCK_TEXT_MISSING : 0;
    enum fault_code code = sort_rows(m, s, &b->timed, why);
    if (code) {
        block_release(b);
        return code;
    }
    b->min_us = b->timed ? m->values[FIELD_TIME][0] : TIME_NONE;
    b->max_us = b->timed ? m->values[FIELD_TIME][b->timed - 1] : TIME_NONE;
    count_classes(b, m);
    for (size_t f = 0; f < FIELDS; f++) {
        b->columns[f] = xcalloc(1, sizeof *b->columns[f]);
        column_pack(b->columns[f], m->values[f], m->count);
    }
    for (size_t f = 0; f < TEXTS; f++) {
        b->texts[f] = xcalloc(1, sizeof *b->texts[f]);
        texts_pack(b->texts[f], &m->texts[f].bytes, m->texts[f].starts, m->texts[f].count);
    }
    *out = b;
    return FAULT_NONE;
}

enum fault_code block_build(struct block **out, struct store *s, int64_t first, int64_t last,
                            struct fault *why)
{
    struct block_maker *m = block_maker_new();
    *out = NULL;
    enum fault_code code = read_rows(m, s, first, last, why);
    if (!code && m->count)
        code = block_maker_finish(m, s, out, why);
    block_maker_free(m);
    return code;
}
