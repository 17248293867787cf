/* Knows what a report tells people and in which order; see document.h. Knows no markup. */
#include "core/report/document.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/base/safe.h"
#include "core/base/words.h"
#include "core/explain/finding.h"
#include "core/explain/fix.h"
#include "core/explain/problem.h"
#include "core/explain/retry.h"
#include "core/index/coverage.h"
#include "core/index/filter.h"
#include "core/index/lookup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A document while it is written. */
struct writing {
    struct document *d;
    struct arena arena; /* emptied with every problem */
    struct fault *why;
};

/* --- words ------------------------------------------------------------------------------------ */

static void open(struct writing *w, enum element element, size_t number)
{
    w->d->markup->open(w->d->out, element, number);
}

static void close(struct writing *w, enum element element, size_t number)
{
    w->d->markup->close(w->d->out, element, number);
}

static void own(struct writing *w, const char *text)
{
    w->d->markup->own(w->d->out, slice_of(text));
}

static void own_text(struct writing *w, struct slice text)
{
    if (!slice_is_none(text))
        w->d->markup->own(w->d->out, text);
}

/* A translated sentence with numbers and times of the program's own. */
__attribute__((format(printf, 2, 3))) static void own_format(struct writing *w, const char *format,
                                                             ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    own(w, text);
}

static void number(struct writing *w, uint64_t n)
{
    buf_add_format(w->d->out, "%llu", (unsigned long long)n);
}

static void note_range(struct document *d, size_t from)
{
    if (!d->keep_ranges)
        return;
    if (d->range_count == d->range_room) {
        d->range_room = d->range_room ? d->range_room * 2 : 256;
        d->ranges = xrealloc(d->ranges, d->range_room, sizeof *d->ranges);
    }
    d->ranges[d->range_count++] = (struct document_range){from, d->out->len};
}

static struct slice hide(struct writing *w, struct slice text)
{
    return w->d->pseudonyms ? pseudonyms_apply(w->d->pseudonyms, text, &w->arena) : text;
}

/* Something of a log, on one line. */
static void data(struct writing *w, struct slice text)
{
    struct buf safe;
    size_t from = w->d->out->len;
    if (text.len == 0) {
        own(w, "–");
        return;
    }
    buf_init(&safe, DOCUMENT_LIMIT);
    safe_add(&safe, hide(w, text), SAFE_LINE);
    w->d->markup->data(w->d->out, buf_slice(&safe));
    buf_free(&safe);
    note_range(w->d, from);
}

/* The affected user, or whatever a problem is about. */
static void whom(struct writing *w, struct slice subject)
{
    struct entry entry = {.user = subject};
    if (w->d->pseudonyms && subject.len)
        pseudonyms_apply_entry(w->d->pseudonyms, &entry, &w->arena);
    struct slice shown = entry.user;
    struct pseudonyms *before = w->d->pseudonyms;
    w->d->pseudonyms = NULL; /* it is one already */
    data(w, shown);
    w->d->pseudonyms = before;
}

static void block(struct writing *w, struct slice text)
{
    struct buf safe;
    size_t from = w->d->out->len;
    buf_init(&safe, DOCUMENT_LIMIT);
    safe_add(&safe, slice_first(text, DOCUMENT_BLOCK), SAFE_BODY);
    w->d->markup->block(w->d->out, buf_slice(&safe));
    buf_free(&safe);
    note_range(w->d, from);
    if (text.len > DOCUMENT_BLOCK) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own_format(w, _("%zu bytes more are in the index"), text.len - DOCUMENT_BLOCK);
        close(w, ELEMENT_PARAGRAPH, 0);
    }
}

static void heading(struct writing *w, enum element element, const char *text)
{
    open(w, element, 0);
    own(w, text);
    close(w, element, 0);
}

static void time_of(struct writing *w, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    if (us == TIME_NONE)
        own(w, "–");
    else
        buf_add_text(w->d->out, time_utc_text(text, us));
}

