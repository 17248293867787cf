/* Knows how the values of a column are counted over the selected entries. */
#include "core/index/select.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    DENSE_LIMIT = 8 * 1024 * 1024, /* values below are counted in an array */
    USER_BITS = 64 * 1024 * 1024,  /* bytes for the users seen of each class */
    TOP_LIMIT = 1024               /* longer lists take all values */
};

/* What is called for every selected entry of a block. */
#define EACH_CHOSEN(c, from, to, i)                                                                \
    for (size_t i = chosen_next(c, from, to); i < (to); i = chosen_next(c, i + 1, to))

static enum field field_of(enum facet facet)
{
    switch (facet) {
    case FACET_CLASS:
    case FACET_CLASS_USERS:
    case FACET_CATEGORY:
        return FIELD_CLASS;
    case FACET_USER:
        return FIELD_USER;
    case FACET_STATUS:
        return FIELD_STATUS;
    case FACET_SOURCE:
        return FIELD_SOURCE;
    case FACET_LEVEL:
        return FIELD_LEVEL;
    case FACET_EVENT:
        return FIELD_EVENT;
    case FACET_HOUR:
    case FACET_DAY:
        return FIELD_TIME;
    case FACET_STATE:
        return FIELD_STATE;
    case FACETS:
        break;
    }
    return FIELDS;
}

/* --- small numbers ---------------------------------------------------------------------------- */

/* Counts by value, from -1 (the code of null may stand for it while a block is counted). */
struct dense {
    uint32_t *counts; /* of value n at n + 1 */
    size_t room;
    uint64_t nulls;
};

/* Makes room for values up to `top`; false when they are too large for an array. */
static bool dense_reach(struct dense *d, uint64_t top)
{
    if (top >= DENSE_LIMIT)
        return false;
    if (top + 2 > d->room) {
        size_t room = d->room ? d->room : 4096;
        while (room < top + 2)
            room *= 2;
        d->counts = xrealloc(d->counts, room, sizeof *d->counts);
        memset(d->counts + d->room, 0, (room - d->room) * sizeof *d->counts);
        d->room = room;
    }
    return true;
}

static void dense_add(struct dense *d, struct tally *other, int64_t value, uint64_t count)
{
    if (value == COLUMN_NULL)
        d->nulls += count;
    else if (value >= 0 && dense_reach(d, (uint64_t)value))
        d->counts[value + 1] += (uint32_t)count;
    else
        tally_at(other, value)->count += count;
}

/* Every selected entry of the block. Full words need no look at their bits. */
#define EACH_CODE(c, i, do_it)                                                                     \
    for (size_t word_ = 0; word_ * 64 < (c)->block->entries; word_++) {                            \
        uint64_t bits_ = (c)->bits ? (c)->bits[word_] : UINT64_MAX;                                \
        size_t i = word_ * 64, end_ = i + 64;                                                      \
        if (!(c)->bits && end_ > (c)->block->entries)                                              \
            end_ = (c)->block->entries;                                                            \
        if (bits_ == UINT64_MAX)                                                                   \
            for (; i < end_; i++)                                                                  \
                do_it;                                                                             \
        else                                                                                       \
            for (; bits_; bits_ &= bits_ - 1) {                                                    \
                i = word_ * 64 + (size_t)__builtin_ctzll(bits_);                                   \
                do_it;                                                                             \
            }                                                                                      \
    }

/* Codes of two bytes, four at a time: reading them one by one takes as long as counting. */
static void count_all_pairs(uint32_t *counts, const unsigned char *codes, size_t count)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        uint64_t four;
        memcpy(&four, codes + 2 * i, sizeof four);
        counts[four & UINT16_MAX]++;
        counts[four >> 16 & UINT16_MAX]++;
        counts[four >> 32 & UINT16_MAX]++;
        counts[four >> 48]++;
    }
    for (; i < count; i++)
        counts[codes[2 * i] | codes[2 * i + 1] << 8]++;
}

/* Codes of one or two bytes are counted where their values stand. Only the code of null stands for
 * the value below the least, so what is added there is taken out again. */
static void count_narrow(const struct chosen *c, const struct column *column, struct dense *d)
{
    uint32_t *counts = d->counts + (column->base + 1), before = counts[0];
    if (column->width == 1) {
        EACH_CODE(c, i, counts[column->codes[i]]++)
    } else if (!c->bits) {
        count_all_pairs(counts, column->codes, c->block->entries);
    } else {
        const uint16_t *two = (const uint16_t *)(const void *)column->codes;
        EACH_CODE(c, i, counts[two[i]]++)
    }
    if (!column->nulls)
        return;
    d->nulls += counts[0] - before;
    counts[0] = before;
}

