/* A scrolled list with a cursor. It knows numbers only: whoever owns the rows draws them. */
#ifndef TUI_SCREEN_LIST_H
#define TUI_SCREEN_LIST_H

#include "tui/screen/canvas.h"
#include "tui/screen/keymap.h"

struct list {
    uint64_t count, top, cursor;
};

/* Draws row `index` into `r` (one line high). The cursor row is laid over afterwards. */
typedef void list_row(void *self, struct canvas *c, struct rect r, uint64_t index);

/* Puts cursor and top where they may be for `rows` visible rows, the cursor visible. */
void list_keep(struct list *l, int rows);
/* Moves by an action; false when it is none of a list's. */
bool list_act(struct list *l, enum action action, int rows);
/* Wheel: scrolls by `by` rows and takes the cursor along only when it would leave the screen. */
void list_scroll(struct list *l, int64_t by, int rows);
/* A click in row `line` of the list's rectangle; false when there is no row. */
bool list_click(struct list *l, int line);

void list_draw(struct list *l, struct canvas *c, struct rect r, bool focused, list_row *row,
               void *self);

#endif
