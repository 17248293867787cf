/* Answers the explorer's questions from the index: the craft of the query worker. It opens its own
 * connection with the first question. Used by one thread at a time. */
#ifndef TUI_SCREEN_ASK_H
#define TUI_SCREEN_ASK_H

#include "tui/screen/answer.h"

struct asker;

/* `path` and `book` are borrowed and outlive the asker. */
struct asker *asker_new(const char *path, const struct rulebook *book);
void asker_free(struct asker *asker);

/* Fills `a`; what goes wrong stands in `a->bad` and `a->why`. `stale` may be NULL. The shape of
 * struct craft. */
void asker_answer(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                  void *job);

#endif
