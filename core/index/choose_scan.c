/* Knows how the tests of a choice run over the columns of one block: a bit for each entry. The
 * loops themselves are those of scan.h. */
#include "core/index/choose.h"

#include "core/base/alloc.h"
#include "core/index/scan.h"

#include <stdlib.h>

enum holds { HOLDS_NEVER, HOLDS_SOMETIMES, HOLDS_ALWAYS };

enum { WORD = 64, WORDS = BLOCK_ENTRIES / WORD };
_Static_assert(2 * WORDS * sizeof(uint64_t) <= CHOICE_SCRATCH, "two sets of bits fit the scratch");

struct scan {
    struct choice *c;
    struct block *b;
    uint64_t *out; /* a bit is set where a test holds */
    struct fault *why;
    enum fault_code code;
};

static size_t words_of(const struct block *b)
{
    return (b->entries + WORD - 1) / WORD;
}

/* The word at hand while bits are made one by one. */
#define MAKE_BITS(out, count, i, truth)                                                            \
    for (size_t word_ = 0; word_ * WORD < (count); word_++) {                                      \
        uint64_t made_ = 0;                                                                        \
        size_t end_ = (count)-word_ * WORD < WORD ? (count) : (word_ + 1) * WORD;                  \
        for (size_t i = word_ * WORD; i < end_; i++)                                               \
            made_ |= (uint64_t)(truth) << (i % WORD);                                              \
        (out)[word_] |= made_;                                                                     \
    }

static void set_bits(uint64_t *out, size_t from, size_t to)
{
    for (size_t w = from / WORD; w * WORD < to; w++) {
        uint64_t bits = UINT64_MAX;
        if (from > w * WORD)
            bits &= UINT64_MAX << (from - w * WORD);
        if (to < (w + 1) * WORD)
            bits &= ~(UINT64_MAX << (to - w * WORD));
        out[w] |= bits;
    }
}

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

/* The codes of a column (not of width 0) whose values lie in low .. high; false when none can. */
static bool codes_within(struct code_range *out, const struct column *column, int64_t low,
                         int64_t high)
{
    uint64_t base = (uint64_t)column->base, top = top_code(column->width), first = column->nulls;
    int64_t least = (int64_t)(base + first);
    if (high < least || high < low)
        return false;
    out->low = low <= least ? first : (uint64_t)low - base;
    out->high = (uint64_t)high - base;
    if (out->low > top)
        return false;
    out->high = out->high < top ? out->high : top;
    return true;
}

static enum holds scan_ranges(struct scan *s, const struct column *column,
                              const struct code_range *ranges, size_t count)
{
    uint64_t top = top_code(column->width);
    for (size_t i = 0; i < count; i++)
        if (ranges[i].low == 0 && ranges[i].high == top)
            return HOLDS_ALWAYS;
    if (count)
        scanner()->ranges(s->out, column->codes, column->width, column->count, ranges, count);
    return count ? HOLDS_SOMETIMES : HOLDS_NEVER;
}

static enum holds scan_number_ranges(struct scan *s, const struct column *column,
                                     const struct number_ranges *ranges)
{
    struct code_range codes[NUMBER_RANGES];
    size_t count = 0;
    for (size_t i = 0; i < ranges->count; i++)
        count += codes_within(&codes[count], column, ranges->low[i], ranges->high[i]);
    return scan_ranges(s, column, codes, count);
}

static enum holds scan_range(struct scan *s, const struct column *column, int64_t low, int64_t high)
{
    struct code_range range;
    if (column->width == 0)
        return !column->nulls && low <= column->base && column->base <= high ? HOLDS_ALWAYS
                                                                             : HOLDS_NEVER;
    return scan_ranges(s, column, &range, codes_within(&range, column, low, high));
}

static enum holds scan_null(struct scan *s, const struct column *column)
{
    if (!column->nulls)
        return HOLDS_NEVER;
    if (column->width == 0)
        return HOLDS_ALWAYS;
    return scan_ranges(s, column, &(struct code_range){0, 0}, 1);
}

/* --- time: sorted, so a range of times is a range of entries -----------------------------------
 */

static enum holds test_time(struct scan *s, const struct test *t)
{
    struct block *b = s->b;
    if (t->kind == TEST_NULL) {
        if (b->timed == b->entries)
            return HOLDS_NEVER;
        set_bits(s->out, b->timed, b->entries);
        return b->timed ? HOLDS_SOMETIMES : HOLDS_ALWAYS;
    }
    if (!b->timed || t->high < b->min_us || t->low > b->max_us || t->high < t->low)
        return HOLDS_NEVER;
    if (t->low <= b->min_us && t->high >= b->max_us) {
        set_bits(s->out, 0, b->timed);
        return b->timed == b->entries ? HOLDS_ALWAYS : HOLDS_SOMETIMES;
    }
    if (!column_of(s, FIELD_TIME))
        return HOLDS_NEVER;
    size_t from = block_find_time(b, t->low);
    size_t to = t->high >= b->max_us ? b->timed : block_find_time(b, t->high + 1);
    if (to > from)
        set_bits(s->out, from, to);
    return to > from ? HOLDS_SOMETIMES : HOLDS_NEVER;
}

