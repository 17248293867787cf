/* A growing, owned run of bytes with a named ceiling.
 *
 * Always NUL-ended once something was appended. When an append would pass the ceiling nothing is
 * appended and the buffer stays in the state `full`: every later append fails too, so a caller may
 * append many times and check once with buf_full(). */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include "core/base/slice.h"

struct buf {
    char *at;
    size_t len, cap, limit;
    bool full;
};

/* An empty buffer that never holds more than `limit` bytes. */
void buf_init(struct buf *b, size_t limit);
/* Empties it, keeping the memory and clearing `full`. */
void buf_reset(struct buf *b);
/* Gives the memory back; the buffer is empty and usable again. */
void buf_free(struct buf *b);

/* Append; false (and `full`) when the ceiling would be passed. */
static inline bool buf_add(struct buf *b, struct slice s);
bool buf_add_text(struct buf *b, const char *text);
static inline bool buf_add_byte(struct buf *b, char c);
bool buf_add_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* buf_extend where the memory does not suffice; not to be called by others. */
char *buf_grow(struct buf *b, size_t count);
/* `count` uninitialised bytes to be written by the caller; NULL when the ceiling would be passed.
 */
static inline char *buf_extend(struct buf *b, size_t count)
{
    if (b->full || count > b->limit - b->len || count >= b->cap - b->len)
        return buf_grow(b, count);
    char *end = b->at + b->len;
    b->len += count;
    b->at[b->len] = '\0';
    return end;
}
/* Takes back what of buf_extend's bytes was not written: `end` is behind the last that was. */
static inline void buf_cut(struct buf *b, const char *end)
{
    b->len = (size_t)(end - b->at);
    b->at[b->len] = '\0';
}

/* What is in it, valid until the next change. Never SLICE_NONE. */
struct slice buf_slice(const struct buf *b);
static inline bool buf_full(const struct buf *b)
{
    return b->full;
}

static inline bool buf_add(struct buf *b, struct slice s)
{
    char *end = buf_extend(b, s.len);
    if (end && s.len)
        memcpy(end, s.at, s.len);
    return end != NULL;
}

static inline bool buf_add_byte(struct buf *b, char c)
{
    char *end = buf_extend(b, 1);
    if (end)
        *end = c;
    return end != NULL;
}

#endif
