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
/* Binds its parameters. */
void where_bind(const struct where *w, sqlite3_stmt *statement);

#endif
