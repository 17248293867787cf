/* See listing.h. The upper three lines are those of the Entries view, so that nothing jumps when
 * the views take turns. */
#include "tui/view/listing.h"

#include "tui/screen/layout.h"
#include "tui/view/entries.h"

#include <stdio.h>

/* Follows the row that had the cursor when the list came anew; on the first row one stays. */
static void listing_sync(struct view *v, const struct listing_kind *kind)
{
    struct listing *s = v->state;
    const struct answer *a = v->desk->newest[kind->asks];
    size_t count = kind->count(v->desk);
    if (a && a->ticket != s->ticket) {
        s->ticket = a->ticket;
        for (size_t i = 0; s->rows.cursor > 0 && i < count; i++)
            if (kind->id(v->desk, i) == s->id) {
                s->rows.cursor = i;
                break;
            }
    }
    s->rows.count = count;
    list_keep(&s->rows, s->rows_at.height);
    int64_t id = count > 0 ? kind->id(v->desk, s->rows.cursor) : 0;
    if (id != s->id)
        s->pane_top = 0;
    s->id = id;
    v->desk->wanted = kind->entry && count > 0 ? kind->entry(v->desk, s->rows.cursor) : 0;
}

int listing_put(struct canvas *c, int x, int y, int width, enum role role, struct slice text)
{
    canvas_text(c, x, y, width, role, text);
    return x + width + 1;
}

int listing_put_right(struct canvas *c, int x, int y, int width, enum role role, const char *text)
{
    canvas_right(c, x, y, width, role, slice_of(text));
    return x + width + 1;
}

int listing_put_count(struct canvas *c, int x, int y, int width, enum role role, uint64_t count)
{
    char text[COUNT_SIZE];
    return listing_put_right(c, x, y, width, count ? role : ROLE_DIM, count_text(text, count));
}

int listing_put_moment(struct canvas *c, int x, int y, int width, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    return listing_put(
        c, x, y, width, ROLE_DIM,
        slice_first(slice_of(moment_text(text, us, width >= LISTING_MOMENT_YEAR)), (size_t)width));
}

/* --- drawing ---------------------------------------------------------------------------------- */

static struct rect listing_frame(struct listing *s, struct canvas *c, struct rect body, bool empty)
{
    struct rect head;
    if (c->width < SCREEN_WIDE) {
        struct rect upper = empty ? body : layout_top(&body, body.height * 45 / 100);
        struct rect line = layout_top(&upper, 1);
        canvas_line_across(c, line.x, line.y, line.width);
        head = layout_top(&upper, 1);
        s->rows_at = upper;
        if (!empty) {
            line = layout_top(&body, 1);
            canvas_line_across(c, line.x, line.y, line.width);
        }
        s->pane_at = (struct rect){0};
        if (!empty)
            s->pane_at = layout_inset(body, 1, 0);
        return head;
    }
    struct rect inner = layout_inset(body, 1, 1);
    canvas_box(c, body);
    s->pane_at = (struct rect){0};
    if (!empty) {
        s->pane_at = layout_inset(layout_right(&inner, c->width >= 160 ? 62 : 40), 1, 0);
        struct rect line = layout_right(&inner, 1);
        canvas_line_down(c, line.x, body.y, body.height);
    }
    head = layout_top(&inner, 1);
    s->rows_at = inner;
    return head;
}

static void listing_pane(struct view *v, const struct listing_kind *kind, struct canvas *c)
{
    struct listing *s = v->state;
    struct rect r = s->pane_at;
    struct arena arena;
    struct text t;
    char right[16];
    arena_init(&arena);
    text_init(&t, &arena, r.width);
    t.tight = r.height < REMEDY_TIGHT;
    kind->write(v->desk, s->rows.cursor, &t);
    while (t.count > 0 && !t.lines[t.count - 1].first)
        t.count--;
    s->pane_lines = t.count;
    size_t height = r.height > 0 ? (size_t)r.height : 0;
    size_t most = t.count > height ? t.count - height : 0;
    if (s->pane_top > most)
        s->pane_top = most;
    text_draw(&t, c, r, s->pane_top);
    snprintf(right, sizeof right, "%s%s", s->pane_top > 0 ? "↑" : " ",
             s->pane_top < most ? "↓" : " ");
    box_title(c, r.x - 2, r.y - 1, r.width + 4, s->on_pane, kind->pane, most > 0 ? right : NULL);
    text_free(&t);
    arena_free(&arena);
}

