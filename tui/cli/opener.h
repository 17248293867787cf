/* Opening the explorer from a command: for the bare program and `demo`. */
#ifndef TUI_CLI_OPENER_H
#define TUI_CLI_OPENER_H

#include "tui/cli/command.h"
#include "tui/view/explorer.h"

/* The options of every command that opens it. */
#define OPENER_OPTIONS                                                                             \
    {                                                                                              \
        "--screen-reader", NULL, NULL,                                                             \
            N_("the explorer line by line: says what changes instead of drawing a screen")         \
    }

/* Whether stdout is a terminal and keys can be read (stdin, or /dev/tty when `-` was given). */
bool opener_can_explore(const struct cli *cli);

/* Runs the explorer with `options`, to which rule packs, settings and colour choice are added; says
 * its fault and returns the exit code. */
int opener_explore(struct cli *cli, const struct explorer_options *options);

#endif
