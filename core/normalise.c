/* Knows which exchanges are SCIM calls and how a redacted record becomes an entry; see normalise.h.
 * What the record means is asked of core/explain: facts and class (rulebook), user (whose). */
#include "core/normalise.h"

#include "core/explain/facts.h"
#include "core/explain/whose.h"

/* --- which exchanges are SCIM calls ------------------------------------------------------------
 */

static const char *const scim_endpoints[] = {
    "Users",   "Groups",     "Bulk", "Me", "Schemas", "ResourceTypes", "ServiceProviderConfig",
    ".search", "bulkUpload", NULL};

static bool path_has_segment(struct slice path, const char *const *names, struct arena *arena)
{
    struct slice segment;
    while (slice_cut(&path, '/', &segment)) {
        struct slice plain = url_decode(segment, false, arena);
        for (const char *const *name = names; *name; name++)
            if (slice_is_fold(plain, *name))
                return true;
    }
    return false;
}

/* Whether a media type is application/scim+json, whatever its parameters. */
static bool is_scim_type(struct slice type)
{
    return slice_is_fold(slice_trim(slice_first(type, slice_find_byte(type, ';'))),
                         "application/scim+json");
}

static bool message_is_scim_type(const struct message *message)
{
    return is_scim_type(message->body.type) ||
           is_scim_type(message_header(message, "Content-Type"));
}

static bool body_is_scim(const struct body *body)
{
    return !body->binary && slice_find_fold(body->text, SLICE("urn:ietf:params:scim:")) != SIZE_MAX;
}

/* A browser's question whether it may call; an OPTIONS whose headers are not known is taken for
 * one, since nothing else asks SCIM servers this way. */
static bool is_preflight(const struct record_http *http)
{
    return slice_is_fold(http->method, "OPTIONS") &&
           (!http->request.headers_known ||
            message_header(&http->request, "Access-Control-Request-Method").at ||
            message_header(&http->request, "Origin").at);
}

bool normalise_is_scim(const struct record *record)
{
    static const char *const scim[] = {"scim", NULL};
    if (record->kind != KIND_HTTP || is_preflight(&record->http))
        return false;
    const struct record_http *http = &record->http;
    struct arena arena;
    arena_init(&arena);
    struct slice path = url_split(http->url, &arena).path;
    bool yes =
        path_has_segment(path, scim, &arena) || message_is_scim_type(&http->response) ||
        body_is_scim(&http->request.body) || body_is_scim(&http->response.body) ||
        (message_is_scim_type(&http->request) && (slice_is_fold(http->method, "CONNECT") ||
                                                  path_has_segment(path, scim_endpoints, &arena)));
    arena_free(&arena);
    return yes;
}

/* --- entries -----------------------------------------------------------------------------------
 */

static struct slice upper_case(struct slice text, struct arena *arena)
{
    if (slice_is_none(text))
        return text;
    char *copy = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        copy[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    copy[text.len] = '\0';
    return slice_make(copy, text.len);
}

/* The id by which client and server name one call: what support asks for first. The server's word
 * goes before the client's. */
static struct slice request_id_of(const struct record_http *http)
{
    static const char *const names[] = {"x-request-id",      "request-id",
                                        "client-request-id", "x-ms-request-id",
                                        "x-correlation-id",  "correlation-id",
                                        "x-amzn-requestid",  "x-amz-request-id",
                                        "x-trace-id",        NULL};
    const struct message *const messages[] = {&http->response, &http->request};
    for (size_t m = 0; m < 2; m++)
        for (const char *const *name = names; *name; name++) {
            struct slice id = slice_trim(message_header(messages[m], *name));
            if (id.len)
                return id;
        }
    return SLICE_NONE;
}

static void fill_event(struct entry *out, const struct rulebook *book,
                       const struct record_event *event, struct arena *arena)
{
    out->level = event->level;
    out->event_id = event->event_id;
    out->record_id = event->record_id;
    out->provider = event->provider;
    out->computer = event->computer;
    out->channel = event->channel;
    out->user = whose_event(event, rulebook_user_keys(book), arena);
}

static void fill_http(struct entry *out, const struct record_http *http, int bulk,
                      struct arena *arena)
{
    struct url_parts url = url_split(http->url, arena);
    out->method = upper_case(http->method, arena);
    out->url = http->url;
    out->host = url.host;
    out->path = url.path;
    out->query = url.query;
    out->status = http->status;
    out->duration_us = http->duration_us;
    out->request_id = request_id_of(http);
    struct whose whose;
    whose_call(&whose, http, bulk, arena);
    out->user = whose.user;
}

static void fill_provisioning(struct entry *out, const struct record_provisioning *item,
                              struct arena *arena)
{
    out->method = upper_case(item->action, arena);
    out->host = item->target_system;
    out->user = item->target_user.len ? item->target_user : item->source_user;
    if (!out->user.len)
        out->user = SLICE_NONE;
    out->request_id = item->change_id.len ? item->change_id : item->item_id;
    out->duration_us = item->duration_us;
}

/* What a class says, and what the error object that was read says. Success has no error text,
 * whatever words its body holds. */
static void fill_outcome(struct entry *out, const struct rulebook *book, const struct facts *facts)
{
    struct verdict verdict;
    rulebook_classify(book, facts, &verdict);
    const struct rule *rule = verdict.rule;
    out->class_id = rule->id;
    out->category = rule->category;
    out->vendor = rule->vendor;
    out->failure = rule_is_failure(rule);
    out->success = rule_is_success(rule);
    if (out->kind != KIND_HTTP || out->bulk_operation > 0)
        out->status = facts->status;
    if (out->success)
        return;
    if (out->kind == KIND_PROVISIONING) { /* it names its error itself */
        out->detail = facts->record->provisioning.reason;
        out->code = facts->record->provisioning.code;
        out->scim_type = facts->error.scim_type;
        return;
    }
    if (!facts->error.found)
        return;
    out->detail = facts->error.detail;
    out->scim_type = facts->error.scim_type;
    if (facts->error.code_count)
        out->code = facts->error.codes[0];
}

void normalise_record(struct entry *out, const struct rulebook *book, const struct record *record,
                      int bulk, bool with_class, struct arena *arena)
{
    *out = (struct entry){.time_us = record->time_us,
                          .kind = record->kind,
                          .position = (int64_t)record->position,
                          .sequence = record->backwards ? -(int64_t)record->position
                                                        : (int64_t)record->position,
                          .bulk_operation = bulk,
                          .event_id = -1,
                          .record_id = -1,
                          .duration_us = -1};
    if (record->kind == KIND_EVENT)
        fill_event(out, book, &record->event, arena);
    else if (record->kind == KIND_HTTP)
        fill_http(out, &record->http, bulk, arena);
    else
        fill_provisioning(out, &record->provisioning, arena);
    out->user_how = out->user.at ? USER_STATED : USER_NONE;
    if (!with_class)
        return;
    struct facts facts;
    facts_of_record(&facts, book, record, bulk, arena);
    if (rulebook_has_class(&facts))
        fill_outcome(out, book, &facts);
}
