/* Messages that no class knows: their masked text, by which they are grouped, the nearest known
 * class with the words that differ, and a draft of a pack entry. Pure; any thread. */
#ifndef CORE_EXPLAIN_UNKNOWN_H
#define CORE_EXPLAIN_UNKNOWN_H

#include "core/explain/rulebook.h"

enum {
    UNKNOWN_TEXT = 2048,  /* bytes of a message that count */
    UNKNOWN_WORDS = 128,  /* words of a message that are compared */
    UNKNOWN_LIKENESS = 50 /* percent of common words from which a class is near */
};

/* Whether the class says no more than the status does (specificity UNKNOWN_SPECIFICITY at most):
 * nobody knows its message then. */
enum { UNKNOWN_SPECIFICITY = 20 };
bool unknown_class(const struct rule *rule);

/* The text with what differs from one user to the next replaced: {mail}, {id}, {n} (digits), {text}
 * (what stands in quotes). Equal for messages of one cause. In `arena`. */
struct slice unknown_mask(struct slice text, struct arena *arena);

struct nearest {
    const struct rule *rule; /* NULL: none is near */
    struct slice text;       /* its message that was compared */
    int likeness;            /* percent of words in common */
    struct slice more, less; /* words that only the message has; that only `text` has */
};
/* The class whose samples read most like the message; success and unclassified are none. */
void unknown_nearest(struct nearest *out, const struct rulebook *book, struct slice text,
                     struct arena *arena);

/* Appends a rule pack with one class for such messages, to be completed by hand: its pattern is the
 * masked text, its sample the pasted one. `pasted` has been redacted. */
void unknown_draft(struct buf *out, const struct facts *facts, struct slice pasted,
                   struct arena *arena);

#endif
