/* A growing look at an input: bytes are read ahead until a reader has what it needs, and given back
 * when they are done with. For formats whose records say or show where they end. */
#ifndef IMPORT_WINDOW_H
#define IMPORT_WINDOW_H

#include "core/base/buf.h"
#include "import/input.h"

struct window {
    struct input *in;
    struct buf bytes; /* read but not yet dropped, from `at` on */
    size_t at;        /* done with, inside `bytes` */
    uint64_t offset;  /* in the input, of the byte at `at` */
    bool ended;       /* the input has no more bytes */
    struct fault why; /* of a read that failed; code FAULT_NONE else */
};

/* `limit`: most bytes ever looked at at once. */
void window_init(struct window *w, struct input *in, size_t limit);
void window_free(struct window *w);

/* Everything that is there now; valid until the next call. */
struct slice window_bytes(const struct window *w);
/* Reads until at least `size` bytes are there; false when the input or the limit ends before. */
bool window_want(struct window *w, size_t size);
/* Drops the first `size` bytes of what is there. */
void window_drop(struct window *w, size_t size);
/* Drops `size` bytes, reading and forgetting as far as needed; false when the input ends before. */
bool window_skip(struct window *w, uint64_t size);

#endif
