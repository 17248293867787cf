/* Knows how bytes are handed in blocks to a thread that hashes them in their order. Where no thread
 * can be had, the one at hand hashes. */
#include "import/digest.h"

#include "core/base/alloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 128 * 1024, DIGEST_BLOCKS = 4 };

struct digest {
    struct hash_sha *sha; /* the thread's while blocks wait */
    char *blocks;         /* DIGEST_BLOCKS of them, used in turn; NULL until the first byte */
    size_t filled;        /* bytes of the block being filled */
    unsigned filling;     /* its number */
    bool started;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned waiting; /* whole blocks before the one being filled; under the mutex */
    bool stop;
};

static char *block_at(const struct digest *d, unsigned number)
{
    return d->blocks + (size_t)number * BLOCK_SIZE;
}

static void *run(void *self)
{
    struct digest *d = self;
    unsigned next = 0;
    pthread_mutex_lock(&d->mutex);
    for (;;) {
        while (!d->waiting && !d->stop)
            pthread_cond_wait(&d->changed, &d->mutex);
        if (!d->waiting)
            break;
        pthread_mutex_unlock(&d->mutex);
        hash_sha_add(d->sha, block_at(d, next), BLOCK_SIZE);
        next = (next + 1) % DIGEST_BLOCKS;
        pthread_mutex_lock(&d->mutex);
        d->waiting--;
        pthread_cond_broadcast(&d->changed);
    }
    pthread_mutex_unlock(&d->mutex);
    return NULL;
}

struct digest *digest_new(void)
{
    struct digest *d = xcalloc(1, sizeof *d);
    d->sha = hash_sha_new();
    pthread_mutex_init(&d->mutex, NULL);
    pthread_cond_init(&d->changed, NULL);
    return d;
}

/* Signals are for the threads that were there before: none is to be taken here. */
static void start(struct digest *d)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    d->started = pthread_create(&d->thread, NULL, run, d) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Waits until at most `most` blocks are not hashed yet. */
static void wait_behind(struct digest *d, unsigned most)
{
    pthread_mutex_lock(&d->mutex);
    while (d->waiting > most)
        pthread_cond_wait(&d->changed, &d->mutex);
    pthread_mutex_unlock(&d->mutex);
}

void digest_free(struct digest *d)
{
    if (!d)
        return;
    if (d->started) {
        wait_behind(d, 0);
        pthread_mutex_lock(&d->mutex);
        d->stop = true;
        pthread_cond_broadcast(&d->changed);
        pthread_mutex_unlock(&d->mutex);
        pthread_join(d->thread, NULL);
    }
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->mutex);
    hash_sha_free(d->sha);
    free(d->blocks);
    free(d);
}

/* The block being filled is whole. */
static void hand_over(struct digest *d)
{
    d->filled = 0;
    if (!d->started)
        start(d);
    if (!d->started) {
        hash_sha_add(d->sha, block_at(d, d->filling), BLOCK_SIZE);
        return;
    }
    pthread_mutex_lock(&d->mutex);
    d->waiting++;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->mutex);
    d->filling = (d->filling + 1) % DIGEST_BLOCKS;
    wait_behind(d, DIGEST_BLOCKS - 1);
}

void digest_add(struct digest *d, const void *at, size_t len)
{
    const char *from = at;
    if (len && !d->blocks)
        d->blocks = xmalloc((size_t)BLOCK_SIZE * DIGEST_BLOCKS);
    while (len) {
        size_t part = BLOCK_SIZE - d->filled < len ? BLOCK_SIZE - d->filled : len;
        memcpy(block_at(d, d->filling) + d->filled, from, part);
        d->filled += part;
        from += part;
        len -= part;
        if (d->filled == BLOCK_SIZE)
            hand_over(d);
    }
}

void digest_hex(struct digest *d, char out[HASH_HEX_SIZE])
{
    if (d->started)
        wait_behind(d, 0);
    /* What is filled is hashed here and now; the block begins anew behind it. */
    if (d->filled)
        hash_sha_add(d->sha, block_at(d, d->filling), d->filled);
    d->filled = 0;
    hash_sha_hex(d->sha, out);
}
