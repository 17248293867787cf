/* Random text for the readers of JSON: most of it nearly JSON, with what their blocks of bytes
 * could stumble over. */
#ifndef TESTS_RANDOM_JSON_H
#define TESTS_RANDOM_JSON_H

#include <stddef.h>
#include <string.h>

enum { RANDOM_JSON = 4000 /* bytes at most */ };

static unsigned long long random_seed;

static inline unsigned random_roll(unsigned below)
{
    random_seed = random_seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_seed >> 33) % below;
}

/* Writes the text of that number; returns its length. */
static inline size_t random_json(char text[RANDOM_JSON], unsigned long long number)
{
    static const char *const pieces[] = {
        "{\"a\":1}",
        "\"x\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "true",
        "null",
        "false",
        "-",
        " ",
        "\n",
        "1.5",
        "\"k\":",
        "\"\\\"\"",
        "\"\\\\\"",
        "tru",
        "x1",
        "$",
        "\"",
        "\\\\",
        "\\",
        "\x0c\x1a",
        "{\"\":",
        "[[{\"x\":[1,2,{}],",
        ",\n    \"a key with blanks\" : ",
        ",\n                        \"k\": ",
        "\"a string of over thirty-two bytes\"",
        "\"a string that is longer than the sixty-four bytes which are looked at, and its end\""};
    size_t len = 0;
    random_seed = number;
    for (unsigned n = random_roll(30); n; n--) {
        const char *piece = pieces[random_roll(sizeof pieces / sizeof *pieces)];
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    for (unsigned n = random_roll(2); n && len; n--)
        text[random_roll((unsigned)len)] = (char)random_roll(256);
    return len;
}

#endif
