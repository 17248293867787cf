/* Knows what each key of the filter language asks of columns: the counterpart of where.c. What only
 * rows can tell (records) is left to SQL; remarks and problems are choose_remark.c's. */
#include "core/index/choose.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { NUMBERS_LIMIT = 512 * 1024 * 1024 };

bool number_in(const struct number_set *set, int64_t number)
{
    return number >= 0 && (uint64_t)number < set->end &&
           (set->bits[number / 64] >> (number % 64) & 1) != 0;
}

void number_add(struct number_set *set, int64_t number)
{
    if (number < 0 || number >= NUMBERS_LIMIT)
        return;
    if ((uint64_t)number >= set->end) {
        size_t words = set->end / 64, more = words ? words * 2 : 16;
        while (more * 64 <= (uint64_t)number)
            more *= 2;
        set->bits = xrealloc(set->bits, more, sizeof *set->bits);
        memset(set->bits + words, 0, (more - words) * sizeof *set->bits);
        set->end = more * 64;
    }
    set->bits[number / 64] |= UINT64_C(1) << (number % 64);
}

void ranges_add(struct number_ranges *r, int64_t number, bool joined)
{
    if (!r->fit)
        return;
    if (r->count && (joined || r->high[r->count - 1] == number - 1)) {
        r->high[r->count - 1] = number;
        return;
    }
    r->fit = r->count < NUMBER_RANGES;
    if (!r->fit)
        return;
    r->low[r->count] = r->high[r->count] = number;
    r->count++;
}

void ranges_of(struct number_ranges *r, const struct number_set *set)
{
    *r = (struct number_ranges){.fit = true};
    for (size_t w = 0; r->fit && w < set->end / 64; w++)
        for (uint64_t bits = set->bits[w]; r->fit && bits; bits &= bits - 1)
            ranges_add(r, (int64_t)(w * 64) + __builtin_ctzll(bits), false);
}

struct test *choice_test(struct test_group *g, enum test_kind kind, enum field field)
{
    if (g->count == g->room) {
        g->room = g->room ? g->room * 2 : 4;
        g->tests = xrealloc(g->tests, g->room, sizeof *g->tests);
    }
    struct test *t = &g->tests[g->count++];
    *t = (struct test){.kind = kind, .field = field};
    return t;
}

static bool has_none(const struct filter_term *term)
{
    for (size_t i = 0; i < term->value_count; i++)
        if (term->values[i].none)
            return true;
    return false;
}

static bool has_words(const struct filter_term *term)
{
    for (size_t i = 0; i < term->value_count; i++)
        if (!term->values[i].none)
            return true;
    return false;
}

static size_t add_matcher(struct choice *c, enum match_how how, const struct filter_term *term)
{
    return match_add(&c->matchers, how, term->values, term->value_count, &c->arena);
}

static void add_null(struct test_group *g, const struct filter_term *term, enum field field)
{
    if (has_none(term))
        choice_test(g, TEST_NULL, field);
}

static enum fault_code term_of_id(struct choice *c, struct test_group *g,
                                  const struct filter_term *term, enum match_how how,
                                  enum field field, struct fault *why)
{
    add_null(g, term, field);
    if (!has_words(term))
        return FAULT_NONE;
    struct test *t = choice_test(g, TEST_SET, field);
    return strings_meeting(c->s, &c->matchers, add_matcher(c, how, term), &t->set, why);
}

static void term_of_text(struct choice *c, struct test_group *g, const struct filter_term *term,
                         enum field field)
{
    add_null(g, term, field);
    if (!has_words(term))
        return;
    choice_test(g, TEST_TEXT, field)->matcher = add_matcher(c, MATCH_WHOLE, term);
    g->cost = 1;
    c->texts = true;
}

static void term_of_range(struct test_group *g, const struct filter_term *term, enum field field)
{
    for (size_t i = 0; i < term->value_count; i++) {
        const struct filter_value *value = &term->values[i];
        struct test *t = choice_test(g, value->none ? TEST_NULL : TEST_RANGE, field);
        t->low = value->low;
        t->high = value->high;
    }
}

static void term_of_class(struct choice *c, struct test_group *g, const struct filter_term *term)
{
    size_t at = add_matcher(c, MATCH_WHOLE, term);
    bool none = has_none(term);
    if (none)
        choice_test(g, TEST_NULL, FIELD_CLASS);
    struct test *t = choice_test(g, TEST_SET, FIELD_CLASS);
    for (int64_t id = 1; id < class_end(c->s); id++) {
        const struct store_class *class = class_at(c->s, id);
        if (!class)
            continue;
        struct slice text = term->key == FILTER_CLASS      ? class->id
                            : term->key == FILTER_CATEGORY ? class->category
                                                           : class->vendor;
        if (slice_is_none(text) ? none : match_text(&c->matchers, &c->matchers.items[at], text))
            number_add(&t->set, id);
    }
}

