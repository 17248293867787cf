/* The Entries view, what its keys do: the first screen. Drawing is entries_draw.c. */
#include "tui/view/entries.h"
#include "tui/view/remark.h"

#include <stdlib.h>

static void entries_open(struct view *v)
{
    struct entries *s = v->state;
    s->column = COLUMN_USER;
    prompt_init(&s->bar);
}

static void entries_close(struct view *v)
{
    struct entries *s = v->state;
    prompt_free(&s->bar);
    free(s->before);
}

static bool is_facet(enum pane pane)
{
    return pane == PANE_CLASSES || pane == PANE_USERS;
}

void entries_focus(struct view *v, enum pane pane)
{
    struct entries *s = v->state;
    s->focus = pane;
}

static void next_pane(struct view *v, int step)
{
    static const enum pane order[] = {PANE_CLASSES, PANE_USERS, PANE_ROWS, PANE_REMEDY};
    struct entries *s = v->state;
    int at = 0, count = PANES;
    while (order[at] != s->focus)
        at++;
    do
        at = (at + step + count) % count;
    while (is_facet(order[at]) && !s->places.wide);
    entries_focus(v, order[at]);
}

static void scroll_remedy(struct entries *s, enum action action)
{
    struct list lines = {.count = s->remedy_lines, .top = s->remedy_top};
    int height = s->places.pane[PANE_REMEDY].height;
    int64_t page = height > 1 ? height - 1 : 1;
    int64_t by = action == ACTION_UP          ? -1
                 : action == ACTION_DOWN      ? 1
                 : action == ACTION_PAGE_UP   ? -page
                 : action == ACTION_PAGE_DOWN ? page
                 : action == ACTION_FIRST     ? -(int64_t)s->remedy_lines
                                              : (int64_t)s->remedy_lines;
    list_scroll(&lines, by, height);
    s->remedy_top = (size_t)lines.top;
}

bool entries_move(struct view *v, enum action action)
{
    struct entries *s = v->state;
    if (action < ACTION_UP || action > ACTION_LAST || action == ACTION_LEFT ||
        action == ACTION_RIGHT)
        return false;
    if (s->focus == PANE_REMEDY)
        scroll_remedy(s, action);
    else if (is_facet(s->focus))
        list_act(&s->facets[s->focus], action, s->places.pane[s->focus].height);
    else
        list_act(&v->desk->rows, action, v->desk->page);
    return true;
}

static void move_column(struct entries *s, int step)
{
    int at = (int)s->column, width = s->places.pane[PANE_ROWS].width;
    do
        at += step;
    while (at >= 0 && at < COLUMNS_KNOWN && !rows_has(width, (enum column)at));
    if (at >= 0 && at < COLUMNS_KNOWN)
        s->column = (enum column)at;
}

/* `f`, `F`: the value under the cursor of the pane that has the keys. */
static void by_value(struct view *v, bool exclude)
{
    struct entries *s = v->state;
    const struct entry *current = desk_current(v->desk);
    enum filter_key key = pane_key(s->focus);
    struct slice value;
    char day[16];
    bool there = is_facet(s->focus)
                     ? facet_value(v->desk, key, s->facets[s->focus].cursor, &value)
                     : current && column_value(current, s->column, day, &key, &value);
    if (!there)
        desk_say(v->desk, true, "there is no value here to filter by");
    else if (exclude)
        desk_exclude(v->desk, key, value);
    else
        desk_include(v->desk, key, value);
}

static void toggle(struct view *v)
{
    struct entries *s = v->state;
    struct slice value;
    if (facet_value(v->desk, pane_key(s->focus), s->facets[s->focus].cursor, &value))
        desk_toggle(v->desk, pane_key(s->focus), value);
}

void entries_type(struct view *v, enum typing what)
{
    struct entries *s = v->state;
    struct desk *d = v->desk;
    s->typing = what;
    s->faulty = false;
    s->completion = (struct completion){0};
    free(s->before);
    s->before = slice_dup(buf_slice(&d->text));
    prompt_set(&s->bar, buf_slice(&d->text));
}

