/* Knows how long a server asks to wait. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    int status = c->facts->status;
    if (!evidence_category(c, "throttling") && status != 429 && status != 503)
        return;
    if (!c->http || !c->http->response.headers_known) {
        evidence_lacking(out, c, self, "How long the server asks to wait (Retry-After)");
        return;
    }
    struct slice wait = slice_trim(message_header(&c->http->response, "retry-after"));
    struct slice left = message_header(&c->http->response, "x-ratelimit-remaining");
    int64_t seconds;
    if (slice_to_int64(wait, &seconds) && seconds >= 0 && seconds < INT32_MAX) {
        char span[TIME_TEXT_SIZE];
        time_span_words(span, seconds * TIME_SECOND);
        if (c->facts->time_us != TIME_NONE)
            evidence_say(out, c, self, EVIDENCE_SHOWN, "The server asks to wait %s, until %s", span,
                         moment_of(c, c->facts->time_us + seconds * TIME_SECOND));
        else
            evidence_say(out, c, self, EVIDENCE_SHOWN, "The server asks to wait %s", span);
    } else if (wait.len) {
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The server asks to wait until %.*s",
                     EVIDENCE_QUOTE(wait));
    } else {
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The server does not say how long to wait (no Retry-After)");
    }
    if (left.len)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "X-RateLimit-Remaining: %.*s",
                     EVIDENCE_QUOTE(left));
}

const struct evidence_check evidence_retry_after = {.id = "retry-after", .run = run};
