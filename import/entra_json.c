/* Microsoft Entra provisioning logs as JSON: pages of Graph v1.0 and beta (`value`), the portal's
 * download (a bare array), single items and items one after another. Keys in any case. */
#include "import/json_items.h"
#include "import/provisioning.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdlib.h>

enum { PATH_LIMIT = 4096 /* bytes of the names from an item down to a value */ };

struct entra_json {
    struct json_items items;
    struct buf path;
};

static bool looks_like(struct slice head, const char *key)
{
    static const char *const keys[] = {
        "changeId",           "cycleId",        "jobId",          "activityDateTime",
        "provisioningAction", "action",         "statusInfo",     "provisioningStatusInfo",
        "provisioningSteps",  "sourceIdentity", "targetIdentity", "modifiedProperties",
        "sourceSystem",       "targetSystem",   "tenantId",       NULL};
    return json_items_look_like(head, key, keys, 4);
}

static int entra_json_sniff(struct slice head, const char *path)
{
    (void)path;
    return looks_like(head, NULL) || looks_like(head, "value") ? 90 : 0;
}

static enum fault_code entra_json_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct entra_json *e = xcalloc(1, sizeof *e);
    bool items = looks_like(input_head(in), NULL);
    buf_init(&e->path, PATH_LIMIT);
    json_items_open(&e->items, in, items ? NULL : "value");
    *self = e;
    return FAULT_NONE;
}

static void entra_json_close(void *self)
{
    struct entra_json *e = self;
    if (!e)
        return;
    json_items_close(&e->items);
    buf_free(&e->path);
    free(e);
}

/* --- one item --------------------------------------------------------------------------------- */

/* Gives every value of the item to the field that its path names; false when it is no object. */
static bool read_item(struct entra_json *e, struct slice item, struct provisioning_values *v)
{
    struct json_scan scan;
    size_t base[JSON_DEPTH + 2] = {0}; /* length of the path at which level d begins */
    json_scan_init(&scan, item);
    buf_reset(&e->path);
    if (json_next(&scan) != JSON_OBJECT)
        return false;
    for (;;) {
        enum json_token token = json_next(&scan);
        switch (token) {
        case JSON_KEY:
            e->path.len = base[scan.depth];
            provisioning_squash(&e->path, slice_make(scan.raw.at + 1, scan.raw.len - 2));
            break;
        case JSON_OBJECT:
        case JSON_ARRAY:
            base[scan.depth] = e->path.len;
            break;
        case JSON_OBJECT_END:
        case JSON_ARRAY_END:
            e->path.len = base[scan.depth + 1];
            break;
        case JSON_STRING:
            provisioning_set(v, provisioning_field_named(buf_slice(&e->path)),
                             json_text(&e->items.arena, scan.raw));
            break;
        case JSON_NUMBER:
            provisioning_set(v, provisioning_field_named(buf_slice(&e->path)), scan.raw);
            break;
        case JSON_TRUE:
        case JSON_FALSE:
        case JSON_NULL:
            break;
        case JSON_END:
            return true;
        case JSON_BAD:
            return false;
        }
    }
}

static enum item_answer read_change(void *self, struct slice item, struct record *out,
                                    struct fault *why)
{
    struct entra_json *e = self;
    struct provisioning_values values = {.order = DAY_ORDER_UNKNOWN};
    if (read_item(e, item, &values) && provisioning_record(out, &values, item, &e->items.arena))
        return ITEM_RECORD;
    fault_set(why, FAULT_FORMAT, "an item is no provisioning change");
    return ITEM_DAMAGED;
}

static enum reading entra_json_next(void *self, struct record *out, struct fault *why)
{
    struct entra_json *e = self;
    return json_items_read(&e->items, read_change, e, out, why);
}

const struct reader entra_json_reader = {
    .info = {.name = "entra-json",
             .title = "Microsoft Entra provisioning log as JSON (Graph, portal)",
             .suffixes = "json",
             .how =
                 "Entra admin center: Monitoring & health > Provisioning logs > Download, JSON.\n"
                 "Graph: GET https://graph.microsoft.com/v1.0/auditLogs/provisioning\n"
                 "Save every page; import them together."},
    .sniff = entra_json_sniff,
    .open = entra_json_open,
    .next = entra_json_next,
    .close = entra_json_close,
};
