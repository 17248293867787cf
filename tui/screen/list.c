/* See list.h. */
#include "tui/screen/list.h"

void list_keep(struct list *l, int rows)
{
    uint64_t visible = rows > 0 ? (uint64_t)rows : 1;
    if (l->cursor >= l->count)
        l->cursor = l->count ? l->count - 1 : 0;
    if (l->top > l->cursor)
        l->top = l->cursor;
    if (l->cursor - l->top >= visible)
        l->top = l->cursor - visible + 1;
    if (l->top + visible > l->count)
        l->top = l->count > visible ? l->count - visible : 0;
}

static uint64_t back(uint64_t from, uint64_t by)
{
    return from > by ? from - by : 0;
}

bool list_act(struct list *l, enum action action, int rows)
{
    uint64_t page = rows > 1 ? (uint64_t)rows - 1 : 1;
    uint64_t last = l->count ? l->count - 1 : 0;
    switch (action) {
    case ACTION_UP:
        l->cursor = back(l->cursor, 1);
        break;
    case ACTION_DOWN:
        l->cursor = l->cursor < last ? l->cursor + 1 : last;
        break;
    case ACTION_PAGE_UP:
        l->cursor = back(l->cursor, page);
        l->top = back(l->top, page);
        break;
    case ACTION_PAGE_DOWN:
        l->cursor = last - l->cursor > page ? l->cursor + page : last;
        l->top += page;
        break;
    case ACTION_FIRST:
        l->cursor = 0;
        break;
    case ACTION_LAST:
        l->cursor = last;
        break;
    default:
        return false;
    }
    list_keep(l, rows);
    return true;
}

void list_scroll(struct list *l, int64_t by, int rows)
{
    uint64_t visible = rows > 0 ? (uint64_t)rows : 1;
    uint64_t most = l->count > visible ? l->count - visible : 0;
    if (by < 0)
        l->top = back(l->top, (uint64_t)-by);
    else
        l->top = most - l->top > (uint64_t)by && l->top < most ? l->top + (uint64_t)by : most;
    if (l->cursor < l->top)
        l->cursor = l->top;
    if (l->cursor - l->top >= visible)
        l->cursor = l->top + visible - 1;
    list_keep(l, rows);
}

bool list_click(struct list *l, int line)
{
    if (line < 0 || l->top + (uint64_t)line >= l->count)
        return false;
    l->cursor = l->top + (uint64_t)line;
    return true;
}

void list_draw(struct list *l, struct canvas *c, struct rect r, bool focused, list_row *row,
               void *self)
{
    list_keep(l, r.height);
    for (int i = 0; i < r.height && l->top + (uint64_t)i < l->count; i++) {
        uint64_t index = l->top + (uint64_t)i;
        struct rect line = {r.x, r.y + i, r.width, 1};
        row(self, c, line, index);
        if (index == l->cursor)
            canvas_over(c, line, focused ? ROLE_CURSOR : ROLE_CURSOR_OFF);
    }
}
