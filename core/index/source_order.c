/* Knows the order of sources among entries of one time: by path, then label, because numbers of
 * sources count in the order of their import. A source never changes its path, so two of them stand
 * in one order for ever, and blocks sorted by it stay sorted. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdlib.h>

struct source_order {
    int32_t *places; /* by number of the source; 0 = there is none */
    size_t room;
    int64_t last;   /* the highest number that had a source */
    int64_t others; /* data_version of the file then */
    bool known;
};

static enum fault_code read_places(struct store *s, struct source_order *o, int64_t last,
                                   struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s, "SELECT id FROM source ORDER BY path || char(10) || ifnull(label, ''), id", why);
    if (!st)
        return store_statement_fault(why);
    if ((size_t)last >= o->room) {
        o->room = (size_t)last + 64;
        o->places = xrealloc(o->places, o->room, sizeof *o->places);
    }
    memset(o->places, 0, o->room * sizeof *o->places);
    int32_t place = 0;
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(st, 0);
        if (id > 0 && id <= last)
            o->places[id] = ++place;
    }
    sqlite3_reset(st);
    o->last = last;
    o->known = rc == SQLITE_DONE;
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

enum fault_code source_order_begin(struct store *s, struct fault *why)
{
    int64_t others = 0, last = 0;
    if (!s->order)
        s->order = xcalloc(1, sizeof *s->order);
    struct source_order *o = s->order;
    enum fault_code code = store_ask(s, "PRAGMA data_version", 0, &others, why);
    if (!code)
        code = store_ask(s, "SELECT max(id) FROM source", 0, &last, why);
    if (code || (o->known && o->others == others && o->last == last))
        return code;
    if (last < 0 || last > SOURCE_NUMBER_LIMIT)
        return fault_set(why, FAULT_INDEX, "the index is damaged: source %lld", (long long)last);
    o->others = others;
    return read_places(s, o, last, why);
}

int64_t source_place(const struct store *s, int64_t source)
{
    const struct source_order *o = s->order;
    return o && source > 0 && source <= o->last ? o->places[source] : 0;
}

void source_order_forget(struct store *s)
{
    if (s->order)
        free(s->order->places);
    free(s->order);
    s->order = NULL;
}
