/* Knows how to hold just as many bytes of an input as are needed; see window.h. */
#include "import/window.h"

enum { STEP = 256 * 1024 };

void window_init(struct window *w, struct input *in, size_t limit)
{
    *w = (struct window){.in = in, .offset = input_offset(in)};
    buf_init(&w->bytes, limit + STEP);
}

void window_free(struct window *w)
{
    buf_free(&w->bytes);
}

struct slice window_bytes(const struct window *w)
{
    return slice_from(buf_slice(&w->bytes), w->at);
}

static bool read_more(struct window *w)
{
    if (w->ended)
        return false;
    if (w->at > 0) {
        memmove(w->bytes.at, w->bytes.at + w->at, w->bytes.len - w->at);
        w->bytes.len -= w->at;
        w->at = 0;
    }
    size_t before = w->bytes.len, got = 0;
    char *to = buf_extend(&w->bytes, STEP);
    if (!to) {
        w->bytes.full = false; /* the caller meets its ceiling, the bytes so far stay */
        return false;
    }
    enum fault_code code = input_read(w->in, to, STEP, &got, &w->why);
    w->bytes.len = before + got;
    w->bytes.at[w->bytes.len] = '\0';
    w->ended = got < STEP || code != FAULT_NONE;
    return got > 0;
}

bool window_want(struct window *w, size_t size)
{
    while (w->bytes.len - w->at < size)
        if (!read_more(w))
            return false;
    return true;
}

void window_drop(struct window *w, size_t size)
{
    size_t left = w->bytes.len - w->at;
    if (size > left)
        size = left;
    w->at += size;
    w->offset += size;
}

bool window_skip(struct window *w, uint64_t size)
{
    for (;;) {
        size_t left = w->bytes.len - w->at;
        if (size <= left) {
            window_drop(w, (size_t)size);
            return true;
        }
        window_drop(w, left);
        size -= left;
        if (!read_more(w))
            return false;
    }
}
