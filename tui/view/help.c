/* The help view, made from the action table. */
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include "tui/screen/layout.h"

#include <stdio.h>

struct help {
    size_t top, lines;
    int height;
};

enum { KEYS_COLUMN = 2, NAME_COLUMN = 16, HELP_COLUMN = 32 };

static void write_group(const struct desk *d, enum action_group group, struct text *t)
{
    text_gap(t);
    text_word(t, ROLE_LABEL, action_group_title(group));
    text_break(t);
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        if (action_group((enum action)a) != group)
            continue;
        struct buf keys;
        buf_init(&keys, 256);
        keymap_keys_text(d->keys, (enum action)a, true, &keys);
        text_indent(t, KEYS_COLUMN);
        text_add(t, ROLE_KEY, arena_copy(t->arena, buf_slice(&keys)));
        text_column(t, NAME_COLUMN);
        text_add(t, ROLE_DIM, slice_of(action_name((enum action)a)));
        text_indent(t, HELP_COLUMN);
        text_column(t, HELP_COLUMN);
        text_word(t, ROLE_TEXT, action_help((enum action)a));
        text_break(t);
        buf_free(&keys);
    }
}

static void write_language(struct text *t)
{
    static const char *const lines[][2] = {
        {"class:ID category: vendor:", N_("what went wrong")},
        {"user:tanaka user:none", N_("whose entry it is")},
        {"status:409,5xx level:error", N_("how it ended")},
        {"event:12808 method:POST path:*/Users*", N_("what happened")},
        {"time:A..B since:7d since:7d@end", N_("when; @end counts from the newest entry")},
        {"is:failure is:success has:remedy", N_("sorts of entries")},
        {"word \"two words\" body:text", N_("text; body: searches the whole record")},
        {"-key:value a,b value*", N_("not; or; any run of characters")},
    };
    text_gap(t);
    text_word(t, ROLE_LABEL, "The filter: terms are ANDed");
    text_break(t);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        text_indent(t, KEYS_COLUMN);
        text_word(t, ROLE_ACCENT, lines[i][0]);
        text_word(t, ROLE_TEXT, "  ");
        text_column(t, 42);
        text_word(t, ROLE_TEXT, lines[i][1]);
        text_break(t);
    }
}

static void write_marks(struct text *t)
{
    text_gap(t);
    text_word(t, ROLE_LABEL, "Evidence");
    text_break(t);
    text_indent(t, KEYS_COLUMN);
    text_word(t, ROLE_SHOWN, "● shown");
    text_word(t, ROLE_TEXT, " by this log   ");
    text_word(t, ROLE_CONSISTENT, "◐ consistent");
    text_word(t, ROLE_TEXT, " with it   ");
    text_word(t, ROLE_MISSING, "○ not captured");
    text_break(t);
}

static void help_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct help *s = v->state;
    struct arena arena;
    struct text t;
    struct rect body = r;
    layout_top(&body, 1);
    struct rect foot = layout_bottom(&body, 1);
    body = layout_inset(body, 2, 0);
    arena_init(&arena);
    text_init(&t, &arena, body.width < 100 ? body.width : 100);
    for (int group = 0; group < GROUPS; group++)
        write_group(v->desk, (enum action_group)group, &t);
    write_language(&t);
    write_marks(&t);
    s->lines = t.count;
    s->height = body.height;
    size_t height = body.height > 0 ? (size_t)body.height : 0;
    if (s->top + height > t.count)
        s->top = t.count > height ? t.count - height : 0;
    canvas_line_across(c, r.x, r.y, r.width);
    box_title(c, r.x, r.y, r.width, true, N_("Keys"), NULL);
    text_draw(&t, c, body, s->top);
    canvas_word(c, foot.x + 1, foot.y, foot.width - 2, ROLE_FOOT,
                "Esc back   ↑↓ PgUp PgDn scroll   rebind in YAML, see README");
    text_free(&t);
    arena_free(&arena);
}

static enum outcome help_act(struct view *v, enum action action)
{
    struct help *s = v->state;
    struct list lines = {.count = s->lines, .top = s->top};
    int64_t page = s->height > 1 ? s->height - 1 : 1, all = (int64_t)s->lines;
    switch (action) {
    case ACTION_BACK:
    case ACTION_HELP:
    case ACTION_QUIT:
    case ACTION_OPEN:
        return OUTCOME_CLOSE;
    case ACTION_UP:
    case ACTION_DOWN:
        list_scroll(&lines, action == ACTION_UP ? -1 : 1, s->height);
        break;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        list_scroll(&lines, action == ACTION_PAGE_UP ? -page : page, s->height);
        break;
    case ACTION_FIRST:
    case ACTION_LAST:
        list_scroll(&lines, action == ACTION_FIRST ? -all : all, s->height);
        break;
    case ACTION_SUSPEND:
        return OUTCOME_SUSPEND;
    default:
        return OUTCOME_IGNORED;
    }
    s->top = (size_t)lines.top;
    return OUTCOME_REDRAW;
}

static enum outcome help_mouse(struct view *v, const struct terminal_event *event)
{
    if (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN)
        return help_act(v, event->mouse == MOUSE_UP ? ACTION_UP : ACTION_DOWN);
    return OUTCOME_IGNORED;
}

const struct view_class help_view = {
    .name = "help",
    .state_size = sizeof(struct help),
    .draw = help_draw,
    .act = help_act,
    .mouse = help_mouse,
};
