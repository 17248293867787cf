/* Knows how to say why an alternative of a class holds: each of its conditions beside what met it.
 * Decides nothing; match.c does. */
#include "core/explain/pack.h"

struct reasons {
    struct reason *out;
    size_t count;
    const struct facts *facts;
    struct arena *arena;
    struct matcher matcher;
};

static void add(struct reasons *r, const char *condition, struct slice asked, struct slice met)
{
    if (r->count < REASONS_LIMIT)
        r->out[r->count++] = (struct reason){condition, asked, met};
}

static struct slice number(struct reasons *r, int64_t value)
{
    return arena_format(r->arena, "%lld", (long long)value);
}

static void add_ints(struct reasons *r, const char *condition, const struct int_list *list,
                     int64_t met, bool known)
{
    struct buf asked;
    if (list->count == 0)
        return;
    buf_init(&asked, 4096);
    for (size_t i = 0; i < list->count; i++)
        buf_add_format(&asked, "%s%lld", i ? ", " : "", (long long)list->items[i]);
    add(r, condition, arena_copy(r->arena, buf_slice(&asked)),
        known ? number(r, met) : SLICE("not known, which does not contradict"));
    buf_free(&asked);
}

static void add_texts(struct reasons *r, const char *condition, const struct text_list *list,
                      struct slice met)
{
    struct buf asked;
    if (list->count == 0)
        return;
    buf_init(&asked, 4096);
    for (size_t i = 0; i < list->count; i++) {
        buf_add_text(&asked, i ? ", " : "");
        buf_add(&asked, list->items[i]);
    }
    add(r, condition, arena_copy(r->arena, buf_slice(&asked)),
        slice_is_none(met) ? SLICE("not known, which does not contradict") : met);
    buf_free(&asked);
}

static void add_pattern(struct reasons *r, const char *condition, const struct pattern *pattern,
                        struct slice text)
{
    if (pattern->code)
        add(r, condition, pattern->source, text);
}

static void add_patterns(struct reasons *r, const struct alternative *a)
{
    const struct facts *facts = r->facts;
    for (size_t i = 0; i < a->detail.count; i++)
        if (pattern_found(&a->detail.items[i], facts->detail, &r->matcher)) {
            add_pattern(r, "detail_re", &a->detail.items[i], facts->detail);
            break;
        }
    for (size_t i = 0; i < a->detail_not.count; i++)
        add(r, "detail_not_re", a->detail_not.items[i].source, SLICE("not found"));
    add_pattern(r, "path_re", &a->path, facts->path);
    add_pattern(r, "host_re", &a->host, facts->host);
    add_pattern(r, "query_re", &a->query, facts->query);
}

static void add_headers(struct reasons *r, const char *condition,
                        const struct header_condition *headers, size_t count,
                        const struct message *message)
{
    for (size_t i = 0; i < count; i++) {
        struct slice value = message_header(message, headers[i].name.at);
        const char *how = headers[i].how == HEADER_ABSENT  ? "absent"
                          : headers[i].how == HEADER_LACKS ? "absent, or without "
                                                           : "";
        add(r, condition,
            arena_format(r->arena, "%.*s: %s%.*s", (int)headers[i].name.len, headers[i].name.at,
                         how, (int)headers[i].pattern.source.len,
                         headers[i].pattern.source.at ? headers[i].pattern.source.at : ""),
            slice_is_none(value) ? SLICE("absent") : value);
    }
}

static void add_claims(struct reasons *r, const struct alternative *a)
{
    static const char *const names[] = {"alg", "kid", "iss",   "aud", "appid", "tid",
                                        "sub", "scp", "roles", "iat", "exp",   "nbf"};
    static const char *const tests[] = {"present", "absent", "before the call", "after the call"};
    for (size_t i = 0; i < a->claim_count; i++)
        add(r, "req_jwt",
            arena_format(r->arena, "%s %s", names[a->claims[i].claim], tests[a->claims[i].how]),
            SLICE("so it is in the token that was sent"));
}