/* --- sets ------------------------------------------------------------------------------------- */

/* The classes of the block that are in the set, joined over classes that do not occur. */
static enum holds class_ranges(const struct block *b, const struct number_set *set,
                               struct number_ranges *r)
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

/* Each number looked up. The set reaches beyond every code then, so that none has to be compared
 * with its end. */
static void scan_members(struct scan *s, const struct column *column, const struct number_set *set)
{
    uint64_t null = column->nulls ? 0 : UINT64_MAX, base = (uint64_t)column->base;
    const uint64_t *bits = set->bits;
    bool all_fit =
        column->width <= 2 && column->base >= -1 && base + 1 + top_code(column->width) < set->end;
    if (all_fit && column->width == 2) {
        const uint16_t *codes = (const uint16_t *)(const void *)column->codes;
        MAKE_BITS(s->out, column->count, i,
                  codes[i] != null &&
                      (bits[(base + codes[i]) / WORD] >> ((base + codes[i]) % WORD) & 1))
        return;
    }
    MAKE_BITS(s->out, column->count, i, number_in(set, column_number(column, i)))
}

static enum holds test_set(struct scan *s, const struct test *t)
{
    struct number_ranges own = {.fit = true};
    const struct number_ranges *ranges = &t->ranges;
    if (!t->set.end)
        return HOLDS_NEVER;
    if (t->field == FIELD_CLASS && s->b->class_count) {
        enum holds verdict = class_ranges(s->b, &t->set, &own);
        if (verdict != HOLDS_SOMETIMES)
            return verdict;
        ranges = &own;
    }
    const struct column *column = column_of(s, t->field);
    if (!column)
        return HOLDS_NEVER;
    if (column->width == 0)
        return !column->nulls && number_in(&t->set, column->base) ? HOLDS_ALWAYS : HOLDS_NEVER;
    if (!ranges->fit) {
        scan_members(s, column, &t->set);
        return HOLDS_SOMETIMES;
    }
    return scan_number_ranges(s, column, ranges);
}

static enum holds test_flag(struct scan *s, const struct test *t)
{
    const struct column *column = column_of(s, t->field);
    if (!column)
        return HOLDS_NEVER;
    if (column->width == 0)
        return !column->nulls && (column->base & t->low) ? HOLDS_ALWAYS : HOLDS_NEVER;
    MAKE_BITS(s->out, column->count, i,
              column_number(column, i) != COLUMN_NULL && (column_number(column, i) & t->low) != 0)
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
        const char *hit = scanner()->find(texts->bytes + at, end - at, needle.at, needle.len);
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

/* Entries by the numbers of their texts: few texts by ranges, more by looking each up. */
static enum holds scan_hits(struct scan *s, const struct column *column, const unsigned char *hits,
                            size_t texts)
{
    struct number_ranges few = {.fit = true};
    if (column->width == 0)
        return !column->nulls && column->base >= 0 && (size_t)column->base < texts &&
                       hits[column->base]
                   ? HOLDS_ALWAYS
                   : HOLDS_NEVER;
    for (size_t i = 0; few.fit && i < texts; i++)
        if (hits[i])
            ranges_add(&few, (int64_t)i, false);
    if (few.fit)
        return scan_number_ranges(s, column, &few);
    MAKE_BITS(s->out, column->count, i,
              (uint64_t)column_number(column, i) < texts && hits[column_number(column, i)])
    return HOLDS_SOMETIMES;
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
        if (column)
            verdict = scan_hits(s, column, hits, texts->count);
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
    char text[DIGITS];
    MAKE_BITS(s->out, column->count, i,
              column_number(column, i) != COLUMN_NULL &&
                  match_folded(m, write_number(text, column_number(column, i))))
    return HOLDS_SOMETIMES;
}

/* --- remarks and problems --------------------------------------------------------------------- */

/* Bits of the entries with a number of the set. */
static void mark_members(struct scan *s, uint64_t *out, enum field field,
                         const struct number_set *set, const struct number_ranges *ranges)
{
    struct scan inner = *s;
    const struct test t = {.kind = TEST_SET, .field = field, .set = *set, .ranges = *ranges};
    memset(out, 0, words_of(s->b) * sizeof *out);
    inner.out = out;
    if (test_set(&inner, &t) == HOLDS_ALWAYS)
        set_bits(out, 0, s->b->entries);
    s->code = inner.code;
}

/* Leaves of the entries with a subject of the remark those that belong to a problem of it. */
static void keep_problems(struct scan *s, const struct remark *r, uint64_t *bits)
{
    const struct column *subjects = column_of(s, FIELD_SUBJECT);
    const struct column *classes = subjects ? column_of(s, FIELD_CLASS) : NULL;
    const struct column *ids = classes ? column_of(s, FIELD_ID) : NULL;
    for (size_t w = 0; ids && w < words_of(s->b); w++) {
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            size_t i = w * WORD + (size_t)__builtin_ctzll(left);
            if (!remark_has(r, column_number(subjects, i), column_number(classes, i)) ||
                number_in(&r->apart, column_number(ids, i)))
                bits[w] &= ~(UINT64_C(1) << (i % WORD));
        }
    }
}

