/* What is said to people, by language. */
#include "core/base/fault.h"
#include "core/base/words.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(words, are_english_without_a_catalogue)
{
    cr_expect(words_use("en"));
    cr_expect(eq(str, (char *)_("one row up"), "one row up"));
    cr_expect(not(words_use("xx")));
    cr_expect(eq(str, (char *)words_language(), "en"));
    cr_expect(eq(str, (char *)_("one row up"), "one row up"));
}

Test(words, are_found_in_the_catalogue_of_a_language)
{
    cr_assert(words_use("ja"));
    cr_expect(eq(str, (char *)words_language(), "ja"));
    cr_expect(eq(str, (char *)_("one row up"), "1行上へ"));
    cr_expect(words_use("en"));
    cr_expect(eq(str, (char *)_("one row up"), "one row up"));
}

Test(words, without_a_translation_are_as_they_are)
{
    const char *text = "no such words anywhere";
    cr_assert(words_use("ja"));
    cr_expect(eq(ptr, (void *)words_find(text), (void *)text));
    cr_expect(eq(str, (char *)words_find(""), ""));
    cr_expect(eq(ptr, (void *)words_find(NULL), NULL));
}

Test(words, of_faults_are_those_of_the_language)
{
    struct fault why;
    cr_assert(words_use("ja"));
    fault_set(&why, FAULT_USAGE, "%s takes no value", "--utc");
    cr_expect(eq(str, why.text, "--utc に値は指定できません"));
}
