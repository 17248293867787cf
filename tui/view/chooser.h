/* A list that lies over a view, with a line on top: typing narrows it, Enter takes the row under
 * the cursor. Whoever owns one says what the rows are and which fit. */
#ifndef TUI_VIEW_CHOOSER_H
#define TUI_VIEW_CHOOSER_H

#include "tui/screen/list.h"
#include "tui/screen/prompt.h"
#include "tui/screen/terminal.h"

struct chooser {
    struct prompt line;
    struct list list;  /* its owner keeps `count` */
    struct rect frame; /* as last drawn; empty: no room */
    struct rect rows;
};

struct chooser_look {
    const char *title, *foot; /* in English */
    const char *right;        /* of the title: a count; NULL: none */
    const char *none;         /* in place of rows */
    int width, height;        /* wanted, with the frame */
    list_row *row;
    void *self; /* of `row` */
};

enum chooser_verdict {
    CHOOSER_MOVED,
    CHOOSER_CHANGED, /* the line: find anew */
    CHOOSER_CHOSEN,
    CHOOSER_CLOSED
};

void chooser_init(struct chooser *s);
void chooser_free(struct chooser *s);
/* What is typed, without blanks around it. */
struct slice chooser_typed(const struct chooser *s);
void chooser_draw(struct chooser *s, const struct chooser_look *look, struct canvas *c,
                  struct rect r);
enum chooser_verdict chooser_key(struct chooser *s, uint32_t key);
enum chooser_verdict chooser_mouse(struct chooser *s, const struct terminal_event *event);

#endif
