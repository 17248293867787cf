/* See desk.h. */
#include "tui/view/desk.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/words.h"
#include "core/index/coverage.h"
#include "tui/screen/window.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void desk_init(struct desk *d, const struct desk_door *door, const struct rulebook *book,
               const struct keymap *keys, const char *index_path)
{
    *d = (struct desk){.door = *door,
                       .book = book,
                       .keys = keys,
                       .index_path = index_path,
                       .order = ORDER_NEWEST,
                       .page = 20};
    buf_init(&d->text, FILTER_SIZE);
    arena_init(&d->arena);
}

void desk_free(struct desk *d)
{
    for (int kind = 0; kind < ASK_KINDS; kind++)
        answer_free(d->newest[kind]);
    for (size_t i = 0; i < d->past_count; i++)
        free(d->past[i]);
    free(d->put_away);
    free(d->outages_of);
    buf_free(&d->text);
    arena_free(&d->arena);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void ask(struct desk *d, struct question *q)
{
    enum question_kind kind = q->kind;
    d->waiting[kind] = d->door.ask(d->door.self, q);
}

static struct question *question_new(const struct desk *d, enum question_kind kind)
{
    struct question *q = xcalloc(1, sizeof *q);
    q->kind = kind;
    q->filter = slice_dup(buf_slice(&d->text));
    q->order = d->order;
    q->at_us = TIME_NONE;
    return q;
}

void desk_ask_values(struct desk *d, enum filter_key key)
{
    struct question *q = question_new(d, ASK_VALUES);
    q->key = key;
    ask(d, q);
}

void desk_ask_paths(struct desk *d, struct slice path)
{
    struct question *q = question_new(d, ASK_PATHS);
    q->text = slice_dup(path);
    ask(d, q);
}

bool desk_ask_named(struct desk *d, struct slice name, struct slice filter)
{
    if (d->changes_name && d->waiting[ASK_NAMED])
        return false;
    struct question *q = question_new(d, ASK_NAMED);
    if (!slice_is_none(name)) {
        q->text = slice_dup(name);
        free(q->filter);
        q->filter = slice_dup(filter);
    }
    d->changes_name = q->text;
    ask(d, q);
    return true;
}

void desk_ask_copy(struct desk *d, struct slice text)
{
    struct question *q = question_new(d, ASK_COPY);
    q->text = slice_dup(text);
    ask(d, q);
}

/* A window of three pages around what is visible. */
static void ask_rows_at(struct desk *d, int64_t anchor, int64_t at_us)
{
    struct question *q = question_new(d, ASK_ROWS);
    uint64_t page = d->page > 0 ? (uint64_t)d->page : 1;
    q->first = d->rows.top > page ? d->rows.top - page : 0;
    q->want = 3 * page;
    q->anchor = d->anchor = anchor;
    q->at_us = d->at_us = at_us;
    ask(d, q);
}

static void ask_rows(struct desk *d, int64_t anchor)
{
    ask_rows_at(d, anchor, TIME_NONE);
}

void desk_go_to_time(struct desk *d, int64_t us)
{
    ask_rows_at(d, 0, us);
}

void desk_go_to(struct desk *d, int64_t entry)
{
    ask_rows(d, entry);
}

static void ask_counts(struct desk *d)
{
    struct question *q = question_new(d, ASK_COUNTS);
    q->bars = d->bars;
    ask(d, q);
}

/* Lists of the tabs are asked for anew, but only when one looks at them. */
static void forget_lists(struct desk *d)
{
    memset(d->known, 0, sizeof d->known);
}

static void ask_everything(struct desk *d)
{
    forget_lists(d);
    d->rows.top = d->rows.cursor = 0;
    ask_rows(d, 0);
    ask_counts(d);
}

void desk_refresh(struct desk *d)
{
    const struct entry *current = desk_current(d);
    /* On the newest row one wants to see what comes in; elsewhere the place is kept. */
    ask_rows(d, current && d->rows.cursor > 0 ? current->id : 0);
    ask_counts(d);
    forget_lists(d);
}

void desk_ask_anew(struct desk *d)
{
    struct fault unused;
    memset(d->waiting, 0, sizeof d->waiting);
    d->entry_old = true;
    /* What a time without a zone means in the filter has changed, too. */
    char *text = slice_dup(buf_slice(&d->text));
    if (desk_use(d, slice_of(text), false, &unused))
        d->message[0] = '\0';
    free(text);
    desk_refresh(d);
}

static void settle_list(struct desk *d, enum question_kind kind)
{
    if (d->known[kind])
        return;
    d->known[kind] = true;
    ask(d, question_new(d, kind));
}

/* `quick` for who did not ask what is missing. */
static void settle_coverage(struct desk *d, bool quick)
{
    if (d->known[ASK_COVERAGE] && (quick || !d->coverage_quick))
        return;
    struct question *q = question_new(d, ASK_COVERAGE);
    q->quick = d->coverage_quick = quick;
    d->known[ASK_COVERAGE] = true;
    ask(d, q);
}

/* What the tab on the screen shows. */
static void settle_tab(struct desk *d)
{
    switch (d->tab) {
    case TAB_SOURCES:
        settle_list(d, ASK_SOURCES);
        /* These walk over all entries: not again and again while they come in. */
        if (!d->progress || !d->newest[ASK_COVERAGE])
            settle_coverage(d, false);
        break;
    case TAB_PROBLEMS:
        settle_list(d, ASK_PROBLEMS);
        break;
    case TAB_PATTERNS:
        if (!d->progress || !d->newest[ASK_FINDINGS])
            settle_list(d, ASK_FINDINGS);
        break;
    case TAB_ENTRIES:
    case TABS:
        break;
    }
}

/* The entry that the pane on the screen tells of; 0: none. */
static int64_t wanted_entry(const struct desk *d)
{
    const struct entry *current = desk_current(d);
    return d->tab != TAB_ENTRIES ? d->wanted : current ? current->id : 0;
}

static bool rows_cover(const struct desk *d)
{
    const struct answer *a = d->newest[ASK_ROWS];
    uint64_t page = d->page > 0 ? (uint64_t)d->page : 1;
    uint64_t end = d->rows.top + page < d->rows.count ? d->rows.top + page : d->rows.count;
    return a && d->rows.top >= a->rows.first && end <= a->rows.first + a->rows.got;
}

/* An answer of nothing tells what it rests on. */
static void settle_nothing(struct desk *d)
{
    const struct answer *rows = d->newest[ASK_ROWS], *problems = d->newest[ASK_PROBLEMS];
    if (!rows || rows->bad || rows->rows.done < SCAN_DONE || rows->rows.total == 0)
        return;
    bool no_problem =
        d->tab == TAB_PROBLEMS && problems && !problems->bad && problems->problems.count == 0;
    if (rows->rows.count > 0 && !no_problem)
        return;
    settle_list(d, ASK_SOURCES);
    if (!d->progress)
        settle_coverage(d, true);
}

/* Outages of what the timeline shows, once everything on the screen is there. What one looks for
 * among that changes none of them. */
static void settle_outages(struct desk *d)
{
    const struct answer *counts = d->newest[ASK_COUNTS];
    if (d->progress || !counts || counts->bad || counts->counts.bar_count == 0 || desk_waits(d) ||
        d->waiting[ASK_OUTAGES])
        return;
    struct buf scope;
    buf_init(&scope, FILTER_SIZE);
    for (size_t i = 0; i < d->filter->count; i++) {
        const struct filter_term *term = &d->filter->terms[i];
        if (term->key != FILTER_SOURCE && term->key != FILTER_LABEL && term->key != FILTER_HOST &&
            term->key != FILTER_KIND)
            continue;
        buf_add(&scope, slice_first(slice_from(d->filter->text, term->at), term->len));
        buf_add_byte(&scope, ' ');
    }
    if (!d->outages_of || d->outages_version != counts->version ||
        !slice_is(buf_slice(&scope), d->outages_of)) {
        d->outages_version = counts->version;
        struct question *q = question_new(d, ASK_OUTAGES);
        free(q->filter);
        q->filter = slice_dup(buf_slice(&scope));
        free(d->outages_of);
        d->outages_of = slice_dup(buf_slice(&scope));
        ask(d, q);
    }
    buf_free(&scope);
}

void desk_settle(struct desk *d)
{
    if (!d->filter)
        return;
    settle_tab(d);
    settle_nothing(d);
    settle_outages(d);
    list_keep(&d->rows, d->page);
    if (!d->waiting[ASK_ROWS] && !rows_cover(d) && d->rows.count > 0 &&
        !(d->newest[ASK_ROWS] && d->newest[ASK_ROWS]->bad))
        ask_rows(d, 0);
    int64_t wanted = wanted_entry(d);
    const struct answer *known = d->newest[ASK_ENTRY];
    if (wanted && !d->waiting[ASK_ENTRY] && (!known || known->asked_id != wanted || d->entry_old)) {
        d->entry_old = false;
        struct question *q = question_new(d, ASK_ENTRY);
        q->id = wanted;
        ask(d, q);
    }
}

/* What became of what the user's files were to keep. */
static void tell_of_file(struct desk *d, const struct answer *a)
{
    char safe[300];
    if (a->bad)
        desk_say(d, true, "%s", a->why.text);
    else if (a->kind == ASK_COPY)
        desk_say(d, false, "written to %s, for your eyes only",
                 safe_short(safe, sizeof safe, a->copied));
    else if (a->named.kept)
        desk_say(d, false, "kept: the list of filters has it");
    else if (a->named.forgotten)
        desk_say(d, false, "the list of filters has forgotten the name");
}

void desk_take(struct desk *d, struct answer *a)
{
    if (a->ticket != d->waiting[a->kind]) {
        answer_free(a);
        return;
    }
    d->waiting[a->kind] = 0;
    struct answer *before = d->newest[a->kind];
    d->newest[a->kind] = a;
    if (a->kind == ASK_ROWS && !a->bad) {
        uint64_t line = d->rows.cursor - d->rows.top;
        d->entry_old = d->entry_old || (before && before->version != a->version);
        d->rows.count = a->rows.count;
        if (a->rows.anchored) {
            d->rows.cursor = a->rows.anchor_rank;
            d->rows.top = d->rows.cursor > line ? d->rows.cursor - line : 0;
        }
        list_keep(&d->rows, d->page);
        if (a->rows.done < SCAN_DONE) /* more is to be found */
            ask_rows_at(d, a->rows.anchored ? 0 : d->anchor, d->at_us);
    }
    if (a->kind == ASK_NAMED || a->kind == ASK_COPY)
        tell_of_file(d, a);
    if (a->kind == ASK_VERSION && before && before->version != a->version && !d->waiting[ASK_ROWS])
        desk_refresh(d);
    answer_free(before);
}

bool desk_waits(const struct desk *d)
{
    return d->waiting[ASK_ROWS] || d->waiting[ASK_COUNTS] || d->waiting[ASK_ENTRY] ||
           d->waiting[ASK_SOURCES] || d->waiting[ASK_PROBLEMS];
}

/* --- filters ---------------------------------------------------------------------------------- */

static void remember(struct desk *d, struct slice text)
{
    if (d->past_count && slice_is(text, d->past[d->past_at]))
        return;
    /* A new filter after going back: what was ahead is forgotten. */
    while (d->past_count > 0 && d->past_count - 1 > d->past_at)
        free(d->past[--d->past_count]);
    if (d->past_count == DESK_FILTERS) {
        free(d->past[0]);
        memmove(d->past, d->past + 1, (DESK_FILTERS - 1) * sizeof *d->past);
        d->past_count--;
    }
    d->past[d->past_count] = slice_dup(text);
    d->past_at = d->past_count++;
}

enum fault_code desk_use(struct desk *d, struct slice text, bool keep, struct fault *why)
{
    struct arena arena;
    struct filter *filter;
    arena_init(&arena);
    /* `text` may be a part of what is replaced below. */
    text = arena_copy(&arena, slice_is_none(text) ? SLICE("") : text);
    enum fault_code bad = filter_parse(&filter, text, &arena, why);
    if (bad) {
        arena_free(&arena);
        return bad;
    }
    bool same = d->filter && slice_equal(filter->text, buf_slice(&d->text));
    buf_reset(&d->text);
    buf_add(&d->text, filter->text);
    arena_free(&d->arena);
    d->arena = arena;
    d->filter = filter;
    if (keep)
        remember(d, filter->text);
    if (!same)
        ask_everything(d);
    return FAULT_NONE;
}

static void use_or_say(struct desk *d, struct slice text)
{
    struct fault why = {0};
    if (desk_use(d, text, true, &why))
        desk_say(d, true, "%s", why.text);
    free(d->put_away);
    d->put_away = NULL;
}

bool desk_recall(struct desk *d, bool older)
{
    struct fault why;
    if (older ? d->past_at == 0 : d->past_at + 1 >= d->past_count)
        return false;
    d->past_at += older ? (size_t)-1 : 1;
    return desk_use(d, slice_of(d->past[d->past_at]), false, &why) == FAULT_NONE;
}

bool desk_return(struct desk *d, int64_t id)
{
    if (!desk_recall(d, true))
        return false;
    ask_rows(d, id); /* in place of the question for the first rows */
    return true;
}

void desk_switch(struct desk *d)
{
    if (d->text.len > 0) {
        char *kept = slice_dup(buf_slice(&d->text));
        use_or_say(d, SLICE(""));
        d->put_away = kept;
    } else if (d->put_away)
        use_or_say(d, slice_of(d->put_away));
}

void desk_toggle(struct desk *d, enum filter_key key, struct slice value)
{
    struct buf text;
    if (desk_stance(d, key, value) < 0) {
        desk_exclude(d, key, value);
        return;
    }
    buf_init(&text, FILTER_SIZE);
    if (filter_toggle(&text, d->filter, key, value))
        use_or_say(d, buf_slice(&text));
    buf_free(&text);
}

void desk_include(struct desk *d, enum filter_key key, struct slice value)
{
    struct buf text;
    buf_init(&text, FILTER_SIZE);
    filter_without(&text, d->filter, key, false);
    if (text.len > 0)
        buf_add_byte(&text, ' ');
    if (filter_add_term(&text, false, key, value))
        use_or_say(d, buf_slice(&text));
    buf_free(&text);
}

static bool value_is(const struct filter_value *value, struct slice text)
{
    return slice_is_none(text) ? value->none : !value->none && slice_equal_fold(value->text, text);
}

static bool term_says(const struct filter_term *term, enum filter_key key, struct slice text)
{
    for (size_t v = 0; term->key == key && v < term->value_count; v++)
        if (value_is(&term->values[v], text))
            return true;
    return false;
}

int desk_stance(const struct desk *d, enum filter_key key, struct slice value)
{
    for (size_t i = 0; d->filter && i < d->filter->count; i++)
        if (term_says(&d->filter->terms[i], key, value))
            return d->filter->terms[i].exclude ? -1 : 1;
    return 0;
}

void desk_exclude(struct desk *d, enum filter_key key, struct slice value)
{
    struct buf text;
    int stance = desk_stance(d, key, value);
    buf_init(&text, FILTER_SIZE);
    if (stance > 0)
        filter_toggle(&text, d->filter, key, value);
    else
        for (size_t i = 0; i < d->filter->count; i++) {
            const struct filter_term *term = &d->filter->terms[i];
            if (term->exclude && term_says(term, key, value))
                continue;
            if (text.len > 0)
                buf_add_byte(&text, ' ');
            buf_add(&text, slice_first(slice_from(d->filter->text, term->at), term->len));
        }
    if (stance >= 0) {
        if (text.len > 0)
            buf_add_byte(&text, ' ');
        filter_add_term(&text, true, key, value);
    }
    if (!buf_full(&text))
        use_or_say(d, buf_slice(&text));
    buf_free(&text);
}

void desk_window(struct desk *d, int64_t low, int64_t high)
{
    struct buf text;
    buf_init(&text, FILTER_SIZE);
    if (window_add_filter(&text, d->filter, low, high))
        use_or_say(d, buf_slice(&text));
    buf_free(&text);
}

/* --- what is there ---------------------------------------------------------------------------- */

const struct entry *desk_row(const struct desk *d, uint64_t rank)
{
    const struct answer *a = d->newest[ASK_ROWS];
    if (!a || a->bad || rank < a->rows.first || rank - a->rows.first >= a->rows.got)
        return NULL;
    return &a->rows.rows[rank - a->rows.first];
}

const struct entry *desk_current(const struct desk *d)
{
    return d->rows.count ? desk_row(d, d->rows.cursor) : NULL;
}

const struct entry_answer *desk_entry(const struct desk *d)
{
    int64_t wanted = wanted_entry(d);
    const struct answer *a = d->newest[ASK_ENTRY];
    return wanted && a && !a->bad && a->entry.entry.id == wanted ? &a->entry : NULL;
}

struct slice desk_class_title(const struct desk *d, struct slice class_id)
{
    const struct rule *rule =
        d->book && !slice_is_none(class_id) ? rulebook_find(d->book, class_id) : NULL;
    return rule ? rule->title : class_id;
}

void desk_say(struct desk *d, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(d->message, sizeof d->message, _(format), args);
    va_end(args);
    d->message_bad = bad;
}
