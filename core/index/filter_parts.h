/* What the files of the filter language share; private to core/index/filter*.c. */
#ifndef CORE_INDEX_FILTER_PARTS_H
#define CORE_INDEX_FILTER_PARTS_H

#include "core/index/filter.h"

enum { FILTER_SHOWN = 48 /* bytes of a user's word that a fault sentence repeats */ };

/* True for the keys whose values are ranges of numbers / moments. */
bool filter_key_is_number(enum filter_key key);
bool filter_key_is_time(enum filter_key key);

/* Reads `text` as the value of time, since or until into low, high and from_end. FAULT_USAGE with a
 * sentence but no column. */
enum fault_code filter_read_time(struct filter_value *value, enum filter_key key, struct slice text,
                                 struct fault *why);

/* Appends a value as the language writes it. */
bool filter_add_value(struct buf *out, const struct filter_value *value);

#endif
