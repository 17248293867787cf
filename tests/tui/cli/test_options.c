/* How the command line is split into options and words. */
#include "tui/cli/options.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct option own[] = {
    {"--format", NULL, "NAME", "a format"},
    {"--output", "-o", "FILE", "a file"},
    {"--reverse", NULL, NULL, "a switch"},
    {NULL, NULL, NULL, NULL},
};

static struct options options;
static struct fault why;

#define PARSE(...)                                                                                 \
    parse((const char *[]){"scimscope", __VA_ARGS__},                                              \
          (int)(sizeof((const char *[]){"scimscope", __VA_ARGS__}) / sizeof(char *)))

static enum fault_code parse(const char **arguments, int count)
{
    options_free(&options);
    return options_parse(&options, count, (char **)arguments, own, &why);
}

static const char *first_word(const char **arguments, int count)
{
    const char *word = options_first_word(count, (char **)arguments);
    return word ? word : "(none)";
}

Test(options, takes_global_options_before_and_behind_the_command)
{
    cr_assert(eq(int, PARSE("--db", "a.db", "list", "--quiet"), FAULT_NONE));
    cr_expect(eq(str, (char *)options_value(&options, "--db"), "a.db"));
    cr_expect(options_has(&options, "--quiet"));
    cr_expect(eq(sz, options.word_count, 1));
    cr_expect(eq(str, (char *)options.words[0], "list"));
}

Test(options, takes_a_value_attached_or_apart)
{
    cr_assert(eq(int, PARSE("--format=csv", "-ofile"), FAULT_NONE));
    cr_expect(eq(str, (char *)options_value(&options, "--format"), "csv"));
    cr_expect(eq(str, (char *)options_value(&options, "--output"), "file"));
    cr_assert(eq(int, PARSE("-o", "other", "--format="), FAULT_NONE));
    cr_expect(eq(str, (char *)options_value(&options, "--output"), "other"));
    cr_expect(eq(str, (char *)options_value(&options, "--format"), ""));
}

Test(options, takes_a_zone_that_begins_with_a_minus_as_a_separate_value)
{
    cr_assert(eq(int, PARSE("--tz", "-03:00", "list"), FAULT_NONE));
    cr_expect(eq(str, (char *)options_value(&options, "--tz"), "-03:00"));
    cr_expect(eq(sz, options.word_count, 1));
}

Test(options, takes_excluding_terms_as_words)
{
    cr_assert(eq(int, PARSE("list", "-class:success", "-request-id:a b", "-"), FAULT_NONE));
    cr_expect(eq(sz, options.word_count, 4));
    cr_expect(eq(str, (char *)options.words[1], "-class:success"));
    cr_expect(eq(str, (char *)options.words[3], "-"));
}

Test(options, takes_everything_behind_two_hyphens_as_words)
{
    cr_assert(eq(int, PARSE("list", "--", "--reverse", "-x"), FAULT_NONE));
    cr_expect(not(options_has(&options, "--reverse")));
    cr_expect(eq(sz, options.word_count, 3));
}

Test(options, suggests_the_nearest_option)
{
    cr_expect(eq(int, PARSE("list", "--formt", "csv"), FAULT_USAGE));
    cr_expect(eq(str, why.text, "unknown option --formt; did you mean --format?"));
    cr_expect(eq(int, PARSE("list", "--verbos"), FAULT_USAGE));
    cr_expect(eq(str, why.text, "unknown option --verbos; did you mean --verbose?"));
}

Test(options, refuses_a_value_for_a_switch_and_a_missing_one)
{
    cr_expect(eq(int, PARSE("--reverse=yes"), FAULT_USAGE));
    cr_expect(eq(str, why.text, "--reverse takes no value"));
    cr_expect(eq(int, PARSE("list", "--format"), FAULT_USAGE));
    cr_expect(eq(str, why.text, "--format needs a value: --format NAME"));
}

Test(options, refuses_more_than_it_can_hold)
{
    const char *arguments[OPTIONS_LIMIT + 2] = {"scimscope"};
    for (size_t i = 1; i < OPTIONS_LIMIT + 2; i++)
        arguments[i] = "--quiet";
    cr_expect(eq(int, parse(arguments, OPTIONS_LIMIT + 1), FAULT_NONE));
    cr_expect(eq(int, parse(arguments, OPTIONS_LIMIT + 2), FAULT_USAGE));
}

Test(options, gives_the_last_value_and_all_in_order)
{
    cr_assert(eq(int, PARSE("--rules", "a", "--rules=b"), FAULT_NONE));
    size_t at = 0;
    cr_expect(eq(str, (char *)options_value(&options, "--rules"), "b"));
    cr_expect(eq(str, (char *)options_each(&options, "--rules", &at), "a"));
    cr_expect(eq(str, (char *)options_each(&options, "--rules", &at), "b"));
    cr_expect(eq(ptr, (void *)options_each(&options, "--rules", &at), NULL));
}

Test(options, finds_the_first_word_behind_global_options)
{
    cr_expect(eq(str, (char *)first_word((const char *[]){"s", "--db", "x", "--quiet", "list"}, 5),
                 "list"));
    cr_expect(eq(str, (char *)first_word((const char *[]){"s", "--db=x", "a.har"}, 3), "a.har"));
    cr_expect(eq(str, (char *)first_word((const char *[]){"s", "--format", "x"}, 3), "(none)"));
    cr_expect(eq(str, (char *)first_word((const char *[]){"s", "--", "x"}, 3), "(none)"));
}

Test(options, chooses_one_of_several_names)
{
    static const char *const names[] = {"table", "json", NULL};
    const char *chosen;
    cr_assert(eq(int, PARSE("--format", "json"), FAULT_NONE));
    cr_expect(eq(int, options_choice(&options, "--format", names, "table", &chosen, &why), 0));
    cr_expect(eq(str, (char *)chosen, "json"));
    cr_assert(eq(int, PARSE("--format", "jsn"), FAULT_NONE));
    cr_expect(
        eq(int, options_choice(&options, "--format", names, NULL, &chosen, &why), FAULT_USAGE));
    cr_expect(eq(str, why.text, "--format jsn: did you mean json?"));
    cr_assert(eq(int, PARSE("--format", "\033[2J"), FAULT_NONE));
    cr_expect(
        eq(int, options_choice(&options, "--format", names, NULL, &chosen, &why), FAULT_USAGE));
    cr_expect(eq(str, why.text, "--format \\u{1B}[2J: it must be one of table, json"));
}

Test(options, reads_whole_numbers_only)
{
    uint64_t number;
    cr_assert(eq(int, PARSE("--output", "12"), FAULT_NONE));
    cr_expect(eq(int, options_number(&options, "--output", 7, &number, &why), FAULT_NONE));
    cr_expect(eq(u64, number, 12));
    cr_assert(eq(int, PARSE("--output=-1"), FAULT_NONE));
    cr_expect(eq(int, options_number(&options, "--output", 7, &number, &why), FAULT_USAGE));
    cr_assert(eq(int, PARSE("list"), FAULT_NONE));
    cr_expect(eq(int, options_number(&options, "--output", 7, &number, &why), FAULT_NONE));
    cr_expect(eq(u64, number, 7));
}
