/* The entries that belong to another one: attempts of the same problem before and after it, what
 * resolved it, what names its user. */
#ifndef TUI_SCREEN_RELATED_H
#define TUI_SCREEN_RELATED_H

#include "tui/screen/answer.h"

/* At most a handful, by time, in `arena`. Worker thread. */
enum fault_code related_collect(struct store *store, const struct entry *entry, struct arena *arena,
                                struct related_entry **out, size_t *count, struct fault *why);

#endif
