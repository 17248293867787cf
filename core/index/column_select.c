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

/* The place of each id in a block that is filled. */
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

/* --- one block after the other ----------------------------------------------------------------
 */

static int compare_newest(const void *left, const void *right)
{
    const struct block *a = *(struct block *const *)left, *b = *(struct block *const *)right;
    int64_t x = a->timed ? a->max_us : INT64_MIN, y = b->timed ? b->max_us : INT64_MIN;
    if (x != y)
        return x > y ? -1 : 1;
    return (a->first_id < b->first_id) - (a->first_id > b->first_id);
}

static bool needs_rows(const struct choice *c, const struct block *b)
{
    return !c->answers || (c->texts && b->flags & BLOCK_TEXT_MISSING);
}

static enum fault_code prepare_rows(struct chooser *at, struct store *s, const struct where *where,
                                    struct fault *why)
{
    struct buf sql;
    buf_init(&sql, WHERE_TEXT_LIMIT + 1024);
    at->first_parameter = (int)(where->numbers.len / sizeof(int64_t)) + 1;
    buf_add_format(&sql, "SELECT e.id FROM entry e WHERE e.id BETWEEN ?%d AND ?%d AND (",
                   at->first_parameter, at->first_parameter + 1);
    buf_add(&sql, buf_slice(&where->sql));
    buf_add_byte(&sql, ')');
    int rc = sqlite3_prepare_v2(s->db, sql.at, (int)sql.len, &at->by_rows, NULL);
    buf_free(&sql);
    if (rc)
        return store_sql_fault(s, rc, why);
    where_bind(where, at->by_rows);
    return FAULT_NONE;
}

enum fault_code chooser_begin(struct chooser *out, struct chosen_all *chosen, struct store *s,
                              const struct choice *c, const struct where *where,
                              struct block *const *blocks, size_t count, struct fault *why)
{
    bool rows = false;
    chosen_free(chosen);
    chosen->blocks = xcalloc(count, sizeof *chosen->blocks);
    *out = (struct chooser){.blocks = xcalloc(count, sizeof(struct block *)),
                            .count = count,
                            .scratch = xmalloc(CHOICE_SCRATCH)};
    for (size_t i = 0; i < count; i++) {
        out->blocks[i] = blocks[i];
        block_hold(blocks[i]);
        rows = rows || needs_rows(c, blocks[i]);
    }
    chosen->classes = choice_asks_classes(c) ? c : NULL;
    if (count)
        qsort(out->blocks, count, sizeof(struct block *), compare_newest);
    return rows ? prepare_rows(out, s, where, why) : FAULT_NONE;
}

static enum fault_code place_range(struct chooser *at, struct places *p, struct store *s,
                                   int64_t first, int64_t last, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    store_bind_int(at->by_rows, at->first_parameter, first);
    store_bind_int(at->by_rows, at->first_parameter + 1, last);
    while (!code && (rc = sqlite3_step(at->by_rows)) == SQLITE_ROW)
        code = place_id(p, sqlite3_column_int64(at->by_rows, 0), why);
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(at->by_rows);
    return code;
}

/* Asks the rows of those entries that the columns leave: each of a few, else all in one go. */
static enum fault_code step_by_rows(struct chooser *at, struct chosen_all *chosen, struct store *s,
                                    struct block *b, const struct chosen *left, struct fault *why)
{
    enum { FEW = 16 /* one in so many */ };
    const struct column *ids;
    struct places places = {0};
    enum fault_code code = block_column(s, b, FIELD_ID, &ids, why);
    if (!code)
        code = places_of(&places, s, b, why);
    if (!code && left->count > b->entries / FEW)
        code = place_range(at, &places, s, b->first_id, b->last_id, why);
    else
        for (size_t i = chosen_next(left, 0, b->entries); !code && i < b->entries;
             i = chosen_next(left, i + 1, b->entries))
            code = place_range(at, &places, s, column_number(ids, i), column_number(ids, i), why);
    if (!code) {
        places_done(&places, chosen);
    } else {
        free(places.at);
        free(places.bits);
    }
    return code;
}

enum fault_code chooser_step(struct chooser *at, struct chosen_all *chosen, struct store *s,
                             struct choice *c, struct fault *why)
{
    struct block *b = at->blocks[at->done];
    uint64_t *bits = NULL;
    size_t found = 0;
    enum fault_code code = given_up(s, why);
    if (!code)
        code = choice_block(c, b, at->scratch, &bits, &found, why);
    if (!code && found && needs_rows(c, b)) {
        struct chosen left = {.block = b, .bits = bits, .count = found};
        code = step_by_rows(at, chosen, s, b, &left, why);
        free(bits);
    } else if (!code) {
        add_block(chosen, b, bits, found);
    }
    at->done += !code;
    return code;
}

bool chooser_count(const struct chooser *at, const struct choice *c, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < at->count; i++) {
        const struct block *b = at->blocks[i];
        if (!b->class_count)
            return false;
        for (size_t k = 0; k < b->class_count; k++)
            *out += choice_takes_class(c, b->classes[k].class) ? b->classes[k].count : 0;
    }
    return true;
}

void chooser_end(struct chooser *at)
{
    blocks_release(at->blocks, at->count);
    sqlite3_finalize(at->by_rows);
    free(at->scratch);
    *at = (struct chooser){0};
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
                                 int64_t (*bucket_end)(const void *self, size_t bucket),
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
            size_t bucket = bucket_of(self, column_number(times, at));
            int64_t behind = bucket_end(self, bucket);
            size_t low =
                behind > to || behind > c->block->max_us ? end : block_find_time(c->block, behind);
            low = low > end ? end : low;
            if (bucket < buckets)
                out[bucket] += chosen_ones(c, at, low);
            at = low;
        }
    }
    return FAULT_NONE;
}
