/* Knows whether the request named its program, which some services ask for. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    if (!evidence_concerns(c, "user-agent"))
        return;
    if (!c->http || !c->http->request.headers_known) {
        evidence_lacking(out, c, self, "The User-Agent header");
        return;
    }
    struct slice value = message_header(&c->http->request, "user-agent");
    if (slice_trim(value).len == 0)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The request has no User-Agent header");
    else
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request's User-Agent is \"%.*s\"",
                     EVIDENCE_QUOTE(value));
}

const struct evidence_check evidence_user_agent = {.id = "user-agent", .run = run};
