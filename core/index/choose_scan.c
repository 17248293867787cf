/* Knows how the tests of a choice run over the columns of one block: a byte for each entry while
 * tests are joined, a bit for each in the end. Loops are plain so that compilers vectorise them. */
#include "core/index/choose.h"

#include "core/base/alloc.h"

#include <stdlib.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3") /* -O2 leaves loops of unknown length alone */
#endif

enum holds { HOLDS_NEVER, HOLDS_SOMETIMES, HOLDS_ALWAYS };

enum { RANGES_MAX = 8 /* more of them cost more than looking each number up */ };

struct scan {
    struct choice *c;
    struct block *b;
    unsigned char *out; /* |= 1 where a test holds */
    struct fault *why;
    enum fault_code code;
};

static const struct column *column_of(struct scan *s, enum field field)
{
    const struct column *column = NULL;
    s->code = block_column(s->c->s, s->b, field, &column, s->why);
    return s->code ? NULL : column;
}

static uint64_t top_code(unsigned width)
{
    return width == 8 ? UINT64_MAX : (UINT64_C(1) << (width * 8)) - 1;
}

#define SCAN_RANGE(type)                                                                           \
    do {                                                                                           \
        const type *codes = (const type *)(const void *)column->codes;                             \
        type from = (type)low, span = (type)(high - low);                                          \
        for (size_t i = 0; i < count; i++)                                                         \
            out[i] |= (type)(codes[i] - from) <= span;                                             \
    } while (0)

static enum holds scan_codes(unsigned char *out, const struct column *column, uint64_t low,
                             uint64_t high)
{
    uint64_t top = top_code(column->width);
    size_t count = column->count;
    if (low > top)
        return HOLDS_NEVER;
    high = high < top ? high : top;
    if (low == 0 && high == top)
        return HOLDS_ALWAYS;
    switch (column->width) {
    case 1:
        SCAN_RANGE(unsigned char);
        break;
    case 2:
        SCAN_RANGE(uint16_t);
        break;
    case 4:
        SCAN_RANGE(uint32_t);
        break;
    default:
        SCAN_RANGE(uint64_t);
        break;
    }
    return HOLDS_SOMETIMES;
}

static enum holds scan_range(unsigned char *out, const struct column *column, int64_t low,
                             int64_t high)
{
    if (column->width == 0 && column->nulls)
        return HOLDS_NEVER;
    uint64_t base = (uint64_t)column->base, first = column->nulls;
    int64_t least = (int64_t)(base + first);
    if (high < least || high < low)
        return HOLDS_NEVER;
    return scan_codes(out, column, low <= least ? first : (uint64_t)low - base,
                      (uint64_t)high - base);
}

static enum holds scan_null(unsigned char *out, const struct column *column)
{
    if (!column->nulls)
        return HOLDS_NEVER;
    return column->width == 0 ? HOLDS_ALWAYS : scan_codes(out, column, 0, 0);
}

/* --- time: sorted, so a range of times is a range of entries -----------------------------------
 */

static enum holds test_time(struct scan *s, const struct test *t)
{
    struct block *b = s->b;
    if (t->kind == TEST_NULL) {
        if (b->timed == b->entries)
            return HOLDS_NEVER;
        memset(s->out + b->timed, 1, b->entries - b->timed);
        return b->timed ? HOLDS_SOMETIMES : HOLDS_ALWAYS;
    }
    if (!b->timed || t->high < b->min_us || t->low > b->max_us || t->high < t->low)
        return HOLDS_NEVER;
    if (t->low <= b->min_us && t->high >= b->max_us) {
        memset(s->out, 1, b->timed);
        return b->timed == b->entries ? HOLDS_ALWAYS : HOLDS_SOMETIMES;
    }
    if (!column_of(s, FIELD_TIME))
        return HOLDS_NEVER;
    size_t from = block_find_time(b, t->low);
    size_t to = t->high >= b->max_us ? b->timed : block_find_time(b, t->high + 1);
    if (to > from)
        memset(s->out + from, 1, to - from);
    return to > from ? HOLDS_SOMETIMES : HOLDS_NEVER;
}

/* --- sets ------------------------------------------------------------------------------------- */

struct ranges {
    int64_t low[RANGES_MAX], high[RANGES_MAX];
    size_t count;
    bool fit;
};

static void ranges_add(struct ranges *r, int64_t number, bool joined)
{
    if (joined && r->count && r->fit) {
        r->high[r->count - 1] = number;
        return;
    }
    if (r->count == RANGES_MAX) {
        r->fit = false;
        return;
    }
    r->low[r->count] = r->high[r->count] = number;
    r->count++;
}

