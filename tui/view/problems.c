/* The Problems view: who fails with what, since when, whether it still fails; and what to do about
 * it, with what the last failed entry shows. */
#include "tui/view/listing.h"
#include "tui/view/remark.h"

#include <stdio.h>

enum { STATE_WIDTH = 10, ATTEMPTS_WIDTH = 8, ROW_START = REMARK_WIDTH + 1 };

static const struct problem *problem_at(const struct desk *d, size_t row)
{
    const struct answer *a = d->newest[ASK_PROBLEMS];
    return &a->problems.rows[row];
}

static size_t problems_count(const struct desk *d)
{
    const struct answer *a = d->newest[ASK_PROBLEMS];
    return a && !a->bad ? a->problems.count : 0;
}

/* Row numbers change with an import; the first failed entry is whom one was looking at. */
static int64_t problems_id(const struct desk *d, size_t row)
{
    return problem_at(d, row)->first_entry;
}

static int64_t problems_entry(const struct desk *d, size_t row)
{
    return problem_at(d, row)->last_entry;
}

/* --- rows ------------------------------------------------------------------------------------- */

struct problem_columns {
    int moment, user, title;
    bool first;
};

static struct problem_columns columns_for(int width)
{
    struct problem_columns w = {.moment = width >= 100 ? LISTING_MOMENT : LISTING_MOMENT_SHORT};
    int rest = width - 1 - ROW_START - (STATE_WIDTH + 1) - (ATTEMPTS_WIDTH + 1) - (w.moment + 1);
    if (rest >= 46 + w.moment + 1) {
        w.first = true;
        rest -= w.moment + 1;
    }
    if (w.first && rest >= 70) {
        rest -= 2 * (LISTING_MOMENT_YEAR - w.moment);
        w.moment = LISTING_MOMENT_YEAR;
    }
    w.user = rest * 2 / 5 < 34 ? rest * 2 / 5 : 34;
    w.title = rest - w.user - 1;
    return w;
}

static void problems_head(struct canvas *c, struct rect r)
{
    struct problem_columns w = columns_for(r.width);
    int x = listing_put(c, r.x + ROW_START, r.y, STATE_WIDTH, ROLE_LABEL, slice_of(_("State")));
    x = listing_put_right(c, x, r.y, ATTEMPTS_WIDTH, ROLE_LABEL, _("Attempts"));
    if (w.first)
        x = listing_put(c, x, r.y, w.moment, ROLE_LABEL, slice_of(_("First")));
    x = listing_put(c, x, r.y, w.moment, ROLE_LABEL, slice_of(_("Last")));
    x = listing_put(c, x, r.y, w.user, ROLE_LABEL, slice_of(_("User")));
    listing_put(c, x, r.y, w.title, ROLE_LABEL, slice_of(_("What fails")));
}

/* A sign beside the word: the word alone reads slowly in a column. */
static const struct {
    const char *sign;
    enum role role;
} states[] = {[PROBLEM_FAILING] = {"✗ ", ROLE_BAD},
              [PROBLEM_RESOLVED] = {"✓ ", ROLE_GOOD},
              [PROBLEM_UNKNOWN] = {"? ", ROLE_WARN}};

static void problems_row(const struct desk *d, size_t row, struct canvas *c, struct rect r)
{
    const struct problem *p = problem_at(d, row);
    struct problem_columns w = columns_for(r.width);
    bool done = p->state == PROBLEM_RESOLVED || work_named(p->work) != WORK_OPEN;
    int x = r.x + ROW_START;
    remark_draw(c, r.x, r.y, p->mark, p->note, p->work);
    canvas_format(c, x, r.y, STATE_WIDTH, states[p->state].role, "%s%s", states[p->state].sign,
                  _(problem_state_name(p->state)));
    x = listing_put_count(c, x + STATE_WIDTH + 1, r.y, ATTEMPTS_WIDTH, ROLE_STRONG, p->attempts);
    if (w.first)
        x = listing_put_moment(c, x, r.y, w.moment, p->first_us);
    x = listing_put_moment(c, x, r.y, w.moment, p->last_us);
    x = listing_put(c, x, r.y, w.user, slice_is_none(p->user) || done ? ROLE_DIM : ROLE_TEXT,
                    p->subject);
    listing_put(c, x, r.y, w.title, done ? ROLE_DIM : ROLE_TEXT, desk_class_title(d, p->class_id));
}

/* --- pane ------------------------------------------------------------------------------------- */

static void write_span(struct text *t, const struct problem *p)
{
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE], count[COUNT_SIZE], span[TIME_TEXT_SIZE];
    text_add(t, ROLE_TEXT,
             arena_format(t->arena, words_many("%s attempt", "%s attempts", p->attempts),
                          count_text(count, p->attempts)));
    if (p->first_us == TIME_NONE)
        text_word(t, ROLE_DIM, ", none with a time");
    else if (p->first_us == p->last_us)
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _(" at %s"), time_local_text(first, p->first_us)));
    else
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _(" in %s: %s to %s"),
                              time_span_words(span, p->last_us - p->first_us),
                              time_local_text(first, p->first_us),
                              time_local_text(last, p->last_us)));
    text_break(t);
}

