/* The pull scanner against a reader that takes one byte after the other, on random and broken text
 * of every length around the blocks that the scanner looks ahead. */
#include "core/base/json_steps.h"
#include "tests/random_json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

/* --- the slow reader -------------------------------------------------------------------------- */

struct slow {
    struct slice text;
    size_t at, from; /* behind the last token; where it begins */
    char open[JSON_DEPTH + 1];
    unsigned depth;
    bool value, comma; /* a value must come (behind a colon); a value has just ended */
};

static char peek(struct slow *s)
{
    while (s->at < s->text.len && strchr(" \t\r\n", s->text.at[s->at]) && s->text.at[s->at])
        s->at++;
    return s->at < s->text.len ? s->text.at[s->at] : '\0';
}

/* Behind the string that begins at `at`, 0 when it does not end. */
static size_t string_end(struct slow *s, size_t at)
{
    for (at++; at < s->text.len; at++) {
        if (s->text.at[at] == '"')
            return at + 1;
        at += s->text.at[at] == '\\';
    }
    return 0;
}

static enum json_token slow_end(struct slow *s, size_t end, enum json_token token)
{
    s->from = s->at;
    s->at = end;
    s->comma = s->depth > 0;
    s->value = false;
    return token;
}

static enum json_token slow_literal(struct slow *s, char c)
{
    static const char *const words[] = {"true", "false", "null"};
    struct slice rest = slice_from(s->text, s->at);
    for (unsigned i = 0; i < 3; i++)
        if (c == words[i][0])
            return slice_starts(rest, words[i])
                       ? slow_end(s, s->at + strlen(words[i]), JSON_TRUE + i)
                       : JSON_BAD;
    size_t len = 0, digits = 0;
    for (; len < rest.len && rest.at[len] && strchr("0123456789+-.eE", rest.at[len]); len++)
        digits += rest.at[len] >= '0' && rest.at[len] <= '9';
    return digits ? slow_end(s, s->at + len, JSON_NUMBER) : JSON_BAD;
}

static enum json_token slow_key(struct slow *s)
{
    size_t begin = s->at, end = string_end(s, s->at);
    if (s->text.at[begin] != '"' || !end)
        return JSON_BAD;
    s->at = end;
    if (peek(s) != ':') {
        s->at = begin;
        return JSON_BAD;
    }
    s->from = begin;
    s->at++;
    s->value = true;
    return JSON_KEY;
}

static enum json_token slow_next(struct slow *s)
{
    char c = peek(s);
    if (s->at == s->text.len)
        return s->depth ? JSON_BAD : JSON_END;
    if (s->comma && c != '}' && c != ']') {
        if (c != ',')
            return JSON_BAD;
        s->at++;
        s->comma = false;
        c = peek(s);
        if (s->at == s->text.len)
            return JSON_BAD;
    }
    bool object = s->depth && s->open[s->depth - 1] == '{';
    if ((c == '}' || c == ']') && !s->value) {
        if (!s->depth || object != (c == '}'))
            return JSON_BAD;
        s->depth--;
        return slow_end(s, s->at + 1, c == '}' ? JSON_OBJECT_END : JSON_ARRAY_END);
    }
    if (object && !s->value)
        return slow_key(s);
    if (c == '{' || c == '[') {
        if (s->depth == JSON_DEPTH)
            return JSON_BAD;
        s->open[s->depth++] = c;
        slow_end(s, s->at + 1, JSON_BAD);
        s->comma = false;
        return c == '{' ? JSON_OBJECT : JSON_ARRAY;
    }
    if (c != '"')
        return slow_literal(s, c);
    size_t end = string_end(s, s->at);
    return end ? slow_end(s, end, JSON_STRING) : JSON_BAD;
}

/* --- comparing -------------------------------------------------------------------------------- */

/* The key that stands next, by the hint for keys like it: true when one of them was right. */
static bool take_key(struct json_scan *scan, struct json_hint *hint)
{
    size_t at = scan->at;
    enum json_wants wants = scan->wants;
    if (json_in_object(scan) && json_take_hinted(scan, hint))
        return true;
    if (!json_next_key(scan))
        return false;
    json_keep_hint(hint, scan, at, wants);
    return true;
}

