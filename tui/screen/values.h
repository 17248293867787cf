/* The values that a key of the filter can take here, with counts: what the filter bar completes. */
#ifndef TUI_SCREEN_VALUES_H
#define TUI_SCREEN_VALUES_H

#include "core/index/filter.h"
#include "core/index/store.h"

/* True for keys whose values can be listed; the others take any text, number or time. */
bool values_known(enum filter_key key);

/* Values of `key` among the entries that `filter` without its terms of that key selects, most
 * first, none with a count of 0; at most FACET_ROWS, in `arena`. Worker thread. The faults of the
 * selection. */
enum fault_code values_collect(struct store *store, const struct filter *filter,
                               enum filter_key key, struct arena *arena, struct facet_row **out,
                               size_t *got, struct fault *why);

#endif
