/* Knows how a selection is streamed by two threads: one reads entries from the index, a part at a
 * time, while the caller's writes them out somewhere. Parts go round; only whole ones change hands.
 */
#include "core/index/select.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    PARTS = 3,
    PART_ROWS = 512,
    PART_BYTES = 1024 * 1024 /* records are few, if they are long */
};

struct part {
    struct arena held;
    struct ahead_row {
        struct entry entry;
        struct slice raw;
    } rows[PART_ROWS];
    size_t count;
    bool whole; /* the caller's; else the reading thread's */
};

struct ahead {
    struct selection *sel;
    enum order order;
    bool want_raw;
    struct part parts[PARTS];
    size_t filling; /* the reading thread's own */
    _Atomic bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done; /* nothing more will be read */
    enum fault_code code;
    struct fault why;
};

/* --- the reading thread ----------------------------------------------------------------------- */

static void hand_over(struct ahead *a, bool last)
{
    pthread_mutex_lock(&a->mutex);
    a->parts[a->filling].whole = a->parts[a->filling].count > 0;
    a->done = last;
    pthread_cond_broadcast(&a->changed);
    if (!last) {
        a->filling = (a->filling + 1) % PARTS;
        while (a->parts[a->filling].whole && !a->stop)
            pthread_cond_wait(&a->changed, &a->mutex);
        a->parts[a->filling].count = 0;
        arena_reset(&a->parts[a->filling].held);
    }
    pthread_mutex_unlock(&a->mutex);
}

static struct arena *make_room(void *self, struct entry **into)
{
    struct ahead *a = self;
    struct part *part = &a->parts[a->filling];
    if (part->count == PART_ROWS || part->held.held >= PART_BYTES)
        hand_over(a, false);
    part = &a->parts[a->filling];
    *into = &part->rows[part->count].entry;
    return &part->held;
}

static bool keep_row(void *self, const struct entry *entry, struct slice raw)
{
    struct ahead *a = self;
    struct part *part = &a->parts[a->filling];
    (void)entry; /* it was read into the row */
    if (a->stop)
        return false;
    part->rows[part->count++].raw = arena_copy(&part->held, raw);
    return true;
}

static void *read_ahead(void *self)
{
    struct ahead *a = self;
    const struct select_sink sink = {make_room, keep_row, a};
    a->code = select_walk(a->sel, a->order, a->want_raw, &sink, &a->why);
    hand_over(a, true);
    return NULL;
}

/* --- the caller's ----------------------------------------------------------------------------- */

static struct part *next_part(struct ahead *a, size_t taking)
{
    struct part *part = &a->parts[taking];
    pthread_mutex_lock(&a->mutex);
    while (!part->whole && !a->done)
        pthread_cond_wait(&a->changed, &a->mutex);
    bool whole = part->whole;
    pthread_mutex_unlock(&a->mutex);
    return whole ? part : NULL;
}

static void give_back(struct ahead *a, struct part *part, bool more)
{
    pthread_mutex_lock(&a->mutex);
    part->whole = false;
    a->stop = !more;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->mutex);
}

static void take_all(struct ahead *a,
                     bool (*row)(void *self, const struct entry *entry, struct slice raw),
                     void *self)
{
    struct part *part;
    bool more = true;
    for (size_t taking = 0; more && (part = next_part(a, taking)); taking = (taking + 1) % PARTS) {
        for (size_t i = 0; more && i < part->count; i++)
            more = row(self, &part->rows[i].entry, part->rows[i].raw);
        give_back(a, part, more);
    }
}

/* Signals are for the threads that were there before. */
static bool start(struct ahead *a, pthread_t *thread)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(thread, NULL, read_ahead, a) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum fault_code selection_each_ahead(struct selection *sel, enum order order, bool want_raw,
                                     bool (*row)(void *self, const struct entry *entry,
                                                 struct slice raw),
                                     void *self, struct fault *why)
{
    pthread_t thread;
    struct ahead *a = xcalloc(1, sizeof *a);
    a->sel = sel;
    a->order = order;
    a->want_raw = want_raw;
    pthread_mutex_init(&a->mutex, NULL);
    pthread_cond_init(&a->changed, NULL);
    enum fault_code code;
    if (start(a, &thread)) {
        take_all(a, row, self);
        int error = errno; /* of what `row` could not write */
        pthread_join(thread, NULL);
        code = a->code;
        if (code && why)
            *why = a->why;
        for (size_t i = 0; i < PARTS; i++)
            arena_free(&a->parts[i].held);
        errno = error;
    } else {
        code = selection_each(sel, order, want_raw, row, self, why);
    }
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->mutex);
    free(a);
    return code;
}
