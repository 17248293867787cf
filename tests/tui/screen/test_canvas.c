/* Texts, wide and combining characters, hostile bytes, edges and joining lines, in cells. */
#include "tui/screen/canvas.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct canvas canvas;
static struct buf out;

static void begin(int width, int height)
{
    buf_init(&out, 1 << 20);
    canvas_resize(&canvas, width, height);
}

static void finish(void)
{
    canvas_free(&canvas);
    buf_free(&out);
}

static const char *text(void)
{
    buf_reset(&out);
    canvas_dump_text(&canvas, &out);
    return out.at;
}

static const char *roles(void)
{
    buf_reset(&out);
    canvas_dump_roles(&canvas, &out);
    return out.at;
}

Test(canvas, draws_text_and_its_role, .fini = finish)
{
    begin(12, 2);
    cr_expect(eq(int, canvas_word(&canvas, 1, 0, 11, ROLE_BAD, "two words"), 9));
    cr_expect(eq(str, (char *)text(), " two words\n\n"));
    cr_expect(eq(str, (char *)roles(), " rrr rrrrr\n\n"));
}

Test(canvas, ends_text_that_does_not_fit_in_an_ellipsis, .fini = finish)
{
    begin(8, 1);
    cr_expect(eq(int, canvas_word(&canvas, 0, 0, 5, ROLE_TEXT, "abcdef"), 5));
    cr_expect(eq(str, (char *)text(), "abcd…\n"));
    canvas_clear(&canvas);
    canvas_word(&canvas, 0, 0, 6, ROLE_TEXT, "abcdef");
    cr_expect(eq(str, (char *)text(), "abcdef\n"));
}

Test(canvas, gives_wide_characters_two_cells, .fini = finish)
{
    begin(6, 1);
    cr_expect(eq(int, canvas_word(&canvas, 0, 0, 6, ROLE_TEXT, "日本"), 4));
    cr_expect(eq(int, canvas_at(&canvas, 0, 0)->width, 2));
    cr_expect(eq(int, canvas_at(&canvas, 1, 0)->width, 0));
    cr_expect(eq(str, canvas_at(&canvas, 2, 0)->text, "本"));
}

Test(canvas, never_lets_half_a_wide_character_over_the_edge, .fini = finish)
{
    begin(4, 1);
    canvas_word(&canvas, 0, 0, 4, ROLE_TEXT, "a日本");
    cr_expect(eq(str, (char *)text(), "a日…\n"));
    canvas_clear(&canvas);
    canvas_word(&canvas, 3, 0, 9, ROLE_TEXT, "日");
    cr_expect(eq(str, (char *)text(), "\n"));
}

Test(canvas, blanks_the_other_half_of_an_overwritten_wide_character, .fini = finish)
{
    begin(4, 1);
    canvas_word(&canvas, 0, 0, 4, ROLE_TEXT, "日本");
    canvas_word(&canvas, 1, 0, 1, ROLE_TEXT, "x");
    cr_expect(eq(str, (char *)text(), " x本\n"));
    canvas_word(&canvas, 2, 0, 1, ROLE_TEXT, "y");
    cr_expect(eq(str, (char *)text(), " xy\n"));
}

Test(canvas, keeps_combining_marks_in_the_cell_of_their_base, .fini = finish)
{
    begin(4, 1);
    cr_expect(eq(int, canvas_word(&canvas, 0, 0, 4, ROLE_TEXT, "e\u0301x"), 2));
    cr_expect(eq(str, canvas_at(&canvas, 0, 0)->text, "e\u0301"));
    cr_expect(eq(str, canvas_at(&canvas, 1, 0)->text, "x"));
}

Test(canvas, shows_control_and_bidi_characters_as_reverse_escapes, .fini = finish)
{
    begin(30, 1);
    canvas_text(&canvas, 0, 0, 30, ROLE_TEXT,
                SLICE("a\033[2Jb\xe2\x80\xae"
                      "c\xff"));
    cr_expect(eq(str, (char *)text(), "a\\u{1B}[2Jb\\u{202E}c\\xFF\n"));
    cr_expect(eq(str, (char *)roles(), ".eeeeee....eeeeeeee.eeee\n"));
    cr_expect(canvas_at(&canvas, 1, 0)->reverse);
    cr_expect(not(canvas_at(&canvas, 0, 0)->reverse));
}

Test(canvas, stays_within_its_grid_whatever_it_is_asked, .fini = finish)
{
    begin(3, 2);
    canvas_word(&canvas, -2, 0, 9, ROLE_TEXT, "out");
    canvas_word(&canvas, 1, 7, 9, ROLE_TEXT, "out");
    canvas_fill(&canvas, (struct rect){-5, -5, 100, 100}, ROLE_DIM);
    canvas_over(&canvas, (struct rect){2, 1, 50, 50}, ROLE_CURSOR);
    canvas_box(&canvas, (struct rect){1, 1, 40, 40});
    cr_expect(eq(int, canvas_at(&canvas, 2, 1)->over, ROLE_CURSOR));
}

Test(canvas, joins_lines_where_they_meet, .fini = finish)
{
    begin(7, 5);
    canvas_box(&canvas, canvas_rect(&canvas));
    canvas_line_down(&canvas, 3, 0, 5);
    canvas_line_across(&canvas, 3, 2, 4);
    cr_expect(eq(str, (char *)text(),
                 "┌──┬──┐\n"
                 "│  │  │\n"
                 "│  ├──┤\n"
                 "│  │  │\n"
                 "└──┴──┘\n"));
}

Test(canvas, aligns_to_the_right, .fini = finish)
{
    begin(8, 1);
    canvas_right(&canvas, 1, 0, 6, ROLE_TEXT, SLICE("412"));
    cr_expect(eq(str, (char *)text(), "    412\n"));
}
