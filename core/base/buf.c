/* Knows how a bounded buffer grows; see buf.h. */
#include "core/base/buf.h"

#include "core/base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t limit)
{
    *b = (struct buf){.limit = limit};
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->full = false;
    if (b->at)
        b->at[0] = '\0';
}

void buf_free(struct buf *b)
{
    free(b->at);
    buf_init(b, b->limit);
}

char *buf_grow(struct buf *b, size_t count)
{
    if (b->full || count > b->limit - b->len) {
        b->full = true;
        return NULL;
    }
    if (b->len + count + 1 > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < b->len + count + 1)
            cap *= 2;
        b->at = xrealloc(b->at, cap, 1);
        b->cap = cap;
    }
    char *end = b->at + b->len;
    b->len += count;
    b->at[b->len] = '\0';
    return end;
}

bool buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, slice_of(text));
}

bool buf_add_format(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        return false;
    char *end = buf_extend(b, (size_t)need);
    if (!end)
        return false;
    va_start(args, format);
    vsnprintf(end, (size_t)need + 1, format, args);
    va_end(args);
    return true;
}

struct slice buf_slice(const struct buf *b)
{
    return slice_make(b->at ? b->at : "", b->len);
}
