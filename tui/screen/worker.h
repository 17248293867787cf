/* A thread that answers questions: one does so for the index, one for the user's files. It knows
 * tickets and urgency, not what is asked: the craft does that.
 *
 * Each kind has one pending question; a new one replaces it, and the running one of the same kind
 * becomes stale (the craft asks worker_stale() now and then and gives up with FAULT_CANCELLED). A
 * running question also yields to more urgent kinds and is taken up again afterwards. Answers with
 * an old ticket are never handed out. Once a question is given, nobody else touches it. */
#ifndef TUI_SCREEN_WORKER_H
#define TUI_SCREEN_WORKER_H

#include "tui/screen/answer.h"

struct worker;

/* Both run on the worker's thread. `answer` fills `a` (its arena is ready). */
struct craft {
    void *self;
    void (*answer)(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                   void *job);
    void (*close)(void *self); /* before the thread ends; may be NULL */
};

/* FAULT_IO when no thread or pipe can be had. */
enum fault_code worker_start(struct worker **out, const struct craft *craft, struct fault *why);
/* Cancels what runs and waits for the thread. */
void worker_stop(struct worker *w);
/* The same, but waits only that long. False: the thread is still at work (a folder that does not
 * answer); what is its own stays until the program ends. */
bool worker_leave(struct worker *w, int milliseconds);

/* Takes the question over (heap, question_free) and returns its ticket. */
uint64_t worker_ask(struct worker *w, struct question *q);
/* The caller's to free; NULL: nothing yet. */
struct answer *worker_take(struct worker *w);
/* Readable when an answer may be there. */
int worker_wake_fd(const struct worker *w);

#endif
