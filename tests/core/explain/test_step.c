/* The step that an event's text tells: against looking for one phrase after the other. */
#include "core/explain/step.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

static enum step slowly(const struct rulebook *book, struct slice text)
{
    enum step best = STEP_OTHER;
    size_t longest = 0;
    for (int step = STEP_OTHER + 1; step < STEPS; step++) {
        struct text_list words = rulebook_words(book, (enum step)step);
        for (size_t i = 0; i < words.count; i++)
            if (words.items[i].len > longest && slice_find_fold(text, words.items[i]) != SIZE_MAX) {
                longest = words.items[i].len;
                best = (enum step)step;
            }
    }
    return best;
}

Test(step, finds_the_longest_phrase_wherever_it_stands)
{
    static const char *const rests[] = {"", " ", "userName=x", "\xe3\x80\x82", "Xa"};
    struct rulebook *book;
    unsigned told = 0;
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "en", NULL), FAULT_NONE));
    for (int step = STEP_OTHER + 1; step < STEPS; step++) {
        struct text_list words = rulebook_words(book, (enum step)step);
        for (size_t i = 0; i < words.count; i++)
            for (size_t before = 0; before < 5; before++)
                for (size_t behind = 0; behind < 5; behind++) {
                    struct buf text;
                    buf_init(&text, 10000);
                    buf_add_text(&text, rests[before]);
                    for (size_t k = 0; k < words.items[i].len; k++) { /* in capitals, too */
                        char c = words.items[i].at[k];
                        buf_add_byte(&text,
                                     before % 2 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
                    }
                    buf_add_text(&text, rests[behind]);
                    enum step got = rulebook_step(book, buf_slice(&text));
                    cr_expect(eq(int, got, slowly(book, buf_slice(&text))), "%s", text.at);
                    cr_expect(ne(int, got, STEP_OTHER), "%s", text.at);
                    told++;
                    /* cut short it is not there */
                    struct slice less =
                        slice_first(buf_slice(&text), text.len - strlen(rests[behind]) - 1);
                    cr_expect(eq(int, rulebook_step(book, less), slowly(book, less)), "%s",
                              text.at);
                    buf_free(&text);
                }
    }
    cr_expect(gt(uint, told, 500));
    cr_expect(eq(int, rulebook_step(book, SLICE("")), STEP_OTHER));
    cr_expect(eq(int, rulebook_step(book, SLICE("zzz")), STEP_OTHER));
    rulebook_free(book);
}
