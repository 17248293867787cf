/* How a class was found, for people and scripts: rule, alternative, every condition with what met
 * it, the classes that nearly won. Shared by show and explain. */
#ifndef TUI_CLI_WHY_H
#define TUI_CLI_WHY_H

#include "tui/cli/command.h"

void why_text(struct cli *cli, const struct rulebook *book, const struct verdict *verdict,
              const struct facts *facts, struct arena *arena);
/* `"why":{class rule{pack,line} alternative specificity conditions[]{condition,asked,met}
 * runners_up[]{class,specificity}}` */
void why_json(struct buf *out, const struct rulebook *book, const struct verdict *verdict,
              const struct facts *facts, struct arena *arena);
/* `"runners_up":[...]` */
void why_json_runners_up(struct buf *out, const struct verdict *verdict);

#endif
