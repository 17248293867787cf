/* Knows how text becomes cells: widths, marks, edges, joining lines. See canvas.h. */
#include "tui/screen/canvas.h"

#include "core/base/alloc.h"
#include "core/base/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

void canvas_resize(struct canvas *c, int width, int height)
{
    width = clamp(width, 1, CANVAS_SIDE);
    height = clamp(height, 1, CANVAS_SIDE);
    c->cells = xrealloc(c->cells, (size_t)width * (size_t)height, sizeof *c->cells);
    c->width = width;
    c->height = height;
    canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
    canvas_fill(c, canvas_rect(c), ROLE_TEXT);
    c->cursor_x = c->cursor_y = -1;
}

void canvas_free(struct canvas *c)
{
    free(c->cells);
    *c = (struct canvas){0};
}

struct cell *canvas_at(const struct canvas *c, int x, int y)
{
    if (x < 0 || y < 0 || x >= c->width || y >= c->height)
        return NULL;
    return &c->cells[(size_t)y * (size_t)c->width + (size_t)x];
}

static void cell_blank(struct cell *cell, enum role role)
{
    cell->text[0] = ' ';
    cell->text[1] = '\0';
    cell->width = 1;
    cell->role = (unsigned char)role;
    cell->over = ROLE_TEXT;
    cell->reverse = false;
    cell->sides = 0;
}

/* Whoever overwrites half of a wide character leaves a blank for the other half. */
static void cell_break(struct canvas *c, int x, int y)
{
    struct cell *cell = canvas_at(c, x, y);
    if (!cell)
        return;
    if (cell->width == 0) {
        struct cell *left = canvas_at(c, x - 1, y);
        if (left)
            cell_blank(left, (enum role)left->role);
    } else if (cell->width == 2) {
        struct cell *right = canvas_at(c, x + 1, y);
        if (right)
            cell_blank(right, (enum role)right->role);
    }
}

static void put(struct canvas *c, int x, int y, const char *text, unsigned bytes, int width,
                enum role role, bool reverse)
{
    struct cell *cell = canvas_at(c, x, y);
    if (!cell || (width == 2 && !canvas_at(c, x + 1, y)))
        return;
    cell_break(c, x, y);
    if (width == 2)
        cell_break(c, x + 1, y);
    unsigned char over = cell->over;
    memcpy(cell->text, text, bytes);
    cell->text[bytes] = '\0';
    cell->width = (unsigned char)width;
    cell->role = (unsigned char)role;
    cell->reverse = reverse;
    cell->sides = 0;
    if (width == 2) {
        struct cell *right = canvas_at(c, x + 1, y);
        *right = (struct cell){
            .width = 0, .role = (unsigned char)role, .over = over, .reverse = reverse};
    }
}

/* An escape is ASCII: one cell a byte. */
static void put_escape(struct canvas *c, int x, int y, const struct safe_glyph *glyph,
                       enum role role)
{
    for (int i = 0; i < (int)glyph->bytes; i++)
        put(c, x + i, y, &glyph->text[i], 1, 1, role, true);
}

int canvas_text(struct canvas *c, int x, int y, int width, enum role role, struct slice text)
{
    int used = 0;
    struct safe_glyph glyph;
    struct slice rest = text;
    if (x < 0 || width <= 0)
        return 0;
    while (safe_next(&rest, SAFE_LINE, &glyph)) {
        int room = width - used;
        bool more = rest.len > 0;
        if (glyph.width + (more ? 1 : 0) > room) {
            put(c, x + used, y, "…", sizeof "…" - 1, 1, role, false);
            return used + 1;
        }
        if (glyph.escaped)
            put_escape(c, x + used, y, &glyph, role);
        else
            put(c, x + used, y, glyph.text, glyph.bytes, glyph.width, role, false);
        used += glyph.width;
    }
    return used;
}

int canvas_word(struct canvas *c, int x, int y, int width, enum role role, const char *text)
{
    return canvas_text(c, x, y, width, role, slice_of(_(text)));
}

int canvas_format(struct canvas *c, int x, int y, int width, enum role role, const char *format,
                  ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, _(format), args);
    va_end(args);
    return canvas_text(c, x, y, width, role, slice_of(text));
}

