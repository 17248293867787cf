/* Knows which facts of a record, a failed bulk operation or a pasted text classification needs and
 * how they are taken; see facts.h. Knows no rule. */
#include "core/explain/facts.h"

#include "core/explain/paste.h"
#include "core/explain/pattern.h"
#include "core/explain/rulebook.h"
#include "core/explain/scim.h"

enum { BODY_AS_DETAIL = 600 /* longer ones are no message */ };

/* White space runs become one blank; cut to what patterns search. */
static struct slice collapse(struct slice text, struct arena *arena)
{
    text = slice_trim(text);
    char *out = arena_alloc(arena, (text.len < PATTERN_SUBJECT ? text.len : PATTERN_SUBJECT) + 1);
    size_t len = 0;
    bool blank = false;
    for (size_t i = 0; i < text.len && len < PATTERN_SUBJECT; i++) {
        char c = text.at[i];
        bool is_blank = c == ' ' || (c >= '\t' && c <= '\r');
        if (!is_blank || !blank)
            out[len++] = is_blank ? ' ' : c;
        blank = is_blank;
    }
    return slice_make(out, len);
}

static bool is_html(const struct message *response)
{
    struct slice type = message_header(response, "content-type");
    if (slice_is_none(type))
        type = response->body.type;
    if (slice_find_fold(type, SLICE("html")) != SIZE_MAX)
        return true;
    struct slice body = slice_trim(slice_first(response->body.text, 1024));
    return slice_starts_fold(body, "<!doctype html") || slice_starts_fold(body, "<html");
}

/* --- bulk responses --------------------------------------------------------------------------- */

struct failures {
    int count;
};

static bool count_failure(void *self, const struct scim_operation *operation)
{
    struct failures *failures = self;
    failures->count += scim_operation_failed(operation);
    return failures->count < SCIM_OPERATIONS_LIMIT;
}

int facts_bulk_failures(const struct record *record, struct arena *arena)
{
    struct failures failures = {0};
    if (record->kind != KIND_HTTP ||
        slice_find(record->http.response.body.text, SLICE("BulkResponse")) == SIZE_MAX)
        return 0;
    scim_each_operation(record->http.response.body.text, arena, count_failure, &failures);
    return failures.count;
}

/* --- records ---------------------------------------------------------------------------------- */

static struct slice upper(struct slice text, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len + 1);
    bool changed = false;
    for (size_t i = 0; i < text.len; i++) {
        bool lower = text.at[i] >= 'a' && text.at[i] <= 'z';
        out[i] = (char)(lower ? text.at[i] - 32 : text.at[i]);
        changed = changed || lower;
    }
    return changed ? slice_make(out, text.len) : text;
}

static void begin(struct facts *out, const struct record *record)
{
    *out = (struct facts){.record = record, .event_id = -1, .time_us = TIME_NONE};
    if (record)
        out->time_us = record->time_us;
    out->jwt.iat = out->jwt.exp = out->jwt.nbf = INT64_MIN;
}

/* What detail patterns search, and the evidence for vendors: the last step for all but successes.
 */
static void finish(struct facts *out, const struct rulebook *book, struct slice body,
                   struct arena *arena)
{
    struct slice detail = out->error.detail;
    if (slice_is_none(detail) && slice_is_none(body))
        detail = out->text;
    else if (slice_is_none(detail) && body.len < BODY_AS_DETAIL &&
             !slice_starts(slice_trim(body), "<"))
        detail = body;
    out->detail = collapse(detail, arena);
    out->vendors = rulebook_vendors(book, out);
}

static void of_exchange(struct facts *out, const struct rulebook *book, struct arena *arena)
{
    const struct record_http *http = &out->record->http;
    struct url_parts url = url_split(http->url, arena);
    out->method = upper(http->method, arena);
    out->host = url.host;
    out->path = url.path;
    out->query = url.query;
    out->status = http->status;
    out->http_answered = http->status != 0;
    out->text = http->error;
    out->html = is_html(&http->response);
    struct slice body = http->response.body.text, source = body;
    struct scim_operation answer, asked;
    if (out->bulk_operation &&
        scim_failed_operation(http, out->bulk_operation, arena, &answer, &asked)) {
        source = slice_is_none(answer.response) ? answer.whole : answer.response;
        out->status = answer.status;
        out->html = false;
        if (!slice_is_none(answer.method))
            out->method = upper(answer.method, arena);
        if (!slice_is_none(asked.path))
            out->path = asked.path;
    }
    if (out->status >= 200 && out->status < 300 && !out->html)
        return; /* a success, whatever words its body contains */
    error_extract(&out->error, slice_is_none(source) ? out->text : source, arena);
    out->jwt = redact_jwt_facts(message_header(&http->request, "authorization"), arena);
    finish(out, book, body, arena);
}

