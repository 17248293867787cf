/* Knows how XML became JSON in EvtxECmd's Payload column; see event_payload.h. */
#include "import/event_payload.h"

#include "core/base/json.h"

enum { FIRST_ROOM = 16 };

struct payload {
    struct arena *arena;
    struct pair *pairs;
    size_t count, room;
    struct slice name; /* the attribute Name of the element at hand */
};

static void add(struct payload *p, struct slice name, struct slice value)
{
    if (p->count == RECORD_FIELDS_LIMIT)
        return;
    if (p->count == p->room) {
        size_t room = p->room ? 2 * p->room : FIRST_ROOM;
        struct pair *more = arena_zalloc(p->arena, room, sizeof *more);
        if (p->count)
            memcpy(more, p->pairs, p->count * sizeof *more);
        p->pairs = more;
        p->room = room;
    }
    p->pairs[p->count++] = (struct pair){name, value};
}

static void take(struct payload *p, struct slice key, struct slice value)
{
    if (slice_is_fold(key, "@Name")) {
        p->name = value;
    } else if (slice_is(key, "#text")) {
        add(p, p->name, value);
        p->name = SLICE_NONE;
    } else if (slice_is_fold(key, "Data")) {
        add(p, SLICE_NONE, value);
    } else if (!slice_starts(key, "@") && (value.len || !slice_is_fold(key, "Binary"))) {
        add(p, key, value);
    }
}

void event_payload_read(struct record_event *out, struct slice json, struct arena *arena)
{
    struct payload p = {.arena = arena, .name = SLICE_NONE};
    struct json_scan scan;
    struct slice key = SLICE_NONE;
    enum json_token token;
    json_scan_init(&scan, slice_trim(json));
    while ((token = json_next(&scan)) != JSON_END && token != JSON_BAD) {
        if (token == JSON_KEY)
            key = json_text(arena, scan.raw);
        else if (token == JSON_STRING)
            take(&p, key, json_text(arena, scan.raw));
        else if (token == JSON_NUMBER || token == JSON_TRUE || token == JSON_FALSE)
            take(&p, key, scan.raw);
    }
    out->data = p.pairs;
    out->data_count = p.count;
}
