/* See stage.h. */
#include "tui/view/stage.h"

#include "core/base/alloc.h"

#include <stdlib.h>

static void push(struct stage *s, const struct view_class *kind)
{
    if (s->depth == STAGE_DEPTH)
        return;
    struct view *v = &s->views[s->depth++];
    *v = (struct view){kind, xcalloc(1, kind->state_size), s->desk};
    if (kind->open)
        kind->open(v);
}

static void pop(struct stage *s)
{
    struct view *v = &s->views[--s->depth];
    if (v->kind->close)
        v->kind->close(v);
    free(v->state);
}

void stage_init(struct stage *s, struct desk *desk)
{
    *s = (struct stage){.desk = desk};
    push(s, &entries_view);
}

void stage_free(struct stage *s)
{
    while (s->depth > 0)
        pop(s);
}

static struct view *top(struct stage *s)
{
    return &s->views[s->depth - 1];
}

static enum outcome settle(struct stage *s, enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_CLOSE:
        if (s->depth > 1)
            pop(s);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_DETAIL:
        push(s, &detail_view);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_HELP:
        push(s, &help_view);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_IGNORED:
    case OUTCOME_REDRAW:
    case OUTCOME_SUSPEND:
    case OUTCOME_QUIT:
        break;
    }
    desk_settle(s->desk);
    return outcome;
}

void stage_draw(struct stage *s, struct canvas *c, int width, int height)
{
    size_t bars = s->desk->bars;
    canvas_resize(c, width, height);
    /* The first view settles how many rows and bars there is room for, even when it is covered. */
    s->views[0].kind->draw(&s->views[0], c, canvas_rect(c));
    if (s->depth > 1) {
        canvas_clear(c);
        top(s)->kind->draw(top(s), c, canvas_rect(c));
    }
    if (bars != s->desk->bars && s->desk->filter)
        desk_refresh(s->desk);
    desk_settle(s->desk);
}

enum outcome stage_key(struct stage *s, uint32_t key)
{
    struct view *v = top(s);
    s->desk->message[0] = '\0';
    if (v->kind->typing && v->kind->typing(v))
        return settle(s, v->kind->key(v, key));
    enum action action = keymap_action(s->desk->keys, key);
    return action == ACTION_NONE ? OUTCOME_REDRAW : settle(s, v->kind->act(v, action));
}

enum outcome stage_mouse(struct stage *s, const struct terminal_event *event)
{
    struct view *v = top(s);
    if (!v->kind->mouse)
        return OUTCOME_IGNORED;
    return settle(s, v->kind->mouse(v, event));
}
