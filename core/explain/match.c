/* Knows when an alternative of a class holds for an entry's facts, which vendors an entry shows,
 * and which class wins (catalogue semantics: all conditions of an alternative hold, lists are
 * alternatives, the highest specificity wins). Knows neither packs nor records' formats. */
#include "core/explain/shortlist.h"

/* No answer at all is a status of its own, written 0 in packs; events and texts without one are not
 * that: their status is unknown. */
static bool unanswered(const struct facts *facts)
{
    return facts->record && facts->record->kind == KIND_HTTP && !facts->http_answered &&
           facts->status == 0;
}

static bool int_in(const struct int_list *list, int64_t value)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == value)
            return true;
    return false;
}

static bool text_in(const struct text_list *list, struct slice text)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal_fold(list->items[i], text))
            return true;
    return false;
}

/* In the detail, whose possible patterns are known. */
static bool any_found(const struct pattern_list *list, const struct facts *facts,
                      const uint64_t *may, struct matcher *matcher)
{
    for (size_t i = 0; i < list->count; i++)
        if (prefilter_may(may, &list->items[i]) &&
            pattern_found(&list->items[i], facts->detail, matcher))
            return true;
    return false;
}

/* --- vendors ---------------------------------------------------------------------------------- */

/* What the host and the path of an entry may match. */
struct address {
    uint64_t host[PREFILTER_WORDS], path[PREFILTER_WORDS];
};

static bool shows_address(const struct vendor *vendor, const struct facts *facts,
                          const struct address *may, struct matcher *matcher)
{
    if (!vendor->host.code && !vendor->path.code)
        return false;
    if (facts->host.len == 0 && facts->path.len == 0)
        return false;
    return (!vendor->host.code || (prefilter_may(may->host, &vendor->host) &&
                                   pattern_found(&vendor->host, facts->host, matcher))) &&
           (!vendor->path.code || (prefilter_may(may->path, &vendor->path) &&
                                   pattern_found(&vendor->path, facts->path, matcher)));
}

static bool shows_vendor(const struct vendor *vendor, const struct facts *facts,
                         const struct address *may, struct matcher *matcher)
{
    const struct error_object *error = &facts->error;
    /* An event id alone proves nothing: other providers use the same numbers. */
    if (facts->event_id >= 0 && int_in(&vendor->event_ids, facts->event_id) &&
        (!slice_is_none(error->detail) || !slice_is_none(error->scim_type) || error->status))
        return true;
    if (shows_address(vendor, facts, may, matcher))
        return true;
    if (vendor->text.code && facts->text.len && pattern_found(&vendor->text, facts->text, matcher))
        return true;
    if (!facts->record || facts->record->kind != KIND_HTTP)
        return false;
    const struct record_http *http = &facts->record->http;
    if (vendor->header.len && !slice_is_none(message_header(&http->response, vendor->header.at)))
        return true;
    if (vendor->user_agent.code &&
        pattern_found(&vendor->user_agent, message_header(&http->request, "user-agent"), matcher))
        return true;
    return vendor->text.code && http->response.body.text.len &&
           pattern_found(&vendor->text, http->response.body.text, matcher);
}

bool rulebook_vendor_has_host(const struct rulebook *book, const char *vendor, struct slice host)
{
    int number = vendor_find(book, slice_of(vendor));
    struct matcher matcher;
    matcher_init(&matcher);
    bool has =
        number >= 0 && host.len && pattern_found(&book->vendors[number].host, host, &matcher);
    matcher_release(&matcher);
    return has;
}

uint64_t rulebook_vendors(const struct rulebook *book, const struct facts *facts)
{
    struct matcher matcher;
    struct address may;
    uint64_t bits = 0;
    matcher_init(&matcher);
    prefilter_scan(book->addresses, facts->host, may.host);
    prefilter_scan(book->addresses, facts->path, may.path);
    for (size_t i = 0; i < book->vendor_count; i++)
        if (shows_vendor(&book->vendors[i], facts, &may, &matcher))
            bits |= UINT64_C(1) << i;
    matcher_release(&matcher);
    return bits;
}

static bool gate_open(const struct rulebook *book, const struct candidate *candidate,
                      const struct facts *facts)
{
    uint64_t own = UINT64_C(1) << candidate->vendor;
    uint64_t others = facts->vendors & ~own;
    switch (candidate->alternative->gate) {
    case GATE_NONE:
        return true;
    case GATE_SOFT:
        if (!book->vendors[candidate->vendor].own_client)
            others &= ~book->clients;
        return others == 0;
    case GATE_HOME_ONLY:
        return others == 0 && (facts->host.len == 0 || (facts->vendors & own));
    case GATE_STRONG:
        return (facts->vendors & own) != 0;
    case GATE_ENTRA_OR_NONE:
        return (facts->vendors & ~book->entra_api & ~book->clients) == 0;
    case GATE_ENTRA_PROV:
        if (facts->record && facts->record->kind == KIND_PROVISIONING)
            return true; /* it is that service's own log */
        return (facts->error.labelled || (facts->vendors & book->entra_client)) &&
               (facts->vendors & ~book->clients) == 0;
    }
    return false;
}

