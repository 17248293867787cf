/* A rule's retry advice in words, the same wherever it is shown. */
#ifndef CORE_EXPLAIN_RETRY_H
#define CORE_EXPLAIN_RETRY_H

#include "core/explain/rulebook.h"

/* The policy in words: "after a delay of 1 day"; an unknown policy as it is written. Lives in
 * `arena`; SLICE_NONE when the rule gives no advice. The rule's note (retry_note) is not part of
 * it. */
struct slice retry_words(const struct rule *rule, struct arena *arena);

#endif
