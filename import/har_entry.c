/* Knows what the fields of a HAR entry mean; see har_entry.h. Cookies and queryString arrays,
 * timings and caches are passed over: headers and URL hold what is needed of them. */
#include "import/har_entry.h"

#include "import/http_body.h"
#include "import/pairs.h"

#include "core/base/alloc.h"
#include "core/base/json_steps.h"

#include <stdlib.h>

enum {
    ARENA_KEPT = 1024 * 1024, /* bytes that are kept from one entry to the next */
    LARGE_TEXT = 1024 * 1024  /* bytes of a string whose escapes are resolved where it stands */
};

/* The parts of a body as they stand in postData and content. */
struct har_body {
    struct slice raw; /* of its text, as it stands in the entry; SLICE_NONE when there is none */
    bool slashed;     /* `raw` holds escapes */
    struct slice text, type, encoding;
    struct pair_list params;
};

/* What is read from an object: its members by their names, and the keys that the last such object
 * had, in their order. */
enum { SHAPE_KEYS = 16 };
struct shape {
    const char *const *names;
    struct json_hint keys[SHAPE_KEYS];
};

enum {
    SHAPE_ENTRY,
    SHAPE_REQUEST,
    SHAPE_RESPONSE,
    SHAPE_POSTED,
    SHAPE_CONTENT,
    SHAPE_PAIR,
    SHAPES
};

struct har_entry {
    struct arena arena;
    struct json_scan scan;
    struct shape shapes[SHAPES];
    struct pair_list request_headers, response_headers;
    struct har_body posted, content;
};

/* --- members ---------------------------------------------------------------------------------- */

/* What next_member gives: the place in the names below, or one of these. */
enum { MEMBER_OTHER = -1, MEMBER_NONE = -2 };

enum { ENTRY_TIME, ENTRY_DURATION, ENTRY_REQUEST, ENTRY_RESPONSE, ENTRY_ERROR, ENTRY_FAILURE };
enum { REQUEST_METHOD, REQUEST_URL, REQUEST_HEADERS, REQUEST_BODY };
enum { RESPONSE_STATUS, RESPONSE_HEADERS, RESPONSE_BODY, RESPONSE_ERROR, RESPONSE_FAILURE };
enum { BODY_TEXT, BODY_TYPE, BODY_ENCODING, BODY_PARAMS };
enum { PAIR_NAME, PAIR_VALUE };

/* Chrome has `_error`, Playwright `_failureText`. */
static const char *const entry_names[] = {"startedDateTime", "time",         "request", "response",
                                          "_error",          "_failureText", NULL};
static const char *const request_names[] = {"method", "url", "headers", "postData", NULL};
static const char *const response_names[] = {"status", "headers",      "content",
                                             "_error", "_failureText", NULL};
static const char *const body_names[] = {"text", "mimeType", "encoding", "params", NULL};
static const char *const pair_names[] = {"name", "value", NULL};

static const char *const *const names_of[SHAPES] = {
    [SHAPE_ENTRY] = entry_names, [SHAPE_REQUEST] = request_names, [SHAPE_RESPONSE] = response_names,
    [SHAPE_POSTED] = body_names, [SHAPE_CONTENT] = body_names,    [SHAPE_PAIR] = pair_names};

struct har_entry *har_entry_new(void)
{
    struct har_entry *entry = xcalloc(1, sizeof *entry);
    for (unsigned i = 0; i < SHAPES; i++)
        entry->shapes[i].names = names_of[i];
    return entry;
}

void har_entry_free(struct har_entry *entry)
{
    if (!entry)
        return;
    arena_free(&entry->arena);
    pair_list_free(&entry->request_headers);
    pair_list_free(&entry->response_headers);
    pair_list_free(&entry->posted.params);
    pair_list_free(&entry->content.params);
    free(entry);
}

/* --- walking ---------------------------------------------------------------------------------- */

/* What is not JSON ends every loop below: the scan stays there, and says so when it is asked. */
static inline enum json_token next(struct har_entry *e)
{
    return json_next(&e->scan);
}

static inline void skip(struct har_entry *e, enum json_token token)
{
    if (token == JSON_OBJECT || token == JSON_ARRAY)
        json_skip(&e->scan, token, NULL);
}