/* Whether an event's text can hold an error object at all: asked of every event. */
static bool may_hold_error(struct slice text)
{
    if (memchr(text.at, '"', text.len) == NULL && slice_find(text, SLICE("&#")) == SIZE_MAX &&
        slice_find(text, SLICE("&quot;")) == SIZE_MAX)
        return slice_find(text, SLICE("SystemForCrossDomain")) != SIZE_MAX;
    return slice_find_fold(text, SLICE("detail")) != SIZE_MAX ||
           slice_find_fold(text, SLICE("scim")) != SIZE_MAX ||
           slice_find_fold(text, SLICE("error")) != SIZE_MAX ||
           slice_find(text, SLICE("SystemForCrossDomain")) != SIZE_MAX;
}

static void of_event(struct facts *out, const struct rulebook *book, struct arena *arena)
{
    const struct record_event *event = &out->record->event;
    out->event_id = event->event_id;
    out->text = record_event_text(event, arena);
    if (out->text.len == 0 || !may_hold_error(out->text))
        return;
    error_extract(&out->error, out->text, arena);
    out->status = out->error.status;
    if (out->error.certain)
        finish(out, book, SLICE_NONE, arena);
}

/* Codes stand with the application's name before them ("ContosoEntryConflict"); the code that packs
 * know goes before the others. */
static void name_code(struct error_object *error, struct slice known, struct arena *arena)
{
    size_t limit = sizeof error->codes / sizeof *error->codes;
    if (slice_is_none(known))
        return;
    if (error->code_count < limit)
        error->code_count++;
    for (size_t i = error->code_count - 1; i > 0; i--)
        error->codes[i] = error->codes[i - 1];
    error->codes[0] = arena_copy(arena, known);
    error->found = true;
}

/* The sentence is searched as a pasted message is: it often quotes the target's own answer. */
static void of_provisioning(struct facts *out, const struct rulebook *book, struct arena *arena)
{
    const struct record_provisioning *item = &out->record->provisioning;
    out->method = upper(item->action, arena);
    if (slice_is_fold(slice_trim(item->status), "success")) {
        out->succeeded = true;
        return;
    }
    struct slice parts[] = {item->reason, item->details};
    struct buf text;
    buf_init(&text, RECORD_SIZE_LIMIT);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_add(&text, parts[i]);
        buf_add_byte(&text, '\n');
    }
    out->text = arena_copy(arena, slice_trim(buf_slice(&text)));
    buf_free(&text);
    error_extract(&out->error, out->text, arena);
    out->status = out->error.status;
    out->error.labelled = true;
    name_code(&out->error, item->code.len ? slice_trim(item->code) : SLICE_NONE, arena);
    name_code(&out->error, rulebook_code_within(book, item->code), arena);
    finish(out, book, SLICE_NONE, arena);
}

void facts_of_record(struct facts *out, const struct rulebook *book, const struct record *record,
                     int bulk, struct arena *arena)
{
    begin(out, record);
    out->bulk_operation = bulk;
    if (record->kind == KIND_HTTP)
        of_exchange(out, book, arena);
    else if (record->kind == KIND_EVENT)
        of_event(out, book, arena);
    else
        of_provisioning(out, book, arena);
}

/* --- pasted text ------------------------------------------------------------------------------ */

/* `Event ID: 12808`, `<EventID Qualifiers='0'>12808`, in English and Japanese; -1 when not there.
 */
static int64_t named_event_id(struct slice text)
{
    static const char *const labels[] = {"event id", "eventid",
                                         "\xe3\x82\xa4\xe3\x83\x99\xe3\x83\xb3"
                                         "\xe3\x83\x88 id",
                                         "\xe3\x82\xa4\xe3\x83\x99\xe3\x83\xb3"
                                         "\xe3\x83\x88id"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        size_t hit = slice_find_fold(text, slice_of(labels[i]));
        if (hit == SIZE_MAX)
            continue;
        struct slice rest = slice_first(slice_from(text, hit + strlen(labels[i])), 40);
        size_t close = slice_find_byte(rest, '>');
        if (close != SIZE_MAX && i < 2)
            rest = slice_from(rest, close + 1);
        size_t from = 0, to;
        while (from < rest.len && strchr(" \t\r\n:=\"'", rest.at[from]))
            from++;
        for (to = from; to < rest.len && rest.at[to] >= '0' && rest.at[to] <= '9';)
            to++;
        int64_t id;
        if (slice_to_int64(slice_first(slice_from(rest, from), to - from), &id) && id <= INT32_MAX)
            return id;
    }
    return -1;
}

void facts_of_text(struct facts *out, const struct rulebook *book, struct slice text,
                   struct arena *arena)
{
    struct record *exchange = arena_alloc(arena, sizeof *exchange);
    if (paste_exchange(exchange, text, arena)) {
        begin(out, exchange);
        of_exchange(out, book, arena);
        return;
    }
    begin(out, NULL);
    out->text = text;
    out->event_id = named_event_id(text);
    error_extract(&out->error, text, arena);
    out->status = out->error.status;
    out->jwt = redact_jwt_facts(text, arena);
    finish(out, book, SLICE_NONE, arena);
}