/* The classes of the block that are in the set, joined over classes that do not occur. */
static enum holds class_ranges(const struct block *b, const struct number_set *set,
                               struct ranges *r)
{
    size_t inside = 0;
    bool before = false;
    for (size_t i = 0; i < b->class_count; i++) {
        uint32_t class = b->classes[i].class;
        bool in = class && number_in(set, class);
        if (in) {
            inside += b->classes[i].count;
            ranges_add(r, class, before);
        }
        before = in;
    }
    return !inside ? HOLDS_NEVER : inside == b->entries ? HOLDS_ALWAYS : HOLDS_SOMETIMES;
}

static void few_members(const struct number_set *set, struct ranges *r)
{
    for (size_t w = 0; r->fit && w < set->end / 64; w++)
        for (uint64_t bits = set->bits[w]; r->fit && bits; bits &= bits - 1)
            ranges_add(r, (int64_t)(w * 64) + __builtin_ctzll(bits), false);
}

static enum holds test_set(struct scan *s, const struct test *t)
{
    struct ranges ranges = {.fit = true};
    if (!t->set.end)
        return HOLDS_NEVER;
    if (t->field == FIELD_CLASS && s->b->class_count) {
        enum holds verdict = class_ranges(s->b, &t->set, &ranges);
        if (verdict != HOLDS_SOMETIMES)
            return verdict;
    } else {
        few_members(&t->set, &ranges);
    }
    const struct column *column = column_of(s, t->field);
    if (!column)
        return HOLDS_NEVER;
    if (column->width == 0)
        return !column->nulls && number_in(&t->set, column->base) ? HOLDS_ALWAYS : HOLDS_NEVER;
    enum holds verdict = HOLDS_NEVER;
    for (size_t i = 0; ranges.fit && i < ranges.count && verdict != HOLDS_ALWAYS; i++) {
        enum holds one = scan_range(s->out, column, ranges.low[i], ranges.high[i]);
        verdict = one > verdict ? one : verdict;
    }
    if (ranges.fit)
        return verdict;
    for (size_t i = 0; i < column->count; i++)
        s->out[i] |= number_in(&t->set, column_number(column, i));
    return HOLDS_SOMETIMES;
}

static enum holds test_flag(struct scan *s, const struct test *t)
{
    const struct column *column = column_of(s, t->field);
    for (size_t i = 0; column && i < column->count; i++) {
        int64_t value = column_number(column, i);
        s->out[i] |= value != COLUMN_NULL && (value & t->low) != 0;
    }
    return HOLDS_SOMETIMES;
}

/* --- texts ------------------------------------------------------------------------------------ */

