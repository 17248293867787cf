/* Knows how batches go from the reading to the writing thread, and faults back; see
 * ingest_writer.h. Knows nothing of what is written. Two batches exist: one being filled, one being
 * written; they change places, so memory does not depend on which thread is faster. */
#include "core/ingest_writer.h"

#include "core/base/alloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct ingest_writer {
    enum fault_code (*write)(void *self, struct ingest_batch *batch, struct fault *why);
    void *self;
    pthread_t thread;
    bool started;
    bool told; /* the failure was given back already; reading thread only */

    pthread_mutex_t mutex; /* holds what follows */
    pthread_cond_t changed;
    struct ingest_batch batch; /* the writing thread's while `busy` */
    bool busy, stop;
    enum fault_code code;
    struct fault why;
};

void ingest_batch_init(struct ingest_batch *batch)
{
    *batch = (struct ingest_batch){0};
    arena_init(&batch->held);
}

void ingest_batch_reset(struct ingest_batch *batch)
{
    arena_reset(&batch->held);
    *batch = (struct ingest_batch){.items = batch->items, .room = batch->room, .held = batch->held};
}

void ingest_batch_free(struct ingest_batch *batch)
{
    free(batch->items);
    arena_free(&batch->held);
}

static void *run(void *self)
{
    struct ingest_writer *w = self;
    pthread_mutex_lock(&w->mutex);
    for (;;) {
        while (!w->busy && !w->stop)
            pthread_cond_wait(&w->changed, &w->mutex);
        if (!w->busy)
            break;
        pthread_mutex_unlock(&w->mutex);
        struct fault why = {.code = FAULT_NONE};
        enum fault_code code = w->write(w->self, &w->batch, &why);
        ingest_batch_reset(&w->batch);
        pthread_mutex_lock(&w->mutex);
        w->code = code;
        w->why = why;
        w->busy = false;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

struct ingest_writer *ingest_writer_new(
    enum fault_code (*write)(void *self, struct ingest_batch *batch, struct fault *why), void *self)
{
    struct ingest_writer *w = xcalloc(1, sizeof *w);
    w->write = write;
    w->self = self;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->changed, NULL);
    ingest_batch_init(&w->batch);
    return w;
}

/* Signals are for the threads that were there before: none is to be taken here. */
static void start(struct ingest_writer *w)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    w->started = pthread_create(&w->thread, NULL, run, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Where no thread can be had, the one at hand writes. */
static void write_here(struct ingest_writer *w)
{
    w->why = (struct fault){.code = FAULT_NONE};
    w->code = w->write(w->self, &w->batch, &w->why);
    ingest_batch_reset(&w->batch);
}

/* Waits for the writing thread; the mutex is held then. */
static void wait_idle(struct ingest_writer *w)
{
    pthread_mutex_lock(&w->mutex);
    while (w->busy)
        pthread_cond_wait(&w->changed, &w->mutex);
}

static enum fault_code give_back(struct ingest_writer *w, struct fault *why)
{
    w->told = true;
    if (why)
        *why = w->why;
    return w->code;
}

void ingest_writer_free(struct ingest_writer *w)
{
    if (!w)
        return;
    wait_idle(w);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->mutex);
    if (w->started)
        pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->mutex);
    ingest_batch_free(&w->batch);
    free(w);
}

enum fault_code ingest_writer_hand(struct ingest_writer *w, struct ingest_batch *batch,
                                   struct fault *why)
{
    if (!w->started)
        start(w);
    wait_idle(w);
    enum fault_code code = w->code;
    if (code) {
        code = give_back(w, why);
        ingest_batch_reset(batch);
    } else {
        struct ingest_batch empty = w->batch;
        w->batch = *batch;
        *batch = empty;
        w->busy = w->started;
        if (w->started)
            pthread_cond_broadcast(&w->changed);
        else
            write_here(w);
    }
    pthread_mutex_unlock(&w->mutex);
    return code;
}

enum fault_code ingest_writer_settle(struct ingest_writer *w, struct fault *why)
{
    wait_idle(w);
    enum fault_code code = w->code && !w->told ? give_back(w, why) : FAULT_NONE;
    pthread_mutex_unlock(&w->mutex);
    return code;
}

void ingest_writer_reset(struct ingest_writer *w)
{
    w->code = FAULT_NONE;
    w->told = false;
}
