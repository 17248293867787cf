/* Classes derived again from the stored records after the rule packs changed: no re-import. */
#ifndef CORE_RECLASSIFY_H
#define CORE_RECLASSIFY_H

#include "core/explain/rulebook.h"
#include "core/index/store.h"

#include <stdatomic.h>

/* Whether entries of the index have classes of other packs than these. */
enum fault_code reclassify_due(struct store *s, const struct rulebook *book, bool *due,
                               struct fault *why);

/* Derives them, failures first, batch by batch, then the problems that changed. `*stop` (may be
 * NULL) turning true ends it after a batch; the next call goes on there. `s` is open for writing by
 * whoever imports. `*changed`: entries that got another class. */
enum fault_code reclassify_run(struct store *s, const struct rulebook *book,
                               const _Atomic bool *stop, uint64_t *changed, struct fault *why);

#endif
