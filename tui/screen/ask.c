/* Knows which selections answer which question. See ask.h. */
#include "tui/screen/ask.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/index/lookup.h"
#include "tui/screen/pretty.h"
#include "tui/screen/related.h"
#include "tui/screen/values.h"
#include "tui/screen/window.h"

#include <stdlib.h>
#include <time.h>

enum {
    OUTAGES_MOST = 3000000,  /* calls that are read for the marks alone: some seconds in between */
    SLICE_FIRST = 10 * 1000, /* microseconds before what was found so far is shown */
    SLICE_NEXT = 40 * 1000   /* ... and between later looks */
};

/* What the newest filter selects: pages, facets and timeline are taken from it, and a long scan
 * goes on in it. */
struct kept {
    struct selection *selection; /* NULL: none */
    struct arena arena;          /* holds the filter */
    struct slice text;
    uint64_t version;
    unsigned done;
};

struct asker {
    const char *path;
    const struct rulebook *book;
    struct store *store;
    struct kept kept;
};

/* One question at work. */
struct asking {
    struct asker *asker;
    struct store *store;
    const struct question *question;
    struct answer *answer;
    struct arena *arena;
    struct filter *filter;
    struct fault *why;
};

struct asker *asker_new(const char *path)
{
    struct asker *asker = xcalloc(1, sizeof *asker);
    asker->path = path;
    return asker;
}

void asker_set_book(struct asker *asker, const struct rulebook *book)
{
    asker->book = book;
}

static void kept_drop(struct asker *asker)
{
    if (asker->kept.selection) {
        selection_close(asker->kept.selection);
        arena_free(&asker->kept.arena);
    }
    asker->kept = (struct kept){0};
}

void asker_free(struct asker *asker)
{
    if (!asker)
        return;
    kept_drop(asker);
    store_close(asker->store);
    free(asker);
}

static int64_t ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000;
}

static bool looks_at_the_clock(const struct filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->terms[i].key == FILTER_SINCE || filter->terms[i].key == FILTER_UNTIL)
            return true;
    return false;
}

/* Of the same filter over the same index; `since:1h` says something else by and by, but not while
 * its scan goes on. */
static bool kept_fits(const struct asking *k, const struct filter *filter)
{
    const struct kept *kept = &k->asker->kept;
    return kept->selection && filter && slice_equal(kept->text, filter->text) &&
           kept->version == k->answer->version &&
           (kept->done < SCAN_DONE || !looks_at_the_clock(filter));
}

static enum fault_code kept_open(struct asking *k)
{
    struct asker *asker = k->asker;
    struct kept *kept = &asker->kept;
    struct filter *filter;
    if (kept_fits(k, k->filter))
        return FAULT_NONE;
    kept_drop(asker);
    arena_init(&kept->arena);
    kept->version = k->answer->version;
    kept->text = arena_copy(&kept->arena, k->filter->text);
    enum fault_code bad = filter_parse(&filter, kept->text, &kept->arena, k->why);
    if (!bad)
        bad = selection_open(&kept->selection, k->store, filter, k->why);
    if (bad) {
        arena_free(&kept->arena);
        *kept = (struct kept){0};
    }
    return bad;
}

/* The selection of a filter: the one that is kept, when it is the same and complete, else one of
 * its own, to be closed with selection_done. */
static enum fault_code selection_of(struct asking *k, const struct filter *filter,
                                    struct selection **out)
{
    if (kept_fits(k, filter) && k->asker->kept.done == SCAN_DONE) {
        *out = k->asker->kept.selection;
        return FAULT_NONE;
    }
    return selection_open(out, k->store, filter, k->why);
}

static void selection_done(struct asking *k, struct selection *sel)
{
    if (sel != k->asker->kept.selection)
        selection_close(sel);
}

static enum fault_code count_of(struct asking *k, const struct filter *filter, uint64_t *out)
{
    struct selection *sel = NULL;
    enum fault_code bad = selection_open(&sel, k->store, filter, k->why);
    if (!bad)
        bad = selection_count(sel, out, k->why);
    selection_close(sel);
    return bad;
}