/* --- conditions ------------------------------------------------------------------------------- */

static bool event_fits(const struct alternative *a, const struct facts *facts)
{
    if (a->event_ids.count == 0)
        return true;
    return facts->event_id < 0 ? a->event_id_optional : int_in(&a->event_ids, facts->event_id);
}

/* An unknown status does not contradict an alternative that knows the error by detail or code. */
bool alternative_takes_status(const struct alternative *a, int status, bool no_answer)
{
    if (a->status_range.count &&
        (status == 0 || status < a->status_range.items[0] || status > a->status_range.items[1]))
        return false;
    if (a->no_http && status != 0)
        return false;
    if (a->status.count == 0)
        return true;
    if (status)
        return int_in(&a->status, status);
    bool known_otherwise = a->detail.count || a->codes.count;
    return known_otherwise || (no_answer && int_in(&a->status, 0));
}

static bool scim_type_fits(const struct alternative *a, const struct facts *facts)
{
    if (a->scim_types.count == 0)
        return true;
    if (facts->error.scim_type.len == 0)
        return a->detail.count != 0;
    return text_in(&a->scim_types, facts->error.scim_type);
}

static bool code_fits(const struct alternative *a, const struct facts *facts)
{
    for (size_t i = 0; i < facts->error.code_count; i++)
        if (text_in(&a->codes, facts->error.codes[i]))
            return true;
    return a->codes.count == 0;
}

static bool header_fits(const struct header_condition *c, const struct message *message,
                        bool request, struct matcher *matcher)
{
    struct slice value = message_header(message, c->name.at);
    if (c->how == HEADER_ABSENT)
        return slice_is_none(value);
    if (c->how == HEADER_LACKS)
        return slice_is_none(value) || (!pattern_found(&c->pattern, value, matcher) &&
                                        (!request || slice_find(value, SLICE("*/*")) == SIZE_MAX));
    return !slice_is_none(value) && pattern_found(&c->pattern, value, matcher);
}

static bool headers_fit(const struct alternative *a, const struct facts *facts,
                        struct matcher *matcher)
{
    if (a->request_header_count == 0 && a->response_header_count == 0)
        return true;
    if (!facts->record || facts->record->kind != KIND_HTTP)
        return false;
    const struct record_http *http = &facts->record->http;
    if (a->request_header_count && !http->request.headers_known)
        return false; /* what the capture does not carry was not necessarily absent */
    for (size_t i = 0; i < a->request_header_count; i++)
        if (!header_fits(&a->request_headers[i], &http->request, true, matcher))
            return false;
    for (size_t i = 0; i < a->response_header_count; i++)
        if (!header_fits(&a->response_headers[i], &http->response, false, matcher))
            return false;
    return true;
}

static struct slice claim_text(const struct jwt_facts *jwt, enum claim claim)
{
    switch (claim) {
    case CLAIM_ALG:
        return jwt->alg;
    case CLAIM_KID:
        return jwt->kid;
    case CLAIM_ISS:
        return jwt->iss;
    case CLAIM_AUD:
        return jwt->aud;
    case CLAIM_APPID:
        return jwt->appid;
    case CLAIM_TID:
        return jwt->tid;
    case CLAIM_SUB:
        return jwt->sub;
    case CLAIM_SCP:
        return jwt->scp;
    case CLAIM_ROLES:
        return jwt->roles;
    default:
        return SLICE_NONE;
    }
}

static bool claims_fit(const struct alternative *a, const struct facts *facts)
{
    const struct jwt_facts *jwt = &facts->jwt;
    if (a->claim_count && !jwt->present)
        return false;
    for (size_t i = 0; i < a->claim_count; i++) {
        const struct claim_condition *c = &a->claims[i];
        int64_t time = c->claim == CLAIM_IAT   ? jwt->iat
                       : c->claim == CLAIM_EXP ? jwt->exp
                       : c->claim == CLAIM_NBF ? jwt->nbf
                                               : INT64_MIN;
        bool present =
            c->claim < CLAIM_IAT ? !slice_is_none(claim_text(jwt, c->claim)) : time != INT64_MIN;
        if (c->how == CLAIM_PRESENT ? !present : c->how == CLAIM_ABSENT && present)
            return false;
        if (c->how < CLAIM_PAST)
            continue;
        if (!present || facts->time_us == TIME_NONE)
            return false;
        int64_t now = facts->time_us / TIME_SECOND;
        if (c->how == CLAIM_PAST ? time >= now : time <= now)
            return false;
    }
    return true;
}

