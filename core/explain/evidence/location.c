/* Knows where a redirect or an HTML answer leads instead of SCIM. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    int status = c->facts->status;
    if (!c->http || (!c->facts->html && (status < 300 || status >= 400)))
        return;
    struct slice place = message_header(&c->http->response, "location");
    struct slice server = message_header(&c->http->response, "server");
    struct slice via = message_header(&c->http->response, "via");
    if (place.len)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The server redirects to %.*s",
                     EVIDENCE_QUOTE(place));
    if (c->facts->html)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The answer is an HTML page%s%.*s%s%.*s",
                     server.len ? ", Server: " : "", EVIDENCE_QUOTE(server),
                     via.len ? ", Via: " : "", EVIDENCE_QUOTE(via));
}

const struct evidence_check evidence_location = {.id = "location", .run = run};
