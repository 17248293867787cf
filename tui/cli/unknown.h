/* What explain says of messages that no class knows. */
#ifndef TUI_CLI_UNKNOWN_H
#define TUI_CLI_UNKNOWN_H

#include "tui/cli/command.h"

/* The nearest known class and the words that differ; nothing when none is near. */
void unknown_text(struct cli *cli, const struct rulebook *book, const struct facts *facts,
                  struct arena *arena);
/* `"nearest":{class,likeness,text,more,less}` or null, and `"masked":TEXT`. */
void unknown_json(struct buf *out, const struct rulebook *book, const struct facts *facts,
                  struct arena *arena);
/* `explain --unknown [FILTER...]`: the index's unclassified failures grouped by masked text, most
 * first: count, masked text, nearest class and, where there is one, the words that only the text
 * and only the class has; tab-separated. As JSON a list of objects: `"count"` and what unknown_json
 * says. */
int unknown_groups(struct cli *cli, const struct rulebook *book, bool json);

#endif
