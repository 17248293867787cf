/* The state of the Entries view, shared by its acting and its drawing half. */
#ifndef TUI_VIEW_ENTRIES_H
#define TUI_VIEW_ENTRIES_H

#include "tui/view/completion.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

enum pane { PANE_ROWS, PANE_REMEDY, PANE_CLASSES, PANE_USERS, PANES };
enum typing { TYPING_NOTHING, TYPING_FILTER };

enum {
    SCREEN_LEAST_WIDTH = 60,
    SCREEN_LEAST_HEIGHT = 15,
    SCREEN_WIDE = 120 /* from here on the facets have panes of their own */
};

/* Where everything is, for a screen of one size. Empty rectangles are not shown. */
struct places {
    bool wide;
    struct rect header, bar, timeline, body, footer;
    struct rect pane[PANES];
};

struct entries {
    enum pane focus;
    enum column column;
    bool message;              /* no rows: what stands instead takes the remedy's room */
    struct list facets[PANES]; /* PANE_CLASSES, PANE_USERS */
    size_t remedy_top, remedy_lines;
    int64_t remedy_id;

    enum typing typing;
    struct prompt bar;
    struct completion completion; /* of the bar */
    bool faulty;                  /* the filter being typed is none */
    struct fault fault;
    char *before; /* the filter before typing began, to come back to */

    bool dragging;
    int drag_from, drag_to; /* columns of the timeline */
    struct places places;   /* as last drawn; the mouse is looked up here */
};

struct places entries_place(struct rect screen, const struct entries *s);
void entries_draw(struct view *v, struct canvas *c, struct rect r);
/* What stands alone on a screen that is too small for any view. */
void entries_draw_too_small(struct canvas *c, struct rect r);
enum outcome entries_mouse(struct view *v, const struct terminal_event *event);

/* Moves inside the pane that has the focus; false when the action is none of moving. */
bool entries_move(struct view *v, enum action action);
void entries_focus(struct view *v, enum pane pane);
/* Begins to type. */
void entries_type(struct view *v, enum typing what);
enum outcome entries_key(struct view *v, uint32_t key);

/* when.c: the line that asks for a moment, for OUTCOME_OVER. */
enum outcome when_ask_moment(struct desk *d);

/* entries_time.c: what `[ ] { }` and the time prompt do to the window. */
void entries_shift(struct desk *d, enum action action);
enum fault_code entries_use_time(struct desk *d, struct slice text, struct fault *why);

static inline enum filter_key pane_key(enum pane pane)
{
    return pane == PANE_USERS ? FILTER_USER : FILTER_CLASS;
}

#endif
