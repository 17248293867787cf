/* Events as JSON: PowerShell's ConvertTo-Json (5.1 and 7) and evtx_dump's JSON and JSON lines.
 * Knows the properties of both; how items follow each other is json_items.h's. */
#include "import/event_builder.h"
#include "import/event_named.h"
#include "import/json_items.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdio.h>
#include <stdlib.h>

struct event_json {
    struct json_items items;
    struct event_builder builder;
    bool backwards; /* newest first, and no record ids tell */
};

enum { LOOK_AHEAD = 1024 * 1024 /* bytes in which times are compared */ };

static int event_json_sniff(struct slice head, const char *path)
{
    static const char *const powershell[] = {
        "Id", "ProviderName", "LogName", "MachineName", "TimeCreated", "LevelDisplayName", NULL};
    static const char *const dump[] = {"Event", NULL};
    (void)path;
    if (json_items_look_like(head, NULL, powershell, 3))
        return 90;
    bool system = slice_find(head, SLICE("EventRecordID")) != SIZE_MAX;
    return system && json_items_look_like(head, NULL, dump, 1) ? 85 : 0;
}

/* The first time behind a key TimeCreated: a string, or a `/Date(...)/` inside an object. */
static bool time_behind(struct slice text, int64_t *out)
{
    bool zoned;
    text = slice_first(text, 120);
    size_t ticks = slice_find(text, SLICE("Date("));
    if (ticks != SIZE_MAX) {
        struct slice digits = slice_from(text, ticks + 5);
        return slice_to_int64(slice_first(digits, slice_find_byte(digits, ')')), out);
    }
    struct slice quoted = slice_from(text, slice_find_byte(text, '"') + 1);
    size_t end = slice_find_byte(quoted, '"');
    return end != SIZE_MAX &&
           event_time_parse(slice_first(quoted, end), DAY_ORDER_UNKNOWN, out, &zoned);
}

static bool items_fall(struct slice text)
{
    static const char key[] = "\"TimeCreated\"";
    uint64_t rising = 0, falling = 0;
    int64_t before = INT64_MIN, now;
    size_t at;
    if (slice_find(text, SLICE("\"RecordId\"")) != SIZE_MAX)
        return false;
    while ((at = slice_find(text, slice_of(key))) != SIZE_MAX) {
        text = slice_from(text, at + sizeof key - 1);
        if (!time_behind(text, &now))
            continue;
        rising += before != INT64_MIN && now > before;
        falling += before != INT64_MIN && now < before;
        before = now;
    }
    return falling > rising;
}

static enum fault_code event_json_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct event_json *e = xcalloc(1, sizeof *e);
    json_items_open(&e->items, in, NULL);
    event_builder_init(&e->builder, &e->items.arena);
    window_want(&e->items.window, LOOK_AHEAD);
    e->backwards = items_fall(slice_first(window_bytes(&e->items.window), LOOK_AHEAD));
    *self = e;
    return FAULT_NONE;
}

static void event_json_close(void *self)
{
    struct event_json *e = self;
    if (!e)
        return;
    json_items_close(&e->items);
    event_builder_free(&e->builder);
    free(e);
}

/* --- PowerShell ------------------------------------------------------------------------------- */

/* The text of a scalar, or of the value inside an object: `{"Value": ...}` (a SID),
 * `{"value": "/Date(...)/"}` (a time with its display properties). */
static struct slice value_text(struct event_json *e, struct json_scan *scan, enum json_token token)
{
    struct slice out = SLICE_NONE;
    if (token == JSON_STRING)
        return json_text(&e->items.arena, scan->raw);
    if (token == JSON_NUMBER)
        return scan->raw;
    if (token != JSON_OBJECT) {
        json_skip(scan, token, NULL);
        return out;
    }
    while (json_next(scan) == JSON_KEY) {
        bool ours = slice_is_fold(json_text(&e->items.arena, scan->raw), "value");
        enum json_token inner = json_next(scan);
        if (ours && (inner == JSON_STRING || inner == JSON_NUMBER))
            out = json_text(&e->items.arena, scan->raw);
        else if (!json_skip(scan, inner, NULL))
            break;
    }
    return out;
}

/* Properties: values of the event, or (of many events) only the names of their types. */
static void take_properties(struct event_json *e, struct json_scan *scan, struct record *out)
{
    struct pair *pairs = arena_zalloc(&e->items.arena, RECORD_FIELDS_LIMIT, sizeof *pairs);
    size_t count = 0;
    enum json_token token;
    while ((token = json_next(scan)) != JSON_ARRAY_END && token != JSON_BAD && token != JSON_END) {
        bool object = token == JSON_OBJECT;
        struct slice value = value_text(e, scan, token);
        if (object && count < RECORD_FIELDS_LIMIT && !slice_is_none(value))
            pairs[count++] = (struct pair){SLICE_NONE, value};
    }
    out->event.data = pairs;
    out->event.data_count = count;
}

static void read_powershell(struct event_json *e, struct json_scan *scan, struct record *out)
{
    struct slice word = SLICE_NONE;
    while (json_next(scan) == JSON_KEY) {
        struct slice name = json_text(&e->items.arena, scan->raw);
        enum event_field field = event_field_named(name);
        enum json_token token = json_next(scan);
        if (token == JSON_ARRAY && slice_is_fold(name, "Properties")) {
            take_properties(e, scan, out);
            continue;
        }
        struct slice value = value_text(e, scan, token);
        if (field == EVENT_FIELD_LEVEL_WORD)
            word = value;
        else if (!slice_is_none(value) && field != EVENT_FIELD_KEYWORDS)
            event_named_set(out, field, value, DAY_ORDER_UNKNOWN);
    }
    if (out->event.level == LEVEL_NONE)
        event_named_set(out, EVENT_FIELD_LEVEL_WORD, word, DAY_ORDER_UNKNOWN);
}

