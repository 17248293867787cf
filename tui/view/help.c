/* The help view: what keys do in the view beneath, then all of them, made from the action table.
 * Typing after `/` leaves the lines that hold it. */
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include "tui/screen/layout.h"

#include <stdio.h>

struct help {
    size_t top, lines;
    int height;
    bool searching; /* keys are text */
    struct prompt wanted;
};

enum { KEYS_COLUMN = 2, NAME_COLUMN = 16, HELP_COLUMN = 32, HERE_LIMIT = 8 };

/* What is special about a view, in its own words. */
static const struct context {
    const char *view, *title;
    struct {
        enum action action;
        const char *words;
    } rows[HERE_LIMIT];
} contexts[] = {
    {"entries",
     N_("Here: the entries"),
     {{ACTION_OPEN, N_("request, response, evidence: everything about the entry")},
      {ACTION_INCLUDE, N_("only entries with the value of the column")},
      {ACTION_EXCLUDE, N_("no entries with the value of the column")},
      {ACTION_NEXT_PANE, N_("to the remedy, which then scrolls")},
      {ACTION_ORDER, N_("newest or oldest first")}}},
    {"problems",
     N_("Here: who fails with what"),
     {{ACTION_OPEN, N_("the entries of the problem")},
      {ACTION_WORK, N_("open, done or ignored, in turn")},
      {ACTION_NOTE, N_("a note on the problem")},
      {ACTION_NEXT_PANE, N_("to the remedy, which then scrolls")}}},
    {"patterns",
     N_("Here: what only several entries show"),
     {{ACTION_OPEN, N_("the entries that the pattern rests on")},
      {ACTION_NEXT_PANE, N_("to the remedy, which then scrolls")}}},
    {"sources",
     N_("Here: what was imported"),
     {{ACTION_OPEN, N_("the entries of the source")},
      {ACTION_NEXT_PANE, N_("to what is missing, which then scrolls")}}},
    {"detail",
     N_("Here: one entry"),
     {{ACTION_LEFT, N_("the entry before")},
      {ACTION_RIGHT, N_("the entry after")},
      {ACTION_OPEN, N_("to the entry that the line names")},
      {ACTION_OLDER, N_("back to the entry before that")},
      {ACTION_INCLUDE, N_("only entries with the value of the line")},
      {ACTION_EXCLUDE, N_("no entries with the value of the line")}}},
};

static bool holds(const char *text, struct slice wanted)
{
    return slice_find_fold(slice_of(text), wanted) < strlen(text);
}

/* One action; nothing when neither its keys nor its words hold what is searched for. */
static void write_action(const struct desk *d, enum action action, const char *words,
                         struct slice wanted, struct text *t)
{
    struct buf keys;
    buf_init(&keys, 256);
    keymap_keys_text(d->keys, action, true, &keys);
    if (wanted.len == 0 || holds(action_name(action), wanted) || holds(_(words), wanted) ||
        (keys.len > 0 && holds(keys.at, wanted))) {
        text_indent(t, KEYS_COLUMN);
        text_add(t, ROLE_KEY, arena_copy(t->arena, buf_slice(&keys)));
        text_column(t, NAME_COLUMN);
        text_add(t, ROLE_DIM, slice_of(action_name(action)));
        text_indent(t, HELP_COLUMN);
        text_column(t, HELP_COLUMN);
        text_word(t, ROLE_TEXT, words);
        text_break(t);
    }
    buf_free(&keys);
}

static void heading(struct text *t, const char *words)
{
    text_gap(t);
    text_word(t, ROLE_LABEL, words);
    text_break(t);
}

static void write_here(const struct desk *d, struct slice wanted, struct text *t)
{
    for (size_t i = 0; d->help_for && i < sizeof contexts / sizeof *contexts; i++) {
        const struct context *here = &contexts[i];
        if (strcmp(here->view, d->help_for) != 0)
            continue;
        heading(t, here->title);
        for (size_t n = 0; n < HERE_LIMIT && here->rows[n].words; n++)
            write_action(d, here->rows[n].action, here->rows[n].words, wanted, t);
    }
}

