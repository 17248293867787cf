/* The JSON form of a record: what the index keeps, what `raw` shows, what an export is imported
 * from again. Knows the names of a record's members, once, in tables shared by both ways.
 *
 *   record   kind position offset time_us time_text zone_assumed backwards, then
 *   event    provider computer channel level event_id record_id user_sid message data
 *   http     method url status error duration_us request response
 *   provisioning  item_id change_id action step status code reason details target_user source_user
 *            target_system source_system duration_us item
 *   message  headers headers_known body
 *   body     text type size binary digest
 *
 * `kind` comes first. `data` and `headers` are arrays of [name, value], unnamed data having the
 * name null. What is absent (SLICE_NONE, -1, no time, false, 0, no headers, an empty body) is left
 * out. Bytes that are not UTF-8 are written as U+FFFD. */
#include "core/base/json.h"
#include "core/base/safe.h"
#include "core/base/words.h"
#include "core/record.h"

enum member_kind {
    MEMBER_TEXT,
    MEMBER_INT,
    MEMBER_INT64,
    MEMBER_UINT64,
    MEMBER_BOOL,
    MEMBER_LEVEL,
    MEMBER_PAIRS,
    MEMBER_OBJECT
};

struct member {
    const char *key;
    enum member_kind kind;
    size_t offset;
    size_t count_offset;          /* of pairs */
    int64_t absent;               /* the number that is left out */
    const struct member *members; /* of an object */
};

#define AT(type, name) offsetof(struct type, name)

static const struct member body_members[] = {
    {.key = "text", .kind = MEMBER_TEXT, .offset = AT(body, text)},
    {.key = "type", .kind = MEMBER_TEXT, .offset = AT(body, type)},
    {.key = "size", .kind = MEMBER_UINT64, .offset = AT(body, size)},
    {.key = "binary", .kind = MEMBER_BOOL, .offset = AT(body, binary)},
    {.key = "digest", .kind = MEMBER_TEXT, .offset = AT(body, digest)},
    {0}};

static const struct member message_members[] = {
    {.key = "headers",
     .kind = MEMBER_PAIRS,
     .offset = AT(message, headers),
     .count_offset = AT(message, header_count)},
    {.key = "headers_known", .kind = MEMBER_BOOL, .offset = AT(message, headers_known)},
    {.key = "body", .kind = MEMBER_OBJECT, .offset = AT(message, body), .members = body_members},
    {0}};

#define COMMON                                                                                     \
    {.key = "position", .kind = MEMBER_UINT64, .offset = AT(record, position)},                    \
        {.key = "offset", .kind = MEMBER_UINT64, .offset = AT(record, offset)},                    \
        {.key = "time_us",                                                                         \
         .kind = MEMBER_INT64,                                                                     \
         .offset = AT(record, time_us),                                                            \
         .absent = TIME_NONE},                                                                     \
        {.key = "time_text", .kind = MEMBER_TEXT, .offset = AT(record, time_text)},                \
        {.key = "zone_assumed", .kind = MEMBER_BOOL, .offset = AT(record, zone_assumed)},          \
    {                                                                                              \
        .key = "backwards", .kind = MEMBER_BOOL, .offset = AT(record, backwards)                   \
    }

static const struct member event_members[] = {
    COMMON,
    {.key = "provider", .kind = MEMBER_TEXT, .offset = AT(record, event.provider)},
    {.key = "computer", .kind = MEMBER_TEXT, .offset = AT(record, event.computer)},
    {.key = "channel", .kind = MEMBER_TEXT, .offset = AT(record, event.channel)},
    {.key = "level", .kind = MEMBER_LEVEL, .offset = AT(record, event.level)},
    {.key = "event_id", .kind = MEMBER_INT64, .offset = AT(record, event.event_id), .absent = -1},
    {.key = "record_id", .kind = MEMBER_INT64, .offset = AT(record, event.record_id), .absent = -1},
    {.key = "user_sid", .kind = MEMBER_TEXT, .offset = AT(record, event.user_sid)},
    {.key = "message", .kind = MEMBER_TEXT, .offset = AT(record, event.message)},
    {.key = "data",
     .kind = MEMBER_PAIRS,
     .offset = AT(record, event.data),
     .count_offset = AT(record, event.data_count)},
    {0}};

