/* Answers questions about the user's own files, on a worker's thread: a folder on a slow network
 * holds up neither the screen nor the index. */
#ifndef TUI_SCREEN_FILES_H
#define TUI_SCREEN_FILES_H

#include "tui/screen/answer.h"

/* The craft of a worker (see worker.h) for ASK_PATHS, ASK_NAMED and ASK_COPY; `self` is not used.
 * ASK_PATHS: hidden names only when the last part begins with a dot; `~/` is the home folder.
 * ASK_COPY: $XDG_STATE_HOME/scimscope/copied.txt, mode 0600, in place of what was copied before. */
void files_answer(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                  void *job);
/* A path with `~/` resolved; heap. Looks at no file. */
char *files_expand(struct slice path);

#endif
