/* Knows the shape of SCIM bodies and paths: resources, lists, bulk messages; see scim.h. Knows
 * nothing of errors (facts.c) or of whose entry a call is (core/normalise.c). */
#include "core/explain/scim.h"

#include "core/base/json.h"

/* Walks the members of the object that a text is. */
struct scim_members {
    struct json_scan scan;
    struct slice key, value; /* raw JSON */
};

static bool scim_open(struct scim_members *m, struct slice text)
{
    *m = (struct scim_members){0};
    if (slice_is_none(text))
        return false;
    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
        text = slice_from(text, 3);
    json_scan_init(&m->scan, text);
    return json_next(&m->scan) == JSON_OBJECT;
}

static bool scim_member(struct scim_members *m)
{
    if (json_next(&m->scan) != JSON_KEY)
        return false;
    m->key = m->scan.raw;
    return json_skip(&m->scan, JSON_KEY, &m->value);
}

static bool scim_key_is(struct slice raw, const char *name, struct arena *arena)
{
    return slice_is_fold(json_text(arena, raw), name);
}

/* The text of a raw JSON string that is not blank, else SLICE_NONE. */
static struct slice scim_string(struct slice raw, struct arena *arena)
{
    if (raw.len < 2 || raw.at[0] != '"')
        return SLICE_NONE;
    struct slice text = json_text(arena, raw);
    return slice_trim(text).len ? text : SLICE_NONE;
}

/* The members of a resource that identify it; `*lists` when it has a member `Resources`. */
static bool scim_read_members(struct scim_resource *out, struct slice body, bool *lists,
                              struct arena *arena)
{
    struct scim_members m;
    *out = (struct scim_resource){SLICE_NONE, SLICE_NONE, SLICE_NONE};
    if (!scim_open(&m, body))
        return false;
    while (json_next(&m.scan) == JSON_KEY) {
        struct slice key = json_text(arena, m.scan.raw);
        *lists = *lists || slice_is_fold(key, "Resources");
        if (!json_skip(&m.scan, JSON_KEY, &m.value))
            break;
        if (slice_is_fold(key, "id"))
            out->id = scim_string(m.value, arena);
        else if (slice_is_fold(key, "userName"))
            out->user_name = scim_string(m.value, arena);
        else if (slice_is_fold(key, "externalId"))
            out->external_id = scim_string(m.value, arena);
    }
    return out->id.at || out->user_name.at || out->external_id.at;
}

bool scim_read_resource(struct scim_resource *out, struct slice body, struct arena *arena)
{
    bool lists = false;
    return scim_read_members(out, body, &lists, arena);
}

const struct scim_told *scim_told_of(const struct record_http *http, struct arena *arena)
{
    if (http->told)
        return http->told;
    struct scim_told *told = arena_zalloc(arena, 1, sizeof *told);
    bool ignored = false;
    told->asks = scim_read_members(&told->asked, http->request.body.text, &ignored, arena);
    if (http->status >= 200 && http->status <= 299)
        told->answers =
            scim_read_members(&told->answered, http->response.body.text, &told->lists, arena);
    return told;
}

/* The array under a top-level name, as far as the body goes; SLICE_NONE when there is none. A cut
 * body ends inside its last member, so the rest of the text is taken then. */
static struct slice scim_array(struct slice body, const char *name, struct arena *arena)
{
    struct scim_members m;
    if (!scim_open(&m, body))
        return SLICE_NONE;
    while (json_next(&m.scan) == JSON_KEY) {
        bool ours = scim_key_is(m.scan.raw, name, arena);
        struct json_scan before = m.scan;
        if (ours && json_next(&before) == JSON_ARRAY)
            return slice_from(before.text, before.at - 1);
        if (!json_skip(&m.scan, JSON_KEY, NULL))
            break;
    }
    return SLICE_NONE;
}

