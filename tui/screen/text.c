/* Knows how words become lines. See text.h. */
#include "tui/screen/text.h"

#include "core/base/alloc.h"
#include "core/base/words.h"

#include <stdlib.h>

void text_init(struct text *t, struct arena *arena, int width)
{
    *t = (struct text){.arena = arena, .width = width > 4 ? width : 4};
}

void text_free(struct text *t)
{
    free(t->lines);
    *t = (struct text){0};
}

static struct text_line *line_new(struct text *t)
{
    if (t->count == TEXT_LINES) {
        t->dropped++;
        return &t->lines[t->count - 1];
    }
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 64;
        t->lines = xrealloc(t->lines, t->capacity, sizeof *t->lines);
    }
    t->lines[t->count] = (struct text_line){.used = t->indent, .value = SLICE_NONE};
    return &t->lines[t->count++];
}

static struct text_line *line_now(struct text *t)
{
    return t->count ? &t->lines[t->count - 1] : line_new(t);
}

/* Begins the next line of the same paragraph. */
static void line_wrap(struct text *t)
{
    int key = line_now(t)->key;
    struct slice value = line_now(t)->value;
    struct text_line *line = line_new(t);
    line->key = key;
    line->value = value;
}

static void span_add(struct text *t, enum role role, struct slice text, int width)
{
    struct text_line *line = line_now(t);
    if (t->dropped || text.len == 0)
        return;
    struct text_span *span = arena_alloc(t->arena, sizeof *span);
    *span = (struct text_span){line->used, role, text, NULL};
    if (line->last)
        line->last->next = span;
    else
        line->first = span;
    line->last = span;
    line->used += width;
}

static bool clings(struct slice rest)
{
    struct safe_glyph next;
    return safe_next(&rest, SAFE_LINE, &next) && safe_clings(&next);
}

/* How many bytes of `text` go into `room` cells: up to a place where it may be parted, or all. 0
 * when not even a first word fits. `*width` = their cells. */
static size_t fitting(struct slice text, int room, int *width)
{
    struct slice rest = text;
    struct safe_glyph glyph;
    int used = 0;
    size_t good = 0;
    *width = 0;
    while (safe_next(&rest, SAFE_LINE, &glyph)) {
        size_t end = text.len - rest.len;
        bool blank = strcmp(glyph.text, " ") == 0;
        if (used + glyph.width > room) {
            /* A blank at the very edge is swallowed by the line's end. */
            if (blank) {
                good = end;
                *width = used;
            }
            return good;
        }
        used += glyph.width;
        if (blank || (glyph.width == 2 && !glyph.escaped && !clings(rest))) {
            good = end;
            *width = used;
        }
    }
    *width = used;
    return text.len;
}

static size_t forced(struct slice text, int room, int *width)
{
    struct slice rest = text;
    struct safe_glyph glyph;
    size_t good = 0;
    *width = 0;
    while (safe_next(&rest, SAFE_LINE, &glyph)) {
        if (good && *width + glyph.width > room)
            break;
        *width += glyph.width;
        good = text.len - rest.len;
    }
    return good;
}

void text_add(struct text *t, enum role role, struct slice text)
{
    while (text.len > 0 && !t->dropped) {
        struct text_line *line = line_now(t);
        int width, room = t->width - line->used;
        size_t take = fitting(text, room, &width);
        if (take == 0 && line->used > t->indent) {
            line_wrap(t);
            continue;
        }
        if (take == 0)
            take = forced(text, room, &width);
        struct slice part = slice_first(text, take);
        text = slice_from(text, take);
        while (text.len > 0 && part.len > 0 && part.at[part.len - 1] == ' ')
            part.len--; /* the line's end stands for them */
        span_add(t, role, part, width);
        if (text.len > 0)
            line_wrap(t);
    }
}

void text_word(struct text *t, enum role role, const char *text)
{
    text_add(t, role, slice_of(_(text)));
}

void text_indent(struct text *t, int cells)
{
    struct text_line *line = line_now(t);
    t->indent = cells < t->width / 2 ? cells : t->width / 2;
    if (!line->first)
        line->used = t->indent;
}

void text_column(struct text *t, int cells)
{
    struct text_line *line = line_now(t);
    if (cells < t->width && line->used < cells)
        line->used = cells;
}

void text_break(struct text *t)
{
    line_now(t);
    t->indent = 0;
    line_new(t);
}

void text_gap(struct text *t)
{
    if (t->count == 0)
        return;
    if (line_now(t)->first)
        text_break(t);
    if (!t->tight && t->count > 1 && t->lines[t->count - 2].first)
        text_break(t);
}

void text_body(struct text *t, enum role role, struct slice body)
{
    struct slice line;
    while (slice_cut(&body, '\n', &line)) {
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if (slice_find_byte(line, '\t') != SIZE_MAX) {
            struct buf wide;
            buf_init(&wide, line.len * 4 + 1);
            for (size_t i = 0; i < line.len; i++)
                buf_add(&wide, line.at[i] == '\t' ? SLICE("    ") : slice_make(line.at + i, 1));
            line = arena_copy(t->arena, buf_slice(&wide));
            buf_free(&wide);
        }
        text_add(t, role, line);
        if (!slice_is_none(body))
            text_break(t);
    }
}

void text_mark(struct text *t, int key, struct slice value)
{
    struct text_line *line = line_now(t);
    line->key = key;
    line->value = value;
}

void text_draw(const struct text *t, struct canvas *c, struct rect r, size_t top)
{
    for (int i = 0; i < r.height && top + (size_t)i < t->count; i++) {
        const struct text_line *line = &t->lines[top + (size_t)i];
        for (const struct text_span *span = line->first; span; span = span->next)
            canvas_text(c, r.x + span->x, r.y + i, r.width - span->x, span->role, span->text);
        if (t->dropped && top + (size_t)i == t->count - 1)
            canvas_format(c, r.x, r.y + i, r.width, ROLE_DIM, "… %zu more lines", t->dropped);
    }
}
