/* A line editor with history. The cursor moves by what is drawn as one: a character with its marks,
 * or an escape. It knows nothing of what the line means. */
#ifndef TUI_SCREEN_PROMPT_H
#define TUI_SCREEN_PROMPT_H

#include "tui/screen/canvas.h"
#include "tui/screen/keymap.h"

enum { PROMPT_SIZE = 8 * 1024, PROMPT_HISTORY = 100 };

enum prompt_verdict {
    PROMPT_IGNORED,
    PROMPT_MOVED,    /* the cursor moved */
    PROMPT_CHANGED,  /* the text changed */
    PROMPT_DONE,     /* Enter */
    PROMPT_CANCELLED /* Esc, ^C, ^G */
};

struct prompt {
    struct buf text;
    size_t at;  /* byte of the cursor, at the start of a glyph or the end */
    int scroll; /* cells hidden on the left */
    char *history[PROMPT_HISTORY];
    size_t history_count, history_at; /* at == count: the line being typed */
    char *draft;
};

void prompt_init(struct prompt *p);
void prompt_free(struct prompt *p);
/* Puts a text in, the cursor at its end. */
void prompt_set(struct prompt *p, struct slice text);
/* Remembers a line (unless it is empty or the last one again); the oldest falls out. */
void prompt_remember(struct prompt *p, struct slice line);

/* Puts `text` in the place of the bytes [from, to), the cursor behind it. False, and nothing done,
 * when it does not fit. */
bool prompt_replace(struct prompt *p, size_t from, size_t to, struct slice text);

enum prompt_verdict prompt_key(struct prompt *p, uint32_t key);

/* Draws the text so that the cursor is visible, and places the canvas's cursor when `active`. */
void prompt_draw(struct prompt *p, struct canvas *c, int x, int y, int width, enum role role,
                 bool active);
/* The column (from the left edge of the drawn text, after scrolling) of a byte of the text. */
int prompt_column(const struct prompt *p, size_t byte);

#endif
