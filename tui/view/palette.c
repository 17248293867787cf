/* The command palette: every action of the action table by name. Typing narrows, Enter does what
 * the action's key would do in the view beneath. It knows nothing of what an action does. */
#include "tui/screen/layout.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include <stdio.h>

enum { WIDTH = 88, NAME_COLUMN = 16, KEYS_WIDTH = 14 };

struct palette {
    struct prompt line;
    struct list list;
    enum action found[ACTION_COUNT]; /* what fits to the line */
    struct rect rows;                /* as last drawn */
};

static bool begins(enum action action, struct slice typed)
{
    return slice_equal_fold(slice_first(slice_of(action_name(action)), typed.len), typed);
}

static bool holds(enum action action, struct slice typed)
{
    struct slice name = slice_of(action_name(action)), help = slice_of(action_help(action));
    return slice_find_fold(name, typed) < name.len || slice_find_fold(help, typed) < help.len;
}

/* Names that begin with what is typed, then those that hold it, or whose help does. */
static void find(struct palette *s)
{
    struct slice typed = slice_trim(buf_slice(&s->line.text));
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
            bool first = begins((enum action)a, typed);
            if (pass == 0 ? first : !first && holds((enum action)a, typed))
                s->found[count++] = (enum action)a;
        }
    s->list = (struct list){.count = count};
}

static void palette_open(struct view *v)
{
    struct palette *s = v->state;
    prompt_init(&s->line);
    find(s);
}

static void palette_close(struct view *v)
{
    struct palette *s = v->state;
    prompt_free(&s->line);
}

struct drawing {
    const struct palette *palette;
    const struct keymap *keys;
};

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct drawing *drawing = self;
    enum action action = drawing->palette->found[index];
    struct buf keys;
    buf_init(&keys, 256);
    keymap_keys_text(drawing->keys, action, true, &keys);
    canvas_text(c, r.x + 1, r.y, NAME_COLUMN - 1, ROLE_STRONG, slice_of(action_name(action)));
    canvas_word(c, r.x + 1 + NAME_COLUMN, r.y, r.width - NAME_COLUMN - KEYS_WIDTH - 3, ROLE_TEXT,
                action_help(action));
    canvas_right(c, r.x + r.width - 1 - KEYS_WIDTH, r.y, KEYS_WIDTH, ROLE_KEY, buf_slice(&keys));
    buf_free(&keys);
}

static void palette_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct palette *s = v->state;
    struct drawing drawing = {s, v->desk->keys};
    char count[COUNT_SIZE];
    int width = r.width - 4 < WIDTH ? r.width - 4 : WIDTH;
    /* As high as all actions need, whatever fits to the line: nothing jumps while one types. */
    int height = r.height - 4 < ACTION_COUNT + 2 ? r.height - 4 : ACTION_COUNT + 2;
    s->rows = (struct rect){0};
    if (width < NAME_COLUMN + KEYS_WIDTH + 8 || height < 4)
        return;
    struct rect frame = layout_middle(r, width, height), inner = layout_inset(frame, 1, 1);
    struct rect line = layout_top(&inner, 1);
    canvas_fill(c, frame, ROLE_TEXT);
    canvas_box(c, frame);
    box_title(c, frame.x, frame.y, frame.width, true, "Actions", count_text(count, s->list.count));
    canvas_word(c, frame.x + 2, frame.y + frame.height - 1, frame.width - 4, ROLE_DIM,
                " ↑↓ choose  Enter do it  Esc close ");
    canvas_word(c, line.x + 1, line.y, 1, ROLE_FOCUS, ":");
    prompt_draw(&s->line, c, line.x + 3, line.y, line.width - 4, ROLE_INPUT, true);
    if (s->list.count > 0)
        list_draw(&s->list, c, inner, true, draw_row, &drawing);
    else
        canvas_word(c, inner.x + 3, inner.y, inner.width - 4, ROLE_DIM, "no action has this name");
    s->rows = inner;
}

static enum outcome run(struct view *v)
{
    struct palette *s = v->state;
    if (s->list.cursor >= s->list.count)
        return OUTCOME_REDRAW;
    v->desk->run = s->found[s->list.cursor];
    return OUTCOME_RUN;
}

static enum outcome palette_key(struct view *v, uint32_t key)
{
    struct palette *s = v->state;
    switch (key) {
    case KEY_ARROW_UP:
    case KEY_BACK_TABULATOR:
        list_act(&s->list, ACTION_UP, s->rows.height);
        return OUTCOME_REDRAW;
    case KEY_ARROW_DOWN:
    case KEY_TABULATOR:
        list_act(&s->list, ACTION_DOWN, s->rows.height);
        return OUTCOME_REDRAW;
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
        list_act(&s->list, key == KEY_PAGE_UP ? ACTION_PAGE_UP : ACTION_PAGE_DOWN, s->rows.height);
        return OUTCOME_REDRAW;
    default:
        break;
    }
    switch (prompt_key(&s->line, key)) {
    case PROMPT_DONE:
        return run(v);
    case PROMPT_CANCELLED:
        return OUTCOME_CLOSE;
    case PROMPT_CHANGED:
        find(s);
        break;
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome palette_mouse(struct view *v, const struct terminal_event *event)
{
    enum { WHEEL_ROWS = 3 };
    struct palette *s = v->state;
    if (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN) {
        list_scroll(&s->list, event->mouse == MOUSE_UP ? -WHEEL_ROWS : WHEEL_ROWS, s->rows.height);
        return OUTCOME_REDRAW;
    }
    if (event->mouse != MOUSE_PRESS)
        return OUTCOME_IGNORED;
    if (!layout_holds(s->rows, event->x, event->y))
        return OUTCOME_CLOSE;
    return list_click(&s->list, event->y - s->rows.y) ? run(v) : OUTCOME_REDRAW;
}

/* Keys are text here, always. */
static bool palette_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome palette_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class palette_view = {
    .name = "palette",
    .state_size = sizeof(struct palette),
    .floats = true,
    .open = palette_open,
    .close = palette_close,
    .draw = palette_draw,
    .act = palette_act,
    .typing = palette_typing,
    .key = palette_key,
    .mouse = palette_mouse,
};
