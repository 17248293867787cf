/* Knows what each key of the filter language asks of an entry's row. Values go in as parameters or
 * as matchers, never as text of the statement. */
#include "core/index/where.h"

#include "core/explain/problem.h"

#include <stdio.h>

static void add_number(struct where *w, int64_t value)
{
    buf_add(&w->numbers, slice_make((const char *)&value, sizeof value));
    buf_add_format(&w->sql, "?%zu", w->numbers.len / sizeof value);
}

/* `(` condition OR condition ... `)`: call before each condition of a term. */
static void add_or(struct where *w, size_t *done)
{
    buf_add_text(&w->sql, (*done)++ ? " OR " : "");
}

static void add_none(struct where *w, const struct filter_term *term, const char *null,
                     size_t *done)
{
    for (size_t i = 0; i < term->value_count; i++) {
        if (term->values[i].none) {
            add_or(w, done);
            buf_add_format(&w->sql, "(%s)", null);
            return;
        }
    }
}

static bool has_words(const struct filter_term *term)
{
    for (size_t i = 0; i < term->value_count; i++)
        if (!term->values[i].none)
            return true;
    return false;
}

static size_t add_matcher(struct where *w, enum match_how how, const struct filter_term *term)
{
    return match_add(&w->matchers, how, term->values, term->value_count, &w->arena);
}

/* A column that holds a dictionary number. */
static void term_of_id(struct where *w, const struct filter_term *term, enum match_how how,
                       const char *column, size_t *done)
{
    char null[40];
    snprintf(null, sizeof null, "e.%s IS NULL", column);
    add_none(w, term, null, done);
    if (!has_words(term))
        return;
    add_or(w, done);
    buf_add_format(&w->sql, "pick(%zu, e.%s)", add_matcher(w, how, term), column);
}

static void term_of_text(struct where *w, const struct filter_term *term, const char *column,
                         size_t *done)
{
    char null[40];
    snprintf(null, sizeof null, "e.%s IS NULL", column);
    add_none(w, term, null, done);
    if (!has_words(term))
        return;
    add_or(w, done);
    buf_add_format(&w->sql, "meets(%zu, e.%s)", add_matcher(w, MATCH_WHOLE, term), column);
}

/* The ranges values[from] .. values[to - 1], halved, because SQLite takes only so deep a nesting.
 */
static void add_ranges(struct where *w, const struct filter_value *values, size_t from, size_t to,
                       const char *column)
{
    if (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        buf_add_byte(&w->sql, '(');
        add_ranges(w, values, from, middle, column);
        buf_add_text(&w->sql, " OR ");
        add_ranges(w, values, middle, to, column);
        buf_add_byte(&w->sql, ')');
        return;
    }
    if (values[from].none) {
        buf_add_format(&w->sql, "e.%s IS NULL", column);
        return;
    }
    buf_add_format(&w->sql, "e.%s BETWEEN ", column);
    add_number(w, values[from].low);
    buf_add_text(&w->sql, " AND ");
    add_number(w, values[from].high);
}

static void term_of_range(struct where *w, const struct filter_term *term, const char *column,
                          size_t *done)
{
    add_or(w, done);
    add_ranges(w, term->values, 0, term->value_count, column);
}

/* True when a value before this one says the same. */
static bool said_before(const struct filter_term *term, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (slice_equal(term->values[i].text, term->values[at].text))
            return true;
    return false;
}

/* --- classes: looked up once, then a list of numbers -------------------------------------------
 */

static struct slice class_text(const struct store_class *class, enum filter_key key)
{
    return key == FILTER_CLASS      ? class->id
           : key == FILTER_CATEGORY ? class->category
                                    : class->vendor;
}

static void term_of_class(struct where *w, struct store *s, const struct filter_term *term,
                          size_t *done)
{
    size_t at = add_matcher(w, MATCH_WHOLE, term);
    bool none = false;
    for (size_t i = 0; i < term->value_count; i++)
        none = none || term->values[i].none;
    if (none) {
        add_or(w, done);
        buf_add_text(&w->sql, "e.class IS NULL");
    }
    add_or(w, done);
    buf_add_text(&w->sql, "e.class IN (0");
    for (int64_t id = 1; id < class_end(s); id++) {
        const struct store_class *class = class_at(s, id);
        if (!class)
            continue;
        struct slice text = class_text(class, term->key);
        if (slice_is_none(text) ? none : match_text(&w->matchers, &w->matchers.items[at], text)) {
            buf_add_format(&w->sql, ",%lld", (long long)id);
        }
    }
    buf_add_byte(&w->sql, ')');
}

