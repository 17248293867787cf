/* Memory that is given back at once: one arena per batch, page or record.
 *
 * Not thread safe; an arena has one owner at a time. Compiled with -DARENA_MALLOC every allocation
 * is a malloc of its own, so that AddressSanitizer sees each one. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/slice.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *at;                   /* free space of the newest block */
    size_t left;
    size_t held;               /* bytes of `blocks`, for ceilings and tests */
    struct arena_block *spare; /* blocks of past uses, for the next */
    size_t spare_count;
};

/* An empty arena; needs no memory until the first allocation. */
void arena_init(struct arena *a);
/* Empties it. Some blocks stay for the next use: asking the system for them again would cost more
 * than what most uses do with them. */
void arena_reset(struct arena *a);
/* Gives everything back; the arena is empty and usable again. */
void arena_free(struct arena *a);

/* `size` bytes aligned for any type, uninitialised / zeroed. Never NULL. */
static inline void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));
void *arena_zalloc(struct arena *a, size_t count, size_t size) __attribute__((returns_nonnull));

/* A NUL-ended copy that lives as long as the arena; SLICE_NONE stays SLICE_NONE. */
struct slice arena_copy(struct arena *a, struct slice s);
struct slice arena_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* arena_alloc where the newest block may not suffice; not to be called by others. */
void *arena_more(struct arena *a, size_t size) __attribute__((returns_nonnull));

enum { ARENA_ALIGNMENT = 16 };

static inline void *arena_alloc(struct arena *a, size_t size)
{
#ifndef ARENA_MALLOC
    size_t whole = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    if (whole && whole <= a->left) {
        void *out = a->at;
        a->at += whole;
        a->left -= whole;
        return out;
    }
#endif
    return arena_more(a, size);
}

#endif
