/* Knows when columns are written: with the rows, in the transaction that changes them. SQLite tells
 * which rows of `entry` this connection touches, so that whoever changes a row need not know of
 * columns; the blocks of these rows are made again before the transaction commits. */
#include "core/index/column.h"

#include "core/base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>

enum {
    CHUNK = 256,               /* ids that are noted as one */
    CHUNKS_SORTED = 64 * 1024, /* noted chunks after which repeated ones are taken out */
    LARGE_BLOB = 1024 * 1024   /* written without a copy */
};

struct chunk_list {
    int64_t *at;
    size_t count, room, sorted;
};

struct column_changes {
    struct chunk_list rows, users; /* changed chunks: anything of them / only users */
    enum change expected;
    size_t inserted; /* rows */
    bool settle, checked;
    struct block_maker *fresh; /* those of the inserted rows that were shown, from the first on */
};

static int compare_numbers(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void chunks_sort(struct chunk_list *l)
{
    size_t kept = 0;
    if (l->count)
        qsort(l->at, l->count, sizeof *l->at, compare_numbers);
    for (size_t i = 0; i < l->count; i++)
        if (!kept || l->at[kept - 1] != l->at[i])
            l->at[kept++] = l->at[i];
    l->count = l->sorted = kept;
}

static void chunks_add(struct chunk_list *l, int64_t chunk)
{
    if (l->count && l->at[l->count - 1] == chunk)
        return;
    if (l->count - l->sorted >= CHUNKS_SORTED)
        chunks_sort(l);
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : 256;
        l->at = xrealloc(l->at, l->room, sizeof *l->at);
    }
    l->at[l->count++] = chunk;
}

/* True when a sorted list has a chunk with ids in [first, last]. */
static bool chunks_meet(const struct chunk_list *l, int64_t first, int64_t last)
{
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->at[middle] < first / CHUNK)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->count && l->at[low] <= last / CHUNK;
}

static void on_change(void *self, int what, const char *database, const char *table,
                      sqlite3_int64 id)
{
    struct store *s = self;
    struct column_changes *changes = s->changes;
    (void)database;
    if (strcmp(table, "entry") != 0)
        return;
    if (what == SQLITE_INSERT)
        changes->inserted++;
    else if (what == SQLITE_DELETE || changes->expected != CHANGE_NONE)
        chunks_add(changes->expected == CHANGE_USER ? &changes->users : &changes->rows, id / CHUNK);
}

void columns_watch(struct store *s)
{
    s->changes = xcalloc(1, sizeof *s->changes);
    sqlite3_update_hook(s->db, on_change, s);
}

void columns_inserted(struct store *s, const struct block_row *row)
{
    struct column_changes *changes = s->changes;
    if (!changes)
        return;
    if (!changes->fresh)
        changes->fresh = block_maker_new();
    if (!block_maker_full(changes->fresh))
        block_maker_add(changes->fresh, row);
}

void columns_expect(struct store *s, enum change change)
{
    if (s->changes)
        s->changes->expected = change;
}

void columns_settle_users(struct store *s)
{
    if (s->changes)
        s->changes->settle = true;
}

void columns_forget_changes(struct store *s)
{
    if (!s->changes)
        return;
    s->changes->rows.count = s->changes->rows.sorted = 0;
    s->changes->users.count = s->changes->users.sorted = 0;
    s->changes->inserted = 0;
    s->changes->settle = false;
    if (s->changes->fresh)
        block_maker_reset(s->changes->fresh);
}

void columns_close_changes(struct store *s)
{
    if (!s->changes)
        return;
    free(s->changes->rows.at);
    free(s->changes->users.at);
    block_maker_free(s->changes->fresh);
    free(s->changes);
    s->changes = NULL;
}

/* --- blocks into the file --------------------------------------------------------------------- */

static enum fault_code next_stamp(struct store *s, int64_t *out, struct fault *why)
{
    enum fault_code code = store_meta_get(s, "column_stamp", out, why);
    return code ? code : store_meta_set(s, "column_stamp", ++*out, why);
}

