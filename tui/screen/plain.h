/* A canvas for terminals that have no signs beyond ASCII, or not all of ours. */
#ifndef TUI_SCREEN_PLAIN_H
#define TUI_SCREEN_PLAIN_H

#include "tui/screen/canvas.h"

enum plain {
    PLAIN_NOTHING, /* everything is shown as it is */
    PLAIN_SIGNS,   /* lines, bars, marks and arrows in ASCII; letters as they are */
    PLAIN_ALL      /* nothing but ASCII; a letter that it has not is a `?` that stands out */
};

/* Turns a drawn canvas plain, cell by cell: nothing moves. */
void plain_canvas(struct canvas *c, enum plain plain);

/* What fits to a terminal: `codeset` of the locale (as nl_langinfo says it), `locale_said`: the
 * environment names a locale at all; `term`: its type (TERM) or NULL. Where nothing is said, UTF-8
 * is taken to be read, as nearly every terminal does. */
enum plain plain_for(const char *codeset, bool locale_said, const char *term);

#endif
