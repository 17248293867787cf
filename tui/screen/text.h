/* Running text, wrapped to a width: what the remediation, detail and help panes scroll. Words are
 * kept whole where they fit, wide characters may be parted anywhere, lines after the first of a
 * paragraph stand under its indent. Texts are borrowed or live in the arena given. */
#ifndef TUI_SCREEN_TEXT_H
#define TUI_SCREEN_TEXT_H

#include "core/base/arena.h"
#include "tui/screen/canvas.h"

enum { TEXT_LINES = 50000 /* ceiling; what comes after is counted in the last line */ };

struct text_span {
    int x;
    enum role role;
    struct slice text;
    struct text_span *next;
};

struct text_line {
    struct text_span *first, *last;
    int used; /* cells */
    int key;  /* what the line's owner wants to know about it; 0: nothing */
    struct slice value;
};

struct text {
    struct arena *arena; /* borrowed */
    int width, indent;
    bool tight;              /* text_gap() does nothing: where each line is needed */
    struct text_line *lines; /* at least one once something was added */
    size_t count, capacity, dropped;
};

void text_init(struct text *t, struct arena *arena, int width);
void text_free(struct text *t);

/* Appends to the line at hand, wrapping. The indent is where wrapped lines begin; setting it moves
 * the line at hand there when it is empty. */
void text_add(struct text *t, enum role role, struct slice text);
/* The same for our own words, in the language of the person. */
void text_word(struct text *t, enum role role, const char *text);
void text_indent(struct text *t, int cells);
/* Moves on to a column of the line at hand (nothing when it is past it). */
void text_column(struct text *t, int cells);
/* Ends the line at hand, indent 0. */
void text_break(struct text *t);
/* An empty line, unless there is one already, nothing yet, or the text is tight. */
void text_gap(struct text *t);
/* Many lines: split at LF, TAB as blanks, CR before LF dropped. */
void text_body(struct text *t, enum role role, struct slice body);
/* Marks the line at hand and those it wraps into. */
void text_mark(struct text *t, int key, struct slice value);

void text_draw(const struct text *t, struct canvas *c, struct rect r, size_t top);

#endif