/* A large blob is written in its place: SQLite would build the row around a copy of it. */
static enum fault_code save_large(struct store *s, int64_t id, const struct buf *blob,
                                  struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s, "INSERT OR REPLACE INTO column_data(id, data) VALUES(?1, ?2)", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, id);
    sqlite3_bind_zeroblob64(st, 2, blob->len);
    enum fault_code code = store_run(s, st, why);
    if (code)
        return code;
    sqlite3_blob *place = NULL;
    int rc = sqlite3_blob_open(s->db, "main", "column_data", "data", id, 1, &place);
    if (rc == SQLITE_OK)
        rc = sqlite3_blob_write(place, blob->at, (int)blob->len, 0);
    int closed = sqlite3_blob_close(place);
    rc = rc == SQLITE_OK ? closed : rc;
    return rc == SQLITE_OK ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code save_blob(struct store *s, int64_t id, const struct buf *blob,
                                 struct fault *why)
{
    if (blob->len >= LARGE_BLOB)
        return save_large(s, id, blob, why);
    sqlite3_stmt *st = store_statement(s,
                                       "INSERT INTO column_data(id, data) VALUES(?1, ?2) "
                                       "ON CONFLICT(id) DO UPDATE SET data = excluded.data",
                                       why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, id);
    sqlite3_bind_blob64(st, 2, blob->at, blob->len, SQLITE_STATIC);
    return store_run(s, st, why);
}

static enum fault_code save_row(struct store *s, const struct block *b, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "INSERT INTO column_block(id, stamp, first_id, last_id, entries, timed, min_us, max_us, "
        "flags, classes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, b->id);
    store_bind_int(st, 2, b->stamp);
    store_bind_int(st, 3, b->first_id);
    store_bind_int(st, 4, b->last_id);
    store_bind_int(st, 5, (int64_t)b->entries);
    store_bind_int(st, 6, (int64_t)b->timed);
    store_bind_int_or(st, 7, b->min_us, TIME_NONE);
    store_bind_int_or(st, 8, b->max_us, TIME_NONE);
    store_bind_int(st, 9, b->flags);
    sqlite3_bind_blob64(st, 10, b->classes, b->class_count * sizeof *b->classes, SQLITE_STATIC);
    return store_run(s, st, why);
}

static enum fault_code save_block(struct store *s, struct block *b, struct fault *why)
{
    enum fault_code code = next_stamp(s, &b->stamp, why);
    b->id = b->stamp;
    if (!code)
        code = save_row(s, b, why);
    for (unsigned f = 0; !code && f < BLOBS; f++)
        code = save_blob(s, b->id * BLOB_STEP + f,
                         f < FIELDS ? &b->columns[f]->blob : &b->texts[f - FIELDS]->blob, why);
    return code;
}

static enum fault_code drop_block(struct store *s, int64_t id, struct fault *why)
{
    sqlite3_stmt *row = store_statement(s, "DELETE FROM column_block WHERE id = ?1", why);
    sqlite3_stmt *data =
        row ? store_statement(s, "DELETE FROM column_data WHERE id BETWEEN ?1 AND ?2", why) : NULL;
    if (!data)
        return store_statement_fault(why);
    store_bind_int(row, 1, id);
    store_bind_int(data, 1, id * BLOB_STEP);
    store_bind_int(data, 2, id * BLOB_STEP + BLOB_STEP - 1);
    enum fault_code code = store_run(s, row, why);
    return code ? code : store_run(s, data, why);
}

/* Makes the blocks of the ids in [first, last]. */
static enum fault_code make_blocks(struct store *s, int64_t first, int64_t last, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    while (!code && first <= last) {
        struct block *b = NULL;
        code = block_build(&b, s, first, last, why);
        if (code || !b)
            break;
        code = save_block(s, b, why);
        first = b->last_id + 1;
        block_release(b);
    }
    return code;
}

/* Makes the block of this transaction's new rows, which are all behind the blocks there are. */
static enum fault_code make_fresh(struct store *s, int64_t last, struct fault *why)
{
    struct column_changes *changes = s->changes;
    struct block_maker *fresh = changes->fresh;
    int64_t first = fresh ? block_maker_first(fresh) : 0;
    bool known = first == last + 1 && block_maker_count(fresh) == changes->inserted &&
                 !chunks_meet(&changes->rows, first, INT64_MAX) &&
                 !chunks_meet(&changes->users, first, INT64_MAX);
    if (!known)
        return make_blocks(s, last + 1, INT64_MAX - 1, why);
    struct block *b;
    enum fault_code code = block_maker_finish(fresh, s, &b, why);
    if (code)
        return code;
    code = save_block(s, b, why);
    block_release(b);
    return code;
}

static enum fault_code remake_block(struct store *s, const struct block *b, struct fault *why)
{
    enum fault_code code = drop_block(s, b->id, why);
    return code ? code : make_blocks(s, b->first_id, b->last_id, why);
}

