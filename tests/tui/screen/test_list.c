/* Where cursor and top of a list go, without any rows. */
#include "tui/screen/list.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(list, scrolls_when_the_cursor_leaves_the_page)
{
    struct list l = {.count = 10};
    for (int i = 0; i < 4; i++)
        cr_expect(list_act(&l, ACTION_DOWN, 4));
    cr_expect(eq(u64, l.cursor, 4));
    cr_expect(eq(u64, l.top, 1));
}

Test(list, pages_and_jumps)
{
    struct list l = {.count = 100};
    list_act(&l, ACTION_PAGE_DOWN, 10);
    cr_expect(eq(u64, l.cursor, 9));
    list_act(&l, ACTION_LAST, 10);
    cr_expect(eq(u64, l.cursor, 99));
    cr_expect(eq(u64, l.top, 90));
    list_act(&l, ACTION_PAGE_UP, 10);
    cr_expect(eq(u64, l.cursor, 90));
    list_act(&l, ACTION_FIRST, 10);
    cr_expect(eq(u64, l.cursor, 0));
    cr_expect(eq(u64, l.top, 0));
}

Test(list, keeps_its_cursor_inside_when_rows_go_away)
{
    struct list l = {.count = 100, .top = 80, .cursor = 85};
    l.count = 5;
    list_keep(&l, 10);
    cr_expect(eq(u64, l.cursor, 4));
    cr_expect(eq(u64, l.top, 0));
}

Test(list, does_nothing_when_empty)
{
    struct list l = {0};
    cr_expect(list_act(&l, ACTION_DOWN, 10));
    cr_expect(list_act(&l, ACTION_LAST, 10));
    list_scroll(&l, 3, 10);
    list_scroll(&l, -3, 10);
    cr_expect(eq(u64, l.cursor, 0));
    cr_expect(not(list_click(&l, 0)));
}

Test(list, takes_the_cursor_along_only_when_the_wheel_leaves_it_behind)
{
    struct list l = {.count = 50, .cursor = 3};
    list_scroll(&l, 2, 10);
    cr_expect(eq(u64, l.top, 2));
    cr_expect(eq(u64, l.cursor, 3));
    list_scroll(&l, 5, 10);
    cr_expect(eq(u64, l.cursor, 7));
    list_scroll(&l, 500, 10);
    cr_expect(eq(u64, l.top, 40));
}

Test(list, puts_the_cursor_where_one_clicks)
{
    struct list l = {.count = 50, .top = 10, .cursor = 10};
    cr_expect(list_click(&l, 4));
    cr_expect(eq(u64, l.cursor, 14));
    cr_expect(not(list_click(&l, 49)));
}

static void row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    (void)self;
    canvas_format(c, r.x, r.y, r.width, ROLE_TEXT, "row %u", (unsigned)index);
}

Test(list, lays_the_cursor_role_over_its_row)
{
    struct list l = {.count = 3, .cursor = 1};
    struct canvas c = {0};
    struct buf out;
    buf_init(&out, 1 << 16);
    canvas_resize(&c, 7, 3);
    list_draw(&l, &c, canvas_rect(&c), true, row, NULL);
    canvas_dump_text(&c, &out);
    canvas_dump_roles(&c, &out);
    cr_expect(eq(str, out.at, "row 0\nrow 1\nrow 2\n... .\nCCCCCCC\n... .\n"));
    canvas_free(&c);
    buf_free(&out);
}