static void head_cells(struct writing *w, const char *const *names)
{
    size_t count = 0;
    while (names[count])
        count++;
    open(w, ELEMENT_HEAD, count);
    for (size_t i = 0; i < count; i++) {
        open(w, ELEMENT_CELL, 0);
        own(w, words_find(names[i]));
        close(w, ELEMENT_CELL, 0);
    }
    close(w, ELEMENT_HEAD, count);
}

static void data_cell(struct writing *w, struct slice text)
{
    open(w, ELEMENT_CELL, 0);
    data(w, text);
    close(w, ELEMENT_CELL, 0);
}

static void number_cell(struct writing *w, uint64_t n)
{
    open(w, ELEMENT_CELL, 0);
    number(w, n);
    close(w, ELEMENT_CELL, 0);
}

static void time_cell(struct writing *w, int64_t us)
{
    open(w, ELEMENT_CELL, 0);
    time_of(w, us);
    close(w, ELEMENT_CELL, 0);
}

static void own_cell(struct writing *w, struct slice text)
{
    open(w, ELEMENT_CELL, 0);
    own_text(w, text);
    close(w, ELEMENT_CELL, 0);
}

/* Between two blocks: what is written goes out, and who wants to stop is heard. */
static enum fault_code settle(struct writing *w)
{
    struct document *d = w->d;
    arena_reset(&w->arena);
    if (d->stop && *d->stop)
        return fault_set(w->why, FAULT_CANCELLED, "stopped");
    if (buf_full(d->out))
        return fault_set(w->why, FAULT_LIMIT,
                         "the report is larger than %zu MiB; a narrower filter makes it smaller",
                         d->out->limit / (1024 * 1024));
    return d->drain ? d->drain(d->self) : FAULT_NONE;
}

/* --- what it is about ------------------------------------------------------------------------- */

static enum fault_code write_scope(struct writing *w)
{
    struct document *d = w->d;
    struct selection *sel;
    int64_t oldest = TIME_NONE, newest = TIME_NONE;
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    enum fault_code code = selection_open(&sel, d->store, d->filter, w->why);
    if (code)
        return code;
    code = selection_count(sel, &d->entries, w->why);
    if (!code)
        code = selection_span(sel, &oldest, &newest, w->why);
    selection_close(sel);
    if (code)
        return code;
    open(w, ELEMENT_LIST, 0);
    if (d->filter && d->filter->text.len) {
        open(w, ELEMENT_ITEM, 0);
        own(w, _("Filter: "));
        data(w, d->filter->text);
        close(w, ELEMENT_ITEM, 0);
    }
    open(w, ELEMENT_ITEM, 0);
    if (oldest == TIME_NONE)
        own_format(w, _("%llu entries"), (unsigned long long)d->entries);
    else
        own_format(w, _("%llu entries from %s to %s; times are UTC"),
                   (unsigned long long)d->entries, time_utc_text(from, oldest),
                   time_utc_text(to, newest));
    close(w, ELEMENT_ITEM, 0);
    open(w, ELEMENT_ITEM, 0);
    own(w,
        _("Secrets were taken out when the logs were imported. What is left is a tag that is equal "
          "for equal secrets."));
    close(w, ELEMENT_ITEM, 0);
    if (d->pseudonyms) {
        open(w, ELEMENT_ITEM, 0);
        own(w,
            _("User names, mail addresses and ids are pseudonyms, the same for the same value in "
              "every report of this index."));
        close(w, ELEMENT_ITEM, 0);
    }
    close(w, ELEMENT_LIST, 0);
    return FAULT_NONE;
}

/* --- problems --------------------------------------------------------------------------------- */

/* One entry with all that is derived from it. */
struct explained {
    struct entry entry;
    struct slice raw;
    struct record record;
    bool recorded;
    struct facts facts;
    struct evidence_list evidence;
    struct fix fix;
};

