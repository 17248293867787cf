/* Knows how items follow each other in JSON files; see json_items.h.
 *
 * From a damaged place on, an item is looked for at the beginning of a line (exporters write one
 * item a line, or indent them): a brace there that begins a sound object is taken for one. */
#include "import/json_items.h"

#include "core/base/json.h"
#include "core/record.h"

enum { LOOK = 4096 };

void json_items_open(struct json_items *items, struct input *in, const char *key)
{
    *items = (struct json_items){.key = key};
    window_init_text(&items->window, in, RECORD_SIZE_LIMIT);
}

void json_items_close(struct json_items *items)
{
    window_free(&items->window);
    arena_free(&items->arena);
}

/* Drops blanks and commas; the byte then met, or -1 at the end. */
static int skip_blanks(struct json_items *items)
{
    for (;;) {
        bool more = window_want(&items->window, LOOK);
        struct slice bytes = window_bytes(&items->window);
        size_t n = 0;
        while (n < bytes.len && (json_walk_is_blank(bytes.at[n]) || bytes.at[n] == ','))
            n++;
        window_drop(&items->window, n);
        if (n < bytes.len)
            return (unsigned char)bytes.at[n];
        if (!more)
            return -1;
    }
}

/* Follows the value at the window's start; `*size` becomes its length. */
static enum walked follow(struct json_items *items, size_t *size)
{
    struct json_walk walk = {0};
    *size = 0;
    for (;;) {
        struct slice bytes = window_bytes(&items->window);
        enum walked walked = json_walk(&walk, bytes.at, bytes.len, size);
        if (walked != WALK_MORE)
            return walked;
        if (bytes.len > RECORD_SIZE_LIMIT)
            return WALK_LONG;
        if (!window_want(&items->window, bytes.len + 1))
            return items->window.ended ? WALK_MORE : WALK_LONG;
    }
}

/* Passes the value at the window's start without keeping it. */
static bool pass(struct json_items *items)
{
    struct json_walk walk = {0};
    for (;;) {
        struct slice bytes = window_bytes(&items->window);
        size_t size = 0;
        enum walked walked = json_walk(&walk, bytes.at, bytes.len, &size);
        window_drop(&items->window, size);
        if (walked != WALK_MORE)
            return walked == WALK_DONE;
        if (!window_want(&items->window, 1))
            return false;
    }
}

static enum item_step bad(struct json_items *items, const char *text, struct fault *why)
{
    fault_set(why, FAULT_FORMAT, "%s", text);
    why->offset = items->window.offset;
    items->place = ITEMS_LOST;
    items->recovered = true;
    window_drop(&items->window, 1);
    return ITEM_BAD;
}

/* Inside the object at the top: to the array under the key. False when there is none. */
static bool enter_object(struct json_items *items)
{
    window_drop(&items->window, 1);
    for (;;) {
        int c = skip_blanks(items);
        size_t size;
        if (c != '"' || follow(items, &size) != WALK_DONE)
            return false;
        bool ours = json_raw_is(slice_first(window_bytes(&items->window), size), items->key);
        window_drop(&items->window, size);
        if (skip_blanks(items) != ':')
            return false;
        window_drop(&items->window, 1);
        if (skip_blanks(items) == '[' && ours) {
            window_drop(&items->window, 1);
            return true;
        }
        if (!pass(items))
            return false;
    }
}

/* Moves to a brace at the beginning of a line. */
static bool find_item(struct json_items *items)
{
    bool line = false;
    for (;;) {
        bool more = window_want(&items->window, LOOK);
        struct slice bytes = window_bytes(&items->window);
        for (size_t i = 0; i < bytes.len; i++) {
            if (bytes.at[i] == '{' && line) {
                window_drop(&items->window, i);
                return true;
            }
            line = bytes.at[i] == '\n' ||
                   (line && (bytes.at[i] == ' ' || bytes.at[i] == '\t' || bytes.at[i] == '\r'));
        }
        window_drop(&items->window, bytes.len);
        if (!more)
            return false;
    }
}

static enum item_step ended(struct json_items *items, struct fault *why)
{
    items->place = ITEMS_DONE;
    if (items->window.why.code == FAULT_NONE)
        return ITEM_END;
    *why = items->window.why;
    return ITEM_FAILED;
}

/* Finds the first item. False: the file is none of the forms, or empty. */
static bool start(struct json_items *items)
{
    int c = skip_blanks(items);
    if (c == '[') {
        window_drop(&items->window, 1);
        items->place = ITEMS_ARRAY;
        return true;
    }
    items->place = ITEMS_LINES;
    if (c == '{' && items->key && enter_object(items))
        items->place = ITEMS_ARRAY;
    return c >= 0;
}

