/* The Entries view, where everything is and how it looks, at any size. */
#include "tui/view/entries.h"

#include "tui/screen/layout.h"

#include <stdio.h>

static void rows_above_remedy(struct places *p, struct rect body, bool message)
{
    if (message) {
        layout_top(&body, 1);
        p->pane[PANE_ROWS] = body;
        return;
    }
    /* Narrow: two titled rules, no sides; the list gets a little less than half. */
    struct rect upper = layout_top(&body, body.height * 45 / 100);
    layout_top(&upper, 1);
    layout_top(&body, 1);
    p->pane[PANE_ROWS] = upper;
    p->pane[PANE_REMEDY] = layout_inset(body, 1, 0);
}

static void three_columns(struct places *p, struct rect body, bool message)
{
    int left = p->header.width >= 160 ? 38 : 28, right = p->header.width >= 160 ? 62 : 40;
    struct rect inner = layout_inset(body, 1, 1), facets = layout_left(&inner, left - 1);
    layout_left(&inner, 1);
    if (!message) {
        p->pane[PANE_REMEDY] = layout_inset(layout_right(&inner, right - 1), 1, 0);
        layout_right(&inner, 1);
    }
    p->pane[PANE_ROWS] = inner;
    p->pane[PANE_CLASSES] = layout_top(&facets, facets.height * 60 / 100);
    layout_top(&facets, 1);
    p->pane[PANE_USERS] = facets;
}

struct places entries_place(struct rect screen, const struct entries *s)
{
    struct places p = {.wide = screen.width >= SCREEN_WIDE};
    p.header = layout_top(&screen, 1);
    p.bar = layout_top(&screen, 1);
    p.timeline = layout_top(&screen, timeline_rows(p.header.height + p.bar.height + screen.height));
    p.footer = layout_bottom(&screen, 1);
    p.body = screen;
    if (p.wide)
        three_columns(&p, screen, s->message);
    else
        rows_above_remedy(&p, screen, s->message);
    return p;
}

static void title(const struct view *v, struct canvas *c, enum pane pane, const char *word,
                  const char *right)
{
    const struct entries *s = v->state;
    struct rect r = s->places.pane[pane];
    int margin = pane == PANE_REMEDY ? 1 : 0;
    box_title(c, r.x - 1 - margin, r.y - 1, r.width + 2 + 2 * margin, s->focus == pane, word,
              right);
}

static void draw_frame(const struct entries *s, struct canvas *c)
{
    const struct places *p = &s->places;
    struct rect b = p->body;
    if (p->wide) {
        struct rect rows = p->pane[PANE_ROWS], classes = p->pane[PANE_CLASSES];
        canvas_box(c, b);
        canvas_line_down(c, rows.x - 1, b.y, b.height);
        canvas_line_down(c, rows.x + rows.width, b.y, b.height);
        canvas_line_across(c, b.x, classes.y + classes.height, rows.x - b.x);
    } else {
        canvas_line_across(c, b.x, p->pane[PANE_ROWS].y - 1, b.width);
        if (!s->message)
            canvas_line_across(c, b.x, p->pane[PANE_REMEDY].y - 1, b.width);
    }
}

/* Wide, the place in the list has a border of its own below; narrow, the upper line has room. */
static void draw_tabs(struct view *v, struct canvas *c, const char *right)
{
    struct entries *s = v->state;
    struct rect r = s->places.pane[PANE_ROWS];
    int need = canvas_measure(slice_of(right)) + 2;
    bool below = s->places.wide && right[0];
    tabs_draw(v->desk, c, r.x - 1, r.y - 1, r.width + 2, s->focus == PANE_ROWS,
              below || !right[0] ? NULL : right);
    if (below)
        canvas_format(c, r.x + r.width - 1 - need, r.y + r.height, need, ROLE_DIM, " %s ", right);
}

static void draw_rows(struct view *v, struct canvas *c)
{
    struct entries *s = v->state;
    struct desk *d = v->desk;
    struct rect r = s->places.pane[PANE_ROWS];
    struct arena arena;
    struct text t;
    char at[COUNT_SIZE], count[COUNT_SIZE], right[96] = "";
    arena_init(&arena);
    text_init(&t, &arena, r.width - 4);
    if (empty_write(d, &t))
        text_draw(&t, c, layout_inset(r, 2, r.height > 8 ? 1 : 0), 0);
    else {
        snprintf(right, sizeof right, "%s/%s %s", count_text(at, d->rows.cursor + 1),
                 count_text(count, d->rows.count), d->order == ORDER_NEWEST ? "↓" : "↑");
        rows_draw(d, s->column, s->focus == PANE_ROWS, c, r);
    }
    draw_tabs(v, c, right);
    text_free(&t);
    arena_free(&arena);
}

static void draw_remedy(struct view *v, struct canvas *c)
{
    struct entries *s = v->state;
    const struct entry_answer *a = desk_entry(v->desk);
    struct rect r = s->places.pane[PANE_REMEDY];
    struct arena arena;
    struct text t;
    char right[48] = "";
    arena_init(&arena);
    text_init(&t, &arena, r.width);
    t.tight = r.height < REMEDY_TIGHT;
    if (a) {
        if (a->entry.id != s->remedy_id)
            s->remedy_top = 0;
        s->remedy_id = a->entry.id;
        remedy_write(v->desk, a, &t);
        while (t.count > 0 && !t.lines[t.count - 1].first)
            t.count--;
    }
    s->remedy_lines = t.count;
    size_t height = r.height > 0 ? (size_t)r.height : 0;
    size_t most = t.count > height ? t.count - height : 0;
    if (s->remedy_top > most)
        s->remedy_top = most;
    text_draw(&t, c, r, s->remedy_top);
    if (most > 0)
        snprintf(right, sizeof right, "%s%s", s->remedy_top > 0 ? "↑" : " ",
                 s->remedy_top < most ? "↓" : " ");
    title(v, c, PANE_REMEDY, "Remediation", right[0] ? right : NULL);
    text_free(&t);
    arena_free(&arena);
}

