/* What the files of the filter language share; private to core/index/filter*.c. */
#ifndef CORE_INDEX_FILTER_PARTS_H
#define CORE_INDEX_FILTER_PARTS_H

#include "core/index/filter.h"

enum { FILTER_SHOWN = 48 /* bytes of a user's word that a fault sentence repeats */ };

/* The key of that name (ASCII letters folded), or FILTER_KEYS. */
enum filter_key filter_key_find(struct slice name);
/* The name of the key that a misspelt one is likely meant to be, or NULL. */
const char *filter_near_key(struct slice word);

/* True for the keys whose values are ranges of numbers / moments. */
bool filter_key_is_number(enum filter_key key);
bool filter_key_is_time(enum filter_key key);
/* False for keys whose values are never null, so that `none` is an ordinary (wrong) word there. */
bool filter_takes_none(enum filter_key key);

/* What `value->text` says as a value of the key. FAULT_USAGE with a sentence but no column.
 * Numbers: low and high. */
enum fault_code filter_read_number(struct filter_value *value, enum filter_key key,
                                   struct fault *why);
/* Words: the text becomes the spelling of filter_words(). */
enum fault_code filter_read_word(struct filter_value *value, enum filter_key key,
                                 struct fault *why);
/* time, since, until: low, high and from_end. */
enum fault_code filter_read_time(struct filter_value *value, enum filter_key key, struct slice text,
                                 struct fault *why);

/* Appends a value as the language writes it. */
bool filter_add_value(struct buf *out, const struct filter_value *value);

#endif
