/* How the explorer is shown and where its events come from: on the whole terminal (terminal.h), or
 * line by line for who hears it (linear.c). One is in use at a time; main thread only. */
#ifndef TUI_SCREEN_DISPLAY_H
#define TUI_SCREEN_DISPLAY_H

#include "tui/screen/terminal.h"

struct display {
    /* As the functions of terminal.h with the same names. */
    enum fault_code (*start)(struct fault *why);
    void (*stop)(void);
    void (*size)(int *width, int *height);
    void (*paint)(const struct canvas *c, const struct theme *theme);
    struct terminal_event (*next)(void);
    void (*wait)(const int wakes[], int count, int milliseconds);
    int (*signal)(void); /* ending_signal() */
    void (*suspend)(void);
    void (*forget)(void);
    enum plain (*plain)(void);
    enum fault_code (*clipboard)(struct slice text, struct fault *why); /* NULL: none there */
    bool whole; /* a frame shows what is there; else only what is settled is worth saying */
};

extern const struct display terminal_display;
extern const struct display linear_display;

#endif
