/* Literals that every match of a pattern contains, so that most patterns need not be tried on most
 * texts. Conservative: what is not understood has no literals, and its pattern is always tried. */
#ifndef CORE_EXPLAIN_LITERAL_H
#define CORE_EXPLAIN_LITERAL_H

#include "core/base/slice.h"

enum {
    LITERALS = 48,       /* alternatives that are kept for a pattern */
    LITERAL_LENGTH = 24, /* bytes of one; of longer ones the first */
    LITERAL_LEAST = 3    /* shorter ones filter nothing */
};

struct literals {
    size_t count; /* 0: nothing can be said */
    struct literal {
        char text[LITERAL_LENGTH]; /* lower case */
        size_t len;
    } items[LITERALS];
};

/* Any text that the pattern (ASCII letters folded) matches contains at least one of `out`, folded,
 * unless `out->count` is 0. Pure. */
void literals_of(struct literals *out, struct slice pattern);

#endif
