/* What stands before the explorer: opening the index, and a screen that says what to do when it
 * does not open or somebody else holds it. */
#ifndef TUI_VIEW_THRESHOLD_H
#define TUI_VIEW_THRESHOLD_H

#include "core/index/store.h"
#include "tui/screen/display.h"

struct threshold {
    const struct display *display;
    const struct theme *theme;
    const struct keymap *keys;
    const char *db;
    /* Set by threshold_open(). */
    struct store *store; /* the caller's to close; NULL when it failed */
    bool shown;          /* the display was started */
    bool read_only;      /* the index can be looked at, not written */
};

/* Makes the index when there is none and sees whether it can be read; the trying is another
 * thread's. Where that takes long or fails, a screen says so, on which one may try again, leave, or
 * be ended by a signal; then the fault of the last try. Without a screen the fault at once. */
enum fault_code threshold_open(struct threshold *t, struct fault *why);

/* That screen; `why` NULL while it is being tried. */
void threshold_draw(const struct threshold *t, const struct fault *why, enum store_refusal refusal,
                    struct canvas *c, struct rect r);

#endif