static bool class_flag(const struct store_class *class, struct slice word)
{
    return slice_is(word, "failure")   ? class->failure
           : slice_is(word, "success") ? class->success
           : slice_is(word, "remedy")  ? class->remedy
                                       : slice_is(word, "evidence") && class->evidence;
}

static void add_class_flag(struct where *w, struct store *s, struct slice word)
{
    buf_add_text(&w->sql, "e.class IN (0");
    for (int64_t id = 1; id < class_end(s); id++) {
        const struct store_class *class = class_at(s, id);
        if (class && class_flag(class, word)) {
            buf_add_format(&w->sql, ",%lld", (long long)id);
        }
    }
    buf_add_byte(&w->sql, ')');
}

#define PROBLEM_OF_ENTRY                                                                           \
    "e.outcome = 1 AND EXISTS(SELECT 1 FROM problem p WHERE p.subject = e.subject AND "            \
    "p.class = e.class "

static int state_of(struct slice word)
{
    int state = PROBLEM_FAILING;
    while (state < PROBLEM_UNKNOWN &&
           !slice_is(word, problem_state_name((enum problem_state)state)))
        state++;
    return state;
}

/* Of an entry itself, or of its problem unless it has its own; sets, so that each is made once. */
#define REMARK(column, condition)                                                                  \
    "(e.id IN (SELECT entry FROM annotation WHERE " condition ") OR (e.outcome = 1 AND "           \
    "(e.subject, e.class) IN (SELECT subject, class FROM problem_annotation WHERE " condition ") " \
    "AND e.id NOT IN (SELECT entry FROM annotation WHERE " column " IS NOT NULL)))"
#define REMARKED(column) REMARK(column, column " IS NOT NULL")
#define WORKED(state) REMARK("work", "work = '" state "'")

/* is: and has: */
static void term_of_flag(struct where *w, struct store *s, const struct filter_term *term,
                         size_t *done)
{
    for (size_t i = 0; i < term->value_count; i++) {
        struct slice word = term->values[i].text;
        if (said_before(term, i))
            continue;
        add_or(w, done);
        if (slice_is(word, "token"))
            buf_add_format(&w->sql, "(e.flags & %d) != 0", ENTRY_HAS_TOKEN);
        else if (slice_is(word, "user"))
            buf_add_text(&w->sql, "e.user IS NOT NULL");
        else if (slice_is(word, "note"))
            buf_add_text(&w->sql, REMARKED("note"));
        else if (slice_is(word, "mark"))
            buf_add_text(&w->sql, REMARKED("mark"));
        else if (slice_is(word, "failing") || slice_is(word, "resolved") ||
                 slice_is(word, "unknown"))
            buf_add_format(&w->sql, PROBLEM_OF_ENTRY "AND p.state = %d)", state_of(word));
        else
            add_class_flag(w, s, word);
    }
}

static void term_of_state(struct where *w, const struct filter_term *term, size_t *done)
{
    add_none(w, term, "e.outcome IS NOT 1", done);
    for (size_t i = 0; i < term->value_count; i++) {
        if (term->values[i].none || said_before(term, i))
            continue;
        add_or(w, done);
        buf_add_format(&w->sql, PROBLEM_OF_ENTRY "AND p.state = %d)",
                       state_of(term->values[i].text));
    }
}

static void term_of_work(struct where *w, const struct filter_term *term, size_t *done)
{
    for (size_t i = 0; i < term->value_count; i++) {
        struct slice word = term->values[i].text;
        if (said_before(term, i))
            continue;
        add_or(w, done);
        if (slice_is(word, "done"))
            buf_add_text(&w->sql, WORKED("done"));
        else if (slice_is(word, "ignored"))
            buf_add_text(&w->sql, WORKED("ignored"));
        else /* what nobody has touched is open */
            buf_add_text(&w->sql, "(" WORKED("done") " OR " WORKED("ignored") ") IS NOT TRUE");
    }
}

/* --- the rest --------------------------------------------------------------------------------- */

static void term_of_level(struct where *w, const struct filter_term *term, size_t *done)
{
    bool kind = term->key == FILTER_KIND;
    if (!kind)
        add_none(w, term, "e.level IS NULL", done);
    for (size_t i = 0; i < term->value_count; i++) {
        if (term->values[i].none || said_before(term, i))
            continue;
        add_or(w, done);
        struct slice text = term->values[i].text;
        if (kind) {
            int number = KIND_EVENT;
            while (number < KIND_PROVISIONING &&
                   !slice_is_fold(text, kind_name((enum entry_kind)number)))
                number++;
            buf_add_format(&w->sql, "e.kind = %d", number);
        } else {
            buf_add_format(&w->sql, "e.level = %d", (int)level_parse(text));
        }
    }
}