static enum fault_code explain(struct writing *w, int64_t id, const struct rule *rule,
                               bool evidence, struct explained *out)
{
    struct document *d = w->d;
    struct fault unread;
    memset(out, 0, sizeof *out);
    enum fault_code code = store_entry(d->store, id, &w->arena, &out->entry, &out->raw, w->why);
    if (code)
        return code;
    out->recorded = out->raw.len && !record_read(&out->record, out->raw, &w->arena, &unread);
    if (out->recorded)
        facts_of_record(&out->facts, d->book, &out->record, out->entry.bulk_operation, &w->arena);
    struct evidence_lookup lookup = store_evidence_lookup(d->store);
    if (out->recorded && rule && evidence)
        evidence_collect(&out->evidence, &out->entry, &out->record, &out->facts, rule, d->book,
                         &lookup, &w->arena);
    if (rule)
        fix_of(&out->fix, &out->entry, out->recorded ? &out->record : NULL, &out->facts, rule,
               d->book, out->entry.kind == KIND_EVENT ? &lookup : NULL, &w->arena);
    return FAULT_NONE;
}

static void write_rule(struct writing *w, const struct rule *rule)
{
    if (rule->cause.len) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own(w, _("Why: "));
        own_text(w, rule->cause);
        close(w, ELEMENT_PARAGRAPH, 0);
    }
    if (rule->remedy.count) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own(w, _("What to do:"));
        close(w, ELEMENT_PARAGRAPH, 0);
        open(w, ELEMENT_STEPS, 0);
        for (size_t i = 0; i < rule->remedy.count; i++) {
            open(w, ELEMENT_ITEM, i + 1);
            own_text(w, rule->remedy.items[i]);
            close(w, ELEMENT_ITEM, i + 1);
        }
        close(w, ELEMENT_STEPS, 0);
    }
    struct slice retry = retry_words(rule, &w->arena);
    if (!slice_is_none(retry)) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own(w, _("Try again: "));
        own_text(w, retry);
        if (!slice_is_none(rule->retry_note)) {
            own(w, "; ");
            own_text(w, rule->retry_note);
        }
        close(w, ELEMENT_PARAGRAPH, 0);
    }
    if (rule->source.count) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own(w, _("Source: "));
        for (size_t i = 0; i < rule->source.count; i++) {
            own(w, i ? "; " : "");
            own_text(w, rule->source.items[i]);
        }
        close(w, ELEMENT_PARAGRAPH, 0);
    }
}

static void write_evidence(struct writing *w, const struct evidence_list *list)
{
    if (!list->count)
        return;
    open(w, ELEMENT_LIST, 0);
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence *e = &list->items[i];
        open(w, ELEMENT_ITEM, 0);
        own(w, evidence_verdict_name(e->verdict));
        own(w, ": ");
        data(w, e->text);
        for (size_t j = 0; j < e->entry_count; j++) {
            own(w, j ? ", " : " (");
            own_format(w, _("entry %lld"), (long long)e->entries[j]);
        }
        own(w, e->entry_count ? ")" : "");
        close(w, ELEMENT_ITEM, 0);
    }
    close(w, ELEMENT_LIST, 0);
}

static void write_record(struct writing *w, const struct explained *x)
{
    struct buf pretty;
    if (!x->raw.len)
        return;
    buf_init(&pretty, DOCUMENT_LIMIT);
    struct slice hidden = hide(w, x->raw);
    if (!json_add_pretty(&pretty, hidden)) {
        buf_reset(&pretty);
        buf_add(&pretty, hidden);
    }
    block(w, buf_slice(&pretty));
    buf_free(&pretty);
}

/* An entry of the class: when, what, its detail, the operator's note, evidence, its record. */
static enum fault_code write_example(struct writing *w, int64_t id, const struct rule *rule)
{
    struct explained *x = xcalloc(1, sizeof *x);
    enum fault_code code = explain(w, id, rule, true, x);
    if (!code) {
        const struct entry *e = &x->entry;
        open(w, ELEMENT_PARAGRAPH, 0);
        own_format(w, _("entry %lld"), (long long)e->id);
        own(w, ": ");
        time_of(w, e->time_us);
        own(w, " ");
        if (e->status)
            number(w, (uint64_t)e->status);
        own(w, " ");
        if (e->method.len)
            data(w, e->method);
        own(w, " ");
        if (e->path.len)
            data(w, e->path);
        own(w, " ");
        if (e->detail.len)
            data(w, e->detail);
        close(w, ELEMENT_PARAGRAPH, 0);
        if (e->note.len) {
            open(w, ELEMENT_PARAGRAPH, 0);
            own(w, _("Note: "));
            data(w, e->note);
            close(w, ELEMENT_PARAGRAPH, 0);
        }
        write_evidence(w, &x->evidence);
        if (w->d->ticket)
            write_record(w, x);
    }
    free(x);
    return code ? code : settle(w);
}

