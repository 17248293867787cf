/* Cuts the items out of a JSON text file one by one, in memory that does not grow with the file:
 * those of an array at the top, of the array under a named key of the object at the top (Graph's
 * "value"), or values that follow each other (NDJSON, one object alone). UTF-8 and UTF-16. */
#ifndef IMPORT_JSON_ITEMS_H
#define IMPORT_JSON_ITEMS_H

#include "core/base/arena.h"
#include "import/json_walk.h"
#include "import/reader.h"
#include "import/window.h"

struct json_items {
    struct window window;
    const char *key; /* name of the array in the top object, or NULL */
    enum { ITEMS_START, ITEMS_ARRAY, ITEMS_LINES, ITEMS_LOST, ITEMS_DONE } place;
    bool recovered;     /* from damage: brackets that close what was not seen to open are passed */
    struct arena arena; /* of the record at hand, for json_items_read */
    uint64_t position;  /* of the next one */
};

enum item_step {
    ITEM_PIECE, /* *out is the text of one item, borrowed until the next call */
    ITEM_BAD,   /* a damaged place: `why` tells offset and sentence; the next call goes on behind */
    ITEM_END,
    ITEM_FAILED
};

void json_items_open(struct json_items *items, struct input *in, const char *key);
void json_items_close(struct json_items *items);
/* `*offset` becomes where the item begins. */
enum item_step json_items_next(struct json_items *items, struct slice *out, uint64_t *offset,
                               struct fault *why);

enum item_answer {
    ITEM_RECORD, /* `*out` is the item's record */
    ITEM_PLACED, /* the same, and its position and offset are set already */
    ITEM_REPEAT, /* says nothing new: it is passed over, and does not count */
    ITEM_DAMAGED /* it gives none: `why` has the sentence */
};

/* The next record of the file, as reader.h asks for it: counts positions, tells places. `read` is
 * what the format makes of one item: it may borrow from the item and from `items->arena`. */
enum reading json_items_read(struct json_items *items,
                             enum item_answer (*read)(void *self, struct slice item,
                                                      struct record *out, struct fault *why),
                             void *self, struct record *out, struct fault *why);

/* Whether a file that begins so holds such items, and the first of them (as far as it is visible)
 * has at least `least` of the `keys` (NULL-ended, ASCII letters folded) at its top level. `key` as
 * in json_items_open. */
bool json_items_look_like(struct slice head, const char *key, const char *const *keys,
                          size_t least);

#endif
