/* Users that another entry names: an event's user from the nearest event of the same operation, an
 * exchange's user from any call that shows the name for its id (DESIGN.md "Whose entry it is"). */
#ifndef CORE_EXPLAIN_LINK_H
#define CORE_EXPLAIN_LINK_H

#include "core/explain/rulebook.h"

struct store;

/* Re-derives linked users for every group (computer, channel, provider; host) that got entries since
 * the last call. The result depends on the set of entries only, not on their order of import. */
enum fault_code link_users(struct store *s, const struct rulebook *book, struct fault *why);

/* What an event's text says about an operation, by the word lists of the rule packs. */
enum step { STEP_OTHER, STEP_START, STEP_DONE, STEP_RESULT, STEP_ERROR, STEP_RUN };
enum step link_step(const struct rulebook *book, struct slice text);

/* The user that an event's text names in a `userName=`, `TargetExternalId:`, `user:`-like pair. */
struct slice link_named_user(struct slice text, struct arena *arena);

#endif
