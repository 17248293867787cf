/* What `scimscope export --format ndjson` and `--format json` write: entries whose `raw` is the
 * record as the index keeps it. Only that is read; class, user and the rest are derived anew. */
#include "import/json_items.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdlib.h>

enum { KEPT_RAW = 4 * 1024 * 1024 /* bytes of a record that is compared with the next */ };

struct exported {
    struct json_items items;
    struct buf last; /* the record given last: failed bulk operations repeat it */
};

static int exported_sniff(struct slice head, const char *path)
{
    static const char *const keys[] = {"id",       "time",           "kind",  "source",
                                       "position", "bulk_operation", "class", "user_from",
                                       "mark",     "note",           "raw",   NULL};
    (void)path;
    return json_items_look_like(head, NULL, keys, 7) ? 95 : 0;
}

static enum fault_code exported_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct exported *e = xcalloc(1, sizeof *e);
    buf_init(&e->last, KEPT_RAW);
    json_items_open(&e->items, in, NULL);
    *self = e;
    return FAULT_NONE;
}

static void exported_close(void *self)
{
    struct exported *e = self;
    if (!e)
        return;
    json_items_close(&e->items);
    buf_free(&e->last);
    free(e);
}

/* The row's record and whether the row is that of a bulk operation; false when it has none. */
static bool find_raw(struct slice row, struct slice *raw, bool *bulk)
{
    struct json_scan scan;
    *raw = SLICE_NONE;
    *bulk = false;
    json_scan_init(&scan, row);
    if (json_next(&scan) != JSON_OBJECT)
        return false;
    while (json_next(&scan) == JSON_KEY) {
        bool ours = json_raw_is(scan.raw, "raw");
        bool operation = json_raw_is(scan.raw, "bulk_operation");
        enum json_token token = json_next(&scan);
        struct slice whole = scan.raw;
        if (!json_skip(&scan, token, &whole))
            return false;
        if (operation)
            *bulk = token == JSON_NUMBER;
        if (ours && token == JSON_OBJECT)
            *raw = whole;
    }
    return raw->len > 0;
}

/* Whether the row repeats the exchange that was given last. */
static bool repeats(struct exported *e, struct slice raw, bool bulk)
{
    bool same = bulk && e->last.len && slice_equal(buf_slice(&e->last), raw);
    if (!same) {
        buf_reset(&e->last);
        buf_add(&e->last, raw);
    }
    return same;
}

static enum item_answer read_row(void *self, struct slice row, struct record *out,
                                 struct fault *why)
{
    struct exported *e = self;
    struct slice raw;
    bool bulk;
    if (!find_raw(row, &raw, &bulk)) {
        fault_set(why, FAULT_FORMAT, "an entry without its record (raw)");
        return ITEM_DAMAGED;
    }
    if (repeats(e, raw, bulk))
        return ITEM_REPEAT;
    return record_read(out, raw, &e->items.arena, why) == FAULT_NONE ? ITEM_PLACED : ITEM_DAMAGED;
}

static enum reading exported_next(void *self, struct record *out, struct fault *why)
{
    struct exported *e = self;
    return json_items_read(&e->items, read_row, e, out, why);
}

const struct reader exported_reader = {
    .info = {.name = "scimscope",
             .title = "scimscope NDJSON and JSON (scimscope export)",
             .suffixes = "ndjson json",
             .how = "scimscope export --format ndjson -o entries.ndjson\n"
                    "Rebuilds or merges indexes. With a copy of the index's .key file, entries\n"
                    "that are there already are recognised. `list` does not write the records."},
    .sniff = exported_sniff,
    .open = exported_open,
    .next = exported_next,
    .close = exported_close,
};
