/* JSON: the pull scanner, strings, trees and writing. */
#include "core/base/json.h"
#include "tests/random_json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

/* The tokens of a text as letters: { } [ ] k s n t f 0 and ! for bad, . for the end. */
static const char *tokens(struct slice text)
{
    static char out[200];
    static const char letter[] = "!.{}[]ksntf0";
    struct json_scan scan;
    json_scan_init(&scan, text);
    size_t n = 0;
    enum json_token token;
    do {
        token = json_next(&scan);
        out[n++] = letter[token];
    } while (token != JSON_BAD && token != JSON_END && n < sizeof out - 1);
    out[n] = '\0';
    return out;
}

Test(json_scan, walks_every_kind)
{
    cr_expect(
        eq(str, (char *)tokens(SLICE(" {\"a\": [1, -2.5e3, true, false, null, \"x\"], \"b\": {}}")),
           "{k[nntf0s]k{}}."));
    cr_expect(eq(str, (char *)tokens(SLICE("{} []\n\"s\"")), "{}[]s."), "values may follow");
    cr_expect(eq(str, (char *)tokens(SLICE("")), "."));
}

Test(json_scan, lets_trailing_commas_and_raw_control_bytes_through)
{
    cr_expect(eq(str, (char *)tokens(SLICE("[1,]")), "[n]."));
    cr_expect(eq(str, (char *)tokens(SLICE("{\"a\":1,}")), "{kn}."));
    cr_expect(eq(str, (char *)tokens(SLICE("\"a\nb\"")), "s."));
}

Test(json_scan, stops_at_what_is_no_json)
{
    cr_expect(eq(str, (char *)tokens(SLICE("{\"a\" 1}")), "{!"));
    cr_expect(eq(str, (char *)tokens(SLICE("{\"a\":}")), "{k!"));
    cr_expect(eq(str, (char *)tokens(SLICE("[1 2]")), "[n!"));
    cr_expect(eq(str, (char *)tokens(SLICE("[1}")), "[n!"));
    cr_expect(eq(str, (char *)tokens(SLICE("\"open")), "!"));
    cr_expect(eq(str, (char *)tokens(SLICE("\"open\\\"")), "!"));
    cr_expect(eq(str, (char *)tokens(SLICE("[tru]")), "[!"));
    cr_expect(eq(str, (char *)tokens(SLICE("[,1]")), "[!"));
    cr_expect(eq(str, (char *)tokens(SLICE("]")), "!"));
    cr_expect(eq(str, (char *)tokens(SLICE("{1:2}")), "{!"));
}

Test(json_scan, counts_backslashes_before_a_quote)
{
    struct json_scan scan;
    json_scan_init(&scan, SLICE("\"a\\\\\"\"b\\\"c\""));
    cr_assert(eq(int, (int)json_next(&scan), JSON_STRING));
    cr_expect(slice_is(scan.raw, "\"a\\\\\""));
    cr_assert(eq(int, (int)json_next(&scan), JSON_STRING));
    cr_expect(slice_is(scan.raw, "\"b\\\"c\""));
}

Test(json_scan, refuses_the_depth_after_the_last)
{
    char deep[JSON_DEPTH + 1];
    memset(deep, '[', sizeof deep);
    struct json_scan scan;
    json_scan_init(&scan, slice_make(deep, sizeof deep));
    for (int i = 0; i < JSON_DEPTH; i++)
        cr_assert(eq(int, (int)json_next(&scan), JSON_ARRAY));
    cr_expect(eq(int, (int)json_next(&scan), JSON_BAD));
}

Test(json_scan, skips_a_value_and_gives_its_bytes)
{
    struct json_scan scan;
    struct slice whole;
    json_scan_init(&scan, SLICE("{\"a\": {\"b\": [1, {\"c\":2}]}, \"d\": 3}"));
    json_next(&scan);
    enum json_token token = json_next(&scan);
    cr_assert(json_skip(&scan, token, &whole));
    cr_expect(slice_is(whole, "{\"b\": [1, {\"c\":2}]}"));
    cr_assert(eq(int, (int)json_next(&scan), JSON_KEY));
    cr_expect(json_raw_is(scan.raw, "d"));
}

Test(json_text, resolves_escapes_and_pairs)
{
    struct arena arena;
    arena_init(&arena);
    struct slice plain = SLICE("\"plain\"");
    cr_expect(eq(ptr, (void *)json_text(&arena, plain).at, (void *)(plain.at + 1)), "borrowed");
    cr_expect(slice_is(json_text(&arena, SLICE("\"a\\n\\u00e9\\ud842\\udfb7\\/\"")),
                       "a\n\xc3\xa9\xf0\xa0\xae\xb7/"));
    cr_expect(slice_is(json_text(&arena, SLICE("\"\\ud842x\\u12\"")), "\xef\xbf\xbdxu12"));
    cr_expect(json_raw_is(SLICE("\"p\\u0061ss\""), "pass"));
    arena_free(&arena);
}