/* problem:ID: the entries of the problem that entry ID belongs to. */
static void term_of_problem(struct where *w, const struct filter_term *term, size_t *done)
{
    add_none(w, term, "e.outcome IS NOT 1", done);
    for (size_t i = 0; i < term->value_count; i++) {
        if (term->values[i].none || said_before(term, i))
            continue;
        add_or(w, done);
        buf_add_text(&w->sql, "(e.outcome = 1 AND (e.subject, e.class) IN (SELECT o.subject, "
                              "o.class FROM entry o WHERE o.outcome = 1 AND o.id BETWEEN ");
        add_number(w, term->values[i].low);
        buf_add_text(&w->sql, " AND ");
        add_number(w, term->values[i].high);
        buf_add_text(&w->sql, "))");
    }
}

static void term_of_source(struct where *w, const struct filter_term *term, size_t *done)
{
    if (term->key == FILTER_LABEL) {
        add_none(w, term, "e.source IN (SELECT id FROM source WHERE label IS NULL)", done);
        if (!has_words(term))
            return;
        add_or(w, done);
        buf_add_format(&w->sql, "e.source IN (SELECT id FROM source WHERE meets(%zu, label))",
                       add_matcher(w, MATCH_WHOLE, term));
        return;
    }
    add_or(w, done);
    if (!has_words(term)) {
        buf_add_text(&w->sql, "0"); /* every entry has a source */
        return;
    }
    buf_add_format(&w->sql, "e.source IN (SELECT id FROM source WHERE meets(%zu, path))",
                   add_matcher(w, MATCH_FILE, term));
}

static void term_of_annotation(struct where *w, const struct filter_term *term, size_t *done)
{
    bool mark = term->key == FILTER_MARK;
    add_none(w, term, mark ? REMARKED("mark") " IS NOT TRUE" : REMARKED("note") " IS NOT TRUE",
             done);
    if (!has_words(term))
        return;
    add_or(w, done);
    size_t at = add_matcher(w, MATCH_WHOLE, term);
    if (mark)
        buf_add_format(&w->sql, REMARK("mark", "meets(%zu, mark)"), at, at);
    else
        buf_add_format(&w->sql, REMARK("note", "meets(%zu, note)"), at, at);
}

static void term_of_word(struct where *w, const struct filter_term *term, size_t *done)
{
    add_or(w, done);
    size_t at = add_matcher(w, MATCH_INSIDE, term);
    buf_add_format(&w->sql,
                   "pick(%zu, e.user) OR meets(%zu, e.detail) OR meets(%zu, e.path) OR "
                   "meets(%zu, e.query) OR meets(%zu, e.request_id) OR meets(%zu, e.record_id)",
                   at, at, at, at, at, at);
}

static enum fault_code term_of_time(struct where *w, struct store *s,
                                    const struct filter_term *term, size_t *done, struct fault *why)
{
    if (term->key == FILTER_TIME) {
        term_of_range(w, term, "time_us", done);
        return FAULT_NONE;
    }
    const struct filter_value *value = &term->values[0];
    bool since = term->key == FILTER_SINCE;
    int64_t edge = since ? value->low : value->high;
    if (value->from_end) {
        int64_t newest = 0;
        enum fault_code code = store_ask(s, "SELECT max(time_us) FROM entry", 0, &newest, why);
        if (code)
            return code;
        if (__builtin_sub_overflow(newest, value->low, &edge))
            edge = INT64_MIN + 1;
    }
    add_or(w, done);
    buf_add_text(&w->sql, since ? "e.time_us >= " : "e.time_us <= ");
    add_number(w, edge);
    return FAULT_NONE;
}

/* The column of `entry` that a key asks alone. */
static const char *column_of(enum filter_key key)
{
    static const char *const columns[FILTER_KEYS] = {[FILTER_USER] = "user",
                                                     [FILTER_SCIMTYPE] = "scim_type",
                                                     [FILTER_METHOD] = "method",
                                                     [FILTER_HOST] = "host",
                                                     [FILTER_STATUS] = "status",
                                                     [FILTER_EVENT] = "event_id",
                                                     [FILTER_ID] = "id",
                                                     [FILTER_PATH] = "path",
                                                     [FILTER_REQUEST_ID] = "request_id"};
    return columns[key];
}