static void add_class_flag(struct choice *c, struct test_group *g, struct slice word)
{
    struct test *t = choice_test(g, TEST_SET, FIELD_CLASS);
    for (int64_t id = 1; id < class_end(c->s); id++) {
        const struct store_class *class = class_at(c->s, id);
        if (class && (slice_is(word, "failure")    ? class->failure
                      : slice_is(word, "success")  ? class->success
                      : slice_is(word, "remedy")   ? class->remedy
                      : slice_is(word, "evidence") ? class->evidence
                                                   : false))
            number_add(&t->set, id);
    }
}

/* is: and has: */
static enum fault_code term_of_flag(struct choice *c, struct test_group *g,
                                    const struct filter_term *term, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < term->value_count; i++) {
        struct slice word = term->values[i].text;
        bool remark = false;
        code = choose_remark_flag(c, g, word, &remark, why);
        if (remark)
            continue;
        if (slice_is(word, "token")) {
            choice_test(g, TEST_FLAG, FIELD_FLAGS)->low = ENTRY_HAS_TOKEN;
        } else if (slice_is(word, "user")) {
            struct test *t = choice_test(g, TEST_RANGE, FIELD_USER);
            t->low = INT64_MIN + 1;
            t->high = INT64_MAX;
        } else {
            add_class_flag(c, g, word);
        }
    }
    return code;
}

static void term_of_level(struct test_group *g, const struct filter_term *term)
{
    bool kind = term->key == FILTER_KIND;
    if (!kind)
        add_null(g, term, FIELD_LEVEL);
    for (size_t i = 0; i < term->value_count; i++) {
        if (term->values[i].none)
            continue;
        struct slice text = term->values[i].text;
        struct test *t = choice_test(g, TEST_RANGE, kind ? FIELD_KIND : FIELD_LEVEL);
        int number = KIND_EVENT;
        while (kind && number < KIND_PROVISIONING &&
               !slice_is_fold(text, kind_name((enum entry_kind)number)))
            number++;
        t->low = t->high = kind ? number : (int)level_parse(text);
    }
}

static enum fault_code term_of_source(struct choice *c, struct test_group *g,
                                      const struct filter_term *term, struct fault *why)
{
    bool label = term->key == FILTER_LABEL;
    sqlite3_stmt *st = store_statement(c->s, "SELECT id, path, label FROM source", why);
    if (!st)
        return FAULT_INDEX;
    size_t at = add_matcher(c, label ? MATCH_WHOLE : MATCH_FILE, term);
    struct test *t = choice_test(g, TEST_SET, FIELD_SOURCE);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct slice text = store_column(st, label ? 2 : 1);
        if (slice_is_none(text) ? has_none(term)
                                : match_text(&c->matchers, &c->matchers.items[at], text))
            number_add(&t->set, sqlite3_column_int64(st, 0));
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(c->s, rc, why);
}

static enum fault_code term_of_word(struct choice *c, struct test_group *g,
                                    const struct filter_term *term, struct fault *why)
{
    static const enum field fields[] = {FIELD_DETAIL, FIELD_PATH, FIELD_QUERY, FIELD_REQUEST_ID};
    size_t at = add_matcher(c, MATCH_INSIDE, term);
    struct test *users = choice_test(g, TEST_SET, FIELD_USER);
    enum fault_code code = strings_meeting(c->s, &c->matchers, at, &users->set, why);
    choice_test(g, TEST_NUMBER, FIELD_RECORD)->matcher = at;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        choice_test(g, TEST_TEXT, fields[i])->matcher = at;
    g->cost = 1;
    c->texts = true;
    return code;
}

static enum fault_code term_of_time(struct choice *c, struct test_group *g,
                                    const struct filter_term *term, struct block *const *blocks,
                                    size_t count, struct fault *why)
{
    (void)c;
    (void)why;
    g->cost = -1;
    if (term->key == FILTER_TIME) {
        term_of_range(g, term, FIELD_TIME);
        return FAULT_NONE;
    }
    const struct filter_value *value = &term->values[0];
    bool since = term->key == FILTER_SINCE;
    int64_t edge = since ? value->low : value->high;
    if (value->from_end) {
        int64_t newest = TIME_NONE;
        for (size_t i = 0; i < count; i++)
            if (blocks[i]->timed && (newest == TIME_NONE || blocks[i]->max_us > newest))
                newest = blocks[i]->max_us;
        newest = newest == TIME_NONE ? 0 : newest;
        if (__builtin_sub_overflow(newest, value->low, &edge))
            edge = INT64_MIN + 1;
    }
    struct test *t = choice_test(g, TEST_RANGE, FIELD_TIME);
    t->low = since ? edge : INT64_MIN + 1;
    t->high = since ? INT64_MAX : edge;
    return FAULT_NONE;
}

