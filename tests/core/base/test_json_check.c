/* Holds json_check against json_scan: what it takes, that takes, too. */
#include "core/base/json_check.h"

#include "core/base/json.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

enum { TEXT = 512 };

/* What json_scan says of the same text. */
static bool is_one_value(struct slice text)
{
    struct json_scan scan;
    json_scan_init(&scan, text);
    return json_skip(&scan, json_next(&scan), NULL) && json_next(&scan) == JSON_END;
}

static const char sample[] =
    "{\"kind\":\"http\",\"offset\":77,\"rate\":-1.5e+3,\"known\":true,\"gone\":false,\"none\":null,"
    "\"headers\":[[\"Host\",\"scim.example.com\"],[\"A, {b}\",\"[c]:\"],[]],\"empty\":{},"
    "\"body\":{\"text\":\"{\\\"schemas\\\":[\\\"urn:x\\\"],\\\"path\\\":\\\"a\\\\\\\\\\\"}\","
    "\"long\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"},"
    "\"numbers\":[1,20,300,{\"deep\":[[[[\"x\"]]]]}],\"user\":\"\xE7\x94\xB0\xE4\xB8\xAD\"}";

Test(json_check, takes_what_records_look_like)
{
    cr_assert(json_is_one_tree(SLICE_NONE) == false);
    cr_assert(json_is_one_tree(slice_make(sample, sizeof sample - 1)));
    cr_assert(json_is_one_tree(SLICE("[]")));
    cr_assert(json_is_one_tree(SLICE("{}")));
    cr_assert(json_is_one_tree(SLICE("{\"a\": [ 1, true ,2]}")) == false, "a blank behind a word");
    cr_assert(json_is_one_tree(SLICE("{ \"a\" : [ 1, \"b\" ] }")));
}

struct refused {
    char text[48];
};

ParameterizedTestParameters(json_check, refuses)
{
    static struct refused rows[] = {
        {"1"},
        {"\"a\""},
        {" {}"},
        {"{} "},
        {"{}{}"},
        {"{}]"},
        {"{"},
        {"["},
        {"{\"a\"}"},
        {"{\"a\":}"},
        {"{\"a\" 1}"},
        {"{\"a\":1"},
        {"{\"a\":\"1}"},
        {"{1:2}"},
        {"{\"a\":1,}"},
        {"[1,]"},
        {"[,1]"},
        {"[1 2]"},
        {"[1}"},
        {"{\"a\":1]"},
        {"[\"a\":1]"},
        {"[tru]"},
        {"[truex]"},
        {"[nul"},
        {"[-]"},
        {"[1x]"},
        {"[\"a\"\"b\"]"},
        {"[\"a\"b]"},
        {"{\"a\"b:1}"},
        {"[1],{}"},
        {"{\"a\":1}}"},
        {"[[[[]]]"},
        {"[\"\\\"]"},
        {"{\"a\"::1}"},
        {"{\"a\":1\"b\":2}"},
    };
    return cr_make_param_array(struct refused, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct refused *row, json_check, refuses)
{
    cr_assert_not(json_is_one_tree(slice_of(row->text)), "%s", row->text);
}

Test(json_check, is_as_deep_as_scanning)
{
    char text[2 * JSON_DEPTH + 4];
    for (size_t depth = JSON_DEPTH - 1; depth <= JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        struct slice all = slice_make(text, 2 * depth);
        cr_assert_eq(json_is_one_tree(all), is_one_value(all), "%zu", depth);
        cr_assert_eq(json_is_one_tree(all), depth <= JSON_DEPTH, "%zu", depth);
    }
}

/* Every cut, every byte replaced, taken away or doubled, begun at different places of a block: it
 * never takes what scanning refuses, and refuses what that takes only as the header says. */
static void compare(struct slice text, unsigned *taken)
{
    bool tree = json_is_one_tree(text), scanned = is_one_value(text);
    cr_assert(scanned || !tree, "taken, though scanning refuses it: %.*s", (int)text.len, text.at);
    *taken += tree;
}

Test(json_check, takes_nothing_that_scanning_refuses)
{
    static const char bytes[] = "\"\\{}[],:x1t -";
    char text[TEXT + 2];
    size_t len = sizeof sample - 1;
    unsigned taken = 0;
    for (size_t at = 0; at < len; at++) {
        compare(slice_make(sample, at), &taken);
        compare(slice_make(sample + at, len - at), &taken);
        for (size_t b = 0; b < sizeof bytes - 1; b++) {
            memcpy(text, sample, len);
            text[at] = bytes[b];
            compare(slice_make(text, len), &taken);
            memmove(text + at + 1, sample + at, len - at);
            compare(slice_make(text, len + 1), &taken);
        }
        memcpy(text, sample, at);
        memcpy(text + at, sample + at + 1, len - at - 1);
        compare(slice_make(text, len - 1), &taken);
    }
    cr_assert_gt(taken, len, "most bytes of strings may be others: %u", taken);
}
