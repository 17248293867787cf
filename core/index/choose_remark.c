/* Knows which entries have a remark of the operator, and which problems a filter names: few of
 * either, so they are read from their own tables and looked for in the columns. Says the same as
 * where.c. */
#include "core/index/choose.h"

#include "core/base/alloc.h"
#include "core/explain/problem.h"

#include <stdlib.h>

void remark_free(struct remark *r)
{
    if (!r)
        return;
    free(r->own.bits);
    free(r->apart.bits);
    free(r->subjects.bits);
    free(r->problems);
    free(r);
}

static int compare_pairs(const void *left, const void *right)
{
    const struct remark_pair *a = left, *b = right;
    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    return (a->class > b->class) - (a->class < b->class);
}

bool remark_has(const struct remark *r, int64_t subject, int64_t class)
{
    const struct remark_pair key = {subject, class};
    return r->count && bsearch(&key, r->problems, r->count, sizeof key, compare_pairs);
}

static struct remark *add_remark(struct test_group *g)
{
    struct test *t = choice_test(g, TEST_REMARK, FIELD_SUBJECT);
    t->remark = xcalloc(1, sizeof *t->remark);
    return t->remark;
}

static void add_problem(struct remark *r, int64_t subject, int64_t class)
{
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 16;
        r->problems = xrealloc(r->problems, r->room, sizeof *r->problems);
    }
    r->problems[r->count++] = (struct remark_pair){subject, class};
    number_add(&r->subjects, subject);
}

static void settle(struct remark *r)
{
    if (r->count)
        qsort(r->problems, r->count, sizeof *r->problems, compare_pairs);
    ranges_of(&r->own_ranges, &r->own);
    ranges_of(&r->subject_ranges, &r->subjects);
}

/* --- marks, notes, work ----------------------------------------------------------------------- */

enum remark_column { COLUMN_MARK, COLUMN_NOTE, COLUMN_WORK };

/* Which texts of one kind of remark count. */
struct wanted {
    struct choice *c;
    enum remark_column column;
    const struct filter_term *words; /* one of these; NULL: any text */
    size_t matcher;                  /* for marks and notes */
};

static bool is_wanted(const struct wanted *w, struct slice text)
{
    if (slice_is_none(text))
        return false;
    if (!w->words)
        return true;
    if (w->column != COLUMN_WORK)
        return match_text(&w->c->matchers, &w->c->matchers.items[w->matcher], text);
    for (size_t i = 0; i < w->words->value_count; i++)
        if (slice_equal(w->words->values[i].text, text))
            return true;
    return false;
}

static enum fault_code read_remarks(const struct wanted *w, struct remark *r, struct fault *why)
{
    struct store *s = w->c->s;
    sqlite3_stmt *st = store_statement(s, "SELECT mark, note, work, entry FROM annotation", why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct slice text = store_column(st, (int)w->column);
        if (!slice_is_none(text))
            number_add(&r->apart, sqlite3_column_int64(st, 3));
        if (is_wanted(w, text))
            number_add(&r->own, sqlite3_column_int64(st, 3));
    }
    sqlite3_reset(st);
    if (rc != SQLITE_DONE)
        return store_sql_fault(s, rc, why);
    st = store_statement(s, "SELECT mark, note, work, subject, class FROM problem_annotation", why);
    if (!st)
        return store_statement_fault(why);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        if (is_wanted(w, store_column(st, (int)w->column)))
            add_problem(r, sqlite3_column_int64(st, 3), sqlite3_column_int64(st, 4));
    sqlite3_reset(st);
    settle(r);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code remarked(struct choice *c, struct test_group *g, enum remark_column column,
                                const struct filter_term *words, bool turned, struct fault *why)
{
    struct wanted w = {.c = c, .column = column, .words = words};
    struct remark *r = add_remark(g);
    r->turned = turned;
    if (words && column != COLUMN_WORK)
        w.matcher =
            match_add(&c->matchers, MATCH_WHOLE, words->values, words->value_count, &c->arena);
    return read_remarks(&w, r, why);
}

static enum fault_code term_of_annotation(struct choice *c, struct test_group *g,
                                          const struct filter_term *term, struct fault *why)
{
    enum remark_column column = term->key == FILTER_MARK ? COLUMN_MARK : COLUMN_NOTE;
    bool none = false, words = false;
    for (size_t i = 0; i < term->value_count; i++) {
        none = none || term->values[i].none;
        words = words || !term->values[i].none;
    }
    enum fault_code code = none ? remarked(c, g, column, NULL, true, why) : FAULT_NONE;
    return code || !words ? code : remarked(c, g, column, term, false, why);
}

static enum fault_code term_of_work(struct choice *c, struct test_group *g,
                                    const struct filter_term *term, struct fault *why)
{
    const struct filter_value done[] = {{.text = SLICE("done")}, {.text = SLICE("ignored")}};
    const struct filter_term closed = {.key = FILTER_WORK, .values = done, .value_count = 2};
    bool open = false, words = false;
    for (size_t i = 0; i < term->value_count; i++) {
        bool is_open = slice_is(term->values[i].text, "open");
        open = open || is_open;
        words = words || !is_open;
    }
    /* what nobody has touched is open */
    enum fault_code code = open ? remarked(c, g, COLUMN_WORK, &closed, true, why) : FAULT_NONE;
    return code || !words ? code : remarked(c, g, COLUMN_WORK, term, false, why);
}

/* --- problems --------------------------------------------------------------------------------- */

static bool add_state(struct test_group *g, struct slice word)
{
    for (int state = PROBLEM_FAILING; state <= PROBLEM_UNKNOWN; state++) {
        if (!slice_is(word, problem_state_name((enum problem_state)state)))
            continue;
        struct test *t = choice_test(g, TEST_RANGE, FIELD_STATE);
        t->low = t->high = state;
        return true;
    }
    return false;
}

/* The problems of the failed entries with ids in [low, high]. */
static enum fault_code add_problems(struct choice *c, struct remark *r, int64_t low, int64_t high,
                                    struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(c->s,
                        "SELECT DISTINCT subject, class FROM entry WHERE outcome = 1 "
                        "AND subject IS NOT NULL AND id BETWEEN ?1 AND ?2",
                        why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    store_bind_int(st, 1, low);
    store_bind_int(st, 2, high);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        add_problem(r, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1));
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(c->s, rc, why);
}

enum fault_code choose_remark(struct choice *c, struct test_group *g,
                              const struct filter_term *term, struct fault *why)
{
    if (term->key == FILTER_MARK || term->key == FILTER_NOTE)
        return term_of_annotation(c, g, term, why);
    if (term->key == FILTER_WORK)
        return term_of_work(c, g, term, why);
    enum fault_code code = FAULT_NONE;
    struct remark *r = term->key == FILTER_PROBLEM ? add_remark(g) : NULL;
    for (size_t i = 0; !code && i < term->value_count; i++) {
        const struct filter_value *value = &term->values[i];
        if (value->none)
            choice_test(g, TEST_NULL, FIELD_SUBJECT);
        else if (r)
            code = add_problems(c, r, value->low, value->high, why);
        else
            add_state(g, value->text);
    }
    if (r)
        settle(r);
    return code;
}

enum fault_code choose_remark_flag(struct choice *c, struct test_group *g, struct slice word,
                                   bool *known, struct fault *why)
{
    bool mark = slice_is(word, "mark"), note = slice_is(word, "note");
    *known = mark || note || add_state(g, word);
    return mark || note ? remarked(c, g, mark ? COLUMN_MARK : COLUMN_NOTE, NULL, false, why)
                        : FAULT_NONE;
}
