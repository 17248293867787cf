/* See scribe.h. */
#include "tui/screen/scribe.h"

#include "core/base/alloc.h"
#include "core/index/store.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct writing {
    struct annotation_change change;
    char *value; /* what change.value borrows */
    struct writing *next;
};

struct scribe {
    const char *db;
    pthread_t thread;
    bool runs;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    /* Under the lock. */
    struct writing *first, *last;
    bool at_work, stopping, news;
    struct fault failed; /* the first since scribe_done() */
};

struct scribe *scribe_new(const char *db)
{
    struct scribe *s = xcalloc(1, sizeof *s);
    s->db = db;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->asked, NULL);
    return s;
}

static void write_one(struct scribe *s, struct store **store, const struct writing *w,
                      struct fault *why)
{
    enum fault_code bad = FAULT_NONE;
    if (!*store)
        bad = store_open(store, s->db, STORE_WRITE, why);
    if (!bad)
        annotate(*store, &w->change, why);
}

static void *run(void *self)
{
    struct scribe *s = self;
    struct store *store = NULL;
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (!s->first && !s->stopping)
            pthread_cond_wait(&s->asked, &s->lock);
        struct writing *w = s->first;
        if (!w)
            break;
        s->first = w->next;
        s->at_work = true;
        pthread_mutex_unlock(&s->lock);
        struct fault why = {0};
        write_one(s, &store, w, &why);
        free(w->value);
        free(w);
        pthread_mutex_lock(&s->lock);
        s->at_work = false;
        s->news = true;
        if (why.code && !s->failed.code)
            s->failed = why;
    }
    pthread_mutex_unlock(&s->lock);
    store_close(store);
    return NULL;
}

static enum fault_code begin(struct scribe *s, struct fault *why)
{
    sigset_t all, before;
    if (s->runs)
        return FAULT_NONE;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&s->thread, NULL, run, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    s->runs = failed == 0;
    return failed ? fault_set(why, FAULT_IO, "no thread: %s", strerror(failed)) : FAULT_NONE;
}

enum fault_code scribe_write(struct scribe *s, const struct annotation_change *change,
                             struct fault *why)
{
    enum fault_code bad = begin(s, why);
    if (bad)
        return bad;
    struct writing *w = xcalloc(1, sizeof *w);
    w->change = *change;
    if (!slice_is_none(change->value)) {
        w->value = slice_dup(change->value);
        w->change.value = slice_make(w->value, change->value.len);
    }
    pthread_mutex_lock(&s->lock);
    if (s->first)
        s->last->next = w;
    else
        s->first = w;
    s->last = w;
    pthread_cond_signal(&s->asked);
    pthread_mutex_unlock(&s->lock);
    return FAULT_NONE;
}

bool scribe_busy(struct scribe *s)
{
    pthread_mutex_lock(&s->lock);
    bool busy = s->first || s->at_work;
    pthread_mutex_unlock(&s->lock);
    return busy;
}

bool scribe_done(struct scribe *s, struct fault *why)
{
    pthread_mutex_lock(&s->lock);
    bool done = s->news && !s->first && !s->at_work;
    if (done) {
        *why = s->failed;
        s->failed = (struct fault){0};
        s->news = false;
    }
    pthread_mutex_unlock(&s->lock);
    return done;
}

void scribe_free(struct scribe *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->asked);
    pthread_mutex_unlock(&s->lock);
    if (s->runs)
        pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->asked);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