/* Reads a key that is not the one that was there in the last such object, which it becomes. */
static int new_member(struct har_entry *e, const struct shape *shape, struct json_hint *hint)
{
    size_t at = e->scan.at;
    enum json_wants wants = e->scan.wants;
    if (json_close_object(&e->scan) || !json_next_key(&e->scan))
        return MEMBER_NONE;
    struct slice key = json_token_text(&e->scan, &e->arena);
    int member = 0;
    while (shape->names[member] && !slice_is(key, shape->names[member]))
        member++;
    if (!shape->names[member])
        member = MEMBER_OTHER;
    json_keep_hint(hint, &e->scan, at, wants);
    hint->meaning = member;
    return member;
}

/* Takes the next key of an object; MEMBER_NONE at its end. `*hint` is the shape's for that key, at
 * first its first one; objects of very many keys share the last. */
static inline int next_member(struct har_entry *e, unsigned shape, struct json_hint **hint)
{
    struct json_hint *now = *hint;
    if (now < &e->shapes[shape].keys[SHAPE_KEYS - 1])
        ++*hint;
    return json_take_hinted(&e->scan, now) ? now->meaning : new_member(e, &e->shapes[shape], now);
}

/* Takes the next item of an array; false at its end. */
static bool next_item(struct har_entry *e, enum json_token *token)
{
    *token = json_next_level(&e->scan);
    return *token != JSON_ARRAY_END && *token != JSON_BAD && *token != JSON_END;
}

/* Opens the object that stands next; another value is passed over. */
static bool open_object(struct har_entry *e)
{
    enum json_token token = json_next_level(&e->scan);
    if (token != JSON_OBJECT)
        skip(e, token);
    return token == JSON_OBJECT;
}

static struct slice token_text(struct har_entry *e, enum json_token token)
{
    if (token == JSON_STRING)
        return json_token_text(&e->scan, &e->arena);
    if (token == JSON_NUMBER)
        return e->scan.raw;
    skip(e, token);
    return SLICE_NONE;
}

/* The string or number that stands next, else SLICE_NONE. */
static struct slice take_text(struct har_entry *e)
{
    return token_text(e, json_next_value(&e->scan));
}

/* --- headers and parameters ------------------------------------------------------------------- */

static void take_named_pair(struct har_entry *e, struct pair_list *list)
{
    struct slice name = SLICE_NONE, value = SLICE_NONE;
    struct json_hint *hint = e->shapes[SHAPE_PAIR].keys;
    int member;
    while ((member = next_member(e, SHAPE_PAIR, &hint)) != MEMBER_NONE) {
        if (member == PAIR_NAME)
            name = take_text(e);
        else if (member == PAIR_VALUE)
            value = take_text(e);
        else
            json_skip_value(&e->scan);
    }
    pair_list_add(list, name, value);
}

/* ["name", "value"], as Slack writes them. */
static void take_bare_pair(struct har_entry *e, struct pair_list *list)
{
    struct slice parts[2] = {SLICE_NONE, SLICE_NONE};
    enum json_token token;
    for (size_t i = 0; next_item(e, &token); i++) {
        struct slice text = token_text(e, token);
        if (i < 2)
            parts[i] = text;
    }
    pair_list_add(list, parts[0], parts[1]);
}

static void take_pairs(struct har_entry *e, struct pair_list *list)
{
    list->count = 0;
    enum json_token token = json_next_level(&e->scan);
    if (token != JSON_ARRAY) {
        skip(e, token);
        return;
    }
    while (next_item(e, &token)) {
        if (token == JSON_OBJECT)
            take_named_pair(e, list);
        else if (token == JSON_ARRAY)
            take_bare_pair(e, list);
    }
}

/* --- bodies ----------------------------------------------------------------------------------- */

/* Notes where the text of the body stands: it is made only for entries that are handed out. */
static void take_body_text(struct har_entry *e, struct har_body *body)
{
    enum json_token token = json_next_value(&e->scan);
    bool text = token == JSON_STRING || token == JSON_NUMBER;
    body->raw = text ? e->scan.raw : SLICE_NONE;
    body->slashed = token == JSON_STRING && e->scan.slashed;
    if (!text)
        skip(e, token);
}

