/* The Entries view while one types: the filter bar, live; and what the mouse does. */
#include "tui/view/entries.h"

#include "tui/screen/layout.h"

#include <stdlib.h>
#include <unistd.h>

/* The word being typed may yet become a key: `cla` on the way to `class:` is no search for "cla".
 */
static bool half_a_key(struct slice text)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != ' ')
        at--;
    struct slice word = slice_from(text, at);
    if (word.len > 0 && word.at[0] == '-')
        word = slice_from(word, 1);
    for (int key = 0; key < FILTER_KEYS && word.len > 0; key++)
        if (slice_equal_fold(slice_first(slice_of(filter_key_name((enum filter_key)key)), word.len),
                             word))
            return true;
    return false;
}

static void stop_typing(struct entries *s)
{
    s->typing = TYPING_NOTHING;
    s->faulty = false;
}

/* Asks for what is right in a filter with a wrong word: all but that word. */
static void use_the_rest(struct desk *d, struct slice text, const struct fault *fault)
{
    struct buf rest;
    struct fault unused;
    size_t from = fault->column > 0 && fault->column <= text.len ? fault->column - 1 : text.len;
    size_t to = from;
    while (to < text.len && text.at[to] != ' ')
        to++;
    buf_init(&rest, FILTER_SIZE);
    buf_add(&rest, slice_first(text, from));
    buf_add(&rest, slice_from(text, to));
    /* A second wrong word: what is in force stays. */
    if (desk_use(d, slice_trim(buf_slice(&rest)), false, &unused))
        d->message[0] = '\0';
    buf_free(&rest);
}

static void ask_what_is_typed(struct view *v)
{
    struct entries *s = v->state;
    s->faulty = false;
    if (half_a_key(buf_slice(&s->bar.text)))
        return;
    s->faulty = desk_use(v->desk, buf_slice(&s->bar.text), false, &s->fault) != FAULT_NONE;
    if (s->faulty)
        use_the_rest(v->desk, buf_slice(&s->bar.text), &s->fault);
}

/* Every change is asked at once. */
static enum outcome type_filter(struct view *v, uint32_t key)
{
    struct entries *s = v->state;
    struct desk *d = v->desk;
    struct fault unused;
    switch (completion_key(&s->completion, d, &s->bar, key)) {
    case COMPLETION_TOOK:
        ask_what_is_typed(v);
        return OUTCOME_REDRAW;
    case COMPLETION_KEPT:
        return OUTCOME_REDRAW;
    case COMPLETION_PASSED:
        break;
    }
    switch (prompt_key(&s->bar, key)) {
    case PROMPT_CHANGED:
        ask_what_is_typed(v);
        break;
    case PROMPT_DONE:
        s->faulty = desk_use(d, buf_slice(&s->bar.text), true, &s->fault) != FAULT_NONE;
        if (s->faulty)
            break;
        prompt_remember(&s->bar, buf_slice(&d->text));
        free(d->put_away);
        d->put_away = NULL;
        entries_focus(v, PANE_ROWS);
        stop_typing(s);
        break;
    case PROMPT_CANCELLED:
        if (desk_use(d, slice_of(s->before), false, &unused) == FAULT_NONE)
            stop_typing(s);
        break;
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    completion_follow(&s->completion, &s->bar);
    return OUTCOME_REDRAW;
}

enum outcome entries_key(struct view *v, uint32_t key)
{
    struct entries *s = v->state;
    switch (s->typing) {
    case TYPING_FILTER:
        return type_filter(v, key);
    case TYPING_NOTHING:
        break;
    }
    return OUTCOME_IGNORED;
}

/* --- mouse ------------------------------------------------------------------------------------ */

static enum outcome drag_timeline(struct view *v, const struct terminal_event *event)
{
    struct entries *s = v->state;
    struct rect r = s->places.timeline;
    int64_t low, high;
    if (event->mouse == MOUSE_PRESS) {
        s->dragging = true;
        s->drag_from = s->drag_to = event->x;
        return OUTCOME_REDRAW;
    }
    s->drag_to = event->x;
    if (event->mouse != MOUSE_RELEASE)
        return OUTCOME_REDRAW;
    s->dragging = false;
    int left = s->drag_from < s->drag_to ? s->drag_from : s->drag_to;
    int right = s->drag_from < s->drag_to ? s->drag_to : s->drag_from;
    int last = r.x + (int)timeline_bars(r.width);
    if (timeline_time(v->desk, r, left < r.x + 1 ? r.x + 1 : left, false, &low)) {
        while (right > left && !timeline_time(v->desk, r, right < last ? right : last, true, &high))
            right--;
        if (timeline_time(v->desk, r, right < last ? right : last, true, &high))
            desk_window(v->desk, low, high);
    }
    return OUTCOME_REDRAW;
}

static enum pane pane_at(const struct entries *s, int x, int y)
{
    for (int p = 0; p < PANES; p++)
        if (layout_holds(s->places.pane[p], x, y))
            return (enum pane)p;
    return PANES;
}

static enum outcome wheel(struct view *v, enum pane pane, int by)
{
    struct entries *s = v->state;
    if (pane == PANE_REMEDY) {
        struct list lines = {.count = s->remedy_lines, .top = s->remedy_top};
        list_scroll(&lines, by, s->places.pane[PANE_REMEDY].height);
        s->remedy_top = (size_t)lines.top;
    } else if (pane == PANE_ROWS)
        list_scroll(&v->desk->rows, by, v->desk->page);
    else
        list_scroll(&s->facets[pane], by, s->places.pane[pane].height);
    return OUTCOME_REDRAW;
}

static enum outcome click(struct view *v, enum pane pane, int line)
{
    struct entries *s = v->state;
    bool again = s->focus == pane;
    entries_focus(v, pane);
    if (pane == PANE_REMEDY)
        return OUTCOME_REDRAW;
    struct list *list = pane == PANE_ROWS ? &v->desk->rows : &s->facets[pane];
    uint64_t before = list->cursor;
    if (!list_click(list, line) || !again || before != list->cursor)
        return OUTCOME_REDRAW;
    /* The row that had the cursor already: as Enter. */
    if (pane == PANE_ROWS)
        return OUTCOME_DETAIL;
    struct slice value;
    if (facet_value(v->desk, pane_key(pane), list->cursor, &value))
        desk_toggle(v->desk, pane_key(pane), value);
    return OUTCOME_REDRAW;
}

enum outcome entries_mouse(struct view *v, const struct terminal_event *event)
{
    enum { WHEEL_ROWS = 3 };
    struct entries *s = v->state;
    bool strip = layout_holds(s->places.timeline, event->x, event->y);
    if (s->dragging || (strip && event->mouse == MOUSE_PRESS))
        return drag_timeline(v, event);
    if (strip && (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN)) {
        entries_shift(v->desk, event->mouse == MOUSE_UP ? ACTION_NARROW : ACTION_WIDEN);
        return OUTCOME_REDRAW;
    }
    if (layout_holds(s->places.bar, event->x, event->y) && event->mouse == MOUSE_PRESS) {
        entries_type(v, TYPING_FILTER);
        return OUTCOME_REDRAW;
    }
    enum pane pane = pane_at(s, event->x, event->y);
    if (pane == PANES)
        return OUTCOME_IGNORED;
    if (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN)
        return wheel(v, pane, event->mouse == MOUSE_UP ? -WHEEL_ROWS : WHEEL_ROWS);
    if (event->mouse == MOUSE_PRESS)
        return click(v, pane, event->y - s->places.pane[pane].y);
    return OUTCOME_IGNORED;
}