static enum fault_code add_term(struct where *w, struct store *s, const struct filter_term *term,
                                size_t *done, struct fault *why)
{
    switch (term->key) {
    case FILTER_CLASS:
    case FILTER_CATEGORY:
    case FILTER_VENDOR:
        term_of_class(w, s, term, done);
        break;
    case FILTER_USER:
        term_of_id(w, term, MATCH_USER, column_of(term->key), done);
        break;
    case FILTER_SCIMTYPE:
    case FILTER_METHOD:
    case FILTER_HOST:
        term_of_id(w, term, MATCH_WHOLE, column_of(term->key), done);
        break;
    case FILTER_STATUS:
    case FILTER_EVENT:
    case FILTER_ID:
        term_of_range(w, term, column_of(term->key), done);
        break;
    case FILTER_LEVEL:
    case FILTER_KIND:
        term_of_level(w, term, done);
        break;
    case FILTER_PATH:
    case FILTER_REQUEST_ID:
        term_of_text(w, term, column_of(term->key), done);
        break;
    case FILTER_SOURCE:
    case FILTER_LABEL:
        term_of_source(w, term, done);
        break;
    case FILTER_IS:
    case FILTER_HAS:
        term_of_flag(w, s, term, done);
        break;
    case FILTER_PROBLEM:
        term_of_problem(w, term, done);
        break;
    case FILTER_STATE:
        term_of_state(w, term, done);
        break;
    case FILTER_WORK:
        term_of_work(w, term, done);
        break;
    case FILTER_MARK:
    case FILTER_NOTE:
        term_of_annotation(w, term, done);
        break;
    case FILTER_TIME:
    case FILTER_SINCE:
    case FILTER_UNTIL:
        return term_of_time(w, s, term, done, why);
    case FILTER_TEXT:
        term_of_word(w, term, done);
        break;
    case FILTER_BODY:
        add_or(w, done);
        buf_add_format(&w->sql,
                       "(e.body IS NOT NULL AND body_meets(%zu, e.body, e.body_at, "
                       "e.body_len))",
                       add_matcher(w, MATCH_RECORD, term));
        break;
    case FILTER_KEYS:
        return fault_set(why, FAULT_INTERNAL, "a filter term without a key");
    }
    return FAULT_NONE;
}

bool where_stands_alone(const struct filter *filter, const struct filter_term *term)
{
    if (term->exclude || term->key == FILTER_SINCE || term->key == FILTER_UNTIL)
        return true;
    return term->key == FILTER_TEXT &&
           !slice_starts_fold(slice_from(filter->text, term->at), "text:");
}

static enum fault_code add_group(struct where *w, struct store *s, const struct filter *filter,
                                 size_t first, struct fault *why)
{
    const struct filter_term *lead = &filter->terms[first];
    size_t done = 0;
    buf_add_text(&w->sql, lead->exclude ? " AND ((" : " AND (");
    enum fault_code code = add_term(w, s, lead, &done, why);
    for (size_t i = first + 1; !code && !where_stands_alone(filter, lead) && i < filter->count; i++)
        if (filter->terms[i].key == lead->key && !where_stands_alone(filter, &filter->terms[i]))
            code = add_term(w, s, &filter->terms[i], &done, why);
    /* What compares with null is neither true nor false; excluding keeps it. */
    buf_add_text(&w->sql, lead->exclude ? ") IS NOT TRUE)" : ")");
    return code;
}

bool where_led_before(const struct filter *filter, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (filter->terms[i].key == filter->terms[at].key &&
            !where_stands_alone(filter, &filter->terms[i]))
            return !where_stands_alone(filter, &filter->terms[at]);
    return false;
}

/* Cheap conditions first: SQLite tests them in the order written. */
static int cost_of(enum filter_key key)
{
    return key == FILTER_BODY ? 2 : key == FILTER_TEXT || key == FILTER_PATH ? 1 : 0;
}

enum fault_code where_make(struct where *w, struct store *s, const struct filter *filter,
                           struct fault *why)
{
    *w = (struct where){0};
    buf_init(&w->sql, WHERE_TEXT_LIMIT);
    buf_init(&w->numbers, WHERE_TEXT_LIMIT);
    arena_init(&w->arena);
    buf_add_text(&w->sql, "1");
    enum fault_code code = class_read(s, why);
    for (int cost = 0; cost <= 2; cost++)
        for (size_t i = 0; !code && filter && i < filter->count; i++)
            if (cost_of(filter->terms[i].key) == cost && !where_led_before(filter, i))
                code = add_group(w, s, filter, i, why);
    if (!code && (buf_full(&w->sql) || buf_full(&w->numbers)))
        code = fault_set(why, FAULT_LIMIT, "the filter selects too many classes one by one");
    return code;
}

void where_free(struct where *w)
{
    buf_free(&w->sql);
    buf_free(&w->numbers);
    match_free(&w->matchers);
    arena_free(&w->arena);
}

void where_bind(const struct where *w, sqlite3_stmt *statement)
{
    size_t count = w->numbers.len / sizeof(int64_t);
    for (size_t i = 0; i < count; i++) {
        int64_t value;
        memcpy(&value, w->numbers.at + i * sizeof value, sizeof value);
        store_bind_int(statement, (int)i + 1, value);
    }
}
