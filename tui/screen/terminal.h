/* The terminal: the one file that includes curses. It paints a canvas, hands over keys, mouse and
 * resizes as events, and gives the terminal back on every exit: return, exit(), signal, crash, want
 * of memory. One terminal per program; main thread only. */
#ifndef TUI_SCREEN_TERMINAL_H
#define TUI_SCREEN_TERMINAL_H

#include "tui/screen/canvas.h"
#include "tui/screen/keymap.h"
#include "tui/screen/plain.h"
#include "tui/screen/theme.h"

enum terminal_event_kind { EVENT_NONE, EVENT_KEY, EVENT_MOUSE, EVENT_RESIZE };
enum mouse_kind { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_UP, MOUSE_DOWN };

struct terminal_event {
    enum terminal_event_kind kind;
    uint32_t key; /* code point or enum key */
    enum mouse_kind mouse;
    int x, y;
};

/* Takes the terminal over. FAULT_USAGE when there is none, or one that cannot place a cursor. */
enum fault_code terminal_start(struct fault *why);
/* Gives it back; harmless when it was not started. */
void terminal_stop(void);

void terminal_size(int *width, int *height);
/* Shows the canvas; only what changed is sent. */
void terminal_paint(const struct canvas *c, const struct theme *theme);
/* Sends everything anew with the next paint. */
void terminal_forget(void);

/* The next event, EVENT_NONE when there is none now. Never waits. */
struct terminal_event terminal_next(void);
/* Waits until there may be an event, one of `wakes` (pipes' reading ends) has something, a signal
 * came, or `milliseconds` are over (-1: no limit). */
void terminal_wait(const int wakes[], int count, int milliseconds);

/* Puts a text's safe form into the terminal's clipboard (clipboard.h). FAULT_USAGE for a type of
 * terminal that has none, FAULT_LIMIT for too long a text. */
enum fault_code terminal_clipboard(struct slice text, struct fault *why);

/* Back to the shell until it continues us. */
void terminal_suspend(void);
/* What has to become plain for this locale and terminal; known after terminal_start(). */
enum plain terminal_plain(void);
/* True when the terminal knows colours at all. */
bool terminal_has_colours(void);

#endif
