/* Filters that were kept under a name, and those used before in this session: one list to go back
 * to. Typing narrows by name and by what the filter says. */
#include "tui/view/chooser.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

#define BEING_WRITTEN N_("the change before is still being written")

enum { WIDTH = 88, ROWS = 18, NAME_COLUMN = 22 };

struct filters {
    struct chooser chooser;
    size_t count;
    struct filters_row {
        struct slice name, filter; /* name: SLICE_NONE for one that was used before */
    } rows[NAMED_FILTERS + DESK_FILTERS];
};

static bool holds(struct slice text, struct slice typed)
{
    return typed.len == 0 || slice_find_fold(text, typed) < text.len;
}

static void find(struct view *v)
{
    struct filters *s = v->state;
    const struct desk *d = v->desk;
    const struct answer *a = d->newest[ASK_NAMED];
    struct slice typed = chooser_typed(&s->chooser);
    s->count = 0;
    for (size_t i = 0; a && !a->bad && i < a->named.named->count; i++) {
        const struct named_filter *row = &a->named.named->rows[i];
        if (holds(row->name, typed) || holds(row->filter, typed))
            s->rows[s->count++] = (struct filters_row){row->name, row->filter};
    }
    for (size_t i = d->past_count; i-- > 0;)
        if (holds(slice_of(d->past[i]), typed))
            s->rows[s->count++] = (struct filters_row){SLICE_NONE, slice_of(d->past[i])};
    s->chooser.list.count = s->count;
    list_keep(&s->chooser.list, s->chooser.rows.height);
}

/* The rows are borrowed from the answer that this one replaces. */
static enum outcome filters_answered(struct view *v, enum question_kind kind)
{
    if (kind == ASK_NAMED)
        find(v);
    return OUTCOME_REDRAW;
}

static void filters_open(struct view *v)
{
    struct filters *s = v->state;
    chooser_init(&s->chooser);
    desk_ask_named(v->desk, SLICE_NONE, SLICE_NONE);
    find(v);
}

static void filters_close(struct view *v)
{
    struct filters *s = v->state;
    chooser_free(&s->chooser);
}

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct filters *s = self;
    const struct filters_row *row = &s->rows[index];
    if (slice_is_none(row->name))
        canvas_word(c, r.x + 1, r.y, NAME_COLUMN - 1, ROLE_DIM, "used before");
    else
        canvas_text(c, r.x + 1, r.y, NAME_COLUMN - 1, ROLE_STRONG, row->name);
    if (row->filter.len > 0)
        canvas_text(c, r.x + 1 + NAME_COLUMN, r.y, r.width - NAME_COLUMN - 2, ROLE_TEXT,
                    row->filter);
    else
        canvas_word(c, r.x + 1 + NAME_COLUMN, r.y, r.width - NAME_COLUMN - 2, ROLE_DIM,
                    "everything");
}

static void filters_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct filters *s = v->state;
    char count[COUNT_SIZE];
    struct chooser_look look = {.title = N_("Filters"),
                                .foot = N_(" ↑↓ choose  Enter use it  Delete forget a name "),
                                .right = count_text(count, s->count),
                                .none = N_("no filter holds this"),
                                .width = WIDTH,
                                .height = ROWS + 3,
                                .row = draw_row,
                                .self = s};
    chooser_draw(&s->chooser, &look, c, r);
}

static enum outcome use(struct view *v)
{
    struct filters *s = v->state;
    struct fault why;
    if (s->chooser.list.cursor >= s->count)
        return OUTCOME_REDRAW;
    if (!desk_use(v->desk, s->rows[s->chooser.list.cursor].filter, true, &why))
        return OUTCOME_CLOSE;
    desk_say(v->desk, true, "%s", why.text);
    return OUTCOME_REDRAW;
}

static enum outcome forget(struct view *v)
{
    struct filters *s = v->state;
    uint64_t at = s->chooser.list.cursor;
    if (at < s->count && !slice_is_none(s->rows[at].name) &&
        !desk_ask_named(v->desk, s->rows[at].name, SLICE("")))
        desk_say(v->desk, true, BEING_WRITTEN);
    return OUTCOME_REDRAW;
}

static enum outcome settle(struct view *v, enum chooser_verdict verdict)
{
    struct filters *s = v->state;
    switch (verdict) {
    case CHOOSER_CLOSED:
        return OUTCOME_CLOSE;
    case CHOOSER_CHOSEN:
        return use(v);
    case CHOOSER_CHANGED:
        s->chooser.list = (struct list){0};
        find(v);
        break;
    case CHOOSER_MOVED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome filters_key(struct view *v, uint32_t key)
{
    struct filters *s = v->state;
    if (key == KEY_DELETE)
        return forget(v);
    return settle(v, chooser_key(&s->chooser, key));
}

static enum outcome filters_mouse(struct view *v, const struct terminal_event *event)
{
    struct filters *s = v->state;
    return settle(v, chooser_mouse(&s->chooser, event));
}

static bool filters_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome filters_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class filters_view = {
    .name = "filters",
    .state_size = sizeof(struct filters),
    .floats = true,
    .open = filters_open,
    .close = filters_close,
    .draw = filters_draw,
    .act = filters_act,
    .typing = filters_typing,
    .key = filters_key,
    .answered = filters_answered,
    .mouse = filters_mouse,
};

/* --- keeping one ------------------------------------------------------------------------------ */

static bool keep(struct desk *d, struct slice name)
{
    bool fits = name.len > 0 && name.len <= NAMED_NAME;
    if (d->text.len == 0) {
        desk_say(d, true, "there is no filter to keep");
        return true;
    }
    if (!fits)
        desk_say(d, true, "a name of 1 to %d bytes is wanted", NAMED_NAME);
    else if (!desk_ask_named(d, name, buf_slice(&d->text)))
        desk_say(d, true, BEING_WRITTEN);
    else
        return true;
    return false;
}

enum outcome filters_ask_name(struct desk *d)
{
    d->line = (struct line_question){.title = N_("Name of this filter"),
                                     .foot = N_(" Enter keep  Esc as it was "),
                                     .text = SLICE_NONE,
                                     .done = keep};
    d->over = &line_view;
    return OUTCOME_OVER;
}
