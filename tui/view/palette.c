/* The command palette: every action of the action table by name. Typing narrows, Enter does what
 * the action's key would do in the view beneath. It knows nothing of what an action does. */
#include "tui/view/chooser.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include <stdio.h>

enum { WIDTH = 88, NAME_COLUMN = 16, KEYS_WIDTH = 14 };

struct palette {
    struct chooser chooser;
    enum action found[ACTION_COUNT]; /* what fits to the line */
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
    struct slice typed = chooser_typed(&s->chooser);
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
            bool first = begins((enum action)a, typed);
            if (pass == 0 ? first : !first && holds((enum action)a, typed))
                s->found[count++] = (enum action)a;
        }
    s->chooser.list = (struct list){.count = count};
}

static void palette_open(struct view *v)
{
    struct palette *s = v->state;
    chooser_init(&s->chooser);
    find(s);
}

static void palette_close(struct view *v)
{
    struct palette *s = v->state;
    chooser_free(&s->chooser);
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
    /* As high as all actions need, whatever fits to the line: nothing jumps while one types. */
    struct chooser_look look = {.title = N_("Actions"),
                                .foot = N_(" ↑↓ choose  Enter do it  Esc close "),
                                .right = count_text(count, s->chooser.list.count),
                                .none = N_("no action has this name"),
                                .width = WIDTH,
                                .height = ACTION_COUNT + 2,
                                .row = draw_row,
                                .self = &drawing};
    chooser_draw(&s->chooser, &look, c, r);
}

static enum outcome settle(struct view *v, enum chooser_verdict verdict)
{
    struct palette *s = v->state;
    if (verdict == CHOOSER_CLOSED)
        return OUTCOME_CLOSE;
    if (verdict == CHOOSER_CHANGED)
        find(s);
    if (verdict != CHOOSER_CHOSEN || s->chooser.list.cursor >= s->chooser.list.count)
        return OUTCOME_REDRAW;
    v->desk->run = s->found[s->chooser.list.cursor];
    return OUTCOME_RUN;
}

static enum outcome palette_key(struct view *v, uint32_t key)
{
    struct palette *s = v->state;
    return settle(v, chooser_key(&s->chooser, key));
}

static enum outcome palette_mouse(struct view *v, const struct terminal_event *event)
{
    struct palette *s = v->state;
    return settle(v, chooser_mouse(&s->chooser, event));
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
