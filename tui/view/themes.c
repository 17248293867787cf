/* Themes to choose from: the screen shows the one under the cursor at once, Enter keeps it in the
 * settings, Esc goes back to the one before. */
#include "tui/screen/theme.h"
#include "tui/view/chooser.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

enum { WIDTH = 56, NAME_COLUMN = 16, THEMES_LIMIT = 32 };

struct themes {
    struct chooser chooser;
    const char *rows[THEMES_LIMIT]; /* those that fit to what is typed */
    bool kept;
};

static void find(struct themes *s)
{
    struct slice typed = chooser_typed(&s->chooser);
    size_t count = 0;
    for (const char *const *name = theme_names(); *name && count < THEMES_LIMIT; name++)
        if (typed.len == 0 || slice_find_fold(slice_of(*name), typed) < strlen(*name))
            s->rows[count++] = *name;
    s->chooser.list = (struct list){.count = count};
}

static const char *chosen(const struct themes *s)
{
    return s->chooser.list.cursor < s->chooser.list.count ? s->rows[s->chooser.list.cursor] : NULL;
}

/* Looks like the theme under the cursor; like the one before when there is none. */
static void preview(struct view *v, const char *name)
{
    struct desk *d = v->desk;
    struct fault why;
    if (d->door.theme && d->door.theme(d->door.self, name, false, &why))
        desk_say(d, true, "%s", why.text);
}

static void themes_open(struct view *v)
{
    struct themes *s = v->state;
    chooser_init(&s->chooser);
    find(s);
    for (size_t i = 0; i < s->chooser.list.count; i++)
        if (v->desk->theme && strcmp(s->rows[i], v->desk->theme) == 0)
            s->chooser.list.cursor = i;
}

static void themes_close(struct view *v)
{
    struct themes *s = v->state;
    if (!s->kept)
        preview(v, NULL);
    chooser_free(&s->chooser);
}

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    static const struct {
        const char *name, *words;
    } known[] = {
        {"colour-blind", N_("blue, orange and yellow only")},
        {"contrast", N_("strong contrast")},
        {"dark", N_("for dark backgrounds")},
        {"light", N_("for light backgrounds")},
        {"mono", N_("no colours at all")},
    };
    const struct themes *s = self;
    canvas_text(c, r.x + 1, r.y, NAME_COLUMN - 1, ROLE_STRONG, slice_of(s->rows[index]));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, s->rows[index]) == 0)
            canvas_word(c, r.x + 1 + NAME_COLUMN, r.y, r.width - NAME_COLUMN - 2, ROLE_TEXT,
                        known[i].words);
}

static void themes_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct themes *s = v->state;
    struct chooser_look look = {.title = N_("Themes"),
                                .foot = N_(" ↑↓ look  Enter keep  Esc as before "),
                                .right = v->desk->theme,
                                .none = N_("no theme has this name"),
                                .width = WIDTH,
                                .height = 8,
                                .row = draw_row,
                                .self = s};
    chooser_draw(&s->chooser, &look, c, r);
}

static enum outcome keep(struct view *v)
{
    struct themes *s = v->state;
    struct desk *d = v->desk;
    struct fault why;
    const char *name = chosen(s);
    if (!name || !d->door.theme)
        return OUTCOME_REDRAW;
    s->kept = true;
    if (d->door.theme(d->door.self, name, true, &why))
        desk_say(d, true, "%s", why.text);
    else
        desk_say(d, false, "theme %s from now on", name);
    return OUTCOME_CLOSE;
}

static enum outcome settle(struct view *v, enum chooser_verdict verdict)
{
    struct themes *s = v->state;
    if (verdict == CHOOSER_CLOSED)
        return OUTCOME_CLOSE;
    if (verdict == CHOOSER_CHOSEN)
        return keep(v);
    if (verdict == CHOOSER_CHANGED)
        find(s);
    preview(v, chosen(s));
    return OUTCOME_REDRAW;
}

static enum outcome themes_key(struct view *v, uint32_t key)
{
    struct themes *s = v->state;
    return settle(v, chooser_key(&s->chooser, key));
}

static enum outcome themes_mouse(struct view *v, const struct terminal_event *event)
{
    struct themes *s = v->state;
    return settle(v, chooser_mouse(&s->chooser, event));
}

static bool themes_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome themes_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class themes_view = {
    .name = "themes",
    .state_size = sizeof(struct themes),
    .floats = true,
    .open = themes_open,
    .close = themes_close,
    .draw = themes_draw,
    .act = themes_act,
    .typing = themes_typing,
    .key = themes_key,
    .mouse = themes_mouse,
};
