/* Users that another entry names: an event's user from the nearest event of the same operation, an
 * exchange's user from any call that shows the name for its id (DESIGN.md "Whose entry it is").
 *
 * What linking needs of a record is taken once, when it is read (link_facts_of), and kept in narrow
 * columns, so that deriving users again never touches message texts or bodies. Which users come out
 * depends on the set of entries only, not on the order or the batches of their import. */
#ifndef CORE_EXPLAIN_LINK_H
#define CORE_EXPLAIN_LINK_H

#include "core/entry.h"
#include "core/explain/rulebook.h"

struct store;

enum {
    LINK_NAMES_LIMIT = 10000, /* ids with names taken from one exchange */
    LINK_WINDOW_SECONDS = 10, /* farthest neighbour that may name an event's user */
    LINK_KEY_LIMIT = 1024     /* bytes of an id or a name; longer ones link nothing */
};

/* An id whose userName an exchange shows. */
struct identity {
    struct slice id, name;
};

/* What the index keeps of a record for linking. */
struct link_facts {
    enum step step;               /* KIND_EVENT: what its text says about an operation */
    struct slice key;             /* KIND_HTTP: ID of a call on /Users/ID whose userName the call
                                     itself does not state; else SLICE_NONE */
    const struct identity *shown; /* KIND_HTTP, bulk 0: ids and names that it shows */
    size_t shown_count;
};

/* Takes them from a redacted record and the entry that normalise_record made of it (the same
 * `bulk`). Slices live in `arena` or are the record's. */
void link_facts_of(struct link_facts *out, const struct rulebook *book, const struct record *record,
                   const struct entry *entry, int bulk, struct arena *arena);

/* Re-derives linked users for everything that got entries since the last call, group by group and
 * id by id; memory stays bounded. Call after a source's last batch. */
enum fault_code link_users(struct store *s, struct fault *why);

#endif
