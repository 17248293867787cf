/* The forms in which a text may hide its JSON: HTML entities, quotes doubled by CSV, backslashes.
 * Pure; any thread. */
#ifndef CORE_EXPLAIN_FORMS_H
#define CORE_EXPLAIN_FORMS_H

#include "core/base/arena.h"

enum { FORMS_UNESCAPED = 3, FORMS = 3 + FORMS_UNESCAPED };

/* The n-th form of the text whose earlier forms stand in `forms` (the 0th is the text itself): HTML
 * entities resolved, doubled quotes made single, backslash escapes resolved once, twice, three
 * times. SLICE_NONE when the text has no such form. No form is longer than the text. */
struct slice form_make(const struct slice forms[FORMS], unsigned n, struct arena *arena);

#endif