static const struct member http_members[] = {
    COMMON,
    {.key = "method", .kind = MEMBER_TEXT, .offset = AT(record, http.method)},
    {.key = "url", .kind = MEMBER_TEXT, .offset = AT(record, http.url)},
    {.key = "status", .kind = MEMBER_INT, .offset = AT(record, http.status)},
    {.key = "error", .kind = MEMBER_TEXT, .offset = AT(record, http.error)},
    {.key = "duration_us",
     .kind = MEMBER_INT64,
     .offset = AT(record, http.duration_us),
     .absent = -1},
    {.key = "request",
     .kind = MEMBER_OBJECT,
     .offset = AT(record, http.request),
     .members = message_members},
    {.key = "response",
     .kind = MEMBER_OBJECT,
     .offset = AT(record, http.response),
     .members = message_members},
    {0}};

static const struct member provisioning_members[] = {
    COMMON,
    {.key = "item_id", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.item_id)},
    {.key = "change_id", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.change_id)},
    {.key = "action", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.action)},
    {.key = "step", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.step)},
    {.key = "status", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.status)},
    {.key = "code", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.code)},
    {.key = "reason", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.reason)},
    {.key = "details", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.details)},
    {.key = "target_user", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.target_user)},
    {.key = "source_user", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.source_user)},
    {.key = "target_system", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.target_system)},
    {.key = "source_system", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.source_system)},
    {.key = "duration_us",
     .kind = MEMBER_INT64,
     .offset = AT(record, provisioning.duration_us),
     .absent = -1},
    {.key = "item", .kind = MEMBER_TEXT, .offset = AT(record, provisioning.item)},
    {0}};

static const struct member *members_of(enum entry_kind kind)
{
    switch (kind) {
    case KIND_HTTP:
        return http_members;
    case KIND_PROVISIONING:
        return provisioning_members;
    case KIND_EVENT:
        break;
    }
    return event_members;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void add_int(struct buf *out, const struct member *member, int64_t value)
{
    if (value == member->absent)
        return;
    json_add_key(out, member->key);
    json_add_int(out, value);
}

static void add_pairs(struct buf *out, const struct member *member, const struct pair *pairs,
                      size_t count)
{
    if (!count)
        return;
    json_add_key(out, member->key);
    buf_add_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        buf_add_text(out, i ? ",[" : "[");
        json_add_string(out, pairs[i].name);
        buf_add_byte(out, ',');
        json_add_string(out, pairs[i].value);
        buf_add_byte(out, ']');
    }
    buf_add_byte(out, ']');
}

static void add_members(struct buf *out, const struct member *members, const char *base)
{
    for (const struct member *m = members; m->key; m++) {
        const char *at = base + m->offset;
        switch (m->kind) {
        case MEMBER_TEXT:
            if (!slice_is_none(*(const struct slice *)(const void *)at)) {
                json_add_key(out, m->key);
                json_add_string(out, *(const struct slice *)(const void *)at);
            }
            break;
        case MEMBER_INT:
            add_int(out, m, *(const int *)(const void *)at);
            break;
        case MEMBER_INT64:
            add_int(out, m, *(const int64_t *)(const void *)at);
            break;
        case MEMBER_UINT64: {
            uint64_t value = *(const uint64_t *)(const void *)at;
            add_int(out, m, value > INT64_MAX ? INT64_MAX : (int64_t)value);
            break;
        }
        case MEMBER_BOOL:
            if (*(const bool *)(const void *)at) {
                json_add_key(out, m->key);
                buf_add_text(out, "true");
            }
            break;
        case MEMBER_LEVEL: {
            const char *name = level_name(*(const enum level *)(const void *)at);
            if (name) {
                json_add_key(out, m->key);
                json_add_string(out, slice_of(name));
            }
            break;
        }
        case MEMBER_PAIRS:
            add_pairs(out, m, *(const struct pair *const *)(const void *)at,
                      *(const size_t *)(const void *)(base + m->count_offset));
            break;
        case MEMBER_OBJECT: {
            size_t before = out->len;
            json_add_key(out, m->key);
            buf_add_byte(out, '{');
            size_t empty = out->len;
            add_members(out, m->members, at);
            if (!buf_full(out) && out->len == empty) {
                out->len = before;
                out->at[before] = '\0';
            } else {
                buf_add_byte(out, '}');
            }
            break;
        }
        }
    }
}

