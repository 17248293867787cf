/* The views that lie over each other; the topmost gets keys and mouse. Knows no terminal, so tests
 * play it with keys and look at its canvas. */
#ifndef TUI_VIEW_STAGE_H
#define TUI_VIEW_STAGE_H

#include "tui/view/view.h"

enum { STAGE_DEPTH = 4 };

struct stage {
    struct desk *desk;
    struct view tabs[TABS];        /* desk->tab has the screen; opened when first looked at */
    struct view over[STAGE_DEPTH]; /* what lies over it */
    size_t depth;                  /* of `over` */
};

void stage_init(struct stage *s, struct desk *desk);
void stage_free(struct stage *s);
/* Fits the canvas and draws; asks for what is missing. */
void stage_draw(struct stage *s, struct canvas *c, int width, int height);
/* What is left for the loop: OUTCOME_QUIT, OUTCOME_SUSPEND, else redraw or nothing. */
enum outcome stage_key(struct stage *s, uint32_t key);
enum outcome stage_mouse(struct stage *s, const struct terminal_event *event);

/* Hands an answer to the desk, and tells the views of it. */
enum outcome stage_take(struct stage *s, struct answer *a);

#endif