static enum outcome back(struct view *v)
{
    struct entries *s = v->state;
    if (s->focus != PANE_ROWS) {
        entries_focus(v, PANE_ROWS);
        return OUTCOME_REDRAW;
    }
    return OUTCOME_IGNORED;
}

static enum outcome act_filter(struct view *v, enum action action)
{
    struct entries *s = v->state;
    switch (action) {
    case ACTION_FILTER:
        entries_type(v, TYPING_FILTER);
        break;
    case ACTION_INCLUDE:
    case ACTION_EXCLUDE:
        by_value(v, action == ACTION_EXCLUDE);
        break;
    case ACTION_TOGGLE:
        if (is_facet(s->focus))
            toggle(v);
        break;
    case ACTION_FILTER_OFF:
        desk_switch(v->desk);
        break;
    case ACTION_OLDER:
    case ACTION_NEWER:
        if (!desk_recall(v->desk, action == ACTION_OLDER))
            desk_say(v->desk, true,
                     action == ACTION_OLDER ? N_("no older filter") : N_("no newer filter"));
        break;
    case ACTION_CLASSES:
    case ACTION_USERS:
        if (!s->places.wide)
            return values_choose(v->desk, action == ACTION_USERS ? FILTER_USER : FILTER_CLASS);
        entries_focus(v, action == ACTION_USERS ? PANE_USERS : PANE_CLASSES);
        break;
    case ACTION_VALUES:
        return values_choose(v->desk, is_facet(s->focus) ? pane_key(s->focus) : FILTER_CATEGORY);
    case ACTION_FILTERS:
        v->desk->over = &filters_view;
        return OUTCOME_OVER;
    case ACTION_KEEP_FILTER:
        return filters_ask_name(v->desk);
    default:
        return OUTCOME_IGNORED;
    }
    return OUTCOME_REDRAW;
}

static enum outcome entries_act(struct view *v, enum action action)
{
    struct entries *s = v->state;
    struct desk *d = v->desk;
    if (entries_move(v, action))
        return OUTCOME_REDRAW;
    switch (action) {
    case ACTION_LEFT:
    case ACTION_RIGHT:
        move_column(s, action == ACTION_LEFT ? -1 : 1);
        return OUTCOME_REDRAW;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        next_pane(v, action == ACTION_NEXT_PANE ? 1 : -1);
        return OUTCOME_REDRAW;
    case ACTION_OPEN:
        if (is_facet(s->focus)) {
            toggle(v);
            return OUTCOME_REDRAW;
        }
        return desk_current(d) ? OUTCOME_DETAIL : OUTCOME_IGNORED;
    case ACTION_BACK:
        return back(v);
    case ACTION_TIME:
        d->over = &when_view;
        return OUTCOME_OVER;
    case ACTION_GO_TO_TIME:
        return when_ask_moment(d);
    case ACTION_NARROW:
    case ACTION_WIDEN:
    case ACTION_EARLIER:
    case ACTION_LATER:
        entries_shift(d, action);
        return OUTCOME_REDRAW;
    case ACTION_ORDER:
        d->order = d->order == ORDER_NEWEST ? ORDER_OLDEST : ORDER_NEWEST;
        desk_refresh(d);
        return OUTCOME_REDRAW;
    case ACTION_REFRESH:
        desk_refresh(d);
        return OUTCOME_REDRAW;
    case ACTION_HELP:
        return OUTCOME_HELP;
    case ACTION_SUSPEND:
        return OUTCOME_SUSPEND;
    case ACTION_QUIT:
        return OUTCOME_QUIT;
    default:
        return act_filter(v, action);
    }
}

static bool entries_typing(const struct view *v)
{
    const struct entries *s = v->state;
    return s->typing != TYPING_NOTHING;
}

static struct remark_subject entries_subject(const struct view *v)
{
    return remark_of_entry(desk_current(v->desk));
}

const struct view_class entries_view = {
    .name = "entries",
    .state_size = sizeof(struct entries),
    .open = entries_open,
    .close = entries_close,
    .draw = entries_draw,
    .act = entries_act,
    .typing = entries_typing,
    .key = entries_key,
    .mouse = entries_mouse,
    .subject = entries_subject,
};
