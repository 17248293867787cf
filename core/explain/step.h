/* What an event's text says about an operation. Knows phrases, not who says them. */
#ifndef CORE_EXPLAIN_STEP_H
#define CORE_EXPLAIN_STEP_H

#include "core/explain/rulebook.h"

struct step_phrases;

/* The phrases of a rulebook's word lists, whose texts live as long as it. */
struct step_phrases *step_phrases_new(const struct rulebook *book);
void step_phrases_free(struct step_phrases *phrases); /* NULL-safe */

/* The step that the text tells: of the longest phrase in it, with letter case folded; STEP_OTHER
 * when there is none. Any thread. */
enum step step_of_text(const struct step_phrases *phrases, struct slice text);

#endif