bool record_write(struct buf *out, const struct record *record)
{
    buf_add_byte(out, '{');
    json_add_key(out, "kind");
    json_add_string(out, slice_of(kind_name(record->kind)));
    add_members(out, members_of(record->kind), (const char *)record);
    return buf_add_byte(out, '}');
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
    struct json_scan scan;
    struct arena *arena;
    struct fault *why;
};

static enum fault_code bad(struct reading *r, const char *what, const char *key)
{
    enum fault_code code = fault_set(
        r->why, FAULT_FORMAT, key ? N_("record: %s \"%s\"") : N_("record: %s"), _(what), key);
    if (r->why)
        r->why->offset = r->scan.at;
    return code;
}

static enum fault_code read_text(struct reading *r, enum json_token token, struct slice *out,
                                 const char *key)
{
    if (token == JSON_NULL)
        *out = SLICE_NONE;
    else if (token == JSON_STRING)
        *out = json_text(r->arena, r->scan.raw);
    else
        return bad(r, "not a text under", key);
    return FAULT_NONE;
}

static enum fault_code read_pair(struct reading *r, struct pair *out, const char *key)
{
    enum fault_code code = read_text(r, json_next(&r->scan), &out->name, key);
    if (!code)
        code = read_text(r, json_next(&r->scan), &out->value, key);
    if (!code && json_next(&r->scan) != JSON_ARRAY_END)
        code = bad(r, "not a pair under", key);
    return code;
}

static enum fault_code read_pairs(struct reading *r, const struct pair **out, size_t *out_count,
                                  const char *key)
{
    struct pair *pairs = NULL;
    size_t count = 0, room = 0;
    enum json_token token;
    while ((token = json_next(&r->scan)) == JSON_ARRAY) {
        if (count == RECORD_FIELDS_LIMIT)
            return fault_set(r->why, FAULT_LIMIT, "record: over %d pairs under \"%s\"",
                             RECORD_FIELDS_LIMIT, key);
        if (count == room) {
            struct pair *more = arena_zalloc(r->arena, room ? 2 * room : 16, sizeof *more);
            if (count)
                memcpy(more, pairs, count * sizeof *pairs);
            pairs = more;
            room = room ? 2 * room : 16;
        }
        enum fault_code code = read_pair(r, &pairs[count++], key);
        if (code)
            return code;
    }
    if (token != JSON_ARRAY_END)
        return bad(r, "not a list of pairs under", key);
    *out = pairs;
    *out_count = count;
    return FAULT_NONE;
}

static enum fault_code read_number(struct reading *r, enum json_token token, const struct member *m,
                                   char *at)
{
    int64_t value;
    if (token != JSON_NUMBER || !json_to_int64(r->scan.raw, &value))
        return bad(r, "not a whole number under", m->key);
    if ((m->kind == MEMBER_UINT64 && value < 0) ||
        (m->kind == MEMBER_INT && (value < INT32_MIN || value > INT32_MAX)))
        return bad(r, "a number out of range under", m->key);
    if (m->kind == MEMBER_INT)
        *(int *)(void *)at = (int)value;
    else if (m->kind == MEMBER_UINT64)
        *(uint64_t *)(void *)at = (uint64_t)value;
    else
        *(int64_t *)(void *)at = value;
    return FAULT_NONE;
}

