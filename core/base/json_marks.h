/* Where the tokens of JSON text begin, found for 64 bytes at once: what reading at speed stands on.
 *
 * One implementation for any processor, one with SSE2, one with AVX2 and carry-less multiplication;
 * json_mark takes the best one that the processor at hand has. All give the same bits. */
#ifndef CORE_BASE_JSON_MARKS_H
#define CORE_BASE_JSON_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_BLOCK = 64 };

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

/* The implementations by name, for the tests that hold them against each other; the first takes
 * every processor. `usable`: this processor has what it needs. */
struct json_marker {
    const char *name;
    void (*mark)(const char *at, size_t blocks, struct json_edge *edge, struct json_marks *out);
    bool (*usable)(void);
};
extern const struct json_marker json_markers[]; /* slowest first; ends with a `name` of NULL */

#endif