Test(json_tree, refuses_nul_trailing_text_and_depth)
{
    struct fault why;
    cr_expect(eq(ptr, json_tree(SLICE("{\"a\":\"\\u0000\"}"), NULL, &why), NULL));
    cr_expect(eq(ptr, json_tree(SLICE("{} x"), NULL, &why), NULL));
    size_t end = 0;
    cJSON *tree = json_tree(SLICE("{\"Detail\":\"x\"} rest"), &end, &why);
    cr_assert(ne(ptr, tree, NULL));
    cr_expect(eq(sz, end, 14));
    cr_expect(slice_is(json_tree_text_fold(tree, "detail"), "x"));
    cr_expect(slice_is_none(json_tree_text(tree, "detail")));
    cJSON_Delete(tree);
}

Test(json_write, escapes_what_the_display_rule_hides)
{
    struct buf out;
    buf_init(&out, 1000);
    json_add_string(&out, SLICE("q\" \\ \n\x1b \xe2\x80\xae \xf3\xa0\x81\x81 田\xff"));
    cr_expect(eq(str, out.at, "\"q\\\" \\\\ \\n\\u001b \\u202e \\udb40\\udc41 田\xef\xbf\xbd\""));
    buf_reset(&out);
    json_add_string(&out, SLICE_NONE);
    cr_expect(eq(str, out.at, "null"));
    buf_free(&out);
}

Test(json_write, long_texts_and_escapes_at_any_place_come_through)
{
    /* Around every length at which runs and pieces of the writer end. */
    for (size_t len = 0; len < 600; len++) {
        static const char *const specials[] = {"\"", "\n", "\x7f", "\xe7\x94\xb0", "\xff"};
        static const char *const escaped[] = {"\\\"", "\\n", "\\u007f", "\xe7\x94\xb0",
                                              "\xef\xbf\xbd"};
        const char *special = specials[len % 5], *want = escaped[len % 5];
        struct buf in, expected, out;
        buf_init(&in, 2000);
        buf_init(&expected, 2000);
        buf_init(&out, 2000);
        for (size_t i = 0; i < len; i++)
            buf_add_byte(&in, (char)(' ' + 3 + i % 50));
        buf_add_text(&expected, "\"");
        buf_add(&expected, buf_slice(&in));
        buf_add_text(&expected, want);
        buf_add(&expected, buf_slice(&in));
        buf_add_text(&expected, want);
        buf_add_text(&expected, "\"");
        struct slice run = slice_make(slice_dup(buf_slice(&in)), in.len);
        buf_add_text(&in, special);
        buf_add(&in, run);
        buf_add_text(&in, special);
        json_add_string(&out, buf_slice(&in));
        cr_expect(eq(str, out.at, expected.at), "%zu", len);
        free((char *)(uintptr_t)run.at);
        buf_free(&in);
        buf_free(&expected);
        buf_free(&out);
    }
}

Test(json_write, does_not_cut_characters_of_long_texts)
{
    for (size_t before = 0; before < 6; before++) {
        struct buf in, out, expected;
        buf_init(&in, 8000);
        buf_init(&out, 8000); /* so near the end that the worst case has no room */
        buf_init(&expected, 8000);
        for (size_t i = 0; i < before; i++)
            buf_add_byte(&in, 'a');
        for (size_t i = 0; i < 1900; i++)
            buf_add_text(&in, i % 2 ? "\xe7\x94\xb0" : "\xf0\xa0\xae\xb7");
        buf_add_format(&expected, "\"%s\"", in.at);
        cr_expect(json_add_string(&out, buf_slice(&in)));
        cr_expect(eq(str, out.at, expected.at), "%zu", before);
        buf_free(&in);
        buf_free(&out);
        buf_free(&expected);
    }
}

Test(json_write, numbers_of_all_sizes)
{
    static const int64_t numbers[] = {0, 7, -7, 10, 1234567890123, INT64_MAX, INT64_MIN};
    struct buf out;
    buf_init(&out, 1000);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char want[32];
        snprintf(want, sizeof want, "%lld", (long long)numbers[i]);
        buf_reset(&out);
        json_add_int(&out, numbers[i]);
        cr_expect(eq(str, out.at, want));
    }
    buf_free(&out);
}

Test(json_write, pretty_prints_and_leaves_other_text_alone)
{
    struct buf out;
    buf_init(&out, 1000);
    json_add_pretty(&out, SLICE("{\"a\":[1,{\"b\":[]}],\"c\":{}}"));
    cr_expect(eq(str, out.at,
                 "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}"));
    buf_reset(&out);
    json_add_pretty(&out, SLICE("{\"a\": broken"));
    cr_expect(eq(str, out.at, "{\"a\": broken"));
    buf_free(&out);
}