static enum holds test_remark(struct scan *s, const struct test *t)
{
    const struct remark *r = t->remark;
    uint64_t found[WORDS], own[WORDS], mask = r->turned ? UINT64_MAX : 0;
    mark_members(s, found, FIELD_SUBJECT, &r->subjects, &r->subject_ranges);
    if (!s->code)
        keep_problems(s, r, found);
    if (!s->code)
        mark_members(s, own, FIELD_ID, &r->own, &r->own_ranges);
    for (size_t w = 0; !s->code && w < words_of(s->b); w++)
        s->out[w] |= (found[w] | own[w]) ^ mask;
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
        return column ? scan_range(s, column, t->low, t->high) : HOLDS_NEVER;
    case TEST_NULL:
        column = column_of(s, t->field);
        return column ? scan_null(s, column) : HOLDS_NEVER;
    case TEST_SET:
        return test_set(s, t);
    case TEST_FLAG:
        return test_flag(s, t);
    case TEST_TEXT:
        return test_text(s, t);
    case TEST_NUMBER:
        return test_number(s, t);
    case TEST_REMARK:
        return test_remark(s, t);
    case TEST_ALL:
        break;
    }
    return HOLDS_ALWAYS;
}

static enum holds run_group(struct scan *s, const struct test_group *g)
{
    enum holds verdict = HOLDS_NEVER;
    if (g->rows || (g->cost > 0 && s->b->flags & BLOCK_TEXT_MISSING))
        return HOLDS_ALWAYS; /* left to the rows */
    memset(s->out, 0, words_of(s->b) * sizeof *s->out);
    for (size_t i = 0; !s->code && i < g->count && verdict != HOLDS_ALWAYS; i++) {
        enum holds one = run_test(s, &g->tests[i]);
        verdict = one > verdict ? one : verdict;
    }
    return !g->exclude ? verdict : verdict == HOLDS_SOMETIMES ? verdict : HOLDS_ALWAYS - verdict;
}

/* Texts are kept for the next word typed as long as there is room. */
static void drop_texts(struct choice *c, struct block *b)
{
    if (c->texts)
        columns_limit_texts(c->s, b);
}

/* `all` becomes what holds in it (unless it is the first group) and in the group. */
static void join_group(uint64_t *all, const uint64_t *group, size_t words, bool first, bool flip)
{
    uint64_t mask = flip ? UINT64_MAX : 0;
    for (size_t i = 0; first && i < words; i++)
        all[i] = group[i] ^ mask;
    for (size_t i = 0; !first && i < words; i++)
        all[i] &= group[i] ^ mask;
}

enum fault_code choice_block(struct choice *c, struct block *b, void *scratch, uint64_t **bits,
                             size_t *count, struct fault *why)
{
    uint64_t *all = (uint64_t *)scratch + WORDS;
    struct scan s = {.c = c, .b = b, .out = scratch, .why = why};
    size_t words = words_of(b);
    bool some = false, none = false;
    *bits = NULL;
    *count = 0;
    for (size_t g = 0; !none && g < c->count; g++) {
        enum holds verdict = run_group(&s, &c->groups[g]);
        if (s.code)
            return s.code;
        none = verdict == HOLDS_NEVER;
        if (verdict != HOLDS_SOMETIMES)
            continue;
        join_group(all, s.out, words, !some, c->groups[g].exclude);
        some = true;
    }
    drop_texts(c, b);
    if (none)
        return FAULT_NONE;
    *count = b->entries;
    if (!some)
        return FAULT_NONE;
    if (b->entries % WORD)
        all[words - 1] &= ~(UINT64_MAX << (b->entries % WORD));
    *count = (size_t)scanner()->ones(all, words);
    if (*count == 0 || *count == b->entries)
        return FAULT_NONE;
    *bits = xcalloc(words, sizeof **bits);
    memcpy(*bits, all, words * sizeof **bits);
    return FAULT_NONE;
}
