/* The line in which one writes a note; it lies over whichever view asked for it. */
#include "tui/screen/layout.h"
#include "tui/screen/prompt.h"
#include "tui/view/pane.h"
#include "tui/view/remark.h"
#include "tui/view/view.h"

#include <stdlib.h>

enum { WIDTH = 76 };

struct note {
    struct remark_subject subject; /* its slices are not used later: answers go */
    struct prompt line;
};

static void note_open(struct view *v)
{
    struct note *s = v->state;
    prompt_init(&s->line);
    s->subject = v->desk->remark;
    if (s->subject.note.len > 0)
        prompt_set(&s->line, s->subject.note);
}

static void note_close(struct view *v)
{
    struct note *s = v->state;
    prompt_free(&s->line);
}

static void note_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct note *s = v->state;
    int width = r.width - 4 < WIDTH ? r.width - 4 : WIDTH;
    struct rect frame = layout_middle(r, width, 3);
    if (width < 20 || r.height < 5)
        return;
    canvas_fill(c, frame, ROLE_TEXT);
    canvas_box(c, frame);
    box_title(c, frame.x, frame.y, frame.width, true,
              s->subject.problem ? N_("Note on this problem") : N_("Note on this entry"), NULL);
    canvas_word(c, frame.x + 2, frame.y + frame.height - 1, frame.width - 4, ROLE_DIM,
                " Enter keep  empty: take away  Esc as it was ");
    prompt_draw(&s->line, c, frame.x + 2, frame.y + 1, frame.width - 4, ROLE_INPUT, true);
}

static bool note_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome note_key(struct view *v, uint32_t key)
{
    struct note *s = v->state;
    switch (prompt_key(&s->line, key)) {
    case PROMPT_DONE:
        remark_set_note(v->desk, &s->subject, slice_trim(buf_slice(&s->line.text)));
        return OUTCOME_CLOSE;
    case PROMPT_CANCELLED:
        return OUTCOME_CLOSE;
    case PROMPT_CHANGED:
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome note_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class note_view = {
    .name = "note",
    .state_size = sizeof(struct note),
    .floats = true,
    .open = note_open,
    .close = note_close,
    .draw = note_draw,
    .act = note_act,
    .typing = note_typing,
    .key = note_key,
};