static void write_group(const struct desk *d, enum action_group group, struct slice wanted,
                        struct text *t)
{
    heading(t, action_group_title(group));
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        if (action_group((enum action)a) == group)
            write_action(d, (enum action)a, action_help((enum action)a), wanted, t);
}

static void write_language(struct slice wanted, struct text *t)
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
    heading(t, "The filter: terms are ANDed");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (wanted.len > 0 && !holds(lines[i][0], wanted) && !holds(_(lines[i][1]), wanted))
            continue;
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
    heading(t, "Evidence");
    text_indent(t, KEYS_COLUMN);
    text_word(t, ROLE_SHOWN, "● shown");
    text_word(t, ROLE_TEXT, " by this log   ");
    text_word(t, ROLE_CONSISTENT, "◐ consistent");
    text_word(t, ROLE_TEXT, " with it   ");
    text_word(t, ROLE_MISSING, "○ not captured");
    text_break(t);
}

static void help_open(struct view *v)
{
    struct help *s = v->state;
    prompt_init(&s->wanted);
}

static void help_close(struct view *v)
{
    struct help *s = v->state;
    prompt_free(&s->wanted);
}

static void draw_foot(struct help *s, struct canvas *c, struct rect r)
{
    if (!s->searching && s->wanted.text.len == 0) {
        canvas_word(c, r.x + 1, r.y, r.width - 2, ROLE_FOOT,
                    "Esc back   ↑↓ PgUp PgDn scroll   / search   rebind in YAML, see README");
        return;
    }
    int x = r.x + 1;
    x += canvas_word(c, x, r.y, r.width - 2, ROLE_KEY, "search ");
    prompt_draw(&s->wanted, c, x, r.y, r.width - (x - r.x) - 1, ROLE_INPUT, s->searching);
}

static void help_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct help *s = v->state;
    struct slice wanted = slice_trim(buf_slice(&s->wanted.text));
    struct arena arena;
    struct text t;
    struct rect body = r;
    layout_top(&body, 1);
    struct rect foot = layout_bottom(&body, 1);
    body = layout_inset(body, 2, 0);
    arena_init(&arena);
    text_init(&t, &arena, body.width < 100 ? body.width : 100);
    write_here(v->desk, wanted, &t);
    for (int group = 0; group < GROUPS; group++)
        write_group(v->desk, (enum action_group)group, wanted, &t);
    write_language(wanted, &t);
    if (wanted.len == 0)
        write_marks(&t);
    s->lines = t.count;
    s->height = body.height;
    size_t height = body.height > 0 ? (size_t)body.height : 0;
    if (s->top + height > t.count)
        s->top = t.count > height ? t.count - height : 0;
    canvas_line_across(c, r.x, r.y, r.width);
    box_title(c, r.x, r.y, r.width, true, N_("Keys"), NULL);
    text_draw(&t, c, body, s->top);
    draw_foot(s, c, foot);
    text_free(&t);
    arena_free(&arena);
}

static bool help_typing(const struct view *v)
{
    const struct help *s = v->state;
    return s->searching;
}

/* Enter leaves what was found; Esc shows everything again. */
static enum outcome help_key(struct view *v, uint32_t key)
{
    struct help *s = v->state;
    switch (prompt_key(&s->wanted, key)) {
    case PROMPT_CANCELLED:
        prompt_set(&s->wanted, SLICE(""));
        s->searching = false;
        break;
    case PROMPT_DONE:
        s->searching = false;
        break;
    case PROMPT_CHANGED:
        s->top = 0;
        break;
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome help_act(struct view *v, enum action action)
{
    struct help *s = v->state;
    struct list lines = {.count = s->lines, .top = s->top};
    int64_t page = s->height > 1 ? s->height - 1 : 1, all = (int64_t)s->lines;
    switch (action) {
    case ACTION_FILTER:
        s->searching = true;
        return OUTCOME_REDRAW;
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
    .open = help_open,
    .close = help_close,
    .typing = help_typing,
    .key = help_key,
    .draw = help_draw,
    .act = help_act,
    .mouse = help_mouse,
};