/* Outside of all brackets only the slow reader takes literals that stand against each other. */
static void compare(struct slice text)
{
    static struct json_hint hints[5]; /* of the texts before, too */
    struct json_scan scan;
    struct slow slow = {.text = text};
    json_scan_init(&scan, text);
    for (;;) {
        enum json_token want = slow_next(&slow), got;
        bool member = json_in_object(&scan) && scan.wants != JSON_WANTS_VALUE;
        if (member && slow.at % 3) /* all ways to ask */
            got = take_key(&scan, &hints[slow.at % 5])                          ? JSON_KEY
                  : want == JSON_OBJECT_END && scan.wants != JSON_WANTS_NOTHING ? JSON_OBJECT_END
                                                                                : JSON_BAD;
        else if (member && want == JSON_OBJECT_END && json_close_object(&scan))
            got = JSON_OBJECT_END;
        else if (slow.at % 3 == 1)
            got = json_next_level(&scan);
        else
            got = slow.at % 2 ? json_next_value(&scan) : json_next(&scan);
        if (got == JSON_BAD && want != JSON_BAD && slow.depth == 0)
            return;
        cr_assert(eq(int, (int)got, (int)want), "at %zu of %.*s", slow.at, (int)text.len, text.at);
        cr_assert(eq(sz, scan.at, slow.at), "%.*s", (int)text.len, text.at);
        cr_assert(eq(u32, scan.depth, slow.depth));
        if (got == JSON_BAD || got == JSON_END)
            return;
        if (got == JSON_KEY || got == JSON_STRING)
            cr_assert(scan.slashed == (slice_find_byte(scan.raw, '\\') != SIZE_MAX), "%.*s",
                      (int)text.len, text.at);
        cr_assert(eq(ptr, (void *)scan.raw.at, (void *)(text.at + slow.from)));
        if (got != JSON_KEY)
            cr_assert(eq(sz, scan.raw.len, slow.at - slow.from));
    }
}

/* The text alone in memory of its size, so that a byte read behind it shows. */
static void compare_exact(const char *at, size_t len)
{
    char *copy = malloc(len ? len : 1);
    if (len)
        memcpy(copy, at, len);
    compare(slice_make(copy, len));
    free(copy);
}

Test(json_scan, agrees_with_a_slow_reader_on_random_text)
{
    char text[RANDOM_JSON];
    for (unsigned long long round = 1; round < 30000; round++)
        compare_exact(text, random_json(text, round));
}

Test(json_scan, agrees_with_a_slow_reader_wherever_text_is_cut)
{
    static const char whole[] =
        "{\"list\": [{\"n\": -1.5e3, \"t\": true}, [[], {}], \"a\\\\\\\"b\"], \"long\": \"0123456"
        "789012345678901234567890123456789012345678901234567890123456789012345678901234567890\\\\\""
        ","
        "\"deep\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]],\"\\u0061\\\\\":null}\n[\"\\\\\"]";
    for (size_t pad = 0; pad < 140; pad++)
        for (size_t len = 0; len <= pad + sizeof whole - 1; len++) {
            char text[sizeof whole + 140];
            memset(text, ' ', pad);
            memcpy(text + pad, whole, sizeof whole);
            compare_exact(text, len);
        }
}

/* As many as a hint may look at. */
#define BLANKS "                                                                "

Test(json_scan, a_hint_takes_the_key_it_knows_and_no_other)
{
    static const struct {
        const char *text;
        bool taken;
    } rows[] = {{"{\"key\": 1", true},  {"{\"key\":1", true},
                {"{\"kex\": 1", false}, {"{ \"key\": 1", false},
                {"{\"key\" :1", false}, {"{\"ke\\\": 1", false},
                {"{}", false}};
    struct json_scan scan;
    struct json_hint hint = {0};
    json_scan_init(&scan, SLICE("{\"key\":"));
    json_next(&scan);
    cr_assert(take_key(&scan, &hint));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s" BLANKS, rows[i].text);
        json_scan_init(&scan, slice_of(text));
        cr_assert(eq(int, (int)json_next(&scan), JSON_OBJECT));
        cr_assert(json_take_hinted(&scan, &hint) == rows[i].taken, "%s", text);
        if (rows[i].taken) {
            cr_expect(eq(sz, scan.at, 7));
            cr_expect(slice_is(scan.raw, "\"key\""));
            cr_expect(eq(int, (int)json_next(&scan), JSON_NUMBER));
        }
    }
}