static enum fault_code add_term(struct choice *c, struct test_group *g,
                                const struct filter_term *term, struct fault *why)
{
    struct block *const *blocks;
    size_t count;
    bool usable;
    enum fault_code code;
    switch (term->key) {
    case FILTER_CLASS:
    case FILTER_CATEGORY:
    case FILTER_VENDOR:
        term_of_class(c, g, term);
        return FAULT_NONE;
    case FILTER_USER:
        return term_of_id(c, g, term, MATCH_USER, FIELD_USER, why);
    case FILTER_SCIMTYPE:
        return term_of_id(c, g, term, MATCH_WHOLE, FIELD_SCIM_TYPE, why);
    case FILTER_METHOD:
        return term_of_id(c, g, term, MATCH_WHOLE, FIELD_METHOD, why);
    case FILTER_HOST:
        return term_of_id(c, g, term, MATCH_WHOLE, FIELD_HOST, why);
    case FILTER_STATUS:
        term_of_range(g, term, FIELD_STATUS);
        return FAULT_NONE;
    case FILTER_EVENT:
        term_of_range(g, term, FIELD_EVENT);
        return FAULT_NONE;
    case FILTER_ID:
        term_of_range(g, term, FIELD_ID);
        return FAULT_NONE;
    case FILTER_LEVEL:
    case FILTER_KIND:
        term_of_level(g, term);
        return FAULT_NONE;
    case FILTER_PATH:
        term_of_text(c, g, term, FIELD_PATH);
        return FAULT_NONE;
    case FILTER_REQUEST_ID:
        term_of_text(c, g, term, FIELD_REQUEST_ID);
        return FAULT_NONE;
    case FILTER_SOURCE:
    case FILTER_LABEL:
        return term_of_source(c, g, term, why);
    case FILTER_IS:
    case FILTER_HAS:
        return term_of_flag(c, g, term, why);
    case FILTER_PROBLEM:
    case FILTER_STATE:
    case FILTER_WORK:
    case FILTER_MARK:
    case FILTER_NOTE:
        return choose_remark(c, g, term, why);
    case FILTER_TIME:
    case FILTER_SINCE:
    case FILTER_UNTIL:
        code = columns_refresh(c->s, &blocks, &count, &usable, why);
        return code ? code : term_of_time(c, g, term, blocks, count, why);
    case FILTER_TEXT:
        return term_of_word(c, g, term, why);
    default: /* what only rows can tell */
        g->rows = true;
        return FAULT_NONE;
    }
}

static enum fault_code add_group(struct choice *c, const struct filter *filter, size_t first,
                                 struct fault *why)
{
    if (c->count == c->room) {
        c->room = c->room ? c->room * 2 : 8;
        c->groups = xrealloc(c->groups, c->room, sizeof *c->groups);
    }
    const struct filter_term *lead = &filter->terms[first];
    struct test_group *g = &c->groups[c->count++];
    *g = (struct test_group){.exclude = lead->exclude};
    enum fault_code code = add_term(c, g, lead, why);
    for (size_t i = first + 1; !code && !where_stands_alone(filter, lead) && i < filter->count; i++)
        if (filter->terms[i].key == lead->key && !where_stands_alone(filter, &filter->terms[i]))
            code = add_term(c, g, &filter->terms[i], why);
    c->answers = c->answers && !g->rows;
    return code;
}

static int compare_costs(const void *left, const void *right)
{
    const struct test_group *a = left, *b = right;
    return a->cost - b->cost;
}

enum fault_code choice_make(struct choice *c, struct store *s, const struct filter *filter,
                            struct fault *why)
{
    *c = (struct choice){.s = s, .answers = true};
    arena_init(&c->arena);
    enum fault_code code = class_read(s, why);
    for (size_t i = 0; !code && filter && i < filter->count; i++)
        if (!where_led_before(filter, i))
            code = add_group(c, filter, i, why);
    if (c->count > 1)
        qsort(c->groups, c->count, sizeof *c->groups, compare_costs);
    for (size_t g = 0; g < c->count; g++)
        for (size_t t = 0; t < c->groups[g].count; t++)
            ranges_of(&c->groups[g].tests[t].ranges, &c->groups[g].tests[t].set);
    return code;
}

bool choice_asks_classes(const struct choice *c)
{
    bool only = c->answers;
    for (size_t g = 0; g < c->count; g++)
        for (size_t t = 0; t < c->groups[g].count; t++)
            only =
                only && c->groups[g].tests[t].field == FIELD_CLASS &&
                (c->groups[g].tests[t].kind == TEST_SET || c->groups[g].tests[t].kind == TEST_NULL);
    return only;
}

bool choice_takes_class(const struct choice *c, uint32_t class)
{
    for (size_t g = 0; g < c->count; g++) {
        const struct test_group *group = &c->groups[g];
        bool met = false;
        for (size_t t = 0; t < group->count; t++)
            met = met || (group->tests[t].kind == TEST_NULL
                              ? class == 0
                              : class && number_in(&group->tests[t].set, class));
        if (met == group->exclude)
            return false;
    }
    return true;
}

void choice_free(struct choice *c)
{
    for (size_t g = 0; g < c->count; g++) {
        for (size_t t = 0; t < c->groups[g].count; t++) {
            free(c->groups[g].tests[t].set.bits);
            remark_free(c->groups[g].tests[t].remark);
        }
        free(c->groups[g].tests);
    }
    free(c->groups);
    match_free(&c->matchers);
    arena_free(&c->arena);
    *c = (struct choice){0};
}
