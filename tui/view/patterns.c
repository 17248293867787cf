/* The Patterns view: what only several entries together show (outages, loops, floods), with the
 * sentence that says it, whom it concerns, and what to do about it. */
#include "tui/view/listing.h"

#include <stdio.h>

enum { USERS_WIDTH = 6, ENTRIES_WIDTH = 8, TITLE_MOST = 48 };

static const struct finding *finding_at(const struct desk *d, size_t row)
{
    const struct answer *a = d->newest[ASK_FINDINGS];
    return &a->findings.rows[row];
}

static size_t patterns_count(const struct desk *d)
{
    const struct answer *a = d->newest[ASK_FINDINGS];
    return a && !a->bad ? a->findings.count : 0;
}

/* Findings have no number; most keep their first entry when more come in. */
static int64_t patterns_id(const struct desk *d, size_t row)
{
    const struct finding *f = finding_at(d, row);
    return f->entry_count ? f->entries[0] : 0;
}

/* --- rows ------------------------------------------------------------------------------------- */

struct pattern_columns {
    int moment, title, about;
    bool last;
};

static struct pattern_columns columns_for(int width)
{
    struct pattern_columns w = {.moment = width >= 130 ? LISTING_MOMENT : LISTING_MOMENT_SHORT,
                                .last = width >= 90};
    int rest =
        width - 2 - (USERS_WIDTH + 1) - (ENTRIES_WIDTH + 1) - (w.last ? 2 : 1) * (w.moment + 1);
    w.title = rest * 3 / 5 < TITLE_MOST ? rest * 3 / 5 : TITLE_MOST;
    w.about = rest - w.title - 1;
    return w;
}

static void patterns_head(struct canvas *c, struct rect r)
{
    struct pattern_columns w = columns_for(r.width);
    int x = listing_put_right(c, r.x + 1, r.y, USERS_WIDTH, ROLE_LABEL, _("Users"));
    x = listing_put_right(c, x, r.y, ENTRIES_WIDTH, ROLE_LABEL, _("Entries"));
    x = listing_put(c, x, r.y, w.moment, ROLE_LABEL, slice_of(_("From")));
    if (w.last)
        x = listing_put(c, x, r.y, w.moment, ROLE_LABEL, slice_of(_("To")));
    x = listing_put(c, x, r.y, w.title, ROLE_LABEL, slice_of(_("Pattern")));
    listing_put(c, x, r.y, w.about, ROLE_LABEL, slice_of(_("About")));
}

static void patterns_row(const struct desk *d, size_t row, struct canvas *c, struct rect r)
{
    const struct finding *f = finding_at(d, row);
    struct pattern_columns w = columns_for(r.width);
    int x = listing_put_count(c, r.x + 1, r.y, USERS_WIDTH, ROLE_STRONG, f->users);
    x = listing_put_count(c, x, r.y, ENTRIES_WIDTH, ROLE_TEXT, f->count);
    x = listing_put_moment(c, x, r.y, w.moment, f->first_us);
    if (w.last)
        x = listing_put_moment(c, x, r.y, w.moment, f->last_us);
    x = listing_put(c, x, r.y, w.title, ROLE_TEXT, desk_class_title(d, f->class_id));
    listing_put(c, x, r.y, w.about, ROLE_DIM, f->subject);
}

/* --- pane ------------------------------------------------------------------------------------- */

static void write_window(struct text *t, const struct finding *f)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], span[TIME_TEXT_SIZE], count[COUNT_SIZE];
    text_add(t, ROLE_STRONG, arena_copy(t->arena, slice_of(count_text(count, f->users))));
    text_word(t, ROLE_TEXT, words_many(" user, ", " users, ", f->users));
    text_add(t, ROLE_STRONG, arena_copy(t->arena, slice_of(count_text(count, f->count))));
    text_word(t, ROLE_TEXT, words_many(" entry", " entries", f->count));
    if (f->first_us != TIME_NONE && f->last_us > f->first_us)
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _(" in %s: %s to %s"),
                              time_span_words(span, f->last_us - f->first_us),
                              time_local_text(from, f->first_us), time_local_text(to, f->last_us)));
    else if (f->first_us != TIME_NONE)
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _(" at %s"), time_local_text(from, f->first_us)));
    text_break(t);
}

static void patterns_write(const struct desk *d, size_t row, struct text *t)
{
    const struct finding *f = finding_at(d, row);
    const struct rule *rule = d->book ? rulebook_find(d->book, f->class_id) : NULL;
    text_add(t, ROLE_STRONG, desk_class_title(d, f->class_id));
    text_break(t);
    if (f->subject.len > 0) {
        text_add(t, ROLE_ACCENT, f->subject);
        text_break(t);
    }
    write_window(t, f);
    text_gap(t);
    text_word(t, ROLE_SHOWN, "● ");
    text_indent(t, 2);
    text_add(t, ROLE_TEXT, f->text);
    text_break(t);
    if (rule)
        remedy_write_rule(rule, NULL, t);
}

static void patterns_write_empty(const struct desk *d, struct text *t)
{
    if (empty_write(d, t))
        return;
    text_word(t, ROLE_GOOD,
              "No pattern: these entries show nothing together that one alone would "
              "not.");
    text_break(t);
    text_gap(t);
    text_word(t, ROLE_DIM,
              "Outages, credentials that stop working, storms against a rate limit, endless "
              "retries, one cause behind many users and the like would stand here.");
}

/* --- the view --------------------------------------------------------------------------------- */

static bool patterns_filter(const struct desk *d, size_t row, struct buf *out)
{
    const struct finding *f = finding_at(d, row);
    for (size_t i = 0; i < f->entry_count; i++)
        buf_add_format(out, "%s%lld", i ? "," : "id:", (long long)f->entries[i]);
    return f->entry_count > 0;
}

static const struct hint hints[] = {
    {ACTION_OPEN, N_("its entries")},
    {ACTION_FILTER, N_("filter")},
    {ACTION_NEXT_PANE, N_("scroll the pane")},
    {ACTION_BACK, N_("entries")},
    {ACTION_HELP, N_("help")},
    {ACTION_QUIT, N_("quit")},
    {ACTION_FILTER_OFF, N_("all")},
};

static const struct listing_kind patterns_listing = {
    .asks = ASK_FINDINGS,
    .pane = N_("Remediation"),
    .count = patterns_count,
    .id = patterns_id,
    .head = patterns_head,
    .row = patterns_row,
    .write = patterns_write,
    .write_empty = patterns_write_empty,
    .filter = patterns_filter,
    .hints = hints,
    .hint_count = sizeof hints / sizeof *hints,
};

static void patterns_draw(struct view *v, struct canvas *c, struct rect r)
{
    listing_draw(v, &patterns_listing, c, r);
}

static enum outcome patterns_act(struct view *v, enum action action)
{
    return listing_act(v, &patterns_listing, action);
}

static enum outcome patterns_mouse(struct view *v, const struct terminal_event *event)
{
    return listing_mouse(v, &patterns_listing, event);
}

const struct view_class patterns_view = {
    .name = "patterns",
    .state_size = sizeof(struct listing),
    .draw = patterns_draw,
    .act = patterns_act,
    .mouse = patterns_mouse,
};
