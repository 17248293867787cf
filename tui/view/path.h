/* Completing the path of a file in a line: Tab writes what all that fits have in common. */
#ifndef TUI_VIEW_PATH_H
#define TUI_VIEW_PATH_H

#include "tui/screen/prompt.h"

enum { PATH_SHOWN = 200 /* names that are kept of what fits */ };

struct path_names {
    char *names[PATH_SHOWN]; /* sorted; folders end in a slash */
    size_t count, more;      /* kept; found beyond that */
};

void path_names_free(struct path_names *n);
/* The names in the folder of the line's path that begin as its last part does; hidden ones only
 * when that begins with a dot. `~/` is the home folder. */
void path_find(struct path_names *out, struct slice path);
/* Completes as far as the names agree; false when that changed nothing. */
bool path_complete(struct prompt *line, const struct path_names *names);
/* The path with `~/` resolved; heap. */
char *path_expand(struct slice path);

#endif
