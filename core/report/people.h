/* Whom a report may name: the pseudonyms of an index, learned from its entries. */
#ifndef CORE_REPORT_PEOPLE_H
#define CORE_REPORT_PEOPLE_H

#include "core/index/store.h"
#include "core/report/pseudonym.h"

/* Learns everybody whom the entries of `filter` (NULL: of the whole index) name, and every user of
 * the index. `also` (may be NULL) sees each entry with its record. FAULT_INDEX without the index's
 * key, FAULT_LIMIT when they are too many, FAULT_CANCELLED when `stop` turns true. */
enum fault_code people_learn(struct pseudonyms **out, struct store *s, const struct filter *filter,
                             const struct rulebook *book,
                             void (*also)(void *self, const struct entry *entry, struct slice raw),
                             void *self, _Atomic bool *stop, struct fault *why);

#endif
