/* mitmproxy flow files, format versions 0.10 to 21: concatenated tnetstring dictionaries, one flow
 * each. Knows which of their keys make an exchange; keys are read by name, since writers reverse
 * their order. Flows of other kinds (tcp, dns, websocket messages) are passed over. */
#include "import/http_body.h"
#include "import/pairs.h"
#include "import/readers.h"
#include "import/tnetstring.h"
#include "import/window.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdlib.h>

struct mitm {
    struct window window;
    struct arena arena;
    struct pair_list request, response;
    uint64_t position;
    bool lost; /* inside a damaged stretch: look for the next flow */
};

/* A dictionary whose first key is a short lower-case word, as every flow begins. */
static bool looks_like_flow(struct slice head)
{
    size_t outer, inner;
    uint64_t size, key;
    if (!tnet_head(head, &outer, &size) || size < 16)
        return false;
    struct slice rest = slice_from(head, outer);
    if (!tnet_head(rest, &inner, &key) || key == 0 || key > 24 || inner + key >= rest.len)
        return false;
    for (size_t i = 0; i < key; i++) {
        char c = rest.at[inner + i];
        if (!((c >= 'a' && c <= 'z') || c == '_'))
            return false;
    }
    return rest.at[inner + key] == ';' || rest.at[inner + key] == ',';
}

static int mitm_sniff(struct slice head, const char *path)
{
    (void)path;
    return looks_like_flow(head) ? 90 : 0;
}

static enum fault_code mitm_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct mitm *m = xcalloc(1, sizeof *m);
    window_init(&m->window, in, RECORD_SIZE_LIMIT);
    *self = m;
    return FAULT_NONE;
}

static void mitm_close(void *self)
{
    struct mitm *m = self;
    if (!m)
        return;
    window_free(&m->window);
    arena_free(&m->arena);
    pair_list_free(&m->request);
    pair_list_free(&m->response);
    free(m);
}

/* --- one flow --------------------------------------------------------------------------------- */

static void read_headers(struct tnet list, struct pair_list *out, struct arena *arena)
{
    struct slice rest = list.type == ']' ? list.payload : SLICE_NONE;
    struct tnet pair, name, value;
    out->count = 0;
    while (rest.len && tnet_next(&rest, &pair)) {
        struct slice inner = pair.type == ']' ? pair.payload : SLICE_NONE;
        if (inner.len && tnet_next(&inner, &name) && tnet_next(&inner, &value))
            pair_list_add(out, utf8_clean(tnet_text(name), arena),
                          utf8_clean(tnet_text(value), arena));
    }
}

static void read_message(struct message *out, struct tnet source, struct pair_list *headers,
                         struct arena *arena)
{
    read_headers(tnet_get(source, "headers"), headers, arena);
    *out = (struct message){
        .headers = headers->at, .header_count = headers->count, .headers_known = true};
    struct slice content = tnet_text(tnet_get(source, "content"));
    http_body_finish(&out->body, content.len ? content : SLICE_NONE,
                     message_header(out, "content-type"), message_header(out, "content-encoding"),
                     arena);
}

/* A host header or authority that names the same port is written as it is; else host and port. */
static struct slice make_url(struct tnet request, struct arena *arena)
{
    struct slice scheme = tnet_text(tnet_get(request, "scheme"));
    struct slice host = tnet_text(tnet_get(request, "host"));
    struct slice path = tnet_text(tnet_get(request, "path"));
    int64_t port = tnet_int(tnet_get(request, "port"), 0);
    if (slice_starts(path, "http://") || slice_starts(path, "https://"))
        return utf8_clean(path, arena);
    bool usual = (slice_is(scheme, "http") && port == 80) ||
                 (slice_is(scheme, "https") && port == 443) || port <= 0;
    struct slice url =
        usual ? arena_format(arena, "%.*s://%.*s%.*s", (int)scheme.len, scheme.at, (int)host.len,
                             host.at, (int)path.len, path.at)
              : arena_format(arena, "%.*s://%.*s:%lld%.*s", (int)scheme.len, scheme.at,
                             (int)host.len, host.at, (long long)port, (int)path.len, path.at);
    return utf8_clean(url, arena);
}

static void read_flow(struct mitm *m, struct tnet flow, struct tnet request, struct record *out)
{
    struct tnet response = tnet_get(flow, "response");
    struct tnet error = tnet_get(flow, "error");
    struct record_http *http = &out->http;
    *out = (struct record){.kind = KIND_HTTP, .position = m->position, .time_us = TIME_NONE};
    http->method = utf8_clean(tnet_text(tnet_get(request, "method")), &m->arena);
    http->url = make_url(request, &m->arena);
    read_message(&http->request, request, &m->request, &m->arena);
    read_message(&http->response, response, &m->response, &m->arena);
    http->response.headers_known = response.type == '}';
    struct tnet status = tnet_get(response, "status_code");
    int64_t code = tnet_int(status.type ? status : tnet_get(response, "code"), 0);
    http->status = code >= 100 && code <= 599 ? (int)code : 0;
    http->error = utf8_clean(tnet_text(tnet_get(error, "msg")), &m->arena);
    struct tnet started = tnet_get(request, "timestamp_start");
    out->time_us = tnet_micros(started);
    out->time_text = out->time_us == TIME_NONE ? SLICE_NONE : started.payload;
    int64_t ended = tnet_micros(tnet_get(response, "timestamp_end"));
    bool timed = ended != TIME_NONE && out->time_us != TIME_NONE && ended >= out->time_us;
    http->duration_us = timed ? ended - out->time_us : -1;
}

