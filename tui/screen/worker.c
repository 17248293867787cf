/* See worker.h. One mutex guards the slots; the newest tickets are atomics, because the craft looks
 * at them in the middle of its work. */
#include "tui/screen/worker.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct worker {
    struct craft craft;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    int wake[2];
    _Atomic uint64_t newest[ASK_KINDS]; /* ticket of the newest question of each kind */
    _Atomic unsigned waiting;           /* bit per kind: a question is pending */
    _Atomic bool stopping;
    uint64_t tickets;                    /* main thread only */
    struct question *pending[ASK_KINDS]; /* under lock */
    struct answer *answered[ASK_KINDS];  /* under lock */
};

struct job {
    struct worker *worker;
    const struct question *question;
};

struct answer *answer_new(const struct question *q)
{
    struct answer *a = xcalloc(1, sizeof *a);
    a->kind = q->kind;
    a->ticket = q->ticket;
    a->asked_id = q->id;
    arena_init(&a->arena);
    return a;
}

void answer_free(struct answer *a)
{
    if (!a)
        return;
    arena_free(&a->arena);
    free(a);
}

void question_free(struct question *q)
{
    if (!q)
        return;
    free(q->filter);
    free(q->text);
    free(q);
}

static bool outdated(struct worker *w, const struct question *q)
{
    return atomic_load(&w->stopping) || atomic_load(&w->newest[q->kind]) != q->ticket;
}

/* Stale: replaced, or something more urgent waits. */
static bool worker_stale(void *self)
{
    struct job *job = self;
    unsigned urgent = (1u << job->question->kind) - 1u;
    return outdated(job->worker, job->question) ||
           (atomic_load(&job->worker->waiting) & urgent) != 0;
}

static void wake_up(struct worker *w)
{
    ssize_t ignored = write(w->wake[1], "", 1);
    (void)ignored; /* a full pipe wakes as well */
}

/* The most urgent pending question; waits for one. NULL: time to stop. Called under the lock. */
static struct question *next_question(struct worker *w)
{
    for (;;) {
        if (atomic_load(&w->stopping))
            return NULL;
        for (int kind = 0; kind < ASK_KINDS; kind++)
            if (w->pending[kind]) {
                struct question *q = w->pending[kind];
                w->pending[kind] = NULL;
                atomic_fetch_and(&w->waiting, ~(1u << kind));
                return q;
            }
        pthread_cond_wait(&w->asked, &w->lock);
    }
}

/* Hands the answer over, or puts a question back that gave way. Called under the lock. */
static void settle(struct worker *w, struct question *q, struct answer *a)
{
    bool old = outdated(w, q);
    if (!old && a->bad == FAULT_CANCELLED && !w->pending[q->kind]) {
        w->pending[q->kind] = q;
        atomic_fetch_or(&w->waiting, 1u << q->kind);
        answer_free(a);
        return;
    }
    if (old)
        answer_free(a);
    else {
        answer_free(w->answered[q->kind]);
        w->answered[q->kind] = a;
        wake_up(w);
    }
    question_free(q);
}

static void *run(void *self)
{
    struct worker *w = self;
    struct question *q;
    pthread_mutex_lock(&w->lock);
    while ((q = next_question(w))) {
        pthread_mutex_unlock(&w->lock);
        struct job job = {w, q};
        struct answer *a = answer_new(q);
        w->craft.answer(w->craft.self, q, a, worker_stale, &job);
        pthread_mutex_lock(&w->lock);
        settle(w, q, a);
    }
    pthread_mutex_unlock(&w->lock);
    if (w->craft.close)
        w->craft.close(w->craft.self);
    return NULL;
}

enum fault_code worker_start(struct worker **out, const struct craft *craft, struct fault *why)
{
    struct worker *w = xcalloc(1, sizeof *w);
    sigset_t all, before;
    w->craft = *craft;
    if (pipe2(w->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        free(w);
        return fault_set(why, FAULT_IO, "no pipe: %s", strerror(errno));
    }
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->asked, NULL);
    /* Signals are the main thread's: they must interrupt its poll. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&w->thread, NULL, run, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        close(w->wake[0]);
        close(w->wake[1]);
        free(w);
        return fault_set(why, FAULT_IO, "no thread: %s", strerror(failed));
    }
    *out = w;
    return FAULT_NONE;
}

static void ask_to_stop(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    atomic_store(&w->stopping, true);
    pthread_cond_signal(&w->asked);
    pthread_mutex_unlock(&w->lock);
}

/* After the thread has ended. */
static void worker_free(struct worker *w)
{
    for (int kind = 0; kind < ASK_KINDS; kind++) {
        question_free(w->pending[kind]);
        answer_free(w->answered[kind]);
    }
    pthread_cond_destroy(&w->asked);
    pthread_mutex_destroy(&w->lock);
    close(w->wake[0]);
    close(w->wake[1]);
    free(w);
}

void worker_stop(struct worker *w)
{
    if (!w)
        return;
    ask_to_stop(w);
    pthread_join(w->thread, NULL);
    worker_free(w);
}

bool worker_leave(struct worker *w, int milliseconds)
{
    struct timespec until;
    if (!w)
        return true;
    ask_to_stop(w);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    if (pthread_timedjoin_np(w->thread, NULL, &until) != 0)
        return false; /* it may still look at all of it */
    worker_free(w);
    return true;
}

uint64_t worker_ask(struct worker *w, struct question *q)
{
    uint64_t ticket = ++w->tickets;
    q->ticket = ticket;
    pthread_mutex_lock(&w->lock);
    atomic_store(&w->newest[q->kind], ticket);
    question_free(w->pending[q->kind]);
    w->pending[q->kind] = q;
    atomic_fetch_or(&w->waiting, 1u << q->kind);
    answer_free(w->answered[q->kind]);
    w->answered[q->kind] = NULL;
    pthread_cond_signal(&w->asked);
    pthread_mutex_unlock(&w->lock);
    return ticket;
}

struct answer *worker_take(struct worker *w)
{
    char sink[64];
    struct answer *a = NULL;
    pthread_mutex_lock(&w->lock);
    while (read(w->wake[0], sink, sizeof sink) > 0)
        ;
    for (int kind = 0; kind < ASK_KINDS && !a; kind++) {
        a = w->answered[kind];
        w->answered[kind] = NULL;
    }
    for (int kind = 0; kind < ASK_KINDS; kind++)
        if (w->answered[kind]) {
            wake_up(w); /* more to take */
            break;
        }
    pthread_mutex_unlock(&w->lock);
    return a;
}

int worker_wake_fd(const struct worker *w)
{
    return w->wake[0];
}