static void count_block(const struct chosen *c, const struct column *column, struct dense *d,
                        struct tally *other)
{
    uint64_t top = column->width == 1 ? UINT8_MAX : UINT16_MAX;
    if (column->width == 0)
        dense_add(d, other, column_number(column, 0), c->count);
    else if (column->width <= 2 && column->base >= -1 &&
             dense_reach(d, (uint64_t)(column->base + 1) + top))
        count_narrow(c, column, d);
    else
        EACH_CODE(c, i, dense_add(d, other, column_number(column, i), 1))
}

/* The count that the `limit` most frequent values have at least, so that thousands of users need
 * not be looked at for a list of twenty. */
static uint32_t least_of(const struct dense *d, size_t limit)
{
    if (limit >= TOP_LIMIT)
        return 1;
    size_t kept = 0;
    uint32_t heap[TOP_LIMIT] = {0}; /* the greatest so far, the least of them first */
    for (size_t n = 0; n < d->room; n++) {
        uint32_t count = d->counts[n];
        if (!count || (kept == limit && count <= heap[0]))
            continue;
        size_t at = kept < limit ? kept++ : 0;
        if (at) {
            for (; at && heap[(at - 1) / 2] > count; at = (at - 1) / 2)
                heap[at] = heap[(at - 1) / 2];
        } else {
            for (size_t child; (child = 2 * at + 1) < kept; at = child) {
                child += child + 1 < kept && heap[child + 1] < heap[child];
                if (heap[child] >= count)
                    break;
                heap[at] = heap[child];
            }
        }
        heap[at] = count;
    }
    return kept == limit && limit ? heap[0] : 1;
}

static void dense_tell(const struct dense *d, size_t limit, struct tally *out)
{
    uint32_t least = least_of(d, limit);
    for (size_t n = 0; n < d->room; n++)
        if (d->counts[n] >= least)
            tally_at(out, (int64_t)n - 1)->count += d->counts[n];
    if (d->nulls)
        tally_at(out, TALLY_NULL)->count += d->nulls;
}

static enum fault_code tally_field(struct store *s, const struct chosen_all *all, enum facet facet,
                                   size_t limit, struct tally *out, struct fault *why)
{
    struct dense dense = {0};
    enum fault_code code = FAULT_NONE;
    bool classes = facet == FACET_CATEGORY || facet == FACET_CLASS;
    for (size_t b = 0; !code && b < all->count; b++) {
        const struct chosen *c = &all->blocks[b];
        const struct column *column = NULL;
        if (classes && (!c->bits || all->classes) && c->block->class_count) {
            for (size_t i = 0; i < c->block->class_count; i++) {
                uint32_t class = c->block->classes[i].class;
                if (!c->bits || choice_takes_class(all->classes, class))
                    dense_add(&dense, out, class ? class : COLUMN_NULL, c->block->classes[i].count);
            }
            continue;
        }
        code = block_column(s, c->block, field_of(facet), &column, why);
        if (!code)
            count_block(c, column, &dense, out);
    }
    if (!code)
        dense_tell(&dense, facet == FACET_USER || facet == FACET_EVENT ? limit : SIZE_MAX, out);
    free(dense.counts);
    return code;
}

/* --- hours and days --------------------------------------------------------------------------- */

static int64_t unit_of(int64_t time_us, int64_t unit)
{
    int64_t rest = time_us % unit;
    return time_us - (rest < 0 ? rest + unit : rest);
}

static enum fault_code tally_time(struct store *s, const struct chosen_all *all, int64_t unit,
                                  struct tally *out, struct fault *why)
{
    for (size_t b = 0; b < all->count; b++) {
        const struct chosen *c = &all->blocks[b];
        const struct column *times;
        size_t at = 0;
        enum fault_code code = block_column(s, c->block, FIELD_TIME, &times, why);
        if (code)
            return code;
        while ((at = chosen_next(c, at, c->block->timed)) < c->block->timed) {
            int64_t start = unit_of(column_number(times, at), unit);
            size_t end = block_find_time(c->block, start + unit);
            tally_at(out, start)->count += chosen_ones(c, at, end);
            at = end;
        }
        if (c->count > c->timed)
            tally_at(out, TIME_NONE)->count += c->count - c->timed;
    }
    return FAULT_NONE;
}

