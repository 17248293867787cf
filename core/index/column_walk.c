/* Knows the order of selected entries over all blocks: each block is sorted, so a row by rank is
 * found by halving (time, then source in the order of paths, then position) with a count per block,
 * and the rows from there by merging only the blocks that overlap. */
#include "core/index/column_select.h"

#include "core/base/alloc.h"
#include "core/index/scan.h"

#include <stdlib.h>

void chosen_free(struct chosen_all *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->blocks[i].bits);
        block_release(all->blocks[i].block);
    }
    free(all->blocks);
    *all = (struct chosen_all){0};
}

static uint64_t word_of(const struct chosen *c, size_t word, size_t from, size_t to)
{
    uint64_t bits = c->bits[word];
    if (from > word * 64)
        bits &= UINT64_MAX << (from - word * 64);
    if (to < word * 64 + 64)
        bits &= ~(UINT64_MAX << (to - word * 64));
    return bits;
}

size_t chosen_ones(const struct chosen *c, size_t from, size_t to)
{
    if (from >= to)
        return 0;
    if (!c->bits)
        return to - from;
    size_t first = from / 64, last = (to - 1) / 64;
    size_t ones = (size_t)__builtin_popcountll(word_of(c, first, from, to));
    if (last > first)
        ones += (size_t)__builtin_popcountll(word_of(c, last, from, to));
    if (last > first + 1)
        ones += (size_t)scanner()->ones(c->bits + first + 1, last - first - 1);
    return ones;
}

size_t chosen_next(const struct chosen *c, size_t from, size_t to)
{
    if (from >= to || !c->bits)
        return from < to ? from : to;
    for (size_t w = from / 64; w <= (to - 1) / 64; w++) {
        uint64_t bits = word_of(c, w, from, to);
        if (bits)
            return w * 64 + (size_t)__builtin_ctzll(bits);
    }
    return to;
}

size_t chosen_last(const struct chosen *c, size_t from, size_t to)
{
    if (from >= to)
        return to;
    if (!c->bits)
        return to - 1;
    for (size_t w = (to - 1) / 64 + 1; w-- > from / 64;) {
        uint64_t bits = word_of(c, w, from, to);
        if (bits)
            return w * 64 + 63 - (size_t)__builtin_clzll(bits);
    }
    return to;
}

/* --- the key of an entry ---------------------------------------------------------------------- */

enum { LEVELS = 5 };
static const enum field levels[LEVELS] = {FIELD_TIME, FIELD_SOURCE, FIELD_POSITION, FIELD_BULK,
                                          FIELD_ID};

static enum fault_code key_at(struct store *s, struct block *b, size_t level, size_t at,
                              int64_t *out, struct fault *why)
{
    const struct column *column;
    enum fault_code code = block_column(s, b, levels[level], &column, why);
    if (code)
        return code;
    *out = column_number(column, at);
    if (level == 0 && at >= b->timed)
        *out = INT64_MAX;
    else if (*out == COLUMN_NULL)
        *out = 0;
    else if (levels[level] == FIELD_SOURCE)
        *out = source_place(s, *out);
    return FAULT_NONE;
}

/* The first entry of [from, to) whose key at `level` is not below `value`; the levels before are
 * equal in all of them. */
static enum fault_code lower(struct store *s, struct block *b, size_t level, size_t from, size_t to,
                             int64_t value, size_t *out, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (level == 0 && from == 0 && to == b->timed && from < to) {
        if (value <= b->min_us)
            to = from;
        else if (value > b->max_us)
            from = to;
    }
    while (!code && from < to) {
        size_t middle = from + (to - from) / 2;
        int64_t key = 0;
        code = key_at(s, b, level, middle, &key, why);
        if (key < value)
            from = middle + 1;
        else
            to = middle;
    }
    *out = from;
    return code;
}

/* --- a row by rank ---------------------------------------------------------------------------- */

struct walk {
    struct store *s;
    const struct chosen_all *all;
    bool timed, forward;
    size_t *from, *to; /* of each block: entries not walked yet */
    size_t *heap;      /* blocks with such, the next one first */
    size_t heap_count;
    bool *exact; /* `key` is the time of its next entry, not only a bound */
    size_t *next;
    int64_t *key;
};

static enum fault_code count_below(struct walk *w, size_t level, int64_t value, uint64_t *out,
                                   struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    *out = 0;
    for (size_t i = 0; !code && i < w->all->count; i++) {
        size_t end = 0;
        if (w->from[i] == w->to[i])
            continue;
        code = lower(w->s, w->all->blocks[i].block, level, w->from[i], w->to[i], value, &end, why);
        if (!code)
            *out += chosen_ones(&w->all->blocks[i], w->from[i], end);
    }
    return code;
}

