/* What the views of few long rows share (problems, patterns, sources): a list with column names, a
 * pane about the row under the cursor, and the keys of both. Each kind is one file that says what
 * stands in a row, in the pane, and what Enter filters by. */
#ifndef TUI_VIEW_LISTING_H
#define TUI_VIEW_LISTING_H

#include "tui/view/pane.h"
#include "tui/view/view.h"

struct listing_kind {
    enum question_kind asks;               /* whose newest answer the rows stand in */
    const char *pane;                      /* title of the pane */
    size_t (*count)(const struct desk *d); /* 0 without an answer */
    /* What stays the same of a row when the list is asked for again. */
    int64_t (*id)(const struct desk *d, size_t row);
    /* The entry that the pane tells more of once it is answered, 0: none; NULL: never. */
    int64_t (*entry)(const struct desk *d, size_t row);
    /* One line each; `width` decides which columns there are. */
    void (*head)(struct canvas *c, struct rect r);
    void (*row)(const struct desk *d, size_t row, struct canvas *c, struct rect r);
    void (*write)(const struct desk *d, size_t row, struct text *t);
    void (*write_empty)(const struct desk *d, struct text *t);
    /* Appends the filter that selects the row's entries; false when none does. */
    bool (*filter)(const struct desk *d, size_t row, struct buf *out);
    const struct hint *hints;
    size_t hint_count;
};

struct listing {
    struct list rows;
    int64_t id;      /* of the row under the cursor */
    uint64_t ticket; /* of the answer that `rows` counts */
    bool on_pane;    /* the pane has the keys */
    size_t pane_top, pane_lines;
    struct rect rows_at, pane_at; /* as last drawn */
};

/* One cell of a row; each returns where the next begins, one blank further. */
int listing_put(struct canvas *c, int x, int y, int width, enum role role, struct slice text);
int listing_put_right(struct canvas *c, int x, int y, int width, enum role role, const char *text);
/* A count, quiet when it is 0. */
int listing_put_count(struct canvas *c, int x, int y, int width, enum role role, uint64_t count);
/* A moment as exact as `width` has room for. */
int listing_put_moment(struct canvas *c, int x, int y, int width, int64_t us);
enum { LISTING_MOMENT_SHORT = 11 /* no seconds */, LISTING_MOMENT = 14, LISTING_MOMENT_YEAR = 19 };

void listing_draw(struct view *v, const struct listing_kind *kind, struct canvas *c, struct rect r);
enum outcome listing_act(struct view *v, const struct listing_kind *kind, enum action action);
enum outcome listing_mouse(struct view *v, const struct listing_kind *kind,
                           const struct terminal_event *event);

#endif
