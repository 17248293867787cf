/* The query worker under ThreadSanitizer, with a plain main (Criterion does not start under it).
 * The craft here counts up slowly and looks at its ticket, as a query would. */
#include "tui/screen/worker.h"

#include "core/base/alloc.h"

#include "tests/threads/expect.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static _Atomic bool hold; /* the craft works until this is false, or it is stale */
static _Atomic int begun, given_up, closed;

static void answer(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                   void *job)
{
    (void)self;
    atomic_fetch_add(&begun, 1);
    while (atomic_load(&hold) && q->kind == ASK_COUNTS)
        if (stale(job)) {
            atomic_fetch_add(&given_up, 1);
            a->bad = FAULT_CANCELLED;
            return;
        }
    a->rows.count = q->first;
}

static void closing(void *self)
{
    (void)self;
    atomic_fetch_add(&closed, 1);
}

static const struct craft craft = {.answer = answer, .close = closing};

static uint64_t ask(struct worker *w, enum question_kind kind, uint64_t first)
{
    struct question *q = xcalloc(1, sizeof *q);
    q->kind = kind;
    q->first = first;
    q->filter = xstrdup("is:failure");
    return worker_ask(w, q);
}

static struct answer *wait_answer(struct worker *w)
{
    for (int tries = 0; tries < 100; tries++) {
        struct pollfd fd = {.fd = worker_wake_fd(w), .events = POLLIN};
        poll(&fd, 1, 100);
        struct answer *a = worker_take(w);
        if (a)
            return a;
    }
    return NULL;
}

static void wait_begun(int count)
{
    for (int tries = 0; tries < 10000 && atomic_load(&begun) < count; tries++)
        poll(NULL, 0, 1);
    EXPECT(atomic_load(&begun) >= count);
}

static void newest_question_wins(struct worker *w)
{
    atomic_store(&hold, true);
    ask(w, ASK_COUNTS, 1);
    wait_begun(1);
    ask(w, ASK_COUNTS, 2);
    uint64_t last = ask(w, ASK_COUNTS, 3);
    for (int tries = 0; tries < 10000 && atomic_load(&given_up) < 1; tries++)
        poll(NULL, 0, 1);
    EXPECT(atomic_load(&given_up) >= 1);
    atomic_store(&hold, false);
    struct answer *a = wait_answer(w);
    EXPECT(a && a->ticket == last && a->rows.count == 3);
    answer_free(a);
    EXPECT(worker_take(w) == NULL);
}

static void slow_question_yields_and_is_taken_up_again(struct worker *w)
{
    atomic_store(&begun, 0);
    atomic_store(&hold, true);
    uint64_t slow = ask(w, ASK_COUNTS, 7);
    wait_begun(1);
    uint64_t urgent = ask(w, ASK_ROWS, 8);
    struct answer *a = wait_answer(w);
    EXPECT(a && a->kind == ASK_ROWS && a->ticket == urgent);
    answer_free(a);
    atomic_store(&hold, false);
    a = wait_answer(w);
    EXPECT(a && a->kind == ASK_COUNTS && a->ticket == slow && a->rows.count == 7);
    answer_free(a);
}

static void storm_of_questions_ends_with_the_last_answers(struct worker *w)
{
    uint64_t last[ASK_KINDS] = {0};
    for (uint64_t i = 0; i < 3000; i++)
        for (int kind = 0; kind < ASK_KINDS; kind++)
            last[kind] = ask(w, (enum question_kind)kind, i);
    bool seen[ASK_KINDS] = {false};
    for (int left = ASK_KINDS; left > 0; left--) {
        struct answer *a = wait_answer(w);
        EXPECT(a && !seen[a->kind] && a->ticket == last[a->kind] && a->rows.count == 2999);
        seen[a->kind] = true;
        answer_free(a);
    }
}

/* A craft that listens to nobody, as a system call on a network that is gone. */
static void stuck(void *self, const struct question *q, struct answer *a, bool (*stale)(void *),
                  void *job)
{
    (void)q, (void)a, (void)stale, (void)job;
    for (int i = 0; i < 1000 && !atomic_load((_Atomic bool *)self); i++)
        usleep(10 * 1000);
}

static void a_folder_that_does_not_answer_holds_up_no_end(void)
{
    static _Atomic bool released;
    struct craft deaf = {.self = &released, .answer = stuck};
    struct worker *w;
    struct fault why;
    struct timespec began, ended;
    EXPECT(worker_start(&w, &deaf, &why) == FAULT_NONE);
    ask(w, ASK_PATHS, 1);
    usleep(20 * 1000);
    clock_gettime(CLOCK_MONOTONIC, &began);
    EXPECT(!worker_leave(w, 100));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    EXPECT(ended.tv_sec - began.tv_sec < 3);
    atomic_store(&released, true);
    EXPECT(worker_leave(w, 5000)); /* once it answers all is given back */
    EXPECT(worker_leave(NULL, 0));
}

int main(void)
{
    struct worker *w;
    struct fault why;
    EXPECT(worker_start(&w, &craft, &why) == FAULT_NONE);
    newest_question_wins(w);
    slow_question_yields_and_is_taken_up_again(w);
    storm_of_questions_ends_with_the_last_answers(w);
    atomic_store(&hold, true);
    ask(w, ASK_COUNTS, 1); /* still at work when it is told to end */
    ask(w, ASK_ENTRY, 1);
    worker_stop(w);
    EXPECT(atomic_load(&closed) == 1);
    a_folder_that_does_not_answer_holds_up_no_end();
    puts("worker: ok");
    return 0;
}
