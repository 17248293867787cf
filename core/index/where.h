/* From a filter to a condition on `entry e`. Private to core/index. */
#ifndef CORE_INDEX_WHERE_H
#define CORE_INDEX_WHERE_H

#include "core/index/match.h"
#include "core/index/private.h"

enum { WHERE_TEXT_LIMIT = 224 * 1024 };

struct where {
    struct buf sql;     /* "1" when everything is selected; never NULL after where_make */
    struct buf numbers; /* int64_t values of its parameters ?1, ?2 ... */
    struct matchers matchers;
    struct arena arena;
};

/* The condition of `filter` (NULL: all). Looks up the class table and, for `@end`, the newest time:
 * call it inside the question's read transaction. */
enum fault_code where_make(struct where *out, struct store *s, const struct filter *filter,
                           struct fault *why);
void where_free(struct where *w);
/* Terms of a key are ORed, but excluded ones, the edges of time and bare words (they have no key)
 * stand alone. */
bool where_stands_alone(const struct filter *filter, const struct filter_term *term);
/* True when a term before this one of the same key has taken it along. */
bool where_led_before(const struct filter *filter, size_t at);
/* Binds its parameters. */
void where_bind(const struct where *w, sqlite3_stmt *statement);

#endif
