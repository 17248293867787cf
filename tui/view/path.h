/* Completing the path of a file in a line: Tab writes what all that fits have in common. */
#ifndef TUI_VIEW_PATH_H
#define TUI_VIEW_PATH_H

#include "tui/screen/prompt.h"
#include "tui/view/desk.h"

/* What is known of the path that stands in the line now; NULL: not (yet). */
const struct paths_answer *path_known(const struct desk *d, const struct prompt *line);
/* Completes as far as the names agree; false when that changed nothing. */
bool path_complete(struct prompt *line, const struct paths_answer *known);

#endif
