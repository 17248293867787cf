/* Regular expressions of rule packs (PCRE2, compiled once with JIT). ASCII letters fold, bytes over
 * 127 match themselves, groups capture nothing. A match gives up (and says no) at named limits, so
 * that neither a pattern nor a text can stop the program. Compiled patterns are read-only and may
 * be shared; a matcher belongs to one thread. Knows nothing of rules. */
#ifndef CORE_EXPLAIN_PATTERN_H
#define CORE_EXPLAIN_PATTERN_H

#include "core/base/slice.h"

#include <stdatomic.h>

enum {
    PATTERN_SIZE = 4096,        /* bytes of one pattern */
    PATTERN_SUBJECT = 8 * 1024, /* bytes of a text that are searched */
    PATTERN_STEPS = 200 * 1000, /* match steps before a search gives up */
    PATTERN_HEAP = 1024         /* KiB that a search may use */
};

/* Searches that ended at a limit, of all patterns that share this. */
struct pattern_limits {
    _Atomic uint64_t count;
    _Atomic(void *) last; /* `code` of the pattern of the last one */
};

struct pattern {
    void *code; /* pcre2_code; NULL = no pattern */
    struct slice source;
    uint16_t number;               /* in a prefilter (prefilter.h); 0 = in none */
    struct pattern_limits *limits; /* where searches that gave up are counted; NULL: nowhere */
};

/* Compiles `source` (which outlives the pattern). On failure false: `message` (of `size` bytes)
 * becomes PCRE2's sentence with the offset in the pattern. */
bool pattern_compile(struct pattern *out, struct slice source, char *message, size_t size);
void pattern_release(struct pattern *pattern);

struct matcher {
    void *data, *context; /* made by the first search */
};

/* An empty matcher needs no memory; give it back with matcher_release. */
void matcher_init(struct matcher *matcher);
void matcher_release(struct matcher *matcher);

/* True when the pattern is found in the first PATTERN_SUBJECT bytes of `text`. */
bool pattern_found(const struct pattern *pattern, struct slice text, struct matcher *matcher);

#endif
