/* What somebody has to change so that a failure does not come back: the attribute, its place in the
 * site's configuration, the value that was sent and what is wrong with it, as far as the entry, its
 * record and its rule tell. Nothing is guessed: what they do not tell is SLICE_NONE. */
#ifndef CORE_EXPLAIN_FIX_H
#define CORE_EXPLAIN_FIX_H

#include "core/explain/evidence.h"

struct fix {
    struct slice attribute;  /* SCIM name: "phoneNumbers" */
    struct slice config_key; /* of the agent's configuration, where the rule names one */
    struct slice value;      /* as sent */
    struct slice wrong;    /* one sentence: of the evidence, the error text, or the rule's cause */
    struct slice proposal; /* a value to use instead, only where it follows from `value` */
    struct slice action;   /* the first step of the remedy */
};

/* `record` and `lookup` may be NULL; for an event `lookup` finds the value in the exchange or event
 * that tells it. Slices live in `arena` or are borrowed from the arguments. */
void fix_of(struct fix *out, const struct entry *entry, const struct record *record,
            const struct facts *facts, const struct rule *rule, const struct rulebook *book,
            const struct evidence_lookup *lookup, struct arena *arena);

#endif
