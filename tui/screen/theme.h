/* How roles look: YAML -> colours and attributes. Knows no terminal; terminal.c asks what a role
 * looks like and finds the nearest thing the terminal can show. */
#ifndef TUI_SCREEN_THEME_H
#define TUI_SCREEN_THEME_H

#include "core/base/fault.h"
#include "core/base/slice.h"
#include "tui/screen/role.h"

struct colour {
    bool set; /* false: that of what is beneath, in the end the terminal's own */
    unsigned char red, green, blue;
    signed char ansi; /* of the 16 colours: 0..15 as the theme says or as is nearest */
};

struct look {
    struct colour fg, bg;
    bool bold, dim, underline, reverse;
};

struct theme {
    struct look looks[ROLE_COUNT];
};

/* A theme by name (embedded themes/NAME.yaml) or, when it holds a `/` or ends in .yaml, by path.
 * FAULT_USAGE when there is none of that name, FAULT_MISSING and
 * FAULT_CONFIG when the file cannot be read or is wrong. */
enum fault_code theme_load(struct theme *out, const char *name, struct fault *why);

/* A theme from its text. `palette:` names colours: "#rrggbb", one of the 16 names, `default`, or a
 * list of "#rrggbb" and the name to take where only 16 colours are. `roles:` maps roles to fg, bg,
 * bold, dim, underline, reverse; a role that is missing looks like `text`. FAULT_CONFIG with line
 * and column for anything unknown. */
enum fault_code theme_parse(struct theme *out, struct slice yaml, struct fault *why);

/* What a cell looks like whose role has another laid over it (ROLE_TEXT: none). */
struct look theme_look(const struct theme *theme, enum role role, enum role over);

/* The nearest of the 256-colour cube and greys, as xterm numbers them. */
int theme_colour_256(struct colour colour);

/* Names of the embedded themes, in order of name; NULL-ended. */
const char *const *theme_names(void);

#endif
