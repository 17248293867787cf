/* What a drawn screen says to somebody who hears it: the title of the pane that has the keys, the
 * row under the cursor, what is typed, messages; and of these only what has changed since it was
 * last heard. It reads the canvas by its roles, so that a view needs nothing of its own for it. */
#ifndef TUI_SCREEN_SPEECH_H
#define TUI_SCREEN_SPEECH_H

#include "tui/screen/canvas.h"

/* The screen to draw for listening: narrow, so that panes stand below each other, and high, so that
 * a pane is read whole. */
enum { SPEECH_WIDTH = 109, SPEECH_HEIGHT = 60 };

enum { SPEECH_LIMIT = 256 * 1024 /* bytes that are remembered of each */ };

struct speech {
    struct buf title, bar, row, input, message, lines; /* as last said; `lines`: one a line */
};

void speech_init(struct speech *s);
void speech_free(struct speech *s);

/* Appends what there is to say, a line each. */
void speech_hear(struct speech *s, const struct canvas *c, struct buf *out);

#endif