struct listing_drawing {
    const struct desk *desk;
    const struct listing_kind *kind;
};

static void listing_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct listing_drawing *drawing = self;
    drawing->kind->row(drawing->desk, (size_t)index, c, r);
}

/* What stands in place of rows: nothing yet, a fault, or nothing at all. */
static void listing_message(struct view *v, const struct listing_kind *kind, struct canvas *c)
{
    struct listing *s = v->state;
    const struct answer *a = v->desk->newest[kind->asks];
    struct rect r = layout_inset(s->rows_at, 2, 0);
    struct arena arena;
    struct text t;
    arena_init(&arena);
    text_init(&t, &arena, r.width);
    if (!a)
        text_word(&t, ROLE_DIM, "…");
    else if (a->bad) {
        text_word(&t, ROLE_BAD, "The index did not answer.");
        text_break(&t);
        text_gap(&t);
        text_add(&t, ROLE_TEXT, slice_of(a->why.text));
    } else
        kind->write_empty(v->desk, &t);
    text_draw(&t, c, r, 0);
    text_free(&t);
    arena_free(&arena);
}

static void listing_list(struct view *v, const struct listing_kind *kind, struct canvas *c,
                         struct rect head)
{
    struct listing *s = v->state;
    struct listing_drawing drawing = {v->desk, kind};
    char at[COUNT_SIZE], count[COUNT_SIZE], right[96];
    struct rect r = s->rows_at;
    kind->head(c, head);
    list_draw(&s->rows, c, r, !s->on_pane, listing_row, &drawing);
    snprintf(right, sizeof right, "%s/%s", count_text(at, s->rows.cursor + 1),
             count_text(count, s->rows.count));
    bool wide = c->width >= SCREEN_WIDE;
    int need = canvas_measure(slice_of(right)) + 2;
    tabs_draw(v->desk, c, head.x - 1, head.y - 1, head.width + 2, !s->on_pane, wide ? NULL : right);
    if (wide)
        canvas_format(c, r.x + r.width - 1 - need, r.y + r.height, need, ROLE_DIM, " %s ", right);
}

void listing_draw(struct view *v, const struct listing_kind *kind, struct canvas *c, struct rect r)
{
    struct listing *s = v->state;
    if (r.width < SCREEN_LEAST_WIDTH || r.height < SCREEN_LEAST_HEIGHT) {
        entries_draw_too_small(c, r);
        return;
    }
    const struct answer *a = v->desk->newest[kind->asks];
    bool empty = !a || a->bad || kind->count(v->desk) == 0;
    struct rect body = r;
    header_draw(v->desk, c, layout_top(&body, 1));
    bar_draw(v->desk, NULL, false, NULL, c, layout_top(&body, 1));
    timeline_draw(v->desk, c, layout_top(&body, timeline_rows(r.height)));
    struct rect foot = layout_bottom(&body, 1), head = listing_frame(s, c, body, empty);
    if (empty) {
        tabs_draw(v->desk, c, head.x - 1, head.y - 1, head.width + 2, true, NULL);
        listing_message(v, kind, c);
    } else {
        listing_sync(v, kind);
        listing_list(v, kind, c, head);
        listing_pane(v, kind, c);
    }
    footer_draw(v->desk, kind->hints, kind->hint_count, c, foot);
}

/* --- acting ----------------------------------------------------------------------------------- */

static void scroll_pane(struct listing *s, int64_t by)
{
    struct list lines = {.count = s->pane_lines, .top = s->pane_top};
    list_scroll(&lines, by, s->pane_at.height);
    s->pane_top = (size_t)lines.top;
}