/* Cheap conditions first, patterns then, request bodies last. */
static bool holds(const struct rulebook *book, const struct candidate *candidate,
                  const struct facts *facts, const uint64_t *may, struct matcher *matcher)
{
    const struct alternative *a = candidate->alternative;
    if (!slice_is_none(a->sequence) || !event_fits(a, facts) ||
        !alternative_takes_status(a, facts->status, unanswered(facts)) ||
        !scim_type_fits(a, facts) || !code_fits(a, facts))
        return false;
    if (a->methods.count && !text_in(&a->methods, facts->method))
        return false;
    if (!gate_open(book, candidate, facts) || !claims_fit(a, facts))
        return false;
    if ((a->path.code && !pattern_found(&a->path, facts->path, matcher)) ||
        (a->host.code && !pattern_found(&a->host, facts->host, matcher)) ||
        (a->query.code && !pattern_found(&a->query, facts->query, matcher)))
        return false;
    if (a->detail.count && !any_found(&a->detail, facts, may, matcher))
        return false;
    if (a->detail_not.count && any_found(&a->detail_not, facts, may, matcher))
        return false;
    return headers_fit(a, facts, matcher) && detect(a->detector, facts);
}

struct slice rulebook_code_within(const struct rulebook *book, struct slice code)
{
    struct slice best = SLICE_NONE;
    code = slice_trim(code);
    for (size_t i = 0; i < book->candidate_count; i++) {
        const struct alternative *a = book->candidates[i].alternative;
        if (a->gate != GATE_ENTRA_PROV)
            continue;
        for (size_t j = 0; j < a->codes.count; j++) {
            struct slice known = a->codes.items[j];
            if (known.len > best.len && known.len < code.len &&
                slice_equal_fold(slice_from(code, code.len - known.len), known))
                best = known;
        }
    }
    return best;
}

/* --- the verdict ------------------------------------------------------------------------------ */

static bool already_named(const struct verdict *verdict, const struct rule *rule)
{
    if (verdict->rule == rule)
        return true;
    for (size_t i = 0; i < RUNNERS_UP && verdict->runners_up[i]; i++)
        if (verdict->runners_up[i] == rule)
            return true;
    return false;
}

/* One entry while its class is looked for. */
struct trial {
    const struct rulebook *book;
    const struct facts *facts;
    struct verdict *out;
    size_t runners;
    struct matcher matcher;
    uint64_t may[PREFILTER_WORDS];
};

static void take(struct verdict *out, size_t *runners, const struct candidate *candidate)
{
    int specificity = (int)candidate->alternative->specificity;
    if (!out->rule) {
        out->rule = candidate->rule;
        out->alternative = candidate->alternative;
        out->specificity = specificity;
        return;
    }
    out->runners_up[*runners] = candidate->rule;
    out->runner_specificity[(*runners)++] = specificity;
}

/* Candidates come best first; false when no further one is wanted. */
static bool try_candidate(struct trial *t, size_t number)
{
    const struct candidate *candidate = &t->book->candidates[number];
    if (candidate->alternative->specificity <= 0)
        return false;
    if (!already_named(t->out, candidate->rule) &&
        holds(t->book, candidate, t->facts, t->may, &t->matcher))
        take(t->out, &t->runners, candidate);
    return t->runners < RUNNERS_UP;
}

void rulebook_classify(const struct rulebook *book, const struct facts *facts, struct verdict *out)
{
    *out = (struct verdict){0};
    if (facts->succeeded || (facts->status >= 200 && facts->status < 300 && !facts->html)) {
        out->rule = book->success;
        out->specificity = 1;
        return;
    }
    struct trial trial = {.book = book, .facts = facts, .out = out};
    uint64_t listed[SHORTLIST_WORDS];
    matcher_init(&trial.matcher);
    prefilter_scan(book->prefilter, facts->detail, trial.may);
    if (book->shortlist) {
        size_t words = shortlist_choose(book->shortlist, facts, trial.may, listed);
        bool more = true;
        for (size_t w = 0; more && w < words; w++)
            for (uint64_t bits = listed[w]; more && bits; bits &= bits - 1)
                more = try_candidate(&trial, w * 64 + (size_t)__builtin_ctzll(bits));
    } else {
        for (size_t i = 0; i < book->candidate_count && try_candidate(&trial, i);)
            i++;
    }
    matcher_release(&trial.matcher);
    if (!out->rule)
        out->rule = book->unclassified;
}

bool rulebook_has_class(const struct facts *facts)
{
    if (!facts->record)
        return true;
    switch (facts->record->kind) {
    case KIND_HTTP:
    case KIND_PROVISIONING:
        return true;
    case KIND_EVENT:
        return facts->error.certain;
    }
    return false;
}
