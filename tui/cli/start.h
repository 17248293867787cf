/* From argv to the exit code. */
#ifndef TUI_CLI_START_H
#define TUI_CLI_START_H

#include "core/importer.h"

/* Runs the command that argv asks for; returns the exit code of DESIGN.md section 4. Main thread,
 * once; `importer` is borrowed. */
int cli_start(const struct importer *importer, int argc, char **argv);

#endif
