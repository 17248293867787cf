/* Knows which Accept and Content-Type headers SCIM servers take. */
#include "core/explain/evidence/check.h"

static bool is_json(struct slice value)
{
    return slice_find_fold(value, SLICE("application/json")) != SIZE_MAX ||
           slice_find_fold(value, SLICE("application/scim+json")) != SIZE_MAX;
}

static void accept(struct evidence_list *out, const struct evidence_case *c,
                   const struct evidence_check *self, bool about)
{
    struct slice value = message_header(&c->http->request, "accept");
    bool plain = slice_find_fold(value, SLICE("application/json")) != SIZE_MAX ||
                 slice_find(value, SLICE("*/*")) != SIZE_MAX;
    bool entra = slice_is(c->rule->vendor, "entra-api");
    if (slice_is_none(value) && about)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The request has no Accept header");
    else if (!slice_is_none(value) && (entra ? !plain : !plain && !is_json(value)))
        evidence_say(out, c, self, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The request accepts \"%.*s\", not application/json", EVIDENCE_QUOTE(value));
    else if (about)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request accepts \"%.*s\"",
                     EVIDENCE_QUOTE(value));
}

static void content_type(struct evidence_list *out, const struct evidence_case *c,
                         const struct evidence_check *self, bool about)
{
    struct slice value = message_header(&c->http->request, "content-type");
    if (!c->request_known)
        return;
    if (slice_is_none(value))
        evidence_say(out, c, self, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The request has a body and no Content-Type header");
    else if (!is_json(value))
        evidence_say(out, c, self, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The request's body is sent as \"%.*s\"; SCIM is application/scim+json",
                     EVIDENCE_QUOTE(value));
    else if (about)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request's body is sent as \"%.*s\"",
                     EVIDENCE_QUOTE(value));
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about_accept = evidence_concerns(c, "accept") || c->facts->status == 406;
    bool about_type = evidence_concerns(c, "content-type") || c->facts->status == 415;
    bool known = c->http && c->http->request.headers_known;
    if (known && (about_accept || c->facts->status == 400))
        accept(out, c, self, about_accept);
    if (known && (about_type || c->facts->status == 400))
        content_type(out, c, self, about_type);
    if (!known && (about_accept || about_type))
        evidence_lacking(out, c, self, "What the request accepts and sends (Accept, Content-Type)");
}

const struct evidence_check evidence_media_type = {.id = "media-type", .run = run};
