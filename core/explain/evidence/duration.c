/* Knows how long a call took that the server or the network gave up. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    int status = c->facts->status;
    bool late = status == 408 || status == 502 || status == 503 || status == 504 || status == 0;
    if (!late || !c->http)
        return;
    if (c->http->duration_us < 0) {
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "The capture does not say how long the call took");
        return;
    }
    char span[TIME_TEXT_SIZE];
    evidence_say(
        out, c, self, EVIDENCE_SHOWN, "The call ended after %s%s",
        time_span_words(span, c->http->duration_us),
        slice_is(c->facts->method, "POST")
            ? _("; a create may have happened all the same: look it up before repeating it")
            : "");
}

const struct evidence_check evidence_duration = {.id = "duration", .run = run};
