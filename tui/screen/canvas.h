/* The cell grid that views draw into. It knows cells, widths and roles and nothing of terminals:
 * terminal.c paints it, tests read it as text.
 *
 * Every text goes through the display rule (core/base/safe.h) here, once. A wide character that
 * would lie across an edge is not drawn; its cell is a blank. */
#ifndef TUI_SCREEN_CANVAS_H
#define TUI_SCREEN_CANVAS_H

#include "core/base/buf.h"
#include "core/base/safe.h"
#include "tui/screen/role.h"

enum { CANVAS_SIDE = 1000 /* most columns or rows; larger terminals are drawn up to here */ };

struct rect {
    int x, y, width, height;
};

struct cell {
    char text[32];       /* NUL-ended UTF-8: a base with its marks; "" right of a wide character */
    unsigned char width; /* 1, 2; 0 right of a wide character */
    unsigned char role;  /* enum role */
    unsigned char over;  /* role laid over it (cursor row); ROLE_TEXT: none */
    bool reverse;        /* escaped glyph */
    unsigned char sides; /* of a line between panes: bit 0 up, 1 right, 2 down, 3 left */
};

struct canvas {
    int width, height;
    struct cell *cells;     /* row by row */
    int cursor_x, cursor_y; /* where typing happens; -1: hidden */
};

/* Makes or resizes the grid (both at most CANVAS_SIDE, at least 1) and clears it. */
void canvas_resize(struct canvas *c, int width, int height);
void canvas_clear(struct canvas *c);
void canvas_free(struct canvas *c);
static inline struct rect canvas_rect(const struct canvas *c)
{
    return (struct rect){0, 0, c->width, c->height};
}

/* The cell at a place; NULL outside the grid. */
struct cell *canvas_at(const struct canvas *c, int x, int y);

/* Draws hostile text into at most `width` cells of one line and returns the cells used. Text that
 * does not fit ends in `…`; combining marks stay with their base, an escape is whole or not there.
 */
int canvas_text(struct canvas *c, int x, int y, int width, enum role role, struct slice text);
/* The same for our own words, in the language of the person (core/base/words.h). */
int canvas_word(struct canvas *c, int x, int y, int width, enum role role, const char *text);
int canvas_format(struct canvas *c, int x, int y, int width, enum role role, const char *format,
                  ...) __attribute__((format(printf, 6, 7)));
/* Right-aligned in `width` cells; cut on the left edge's side like canvas_text. */
void canvas_right(struct canvas *c, int x, int y, int width, enum role role, struct slice text);

/* Cells that a text takes when there is room. */
int canvas_measure(struct slice text);

/* Fills with blanks of a role / lays a role over what is there. */
void canvas_fill(struct canvas *c, struct rect r, enum role role);
void canvas_over(struct canvas *c, struct rect r, enum role over);

/* Lines between panes. Where lines meet, the joining character is chosen. */
void canvas_line_across(struct canvas *c, int x, int y, int width);
void canvas_line_down(struct canvas *c, int x, int y, int height);
void canvas_box(struct canvas *c, struct rect r);

/* Text rows without trailing blanks; role letters in the same places (blank cells of `text` are
 * blanks). Both end each row with a newline. */
void canvas_dump_text(const struct canvas *c, struct buf *out);
void canvas_dump_roles(const struct canvas *c, struct buf *out);

#endif