static void write_state(struct text *t, const struct problem *p)
{
    char moment[TIME_TEXT_SIZE];
    text_word(t, states[p->state].role, states[p->state].sign);
    text_indent(t, 2);
    switch (p->state) {
    case PROBLEM_FAILING:
        text_word(t, ROLE_BAD, "failing");
        text_word(t, ROLE_TEXT, ": no later success of the same operation is known");
        break;
    case PROBLEM_RESOLVED:
        text_word(t, ROLE_GOOD, "resolved");
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _(" at %s by entry %lld"),
                              moment_text(moment, p->resolved_us, true),
                              (long long)p->resolved_by));
        break;
    case PROBLEM_UNKNOWN:
        text_word(t, ROLE_WARN, "unknown");
        text_word(t, ROLE_TEXT, ": the log cannot tell whether it still fails");
        break;
    }
    text_break(t);
}

static void problems_write(const struct desk *d, size_t row, struct text *t)
{
    const struct problem *p = problem_at(d, row);
    const struct rule *rule = d->book ? rulebook_find(d->book, p->class_id) : NULL;
    const struct entry_answer *a = desk_entry(d);
    char people[COUNT_SIZE];
    text_add(t, ROLE_STRONG, desk_class_title(d, p->class_id));
    text_break(t);
    text_add(t, ROLE_ACCENT, p->subject);
    text_break(t);
    remark_write(t, p->mark, p->note, p->work);
    write_state(t, p);
    write_span(t, p);
    text_add(t, ROLE_DIM, p->category);
    text_word(t, ROLE_DIM, "  ");
    text_add(t, ROLE_DIM, p->class_id);
    if (p->class_users > 1) { /* on the same line: what to do must begin on the smallest screen */
        text_word(t, ROLE_DIM, "  ");
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _("%s wait for the same fix"),
                              count_text(people, p->class_users)));
    }
    text_break(t);
    if (rule)
        remedy_write_rule(rule, a && a->entry.id == p->last_entry ? a : NULL, t);
}

static void problems_write_empty(const struct desk *d, struct text *t)
{
    struct buf keys;
    if (empty_write(d, t))
        return;
    buf_init(&keys, 64);
    keymap_keys_text(d->keys, ACTION_FILTER_OFF, false, &keys);
    text_word(t, ROLE_GOOD, "No problem: none of the entries of this filter has failed.");
    text_break(t);
    text_gap(t);
    text_add(t, ROLE_KEY, arena_copy(t->arena, buf_slice(&keys)));
    text_word(t, ROLE_TEXT, " takes the filter off.");
    text_break(t);
    empty_write_coverage(d, t);
    buf_free(&keys);
}

/* --- the view --------------------------------------------------------------------------------- */

/* By class and user, which people can read and change; what has no user is named by an entry. */
static bool problems_filter(const struct desk *d, size_t row, struct buf *out)
{
    const struct problem *p = problem_at(d, row);
    if (slice_is_none(p->user)) {
        buf_add_format(out, "problem:%lld", (long long)p->last_entry);
        return true;
    }
    if (!filter_add_term(out, false, FILTER_CLASS, p->class_id))
        return false;
    buf_add_byte(out, ' ');
    return filter_add_term(out, false, FILTER_USER, p->user);
}

static const struct hint hints[] = {
    {ACTION_OPEN, N_("its entries")}, {ACTION_FILTER, N_("filter")},
    {ACTION_MARK, N_("mark")},        {ACTION_NOTE, N_("note")},
    {ACTION_WORK, N_("done")},        {ACTION_BACK, N_("entries")},
    {ACTION_HELP, N_("help")},        {ACTION_QUIT, N_("quit")},
    {ACTION_FILTER_OFF, N_("all")},   {ACTION_NEXT_PANE, N_("scroll the pane")},
};

static const struct listing_kind problems_listing = {
    .asks = ASK_PROBLEMS,
    .pane = N_("Remediation"),
    .count = problems_count,
    .id = problems_id,
    .entry = problems_entry,
    .head = problems_head,
    .row = problems_row,
    .write = problems_write,
    .write_empty = problems_write_empty,
    .filter = problems_filter,
    .hints = hints,
    .hint_count = sizeof hints / sizeof *hints,
};

static void problems_draw(struct view *v, struct canvas *c, struct rect r)
{
    listing_draw(v, &problems_listing, c, r);
}

static enum outcome problems_act(struct view *v, enum action action)
{
    return listing_act(v, &problems_listing, action);
}

static enum outcome problems_mouse(struct view *v, const struct terminal_event *event)
{
    return listing_mouse(v, &problems_listing, event);
}

static struct remark_subject problems_subject(const struct view *v)
{
    const struct listing *s = v->state;
    if (s->rows.cursor >= problems_count(v->desk))
        return (struct remark_subject){0};
    return remark_of_problem(problem_at(v->desk, (size_t)s->rows.cursor));
}

const struct view_class problems_view = {
    .name = "problems",
    .state_size = sizeof(struct listing),
    .draw = problems_draw,
    .act = problems_act,
    .mouse = problems_mouse,
    .subject = problems_subject,
};