void canvas_right(struct canvas *c, int x, int y, int width, enum role role, struct slice text)
{
    int need = canvas_measure(text);
    int skip = need < width ? width - need : 0;
    canvas_text(c, x + skip, y, width - skip, role, text);
}

int canvas_measure(struct slice text)
{
    int used = 0;
    struct safe_glyph glyph;
    while (safe_next(&text, SAFE_LINE, &glyph))
        used += glyph.width;
    return used;
}

static struct rect within(const struct canvas *c, struct rect r)
{
    int right = clamp(r.x + r.width, 0, c->width), bottom = clamp(r.y + r.height, 0, c->height);
    r.x = clamp(r.x, 0, c->width);
    r.y = clamp(r.y, 0, c->height);
    r.width = right > r.x ? right - r.x : 0;
    r.height = bottom > r.y ? bottom - r.y : 0;
    return r;
}

void canvas_fill(struct canvas *c, struct rect r, enum role role)
{
    r = within(c, r);
    for (int y = r.y; y < r.y + r.height && r.width > 0; y++) {
        cell_break(c, r.x, y);
        cell_break(c, r.x + r.width - 1, y);
        for (int x = r.x; x < r.x + r.width; x++)
            cell_blank(canvas_at(c, x, y), role);
    }
}

void canvas_over(struct canvas *c, struct rect r, enum role over)
{
    r = within(c, r);
    for (int y = r.y; y < r.y + r.height; y++)
        for (int x = r.x; x < r.x + r.width; x++)
            canvas_at(c, x, y)->over = (unsigned char)over;
}

static void join(struct canvas *c, int x, int y, unsigned sides)
{
    /* Box-drawing characters by the sides they reach. */
    static const char *const glyphs[16] = {" ", "│", "─", "└", "│", "│", "┌", "├",
                                           "─", "┘", "─", "┴", "┐", "┤", "┬", "┼"};
    struct cell *cell = canvas_at(c, x, y);
    if (!cell)
        return;
    sides = (sides | cell->sides) & 15u;
    put(c, x, y, glyphs[sides], (unsigned)strlen(glyphs[sides]), 1, ROLE_BORDER, false);
    cell->sides = (unsigned char)sides;
}

void canvas_line_across(struct canvas *c, int x, int y, int width)
{
    for (int i = 0; i < width; i++)
        join(c, x + i, y, (i > 0 ? 8u : 0u) | (i < width - 1 ? 2u : 0u));
}

void canvas_line_down(struct canvas *c, int x, int y, int height)
{
    for (int i = 0; i < height; i++)
        join(c, x, y + i, (i > 0 ? 1u : 0u) | (i < height - 1 ? 4u : 0u));
}

void canvas_box(struct canvas *c, struct rect r)
{
    if (r.width < 2 || r.height < 2)
        return;
    canvas_line_across(c, r.x, r.y, r.width);
    canvas_line_across(c, r.x, r.y + r.height - 1, r.width);
    canvas_line_down(c, r.x, r.y, r.height);
    canvas_line_down(c, r.x + r.width - 1, r.y, r.height);
}

static void end_row(struct buf *out, size_t from)
{
    while (out->len > from && out->at[out->len - 1] == ' ')
        out->len--;
    buf_add_byte(out, '\n');
}

void canvas_dump_text(const struct canvas *c, struct buf *out)
{
    for (int y = 0; y < c->height; y++) {
        size_t from = out->len;
        for (int x = 0; x < c->width; x++)
            buf_add_text(out, canvas_at(c, x, y)->text);
        end_row(out, from);
    }
}

void canvas_dump_roles(const struct canvas *c, struct buf *out)
{
    static const char letters[ROLE_COUNT] = {
#define ROLE_LETTER(name, text, letter) letter,
        ROLES(ROLE_LETTER)
#undef ROLE_LETTER
    };
    for (int y = 0; y < c->height; y++) {
        size_t from = out->len;
        for (int x = 0; x < c->width; x++) {
            const struct cell *cell = canvas_at(c, x, y);
            bool blank = cell->text[0] == ' ' && !cell->over;
            unsigned char role = cell->over ? cell->over : cell->role;
            buf_add_byte(out, blank ? ' ' : cell->reverse ? letters[ROLE_ESCAPED] : letters[role]);
        }
        end_row(out, from);
    }
}