static void draw_facet(struct view *v, struct canvas *c, enum pane pane)
{
    struct entries *s = v->state;
    char count[COUNT_SIZE];
    struct rect r = s->places.pane[pane];
    size_t values = facet_count(v->desk, pane_key(pane));
    facet_draw(v->desk, pane_key(pane), &s->facets[pane], s->focus == pane, c, r);
    if (values >= FACET_ROWS) /* as many as are asked for; there may be more */
        snprintf(count, sizeof count, "%d+", FACET_ROWS);
    else
        count_text(count, values);
    title(v, c, pane, pane == PANE_USERS ? N_("User") : N_("Class"), values ? count : NULL);
}

static const struct hint hints[] = {
    {ACTION_FILTER, N_("filter")},       {ACTION_CLASSES, N_("class")},
    {ACTION_USERS, N_("user")},          {ACTION_TIME, N_("time")},
    {ACTION_OPEN, N_("detail")},         {ACTION_EXPORT, N_("export")},
    {ACTION_HELP, N_("help")},           {ACTION_QUIT, N_("quit")},
    {ACTION_MARK, N_("mark")},           {ACTION_NOTE, N_("note")},
    {ACTION_WORK, N_("done")},           {ACTION_INCLUDE, N_("only this")},
    {ACTION_EXCLUDE, N_("without")},     {ACTION_FILTER_OFF, N_("all")},
    {ACTION_NEXT_PANE, N_("next pane")}, {ACTION_NARROW, N_("narrow time")},
    {ACTION_WIDEN, N_("widen")},
};

static void draw_footer(struct view *v, struct canvas *c)
{
    struct entries *s = v->state;
    struct rect r = s->places.footer;
    if (s->typing == TYPING_FILTER && !v->desk->message[0]) {
        canvas_word(c, r.x + 1, r.y, r.width - 2, ROLE_FOOT,
                    "Tab completes   ↑↓ filters before   Enter done   Esc as it was");
        return;
    }
    footer_draw(v->desk, hints, sizeof hints / sizeof *hints, c, r);
}

static void draw_drag(const struct entries *s, struct canvas *c)
{
    int left = s->drag_from < s->drag_to ? s->drag_from : s->drag_to;
    int right = s->drag_from < s->drag_to ? s->drag_to : s->drag_from;
    if (s->dragging)
        canvas_over(
            c,
            (struct rect){left, s->places.timeline.y, right - left + 1, s->places.timeline.height},
            ROLE_FIELD);
}

void entries_draw_too_small(struct canvas *c, struct rect r)
{
    int y = r.y + r.height / 2;
    canvas_word(c, r.x, y > 0 ? y - 1 : y, r.width, ROLE_STRONG, "This terminal is too small.");
    canvas_format(c, r.x, y, r.width, ROLE_TEXT, "It has %d x %d, needed are %d x %d.", r.width,
                  r.height, SCREEN_LEAST_WIDTH, SCREEN_LEAST_HEIGHT);
    if (y + 1 < r.y + r.height)
        canvas_word(c, r.x, y + 1, r.width, ROLE_DIM, "Make it larger, or the letters smaller.");
}

void entries_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct entries *s = v->state;
    struct desk *d = v->desk;
    if (r.width < SCREEN_LEAST_WIDTH || r.height < SCREEN_LEAST_HEIGHT) {
        entries_draw_too_small(c, r);
        return;
    }
    if (r.width < SCREEN_WIDE && (s->focus == PANE_CLASSES || s->focus == PANE_USERS))
        s->focus = PANE_ROWS; /* their panes are not there any more */
    s->message = d->newest[ASK_ROWS] && (d->newest[ASK_ROWS]->bad || d->rows.count == 0);
    s->places = entries_place(r, s);
    d->page = s->places.pane[PANE_ROWS].height;
    d->bars = timeline_bars(s->places.timeline.width);
    if (!rows_has(s->places.pane[PANE_ROWS].width, s->column))
        s->column = COLUMN_USER;
    header_draw(d, c, s->places.header);
    /* A word that is being chosen from a list is not wrong yet. */
    bool faulty = s->faulty && !s->completion.open;
    bar_draw(d, &s->bar, s->typing == TYPING_FILTER, faulty ? &s->fault : NULL, c, s->places.bar);
    if (s->typing == TYPING_FILTER && faulty)
        bar_draw_fault(&s->bar, &s->fault, c, s->places.timeline);
    else
        timeline_draw(d, c, s->places.timeline);
    draw_drag(s, c);
    draw_frame(s, c);
    draw_rows(v, c);
    if (!s->message)
        draw_remedy(v, c);
    for (int p = PANE_CLASSES; p <= PANE_USERS; p++)
        if (s->places.wide)
            draw_facet(v, c, (enum pane)p);
    draw_footer(v, c);
    if (s->typing == TYPING_FILTER)
        completion_draw(&s->completion, d, &s->bar, c, s->places.bar,
                        s->places.footer.y - s->places.bar.y - 2);
}
