/* Help in all its forms, from the one table of commands. */
#ifndef TUI_CLI_HELP_H
#define TUI_CLI_HELP_H

#include "tui/cli/command.h"

/* Help on one command; on the whole program for command_open. */
int help_show(struct cli *cli, const struct command *command);

/* The keys of the explorer, as they are bound: keys, the action's name in YAML, what it does. */
int help_keys(struct cli *cli);

/* The man page (roff). */
int help_man(struct cli *cli);

#endif
