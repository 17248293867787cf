/* What is sent to the terminal's clipboard: base64 of the safe form, with a ceiling. */
#include "tui/screen/clipboard.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

static struct buf out;

static void begin(void)
{
    buf_init(&out, 2 * CLIPBOARD_LIMIT);
}

static void finish(void)
{
    buf_free(&out);
}

TestSuite(clipboard, .init = begin, .fini = finish);

static const char *of(const char *text)
{
    buf_reset(&out);
    cr_assert(clipboard_add(&out, slice_of(text)));
    return out.at;
}

Test(clipboard, is_one_sequence_with_the_text_in_base64)
{
    cr_expect(eq(str, (char *)of(""), "\033]52;c;\a"));
    cr_expect(eq(str, (char *)of("f"), "\033]52;c;Zg==\a"));
    cr_expect(eq(str, (char *)of("fo"), "\033]52;c;Zm8=\a"));
    cr_expect(eq(str, (char *)of("foo"), "\033]52;c;Zm9v\a"));
    cr_expect(eq(str, (char *)of("foob"), "\033]52;c;Zm9vYg==\a"));
    cr_expect(eq(str, (char *)of("\u65E5\u672C~\u00FF"), "\033]52;c;5pel5pysfsO/\a"));
}

Test(clipboard, holds_no_control_but_line_ends_and_tabs)
{
    /* "a\\u{1B}]52\\u{07}\\n\\tb" */
    cr_expect(eq(str, (char *)of("a\033]52\a\n\tb"), "\033]52;c;YVx1ezFCfV01Mlx1ezA3fQoJYg==\a"));
}

Test(clipboard, refuses_what_is_too_long_and_adds_nothing)
{
    char *most = malloc(CLIPBOARD_LIMIT + 2);
    memset(most, '\n', CLIPBOARD_LIMIT + 1);
    cr_expect(clipboard_add(&out, slice_make(most, CLIPBOARD_LIMIT)));
    buf_reset(&out);
    cr_expect(not(clipboard_add(&out, slice_make(most, CLIPBOARD_LIMIT + 1))));
    cr_expect(eq(sz, out.len, 0));
    free(most);
}