static void add_gate(struct reasons *r, const struct rulebook *book, const struct alternative *a)
{
    static const char *const names[] = {
        [GATE_NONE] = NULL,
        [GATE_SOFT] = "soft: no other vendor shows",
        [GATE_HOME_ONLY] = "home-only: no other vendor and no foreign host shows",
        [GATE_STRONG] = "strong: the vendor shows",
        [GATE_ENTRA_OR_NONE] = "entra-or-none: no vendor but Entra shows",
        [GATE_ENTRA_PROV] = "entra-prov: Entra's provisioning shows",
    };
    struct buf met;
    if (!names[a->gate])
        return;
    buf_init(&met, 4096);
    for (size_t i = 0; i < book->vendor_count; i++)
        if (r->facts->vendors & (UINT64_C(1) << i)) {
            buf_add_text(&met, met.len ? ", " : "evidence for ");
            buf_add(&met, book->vendors[i].name);
        }
    add(r, "gate", slice_of(names[a->gate]),
        met.len                    ? arena_copy(r->arena, buf_slice(&met))
        : r->facts->error.labelled ? SLICE("a provisioning label")
                                   : SLICE("no evidence for any vendor"));
    buf_free(&met);
}

static struct slice code_met(const struct reasons *r, const struct alternative *a)
{
    for (size_t i = 0; i < r->facts->error.code_count; i++)
        for (size_t j = 0; j < a->codes.count; j++)
            if (slice_equal_fold(a->codes.items[j], r->facts->error.codes[i]))
                return r->facts->error.codes[i];
    return SLICE_NONE;
}

static void add_alternative(struct reasons *r, const struct rulebook *book,
                            const struct alternative *a)
{
    const struct facts *facts = r->facts;
    add_ints(r, "event_id", &a->event_ids, facts->event_id, facts->event_id >= 0);
    add_ints(r, "status", &a->status, facts->status, facts->status || facts->record);
    add_ints(r, "status_range", &a->status_range, facts->status, true);
    if (a->no_http)
        add(r, "no_http", SLICE("no HTTP status"), SLICE("there is none"));
    add_texts(r, "scimType", &a->scim_types,
              facts->error.scim_type.len ? facts->error.scim_type : SLICE_NONE);
    add_texts(r, "code", &a->codes, code_met(r, a));
    add_texts(r, "method", &a->methods, facts->method);
    add_patterns(r, a);
    if (facts->record && facts->record->kind == KIND_HTTP) {
        add_headers(r, "req_header", a->request_headers, a->request_header_count,
                    &facts->record->http.request);
        add_headers(r, "resp_header", a->response_headers, a->response_header_count,
                    &facts->record->http.response);
    }
    add_claims(r, a);
    if (a->detector)
        add(r, "detector", slice_of(detector_names[a->detector]), SLICE("sees its case"));
    add_gate(r, book, a);
    if (r->count == 0)
        add(r, "gate", SLICE("none"), SLICE("asks for nothing"));
}

size_t rulebook_reasons(const struct rulebook *book, const struct verdict *verdict,
                        const struct facts *facts, struct arena *arena,
                        struct reason out[REASONS_LIMIT])
{
    struct reasons r = {.out = out, .facts = facts, .arena = arena};
    matcher_init(&r.matcher);
    if (verdict->alternative)
        add_alternative(&r, book, verdict->alternative);
    else if (verdict->rule == book->success)
        add(&r, "status", SLICE("200-299 and no HTML"), number(&r, facts->status));
    else
        add(&r, "no alternative", SLICE("every condition of one of them"),
            facts->detail.len ? facts->detail : SLICE("no error text"));
    matcher_release(&r.matcher);
    return r.count;
}

size_t verdict_alternative(const struct verdict *verdict)
{
    return verdict->alternative ? (size_t)(verdict->alternative - verdict->rule->match) + 1 : 0;
}
