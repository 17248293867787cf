/* The loops that run over every entry or every byte of a text: compiled for what each processor
 * can, the best chosen when the program runs. Pure. Private to core/index. */
#ifndef CORE_INDEX_SCAN_H
#define CORE_INDEX_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_RANGES = 32 /* more of them cost more than looking each code up */ };

struct code_range {
    uint64_t low, high; /* inclusive; both fit the width */
};

struct scanner {
    const char *name;
    /* Sets the bit of every code of `width` bytes (1, 2, 4, 8) that lies in one of the ranges; the
     * other bits stay. `bits` has a word for each 64 codes begun. */
    void (*ranges)(uint64_t *bits, const unsigned char *codes, unsigned width, size_t count,
                   const struct code_range *ranges, size_t range_count);
    uint64_t (*ones)(const uint64_t *bits, size_t words);
    /* The first place of the needle (1 byte at least), or NULL. */
    const char *(*find)(const char *at, size_t len, const char *needle, size_t needle_len);
    bool (*usable)(void);
};

/* The best of those usable here; `scanners` has them all, for tests, ended by a NULL name. */
const struct scanner *scanner(void);
extern const struct scanner scanners[];

#endif