/* Takes the next object of the array that `scan` stands in. */
static bool scim_next_object(struct json_scan *scan, struct slice *object)
{
    enum json_token token;
    while ((token = json_next(scan)) != JSON_ARRAY_END) {
        if (token == JSON_BAD || token == JSON_END || !json_skip(scan, token, object))
            return false;
        if (token == JSON_OBJECT)
            return true;
    }
    return false;
}

static bool scim_enter(struct json_scan *scan, struct slice array)
{
    if (slice_is_none(array))
        return false;
    json_scan_init(scan, array);
    return json_next(scan) == JSON_ARRAY;
}

size_t scim_each_resource(struct slice body, struct arena *arena,
                          bool (*each)(void *self, const struct scim_resource *resource),
                          void *self)
{
    struct json_scan scan;
    struct slice object;
    size_t count = 0;
    if (!scim_enter(&scan, scim_array(body, "Resources", arena)))
        return 0;
    while (count < SCIM_RESOURCES_LIMIT && scim_next_object(&scan, &object)) {
        struct scim_resource resource;
        scim_read_resource(&resource, object, arena);
        count++;
        if (!each(self, &resource))
            break;
    }
    return count;
}

/* A status as number, as string, or as SCIM 1.1's {"code":"409"}. */
static int scim_status(struct slice raw, struct arena *arena)
{
    int64_t status;
    if (raw.len && raw.at[0] == '{') {
        struct scim_members m;
        struct slice code = SLICE_NONE;
        if (scim_open(&m, raw))
            while (scim_member(&m))
                if (scim_key_is(m.key, "code", arena))
                    code = m.value;
        raw = code;
    }
    if (!raw.len || raw.at[0] == '{' || !json_to_int64(raw, &status))
        return 0;
    return status >= 100 && status <= 599 ? (int)status : 0;
}

static void scim_read_operation(struct scim_operation *out, struct slice object,
                                struct arena *arena)
{
    struct scim_members m;
    *out = (struct scim_operation){.whole = object};
    if (!scim_open(&m, object))
        return;
    while (scim_member(&m)) {
        if (scim_key_is(m.key, "method", arena))
            out->method = scim_string(m.value, arena);
        else if (scim_key_is(m.key, "bulkId", arena))
            out->bulk_id = scim_string(m.value, arena);
        else if (scim_key_is(m.key, "path", arena) || scim_key_is(m.key, "location", arena))
            out->path = scim_string(m.value, arena);
        else if (scim_key_is(m.key, "status", arena))
            out->status = scim_status(m.value, arena);
        else if (scim_key_is(m.key, "data", arena))
            out->data = m.value;
        else if (scim_key_is(m.key, "response", arena))
            out->response = m.value;
    }
}

size_t scim_each_operation(struct slice body, struct arena *arena,
                           bool (*each)(void *self, const struct scim_operation *operation),
                           void *self)
{
    struct json_scan scan;
    struct slice object;
    size_t count = 0;
    if (!scim_enter(&scan, scim_array(body, "Operations", arena)))
        return 0;
    for (int number = 1; number <= SCIM_OPERATIONS_LIMIT && scim_next_object(&scan, &object);
         number++) {
        struct scim_operation operation;
        scim_read_operation(&operation, object, arena);
        operation.number = number;
        if (slice_is_none(operation.method) && operation.status == 0)
            continue; /* an operation of a PATCH */
        count++;
        if (!each(self, &operation))
            break;
    }
    return count;
}

bool scim_operation_failed(const struct scim_operation *operation)
{
    return operation->status >= 400;
}

/* --- which request a failed operation answers --------------------------------------------------
 */

struct scim_operations {
    struct scim_operation *items;
    size_t count, room;
    struct arena *arena;
};

struct scim_bulk {
    struct scim_operations asked, answered;
    const struct scim_operation **failed; /* of `answered`, in order */
    size_t failed_count;
};

