/* Knows how column blocks come back from the file: which there are as a question sees them, a
 * column read when first asked for and kept within a bound, and what is missing or damaged made
 * from the rows, so that an answer never depends on the state of the columns. */
#include "core/index/column.h"

#include "core/base/alloc.h"

#include <stdlib.h>

struct columns {
    struct block **blocks; /* in the order of ids */
    size_t count, entries;
    size_t texts;                           /* bytes of texts held, about */
    struct problem_set *problems;           /* NULL until asked for */
    uint64_t questions, asked[FIELDS_HELD]; /* number of the last question that asked a field */
    uint64_t version;                       /* of the index when they were listed */
    bool known, usable;
};

static void read_classes(struct block *b, sqlite3_stmt *st, int at)
{
    size_t size = (size_t)sqlite3_column_bytes(st, at), sum = 0;
    const void *bytes = sqlite3_column_blob(st, at);
    b->class_count = size / sizeof *b->classes;
    if (!bytes || !b->class_count)
        return;
    b->classes = xcalloc(b->class_count, sizeof *b->classes);
    memcpy(b->classes, bytes, b->class_count * sizeof *b->classes);
    for (size_t i = 0; i < b->class_count; i++)
        sum += b->classes[i].count;
    if (sum != b->entries)
        b->class_count = 0; /* no answer from them then */
}

static struct block *read_row(sqlite3_stmt *st)
{
    struct block *b = block_new();
    b->id = sqlite3_column_int64(st, 0);
    b->stamp = sqlite3_column_int64(st, 1);
    b->first_id = sqlite3_column_int64(st, 2);
    b->last_id = sqlite3_column_int64(st, 3);
    b->entries = (size_t)sqlite3_column_int64(st, 4);
    b->timed = (size_t)sqlite3_column_int64(st, 5);
    b->min_us = store_column_int(st, 6, TIME_NONE);
    b->max_us = store_column_int(st, 7, TIME_NONE);
    b->flags = sqlite3_column_int64(st, 8);
    read_classes(b, st, 9);
    return b;
}

enum fault_code blocks_list(struct store *s, struct block ***out, size_t *count, struct fault *why)
{
    *out = NULL;
    *count = 0;
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT id, stamp, first_id, last_id, entries, timed, min_us, max_us, flags, classes "
        "FROM column_block ORDER BY first_id",
        why);
    if (!st)
        return store_statement_fault(why);
    size_t room = 0;
    int64_t last = 0;
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct block *b = read_row(st);
        /* A row that cannot be is left out; the entries missing then tell that blocks are. */
        if (b->first_id <= last || b->last_id < b->first_id || !b->entries ||
            b->entries > BLOCK_ENTRIES || b->timed > b->entries || b->id <= 0 ||
            b->id > INT64_MAX / BLOB_STEP - 1) {
            block_release(b);
            continue;
        }
        last = b->last_id;
        if (*count == room)
            *out = xrealloc(*out, room = room ? room * 2 : 64, sizeof **out);
        (*out)[(*count)++] = b;
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

void blocks_release(struct block **blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        block_release(blocks[i]);
    free(blocks);
}

/* --- one column ------------------------------------------------------------------------------- */

static bool read_blob(struct store *s, int64_t id, struct buf *out)
{
    sqlite3_blob *blob = NULL;
    buf_init(out, INDEX_VALUE_LIMIT);
    /* Just as large as it is: what grows by doubling would hold twice the memory. */
    bool whole = sqlite3_blob_open(s->db, "main", "column_data", "data", id, 0, &blob) == SQLITE_OK;
    if (whole) {
        int size = sqlite3_blob_bytes(blob);
        out->at = xmalloc((size_t)size + 1);
        out->at[size] = '\0';
        out->len = (size_t)size;
        out->cap = (size_t)size + 1;
        whole = sqlite3_blob_read(blob, out->at, size, 0) == SQLITE_OK;
    }
    sqlite3_blob_close(blob);
    if (!whole)
        buf_free(out);
    return whole;
}

bool block_load(struct store *s, struct block *b, unsigned blob)
{
    struct buf bytes;
    if (!read_blob(s, b->id * BLOB_STEP + blob, &bytes))
        return false;
    bool whole;
    if (blob < FIELDS) {
        struct column *c = xcalloc(1, sizeof *c);
        c->blob = bytes;
        whole = column_unpack(c, b->entries);
        if (whole)
            b->columns[blob] = c;
        else
            free(c);
    } else {
        struct texts_block *t = xcalloc(1, sizeof *t);
        t->blob = bytes;
        whole = texts_unpack(t);
        if (whole)
            b->texts[blob - FIELDS] = t;
        else
            free(t);
    }
    if (!whole)
        buf_free(&bytes);
    return whole;
}

