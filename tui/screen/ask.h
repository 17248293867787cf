/* Answers the explorer's questions from the index: the craft of the query worker. It opens its own
 * connection with the first question. Used by one thread at a time. */
#ifndef TUI_SCREEN_ASK_H
#define TUI_SCREEN_ASK_H

#include "tui/screen/answer.h"

struct asker;

/* `path` is borrowed and outlives the asker. */
struct asker *asker_new(const char *path);
/* The rule packs that tell about entries and what several of them show: to be set before anything
 * of that is asked. Borrowed. */
void asker_set_book(struct asker *asker, const struct rulebook *book);
void asker_free(struct asker *asker);

/* Fills `a`; what goes wrong stands in `a->bad` and `a->why`. `stale` may be NULL. The shape of
 * struct craft. */
void asker_answer(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                  void *job);

#endif
