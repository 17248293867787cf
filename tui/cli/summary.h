/* The summary: what the bare program prints when there is no terminal. */
#ifndef TUI_CLI_SUMMARY_H
#define TUI_CLI_SUMMARY_H

#include "tui/cli/command.h"

/* One line per source, then one line per class (count, users, first, last, class id, title), all
 * tab-separated and uncut. Returns 0 or the exit code of what went wrong, said. */
int summary_print(struct cli *cli, struct store *store, const struct rulebook *book);

/* The line of one source: path, format, counts, first and last time, `partial`. */
void summary_source(struct cli *cli, const struct store_source *source);

#endif