/* The least and greatest key of a level over what is left. */
static enum fault_code key_bounds(struct walk *w, size_t level, int64_t *low, int64_t *high,
                                  struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    *low = INT64_MAX;
    *high = INT64_MIN;
    for (size_t i = 0; !code && i < w->all->count; i++) {
        struct block *b = w->all->blocks[i].block;
        int64_t first = b->min_us, last = b->max_us;
        if (w->from[i] == w->to[i])
            continue;
        if (level || w->from[i] || w->to[i] != b->timed) {
            code = key_at(w->s, b, level, w->from[i], &first, why);
            if (!code)
                code = key_at(w->s, b, level, w->to[i] - 1, &last, why);
        }
        *low = first < *low ? first : *low;
        *high = last > *high ? last : *high;
    }
    return code;
}

/* Leaves of each block only the entries with the key that the entry of rank `*rank` has. */
static enum fault_code narrow(struct walk *w, size_t level, uint64_t *rank, struct fault *why)
{
    int64_t low, high;
    uint64_t below = 0;
    enum fault_code code = key_bounds(w, level, &low, &high, why);
    while (!code && low < high) { /* the greatest value with no more than `*rank` below it */
        int64_t middle = (int64_t)((uint64_t)low + ((uint64_t)high - (uint64_t)low + 1) / 2);
        code = count_below(w, level, middle, &below, why);
        if (below <= *rank)
            low = middle;
        else
            high = middle - 1;
    }
    if (!code)
        code = count_below(w, level, low, &below, why);
    for (size_t i = 0; !code && i < w->all->count; i++) {
        struct block *b = w->all->blocks[i].block;
        size_t from = 0, to = w->to[i];
        if (w->from[i] == w->to[i])
            continue;
        code = lower(w->s, b, level, w->from[i], w->to[i], low, &from, why);
        if (!code && low < INT64_MAX)
            code = lower(w->s, b, level, w->from[i], w->to[i], low + 1, &to, why);
        w->from[i] = from;
        w->to[i] = to;
    }
    *rank -= below;
    return code;
}

static void region(const struct walk *w, size_t i, size_t *from, size_t *to)
{
    const struct block *b = w->all->blocks[i].block;
    *from = w->timed ? 0 : b->timed;
    *to = w->timed ? b->timed : b->entries;
}

/* Lets the walk begin with the entry of that rank (oldest first, in its region). */
static enum fault_code seek(struct walk *w, uint64_t rank, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t level = w->timed ? 0 : 1; !code && level < LEVELS; level++)
        code = narrow(w, level, &rank, why);
    /* Ids are unique: one entry is left, and from[] is where it stands or would stand. */
    for (size_t i = 0; !code && i < w->all->count; i++) {
        size_t from, to;
        region(w, i, &from, &to);
        if (w->forward) {
            w->to[i] = to;
        } else {
            w->to[i] = w->to[i] > w->from[i] ? w->from[i] + 1 : w->from[i];
            w->from[i] = from;
        }
    }
    return code;
}

/* --- merging ---------------------------------------------------------------------------------- */

/* Whether block `a` comes before block `b` in the walk. A bound comes before an equal time. */
static bool before(struct walk *w, size_t a, size_t b, enum fault_code *code, struct fault *why)
{
    if (w->key[a] != w->key[b])
        return w->forward ? w->key[a] < w->key[b] : w->key[a] > w->key[b];
    if (!w->exact[a] || !w->exact[b])
        return !w->exact[a] && w->exact[b];
    for (size_t level = 1; !*code && level < LEVELS; level++) {
        int64_t left = 0, right = 0;
        *code = key_at(w->s, w->all->blocks[a].block, level, w->next[a], &left, why);
        if (!*code)
            *code = key_at(w->s, w->all->blocks[b].block, level, w->next[b], &right, why);
        if (left != right)
            return w->forward ? left < right : left > right;
    }
    return a < b;
}

static enum fault_code sift(struct walk *w, size_t at, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < w->heap_count; child++)
            if (before(w, w->heap[child], w->heap[best], &code, why))
                best = child;
        if (best == at || code)
            return code;
        size_t swap = w->heap[at];
        w->heap[at] = w->heap[best];
        w->heap[best] = swap;
        at = best;
    }
}

static enum fault_code heap_fill(struct walk *w, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; i < w->all->count; i++) {
        const struct block *b = w->all->blocks[i].block;
        if (w->from[i] == w->to[i])
            continue;
        w->key[i] = !w->timed    ? (w->forward ? INT64_MIN : INT64_MAX)
                    : w->forward ? b->min_us
                                 : b->max_us;
        w->exact[i] = false;
        w->heap[w->heap_count++] = i;
    }
    for (size_t i = w->heap_count; !code && i-- > 0;)
        code = sift(w, i, why);
    return code;
}