static enum item_step take(struct json_items *items, struct slice *out, uint64_t *offset,
                           struct fault *why)
{
    size_t size;
    enum walked walked = follow(items, &size);
    *offset = items->window.offset;
    switch (walked) {
    case WALK_DONE:
        *out = slice_first(window_bytes(&items->window), size);
        window_drop(&items->window, size);
        return ITEM_PIECE;
    case WALK_MORE:
        return bad(items, "the file ends inside an item", why);
    case WALK_LONG:
        return bad(items, "an item is larger than 64 MiB", why);
    case WALK_DEEP:
        return bad(items, "an item is nested deeper than 64 levels", why);
    case WALK_BROKEN:
        break;
    }
    return bad(items, "an item is not valid JSON", why);
}

enum item_step json_items_next(struct json_items *items, struct slice *out, uint64_t *offset,
                               struct fault *why)
{
    bool lost = items->place == ITEMS_LOST;
    if (items->place == ITEMS_DONE || (items->place == ITEMS_START && !start(items)))
        return ended(items, why);
    for (;;) {
        if (lost && !find_item(items))
            return ended(items, why);
        int c = lost ? '{' : skip_blanks(items);
        if (c < 0)
            return items->place == ITEMS_ARRAY ? bad(items, "the file ends before its array", why)
                                               : ended(items, why);
        if (c == ']' && items->place == ITEMS_ARRAY)
            return ended(items, why);
        if ((c == ']' || c == '}') && items->recovered) {
            window_drop(&items->window, 1);
            continue;
        }
        enum item_step step = take(items, out, offset, why);
        if (step == ITEM_BAD && lost)
            continue; /* the same damaged stretch, told once */
        if (step == ITEM_PIECE && lost)
            items->place = ITEMS_LINES; /* brackets are no longer counted on */
        return step;
    }
}

enum reading json_items_read(struct json_items *items,
                             enum item_answer (*read)(void *self, struct slice item,
                                                      struct record *out, struct fault *why),
                             void *self, struct record *out, struct fault *why)
{
    struct slice item;
    uint64_t offset;
    for (;;) {
        arena_reset(&items->arena);
        enum item_step step = json_items_next(items, &item, &offset, why);
        if (step == ITEM_END || step == ITEM_FAILED)
            return step == ITEM_END ? READING_END : READING_FAILED;
        enum item_answer answer = ITEM_DAMAGED;
        if (step == ITEM_PIECE) {
            answer = read(self, item, out, why);
            why->offset = answer == ITEM_DAMAGED ? offset : why->offset;
        }
        if (answer == ITEM_REPEAT)
            continue;
        uint64_t position = items->position++;
        if (answer == ITEM_DAMAGED)
            return READING_BAD_RECORD;
        if (answer == ITEM_RECORD) {
            out->position = position;
            out->offset = offset;
        }
        return READING_RECORD;
    }
}

/* --- sniffing --------------------------------------------------------------------------------- */

static size_t count_keys(struct json_scan *scan, const char *const *keys)
{
    size_t found = 0;
    unsigned level = scan->depth;
    for (;;) {
        enum json_token token = json_next(scan);
        if (token == JSON_BAD || token == JSON_END || scan->depth < level)
            return found;
        if (token != JSON_KEY || scan->depth != level)
            continue;
        struct slice name = slice_make(scan->raw.at + 1, scan->raw.len - 2);
        for (size_t i = 0; keys[i]; i++)
            found += slice_is_fold(name, keys[i]);
    }
}

bool json_items_look_like(struct slice head, const char *key, const char *const *keys, size_t least)
{
    struct buf decoded;
    buf_init(&decoded, (size_t)4 * INPUT_HEAD);
    struct json_scan scan;
    json_scan_init(&scan, text_head(head, &decoded));
    enum json_token token = json_next(&scan);
    if (token == JSON_OBJECT && key) {
        struct json_scan inner = scan;
        while ((token = json_next(&inner)) == JSON_KEY) {
            bool ours = json_raw_is(inner.raw, key);
            token = json_next(&inner);
            if (ours && token == JSON_ARRAY) {
                scan = inner;
                break;
            }
            if (!json_skip(&inner, token, NULL))
                break;
        }
        token = token == JSON_ARRAY ? JSON_ARRAY : JSON_BAD;
    }
    if (token == JSON_ARRAY)
        token = json_next(&scan);
    bool is = token == JSON_OBJECT && count_keys(&scan, keys) >= least;
    buf_free(&decoded);
    return is;
}