/* --- classes: also their users and their span --------------------------------------------------
 */

struct class_tally {
    uint64_t count;
    size_t first, last; /* 1 + place in the block at hand, 0 = none with a time */
    struct number_set users;
};

struct classes {
    struct class_tally *at; /* by class; 0 = none */
    int64_t end;            /* one behind the last class */
    bool *met;              /* classes of the block at hand */
    bool bits;              /* users are kept in sets, else in `pairs` */
    struct tally *out, pairs;
};

static bool new_user(struct classes *all, int64_t class, int64_t user)
{
    if (!all->bits)
        return tally_at(&all->pairs, class << 32 | (user & INT64_C(0xFFFFFFFF)))->count++ == 0;
    struct number_set *seen = &all->at[class].users;
    if (number_in(seen, user))
        return false;
    number_add(seen, user);
    return true;
}

static void count_class(struct classes *all, int64_t class, size_t at, bool timed, int64_t user)
{
    struct class_tally *t = &all->at[class];
    t->count++;
    if (timed) {
        t->last = at + 1;
        t->first = t->first ? t->first : at + 1;
    }
    if (user > 0 && new_user(all, class, user))
        tally_at(all->out, class ? class : TALLY_NULL)->users++;
}

static void add_span(struct classes *all, int64_t class, const struct column *times)
{
    struct class_tally *t = &all->at[class];
    struct tally_row *row = tally_at(all->out, class ? class : TALLY_NULL);
    if (t->first) {
        tally_span(row, column_number(times, t->first - 1));
        tally_span(row, column_number(times, t->last - 1));
    }
    t->first = t->last = 0;
}

static enum fault_code count_classes(struct store *s, struct classes *all, const struct chosen *c,
                                     struct fault *why)
{
    const struct column *class, *user, *times;
    struct block *b = c->block;
    enum fault_code code = block_column(s, b, FIELD_CLASS, &class, why);
    if (!code)
        code = block_column(s, b, FIELD_USER, &user, why);
    if (!code)
        code = block_column(s, b, FIELD_TIME, &times, why);
    if (code)
        return code;
    memset(all->met, 0, (size_t)all->end);
    EACH_CHOSEN(c, 0, b->entries, i)
    {
        int64_t number = column_number(class, i);
        number = number > 0 && number < all->end ? number : 0;
        all->met[number] = true;
        count_class(all, number, i, i < b->timed, column_number(user, i));
    }
    for (int64_t number = 0; number < all->end; number++)
        if (all->met[number])
            add_span(all, number, times);
    return FAULT_NONE;
}

static enum fault_code tally_classes(struct store *s, const struct chosen_all *all,
                                     struct tally *out, struct fault *why)
{
    int64_t strings = 0, classes = 0;
    enum fault_code code = store_ask(s, "SELECT max(id) FROM string", 0, &strings, why);
    if (!code)
        code = store_ask(s, "SELECT max(id) FROM class", 0, &classes, why);
    struct classes sums = {.out = out, .bits = strings / 8 + 1 < USER_BITS / (classes + 1)};
    sums.end = classes + 1;
    sums.at = xcalloc((size_t)sums.end, sizeof *sums.at);
    sums.met = xcalloc((size_t)sums.end, sizeof *sums.met);
    for (size_t b = 0; !code && b < all->count; b++)
        code = count_classes(s, &sums, &all->blocks[b], why);
    for (int64_t class = 0; class < sums.end; class ++) {
        if (!code && sums.at[class].count)
            tally_at(out, class ? class : TALLY_NULL)->count = sums.at[class].count;
        free(sums.at[class].users.bits);
    }
    free(sums.met);
    free(sums.at);
    tally_free(&sums.pairs);
    return code;
}

enum fault_code chosen_tally(struct store *s, const struct chosen_all *all, enum facet facet,
                             size_t limit, struct tally *out, struct fault *why)
{
    if (facet == FACET_CLASS_USERS)
        return tally_classes(s, all, out, why);
    if (facet == FACET_HOUR || facet == FACET_DAY)
        return tally_time(s, all, facet == FACET_HOUR ? TIME_HOUR : TIME_DAY, out, why);
    return tally_field(s, all, facet, limit, out, why);
}
