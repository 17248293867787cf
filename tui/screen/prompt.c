/* See prompt.h. */
#include "tui/screen/prompt.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdlib.h>

void prompt_init(struct prompt *p)
{
    *p = (struct prompt){0};
    buf_init(&p->text, PROMPT_SIZE);
}

void prompt_free(struct prompt *p)
{
    buf_free(&p->text);
    for (size_t i = 0; i < p->history_count; i++)
        free(p->history[i]);
    free(p->draft);
    prompt_init(p);
}

static void put_text(struct prompt *p, struct slice text)
{
    buf_reset(&p->text);
    buf_add(&p->text, text);
    p->at = p->text.len;
}

void prompt_set(struct prompt *p, struct slice text)
{
    put_text(p, text);
    p->scroll = 0;
    p->history_at = p->history_count;
    free(p->draft);
    p->draft = NULL;
}

void prompt_remember(struct prompt *p, struct slice line)
{
    if (line.len == 0 || (p->history_count && slice_is(line, p->history[p->history_count - 1])))
        return;
    if (p->history_count == PROMPT_HISTORY) {
        free(p->history[0]);
        memmove(p->history, p->history + 1, sizeof p->history - sizeof *p->history);
        p->history_count--;
    }
    p->history[p->history_count++] = slice_dup(line);
    p->history_at = p->history_count;
}

static size_t glyph_after(const struct prompt *p, size_t at)
{
    struct slice rest = slice_from(buf_slice(&p->text), at);
    struct safe_glyph glyph;
    size_t before = rest.len;
    return safe_next(&rest, SAFE_LINE, &glyph) ? at + (before - rest.len) : at;
}

static size_t glyph_before(const struct prompt *p, size_t at)
{
    size_t from = 0, next;
    while ((next = glyph_after(p, from)) < at && next > from)
        from = next;
    return at ? from : 0;
}

static void cut(struct prompt *p, size_t from, size_t to)
{
    memmove(p->text.at + from, p->text.at + to, p->text.len - to);
    p->text.len -= to - from;
    p->text.at[p->text.len] = '\0';
    p->text.full = false;
    p->at = from;
}

bool prompt_replace(struct prompt *p, size_t from, size_t to, struct slice text)
{
    if (text.len > PROMPT_SIZE - (p->text.len - (to - from)))
        return false;
    if (from < to)
        cut(p, from, to);
    size_t tail = p->text.len - from;
    if (!buf_extend(&p->text, text.len))
        return false;
    memmove(p->text.at + from + text.len, p->text.at + from, tail);
    memcpy(p->text.at + from, text.at, text.len);
    p->at = from + text.len;
    return true;
}

static enum prompt_verdict cut_if(struct prompt *p, size_t from, size_t to)
{
    if (from == to)
        return PROMPT_IGNORED;
    cut(p, from, to);
    return PROMPT_CHANGED;
}

static size_t word_before(const struct prompt *p)
{
    size_t at = p->at;
    while (at > 0 && p->text.at[at - 1] == ' ')
        at--;
    while (at > 0 && p->text.at[at - 1] != ' ')
        at--;
    return at;
}

static enum prompt_verdict insert(struct prompt *p, uint32_t code)
{
    char bytes[4];
    if (code < ' ' || code >= KEYS_SPECIAL || safe_is_hidden(code))
        return PROMPT_IGNORED;
    size_t len = utf8_encode(code, bytes), tail = p->text.len - p->at;
    if (!buf_extend(&p->text, len)) {
        p->text.full = false; /* the line is at its ceiling; what is there stays editable */
        return PROMPT_IGNORED;
    }
    memmove(p->text.at + p->at + len, p->text.at + p->at, tail);
    memcpy(p->text.at + p->at, bytes, len);
    p->text.at[p->text.len] = '\0';
    p->at += len;
    return PROMPT_CHANGED;
}

static enum prompt_verdict recall(struct prompt *p, bool older)
{
    if (older ? p->history_at == 0 : p->history_at >= p->history_count)
        return PROMPT_IGNORED;
    if (p->history_at == p->history_count) {
        free(p->draft);
        p->draft = slice_dup(buf_slice(&p->text));
    }
    p->history_at += older ? (size_t)-1 : 1;
    put_text(p, slice_of(p->history_at < p->history_count ? p->history[p->history_at] : p->draft));
    return PROMPT_CHANGED;
}

static enum prompt_verdict move(struct prompt *p, size_t to)
{
    if (to == p->at)
        return PROMPT_IGNORED;
    p->at = to;
    return PROMPT_MOVED;
}

enum { CTRL_A = 1, CTRL_C = 3, CTRL_E = 5, CTRL_G = 7, CTRL_K = 11, CTRL_U = 21, CTRL_W = 23 };

enum prompt_verdict prompt_key(struct prompt *p, uint32_t key)
{
    switch (key) {
    case KEY_RETURN:
        return PROMPT_DONE;
    case KEY_ESCAPE:
    case CTRL_C:
    case CTRL_G:
        return PROMPT_CANCELLED;
    case KEY_ARROW_LEFT:
        return move(p, glyph_before(p, p->at));
    case KEY_ARROW_RIGHT:
        return move(p, glyph_after(p, p->at));
    case KEY_TO_HOME:
    case CTRL_A:
        return move(p, 0);
    case KEY_TO_END:
    case CTRL_E:
        return move(p, p->text.len);
    case KEY_ARROW_UP:
        return recall(p, true);
    case KEY_ARROW_DOWN:
        return recall(p, false);
    case KEY_ERASE:
        return cut_if(p, glyph_before(p, p->at), p->at);
    case KEY_DELETE:
        return cut_if(p, p->at, glyph_after(p, p->at));
    case CTRL_W:
        return cut_if(p, word_before(p), p->at);
    case CTRL_U:
        return cut_if(p, 0, p->at);
    case CTRL_K:
        return cut_if(p, p->at, p->text.len);
    default:
        return insert(p, key);
    }
}

int prompt_column(const struct prompt *p, size_t byte)
{
    return canvas_measure(slice_first(buf_slice(&p->text), byte)) - p->scroll;
}

void prompt_draw(struct prompt *p, struct canvas *c, int x, int y, int width, enum role role,
                 bool active)
{
    struct slice rest = buf_slice(&p->text);
    struct safe_glyph glyph;
    int column = 0;
    if (width < 2)
        return;
    if (!active)
        p->scroll = 0;
    else if (prompt_column(p, p->at) < 0)
        p->scroll += prompt_column(p, p->at);
    else if (prompt_column(p, p->at) > width - 1)
        p->scroll += prompt_column(p, p->at) - (width - 1);
    /* Whole glyphs only are skipped, so that no half of a wide character shows. */
    while (column < p->scroll && safe_next(&rest, SAFE_LINE, &glyph))
        column += glyph.width;
    p->scroll = column;
    canvas_text(c, x, y, width, role, rest);
    if (active) {
        c->cursor_x = x + prompt_column(p, p->at);
        c->cursor_y = y;
    }
}
