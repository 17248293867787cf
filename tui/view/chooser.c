/* See chooser.h. */
#include "tui/view/chooser.h"

#include "tui/screen/layout.h"
#include "tui/view/pane.h"

void chooser_init(struct chooser *s)
{
    *s = (struct chooser){0};
    prompt_init(&s->line);
}

void chooser_free(struct chooser *s)
{
    prompt_free(&s->line);
}

struct slice chooser_typed(const struct chooser *s)
{
    return slice_trim(buf_slice(&s->line.text));
}

void chooser_draw(struct chooser *s, const struct chooser_look *look, struct canvas *c,
                  struct rect r)
{
    enum { LEAST_WIDTH = 24, LEAST_HEIGHT = 4 };
    int width = r.width - 4 < look->width ? r.width - 4 : look->width;
    int height = r.height - 4 < look->height ? r.height - 4 : look->height;
    s->rows = s->frame = (struct rect){0};
    if (width < LEAST_WIDTH || height < LEAST_HEIGHT)
        return;
    s->frame = layout_middle(r, width, height);
    struct rect inner = layout_inset(s->frame, 1, 1), line = layout_top(&inner, 1);
    canvas_fill(c, s->frame, ROLE_TEXT);
    canvas_box(c, s->frame);
    box_title(c, s->frame.x, s->frame.y, s->frame.width, true, look->title, look->right);
    canvas_word(c, s->frame.x + 2, s->frame.y + s->frame.height - 1, s->frame.width - 4, ROLE_DIM,
                look->foot);
    canvas_word(c, line.x + 1, line.y, 1, ROLE_FOCUS, ":");
    prompt_draw(&s->line, c, line.x + 3, line.y, line.width - 4, ROLE_INPUT, true);
    if (s->list.count > 0)
        list_draw(&s->list, c, inner, true, look->row, look->self);
    else
        canvas_word(c, inner.x + 3, inner.y, inner.width - 4, ROLE_DIM, look->none);
    s->rows = inner;
}

enum chooser_verdict chooser_key(struct chooser *s, uint32_t key)
{
    switch (key) {
    case KEY_ARROW_UP:
    case KEY_BACK_TABULATOR:
        list_act(&s->list, ACTION_UP, s->rows.height);
        return CHOOSER_MOVED;
    case KEY_ARROW_DOWN:
    case KEY_TABULATOR:
        list_act(&s->list, ACTION_DOWN, s->rows.height);
        return CHOOSER_MOVED;
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
        list_act(&s->list, key == KEY_PAGE_UP ? ACTION_PAGE_UP : ACTION_PAGE_DOWN, s->rows.height);
        return CHOOSER_MOVED;
    default:
        break;
    }
    switch (prompt_key(&s->line, key)) {
    case PROMPT_DONE:
        return CHOOSER_CHOSEN;
    case PROMPT_CANCELLED:
        return CHOOSER_CLOSED;
    case PROMPT_CHANGED:
        return CHOOSER_CHANGED;
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return CHOOSER_MOVED;
}

enum chooser_verdict chooser_mouse(struct chooser *s, const struct terminal_event *event)
{
    enum { WHEEL_ROWS = 3 };
    if (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN)
        list_scroll(&s->list, event->mouse == MOUSE_UP ? -WHEEL_ROWS : WHEEL_ROWS, s->rows.height);
    if (event->mouse != MOUSE_PRESS)
        return CHOOSER_MOVED;
    if (!layout_holds(s->frame, event->x, event->y))
        return CHOOSER_CLOSED;
    bool row = layout_holds(s->rows, event->x, event->y);
    return row && list_click(&s->list, event->y - s->rows.y) ? CHOOSER_CHOSEN : CHOOSER_MOVED;
}
