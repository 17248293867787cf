/* Taking entries out of an index, and putting right what they told about others. */
#ifndef CORE_FORGET_H
#define CORE_FORGET_H

#include "core/index/store.h"

struct rulebook;

/* store_forget, then users are linked again (names that remaining calls show are read from their
 * records) and problems derived. `*entries`: how many went. After a fault behind the removal the
 * index is sound; the next import links what is left. */
enum fault_code forget_entries(struct store *s, const struct rulebook *book,
                               const struct store_forget *what, uint64_t *entries,
                               struct fault *why);

#endif
