/* Knows how to hold just as many bytes of an input as are needed; see window.h. */
#include "import/window.h"

#include "core/base/utf8.h"

enum { STEP = 256 * 1024 };

void window_init(struct window *w, struct input *in, size_t limit)
{
    *w = (struct window){.in = in, .offset = input_offset(in)};
    buf_init(&w->bytes, limit + (size_t)2 * STEP);
}

void window_free(struct window *w)
{
    buf_free(&w->bytes);
    buf_free(&w->raw);
}

struct slice window_bytes(const struct window *w)
{
    return slice_from(buf_slice(&w->bytes), w->at);
}

enum text_encoding text_encoding_of(struct slice head, size_t *mark)
{
    *mark = 0;
    if (slice_starts(head, "\xef\xbb\xbf"))
        *mark = 3;
    if (head.len < 2 || *mark)
        return TEXT_UTF8;
    const unsigned char *b = (const unsigned char *)head.at;
    bool little = b[0] == 0xff && b[1] == 0xfe, big = b[0] == 0xfe && b[1] == 0xff;
    *mark = little || big ? 2 : 0;
    if (little || (b[0] && !b[1]))
        return TEXT_UTF16_LITTLE;
    return big || (!b[0] && b[1]) ? TEXT_UTF16_BIG : TEXT_UTF8;
}

struct slice text_head(struct slice head, struct buf *out)
{
    size_t mark;
    enum text_encoding encoding = text_encoding_of(head, &mark);
    head = slice_from(head, mark);
    if (encoding == TEXT_UTF8)
        return head;
    buf_reset(out);
    utf8_add_utf16(out, head.at, head.len, encoding == TEXT_UTF16_LITTLE);
    return buf_slice(out);
}

void window_init_text(struct window *w, struct input *in, size_t limit)
{
    size_t mark;
    window_init(w, in, limit);
    w->encoding = text_encoding_of(input_head(in), &mark);
    char bytes[4];
    size_t got;
    if (mark)
        input_read(in, bytes, mark, &got, &w->why);
    w->offset = mark;
    if (w->encoding != TEXT_UTF8)
        buf_init(&w->raw, STEP + 4);
}

void window_whole_lines(struct window *w)
{
    w->whole_lines = input_is_growing(w->in);
}

/* At the end of the input. */
static void cut_line(struct window *w)
{
    size_t end = w->bytes.len;
    while (end > w->at && w->bytes.at[end - 1] != '\n')
        end--;
    if (end == w->bytes.len)
        return;
    input_set_cut(w->in);
    buf_cut(&w->bytes, w->bytes.at + end);
}

/* Decodes what is in `raw`; half a character at its end stays there for the next time. */
static void decode(struct window *w)
{
    size_t size = w->raw.len & ~(size_t)1;
    bool little = w->encoding == TEXT_UTF16_LITTLE;
    if (size >= 2 && !w->ended) {
        unsigned char high = (unsigned char)w->raw.at[little ? size - 1 : size - 2];
        if (high >= 0xd8 && high <= 0xdb)
            size -= 2;
    }
    utf8_add_utf16(&w->bytes, w->raw.at, size, little);
    memmove(w->raw.at, w->raw.at + size, w->raw.len - size);
    w->raw.len -= size;
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
    /* Two bytes of UTF-16 are at most three of UTF-8; room for all keeps decoding whole. */
    size_t room = w->encoding == TEXT_UTF8 ? STEP : STEP * 3 / 2 + 8;
    if (room > w->bytes.limit - w->bytes.len)
        return false; /* the caller meets its ceiling, the bytes so far stay */
    struct buf *to = w->encoding == TEXT_UTF8 ? &w->bytes : &w->raw;
    size_t before = to->len, got = 0, want = w->encoding == TEXT_UTF8 ? STEP : STEP - before;
    char *at = buf_extend(to, want);
    if (!at)
        return false;
    enum fault_code code = input_read(w->in, at, want, &got, &w->why);
    to->len = before + got;
    to->at[to->len] = '\0';
    w->ended = got < want || code != FAULT_NONE;
    if (w->encoding != TEXT_UTF8)
        decode(w);
    if (w->ended && w->whole_lines)
        cut_line(w);
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