enum fault_code walk_begin(struct walk **out, struct store *s, const struct chosen_all *all,
                           bool timed, bool forward, uint64_t skip, struct fault *why)
{
    struct walk *w = xcalloc(1, sizeof *w);
    *w = (struct walk){.s = s,
                       .all = all,
                       .timed = timed,
                       .forward = forward,
                       .from = xcalloc(all->count, sizeof *w->from),
                       .to = xcalloc(all->count, sizeof *w->to),
                       .heap = xcalloc(all->count, sizeof *w->heap),
                       .exact = xcalloc(all->count, sizeof *w->exact),
                       .next = xcalloc(all->count, sizeof *w->next),
                       .key = xcalloc(all->count, sizeof *w->key)};
    for (size_t i = 0; i < all->count; i++)
        region(w, i, &w->from[i], &w->to[i]);
    uint64_t total = timed ? all->timed : all->entries - all->timed;
    enum fault_code code = source_order_begin(s, why);
    if (!code && skip && skip < total)
        code = seek(w, forward ? skip : total - 1 - skip, why);
    if (!code && skip < total)
        code = heap_fill(w, why);
    *out = w;
    return code;
}

enum fault_code walk_next(struct walk *w, int64_t *id, struct fault *why)
{
    *id = 0;
    enum fault_code code = FAULT_NONE;
    while (!code && w->heap_count) {
        size_t i = w->heap[0];
        const struct chosen *c = &w->all->blocks[i];
        if (w->exact[i]) {
            code = key_at(w->s, c->block, LEVELS - 1, w->next[i], id, why);
            if (w->forward)
                w->from[i] = w->next[i] + 1;
            else
                w->to[i] = w->next[i];
        }
        size_t end = w->to[i];
        w->next[i] = w->forward ? chosen_next(c, w->from[i], end) : chosen_last(c, w->from[i], end);
        w->exact[i] = true;
        if (w->next[i] == end)
            w->heap[0] = w->heap[--w->heap_count];
        else if (!code && w->timed && w->heap_count > 1) /* one alone comes before none */
            code = key_at(w->s, c->block, 0, w->next[i], &w->key[i], why);
        else
            w->key[i] = 0;
        if (!code && w->heap_count > 1)
            code = sift(w, 0, why);
        if (*id)
            break;
    }
    return code;
}

void walk_end(struct walk *w)
{
    if (!w)
        return;
    free(w->from);
    free(w->to);
    free(w->heap);
    free(w->exact);
    free(w->next);
    free(w->key);
    free(w);
}

/* --- the rank of an entry --------------------------------------------------------------------- */

static enum fault_code find_id(struct store *s, const struct chosen_all *all, int64_t id,
                               size_t *block, size_t *at, bool *found, struct fault *why)
{
    *found = false;
    for (size_t i = 0; i < all->count && !*found; i++) {
        struct block *b = all->blocks[i].block;
        if (id < b->first_id || id > b->last_id)
            continue;
        const struct column *ids;
        enum fault_code code = block_column(s, b, FIELD_ID, &ids, why);
        if (code)
            return code;
        for (size_t e = 0; e < b->entries && !*found; e++) {
            *found = column_number(ids, e) == id && chosen_ones(&all->blocks[i], e, e + 1);
            *block = i;
            *at = e;
        }
    }
    return FAULT_NONE;
}

/* The first entry of [from, to) of a block that is not below the whole key. */
static enum fault_code lower_whole(struct store *s, struct block *b, size_t from, size_t to,
                                   size_t first_level, const int64_t key[LEVELS], size_t *out,
                                   struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t level = first_level; !code && level < LEVELS && from < to; level++) {
        size_t low = from, high = to;
        code = lower(s, b, level, from, to, key[level], &low, why);
        if (!code && key[level] < INT64_MAX)
            code = lower(s, b, level, from, to, key[level] + 1, &high, why);
        from = low;
        to = high;
    }
    *out = from;
    return code;
}

enum fault_code chosen_rank(struct store *s, const struct chosen_all *all, int64_t id,
                            uint64_t *out, struct fault *why)
{
    size_t block = 0, at = 0;
    bool found;
    enum fault_code code = source_order_begin(s, why);
    if (!code)
        code = find_id(s, all, id, &block, &at, &found, why);
    if (!code && !found)
        return fault_set(why, FAULT_USAGE, "entry %lld is not among those selected", (long long)id);
    int64_t key[LEVELS] = {0};
    struct block *home = code ? NULL : all->blocks[block].block;
    for (size_t level = 0; !code && level < LEVELS; level++)
        code = key_at(s, home, level, at, &key[level], why);
    bool timed = home && at < home->timed;
    *out = timed ? 0 : all->timed;
    for (size_t i = 0; !code && i < all->count; i++) {
        struct block *b = all->blocks[i].block;
        size_t from = timed ? 0 : b->timed, end = 0;
        code =
            lower_whole(s, b, from, timed ? b->timed : b->entries, timed ? 0 : 1, key, &end, why);
        if (!code)
            *out += chosen_ones(&all->blocks[i], from, end);
    }
    return code;
}