static enum fault_code make_all(struct store *s, struct fault *why)
{
    enum fault_code code = store_exec(s, "DELETE FROM column_block; DELETE FROM column_data", why);
    return code ? code : make_blocks(s, 1, INT64_MAX - 1, why);
}

/* --- users ------------------------------------------------------------------------------------ */

static enum fault_code mark_users(struct store *s, const struct block *b, struct fault *why)
{
    int64_t stamp = 0;
    enum fault_code code = next_stamp(s, &stamp, why);
    if (code)
        return code;
    sqlite3_stmt *st = store_statement(
        s, "UPDATE column_block SET flags = flags | ?2, stamp = ?3 WHERE id = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, b->id);
    store_bind_int(st, 2, BLOCK_USER_STALE);
    store_bind_int(st, 3, stamp);
    return store_run(s, st, why);
}

static enum fault_code write_users(struct store *s, struct block *b, struct fault *why)
{
    int64_t stamp = 0;
    const struct column *users, *subjects;
    enum fault_code code = block_column(s, b, FIELD_USER, &users, why);
    if (!code)
        code = block_column(s, b, FIELD_SUBJECT, &subjects, why);
    if (code) /* not even the numbers can be read */
        return remake_block(s, b, why);
    code = save_blob(s, b->id * BLOB_STEP + FIELD_USER, &users->blob, why);
    if (!code)
        code = save_blob(s, b->id * BLOB_STEP + FIELD_SUBJECT, &subjects->blob, why);
    if (!code)
        code = next_stamp(s, &stamp, why);
    if (code)
        return code;
    sqlite3_stmt *st = store_statement(
        s, "UPDATE column_block SET flags = flags & ~?2, stamp = ?3 WHERE id = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, b->id);
    store_bind_int(st, 2, BLOCK_USER_STALE);
    store_bind_int(st, 3, stamp);
    return store_run(s, st, why);
}

/* --- bringing up to date ---------------------------------------------------------------------- */

static enum fault_code follow_changes(struct store *s, struct block **blocks, size_t count,
                                      struct fault *why)
{
    struct column_changes *changes = s->changes;
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < count; i++) {
        struct block *b = blocks[i];
        if (chunks_meet(&changes->rows, b->first_id, b->last_id))
            code = remake_block(s, b, why);
        else if (chunks_meet(&changes->users, b->first_id, b->last_id)) {
            b->flags |= BLOCK_USER_STALE;
            code = changes->settle ? write_users(s, b, why) : mark_users(s, b, why);
        } else if (changes->settle && b->flags & BLOCK_USER_STALE) {
            code = write_users(s, b, why);
        }
    }
    return code;
}

static unsigned tier_of(size_t entries)
{
    unsigned tier = 0;
    for (; entries >= BLOCK_FAN; entries /= BLOCK_FAN)
        tier++;
    return tier;
}

/* An import that comes in drops would leave many small blocks: the last BLOCK_FAN of about one size
 * become one, so that every entry is written again a few times at most. */
static enum fault_code merge_small(struct store *s, bool *merged, struct fault *why)
{
    struct block **blocks = NULL;
    size_t count = 0, sum = 0;
    *merged = false;
    enum fault_code code = blocks_list(s, &blocks, &count, why);
    bool fits = !code && count >= BLOCK_FAN;
    for (size_t i = 1; fits && i <= BLOCK_FAN; i++) {
        sum += blocks[count - i]->entries;
        fits = tier_of(blocks[count - i]->entries) <= tier_of(blocks[count - 1]->entries);
    }
    if (fits && sum <= BLOCK_MERGED) {
        for (size_t i = 1; !code && i <= BLOCK_FAN; i++)
            code = drop_block(s, blocks[count - i]->id, why);
        if (!code)
            code = make_blocks(s, blocks[count - BLOCK_FAN]->first_id, blocks[count - 1]->last_id,
                               why);
        *merged = !code;
    }
    blocks_release(blocks, count);
    return code;
}

/* Once per writing connection: columns that a damage or an older program left behind are made
 * again from the rows. */
static enum fault_code check_all(struct store *s, struct fault *why)
{
    struct block **blocks = NULL;
    size_t count = 0;
    int64_t held = 0, sum = 0;
    enum fault_code code = blocks_list(s, &blocks, &count, why);
    if (!code)
        code = store_ask(s, "SELECT sum(held) FROM source", 0, &held, why);
    for (size_t i = 0; i < count; i++)
        sum += (int64_t)blocks[i]->entries;
    if (!code && sum != held)
        code = make_all(s, why);
    for (size_t i = 0; !code && sum == held && i < count; i++) {
        bool whole = blocks[i]->class_count > 0;
        for (unsigned f = 0; whole && f < BLOBS; f++)
            whole = block_load(s, blocks[i], f);
        bool stale = blocks[i]->flags & BLOCK_USER_STALE;
        if (!whole || stale)
            code = remake_block(s, blocks[i], why);
        block_release(blocks[i]); /* what was loaded goes at once */
        blocks[i] = NULL;
    }
    blocks_release(blocks, count);
    return code;
}

/* --- all of them ------------------------------------------------------------------------------ */

enum fault_code store_columns_due(struct store *s, uint64_t *entries, struct fault *why)
{
    int64_t held = 0, sum = 0;
    enum fault_code code =
        store_ask(s, "SELECT coalesce(sum(entries), 0) FROM column_block", 0, &sum, why);
    if (!code)
        code = store_ask(s, "SELECT sum(held) FROM source", 0, &held, why);
    *entries = !code && sum != held ? (uint64_t)held : 0;
    return code;
}

/* Where making them begins: behind those that a run before this one, that was stopped, has made. */
static enum fault_code begin_all(struct store *s, int64_t *first, struct fault *why)
{
    int64_t made = 0, last = 0;
    enum fault_code code = store_begin(s, why);
    if (!code)
        code = store_meta_get(s, "columns_made", &made, why);
    if (!code)
        code = store_ask(s, "SELECT max(last_id) FROM column_block", 0, &last, why);
    bool resumed = made && made == last;
    *first = resumed ? last + 1 : 1;
    if (!code && !resumed)
        code = store_exec(s, "DELETE FROM column_block; DELETE FROM column_data", why);
    if (!code)
        code = store_commit(s, why);
    return code;
}

/* One block in one transaction, so that nobody waits long to write a remark. */
static enum fault_code make_one(struct store *s, int64_t *first, bool *done, struct fault *why)
{
    struct block *b = NULL;
    enum fault_code code = store_begin(s, why);
    if (!code)
        code = block_build(&b, s, *first, INT64_MAX - 1, why);
    *done = !code && !b;
    if (b) {
        *first = b->last_id + 1;
        code = save_block(s, b, why);
    }
    if (!code)
        code = store_meta_set(s, "columns_made", *done ? 0 : *first - 1, why);
    block_release(b);
    return code ? code : store_commit(s, why);
}

enum fault_code store_columns_make(struct store *s, const _Atomic bool *stop, uint64_t *made,
                                   struct fault *why)
{
    int fd = -1;
    int64_t first = 1;
    uint64_t due = 0;
    bool done = false;
    *made = 0;
    if (!s->writable)
        return fault_set(why, FAULT_INDEX, "the index was opened for reading only");
    enum fault_code code = s->lock_fd < 0 ? lock_take(&fd, s->path, 0, why) : FAULT_NONE;
    if (!code) /* who held it may have made them */
        code = store_columns_due(s, &due, why);
    if (!code && due)
        code = begin_all(s, &first, why);
    while (!code && due && !done && !(stop && atomic_load(stop)))
        code = make_one(s, &first, &done, why);
    if (code)
        store_rollback(s);
    if (done)
        *made = due;
    lock_release(fd);
    return code;
}

enum fault_code columns_freshen(struct store *s, struct fault *why)
{
    struct column_changes *changes = s->changes;
    if (!changes ||
        !(changes->inserted || changes->settle || changes->rows.count || changes->users.count))
        return FAULT_NONE;
    struct block **blocks = NULL;
    size_t count = 0;
    chunks_sort(&changes->rows);
    chunks_sort(&changes->users);
    enum fault_code code = blocks_list(s, &blocks, &count, why);
    int64_t last = count ? blocks[count - 1]->last_id : 0;
    if (!code)
        code = follow_changes(s, blocks, count, why);
    blocks_release(blocks, count);
    if (!code && changes->inserted)
        code = make_fresh(s, last, why);
    bool merged = changes->inserted > 0;
    while (!code && merged)
        code = merge_small(s, &merged, why);
    if (!code && !changes->checked) {
        code = check_all(s, why);
        changes->checked = !code;
    }
    columns_forget_changes(s);
    return code;
}