static void take_body(struct har_entry *e, unsigned shape, struct har_body *body)
{
    struct json_hint *hint = e->shapes[shape].keys;
    int member;
    if (!open_object(e))
        return;
    while ((member = next_member(e, shape, &hint)) != MEMBER_NONE) {
        if (member == BODY_TEXT)
            take_body_text(e, body);
        else if (member == BODY_TYPE)
            body->type = take_text(e);
        else if (member == BODY_ENCODING)
            body->encoding = take_text(e);
        else if (member == BODY_PARAMS)
            take_pairs(e, &body->params);
        else
            json_skip_value(&e->scan);
    }
}

static struct slice make_text(struct har_entry *e, const struct har_body *body)
{
    if (!body->slashed)
        return json_unquoted(body->raw);
    return body->raw.len > LARGE_TEXT ? json_text_over(body->raw) : json_text(&e->arena, body->raw);
}

static void add_form_part(struct buf *out, struct slice part)
{
    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     strchr("-._~*", c);
        if (plain && c)
            buf_add_byte(out, (char)c);
        else if (c == ' ')
            buf_add_byte(out, '+');
        else
            buf_add_format(out, "%%%02X", (unsigned)c);
    }
}

/* A form whose text the exporter left out, written from its fields. Fields of multipart forms have
 * lost their boundaries, so they become a plain form too. */
static void make_form(struct har_entry *e, struct har_body *body)
{
    struct buf text;
    buf_init(&text, RECORD_SIZE_LIMIT);
    for (size_t i = 0; i < body->params.count; i++) {
        if (i)
            buf_add_byte(&text, '&');
        add_form_part(&text, body->params.at[i].name);
        buf_add_byte(&text, '=');
        add_form_part(&text, body->params.at[i].value);
    }
    body->text = arena_copy(&e->arena, buf_slice(&text));
    body->type = SLICE("application/x-www-form-urlencoded");
    buf_free(&text);
}

static struct body finish_body(struct har_entry *e, struct har_body *body)
{
    body->text = make_text(e, body);
    if (slice_is_none(body->text) && body->params.count)
        make_form(e, body);
    struct body out = {.text = body->text, .type = body->type, .size = body->text.len};
    if (!slice_is_none(out.text) && slice_is_fold(body->encoding, "base64"))
        http_body_finish_base64(&out, body->text, body->type, SLICE_NONE, &e->arena);
    return out;
}

/* --- the exchange ----------------------------------------------------------------------------- */

/* Milliseconds, possibly with a fraction, as microseconds; -1 for what is none. */
static int64_t duration_of(struct slice text)
{
    int64_t value = 0;
    int decimals = -1; /* digits seen behind the point */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '.' && decimals < 0) {
            decimals = 0;
        } else if (c < '0' || c > '9' || value > INT64_MAX / 100000) {
            return -1;
        } else if (decimals < 3) {
            value = value * 10 + (c - '0');
            decimals += decimals >= 0;
        }
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 3; i++)
        value *= 10;
    return text.len ? value : -1;
}

static void take_error(struct har_entry *e, struct record_http *http)
{
    struct slice text = take_text(e);
    if (text.len)
        http->error = text;
}

static void take_request(struct har_entry *e, struct record_http *http)
{
    struct json_hint *hint = e->shapes[SHAPE_REQUEST].keys;
    int member;
    if (!open_object(e))
        return;
    while ((member = next_member(e, SHAPE_REQUEST, &hint)) != MEMBER_NONE) {
        if (member == REQUEST_METHOD)
            http->method = take_text(e);
        else if (member == REQUEST_URL)
            http->url = take_text(e);
        else if (member == REQUEST_HEADERS)
            take_pairs(e, &e->request_headers);
        else if (member == REQUEST_BODY)
            take_body(e, SHAPE_POSTED, &e->posted);
        else
            json_skip_value(&e->scan);
    }
}

static void take_status(struct har_entry *e, struct record_http *http)
{
    int64_t status = 0;
    if (json_to_int64(take_text(e), &status) && status >= 100 && status <= 599)
        http->status = (int)status;
}

