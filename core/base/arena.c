/* Knows how to hand out memory that is given back at once; see arena.h. */
#include "core/base/arena.h"

#include "core/base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BLOCK_SIZE = 64 * 1024,
    SPARE_BLOCKS = 128 /* 8 MiB that stay with an arena that was reset */
};

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ARENA_ALIGNMENT) char bytes[];
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(struct arena *a)
{
    free_blocks(a->blocks);
    free_blocks(a->spare);
    arena_init(a);
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
    struct arena_block *block = size == BLOCK_SIZE ? a->spare : NULL;
    if (block) {
        a->spare = block->next;
        a->spare_count--;
    } else {
        block = xmalloc(sizeof *block + size);
        block->size = size;
    }
    block->next = a->blocks;
    a->blocks = block;
    a->held += size;
    return block;
}

#ifdef ARENA_MALLOC
void arena_reset(struct arena *a)
{
    arena_free(a);
}

void *arena_more(struct arena *a, size_t size)
{
    return add_block(a, size)->bytes;
}
#else
void arena_reset(struct arena *a)
{
    struct arena_block *block = a->blocks, *keep = NULL;
    while (block) {
        struct arena_block *next = block->next;
        if (block->size != BLOCK_SIZE || (keep && a->spare_count == SPARE_BLOCKS)) {
            free(block);
        } else if (!keep) {
            keep = block;
            keep->next = NULL;
        } else {
            block->next = a->spare;
            a->spare = block;
            a->spare_count++;
        }
        block = next;
    }
    a->blocks = keep;
    a->at = keep ? keep->bytes : NULL;
    a->left = a->held = keep ? keep->size : 0;
}

void *arena_more(struct arena *a, size_t size)
{
    if (size > SIZE_MAX - ARENA_ALIGNMENT - sizeof(struct arena_block))
        alloc_exhausted();
    size = size ? (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1) : ARENA_ALIGNMENT;
    if (size > BLOCK_SIZE / 4) {
        /* A large one gets a block of its own, placed behind the current one. */
        struct arena_block *current = a->blocks;
        struct arena_block *own = add_block(a, size);
        if (current) {
            a->blocks = current;
            own->next = current->next;
            current->next = own;
        }
        return own->bytes;
    }
    if (size > a->left) {
        struct arena_block *block = add_block(a, BLOCK_SIZE);
        a->at = block->bytes;
        a->left = block->size;
    }
    void *out = a->at;
    a->at += size;
    a->left -= size;
    return out;
}
#endif

void *arena_zalloc(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        alloc_exhausted();
    void *out = arena_alloc(a, count * size);
    memset(out, 0, count * size);
    return out;
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    if (slice_is_none(s))
        return s;
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.at, s.len);
    copy[s.len] = '\0';
    return slice_make(copy, s.len);
}

struct slice arena_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        return SLICE("");
    char *text = arena_alloc(a, (size_t)need + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)need + 1, format, args);
    va_end(args);
    return slice_make(text, (size_t)need);
}