static enum fault_code write_row(struct writing *w, const struct problem *p,
                                 const struct rule *rule)
{
    struct explained *x = xcalloc(1, sizeof *x);
    enum fault_code code = explain(w, p->last_entry, rule, false, x);
    if (!code) {
        open(w, ELEMENT_ROW, 0);
        open(w, ELEMENT_CELL, 0);
        whom(w, p->subject);
        close(w, ELEMENT_CELL, 0);
        own_cell(w, slice_of(problem_state_name(p->state)));
        number_cell(w, p->attempts);
        time_cell(w, p->first_us);
        time_cell(w, p->last_us);
        data_cell(w, x->fix.attribute);
        data_cell(w, x->fix.config_key);
        data_cell(w, x->fix.value);
        data_cell(w, x->fix.proposal);
        close(w, ELEMENT_ROW, 0);
    }
    free(x);
    return code ? code : settle(w);
}

/* All problems of the class of rows[first]. */
static enum fault_code write_class(struct writing *w, const struct problem *rows, size_t count,
                                   size_t first)
{
    static const char *const names[] = {
        N_("Who"),       N_("State"),      N_("Attempts"), N_("First"),  N_("Last"),
        N_("Attribute"), N_("Config key"), N_("Was sent"), N_("Better"), NULL};
    const struct problem *of = &rows[first];
    const struct rule *rule = rulebook_find(w->d->book, of->class_id);
    enum fault_code code = FAULT_NONE;
    size_t listed = 0, examples = 0, all = 0;
    open(w, ELEMENT_TOPIC, 0);
    own_text(w, rule ? rule->title : of->class_id);
    own(w, " (");
    own_text(w, of->class_id);
    own(w, ")");
    close(w, ELEMENT_TOPIC, 0);
    if (rule)
        write_rule(w, rule);
    open(w, ELEMENT_TABLE, 0);
    head_cells(w, names);
    for (size_t i = first; !code && i < count; i++) {
        if (!slice_equal(rows[i].class_id, of->class_id))
            continue;
        if (all++ < DOCUMENT_ROWS) {
            code = write_row(w, &rows[i], rule);
            listed++;
        }
    }
    close(w, ELEMENT_TABLE, 0);
    if (all > listed) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own_format(w, _("%zu more: scimscope problems --format csv lists all of them"),
                   all - listed);
        close(w, ELEMENT_PARAGRAPH, 0);
    }
    w->d->problems += all;
    for (size_t i = first; !code && i < count && examples < DOCUMENT_EXAMPLES; i++)
        if (slice_equal(rows[i].class_id, of->class_id)) {
            code = write_example(w, rows[i].last_entry, rule);
            examples++;
        }
    return code;
}

static bool class_before(const struct problem *rows, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (slice_equal(rows[i].class_id, rows[at].class_id))
            return true;
    return false;
}

static enum fault_code write_problems(struct writing *w)
{
    struct arena arena;
    struct problem *rows;
    size_t count;
    arena_init(&arena);
    enum fault_code code = problem_list(w->d->store, w->d->filter, &arena, &rows, &count, w->why);
    heading(w, ELEMENT_SECTION, _("Problems"));
    if (!code && !count) {
        open(w, ELEMENT_PARAGRAPH, 0);
        own(w, _("Nothing of what is selected failed."));
        close(w, ELEMENT_PARAGRAPH, 0);
    }
    for (size_t i = 0; !code && i < count; i++)
        if ((i == 0 || !slice_equal(rows[i - 1].class_id, rows[i].class_id)) &&
            !class_before(rows, i))
            code = write_class(w, rows, count, i);
    arena_free(&arena);
    return code;
}

/* --- patterns, coverage ----------------------------------------------------------------------- */