static enum fault_code read_level(struct reading *r, enum json_token token, enum level *out,
                                  const char *key)
{
    struct slice word = SLICE_NONE;
    enum fault_code code = read_text(r, token, &word, key);
    if (code)
        return code;
    for (enum level level = LEVEL_CRITICAL; level <= LEVEL_VERBOSE; level++)
        if (slice_is(word, level_name(level))) {
            *out = level;
            return FAULT_NONE;
        }
    return bad(r, "an unknown level under", key);
}

static enum fault_code read_members(struct reading *r, const struct member *members, char *base);

static enum fault_code read_member(struct reading *r, const struct member *m, char *base)
{
    enum json_token token = json_next(&r->scan);
    char *at = base + m->offset;
    switch (m->kind) {
    case MEMBER_TEXT:
        return read_text(r, token, (struct slice *)(void *)at, m->key);
    case MEMBER_INT:
    case MEMBER_INT64:
    case MEMBER_UINT64:
        return read_number(r, token, m, at);
    case MEMBER_BOOL:
        if (token != JSON_TRUE && token != JSON_FALSE)
            return bad(r, "not true or false under", m->key);
        *(bool *)(void *)at = token == JSON_TRUE;
        return FAULT_NONE;
    case MEMBER_LEVEL:
        return read_level(r, token, (enum level *)(void *)at, m->key);
    case MEMBER_PAIRS:
        if (token != JSON_ARRAY)
            return bad(r, "not a list of pairs under", m->key);
        return read_pairs(r, (const struct pair **)(void *)at,
                          (size_t *)(void *)(base + m->count_offset), m->key);
    case MEMBER_OBJECT:
        if (token != JSON_OBJECT)
            return bad(r, "not an object under", m->key);
        return read_members(r, m->members, at);
    }
    return FAULT_INTERNAL;
}

/* Reads members up to and with the closing brace. */
static enum fault_code read_members(struct reading *r, const struct member *members, char *base)
{
    enum json_token token;
    while ((token = json_next(&r->scan)) == JSON_KEY) {
        const struct member *m = members;
        while (m->key && !json_raw_is(r->scan.raw, m->key))
            m++;
        if (!m->key) {
            char name[64];
            return bad(r, "unknown key",
                       safe_short(name, sizeof name, json_text(r->arena, r->scan.raw)));
        }
        enum fault_code code = read_member(r, m, base);
        if (code)
            return code;
    }
    return token == JSON_OBJECT_END ? FAULT_NONE : bad(r, "not well-formed JSON", NULL);
}

static enum fault_code read_kind(struct reading *r, enum entry_kind *out)
{
    if (json_next(&r->scan) != JSON_OBJECT)
        return bad(r, "not a JSON object", NULL);
    if (json_next(&r->scan) != JSON_KEY || !json_raw_is(r->scan.raw, "kind"))
        return bad(r, "its first key is not", "kind");
    if (json_next(&r->scan) != JSON_STRING)
        return bad(r, "not a text under", "kind");
    for (enum entry_kind kind = KIND_EVENT; kind <= KIND_PROVISIONING; kind++)
        if (json_raw_is(r->scan.raw, kind_name(kind))) {
            *out = kind;
            return FAULT_NONE;
        }
    return bad(r, "an unknown kind under", "kind");
}

enum fault_code record_read(struct record *out, struct slice json, struct arena *arena,
                            struct fault *why)
{
    struct reading r = {.arena = arena, .why = why};
    json_scan_init(&r.scan, json);
    *out = (struct record){.time_us = TIME_NONE,
                           .event = {.event_id = -1, .record_id = -1},
                           .http = {.duration_us = -1},
                           .provisioning = {.duration_us = -1}};
    enum fault_code code = read_kind(&r, &out->kind);
    if (!code)
        code = read_members(&r, members_of(out->kind), (char *)out);
    if (!code && json_next(&r.scan) != JSON_END)
        code = bad(&r, "something follows it", NULL);
    return code;
}
