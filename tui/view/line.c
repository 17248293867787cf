/* One line to be typed over whichever view asks: a note, a moment to go to, a name. desk->line says
 * what is asked and what is done with it. */
#include "tui/screen/layout.h"
#include "tui/screen/prompt.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

enum { WIDTH = 76 };

struct line {
    struct line_question question;
    struct prompt prompt;
};

static void line_open(struct view *v)
{
    struct line *s = v->state;
    prompt_init(&s->prompt);
    s->question = v->desk->line;
    if (s->question.text.len > 0)
        prompt_set(&s->prompt, s->question.text);
    s->question.text = SLICE_NONE; /* borrowed for as long as this call */
}

static void line_close(struct view *v)
{
    struct line *s = v->state;
    prompt_free(&s->prompt);
}

static void line_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct line *s = v->state;
    int width = r.width - 4 < WIDTH ? r.width - 4 : WIDTH;
    struct rect frame = layout_middle(r, width, 3);
    if (width < 20 || r.height < 5)
        return;
    canvas_fill(c, frame, ROLE_TEXT);
    canvas_box(c, frame);
    box_title(c, frame.x, frame.y, frame.width, true, s->question.title, NULL);
    canvas_word(c, frame.x + 2, frame.y + frame.height - 1, frame.width - 4, ROLE_DIM,
                s->question.foot);
    prompt_draw(&s->prompt, c, frame.x + 2, frame.y + 1, frame.width - 4, ROLE_INPUT, true);
}

static bool line_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome line_key(struct view *v, uint32_t key)
{
    struct line *s = v->state;
    switch (prompt_key(&s->prompt, key)) {
    case PROMPT_DONE:
        if (s->question.done(v->desk, slice_trim(buf_slice(&s->prompt.text))))
            return OUTCOME_CLOSE;
        break;
    case PROMPT_CANCELLED:
        return OUTCOME_CLOSE;
    case PROMPT_CHANGED:
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome line_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class line_view = {
    .name = "line",
    .state_size = sizeof(struct line),
    .floats = true,
    .open = line_open,
    .close = line_close,
    .draw = line_draw,
    .act = line_act,
    .typing = line_typing,
    .key = line_key,
};
