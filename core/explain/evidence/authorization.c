/* Knows whether and how a call presented credentials. */
#include "core/explain/evidence/check.h"

/* What the server asks for, of `WWW-Authenticate: Bearer realm=...`. */
static struct slice scheme_of(struct slice header)
{
    header = slice_trim(header);
    size_t blank = slice_find_byte(header, ' ');
    return slice_first(header, blank == SIZE_MAX ? header.len : blank);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    if (!evidence_category(c, "authentication") && c->facts->status != 401)
        return;
    if (!c->http || !c->http->request.headers_known)
        return; /* the check of the token's expiry has said so */
    struct slice sent = message_header(&c->http->request, "authorization");
    struct slice asked = scheme_of(message_header(&c->http->response, "www-authenticate"));
    struct slice scheme = scheme_of(sent);
    if (slice_is_none(sent))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The request has no Authorization header; an exporter that removes secrets (a "
                     "browser's sanitized HAR) leaves it out too");
    else if (sent.len == 0 || slice_equal(scheme, slice_trim(sent)))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The Authorization header holds no credentials: \"%.*s\"",
                     EVIDENCE_QUOTE(sent));
    else if (asked.len && !slice_equal_fold(asked, scheme))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The request used %.*s credentials, the server asks for %.*s",
                     EVIDENCE_QUOTE(scheme), EVIDENCE_QUOTE(asked));
    else
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request carried %.*s credentials",
                     EVIDENCE_QUOTE(scheme));
}

const struct evidence_check evidence_authorization = {.id = "authorization", .run = run};
