/* Knows the edit distance between two short words; see near.h. Nothing about what they name. */
#include "core/base/near.h"

static char near_fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t near_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, three rows of the table at a time. */
size_t near_distance(struct slice a, struct slice b)
{
    if (a.len > NEAR_LENGTH || b.len > NEAR_LENGTH)
        return NEAR_LENGTH + 1;
    size_t rows[3][NEAR_LENGTH + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *twice = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = near_fold(a.at[i - 1]), y = near_fold(b.at[j - 1]);
            size_t least = near_least(now[j - 1], above[j]) + 1;
            least = near_least(least, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == near_fold(b.at[j - 2]) && near_fold(a.at[i - 2]) == y)
                least = near_least(least, twice[j - 2] + 1);
            now[j] = least;
        }
    }
    return rows[a.len % 3][b.len];
}

const char *near_find(struct slice word, const char *const *names)
{
    const char *best = NULL, *begun = NULL;
    size_t limit = word.len / 3 < 3 ? word.len / 3 : 3; /* a word of two letters has no near one */
    for (; *names; names++) {
        struct slice name = slice_of(*names);
        size_t distance = near_distance(word, name);
        if (distance <= limit && (!best || distance < near_distance(word, slice_of(best))))
            best = *names;
        if (!begun && word.len >= 3 && slice_equal_fold(slice_first(name, word.len), word))
            begun = *names;
    }
    return best ? best : begun;
}
