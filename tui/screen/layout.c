/* See layout.h. */
#include "tui/screen/layout.h"

static int some(int want, int have)
{
    return want < 0 ? 0 : want > have ? have : want;
}

struct rect layout_top(struct rect *r, int rows)
{
    struct rect part = *r;
    part.height = some(rows, r->height);
    r->y += part.height;
    r->height -= part.height;
    return part;
}

struct rect layout_bottom(struct rect *r, int rows)
{
    struct rect part = *r;
    part.height = some(rows, r->height);
    r->height -= part.height;
    part.y = r->y + r->height;
    return part;
}

struct rect layout_left(struct rect *r, int columns)
{
    struct rect part = *r;
    part.width = some(columns, r->width);
    r->x += part.width;
    r->width -= part.width;
    return part;
}

struct rect layout_right(struct rect *r, int columns)
{
    struct rect part = *r;
    part.width = some(columns, r->width);
    r->width -= part.width;
    part.x = r->x + r->width;
    return part;
}

struct rect layout_inset(struct rect r, int x, int y)
{
    layout_left(&r, x);
    layout_right(&r, x);
    layout_top(&r, y);
    layout_bottom(&r, y);
    return r;
}

struct rect layout_middle(struct rect r, int width, int height)
{
    width = some(width, r.width);
    height = some(height, r.height);
    return (struct rect){r.x + (r.width - width) / 2, r.y + (r.height - height) / 2, width, height};
}

bool layout_holds(struct rect r, int x, int y)
{
    return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
}
