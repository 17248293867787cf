/* The nearest name of a list. */
#include "core/base/near.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const char *const names[] = {"import", "list", "count", "--format", "formats", NULL};

Test(near, counts_a_swap_as_one_edit)
{
    cr_expect(eq(sz, near_distance(SLICE("improt"), SLICE("import")), 1));
}

Test(near, counts_insertions_deletions_and_replacements)
{
    cr_expect(eq(sz, near_distance(SLICE("kitten"), SLICE("sitting")), 3));
    cr_expect(eq(sz, near_distance(SLICE(""), SLICE("abc")), 3));
    cr_expect(eq(sz, near_distance(SLICE("LIST"), SLICE("list")), 0));
}

Test(near, finds_the_misspelt_name)
{
    cr_expect(eq(str, (char *)near_find(SLICE("improt"), names), "import"));
    cr_expect(eq(str, (char *)near_find(SLICE("--formt"), names), "--format"));
}

Test(near, finds_a_name_by_its_beginning)
{
    cr_expect(eq(str, (char *)near_find(SLICE("form"), names), "formats"));
}

Test(near, is_silent_when_nothing_is_near)
{
    cr_expect(eq(ptr, (void *)near_find(SLICE("zebra"), names), NULL));
    cr_expect(eq(ptr, (void *)near_find(SLICE("ls"), names), NULL));
    cr_expect(eq(ptr, (void *)near_find(SLICE(""), names), NULL));
}

Test(near, gives_up_on_long_words)
{
    char word[NEAR_LENGTH + 2];
    memset(word, 'a', sizeof word);
    cr_expect(eq(sz, near_distance(slice_make(word, sizeof word), SLICE("a")), NEAR_LENGTH + 1));
    cr_expect(eq(ptr, (void *)near_find(slice_make(word, sizeof word), names), NULL));
}
