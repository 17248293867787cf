/* Tells in one pass over a text which of many patterns can match it at all: those of whose literals
 * (literal.h) one stands in it. An Aho-Corasick automaton, built once, read-only afterwards. */
#ifndef CORE_EXPLAIN_PREFILTER_H
#define CORE_EXPLAIN_PREFILTER_H

#include "core/explain/pattern.h"

enum { PREFILTER_PATTERNS = 8192, PREFILTER_WORDS = PREFILTER_PATTERNS / 64 };

struct prefilter;

struct prefilter *prefilter_new(void);
void prefilter_free(struct prefilter *p);
/* Gives the pattern its number; 0 (always tried) when it has no literals or there are too many. */
void prefilter_add(struct prefilter *p, struct pattern *pattern);
/* After the last pattern. */
void prefilter_build(struct prefilter *p);
/* How many patterns have a number: 1 to this. */
size_t prefilter_patterns(const struct prefilter *p);
/* Sets the bits of the patterns that the text (its first PATTERN_SUBJECT bytes) may match. */
void prefilter_scan(const struct prefilter *p, struct slice text, uint64_t bits[PREFILTER_WORDS]);
/* False: the pattern does not match the text that was scanned. */
static inline bool prefilter_may(const uint64_t bits[PREFILTER_WORDS],
                                 const struct pattern *pattern)
{
    return pattern->number == 0 || (bits[pattern->number / 64] >> (pattern->number % 64)) & 1;
}

#endif
