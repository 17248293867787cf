/* Where the tokens of JSON text begin, found for 64 bytes at once: what reading at speed stands on.
 *
 * One implementation for any processor, one with SSE2, one with AVX2 and carry-less multiplication,
 * one with AVX-512; the best one that the processor at hand has is taken. All give the same. */
#ifndef CORE_BASE_JSON_MARKS_H
#define CORE_BASE_JSON_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_BLOCK = 64, JSON_AHEAD = 16 /* blocks that are worth looking up at once */ };

/* What a block of 64 bytes holds; bit i stands for byte i. */
struct json_marks {
    uint64_t marks;   /* outside of strings: brackets, commas, colons, the first byte of everything
                         else that is not blank; and the quotes that begin and end strings */
    uint64_t slashes; /* backslashes, wherever they stand */
};

/* What one block hands on to the next. Zeroed where text begins. */
struct json_edge {
    uint64_t in_string; /* all ones inside a string, else zero */
    uint64_t escaped;   /* 1: the next byte is escaped by a backslash before it */
    uint64_t other;     /* 1: the byte before is neither string, bracket, comma, colon nor blank */
};

/* Marks `blocks` whole blocks from `at` on. Pure but for `*edge` and `out`; any thread. */
void json_mark(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out);

/* Where the string ends whose text begins at `at`: its last quote; `len` when it does not end
 * there.
 * `*slashed`: it holds a backslash. Any thread. */
size_t json_string_end(const char *at, size_t len, bool *slashed);

/* Copies text without the backslashes that only say of the byte behind them that it is meant as it
 * is (a quote, backslash or slash), as far as there are whole blocks of it, up to the backslash of
 * the first other escape. `*to` moves behind what was written; a block behind that may have been
 * overwritten. Returns how much of the text was passed. Any thread. */
size_t json_drop_slashes(const char *at, size_t len, char **to);

/* The implementations by name, for the tests that hold them against each other; the first takes
 * every processor. `usable`: this processor has what it needs. */
struct json_marker {
    const char *name;
    void (*mark)(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out);
    size_t (*string_end)(const char *at, size_t len, bool *slashed);
    size_t (*drop_slashes)(const char *at, size_t len, char **to);
    bool (*usable)(void);
};
extern const struct json_marker json_markers[]; /* slowest first; ends with a `name` of NULL */

#endif
