/* What stands where rows would be, when there are none: why, and what to do next. */
#include "core/index/coverage.h"
#include "tui/view/pane.h"

enum { VALUES_SHOWN = 8 };

static void line(struct text *t, enum role role, const char *words)
{
    text_word(t, role, words);
    text_break(t);
}

static void write_no_index(const struct desk *d, struct text *t)
{
    if (d->progress) {
        line(t, ROLE_STRONG, "Reading ...");
        text_gap(t);
        line(t, ROLE_TEXT, "Entries appear here as they are read.");
        return;
    }
    line(t, ROLE_STRONG, "There is nothing in this index yet.");
    text_gap(t);
    if (d->refused[0]) {
        text_word(t, ROLE_BAD, "Not imported: ");
        text_add(t, ROLE_BAD, slice_of(d->refused));
        text_break(t);
        text_gap(t);
    }
    line(t, ROLE_TEXT, "Key i imports a file or folder. Or, from the shell:");
    text_gap(t);
    line(t, ROLE_KEY, "  scimscope import Application.evtx capture.har");
    line(t, ROLE_KEY, "  scimscope Application.evtx");
    text_gap(t);
    line(t, ROLE_TEXT, "Windows event logs (.evtx, XML) and HTTP captures (HAR) are read.");
    line(t, ROLE_TEXT, "`scimscope formats` tells how to make such an export,");
    line(t, ROLE_TEXT, "`scimscope demo` shows the explorer with sample logs.");
}

static void write_values(struct text *t, const struct facet_row *rows, size_t count,
                         const char *prefix, const char *none)
{
    char number[COUNT_SIZE];
    for (size_t i = 0; i < count && i < VALUES_SHOWN; i++) {
        text_indent(t, 4);
        text_word(t, ROLE_DIM, prefix);
        if (slice_is_none(rows[i].value))
            text_word(t, ROLE_DIM, none);
        else
            text_add(t, ROLE_TEXT, rows[i].value);
        text_column(t, 28);
        text_add(t, ROLE_STRONG, arena_copy(t->arena, slice_of(count_text(number, rows[i].count))));
        text_break(t);
    }
    if (count > VALUES_SHOWN) {
        text_indent(t, 4);
        text_add(t, ROLE_DIM, arena_format(t->arena, _("and %zu more"), count - VALUES_SHOWN));
        text_break(t);
    }
}

/* What is known of the sources' gaps; NULL: not of these sources, or not yet. */
static const struct coverage *found_of(const struct desk *d, const struct sources_answer *sources)
{
    const struct answer *a = d->newest[ASK_COVERAGE];
    if (!a || a->bad || a->coverage.count != sources->count)
        return NULL;
    for (size_t i = 0; i < sources->count; i++)
        if (a->coverage.rows[i].source != sources->rows[i].id)
            return NULL;
    return a->coverage.rows;
}

void empty_write_coverage(const struct desk *d, struct text *t)
{
    const struct answer *a = d->newest[ASK_SOURCES];
    struct slice held, missing;
    if (!a || a->bad || a->sources.count == 0)
        return;
    const struct coverage *found = found_of(d, &a->sources);
    struct coverage_sum sum = coverage_sum(a->sources.rows, found, a->sources.count);
    coverage_words(&sum, _("the Sources view"), t->arena, &held, &missing);
    text_gap(t);
    text_add(t, ROLE_TEXT, held);
    text_break(t);
    text_add(t, sum.lacking ? ROLE_WARN : sum.unread ? ROLE_DIM : ROLE_GOOD, missing);
    text_break(t);
}

static void write_no_failure(const struct desk *d, const struct rows_answer *rows, struct text *t)
{
    char number[COUNT_SIZE];
    struct buf keys;
    buf_init(&keys, 64);
    keymap_keys_text(d->keys, ACTION_FILTER_OFF, false, &keys);
    line(t, ROLE_GOOD, "No failure: no SCIM error stands in what was imported.");
    text_gap(t);
    text_add(t, ROLE_TEXT,
             arena_format(t->arena, _("%s entries are in the index. "),
                          count_text(number, rows->total)));
    text_add(t, ROLE_KEY, arena_copy(t->arena, buf_slice(&keys)));
    text_word(t, ROLE_TEXT, " shows them all.");
    text_break(t);
    empty_write_coverage(d, t);
    text_gap(t);
    line(t, ROLE_LABEL, "By level");
    write_values(t, rows->hints.levels, rows->hints.level_count, "", "none given");
    text_gap(t);
    line(t, ROLE_LABEL, "By event");
    write_values(t, rows->hints.events, rows->hints.event_count, "", "HTTP exchanges");
    buf_free(&keys);
}