/* The file's blocks may be other ones than when `b` was listed, or damaged; what orders entries
 * never changes, so the rows give every column in the same order. */
static enum fault_code heal(struct store *s, struct block *b, struct fault *why)
{
    struct block *made = NULL;
    enum fault_code code = block_build(&made, s, b->first_id, b->last_id, why);
    if (code)
        return code;
    if (!made || made->entries != b->entries || made->last_id != b->last_id) {
        block_release(made);
        return fault_set(why, FAULT_INDEX, "entries were taken out of the index meanwhile");
    }
    for (size_t f = 0; f < FIELDS; f++) {
        if (!b->columns[f]) {
            b->columns[f] = made->columns[f];
            made->columns[f] = NULL;
        }
    }
    for (size_t f = 0; f < TEXTS; f++) {
        if (!b->texts[f]) {
            b->texts[f] = made->texts[f];
            made->texts[f] = NULL;
        }
    }
    block_release(made);
    return FAULT_NONE;
}

/* Users or subjects as the rows have them now, in the order of the block. */
static enum fault_code read_users(struct store *s, struct block *b, enum field field,
                                  struct fault *why)
{
    const struct column *ids;
    enum fault_code code = block_column(s, b, FIELD_ID, &ids, why);
    size_t span = (size_t)(b->last_id - b->first_id) + 1;
    if (code || b->columns[field])
        return code;
    if (span > (size_t)4 * BLOCK_ENTRIES)
        return heal(s, b, why);
    sqlite3_stmt *st =
        field == FIELD_USER
            ? store_statement(s, "SELECT id, user FROM entry WHERE id BETWEEN ?1 AND ?2", why)
            : store_statement(s,
                              "SELECT id, CASE WHEN outcome = 1 THEN coalesce(subject, 0) END "
                              "FROM entry WHERE id BETWEEN ?1 AND ?2",
                              why);
    if (!st)
        return store_statement_fault(why);
    int64_t *by_id = xcalloc(span, sizeof *by_id), *values = xcalloc(b->entries, sizeof *values);
    store_bind_int(st, 1, b->first_id);
    store_bind_int(st, 2, b->last_id);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        by_id[sqlite3_column_int64(st, 0) - b->first_id] = store_column_int(st, 1, COLUMN_NULL);
    sqlite3_reset(st);
    code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    for (size_t i = 0; !code && i < b->entries; i++) {
        size_t at = (size_t)(column_number(ids, i) - b->first_id);
        values[i] = at < span ? by_id[at] : COLUMN_NULL;
    }
    if (!code) {
        b->columns[field] = xcalloc(1, sizeof *b->columns[field]);
        column_pack(b->columns[field], values, b->entries);
    }
    free(by_id);
    free(values);
    return code;
}

enum fault_code block_column(struct store *s, struct block *b, enum field field,
                             const struct column **out, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (!b->columns[field]) {
        if ((field == FIELD_USER || field == FIELD_SUBJECT) && b->flags & BLOCK_USER_STALE)
            code = read_users(s, b, field, why);
        else if (field == FIELD_STATE)
            code = problem_states(s, b, why);
        else if (!block_load(s, b, field))
            code = heal(s, b, why);
    }
    *out = b->columns[field];
    if (s->columns)
        s->columns->asked[field] = s->columns->questions;
    return code;
}

enum fault_code block_texts(struct store *s, struct block *b, enum field field,
                            const struct texts_block **out, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    unsigned at = field - FIELD_TEXTS;
    bool there = b->texts[at] != NULL;
    if (!there && !block_load(s, b, FIELDS + at)) {
        /* Numbers and texts belong together: both from the rows. */
        if (b->columns[field]) {
            buf_free(&b->columns[field]->blob);
            free(b->columns[field]);
            b->columns[field] = NULL;
        }
        code = heal(s, b, why);
    }
    *out = b->texts[at];
    if (!there && b->texts[at] && s->columns)
        s->columns->texts += b->texts[at]->blob.cap;
    return code;
}

/* --- all blocks ------------------------------------------------------------------------------- */

static void forget_column(struct block *b, enum field field)
{
    if (b->columns[field])
        buf_free(&b->columns[field]->blob);
    free(b->columns[field]);
    b->columns[field] = NULL;
}

/* Bytes of one field in all blocks. */
static size_t field_bytes(const struct columns *c, enum field field)
{
    size_t sum = 0;
    for (size_t i = 0; i < c->count; i++)
        if (c->blocks[i]->columns[field])
            sum += c->blocks[i]->columns[field]->blob.cap;
    return sum;
}