/* Number of the text that holds this byte. */
static size_t text_holding(const struct texts_block *texts, size_t at)
{
    size_t low = 0, high = texts->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (texts->starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* One pass over all texts; a needle never spans two, as it cannot hold TEXT_END. */
static size_t find_inside(const struct texts_block *texts, struct slice needle, unsigned char *hits)
{
    size_t found = 0, at = 0, end = texts->starts[texts->count];
    while (at < end) {
        const char *hit = memmem(texts->bytes + at, end - at, needle.at, needle.len);
        if (!hit)
            break;
        size_t number = text_holding(texts, (size_t)(hit - texts->bytes));
        hits[number] = 1;
        found++;
        at = texts->starts[number + 1];
    }
    return found;
}

static size_t find_texts(const struct texts_block *texts, const struct matcher *m,
                         unsigned char *hits)
{
    size_t found = 0;
    bool plain = m->how == MATCH_INSIDE;
    for (size_t i = 0; i < m->count; i++)
        plain = plain && !m->words[i].wild && m->words[i].folded.len;
    for (size_t i = 0; plain && i < m->count; i++)
        found += find_inside(texts, m->words[i].folded, hits);
    for (size_t i = 0; !plain && i < texts->count; i++) {
        size_t len = texts->starts[i + 1] - texts->starts[i] - 1;
        hits[i] = match_folded(m, slice_make(texts->bytes + texts->starts[i], len));
        found += hits[i];
    }
    return found;
}

static enum holds test_text(struct scan *s, const struct test *t)
{
    const struct texts_block *texts = NULL;
    s->code = block_texts(s->c->s, s->b, t->field, &texts, s->why);
    if (s->code || !texts->count)
        return HOLDS_NEVER;
    unsigned char *hits = xcalloc(texts->count, 1);
    enum holds verdict = HOLDS_NEVER;
    if (find_texts(texts, &s->c->matchers.items[t->matcher], hits)) {
        const struct column *column = column_of(s, t->field);
        for (size_t i = 0; column && i < column->count; i++) {
            int64_t number = column_number(column, i);
            s->out[i] |= number >= 0 && (size_t)number < texts->count && hits[number];
        }
        verdict = HOLDS_SOMETIMES;
    }
    free(hits);
    return verdict;
}

static bool may_be_number(const struct matcher *m)
{
    for (size_t i = 0; i < m->count; i++) {
        struct slice word = m->words[i].folded;
        size_t at = 0;
        while (at < word.len && (word.at[at] == '-' || (word.at[at] >= '0' && word.at[at] <= '9')))
            at++;
        if (at == word.len || m->words[i].wild)
            return true;
    }
    return false;
}

enum { DIGITS = 24 };
static struct slice write_number(char text[DIGITS], int64_t value)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t at = DIGITS;
    do {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        text[--at] = '-';
    return slice_make(text + at, DIGITS - at);
}

static enum holds test_number(struct scan *s, const struct test *t)
{
    const struct matcher *m = &s->c->matchers.items[t->matcher];
    if (!may_be_number(m))
        return HOLDS_NEVER;
    const struct column *column = column_of(s, t->field);
    if (!column || (column->width == 0 && column->nulls))
        return HOLDS_NEVER;
    for (size_t i = 0; i < column->count; i++) {
        char text[DIGITS];
        int64_t value = column_number(column, i);
        s->out[i] |= value != COLUMN_NULL && match_folded(m, write_number(text, value));
    }
    return HOLDS_SOMETIMES;
}

/* --- joining ---------------------------------------------------------------------------------- */

static enum holds run_test(struct scan *s, const struct test *t)
{
    const struct column *column;
    if (t->field == FIELD_TIME)
        return test_time(s, t);
    switch (t->kind) {
    case TEST_RANGE:
        column = column_of(s, t->field);
        return column ? scan_range(s->out, column, t->low, t->high) : HOLDS_NEVER;
    case TEST_NULL:
        column = column_of(s, t->field);
        return column ? scan_null(s->out, column) : HOLDS_NEVER;
    case TEST_SET:
        return test_set(s, t);
    case TEST_FLAG:
        return test_flag(s, t);
    case TEST_TEXT:
        return test_text(s, t);
    case TEST_NUMBER:
        return test_number(s, t);
    case TEST_ALL:
        break;
    }
    return HOLDS_ALWAYS;
}

static enum holds run_group(struct scan *s, const struct test_group *g)
{
    enum holds verdict = HOLDS_NEVER;
    memset(s->out, 0, s->b->entries);
    for (size_t i = 0; !s->code && i < g->count && verdict != HOLDS_ALWAYS; i++) {
        enum holds one = run_test(s, &g->tests[i]);
        verdict = one > verdict ? one : verdict;
    }
    return !g->exclude ? verdict : verdict == HOLDS_SOMETIMES ? verdict : HOLDS_ALWAYS - verdict;
}

/* Eight bytes of 0 and 1 become eight bits at a time. */
static size_t pack_bits(uint64_t *bits, const unsigned char *bytes, size_t count)
{
    size_t ones = 0;
    for (size_t i = 0; i < count; i += 8) {
        uint64_t eight = 0;
        memcpy(&eight, bytes + i, count - i < 8 ? count - i : 8);
        uint64_t packed = eight * UINT64_C(0x0102040810204080) >> 56;
        bits[i / 64] |= packed << (i % 64);
    }
    for (size_t i = 0; i < (count + 63) / 64; i++)
        ones += (size_t)__builtin_popcountll(bits[i]);
    return ones;
}

/* Texts are kept for the next word typed as long as there is room. */
static void drop_texts(struct choice *c, struct block *b)
{
    if (c->texts && !columns_text_room(c->s, b))
        block_forget_texts(b);
}

enum fault_code choice_block(struct choice *c, struct block *b, unsigned char *scratch,
                             uint64_t **bits, size_t *count, struct fault *why)
{
    unsigned char *all = scratch + BLOCK_ENTRIES;
    struct scan s = {.c = c, .b = b, .out = scratch, .why = why};
    bool some = false;
    *bits = NULL;
    *count = 0;
    for (size_t g = 0; g < c->count; g++) {
        enum holds verdict = run_group(&s, &c->groups[g]);
        if (s.code)
            return s.code;
        if (verdict == HOLDS_NEVER) {
            drop_texts(c, b);
            return FAULT_NONE;
        }
        if (verdict == HOLDS_ALWAYS)
            continue;
        unsigned char flip = c->groups[g].exclude;
        for (size_t i = 0; !some && i < b->entries; i++)
            all[i] = scratch[i] ^ flip;
        for (size_t i = 0; some && i < b->entries; i++)
            all[i] &= scratch[i] ^ flip;
        some = true;
    }
    drop_texts(c, b);
    *count = b->entries;
    if (!some)
        return FAULT_NONE;
    *bits = xcalloc((b->entries + 63) / 64, sizeof **bits);
    *count = pack_bits(*bits, all, b->entries);
    if (*count == 0 || *count == b->entries) {
        free(*bits);
        *bits = NULL;
    }
    return FAULT_NONE;
}
