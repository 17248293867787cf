/* The tabs: which views take turns on the screen, by which keys, and how they are named there. */
#include "tui/view/pane.h"

#include <stdio.h>

static const struct {
    enum action action;
    const char *name;
} tabs[TABS] = {
    [TAB_ENTRIES] = {ACTION_VIEW_ENTRIES, N_("Entries")},
    [TAB_PROBLEMS] = {ACTION_VIEW_PROBLEMS, N_("Problems")},
    [TAB_PATTERNS] = {ACTION_VIEW_PATTERNS, N_("Patterns")},
    [TAB_SOURCES] = {ACTION_VIEW_SOURCES, N_("Sources")},
};

enum tab tab_of_action(enum action action)
{
    for (int t = 0; t < TABS; t++)
        if (tabs[t].action == action)
            return (enum tab)t;
    return TABS;
}

enum tab tabs_at(const struct desk *d, int x, int y)
{
    for (int t = 0; t < TABS; t++) {
        struct rect r = d->tab_at[t];
        if (y == r.y && x >= r.x && x < r.x + r.width)
            return (enum tab)t;
    }
    return TABS;
}

/* The key that turns to a tab. */
static struct slice tab_key(const struct desk *d, int tab, char *out, size_t size)
{
    struct buf keys;
    buf_init(&keys, KEY_NAME_SIZE * KEYS_PER_ACTION);
    keymap_keys_text(d->keys, tabs[tab].action, false, &keys);
    snprintf(out, size, "%.20s", keys.len > 0 ? keys.at : "");
    buf_free(&keys);
    return slice_of(out);
}

void tabs_draw(struct desk *d, struct canvas *c, int x, int y, int width, bool focused,
               const char *right)
{
    char key[TABS][24];
    int need = 0, room = width - 4 - (right ? canvas_measure(slice_of(right)) + 4 : 0);
    for (int t = 0; t < TABS; t++) {
        d->tab_at[t] = (struct rect){0};
        need += canvas_measure(tab_key(d, t, key[t], sizeof key[t])) +
                canvas_measure(slice_of(_(tabs[t].name))) + 3;
    }
    if (need > room) {
        box_title(c, x, y, width, focused, tabs[d->tab].name, right);
        return;
    }
    box_title(c, x, y, width, focused, "", right);
    x += 2;
    for (int t = 0; t < TABS; t++) {
        bool here = t == (int)d->tab;
        enum role role = here ? (focused ? ROLE_FOCUS : ROLE_TITLE) : ROLE_DIM;
        int from = x;
        x += canvas_word(c, x, y, 1, role, " ");
        x += canvas_word(c, x, y, room, here ? role : ROLE_KEY, key[t]);
        x += canvas_format(c, x, y, room, role, " %s ", _(tabs[t].name));
        d->tab_at[t] = (struct rect){from, y, x - from, 1};
    }
}
