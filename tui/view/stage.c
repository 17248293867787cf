/* See stage.h. */
#include "tui/view/stage.h"

#include "core/base/alloc.h"
#include "tui/view/pane.h"
#include "tui/view/remark.h"
#include "tui/view/zone.h"

#include <stdlib.h>

static const struct view_class *const tab_classes[TABS] = {[TAB_ENTRIES] = &entries_view,
                                                           [TAB_PROBLEMS] = &problems_view,
                                                           [TAB_PATTERNS] = &patterns_view,
                                                           [TAB_SOURCES] = &sources_view};

static void open(struct stage *s, struct view *v, const struct view_class *kind)
{
    *v = (struct view){kind, xcalloc(1, kind->state_size), s->desk};
    if (kind->open)
        kind->open(v);
}

static void shut(struct view *v)
{
    if (v->kind && v->kind->close)
        v->kind->close(v);
    free(v->state);
    *v = (struct view){0};
}

static void push(struct stage *s, const struct view_class *kind)
{
    if (s->depth < STAGE_DEPTH)
        open(s, &s->over[s->depth++], kind);
}

static void pop(struct stage *s)
{
    if (s->depth > 0)
        shut(&s->over[--s->depth]);
}

static void turn_to(struct stage *s, enum tab tab)
{
    while (s->depth > 0)
        pop(s);
    s->desk->tab = tab;
    if (!s->tabs[tab].kind)
        open(s, &s->tabs[tab], tab_classes[tab]);
}

void stage_init(struct stage *s, struct desk *desk)
{
    *s = (struct stage){.desk = desk};
    turn_to(s, TAB_ENTRIES);
}

void stage_free(struct stage *s)
{
    while (s->depth > 0)
        pop(s);
    for (int tab = 0; tab < TABS; tab++)
        shut(&s->tabs[tab]);
}

static struct view *top(struct stage *s)
{
    return s->depth > 0 ? &s->over[s->depth - 1] : &s->tabs[s->desk->tab];
}

static enum outcome act(struct stage *s, enum action action);

/* What the palette chose. Where it means nothing that is said: one has asked for it by name. */
static enum outcome run(struct stage *s)
{
    enum action action = s->desk->run;
    pop(s);
    enum outcome outcome = act(s, action);
    if (outcome != OUTCOME_IGNORED)
        return outcome;
    desk_say(s->desk, true, "%s does nothing here", action_name(action));
    return OUTCOME_REDRAW;
}

static enum outcome settle(struct stage *s, enum outcome outcome, enum action action)
{
    switch (outcome) {
    case OUTCOME_CLOSE:
        pop(s);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_ENTRIES:
        turn_to(s, TAB_ENTRIES);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_PASS:
        turn_to(s, TAB_ENTRIES);
        return settle(s, top(s)->kind->act(top(s), action), action);
    case OUTCOME_DETAIL:
        push(s, &detail_view);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_HELP:
        s->desk->help_for = top(s)->kind->name;
        push(s, &help_view);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_OVER:
        push(s, s->desk->over);
        outcome = OUTCOME_REDRAW;
        break;
    case OUTCOME_RUN:
        return run(s);
    case OUTCOME_IGNORED:
    case OUTCOME_REDRAW:
    case OUTCOME_SUSPEND:
    case OUTCOME_QUIT:
        break;
    }
    desk_settle(s->desk);
    return outcome;
}

/* Marks, notes and states work alike wherever the cursor is on an entry or a problem. */
static enum outcome remark(struct stage *s, enum action action)
{
    struct view *v = top(s);
    struct remark_subject subject = {0};
    if (v->kind->subject)
        subject = v->kind->subject(v);
    if (subject.entry == 0) {
        desk_say(s->desk, true, "there is no entry here to mark or note");
        return OUTCOME_REDRAW;
    }
    if (action == ACTION_MARK)
        remark_toggle_mark(s->desk, &subject);
    else if (action == ACTION_WORK)
        remark_next_work(s->desk, &subject);
    else {
        remark_ask_note(s->desk, &subject);
        push(s, &line_view);
    }
    return OUTCOME_REDRAW;
}

