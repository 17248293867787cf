/* Whether text is JSON, told without reading it token by token.
 *
 * For text that this program wrote itself and that may have been changed since. Knows nothing of
 * what the text says. */
#ifndef CORE_BASE_JSON_CHECK_H
#define CORE_BASE_JSON_CHECK_H

#include "core/base/slice.h"

/* True only for one object or array with nothing before it, that json_scan (json.h) reads to its
 * end without a fault. False for all else, and for some that it would let through: a comma before a
 * closing bracket, a blank behind a number or word; who needs to know asks json_scan then. Which
 * bytes strings hold is not looked at. Pure; any thread. */
bool json_is_one_tree(struct slice text);

#endif