static void write_terms(const struct rows_answer *rows, struct text *t)
{
    char number[COUNT_SIZE];
    if (rows->hints.term_count == 0)
        return;
    text_gap(t);
    text_word(t, ROLE_DIM, "  alone");
    text_column(t, 12);
    text_word(t, ROLE_DIM, "all others");
    text_break(t);
    for (size_t i = 0; i < rows->hints.term_count; i++) {
        const struct term_hint *hint = &rows->hints.terms[i];
        text_add(t, ROLE_STRONG, arena_format(t->arena, "%7s", count_text(number, hint->alone)));
        text_add(t, ROLE_STRONG,
                 arena_format(t->arena, "  %12s", count_text(number, hint->without)));
        text_indent(t, 24);
        text_column(t, 24);
        text_add(t, hint->alone == 0 ? ROLE_BAD : ROLE_ACCENT, hint->text);
        if (hint->alone == 0)
            text_word(t, ROLE_BAD, "  matches nothing at all");
        else if (hint->without > 0)
            text_word(t, ROLE_WARN, "  excludes what the others leave");
        text_break(t);
    }
}

static void write_key(const struct desk *d, enum action action, const char *what, struct text *t)
{
    struct buf keys;
    buf_init(&keys, 64);
    keymap_keys_text(d->keys, action, false, &keys);
    text_add(t, ROLE_KEY, arena_copy(t->arena, buf_slice(&keys)));
    text_word(t, ROLE_FOOT, " ");
    text_word(t, ROLE_FOOT, what);
    text_word(t, ROLE_FOOT, "   ");
    buf_free(&keys);
}

static void write_no_match(const struct desk *d, const struct rows_answer *rows, struct text *t)
{
    line(t, ROLE_STRONG, "No entry matches this filter.");
    write_terms(rows, t);
    text_gap(t);
    if (d->past_at > 0)
        write_key(d, ACTION_OLDER, N_("back to the filter before"), t);
    write_key(d, ACTION_FILTER, N_("change it"), t);
    write_key(d, ACTION_FILTER_OFF, N_("all filters off"), t);
    text_break(t);
    empty_write_coverage(d, t);
}

/* What to do about it. */
static void write_way_out(enum fault_code bad, struct text *t)
{
    if (bad == FAULT_BUSY)
        line(t, ROLE_TEXT, "Somebody writes to it. Ctrl-L asks again.");
    else if (bad == FAULT_INDEX)
        line(t, ROLE_TEXT,
             "`scimscope verify` says what is wrong with it; the logs can be imported "
             "anew into another one (--db).");
    else if (bad == FAULT_IO || bad == FAULT_MISSING)
        line(t, ROLE_TEXT,
             "Is the disk there, full, or may the file not be read? Ctrl-L asks again.");
    else
        line(t, ROLE_TEXT, "Ctrl-L asks again; x takes the filter off.");
}

bool empty_write(const struct desk *d, struct text *t)
{
    const struct answer *a = d->newest[ASK_ROWS];
    if (!a) {
        line(t, ROLE_DIM, "…");
        return true;
    }
    if (a->bad) {
        line(t, ROLE_BAD, "The index did not answer.");
        text_gap(t);
        text_add(t, ROLE_TEXT, slice_of(a->why.text));
        text_break(t);
        text_gap(t);
        write_way_out(a->bad, t);
        return true;
    }
    if (a->rows.count > 0)
        return false;
    if (a->rows.done < SCAN_DONE)
        line(t, ROLE_DIM, "Searching ...");
    else if (a->rows.total == 0)
        write_no_index(d, t);
    else if (a->rows.failures == 0 && slice_is(buf_slice(&d->text), "is:failure"))
        write_no_failure(d, &a->rows, t);
    else
        write_no_match(d, &a->rows, t);
    return true;
}