static bool scim_keep(void *self, const struct scim_operation *operation)
{
    struct scim_operations *all = self;
    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : 16;
        struct scim_operation *items = arena_zalloc(all->arena, room, sizeof *items);
        if (all->count)
            memcpy(items, all->items, all->count * sizeof *items);
        all->items = items;
        all->room = room;
    }
    all->items[all->count++] = *operation;
    return true;
}

const struct scim_bulk *scim_bulk_read(const struct record_http *http, struct arena *arena)
{
    struct scim_bulk *bulk = arena_zalloc(arena, 1, sizeof *bulk);
    bulk->asked.arena = bulk->answered.arena = arena;
    scim_each_operation(http->response.body.text, arena, scim_keep, &bulk->answered);
    bulk->failed = arena_zalloc(arena, bulk->answered.count, sizeof *bulk->failed);
    for (size_t i = 0; i < bulk->answered.count; i++)
        if (scim_operation_failed(&bulk->answered.items[i]))
            bulk->failed[bulk->failed_count++] = &bulk->answered.items[i];
    if (bulk->failed_count)
        scim_each_operation(http->request.body.text, arena, scim_keep, &bulk->asked);
    return bulk;
}

/* The resource that a path or location ends in: its last two segments. */
static struct slice scim_tail(struct slice path)
{
    int slashes = 0;
    for (size_t at = path.len; at > 0; at--)
        if (path.at[at - 1] == '/' && ++slashes == 2)
            return slice_from(path, at);
    return path;
}

bool scim_operation_answers(const struct scim_operation *answer, const struct scim_operation *asked)
{
    if (answer->bulk_id.at || asked->bulk_id.at)
        return answer->bulk_id.at && asked->bulk_id.at &&
               slice_equal(answer->bulk_id, asked->bulk_id);
    if (!answer->path.at || !asked->path.at)
        return false;
    return slice_equal_fold(answer->method, asked->method) &&
           slice_equal(scim_tail(answer->path), scim_tail(asked->path));
}

bool scim_failed_operation(const struct record_http *http, int n, struct arena *arena,
                           struct scim_operation *response, struct scim_operation *request)
{
    *request = (struct scim_operation){0};
    if (n < 1)
        return false;
    const struct scim_bulk *bulk = http->bulk ? http->bulk : scim_bulk_read(http, arena);
    if ((size_t)n > bulk->failed_count)
        return false;
    *response = *bulk->failed[n - 1];
    /* Responses mostly keep the order of the request, so the search begins at the same place. */
    size_t first = (size_t)response->number - 1;
    for (size_t i = 0; i < bulk->asked.count; i++) {
        const struct scim_operation *asked = &bulk->asked.items[(first + i) % bulk->asked.count];
        if (!scim_operation_answers(response, asked))
            continue;
        *request = *asked;
        return true;
    }
    if (bulk->asked.count == bulk->answered.count)
        for (size_t i = 0; i < bulk->asked.count; i++)
            if (bulk->asked.items[i].number == response->number)
                *request = bulk->asked.items[i];
    return true;
}

/* --- paths -------------------------------------------------------------------------------------
 */

bool scim_path_id(struct slice path, const char *endpoint, struct slice *id, struct arena *arena)
{
    bool found = false;
    bool next = false; /* the segment just read was the endpoint */
    struct slice rest = path;
    struct slice segment;
    *id = SLICE_NONE;
    while (slice_cut(&rest, '/', &segment)) {
        size_t query = slice_find_byte(segment, '?');
        segment = slice_first(segment, query);
        if (segment.len == 0)
            continue;
        if (slice_is_fold(segment, endpoint)) {
            found = next = true;
            *id = SLICE_NONE;
        } else if (next) {
            *id = url_decode(segment, false, arena);
            next = false;
        }
        if (query != SIZE_MAX)
            break;
    }
    if (id->at && id->len && id->at[0] == '.') /* .search is a service of the endpoint, no id */
        *id = SLICE_NONE;
    return found;
}
