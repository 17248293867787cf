/* Filters that have a name: `filters.yaml` beside the settings, `NAME: FILTER` a line. */
#ifndef TUI_SCREEN_NAMED_H
#define TUI_SCREEN_NAMED_H

#include "core/base/arena.h"
#include "core/base/fault.h"

enum { NAMED_FILTERS = 500, NAMED_NAME = 60 /* bytes of a name */ };

struct named_filter {
    struct slice name, filter; /* `filter` may not parse: whoever uses it tries */
};

struct named {
    struct arena arena;
    struct named_filter rows[NAMED_FILTERS];
    size_t count;
};

/* $XDG_CONFIG_HOME/scimscope/filters.yaml; missing means none. FAULT_CONFIG with its path, line and
 * column when it is not that; nothing is in `out` then. */
enum fault_code named_load(struct named *out, struct fault *why);
void named_free(struct named *n);
/* Gives a filter a name, in place of the one that had it; an empty filter takes the name away.
 * Written whole or not at all, readable by its owner only. */
enum fault_code named_save(struct slice name, struct slice filter, struct fault *why);

#endif