static enum fault_code count_text(struct asking *k, struct slice text, uint64_t *out)
{
    struct filter *filter;
    enum fault_code bad = filter_parse(&filter, text, k->arena, k->why);
    return bad ? bad : count_of(k, filter, out);
}

static enum fault_code facet_of(struct asking *k, const struct filter *filter, enum facet facet,
                                struct facet_row **out, size_t *got)
{
    struct selection *sel = NULL;
    enum fault_code bad = selection_of(k, filter, &sel);
    if (!bad)
        bad = selection_facet(sel, facet, FACET_ROWS, k->arena, out, got, k->why);
    selection_done(k, sel);
    return bad;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* How many rows stand before the one next to the moment. */
static enum fault_code rank_of_moment(struct asking *k, uint64_t *out)
{
    const struct question *q = k->question;
    struct rows_answer *rows = &k->answer->rows;
    char time[TIME_TEXT_SIZE];
    bool newest = q->order == ORDER_NEWEST;
    time_utc_text(time, newest ? q->at_us + 1 : q->at_us - 1);
    struct slice text = arena_format(k->arena, "%.*s %s:%s", (int)k->filter->text.len,
                                     k->filter->text.len ? k->filter->text.at : "",
                                     newest ? "since" : "until", time);
    enum fault_code bad = count_text(k, text, out);
    if (!bad && *out >= rows->count)
        *out = rows->count - 1;
    return bad;
}

static enum fault_code window_rows(struct asking *k, struct selection *sel)
{
    const struct question *q = k->question;
    struct rows_answer *rows = &k->answer->rows;
    uint64_t first = q->first;
    enum fault_code bad = FAULT_NONE;
    if (q->at_us != TIME_NONE && rows->count > 0)
        bad = rank_of_moment(k, &rows->anchor_rank);
    if (bad)
        return bad;
    rows->anchored = q->at_us != TIME_NONE && rows->count > 0;
    if (q->anchor) {
        struct fault unused;
        rows->anchored =
            selection_rank(sel, q->order, q->anchor, &rows->anchor_rank, &unused) == FAULT_NONE;
    }
    if (q->anchor || q->at_us != TIME_NONE) {
        if (rows->anchored && (rows->anchor_rank < first || rows->anchor_rank >= first + q->want))
            first = rows->anchor_rank > q->want / 2 ? rows->anchor_rank - q->want / 2 : 0;
    }
    if (first >= rows->count)
        first = rows->count > q->want ? rows->count - q->want : 0;
    rows->first = first;
    return selection_rows(sel, q->order, first, (size_t)q->want, k->arena, &rows->rows, &rows->got,
                          k->why);
}

/* The filter without its term number `out`. */
static struct slice text_without(struct asking *k, size_t out)
{
    struct buf text;
    buf_init(&text, FILTER_SIZE);
    for (size_t i = 0; i < k->filter->count; i++) {
        const struct filter_term *term = &k->filter->terms[i];
        if (i == out)
            continue;
        buf_add(&text, slice_first(slice_from(k->filter->text, term->at), term->len));
        buf_add_byte(&text, ' ');
    }
    struct slice copy = arena_copy(k->arena, buf_slice(&text));
    buf_free(&text);
    return copy;
}

static enum fault_code hint_terms(struct asking *k)
{
    struct hints *hints = &k->answer->rows.hints;
    enum fault_code bad = FAULT_NONE;
    hints->terms = arena_zalloc(k->arena, k->filter->count + 1, sizeof *hints->terms);
    for (size_t i = 0; i < k->filter->count && !bad; i++) {
        const struct filter_term *term = &k->filter->terms[i];
        struct term_hint *hint = &hints->terms[hints->term_count++];
        hint->text =
            arena_copy(k->arena, slice_first(slice_from(k->filter->text, term->at), term->len));
        bad = count_text(k, hint->text, &hint->alone);
        if (!bad)
            bad = count_text(k, text_without(k, i), &hint->without);
    }
    return bad;
}

static enum fault_code hint_events(struct asking *k)
{
    struct hints *hints = &k->answer->rows.hints;
    enum fault_code bad = facet_of(k, NULL, FACET_LEVEL, &hints->levels, &hints->level_count);
    return bad ? bad : facet_of(k, NULL, FACET_EVENT, &hints->events, &hints->event_count);
}

static enum fault_code answer_rows(struct asking *k)
{
    struct rows_answer *rows = &k->answer->rows;
    struct kept *kept = &k->asker->kept;
    enum fault_code bad = kept_open(k);
    if (!bad)
        bad = selection_scan(kept->selection, kept->done ? SLICE_NEXT : SLICE_FIRST, &kept->done,
                             k->why);
    rows->done = kept->done;
    if (!bad)
        bad = selection_count(kept->selection, &rows->count, k->why);
    if (!bad)
        bad = window_rows(k, kept->selection);
    if (!bad)
        bad = count_of(k, NULL, &rows->total);
    if (!bad)
        bad = count_text(k, SLICE("is:failure"), &rows->failures);
    if (!bad && rows->done == SCAN_DONE && rows->count == 0 && rows->total > 0) {
        bad = hint_terms(k);
        if (!bad && rows->failures == 0)
            bad = hint_events(k);
    }
    if (bad && bad != FAULT_CANCELLED)
        kept_drop(k->asker);
    return bad;
}

/* --- counts ----------------------------------------------------------------------------------- */

static enum fault_code facet_without(struct asking *k, enum filter_key key, enum facet facet,
                                     struct facet_row **out, size_t *got)
{
    struct buf text;
    struct filter *filter;
    buf_init(&text, FILTER_SIZE);
    filter_without(&text, k->filter, key, true);
    enum fault_code bad = filter_parse(&filter, buf_slice(&text), k->arena, k->why);
    if (!bad)
        bad = facet_of(k, filter, facet, out, got);
    buf_free(&text);
    return bad;
}

/* The timeline shows all the time there is, or, when the window is a small part of it, the window
 * with as much again on either side. */
static void timeline_range(struct counts_answer *counts, const struct window *window)
{
    enum { SMALL_PART = 6 };
    counts->windowed = window->given;
    counts->low = window->low > counts->oldest ? window->low : counts->oldest;
    counts->high = window->high < counts->newest ? window->high : counts->newest;
    if (counts->low > counts->high)
        counts->low = counts->high;
    counts->from = counts->oldest;
    counts->to = counts->newest;
    int64_t length = counts->high - counts->low;
    if (!window->given || length > (counts->newest - counts->oldest) / SMALL_PART)
        return;
    if (length < 10 * TIME_SECOND)
        length = 10 * TIME_SECOND;
    counts->from = counts->low - length > counts->oldest ? counts->low - length : counts->oldest;
    counts->to = counts->high + length < counts->newest ? counts->high + length : counts->newest;
}

/* Fills bars with the entries that a filter's text selects. */
static enum fault_code fill_bars(struct asking *k, struct slice text, uint64_t *bars)
{
    struct counts_answer *counts = &k->answer->counts;
    struct selection *sel = NULL;
    struct filter *filter;
    enum fault_code bad = filter_parse(&filter, text, k->arena, k->why);
    if (!bad)
        bad = selection_of(k, filter, &sel);
    if (!bad)
        bad = selection_histogram(sel, counts->from,
                                  counts->from + (int64_t)counts->bar_count * counts->step - 1,
                                  counts->bar_count, bars, k->why);
    selection_done(k, sel);
    return bad;
}

/* Terms that say what an entry came to, not which traffic it is of. */
static bool asks_outcome(enum filter_key key)
{
    return key == FILTER_IS || key == FILTER_CLASS || key == FILTER_CATEGORY ||
           key == FILTER_STATUS || key == FILTER_SCIMTYPE || key == FILTER_LEVEL ||
           key == FILTER_STATE || key == FILTER_WORK || key == FILTER_HAS ||
           key == FILTER_PROBLEM || key == FILTER_MARK || key == FILTER_NOTE ||
           key == FILTER_BODY || key == FILTER_TIME || key == FILTER_SINCE || key == FILTER_UNTIL;
}

static enum fault_code traffic(struct asking *k)
{
    struct counts_answer *counts = &k->answer->counts;
    struct buf text;
    counts->traffic = arena_zalloc(k->arena, counts->bar_count, sizeof *counts->traffic);
    buf_init(&text, FILTER_SIZE);
    for (size_t i = 0; i < k->filter->count; i++) {
        const struct filter_term *term = &k->filter->terms[i];
        if (asks_outcome(term->key))
            continue;
        buf_add(&text, slice_first(slice_from(k->filter->text, term->at), term->len));
        buf_add_byte(&text, ' ');
    }
    enum fault_code bad = fill_bars(k, buf_slice(&text), counts->traffic);
    buf_free(&text);
    return bad;
}

static enum fault_code timeline(struct asking *k)
{
    struct counts_answer *counts = &k->answer->counts;
    struct selection *all = NULL;
    struct buf text;
    counts->oldest = counts->newest = TIME_NONE;
    enum fault_code bad = selection_open(&all, k->store, NULL, k->why);
    if (!bad)
        bad = selection_span(all, &counts->oldest, &counts->newest, k->why);
    selection_close(all);
    if (bad || counts->oldest == TIME_NONE || k->question->bars == 0)
        return bad;
    struct window window = window_of_filter(k->filter, counts->newest);
    timeline_range(counts, &window);
    counts->step = window_step(counts->from, counts->to, k->question->bars);
    counts->from = window_floor(counts->from, counts->step);
    counts->bar_count = (size_t)((counts->to - counts->from) / counts->step) + 1;
    if (counts->bar_count > BARS_LIMIT)
        counts->bar_count = BARS_LIMIT;
    counts->bars = arena_zalloc(k->arena, counts->bar_count, sizeof *counts->bars);
    buf_init(&text, FILTER_SIZE);
    window_add_filter(&text, k->filter, INT64_MIN, INT64_MAX);
    bad = fill_bars(k, buf_slice(&text), counts->bars);
    if (!bad)
        bad = traffic(k);
    buf_free(&text);
    return bad;
}

static enum fault_code answer_counts(struct asking *k)
{
    struct counts_answer *counts = &k->answer->counts;
    enum fault_code bad = timeline(k);
    if (!bad)
        bad = facet_without(k, FILTER_CLASS, FACET_CLASS, &counts->classes, &counts->class_count);
    if (!bad)
        bad = facet_without(k, FILTER_USER, FACET_USER, &counts->users, &counts->user_count);
    if (!bad)
        bad = problem_count(k->store, counts->problems, k->why);
    return bad;
}

/* --- one entry -------------------------------------------------------------------------------- */

static struct slice pretty(struct arena *arena, struct slice text)
{
    struct buf out;
    if (slice_is_none(text))
        return SLICE_NONE;
    buf_init(&out, PRETTY_LIMIT);
    bool done = pretty_add_xml(&out, text);
    if (!done) {
        buf_reset(&out);
        done = json_add_pretty(&out, text);
    }
    if (!done) {
        buf_reset(&out);
        buf_add(&out, slice_first(text, PRETTY_LIMIT / 2));
    }
    struct slice copy = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return copy;
}

static enum fault_code answer_entry(struct asking *k, const struct rulebook *book)
{
    struct entry_answer *out = &k->answer->entry;
    struct fault unread;
    enum fault_code bad =
        store_entry(k->store, k->question->id, k->arena, &out->entry, &out->raw, k->why);
    if (bad)
        return bad;
    out->rule =
        slice_is_none(out->entry.class_id) ? NULL : rulebook_find(book, out->entry.class_id);
    out->recorded = !slice_is_none(out->raw) &&
                    record_read(&out->record, out->raw, k->arena, &unread) == FAULT_NONE;
    out->raw_text = pretty(k->arena, out->raw);
    if (out->recorded && out->record.kind == KIND_HTTP) {
        out->request_text = pretty(k->arena, out->record.http.request.body.text);
        out->response_text = pretty(k->arena, out->record.http.response.body.text);
    }
    if (out->recorded && out->record.kind == KIND_PROVISIONING)
        out->response_text = pretty(k->arena, out->record.provisioning.item);
    bad = related_collect(k->store, &out->entry, k->arena, &out->related, &out->related_count,
                          k->why);
    if (bad || !out->rule || !out->recorded)
        return bad; /* no class, nothing to show evidence for */
    struct facts facts;
    facts_of_record(&facts, book, &out->record, out->entry.bulk_operation, k->arena);
    rulebook_classify(book, &facts, &out->verdict);
    struct evidence_lookup lookup = store_evidence_lookup(k->store);
    evidence_collect(&out->evidence, &out->entry, &out->record, &facts, out->rule, book, &lookup,
                     k->arena);
    fix_of(&out->fix, &out->entry, &out->record, &facts, out->rule, book,
           out->entry.kind == KIND_EVENT ? &lookup : NULL, k->arena);
    return FAULT_NONE;
}

/* --- sources ---------------------------------------------------------------------------------- */

static enum fault_code answer_coverage(struct asking *k)
{
    struct coverage_answer *out = &k->answer->coverage;
    struct store_source *sources;
    enum fault_code bad = store_sources(k->store, k->arena, &sources, &out->count, k->why);
    if (!bad)
        bad = (k->question->quick ? store_coverage_quick : store_coverage)(
            k->store, sources, out->count, k->arena, &out->rows, k->why);
    return bad;
}

/* --- all -------------------------------------------------------------------------------------- */

static enum fault_code answer_kind(struct asker *asker, struct asking *k)
{
    bool skipped; /* the Patterns view marks them all the same */
    enum fault_code bad = FAULT_NONE;
    k->answer->version = store_version(k->store);
    if (k->question->kind == ASK_ROWS || k->question->kind == ASK_COUNTS ||
        k->question->kind == ASK_VALUES || k->question->kind == ASK_PROBLEMS ||
        k->question->kind == ASK_FINDINGS || k->question->kind == ASK_OUTAGES)
        bad = filter_parse(&k->filter, slice_of(k->question->filter), k->arena, k->why);
    if (bad)
        return bad;
    switch (k->question->kind) {
    case ASK_ROWS:
        return answer_rows(k);
    case ASK_COUNTS:
        return answer_counts(k);
    case ASK_ENTRY:
        return answer_entry(k, asker->book);
    case ASK_PROBLEMS:
        return problem_list(k->store, k->filter, k->arena, &k->answer->problems.rows,
                            &k->answer->problems.count, k->why);
    case ASK_OUTAGES:
        return finding_outages(k->store, k->filter, OUTAGES_MOST, k->arena,
                               &k->answer->findings.rows, &k->answer->findings.count, &skipped,
                               k->why);
    case ASK_FINDINGS:
        return finding_list(k->store, asker->book, k->filter, k->arena, &k->answer->findings.rows,
                            &k->answer->findings.count, k->why);
    case ASK_SOURCES:
        return store_sources(k->store, k->arena, &k->answer->sources.rows,
                             &k->answer->sources.count, k->why);
    case ASK_COVERAGE:
        return answer_coverage(k);
    case ASK_VALUES:
        k->answer->values.key = k->question->key;
        return values_collect(k->store, k->filter, k->question->key, k->arena,
                              &k->answer->values.rows, &k->answer->values.count, k->why);
    case ASK_VERSION:
    case ASK_PATHS: /* not of the index */
    case ASK_NAMED:
    case ASK_COPY:
    case ASK_KINDS:
        break;
    }
    return FAULT_NONE;
}

void asker_answer(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                  void *job)
{
    struct asker *asker = self;
    int64_t began = ticks();
    if (!asker->store)
        a->bad = store_open(&asker->store, asker->path, STORE_READ, &a->why);
    if (a->bad) {
        asker->store = NULL;
        return;
    }
    store_cancel_when(asker->store, stale, job);
    struct asking k = {.asker = asker,
                       .store = asker->store,
                       .question = q,
                       .answer = a,
                       .arena = &a->arena,
                       .why = &a->why};
    a->bad = answer_kind(asker, &k);
    store_cancel_when(asker->store, NULL, NULL);
    a->took_us = ticks() - began;
}
