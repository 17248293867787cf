/* Values in every way that a text may write them: as they are, inside JSON strings at three depths,
 * percent-encoded, as HTML, letter case folded; in outputs base64 too. Knows neither whom they name
 * nor what stands for them. */
#ifndef CORE_REPORT_ENCODED_H
#define CORE_REPORT_ENCODED_H

#include "core/base/slice.h"

enum {
    ENCODED_VALUE = 256, /* most bytes of a value */
    ENCODED_LEAST = 4    /* bytes of a form; shorter ones are not looked for */
};

struct encoded;

/* All forms of the values, which have ENCODED_VALUE bytes at most. Copies them. */
struct encoded *encoded_new(const struct slice *values, size_t count);
void encoded_free(struct encoded *e); /* NULL-safe */

/* The number of the value whose longest form stands at `at`, as a word of its own, in `*len` bytes;
 * 0 bytes: none. `output`: look for base64 too. Any thread. */
size_t encoded_at(const struct encoded *e, struct slice text, size_t at, bool output, size_t *len);

/* A letter of ASCII in lower case, and a hash of a hash: for tables of such values. */
static inline unsigned char encoded_fold(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}
static inline uint64_t encoded_mix(uint64_t x)
{
    x *= UINT64_C(0x9E3779B97F4A7C15);
    return x ^ x >> 29;
}

#endif