/* --- evtx_dump -------------------------------------------------------------------------------- */

/* An XML tree written as JSON: members are elements, `#attributes` their attributes, `#text` their
 * text, an array a repeated element. It is walked into the same builder as the other forms. */
static bool build(struct event_json *e, struct json_scan *scan, struct slice name,
                  enum json_token token);

static bool build_attributes(struct event_json *e, struct json_scan *scan)
{
    while (json_next(scan) == JSON_KEY) {
        struct event_name name = event_name_of(json_text(&e->items.arena, scan->raw));
        struct slice value = value_text(e, scan, json_next(scan));
        if (!slice_is_none(value) && !event_builder_attribute(&e->builder, name, value))
            return false;
    }
    return true;
}

static bool build_text(struct event_json *e, struct json_scan *scan, enum json_token token)
{
    if (token == JSON_ARRAY) { /* of several Data elements: evtx_dump joins them under one */
        size_t count = 0;
        while ((token = json_next(scan)) != JSON_ARRAY_END && token != JSON_BAD &&
               token != JSON_END) {
            struct slice value = value_text(e, scan, token);
            if (count++ && !event_builder_text(&e->builder, SLICE("\n")))
                return false;
            if (!slice_is_none(value) && !event_builder_text(&e->builder, value))
                return false;
        }
        return token == JSON_ARRAY_END;
    }
    bool word = token == JSON_TRUE || token == JSON_FALSE;
    struct slice value = word ? scan->raw : value_text(e, scan, token);
    return slice_is_none(value) || event_builder_text(&e->builder, value);
}

static bool build_members(struct event_json *e, struct json_scan *scan)
{
    enum json_token token;
    while ((token = json_next(scan)) == JSON_KEY) {
        struct slice name = json_text(&e->items.arena, scan->raw);
        token = json_next(scan);
        bool good;
        if (slice_is(name, "#attributes") && token == JSON_OBJECT)
            good = build_attributes(e, scan);
        else if (slice_is(name, "#text"))
            good = build_text(e, scan, token);
        else if (slice_ends_fold(name, "_attributes") && token == JSON_OBJECT)
            good = json_skip(scan, token, NULL); /* evtx_dump --separate-json-attributes */
        else
            good = build(e, scan, name, token);
        if (!good)
            return false;
    }
    return token == JSON_OBJECT_END;
}

static bool build(struct event_json *e, struct json_scan *scan, struct slice name,
                  enum json_token token)
{
    if (token == JSON_BAD || token == JSON_END)
        return false;
    struct event_name element = event_name_of(name);
    /* JSON has lost that EventData's named values are Data elements. */
    bool named = e->builder.section == EVENT_SECTION_DATA && e->builder.depth == 2 &&
                 element.word == EVENT_WORD_OTHER && token != JSON_OBJECT;
    if (!event_builder_open(&e->builder, named ? event_name_of(SLICE("Data")) : element))
        return false;
    if (named && !event_builder_attribute(&e->builder, event_name_of(SLICE("Name")), name))
        return false;
    bool good = token == JSON_OBJECT ? build_members(e, scan) : build_text(e, scan, token);
    return good && event_builder_close(&e->builder);
}

static enum fault_code read_dump(struct event_json *e, struct json_scan *scan, struct record *out,
                                 struct fault *why)
{
    event_builder_start(&e->builder);
    enum json_token token;
    while ((token = json_next(scan)) == JSON_KEY) {
        bool event = json_raw_is(scan->raw, "Event");
        token = json_next(scan);
        bool good = event ? build(e, scan, SLICE("Event"), token) : json_skip(scan, token, NULL);
        if (!good)
            break;
    }
    return event_builder_finish(&e->builder, out, why);
}

/* --- items ------------------------------------------------------------------------------------ */

static bool is_dump(struct slice item)
{
    struct json_scan scan;
    json_scan_init(&scan, item);
    json_next(&scan);
    while (json_next(&scan) == JSON_KEY) {
        if (json_raw_is(scan.raw, "Event"))
            return true;
        if (!json_skip(&scan, JSON_KEY, NULL))
            return false;
    }
    return false;
}

static enum item_answer read_event(void *self, struct slice item, struct record *out,
                                   struct fault *why)
{
    struct event_json *e = self;
    struct json_scan scan;
    enum fault_code code = FAULT_NONE;
    json_scan_init(&scan, item);
    event_named_init(out);
    bool dump = is_dump(item);
    if (json_next(&scan) != JSON_OBJECT)
        code = fault_set(why, FAULT_FORMAT, "an item is no event");
    else if (dump)
        code = read_dump(e, &scan, out, why);
    else
        read_powershell(e, &scan, out);
    if (code == FAULT_NONE && out->event.event_id < 0 && out->time_us == TIME_NONE)
        code = fault_set(why, FAULT_FORMAT, "an item is no event");
    out->backwards = e->backwards && !dump;
    return code == FAULT_NONE ? ITEM_RECORD : ITEM_DAMAGED;
}

static enum reading event_json_next(void *self, struct record *out, struct fault *why)
{
    struct event_json *e = self;
    return json_items_read(&e->items, read_event, e, out, why);
}

const struct reader event_json_reader = {
    .info = {.name = "event-json",
             .title = "Windows events as JSON (PowerShell ConvertTo-Json, evtx_dump)",
             .suffixes = "json jsonl",
             .how = "Get-WinEvent -LogName Application | ConvertTo-Json -Depth 4 > events.json\n"
                    "evtx_dump -o jsonl Application.evtx > events.jsonl"},
    .sniff = event_json_sniff,
    .open = event_json_open,
    .next = event_json_next,
    .close = event_json_close,
};
