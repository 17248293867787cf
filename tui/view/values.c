/* The values that one can filter by, of six keys in turn, each with how many entries choosing it
 * too would give. Typing narrows; ← and → turn to another key. */
#include "core/base/alloc.h"
#include "tui/view/chooser.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include <stdlib.h>

enum { WIDTH = 72, ROWS = 20 };

static const struct {
    enum filter_key key;
    const char *name;
} facets[] = {{FILTER_CLASS, N_("Class")},   {FILTER_CATEGORY, N_("Category")},
              {FILTER_USER, N_("User")},     {FILTER_STATUS, N_("Status")},
              {FILTER_SOURCE, N_("Source")}, {FILTER_STATE, N_("State")},
              {FILTER_WORK, N_("Work")}};
enum { FACETS_SHOWN = sizeof facets / sizeof *facets };

struct values {
    struct chooser chooser;
    size_t facet;
    uint64_t ticket; /* of the answer that `found` is made of */
    size_t *found, count, room;
};

static const struct values_answer *answer_of(const struct view *v)
{
    const struct values *s = v->state;
    const struct answer *a = v->desk->newest[ASK_VALUES];
    bool ours = a && !a->bad && a->values.key == facets[s->facet].key;
    return ours ? &a->values : NULL;
}

/* A value for people: the class's title beside its id. */
static struct slice shown(const struct desk *d, enum filter_key key, struct slice value)
{
    return key == FILTER_CLASS && !slice_is_none(value) ? desk_class_title(d, value) : value;
}

static bool fits(const struct view *v, struct slice value, struct slice typed)
{
    const struct values *s = v->state;
    enum filter_key key = facets[s->facet].key;
    struct slice text = shown(v->desk, key, value), none = SLICE("none");
    if (slice_is_none(value))
        return slice_find_fold(none, typed) < none.len || typed.len == 0;
    return typed.len == 0 || slice_find_fold(text, typed) < text.len ||
           slice_find_fold(value, typed) < value.len;
}

static void find(struct view *v)
{
    struct values *s = v->state;
    const struct values_answer *a = answer_of(v);
    struct slice typed = chooser_typed(&s->chooser);
    s->count = 0;
    for (size_t i = 0; a && i < a->count; i++) {
        if (!fits(v, a->rows[i].value, typed))
            continue;
        if (s->count == s->room) {
            s->room = s->room ? s->room * 2 : 64;
            s->found = xrealloc(s->found, s->room, sizeof *s->found);
        }
        s->found[s->count++] = i;
    }
    s->chooser.list.count = s->count;
    list_keep(&s->chooser.list, s->chooser.rows.height);
}

/* Counts change with every choice and while an import runs. */
static void sync(struct view *v)
{
    struct values *s = v->state;
    const struct answer *a = v->desk->newest[ASK_VALUES];
    if (a && a->ticket != s->ticket) {
        s->ticket = a->ticket;
        find(v);
    }
}

static void turn(struct view *v, size_t facet)
{
    struct values *s = v->state;
    s->facet = facet;
    s->chooser.list = (struct list){0};
    prompt_set(&s->chooser.line, SLICE(""));
    s->count = 0;
    desk_ask_values(v->desk, facets[facet].key);
}

static void values_open(struct view *v)
{
    struct values *s = v->state;
    chooser_init(&s->chooser);
    while (s->facet + 1 < FACETS_SHOWN && facets[s->facet].key != v->desk->values_of)
        s->facet++;
    turn(v, s->facet);
}

static void values_close(struct view *v)
{
    struct values *s = v->state;
    chooser_free(&s->chooser);
    free(s->found);
}

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct view *v = self;
    const struct values *s = v->state;
    const struct values_answer *a = answer_of(v);
    enum filter_key key = facets[s->facet].key;
    char number[COUNT_SIZE];
    if (!a || s->found[index] >= a->count)
        return;
    const struct facet_row *row = &a->rows[s->found[index]];
    int stance = desk_stance(v->desk, key, row->value);
    count_text(number, row->count);
    int digits = canvas_measure(slice_of(number)), room = r.width - digits - 5;
    canvas_word(c, r.x + 1, r.y, 1, stance < 0 ? ROLE_BAD : ROLE_CHOSEN,
                stance > 0   ? "▶"
                : stance < 0 ? "−"
                             : " ");
    enum role role = stance > 0 ? ROLE_CHOSEN : stance < 0 ? ROLE_DIM : ROLE_TEXT;
    if (slice_is_none(row->value))
        canvas_word(c, r.x + 3, r.y, room, ROLE_DIM, "none");
    else
        canvas_text(c, r.x + 3, r.y, room, role, shown(v->desk, key, row->value));
    canvas_word(c, r.x + r.width - digits - 1, r.y, digits, stance > 0 ? ROLE_CHOSEN : ROLE_DIM,
                number);
}

static void values_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct values *s = v->state;
    char right[COUNT_SIZE];
    sync(v);
    struct chooser_look look = {.title = facets[s->facet].name,
                                .foot =
                                    N_(" ←→ other keys  Enter choose  Delete exclude  Esc close "),
                                .right = count_text(right, s->count),
                                .none = answer_of(v) ? N_("none") : "…",
                                .width = WIDTH,
                                .height = ROWS + 3,
                                .row = draw_row,
                                .self = v};
    chooser_draw(&s->chooser, &look, c, r);
}

static enum outcome choose(struct view *v, bool exclude)
{
    struct values *s = v->state;
    const struct values_answer *a = answer_of(v);
    if (!a || s->chooser.list.cursor >= s->count)
        return OUTCOME_REDRAW;
    struct slice value = a->rows[s->found[s->chooser.list.cursor]].value;
    if (exclude)
        desk_exclude(v->desk, facets[s->facet].key, value);
    else
        desk_toggle(v->desk, facets[s->facet].key, value);
    desk_ask_values(v->desk, facets[s->facet].key);
    return OUTCOME_REDRAW;
}

static enum outcome settle(struct view *v, enum chooser_verdict verdict)
{
    switch (verdict) {
    case CHOOSER_CLOSED:
        return OUTCOME_CLOSE;
    case CHOOSER_CHOSEN:
        return choose(v, false);
    case CHOOSER_CHANGED:
        find(v);
        break;
    case CHOOSER_MOVED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome values_key(struct view *v, uint32_t key)
{
    struct values *s = v->state;
    sync(v);
    if (key == KEY_ARROW_LEFT || key == KEY_ARROW_RIGHT) {
        turn(v, (s->facet + (key == KEY_ARROW_RIGHT ? 1 : FACETS_SHOWN - 1)) % FACETS_SHOWN);
        return OUTCOME_REDRAW;
    }
    if (key == KEY_DELETE)
        return choose(v, true);
    return settle(v, chooser_key(&s->chooser, key));
}

static enum outcome values_mouse(struct view *v, const struct terminal_event *event)
{
    struct values *s = v->state;
    sync(v);
    return settle(v, chooser_mouse(&s->chooser, event));
}

static bool values_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome values_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class values_view = {
    .name = "values",
    .state_size = sizeof(struct values),
    .floats = true,
    .open = values_open,
    .close = values_close,
    .draw = values_draw,
    .act = values_act,
    .typing = values_typing,
    .key = values_key,
    .mouse = values_mouse,
};

enum outcome values_choose(struct desk *d, enum filter_key key)
{
    d->values_of = key;
    d->over = &values_view;
    return OUTCOME_OVER;
}
