/* The operator's own rule packs: which files, in which order. */
#ifndef TUI_CLI_PACKS_H
#define TUI_CLI_PACKS_H

#include "tui/cli/command.h"

enum { PACKS_LIMIT = 256 };

/* First rules.d/ beside the settings ($XDG_CONFIG_HOME/scimscope/rules.d/NAME.yaml, by name), then
 * those that the settings name, then --rules; a later one replaces classes of the same id. Paths in
 * `arena`; more than PACKS_LIMIT are FAULT_CONFIG. A folder that is not there holds none. */
enum fault_code packs_find(const struct cli *cli, struct arena *arena, const char *out[PACKS_LIMIT],
                           size_t *count, struct fault *why);

#endif
