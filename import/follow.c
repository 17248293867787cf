/* Knows how a file's state is told by its size and time; see follow.h. */
#include "import/follow.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { SLICE_MS = 50 /* of waiting, between two looks at the wish to stop */ };

struct state {
    int64_t size, seconds, nanoseconds;
    uint64_t device, inode;
};

struct watched {
    char *path;
    struct state read, seen; /* when it was read last; at the last look */
    unsigned looks;          /* since it began to change */
    bool cut, to_the_end;    /* see follow_cut */
    unsigned rested;         /* looks since then */
};

struct follow {
    struct watched *at; /* sorted by path */
    size_t count, cap;
};

struct follow *follow_new(void)
{
    return xcalloc(1, sizeof(struct follow));
}

void follow_free(struct follow *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++)
        free(f->at[i].path);
    free(f->at);
    free(f);
}

static struct state state_of(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return (struct state){0};
    return (struct state){.size = about.st_size,
                          .seconds = about.st_mtim.tv_sec,
                          .nanoseconds = about.st_mtim.tv_nsec,
                          .device = about.st_dev,
                          .inode = about.st_ino};
}

static bool same(const struct state *a, const struct state *b)
{
    return a->size == b->size && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds &&
           a->device == b->device && a->inode == b->inode;
}

/* The file's place, made when it is new; NULL when there are more than an index has sources. */
static struct watched *find(struct follow *f, const char *path)
{
    size_t low = 0, high = f->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(f->at[middle].path, path);
        if (order == 0)
            return &f->at[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (f->count == PATHS_LIMIT)
        return NULL;
    if (f->count == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->at = xrealloc(f->at, f->cap, sizeof *f->at);
    }
    memmove(f->at + low + 1, f->at + low, (f->count - low) * sizeof *f->at);
    f->count++;
    f->at[low] = (struct watched){.path = xstrdup(path)};
    return &f->at[low];
}

void follow_note(struct follow *f, const struct path_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct watched *w = find(f, list->at[i].path);
        if (w)
            w->read = w->seen = state_of(list->at[i].path);
    }
}

bool follow_due(struct follow *f, const char *path)
{
    struct watched *w = find(f, path);
    if (!w)
        return false;
    struct state now = state_of(path);
    bool rests = same(&now, &w->seen);
    w->seen = now;
    if (now.size == 0 || same(&now, &w->read)) {
        w->looks = 0;
        w->to_the_end = w->cut && now.size && ++w->rested >= FOLLOW_REST;
        w->cut = w->cut && !w->to_the_end;
        return w->to_the_end;
    }
    w->to_the_end = false;
    if (!rests && ++w->looks < FOLLOW_PATIENCE)
        return false;
    w->read = now;
    w->looks = 0;
    return true;
}

void follow_cut(struct follow *f, const char *path)
{
    struct watched *w = find(f, path);
    if (!w)
        return;
    w->cut = true;
    w->rested = 0;
}

bool follow_to_the_end(struct follow *f, const char *path)
{
    const struct watched *w = find(f, path);
    return w && w->to_the_end;
}

bool follow_wait(const _Atomic bool *stop, int64_t least_ms)
{
    struct timespec slice = {.tv_nsec = SLICE_MS * 1000000L};
    int64_t left = least_ms > FOLLOW_POLL_MS ? least_ms : FOLLOW_POLL_MS;
    for (; left > 0 && !atomic_load(stop); left -= SLICE_MS)
        nanosleep(&slice, NULL); /* a signal ends it early and sets `stop` */
    return !atomic_load(stop);
}