/* What an action does, whichever way it was asked for. */
static enum outcome act(struct stage *s, enum action action)
{
    enum tab tab = tab_of_action(action);
    if (tab != TABS) {
        turn_to(s, tab);
        return settle(s, OUTCOME_REDRAW, action);
    }
    if (action == ACTION_PALETTE || action == ACTION_THEME) {
        push(s, action == ACTION_THEME ? &themes_view : &palette_view);
        return OUTCOME_REDRAW;
    }
    if (action == ACTION_NONE)
        return OUTCOME_REDRAW;
    s->desk->repaint = s->desk->repaint || action == ACTION_REFRESH;
    const struct view_class *dialog = action == ACTION_EXPORT   ? &export_view
                                      : action == ACTION_TICKET ? &ticket_view
                                      : action == ACTION_IMPORT ? &import_view
                                      : action == ACTION_COPY   ? &copy_view
                                                                : NULL;
    if (dialog) {
        push(s, dialog);
        return OUTCOME_REDRAW;
    }
    if (action == ACTION_ZONE) {
        zone_next(s->desk);
        return OUTCOME_REDRAW;
    }
    if (action == ACTION_STOP) {
        bool runs = s->desk->door.stop(s->desk->door.self);
        desk_say(s->desk, !runs,
                 runs ? N_("the import ends after the batch at hand")
                      : N_("no import is running here"));
        return OUTCOME_REDRAW;
    }
    if (action == ACTION_MARK || action == ACTION_NOTE || action == ACTION_WORK)
        return remark(s, action);
    return settle(s, top(s)->kind->act(top(s), action), action);
}

/* The topmost view that fills the screen; what floats lies over it. */
static struct view *top_whole(struct stage *s)
{
    size_t depth = s->depth;
    while (depth > 0 && s->over[depth - 1].kind->floats)
        depth--;
    return depth > 0 ? &s->over[depth - 1] : &s->tabs[s->desk->tab];
}

void stage_draw(struct stage *s, struct canvas *c, int width, int height)
{
    struct view *entries = &s->tabs[TAB_ENTRIES];
    size_t bars = s->desk->bars;
    canvas_resize(c, width, height);
    /* The entries settle how many rows and bars there is room for, even when they are covered. */
    entries->kind->draw(entries, c, canvas_rect(c));
    if (top_whole(s) != entries) {
        canvas_clear(c);
        top_whole(s)->kind->draw(top_whole(s), c, canvas_rect(c));
    }
    if (top(s)->kind->floats)
        top(s)->kind->draw(top(s), c, canvas_rect(c));
    if (bars != s->desk->bars && s->desk->filter)
        desk_refresh(s->desk);
    desk_settle(s->desk);
}

enum outcome stage_key(struct stage *s, uint32_t key)
{
    struct view *v = top(s);
    s->desk->message[0] = '\0';
    if (v->kind->typing && v->kind->typing(v))
        return settle(s, v->kind->key(v, key), ACTION_NONE);
    return act(s, keymap_action(s->desk->keys, key));
}

enum outcome stage_take(struct stage *s, struct answer *a)
{
    enum question_kind kind = a->kind;
    enum outcome outcome = OUTCOME_REDRAW;
    desk_take(s->desk, a);
    /* What lies deeper must not look at an answer that is gone, either; only the topmost acts. */
    for (size_t i = 0; i < s->depth; i++)
        if (s->over[i].kind->answered)
            outcome = s->over[i].kind->answered(&s->over[i], kind);
    if (s->depth == 0 || !top(s)->kind->answered)
        outcome = OUTCOME_REDRAW;
    return settle(s, outcome, ACTION_NONE);
}

enum outcome stage_mouse(struct stage *s, const struct terminal_event *event)
{
    struct view *v = top(s);
    enum tab tab = event->mouse == MOUSE_PRESS ? tabs_at(s->desk, event->x, event->y) : TABS;
    if (s->depth == 0 && tab != TABS) {
        turn_to(s, tab);
        return settle(s, OUTCOME_REDRAW, ACTION_NONE);
    }
    if (!v->kind->mouse)
        return OUTCOME_IGNORED;
    return settle(s, v->kind->mouse(v, event), ACTION_NONE);
}
