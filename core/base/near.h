/* The name nearest to a misspelt one, for "did you mean": options, commands, filter keys, rule and
 * settings keys, class ids. Pure; any thread. */
#ifndef CORE_BASE_NEAR_H
#define CORE_BASE_NEAR_H

#include "core/base/slice.h"

enum { NEAR_LENGTH = 64 /* longer words have no near name */ };

/* How many single-letter insertions, deletions, replacements and swaps of neighbours lead from `a`
 * to `b` (ASCII letters folded); NEAR_LENGTH + 1 when either is longer than NEAR_LENGTH bytes. */
size_t near_distance(struct slice a, struct slice b);

/* The first of the NULL-ended `names` that lies nearest to `word`, or NULL when none is near: at
 * most one edit per three letters, or `word` begins it (three letters or more). */
const char *near_find(struct slice word, const char *const *names);

#endif
