/* Following a JSON value through bytes that arrive in parts. */
#include "import/json_walk.h"

#include "core/base/json.h"
#include "tests/random_json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

/* --- the same byte by byte ----------------------------------------------------------------------
 */

static bool is_scalar(char c)
{
    return c && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", c);
}

static enum walked slow_walk(const char *at, size_t len, size_t *pos)
{
    char open[JSON_DEPTH], last = 0;
    unsigned depth = 0;
    bool in_string = false;
    for (; *pos < len; ++*pos) {
        char c = at[*pos];
        bool begin = !last || strchr("{[,:", last), object = depth && open[depth - 1] == '{';
        if (in_string) {
            *pos += c == '\\';
            in_string = c != '"';
            if (!in_string && depth == 0)
                return ++*pos, WALK_DONE;
            continue;
        }
        if (depth == 0 && last == '1' && !is_scalar(c))
            return WALK_DONE;
        if (json_walk_is_blank(c))
            continue;
        if (c == '{' || c == '[') {
            if (!begin || (object && last != ':'))
                return WALK_BROKEN;
            if (depth == JSON_DEPTH)
                return WALK_DEEP;
            open[depth++] = c;
        } else if (c == '}' || c == ']') {
            if (!depth || object != (c == '}') || last == ':')
                return WALK_BROKEN;
            if (--depth == 0)
                return ++*pos, WALK_DONE;
        } else if (c == '"'   ? !begin
                   : c == ',' ? begin
                   : c == ':' ? !object || last != '"'
                              : !is_scalar(c) || !(begin || last == '1')) {
            return WALK_BROKEN;
        }
        in_string = c == '"';
        last = is_scalar(c) ? '1' : c;
    }
    *pos = len;
    return WALK_MORE;
}

/* --- comparing ----------------------------------------------------------------------------------
 */

/* Whole, and in parts of random size; each time in memory that ends with what is visible. */
static void compare(const char *text, size_t len)
{
    size_t want_pos = 0;
    enum walked want = slow_walk(text, len, &want_pos);
    for (unsigned parts = 0; parts < 3; parts++) {
        struct json_walk walk = {0};
        size_t seen = 0, pos = 0;
        enum walked got = WALK_MORE;
        while (got == WALK_MORE && seen < len) {
            size_t more = parts ? 1 + random_roll(parts == 1 ? 5 : 200) : len;
            seen = more < len - seen ? seen + more : len;
            char *copy = malloc(seen);
            memcpy(copy, text, seen);
            got = json_walk(&walk, copy, seen, &pos);
            free(copy);
            if (got == WALK_MORE)
                cr_assert(eq(sz, pos, seen));
        }
        cr_assert(eq(int, (int)got, (int)want), "%.*s", (int)len, text);
        cr_assert(eq(sz, pos, want_pos), "%.*s", (int)len, text);
    }
}

Test(json_walk, agrees_with_a_slow_walk_however_text_arrives)
{
    char text[RANDOM_JSON];
    for (unsigned long long round = 1; round < 20000; round++)
        compare(text, random_json(text, round));
}

Test(json_walk, counts_backslashes_across_parts)
{
    char text[400];
    for (size_t run = 0; run < 140; run++) {
        text[0] = '"';
        memset(text + 1, '\\', run);
        memcpy(text + 1 + run, "\"x\" ", 4);
        random_seed = run;
        compare(text, run + 5);
    }
}

Test(json_walk, refuses_the_depth_after_the_last)
{
    char deep[JSON_DEPTH + 1];
    struct json_walk walk = {0};
    size_t pos = 0;
    memset(deep, '[', sizeof deep);
    cr_expect(eq(int, (int)json_walk(&walk, deep, sizeof deep, &pos), WALK_DEEP));
    cr_expect(eq(sz, pos, JSON_DEPTH));
}