static enum fault_code write_patterns(struct writing *w)
{
    struct arena arena;
    struct finding *rows;
    size_t count;
    arena_init(&arena);
    enum fault_code code =
        finding_list(w->d->store, w->d->book, w->d->filter, &arena, &rows, &count, w->why);
    if (!code && count)
        heading(w, ELEMENT_SECTION, _("What several entries together show"));
    for (size_t i = 0; !code && i < count; i++) {
        const struct rule *rule = rulebook_find(w->d->book, rows[i].class_id);
        open(w, ELEMENT_TOPIC, 0);
        own_text(w, rule ? rule->title : rows[i].class_id);
        close(w, ELEMENT_TOPIC, 0);
        open(w, ELEMENT_PARAGRAPH, 0);
        data(w, rows[i].text);
        own(w, " ");
        own_format(w, _("People: %llu, entries: %llu"), (unsigned long long)rows[i].users,
                   (unsigned long long)rows[i].count);
        close(w, ELEMENT_PARAGRAPH, 0);
        if (rule)
            write_rule(w, rule);
        code = settle(w);
    }
    arena_free(&arena);
    return code;
}

static void write_source(struct writing *w, const struct store_source *s, const struct coverage *c)
{
    open(w, ELEMENT_ROW, 0);
    data_cell(w, s->path);
    data_cell(w, s->format);
    number_cell(w, s->entries);
    time_cell(w, s->first_us);
    time_cell(w, s->last_us);
    number_cell(w, s->damaged);
    number_cell(w, c->missing);
    number_cell(w, c->gaps);
    own_cell(w, slice_of(s->complete ? _("whole") : _("cut short")));
    close(w, ELEMENT_ROW, 0);
}

/* The same sources give the same report, in whatever order they were imported. */
static int compare_sources(const void *left, const void *right)
{
    const struct store_source *a = left, *b = right;
    size_t len = a->path.len < b->path.len ? a->path.len : b->path.len;
    int order = len ? memcmp(a->path.at, b->path.at, len) : 0;
    if (!order)
        order = (a->path.len > b->path.len) - (a->path.len < b->path.len);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static enum fault_code write_coverage(struct writing *w)
{
    static const char *const names[] = {N_("Source"),
                                        N_("Format"),
                                        N_("Entries"),
                                        N_("First"),
                                        N_("Last"),
                                        N_("Damaged"),
                                        N_("Missing record ids"),
                                        N_("Gaps"),
                                        N_("Import"),
                                        NULL};
    struct arena arena;
    struct store_source *sources;
    struct coverage *coverage = NULL;
    size_t count = 0;
    arena_init(&arena);
    enum fault_code code = store_sources(w->d->store, &arena, &sources, &count, w->why);
    if (!code && count)
        qsort(sources, count, sizeof *sources, compare_sources);
    if (!code)
        code = store_coverage(w->d->store, sources, count, &arena, &coverage, w->why);
    if (!code) {
        heading(w, ELEMENT_SECTION, _("What was imported, and what it does not show"));
        open(w, ELEMENT_TABLE, 0);
        head_cells(w, names);
        for (size_t i = 0; i < count; i++)
            write_source(w, &sources[i], &coverage[i]);
        close(w, ELEMENT_TABLE, 0);
        code = settle(w);
    }
    arena_free(&arena);
    return code;
}

/* --- all -------------------------------------------------------------------------------------- */

enum fault_code document_write(struct document *d, struct fault *why)
{
    struct writing w = {.d = d, .why = why};
    const char *title = d->ticket ? _("Support ticket: SCIM provisioning failures")
                                  : _("SCIM provisioning failures");
    arena_init(&w.arena);
    d->markup->begin(d->out, title);
    heading(&w, ELEMENT_TITLE, title);
    enum fault_code code = write_scope(&w);
    if (!code)
        code = settle(&w);
    if (!code)
        code = write_problems(&w);
    if (!code)
        code = write_patterns(&w);
    if (!code)
        code = write_coverage(&w);
    d->markup->end(d->out);
    if (!code)
        code = settle(&w);
    arena_free(&w.arena);
    return code;
}
