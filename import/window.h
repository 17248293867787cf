/* A growing look at an input: bytes are read ahead until a reader has what it needs, and given back
 * when they are done with. For formats whose records say or show where they end. */
#ifndef IMPORT_WINDOW_H
#define IMPORT_WINDOW_H

#include "core/base/buf.h"
#include "import/input.h"

enum text_encoding { TEXT_UTF8, TEXT_UTF16_LITTLE, TEXT_UTF16_BIG };

/* The encoding of a text file that begins so, by its byte order mark or by where its zero bytes
 * are;
 * `*mark` becomes the size of the mark. Exports are UTF-8 or, out of PowerShell, UTF-16. */
enum text_encoding text_encoding_of(struct slice head, size_t *mark);
/* The beginning of a text file as UTF-8 without its mark: what sniffers look at. `out` is emptied
 * first; the result is borrowed from it or from `head`. */
struct slice text_head(struct slice head, struct buf *out);

struct window {
    struct input *in;
    struct buf bytes; /* read but not yet dropped, from `at` on */
    size_t at;        /* done with, inside `bytes` */
    uint64_t offset;  /* in the input (as UTF-8), of the byte at `at` */
    bool ended;       /* the input has no more bytes */
    bool whole_lines; /* of an input that grows: a line without an end is left out */
    struct fault why; /* of a read that failed; code FAULT_NONE else */
    enum text_encoding encoding;
    struct buf raw; /* bytes of the input that are not decoded yet */
};

/* `limit`: most bytes ever looked at at once. */
void window_init(struct window *w, struct input *in, size_t limit);
/* The same for a text file: its byte order mark is dropped, UTF-16 becomes UTF-8. */
void window_init_text(struct window *w, struct input *in, size_t limit);
/* From the beginning on: of an input that grows, a line that has no end yet is left out. */
void window_whole_lines(struct window *w);
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
