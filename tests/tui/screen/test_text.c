/* How words become lines. */
#include "tui/screen/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct arena arena;
static struct text page;
static struct buf out;

static void begin(int width)
{
    arena_init(&arena);
    buf_init(&out, 1 << 20);
    text_init(&page, &arena, width);
}

static void finish(void)
{
    text_free(&page);
    arena_free(&arena);
    buf_free(&out);
}

static const char *drawn(void)
{
    struct canvas c = {0};
    buf_reset(&out);
    canvas_resize(&c, page.width, (int)page.count);
    text_draw(&page, &c, canvas_rect(&c), 0);
    canvas_dump_text(&c, &out);
    canvas_free(&c);
    return out.at;
}

Test(text, keeps_words_whole, .fini = finish)
{
    begin(10);
    text_word(&page, ROLE_TEXT, "another user holds it");
    cr_expect(eq(str, (char *)drawn(), "another\nuser holds\nit\n"));
}

Test(text, parts_words_that_are_wider_than_the_line, .fini = finish)
{
    begin(6);
    text_word(&page, ROLE_TEXT, "a 0123456789");
    cr_expect(eq(str, (char *)drawn(), "a\n012345\n6789\n"));
}

Test(text, hangs_the_lines_of_a_paragraph_under_its_indent, .fini = finish)
{
    begin(12);
    text_indent(&page, 2);
    text_word(&page, ROLE_TEXT, "1 ");
    text_indent(&page, 4);
    text_word(&page, ROLE_TEXT, "ask the owner");
    cr_expect(eq(str, (char *)drawn(), "  1 ask the\n    owner\n"));
}

Test(text, parts_wide_characters_anywhere_but_in_their_middle, .fini = finish)
{
    begin(5);
    text_word(&page, ROLE_TEXT, "日本語情報");
    cr_expect(eq(str, (char *)drawn(), "日本\n語情\n報\n"));
}

Test(text, splits_bodies_into_lines_and_shows_tabs_as_blanks, .fini = finish)
{
    begin(20);
    text_body(&page, ROLE_TEXT, SLICE("one\r\n\ttwo\n\nfour"));
    cr_expect(eq(str, (char *)drawn(), "one\n    two\n\nfour\n"));
}

Test(text, leaves_one_empty_line_between_parts, .fini = finish)
{
    begin(20);
    text_gap(&page);
    text_word(&page, ROLE_TEXT, "a");
    text_gap(&page);
    text_gap(&page);
    text_word(&page, ROLE_TEXT, "b");
    cr_expect(eq(str, (char *)drawn(), "a\n\nb\n"));
}

Test(text, counts_what_is_over_its_ceiling, .fini = finish)
{
    begin(20);
    for (int i = 0; i < TEXT_LINES + 5; i++) {
        text_word(&page, ROLE_TEXT, "x");
        text_break(&page);
    }
    cr_expect(eq(sz, page.count, TEXT_LINES));
    cr_expect(gt(sz, page.dropped, 0));
}
