/* The marks of JSON text: every implementation against a walk byte by byte, and against each other.
 */
#include "core/base/json_marks.h"
#include "tests/random_json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 5, SIZE = BLOCKS * JSON_BLOCK };

/* What json_marks.h says, told as simply as it can be. */
static void expect_marks(const char *text, struct json_marks *out)
{
    bool in_string = false, escaped = false, other = false;
    memset(out, 0, BLOCKS * sizeof *out);
    for (unsigned i = 0; i < SIZE; i++) {
        char c = text[i];
        bool mark = false, quote = c == '"' && !escaped, was_inside = in_string;
        in_string ^= quote;
        if (quote)
            mark = true, other = false;
        else if (was_inside)
            other = false;
        else if (strchr("{}[],:", c) && c)
            mark = true, other = false;
        else if (strchr(" \t\r\n", c) && c)
            other = false;
        else
            mark = !other, other = true;
        escaped = c == '\\' && !escaped;
        out[i / JSON_BLOCK].marks |= (uint64_t)mark << i % JSON_BLOCK;
        out[i / JSON_BLOCK].slashes |= (uint64_t)(c == '\\') << i % JSON_BLOCK;
    }
}

/* In one go, and in parts whose edges are handed on. */
static void compare(const char *text)
{
    struct json_marks want[BLOCKS], got[BLOCKS];
    expect_marks(text, want);
    for (const struct json_marker *m = json_markers; m->name; m++) {
        if (!m->usable())
            continue;
        for (unsigned part = 1; part <= BLOCKS; part++) {
            struct json_edge edge = {0};
            for (unsigned done = 0; done < BLOCKS; done += part)
                m->mark(text + done * JSON_BLOCK, part < BLOCKS - done ? part : BLOCKS - done,
                        &edge, got + done);
            cr_assert(memcmp(want, got, sizeof want) == 0, "%s, parts of %u: %.*s", m->name, part,
                      SIZE, text);
        }
    }
}

static size_t slow_string_end(const char *text, size_t len, bool *slashed)
{
    *slashed = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            return i;
        *slashed = *slashed || text[i] == '\\';
        i += text[i] == '\\';
    }
    return len;
}

/* Each string end, in memory that ends with the text. */
static void compare_string_end(const char *text, size_t len)
{
    bool want, got;
    size_t end = slow_string_end(text, len, &want);
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    for (const struct json_marker *m = json_markers; m->name; m++) {
        if (!m->usable())
            continue;
        cr_assert(eq(sz, m->string_end(copy, len, &got), end), "%s: %.*s", m->name, (int)len, text);
        cr_assert(got == want || end == len, "%s: %.*s", m->name, (int)len, text);
    }
    free(copy);
}

static bool is_escape(const char *at)
{
    return at[0] == '\\' && at[1] != '"' && at[1] != '\\' && at[1] != '/';
}

/* What was passed is what one would read byte by byte, and nothing that could have been was left.
 */
static void compare_dropping(const char *text, size_t len)
{
    char *copy = malloc(len ? len : 1), *out = malloc(len + JSON_BLOCK);
    memcpy(copy, text, len);
    for (const struct json_marker *m = json_markers; m->name; m++) {
        if (!m->usable())
            continue;
        char *end = out;
        size_t passed = m->drop_slashes(copy, len, &end), at = 0, written = 0;
        cr_assert(le(sz, passed, len));
        for (; at < passed; at++, written++) {
            cr_assert(not(is_escape(text + at)), "%s: %.*s", m->name, (int)len, text);
            at += text[at] == '\\';
            cr_assert(lt(sz, at, passed), "%s: %.*s", m->name, (int)len, text);
            cr_assert(eq(chr, out[written], text[at]), "%s: %.*s", m->name, (int)len, text);
        }
        cr_assert(eq(sz, (size_t)(end - out), written));
        cr_assert(passed + JSON_BLOCK > len || is_escape(text + passed), "%s", m->name);
    }
    free(copy);
    free(out);
}

Test(json_marks, agree_on_where_strings_end_and_on_what_they_say)
{
    static const char alphabet[] = "xxxxxxxx\\\\\"/\\nu";
    char text[SIZE];
    for (unsigned long long round = 1; round < 8000; round++) {
        random_seed = round;
        unsigned some = 1 + random_roll(sizeof alphabet - 1);
        for (unsigned i = 0; i < SIZE; i++)
            text[i] = alphabet[random_roll(some)];
        for (unsigned i = 0; i < SIZE; i += 2) /* whole escapes, for the most part */
            if (round % 2 && text[i] == '\\' && i + 1 < SIZE)
                text[i + 1] = "\"\\/\""[random_roll(4)];
        size_t len = random_roll(SIZE + 1);
        compare_string_end(text, len);
        compare_dropping(text, len);
    }
}

Test(json_marks, agree_on_every_byte_alone)
{
    char text[SIZE];
    for (unsigned c = 0; c < 256; c++) {
        memset(text, ' ', sizeof text);
        for (unsigned i = 0; i < SIZE; i += 2)
            text[i] = (char)c;
        compare(text);
        memset(text, (char)c, sizeof text);
        compare(text);
    }
}

Test(json_marks, agree_on_quotes_and_backslashes_around_every_edge)
{
    char text[SIZE];
    for (unsigned run = 0; run < 140; run++)
        for (unsigned at = 40; at < 140; at++) {
            memset(text, 'x', sizeof text);
            text[3] = '"';
            memset(text + at, '\\', run);
            text[at + run] = '"';
            text[at + run + 1] = ',';
            compare(text);
        }
}

Test(json_marks, agree_on_random_text)
{
    static const char alphabet[] = "\"\"\"\\\\{}[],:: \n\t\r1ax-.\x0c\x1a\x7f\xe3\x81\x82";
    char text[SIZE];
    for (random_seed = 1; random_seed < 5000;) {
        unsigned long long round = random_seed;
        unsigned some = 1 + random_roll(sizeof alphabet - 1);
        for (unsigned i = 0; i < SIZE; i++)
            text[i] = random_roll(40) ? alphabet[random_roll(some)] : (char)random_roll(256);
        compare(text);
        random_seed = round + 1;
    }
}

Test(json_marks, the_last_usable_is_taken)
{
    struct json_marks best[1], taken[1];
    struct json_edge one = {0}, other = {0};
    char text[JSON_BLOCK];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"a\\\"{\": [1, true]}", 19);
    const struct json_marker *last = json_markers;
    for (const struct json_marker *m = json_markers; m->name; m++)
        last = m->usable() ? m : last;
    last->mark(text, 1, &one, best);
    json_mark(text, 1, &other, taken);
    cr_expect(zero(int, memcmp(best, taken, sizeof best)));
    static const unsigned places[] = {0, 1, 6, 7, 9, 10, 11, 13, 17, 18};
    uint64_t want = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        want |= UINT64_C(1) << places[i];
    cr_expect(eq(u64, taken->marks, want));
    cr_expect(eq(u64, taken->slashes, 1 << 3));
}
