/* From a redacted record to the entries the index keeps. */
#ifndef CORE_NORMALISE_H
#define CORE_NORMALISE_H

#include "core/entry.h"
#include "core/explain/rulebook.h"

/* Whether this exchange is a SCIM call (DESIGN.md section 1, "Which exchanges are SCIM calls"). */
bool normalise_is_scim(const struct record *record);

/* Fills `out` from a redacted record: the record's own entry (`bulk` 0) or that of its n-th failed
 * bulk operation. Classified by `book` where it has a class (`with_class` false: none, for
 * --all-traffic noise). The user is what the entry itself states (DESIGN.md "Whose entry it is").
 */
void normalise_record(struct entry *out, const struct rulebook *book, const struct record *record,
                      int bulk, bool with_class, struct arena *arena);

#endif
