/* Screens for terminals without our signs. */
#include "tui/screen/plain.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct canvas c;

static const char *drawn(const char *text, enum plain plain)
{
    static struct buf out;
    if (out.limit == 0)
        buf_init(&out, 4096);
    buf_reset(&out);
    canvas_resize(&c, 12, 1);
    canvas_word(&c, 0, 0, 12, ROLE_TEXT, text);
    plain_canvas(&c, plain);
    canvas_dump_text(&c, &out);
    return out.at;
}

static void finish(void)
{
    canvas_free(&c);
}

TestSuite(plain, .fini = finish);

Test(plain, leaves_all_as_it_is_where_all_can_be_shown)
{
    cr_expect(eq(str, (char *)drawn("● é 日本 ↑", PLAIN_NOTHING), "● é 日本 ↑\n"));
}

Test(plain, changes_signs_but_no_letters_on_the_console)
{
    cr_expect(eq(str, (char *)drawn("●◐○ é 日本 ↑", PLAIN_SIGNS), "*+o é 日本 ^\n"));
}

Test(plain, keeps_columns_where_there_is_only_ascii)
{
    cr_expect(eq(str, (char *)drawn("é日本x…", PLAIN_ALL), "?????x~\n"));
    cr_expect(canvas_at(&c, 0, 0)->reverse, "told from a real question mark");
    cr_expect(canvas_at(&c, 2, 0)->reverse);
    cr_expect(not(canvas_at(&c, 5, 0)->reverse));
    cr_expect(eq(str, (char *)drawn("?", PLAIN_ALL), "?\n"));
    cr_expect(not(canvas_at(&c, 0, 0)->reverse));
}

Test(plain, is_chosen_by_locale_and_terminal)
{
    cr_expect(eq(int, plain_for("UTF-8", true, "xterm-256color"), PLAIN_NOTHING));
    cr_expect(eq(int, plain_for("ANSI_X3.4-1968", true, "xterm-256color"), PLAIN_ALL));
    cr_expect(eq(int, plain_for("ISO-8859-1", true, "xterm"), PLAIN_ALL));
    cr_expect(eq(int, plain_for("ANSI_X3.4-1968", false, "xterm"), PLAIN_NOTHING));
    cr_expect(eq(int, plain_for("UTF-8", true, "vt100"), PLAIN_ALL));
    cr_expect(eq(int, plain_for("UTF-8", true, "linux"), PLAIN_SIGNS));
    cr_expect(eq(int, plain_for("ANSI_X3.4-1968", true, "linux"), PLAIN_ALL));
    cr_expect(eq(int, plain_for("UTF-8", true, NULL), PLAIN_NOTHING));
}
