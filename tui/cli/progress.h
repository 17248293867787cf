/* The progress line of an import: percent, rate and time left, on stderr, only on a terminal. */
#ifndef TUI_CLI_PROGRESS_H
#define TUI_CLI_PROGRESS_H

#include "core/importer.h"

/* Draws from a thread of its own until progress_end. Nothing happens without a terminal on stderr.
 * One line at a time; both are for the main thread. */
void progress_begin(const struct import_progress *progress);
void progress_end(void);

/* Takes the line away before something else is written to stderr; it comes back by itself. */
void progress_hide(void);

#endif
