/* Charles JSON sessions (.chlsj): an array of calls. Knows their fields; a call's `status` is the
 * state of the capture, the HTTP status stands in its response. */
#include "import/http_body.h"
#include "import/json_items.h"
#include "import/pairs.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdlib.h>

struct charles {
    struct json_items items;
    struct pair_list request, response;
};

static int charles_sniff(struct slice head, const char *path)
{
    static const char *const keys[] = {"protocolVersion", "actualPort", "scheme", "tunnel",
                                       "keptAlive",       "durations",  "times",  NULL};
    (void)path;
    return json_items_look_like(head, NULL, keys, 4) ? 90 : 0;
}

static enum fault_code charles_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct charles *c = xcalloc(1, sizeof *c);
    json_items_open(&c->items, in, NULL);
    *self = c;
    return FAULT_NONE;
}

static void charles_close(void *self)
{
    struct charles *c = self;
    if (!c)
        return;
    json_items_close(&c->items);
    pair_list_free(&c->request);
    pair_list_free(&c->response);
    free(c);
}

static struct slice text(struct charles *c, const cJSON *object, const char *key)
{
    return arena_copy(&c->items.arena, json_tree_text_fold(object, key));
}

static int64_t number(const cJSON *object, const char *key, int64_t otherwise)
{
    const cJSON *item = json_tree_get_fold(object, key);
    return cJSON_IsNumber(item) && item->valuedouble >= -1e15 && item->valuedouble <= 1e15
               ? (int64_t)item->valuedouble
               : otherwise;
}

static void read_headers(struct charles *c, const cJSON *message, struct pair_list *list)
{
    const cJSON *item,
        *headers = json_tree_get_fold(json_tree_get_fold(message, "header"), "headers");
    list->count = 0;
    cJSON_ArrayForEach(item, headers)
        pair_list_add(list, text(c, item, "name"), text(c, item, "value"));
}

static void read_message(struct charles *c, const cJSON *source, struct pair_list *list,
                         struct message *out)
{
    read_headers(c, source, list);
    *out = (struct message){
        .headers = list->at, .header_count = list->count, .headers_known = list->count > 0};
    const cJSON *body = json_tree_get_fold(source, "body");
    struct slice type = message_header(out, "content-type");
    if (slice_is_none(type))
        type = text(c, source, "mimeType");
    struct slice decoded = text(c, body, "text"), encoded = text(c, body, "encoded");
    /* Text is decoded already; bytes are as they were sent. */
    if (slice_is_none(decoded) && !slice_is_none(encoded))
        http_body_finish_base64(&out->body, encoded, type, message_header(out, "content-encoding"),
                                &c->items.arena);
    else
        out->body = (struct body){.text = decoded, .type = type, .size = decoded.len};
}

static struct slice make_url(struct charles *c, const cJSON *call)
{
    struct slice scheme = text(c, call, "scheme"), host = text(c, call, "host");
    struct slice path = text(c, call, "path"), query = text(c, call, "query");
    int64_t port = number(call, "port", 0);
    struct buf url;
    buf_init(&url, RECORD_HEADER_LIMIT * 4);
    buf_add(&url, scheme);
    buf_add_text(&url, "://");
    buf_add(&url, host);
    if (port > 0)
        buf_add_format(&url, ":%lld", (long long)port);
    buf_add(&url, path);
    if (query.len) {
        buf_add_byte(&url, '?');
        buf_add(&url, query);
    }
    struct slice kept = arena_copy(&c->items.arena, buf_slice(&url));
    buf_free(&url);
    return kept;
}

static void fill_record(struct charles *c, const cJSON *call, struct record *out)
{
    const cJSON *response = json_tree_get_fold(call, "response");
    struct record_http *http = &out->http;
    *out = (struct record){.kind = KIND_HTTP, .time_us = TIME_NONE};
    http->method = text(c, call, "method");
    http->url = make_url(c, call);
    read_message(c, json_tree_get_fold(call, "request"), &c->request, &http->request);
    read_message(c, response, &c->response, &http->response);
    int64_t status = number(response, "status", 0);
    http->status = status >= 100 && status <= 599 ? (int)status : 0;
    struct slice state = text(c, call, "status");
    http->error = SLICE_NONE;
    if (http->status == 0) {
        http->error = text(c, call, "errorMessage");
        if (slice_is_none(http->error) && !slice_is(state, "COMPLETE"))
            http->error = state;
    }
    out->time_text = text(c, json_tree_get_fold(call, "times"), "start");
    bool zoned = false;
    if (slice_is_none(out->time_text) || !time_parse(out->time_text, &out->time_us, &zoned))
        out->time_us = TIME_NONE;
    out->zone_assumed = out->time_us != TIME_NONE && !zoned;
    int64_t total = number(json_tree_get_fold(call, "durations"), "total", -1);
    http->duration_us = total >= 0 ? total * 1000 : -1;
}

static enum item_answer read_call(void *self, struct slice item, struct record *out,
                                  struct fault *why)
{
    struct charles *c = self;
    cJSON *call = json_tree(item, NULL, why);
    bool good = call && !slice_is_none(json_tree_text_fold(call, "host"));
    if (good)
        fill_record(c, call, out);
    else if (call)
        fault_set(why, FAULT_FORMAT, "a call has no host");
    cJSON_Delete(call);
    return good ? ITEM_RECORD : ITEM_DAMAGED;
}

static enum reading charles_next(void *self, struct record *out, struct fault *why)
{
    struct charles *c = self;
    return json_items_read(&c->items, read_call, c, out, why);
}

const struct reader charles_reader = {
    .info = {.name = "charles",
             .title = "Charles JSON session (.chlsj)",
             .suffixes = "chlsj",
             .how = "File > Export Session... and choose \"JSON Session File (.chlsj)\".\n"
                    "The default .chls format is private to Charles and cannot be read."},
    .sniff = charles_sniff,
    .open = charles_open,
    .next = charles_next,
    .close = charles_close,
};