static void take_response(struct har_entry *e, struct record_http *http)
{
    struct json_hint *hint = e->shapes[SHAPE_RESPONSE].keys;
    int member;
    if (!open_object(e))
        return;
    while ((member = next_member(e, SHAPE_RESPONSE, &hint)) != MEMBER_NONE) {
        if (member == RESPONSE_STATUS)
            take_status(e, http);
        else if (member == RESPONSE_HEADERS)
            take_pairs(e, &e->response_headers);
        else if (member == RESPONSE_BODY)
            take_body(e, SHAPE_CONTENT, &e->content);
        else if (member == RESPONSE_ERROR || member == RESPONSE_FAILURE)
            take_error(e, http);
        else
            json_skip_value(&e->scan);
    }
}

static void take_entry(struct har_entry *e, struct record *out)
{
    struct json_hint *hint = e->shapes[SHAPE_ENTRY].keys;
    int member;
    while ((member = next_member(e, SHAPE_ENTRY, &hint)) != MEMBER_NONE) {
        if (member == ENTRY_TIME)
            out->time_text = take_text(e);
        else if (member == ENTRY_DURATION)
            out->http.duration_us = duration_of(take_text(e));
        else if (member == ENTRY_REQUEST)
            take_request(e, &out->http);
        else if (member == ENTRY_RESPONSE)
            take_response(e, &out->http);
        else if (member == ENTRY_ERROR || member == ENTRY_FAILURE)
            take_error(e, &out->http);
        else
            json_skip_value(&e->scan);
    }
}

static void reset(struct har_entry *e, struct slice text)
{
    if (e->arena.held > ARENA_KEPT)
        arena_free(&e->arena);
    else
        arena_reset(&e->arena);
    json_scan_init(&e->scan, text);
    e->request_headers.count = e->response_headers.count = 0;
    e->posted = (struct har_body){.params = e->posted.params};
    e->content = (struct har_body){.params = e->content.params};
    e->posted.params.count = e->content.params.count = 0;
}

static struct message make_message(struct har_entry *e, const struct pair_list *headers,
                                   struct har_body *body)
{
    return (struct message){.headers = headers->at,
                            .header_count = headers->count,
                            .headers_known = headers->count > 0,
                            .body = finish_body(e, body)};
}

/* The object of the entry, all but what is made of its bodies. */
static enum har_outcome scan_entry(struct har_entry *e, struct record *out, struct fault *why)
{
    enum json_token token = next(e);
    if (token == JSON_OBJECT)
        take_entry(e, out);
    if (e->scan.depth == 0 && token == JSON_OBJECT && e->scan.at <= RECORD_SIZE_LIMIT)
        return HAR_ENTRY;
    if (e->scan.cut)
        return HAR_CUT;
    if (e->scan.depth == 0 && token == JSON_OBJECT)
        fault_set(why, FAULT_LIMIT, "an entry is larger than 64 MiB");
    else if (e->scan.depth == JSON_DEPTH)
        fault_set(why, FAULT_LIMIT, "an entry is nested too deep (over 64 levels)");
    else
        fault_set(why, FAULT_FORMAT, "an entry is not valid JSON");
    return HAR_BROKEN;
}

enum har_outcome har_entry_read(struct har_entry *entry, struct slice text, size_t *size,
                                struct record *out, struct fault *why)
{
    reset(entry, text);
    *out = (struct record){.kind = KIND_HTTP, .time_us = TIME_NONE};
    out->http.duration_us = -1;
    enum har_outcome outcome = scan_entry(entry, out, why);
    *size = entry->scan.at;
    if (outcome == HAR_ENTRY && out->http.url.len == 0) {
        fault_set(why, FAULT_MISSING, "an entry has no request with a URL");
        outcome = HAR_OTHER;
    }
    if (outcome != HAR_ENTRY)
        return outcome;
    bool zoned = false;
    if (!slice_is_none(out->time_text) && time_parse(out->time_text, &out->time_us, &zoned))
        out->zone_assumed = !zoned;
    else
        out->time_us = TIME_NONE;
    out->http.request = make_message(entry, &entry->request_headers, &entry->posted);
    out->http.response = make_message(entry, &entry->response_headers, &entry->content);
    return HAR_ENTRY;
}