void block_forget_texts(struct block *b)
{
    for (size_t f = 0; f < TEXTS; f++) {
        if (b->texts[f])
            buf_free(&b->texts[f]->blob);
        free(b->texts[f]);
        b->texts[f] = NULL;
    }
}

static size_t texts_kept(const struct columns *c)
{
    return TEXTS_KEPT + c->entries * TEXTS_ENTRY;
}

void columns_limit_texts(struct store *s, struct block *b)
{
    struct columns *c = s->columns;
    if (c && c->texts <= texts_kept(c))
        return;
    size_t bytes = block_text_bytes(b);
    block_forget_texts(b);
    if (c)
        c->texts -= bytes < c->texts ? bytes : c->texts;
}

/* The fields that nobody asked for longest go first. */
static void keep_bound(struct columns *c)
{
    size_t sum = 0, texts = 0, of[FIELDS_HELD];
    for (enum field f = 0; f < FIELDS_HELD; f++)
        sum += of[f] = field_bytes(c, f);
    while (sum > COLUMNS_KEPT + c->entries * COLUMNS_ENTRY) {
        enum field oldest = FIELDS_HELD;
        for (enum field f = 0; f < FIELDS_HELD; f++)
            if (of[f] && (oldest == FIELDS_HELD || c->asked[f] < c->asked[oldest]))
                oldest = f;
        for (size_t i = 0; i < c->count; i++)
            forget_column(c->blocks[i], oldest);
        sum -= of[oldest];
        of[oldest] = 0;
    }
    for (size_t i = 0; i < c->count; i++)
        texts += block_text_bytes(c->blocks[i]);
    for (size_t i = 0; texts > TEXTS_KEPT + texts_kept(c) && i < c->count; i++)
        block_forget_texts(c->blocks[i]);
    c->texts = texts > TEXTS_KEPT + texts_kept(c) ? 0 : texts;
}

/* Blocks that did not change keep what was read of them. */
static void take_over(struct block **now, size_t count, struct block **old, size_t old_count)
{
    size_t o = 0;
    for (size_t i = 0; i < count; i++) {
        while (o < old_count && old[o]->first_id < now[i]->first_id)
            o++;
        if (o < old_count && old[o]->id == now[i]->id && old[o]->stamp == now[i]->stamp) {
            block_release(now[i]);
            now[i] = old[o];
            block_hold(old[o]);
            forget_column(old[o], FIELD_STATE); /* problems change without their entries */
        }
    }
}

static enum fault_code list_again(struct store *s, struct columns *c, struct fault *why)
{
    struct block **now = NULL;
    size_t count = 0, entries = 0;
    int64_t held = 0;
    struct fault bad = {0};
    enum fault_code code = blocks_list(s, &now, &count, &bad);
    if (!code)
        code = store_ask(s, "SELECT sum(held) FROM source", 0, &held, &bad);
    for (size_t i = 0; i < count; i++)
        entries += now[i]->entries;
    bool usable = !code && (int64_t)entries == held;
    if (!usable) {
        blocks_release(now, count);
        now = NULL;
        count = entries = 0;
    }
    take_over(now, count, c->blocks, c->count);
    problem_set_free(c->problems);
    c->problems = NULL;
    blocks_release(c->blocks, c->count);
    c->blocks = now;
    c->count = count;
    c->entries = entries;
    c->usable = usable;
    if (code && code != FAULT_INDEX)
        return fault_set(why, code, "%s", bad.text);
    return FAULT_NONE;
}

enum fault_code columns_refresh(struct store *s, struct block *const **out, size_t *count,
                                bool *usable, struct fault *why)
{
    if (!s->columns)
        s->columns = xcalloc(1, sizeof *s->columns);
    struct columns *c = s->columns;
    uint64_t version = store_version(s);
    enum fault_code code = FAULT_NONE;
    if (!c->known || c->version != version) {
        code = list_again(s, c, why);
        c->known = !code;
        c->version = version;
    }
    c->questions++;
    keep_bound(c);
    *out = c->blocks;
    *count = c->count;
    *usable = c->usable;
    return code;
}

enum fault_code columns_problems(struct store *s, const struct problem_set **out, struct fault *why)
{
    struct columns *c = s->columns;
    enum fault_code code = FAULT_NONE;
    if (!c->problems)
        code = problem_set_read(&c->problems, s, why);
    *out = c->problems;
    return code;
}

void columns_close(struct store *s)
{
    if (!s->columns)
        return;
    blocks_release(s->columns->blocks, s->columns->count);
    problem_set_free(s->columns->problems);
    free(s->columns);
    s->columns = NULL;
}
