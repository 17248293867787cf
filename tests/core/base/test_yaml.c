/* yaml.c: trees with places, and what is refused where. */
#include "core/base/buf.h"
#include "core/base/yaml.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

TestSuite(yaml, .init = setup, .fini = teardown);

static struct yaml_node *parse(const char *text)
{
    struct yaml_node *root;
    struct fault why = {0};
    cr_assert(eq(int, yaml_parse(&root, slice_of(text), &arena, &why), FAULT_NONE), "%s", why.text);
    return root;
}

Test(yaml, reads_maps_lists_and_scalars_with_their_places)
{
    struct yaml_node *root = parse("# head\n"
                                   "- id: one\n"
                                   "  status: [404, \"409\"]\n"
                                   "- id: 'two'\n"
                                   "  note: >\n"
                                   "    folded\n"
                                   "    text\n");
    cr_assert(eq(int, root->kind, YAML_LIST));
    cr_assert(eq(sz, root->count, 2));
    const struct yaml_node *status = yaml_get(root->items[0], "status");
    cr_assert(eq(sz, status->count, 2));
    cr_expect(eq(u64, status->items[1]->line, 3));
    cr_expect(eq(u64, status->items[1]->column, 17));
    cr_expect(not(status->items[0]->quoted));
    cr_expect(status->items[1]->quoted);
    cr_expect(eq(str, (char *)yaml_get(root->items[1], "note")->text.at, "folded text\n"));
    cr_expect(yaml_get(root->items[1], "status") == NULL);
}

Test(yaml, takes_an_empty_document_for_an_empty_map)
{
    struct yaml_node *root = parse("# nothing but a comment\n");
    cr_expect(eq(int, root->kind, YAML_MAP));
    cr_expect(eq(sz, root->count, 0));
}

Test(yaml, keeps_quoted_numbers_and_nulls_as_text)
{
    struct yaml_node *root = parse("a: 409\nb: '409'\nc: ~\nd: '~'\ne:\nf: 0x10\n");
    struct fault why;
    int64_t number = 0;
    struct slice text;
    cr_expect(eq(int, yaml_int(yaml_get(root, "a"), "a", 0, 999, &number, &why), FAULT_NONE));
    cr_expect(eq(i64, number, 409));
    cr_expect(eq(int, yaml_int(yaml_get(root, "b"), "b", 0, 999, &number, &why), FAULT_CONFIG));
    cr_expect(eq(int, yaml_int(yaml_get(root, "f"), "f", 0, 999, &number, &why), FAULT_CONFIG));
    cr_expect(eq(int, yaml_text(yaml_get(root, "c"), "c", &text, &why), FAULT_CONFIG));
    cr_expect(eq(int, yaml_text(yaml_get(root, "d"), "d", &text, &why), FAULT_NONE));
    cr_expect(eq(int, yaml_text(yaml_get(root, "e"), "e", &text, &why), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 5));
}

Test(yaml, says_which_range_a_number_left)
{
    struct yaml_node *root = parse("specificity: 101\n");
    struct fault why;
    int64_t number;
    cr_expect(
        eq(int, yaml_int(root->items[0], "specificity", 0, 100, &number, &why), FAULT_CONFIG));
    cr_expect(eq(str, why.text, "specificity must be from 0 to 100"));
    cr_expect(eq(u64, why.column, 14));
}

Test(yaml, reads_true_and_false_only)
{
    struct yaml_node *root = parse("a: true\nb: false\nc: yes\nd: 'true'\n");
    struct fault why;
    bool value = false;
    cr_expect(eq(int, yaml_bool(root->items[0], "a", &value, &why), FAULT_NONE));
    cr_expect(value);
    cr_expect(eq(int, yaml_bool(root->items[1], "b", &value, &why), FAULT_NONE));
    cr_expect(not(value));
    cr_expect(eq(int, yaml_bool(root->items[2], "c", &value, &why), FAULT_CONFIG));
    cr_expect(eq(int, yaml_bool(root->items[3], "d", &value, &why), FAULT_CONFIG));
}

