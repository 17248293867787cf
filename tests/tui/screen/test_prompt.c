/* The line editor: what each key does to text, cursor and history. */
#include "tui/screen/prompt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static struct prompt prompt;

static void begin(void)
{
    prompt_init(&prompt);
}

static void finish(void)
{
    prompt_free(&prompt);
}

static enum prompt_verdict press(uint32_t key)
{
    return prompt_key(&prompt, key);
}

static void type(const char *text)
{
    for (; *text; text++)
        press((uint32_t)(unsigned char)*text);
}

TestSuite(prompt, .init = begin, .fini = finish);

Test(prompt, takes_what_is_typed)
{
    type("is:failre");
    press(KEY_ARROW_LEFT);
    press(KEY_ARROW_LEFT);
    cr_expect(eq(int, press('u'), PROMPT_CHANGED));
    cr_expect(eq(str, prompt.text.at, "is:failure"));
    cr_expect(eq(int, press(KEY_RETURN), PROMPT_DONE));
    cr_expect(eq(int, press(KEY_ESCAPE), PROMPT_CANCELLED));
}

Test(prompt, moves_and_erases_by_what_is_drawn_as_one)
{
    prompt_set(&prompt, SLICE("ae\xcc\x81日"));
    press(KEY_ARROW_LEFT);
    cr_expect(eq(sz, prompt.at, 4));
    press(KEY_ARROW_LEFT);
    cr_expect(eq(sz, prompt.at, 1));
    press(KEY_DELETE);
    cr_expect(eq(str, prompt.text.at, "a日"));
    press(KEY_TO_END);
    press(KEY_ERASE);
    cr_expect(eq(str, prompt.text.at, "a"));
    press(KEY_ERASE);
    cr_expect(eq(int, press(KEY_ERASE), PROMPT_IGNORED));
}

Test(prompt, erases_words_and_the_rest)
{
    prompt_set(&prompt, SLICE("class:a user:b "));
    press(23);
    cr_expect(eq(str, prompt.text.at, "class:a "));
    press(KEY_TO_HOME);
    press(11);
    cr_expect(eq(sz, prompt.text.len, 0));
}

Test(prompt, refuses_control_and_bidi_characters)
{
    cr_expect(eq(int, press(0x202E), PROMPT_IGNORED));
    cr_expect(eq(int, press(0x1C), PROMPT_IGNORED));
    cr_expect(eq(int, press(KEY_FUNCTION_1), PROMPT_IGNORED));
    cr_expect(eq(sz, prompt.text.len, 0));
}

Test(prompt, walks_its_history_and_comes_back_to_the_draft)
{
    prompt_remember(&prompt, SLICE("one"));
    prompt_remember(&prompt, SLICE("two"));
    prompt_remember(&prompt, SLICE("two"));
    prompt_set(&prompt, SLICE("draft"));
    press(KEY_ARROW_UP);
    cr_expect(eq(str, prompt.text.at, "two"));
    press(KEY_ARROW_UP);
    cr_expect(eq(str, prompt.text.at, "one"));
    cr_expect(eq(int, press(KEY_ARROW_UP), PROMPT_IGNORED));
    press(KEY_ARROW_DOWN);
    press(KEY_ARROW_DOWN);
    cr_expect(eq(str, prompt.text.at, "draft"));
}

Test(prompt, forgets_the_oldest_of_many_lines)
{
    char line[32];
    for (int i = 0; i < PROMPT_HISTORY + 3; i++) {
        snprintf(line, sizeof line, "line %d", i);
        prompt_remember(&prompt, slice_of(line));
    }
    cr_expect(eq(sz, prompt.history_count, PROMPT_HISTORY));
    cr_expect(eq(str, prompt.history[0], "line 3"));
}

Test(prompt, stops_at_its_ceiling_and_stays_editable)
{
    for (int i = 0; i < PROMPT_SIZE + 10; i++)
        press('x');
    cr_expect(le(sz, prompt.text.len, PROMPT_SIZE));
    size_t full = prompt.text.len;
    cr_expect(eq(int, press('y'), PROMPT_IGNORED));
    cr_expect(eq(int, press(KEY_ERASE), PROMPT_CHANGED));
    cr_expect(eq(sz, prompt.text.len, full - 1));
    cr_expect(eq(int, press('y'), PROMPT_CHANGED));
}

Test(prompt, scrolls_so_that_the_cursor_is_seen)
{
    struct canvas c = {0};
    struct buf out;
    buf_init(&out, 4096);
    canvas_resize(&c, 8, 1);
    prompt_set(&prompt, SLICE("0123456789"));
    prompt_draw(&prompt, &c, 0, 0, 8, ROLE_INPUT, true);
    canvas_dump_text(&c, &out);
    cr_expect(eq(str, out.at, "3456789\n"));
    cr_expect(eq(int, c.cursor_x, 7));
    press(KEY_TO_HOME);
    canvas_clear(&c);
    prompt_draw(&prompt, &c, 0, 0, 8, ROLE_INPUT, true);
    buf_reset(&out);
    canvas_dump_text(&c, &out);
    cr_expect(eq(str, out.at, "0123456…\n"));
    cr_expect(eq(int, c.cursor_x, 0));
    canvas_free(&c);
    buf_free(&out);
}