static bool move(struct listing *s, enum action action)
{
    int64_t page = s->pane_at.height > 1 ? s->pane_at.height - 1 : 1, all = (int64_t)s->pane_lines;
    if (!s->on_pane)
        return list_act(&s->rows, action, s->rows_at.height);
    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        scroll_pane(s, action == ACTION_UP ? -1 : 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        scroll_pane(s, action == ACTION_PAGE_UP ? -page : page);
        return true;
    case ACTION_FIRST:
    case ACTION_LAST:
        scroll_pane(s, action == ACTION_FIRST ? -all : all);
        return true;
    default:
        return false;
    }
}

static enum outcome open_row(struct view *v, const struct listing_kind *kind)
{
    struct listing *s = v->state;
    struct fault why = {0};
    struct buf filter;
    enum outcome outcome = OUTCOME_REDRAW;
    if (s->rows.cursor >= kind->count(v->desk))
        return OUTCOME_IGNORED;
    buf_init(&filter, FILTER_SIZE);
    if (!kind->filter(v->desk, s->rows.cursor, &filter) || buf_full(&filter))
        desk_say(v->desk, true, "no filter can say which entries these are");
    else if (desk_use(v->desk, buf_slice(&filter), true, &why))
        desk_say(v->desk, true, "%s", why.text);
    else
        outcome = OUTCOME_ENTRIES;
    buf_free(&filter);
    return outcome;
}

enum outcome listing_act(struct view *v, const struct listing_kind *kind, enum action action)
{
    struct listing *s = v->state;
    if (move(s, action))
        return OUTCOME_REDRAW;
    switch (action) {
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        s->on_pane = !s->on_pane;
        return OUTCOME_REDRAW;
    case ACTION_OPEN:
        return open_row(v, kind);
    case ACTION_BACK:
        if (!s->on_pane)
            return OUTCOME_ENTRIES;
        s->on_pane = false;
        return OUTCOME_REDRAW;
    case ACTION_TIME:
        v->desk->over = &when_view;
        return OUTCOME_OVER;
    case ACTION_CLASSES:
    case ACTION_USERS:
    case ACTION_VALUES:
        return values_choose(v->desk, action == ACTION_USERS    ? FILTER_USER
                                      : action == ACTION_VALUES ? FILTER_CATEGORY
                                                                : FILTER_CLASS);
    case ACTION_FILTERS:
        v->desk->over = &filters_view;
        return OUTCOME_OVER;
    case ACTION_KEEP_FILTER:
        return filters_ask_name(v->desk);
    case ACTION_FILTER:
    case ACTION_GO_TO_TIME:
        return OUTCOME_PASS;
    case ACTION_FILTER_OFF:
        desk_switch(v->desk);
        return OUTCOME_REDRAW;
    case ACTION_REFRESH:
        desk_refresh(v->desk);
        return OUTCOME_REDRAW;
    case ACTION_HELP:
        return OUTCOME_HELP;
    case ACTION_SUSPEND:
        return OUTCOME_SUSPEND;
    case ACTION_QUIT:
        return OUTCOME_QUIT;
    default:
        return OUTCOME_IGNORED;
    }
}

enum outcome listing_mouse(struct view *v, const struct listing_kind *kind,
                           const struct terminal_event *event)
{
    enum { WHEEL_ROWS = 3 };
    struct listing *s = v->state;
    bool rows = layout_holds(s->rows_at, event->x, event->y);
    int by = event->mouse == MOUSE_UP ? -WHEEL_ROWS : WHEEL_ROWS;
    if (!rows && !layout_holds(s->pane_at, event->x, event->y))
        return OUTCOME_IGNORED;
    if (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN) {
        if (rows)
            list_scroll(&s->rows, by, s->rows_at.height);
        else
            scroll_pane(s, by);
        return OUTCOME_REDRAW;
    }
    if (event->mouse != MOUSE_PRESS)
        return OUTCOME_IGNORED;
    uint64_t before = s->rows.cursor;
    bool again = rows && !s->on_pane && list_click(&s->rows, event->y - s->rows_at.y) &&
                 before == s->rows.cursor;
    if (rows)
        list_click(&s->rows, event->y - s->rows_at.y);
    s->on_pane = !rows;
    return again ? open_row(v, kind) : OUTCOME_REDRAW;
}
