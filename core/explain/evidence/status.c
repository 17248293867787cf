/* Knows whether the error body's status differs from the HTTP status. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    int body = c->facts->error.status;
    if (!c->http || c->facts->bulk_operation || !body || !c->http->status ||
        body == c->http->status || slice_is_none(c->facts->error.detail))
        return;
    evidence_say(out, c, self, EVIDENCE_SHOWN,
                 "The error body says status %d, the HTTP status is %d: the HTTP status counts",
                 body, c->http->status);
}

const struct evidence_check evidence_status = {.id = "status-mismatch", .run = run};