Test(json_scan, a_hint_knows_a_key_to_its_last_byte)
{
    for (int pad = 0; pad < 70; pad++) {
        char text[300];
        struct json_scan scan, other;
        struct json_hint hint = {0};
        snprintf(text, sizeof text, "{%*s\"key\":" BLANKS, pad, "");
        json_scan_init(&scan, slice_of(text));
        json_next(&scan);
        other = scan;
        cr_assert(take_key(&scan, &hint));
        if (pad + 6 >= JSON_HINT) { /* too long */
            cr_assert(not(json_take_hinted(&other, &hint)));
            continue;
        }
        for (int at = 1; at < pad + 7; at++) {
            struct json_scan changed = other;
            text[at] ^= 1;
            cr_assert(not(json_take_hinted(&changed, &hint)), "%d of %d", at, pad);
            text[at] ^= 1;
        }
        cr_assert(json_take_hinted(&other, &hint));
        cr_expect(eq(sz, other.at, scan.at));
        cr_expect(eq(ptr, (void *)other.raw.at, (void *)scan.raw.at));
    }
}

Test(json_scan, a_hint_is_for_the_first_key_or_for_those_behind_a_comma)
{
    struct json_scan scan;
    struct json_hint first = {0}, second = {0};
    json_scan_init(&scan, SLICE("{\"key\":1,\"key\":2"));
    json_next(&scan);
    cr_assert(take_key(&scan, &first));
    json_next(&scan);
    cr_assert(take_key(&scan, &second));
    json_scan_init(&scan, SLICE("{,\"key\":1\"key\":" BLANKS));
    json_next(&scan);
    cr_expect(not(json_take_hinted(&scan, &second)));
    json_scan_init(&scan, SLICE("{\"key\":1\"key\":" BLANKS));
    json_next(&scan);
    cr_assert(json_take_hinted(&scan, &first));
    json_next(&scan);
    cr_expect(not(json_take_hinted(&scan, &first)));
}

Test(json_scan, says_whether_text_is_broken_or_only_cut)
{
    static const struct {
        const char *text;
        bool cut;
    } rows[] = {{"{\"a\":", true}, {"{\"a", true}, {"{\"a\"", true},    {"[1,", true},
                {"[1", true},      {"[tr", true},  {"[-", true},        {"[\"a\\\"]", true},
                {"[tx", false},    {"[1x", false}, {"{\"a\" 1", false}, {"[1}", false},
                {"[1 2", false},   {"{,", false},  {"[trux]", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_scan scan;
        json_scan_init(&scan, slice_of(rows[i].text));
        enum json_token token;
        while ((token = json_next(&scan)) != JSON_BAD)
            cr_assert(ne(int, (int)token, JSON_END), "%s", rows[i].text);
        cr_expect(scan.cut == rows[i].cut, "%s", rows[i].text);
        cr_expect(eq(int, (int)json_next(&scan), JSON_BAD), "it stays there");
    }
}

Test(json_scan, skips_values_as_it_reads_them)
{
    static const char *const values[] = {"1",     "\"x\\\"y\"", "[]",   "{}",        "[[1],{}]",
                                         "[ ]",   "{ }",        "true", "{\"c\":1}", "[}",
                                         "\"cut", "{]",         "",     "-",         "nul"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int pad = 0; pad < 70; pad += 1 + (pad > 2)) {
            char text[200];
            snprintf(text, sizeof text, "{\"a\":%*s%s,\"b\":2}", pad, "", values[i]);
            struct json_scan one, other;
            json_scan_init(&one, slice_of(text));
            cr_assert(json_next(&one) == JSON_OBJECT && json_next_key(&one));
            other = one;
            bool sound = json_skip(&one, json_next(&one), NULL);
            cr_assert(json_skip_value(&other) == sound, "%s", text);
            cr_assert(eq(sz, one.at, other.at), "%s", text);
            cr_assert(json_next(&one) == json_next(&other), "%s", text);
        }
}