Test(json, resolves_escapes_where_the_text_stands)
{
    static const char *const texts[] = {
        "\"plain\"",
        "\"\"",
        "\"a\\nb\"",
        "\"\\u0041\\\"0123456789abcdef\\\\0123456789\\t\"",
        "\"\\ud83d\\ude00 and \\u3042 and a long run without any\\/\"",
        "\"\\u\\ud800x\\"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena arena;
        char bytes[100];
        arena_init(&arena);
        memcpy(bytes, texts[i], strlen(texts[i]) + 1);
        struct slice copied = json_text(&arena, slice_of(texts[i]));
        struct slice over = json_text_over(slice_of(bytes));
        cr_expect(slice_equal(copied, over), "%s: %.*s", texts[i], (int)over.len, over.at);
        arena_free(&arena);
    }
}

Test(json, resolves_escapes_at_any_place_in_both_ways)
{
    static const char *const pieces[] = {
        "\\\"",           "\\\\", "\\/", "\\n", "\\u3042",
        "\\ud83d\\ude00", "a",    "bc",  "def", "0123456789abcdefghijk"};
    unsigned seed = 1;
    for (unsigned round = 0; round < 20000; round++) {
        struct arena arena;
        struct buf text, want;
        arena_init(&arena);
        buf_init(&text, 10000);
        buf_init(&want, 10000);
        buf_add_byte(&text, '"');
        for (unsigned n = round % 40; n; n--) {
            seed = seed * 1103515245u + 12345u;
            buf_add_text(&text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
        }
        buf_add_byte(&text, '"');
        json_add_text_of(&want, buf_slice(&text)); /* escape by escape */
        struct slice raw =
            slice_make(malloc(text.len), text.len); /* what is read behind it shows */
        memcpy((char *)(uintptr_t)raw.at, text.at, text.len);
        struct slice got = json_text(&arena, raw);
        cr_assert(slice_equal(got, buf_slice(&want)), "%s: %.*s", text.at, (int)got.len, got.at);
        got = json_text_over(raw);
        cr_assert(slice_equal(got, buf_slice(&want)), "%s: %.*s", text.at, (int)got.len, got.at);
        free((char *)(uintptr_t)raw.at);
        buf_free(&text);
        buf_free(&want);
        arena_free(&arena);
    }
}

Test(json, resolves_random_strings_as_it_appends_them)
{
    static const char *const pieces[] = {
        "plain",
        "\\\"",
        "\\\\",
        "\\/",
        "\\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\x",
        "\xe3\x81\x82",
        "a run without any escape that is over sixty-four bytes of text",
        "\\\"k\\\":\\\"v\\\","};
    char text[RANDOM_JSON];
    for (unsigned long long round = 1; round < 5000; round++) {
        struct arena arena;
        struct buf want;
        size_t len = 1;
        random_seed = round;
        text[0] = '"';
        for (unsigned n = random_roll(40), some = 1 + random_roll(12); n; n--) {
            const char *piece = pieces[random_roll(some)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        text[len++] = '"';
        char *copy = malloc(len);
        memcpy(copy, text, len);
        struct slice raw = slice_make(copy, len);
        arena_init(&arena);
        buf_init(&want, len + 1);
        json_add_text_of(&want, raw);
        cr_assert(slice_equal(json_text(&arena, raw), buf_slice(&want)), "%.*s", (int)len, text);
        cr_assert(slice_equal(json_text_over(raw), buf_slice(&want)), "%.*s", (int)len, text);
        arena_free(&arena);
        buf_free(&want);
        free(copy);
    }
}

/* A string of one byte is never written in steps of several: strings are the same as their bytes
 * one by one. */
Test(json, strings_are_written_as_their_characters_are)
{
    static const char *const pieces[] = {"\"",
                                         "\\",
                                         "a",
                                         "bc",
                                         "0123456789abcdefghijk",
                                         "\n",
                                         "\x7f",
                                         "\xe7\x94\xb0",
                                         "{\"a\":\"b\"}",
                                         "\x01",
                                         "\"\"\\\\\"",
                                         "                "};
    unsigned seed = 7;
    for (unsigned round = 0; round < 20000; round++) {
        struct buf text, want, got;
        buf_init(&text, 10000);
        buf_init(&want, 10000);
        buf_init(&got, 10000);
        buf_add_byte(&want, '"');
        for (unsigned n = round % 40; n; n--) {
            seed = seed * 1103515245u + 12345u;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)];
            buf_add_text(&text, piece);
            for (size_t i = 0, size; piece[i]; i += size) {
                struct buf one;
                size = piece[i] == '\xe7' ? 3 : 1;
                buf_init(&one, 100);
                json_add_string(&one, slice_make(piece + i, size));
                buf_add(&want, slice_make(one.at + 1, one.len - 2));
                buf_free(&one);
            }
        }
        buf_add_byte(&want, '"');
        struct slice exact = slice_make(malloc(text.len + 1), text.len);
        memcpy((char *)(uintptr_t)exact.at, text.at ? text.at : "", text.len);
        json_add_string(&got, exact);
        cr_assert(slice_equal(buf_slice(&got), buf_slice(&want)), "%s: %s", want.at, got.at);
        free((char *)(uintptr_t)exact.at);
        buf_free(&text);
        buf_free(&want);
        buf_free(&got);
    }
}