struct refusal {
    char text[64];
    char says[48];
    unsigned line, column;
};

ParameterizedTestParameters(yaml, refuses_with_place)
{
    static struct refusal rows[] = {
        {"a: &x 1\nb: *x\n", "anchors", 1, 4},
        {"a: 1\nb: *x\n", "aliases", 2, 4},
        {"a: !int 1\n", "tags", 1, 4},
        {"- !!map {}\n", "tags", 1, 3},
        {"a: 1\n---\nb: 2\n", "one document", 2, 1},
        {"a: 1\nb: 2\na: 3\n", "second time", 3, 1},
        {"a: [1, [[[[[[[[[[[[[[[[2]]]]]]]]]]]]]]]]]\n", "brackets", 1, 23},
        {"a: {b: *x}\n", "aliases", 1, 8},
        {"a: {b: 1,\n b: 2}\n", "second time", 2, 2},
        {"? [a]\n: 1\n", "key must be", 1, 3},
        {"a: [1\n", "", 2, 1},
        {"a: 'x\n", "", 2, 1},
        {"a:\n\t- 1\n", "", 2, 1},
    };
    return cr_make_param_array(struct refusal, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct refusal *row, yaml, refuses_with_place)
{
    struct yaml_node *root;
    struct fault why = {0};
    cr_assert(eq(int, yaml_parse(&root, slice_of(row->text), &arena, &why), FAULT_CONFIG), "%s",
              row->text);
    cr_expect(root == NULL);
    cr_expect(strstr(why.text, row->says) != NULL, "%s: %s", row->text, why.text);
    cr_expect(eq(u64, why.line, row->line), "%s: %s", row->text, why.text);
    cr_expect(eq(u64, why.column, row->column), "%s: %s", row->text, why.text);
}

static enum fault_code parse_repeated(const char *piece, size_t count, const char *end,
                                      struct fault *why)
{
    struct buf text;
    buf_init(&text, 4 * YAML_SIZE);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&text, piece);
    buf_add_text(&text, end);
    struct yaml_node *root;
    enum fault_code code = yaml_parse(&root, buf_slice(&text), &arena, why);
    buf_free(&text);
    return code;
}

Test(yaml, refuses_deep_nesting_of_either_style_at_once, .timeout = 10)
{
    struct fault why;
    cr_expect(eq(int, parse_repeated("- ", 200, "x\n", &why), FAULT_CONFIG));
    cr_expect(eq(str, why.text, "nested too deep"));
    cr_expect(eq(int, parse_repeated("[", YAML_SIZE - 1, "\n", &why), FAULT_CONFIG));
}

Test(yaml, refuses_more_bytes_than_its_ceiling)
{
    struct fault why;
    cr_expect(
        eq(int, parse_repeated("# comment\n", YAML_SIZE / 10 + 1, "a: 1\n", &why), FAULT_CONFIG));
    cr_expect(strstr(why.text, "larger") != NULL);
}

Test(yaml, refuses_more_keys_than_its_ceiling, .timeout = 10)
{
    struct buf text;
    buf_init(&text, 4 * YAML_SIZE);
    for (int i = 0; i <= YAML_KEYS; i++)
        buf_add_format(&text, "k%d: 1\n", i);
    struct yaml_node *root;
    struct fault why;
    cr_expect(eq(int, yaml_parse(&root, buf_slice(&text), &arena, &why), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, YAML_KEYS + 1));
    buf_free(&text);
}

Test(yaml, refuses_bytes_that_are_not_utf8)
{
    struct yaml_node *root;
    struct fault why;
    cr_expect(eq(int, yaml_parse(&root, SLICE("a: \xff\n"), &arena, &why), FAULT_CONFIG));
    cr_expect(eq(int, yaml_parse(&root, SLICE("a: \0\n"), &arena, &why), FAULT_CONFIG));
}