/* --- the stream ------------------------------------------------------------------------------- */

/* Moves to the next place where a flow may begin; false at the end. A flow's text may hold such a
 * place too: what follows it decides, and the search goes on. */
static bool find_flow(struct mitm *m)
{
    for (;;) {
        window_want(&m->window, 64);
        struct slice bytes = window_bytes(&m->window);
        if (bytes.len == 0)
            return false;
        for (size_t i = 0; i < bytes.len; i++) {
            bool digit = bytes.at[i] >= '0' && bytes.at[i] <= '9';
            bool inside = i > 0 && bytes.at[i - 1] >= '0' && bytes.at[i - 1] <= '9';
            if (digit && !inside && i + 64 <= bytes.len &&
                looks_like_flow(slice_make(bytes.at + i, 64))) {
                window_drop(&m->window, i);
                return true;
            }
        }
        size_t keep = bytes.len < 64 || m->window.ended ? 0 : 63;
        window_drop(&m->window, bytes.len - keep);
    }
}

static enum reading damaged(struct mitm *m, const char *text, bool lost, struct fault *why)
{
    fault_set(why, FAULT_FORMAT, "%s", text);
    why->offset = m->window.offset;
    m->lost = lost;
    m->position++;
    if (lost)
        window_drop(&m->window, 1);
    return READING_BAD_RECORD;
}

static enum reading ended(struct mitm *m, struct fault *why)
{
    if (m->window.why.code == FAULT_NONE)
        return READING_END;
    *why = m->window.why;
    return READING_FAILED;
}

/* Reads the flow at the window's start. READING_END: it was none that makes a record. */
static enum reading read_one(struct mitm *m, struct record *out, struct fault *why)
{
    size_t head;
    uint64_t size;
    if (!tnet_head(window_bytes(&m->window), &head, &size))
        return damaged(m, "a flow does not begin with its length", true, why);
    if (size > RECORD_SIZE_LIMIT) {
        enum reading bad = damaged(m, "a flow is larger than 64 MiB", false, why);
        window_skip(&m->window, head + size + 1);
        return bad;
    }
    if (!window_want(&m->window, head + (size_t)size + 1))
        return damaged(m, "the file ends inside a flow", true, why);
    struct slice rest = window_bytes(&m->window);
    struct tnet flow;
    if (!tnet_next(&rest, &flow) || flow.type != '}')
        return damaged(m, "a flow's length does not fit its bytes", true, why);
    struct tnet request = tnet_get(flow, "request");
    struct slice type = tnet_text(tnet_get(flow, "type"));
    bool other = !slice_is_none(type) && !slice_is(type, "http");
    if (other || request.type == '~') {
        window_drop(&m->window, head + (size_t)size + 1);
        return READING_END;
    }
    if (request.type != '}' || slice_is_none(tnet_text(tnet_get(request, "path")))) {
        enum reading bad = damaged(m, "a flow has no request", false, why);
        window_drop(&m->window, head + (size_t)size + 1);
        return bad;
    }
    read_flow(m, flow, request, out);
    out->offset = m->window.offset;
    m->position++;
    /* The bytes stay where they are until the next read: the record borrows from them. */
    window_drop(&m->window, head + (size_t)size + 1);
    return READING_RECORD;
}

static enum reading mitm_next(void *self, struct record *out, struct fault *why)
{
    struct mitm *m = self;
    for (;;) {
        arena_reset(&m->arena);
        window_want(&m->window, TNET_DIGITS + 1);
        if (m->lost && !find_flow(m))
            return ended(m, why);
        struct slice bytes = window_bytes(&m->window);
        if (bytes.len == 0)
            return ended(m, why);
        bool was_lost = m->lost;
        m->lost = false;
        enum reading reading = read_one(m, out, why);
        if (reading == READING_END)
            continue; /* another kind of flow */
        if (reading == READING_BAD_RECORD && was_lost) {
            m->position--; /* still the same damaged stretch, counted once */
            m->lost = true;
            continue;
        }
        return reading;
    }
}

const struct reader mitm_reader = {
    .info = {.name = "mitmproxy",
             .title = "mitmproxy flow file",
             .suffixes = "flows mitm",
             .how = "mitmdump -w capture.flows (or in mitmproxy: press w and give a name).\n"
                    "Flow files of every mitmproxy version can be read."},
    .sniff = mitm_sniff,
    .open = mitm_open,
    .next = mitm_next,
    .close = mitm_close,
};
