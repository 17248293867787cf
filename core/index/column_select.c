/* Knows how a choice runs over all blocks, and what is counted from the result: the span and the
 * timeline. */
#include "core/index/column_select.h"

#include "core/base/alloc.h"

#include <stdlib.h>

static enum fault_code given_up(struct store *s, struct fault *why)
{
    if (s->stale && s->stale(s->stale_self))
        return fault_set(why, FAULT_CANCELLED, "given up for a newer question");
    return FAULT_NONE;
}

/* Takes over `bits`. */
static void add_block(struct chosen_all *out, struct block *b, uint64_t *bits, size_t count)
{
    if (!count)
        return;
    struct chosen *c = &out->blocks[out->count++];
    block_hold(b);
    *c = (struct chosen){.block = b, .bits = bits, .count = count};
    c->timed = b->timed == b->entries ? count : chosen_ones(c, 0, b->timed);
    out->entries += c->count;
    out->timed += c->timed;
}

/* --- what only rows can tell -------------------------------------------------------------------
 */

/* The place of each id in a block, while one block after the other is filled. */
struct places {
    struct block *block;
    uint32_t *at; /* by id - first_id; 1 + place */
    uint64_t *bits;
    size_t count;
};

static enum fault_code places_of(struct places *p, struct store *s, struct block *b,
                                 struct fault *why)
{
    const struct column *ids;
    enum fault_code code = block_column(s, b, FIELD_ID, &ids, why);
    size_t span = (size_t)(b->last_id - b->first_id) + 1;
    if (!code && span > (size_t)64 * BLOCK_ENTRIES)
        code = fault_set(why, FAULT_INDEX, "a block of columns with too few entries");
    if (code)
        return code;
    p->block = b;
    p->at = xcalloc(span, sizeof *p->at);
    p->bits = xcalloc((b->entries + 63) / 64, sizeof *p->bits);
    p->count = 0;
    for (size_t i = 0; i < b->entries; i++) {
        int64_t id = column_number(ids, i);
        if (id >= b->first_id && id <= b->last_id)
            p->at[id - b->first_id] = (uint32_t)i + 1;
    }
    return FAULT_NONE;
}

static void places_done(struct places *p, struct chosen_all *out)
{
    if (!p->block)
        return;
    if (p->count == p->block->entries || !p->count) {
        free(p->bits);
        p->bits = NULL;
    }
    add_block(out, p->block, p->bits, p->count);
    free(p->at);
    *p = (struct places){0};
}

static enum fault_code place_id(struct places *p, int64_t id, struct fault *why)
{
    uint32_t at = p->block && id >= p->block->first_id ? p->at[id - p->block->first_id] : 0;
    if (!at)
        return fault_set(why, FAULT_INDEX, "columns lack entry %lld", (long long)id);
    p->bits[(at - 1) / 64] |= UINT64_C(1) << ((at - 1) % 64);
    p->count++;
    return FAULT_NONE;
}

/* SQLite gives the rows in the order of ids, which is that of the blocks. */
static enum fault_code choose_by_rows(struct chosen_all *out, struct store *s,
                                      const struct where *where, struct block *const *blocks,
                                      size_t count, struct fault *why)
{
    struct buf sql;
    buf_init(&sql, WHERE_TEXT_LIMIT + 1024);
    buf_add_text(&sql, "SELECT e.id FROM entry e WHERE ");
    buf_add(&sql, buf_slice(&where->sql));
    buf_add_text(&sql, " ORDER BY e.id");
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql.at, (int)sql.len, &st, NULL);
    buf_free(&sql);
    if (rc)
        return store_sql_fault(s, rc, why);
    where_bind(where, st);
    struct places places = {0};
    size_t b = 0;
    enum fault_code code = FAULT_NONE;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(st, 0);
        if (!places.block || id > places.block->last_id) {
            places_done(&places, out);
            while (b < count && blocks[b]->last_id < id)
                b++;
            if (b < count)
                code = places_of(&places, s, blocks[b], why);
        }
        if (!code)
            code = place_id(&places, id, why);
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    places_done(&places, out);
    sqlite3_finalize(st);
    return code;
}

enum fault_code chosen_make(struct chosen_all *out, struct store *s, struct choice *c,
                            const struct where *where, struct block *const *blocks, size_t count,
                            struct fault *why)
{
    *out = (struct chosen_all){.blocks = xcalloc(count, sizeof *out->blocks)};
    enum fault_code code = FAULT_NONE;
    if (!c->answers) {
        code = choose_by_rows(out, s, where, blocks, count, why);
    } else {
        void *scratch = xmalloc(CHOICE_SCRATCH);
        for (size_t i = 0; !code && i < count; i++) {
            uint64_t *bits = NULL;
            size_t found = 0;
            code = given_up(s, why);
            if (!code)
                code = choice_block(c, blocks[i], scratch, &bits, &found, why);
            if (!code)
                add_block(out, blocks[i], bits, found);
        }
        free(scratch);
    }
    if (code)
        chosen_free(out);
    return code;
}

/* --- time ------------------------------------------------------------------------------------- */

enum fault_code chosen_span(struct store *s, const struct chosen_all *all, int64_t *oldest,
                            int64_t *newest, struct fault *why)
{
    *oldest = *newest = TIME_NONE;
    for (size_t i = 0; i < all->count; i++) {
        const struct chosen *c = &all->blocks[i];
        const struct column *times;
        int64_t first = c->block->min_us, last = c->block->max_us;
        if (!c->timed)
            continue;
        if (*oldest != TIME_NONE && first >= *oldest && last <= *newest)
            continue;
        if (c->timed != c->block->timed) {
            enum fault_code code = block_column(s, c->block, FIELD_TIME, &times, why);
            if (code)
                return code;
            first = column_number(times, chosen_next(c, 0, c->block->timed));
            last = column_number(times, chosen_last(c, 0, c->block->timed));
        }
        *oldest = *oldest == TIME_NONE || first < *oldest ? first : *oldest;
        *newest = *newest == TIME_NONE || last > *newest ? last : *newest;
    }
    return FAULT_NONE;
}

enum fault_code chosen_histogram(struct store *s, const struct chosen_all *all, int64_t from,
                                 int64_t to, size_t buckets,
                                 size_t (*bucket_of)(const void *self, int64_t time_us),
                                 const void *self, uint64_t *out, struct fault *why)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct chosen *c = &all->blocks[i];
        const struct column *times;
        enum fault_code code = given_up(s, why);
        if (code)
            return code;
        if (!c->timed || c->block->max_us < from || c->block->min_us > to)
            continue;
        /* A block that lies within one bucket need not be read. */
        if (c->block->min_us >= from && c->block->max_us <= to &&
            bucket_of(self, c->block->min_us) == bucket_of(self, c->block->max_us)) {
            out[bucket_of(self, c->block->min_us)] += c->timed;
            continue;
        }
        code = block_column(s, c->block, FIELD_TIME, &times, why);
        if (code)
            return code;
        size_t at = block_find_time(c->block, from), end = c->block->timed;
        if (to < c->block->max_us)
            end = block_find_time(c->block, to + 1);
        while (at < end) {
            size_t bucket = bucket_of(self, column_number(times, at)), low = at + 1, high = end;
            while (low < high) { /* the first entry of a later bucket */
                size_t middle = low + (high - low) / 2;
                if (bucket_of(self, column_number(times, middle)) > bucket)
                    high = middle;
                else
                    low = middle + 1;
            }
            if (bucket < buckets)
                out[bucket] += chosen_ones(c, at, low);
            at = low;
        }
    }
    return FAULT_NONE;
}
