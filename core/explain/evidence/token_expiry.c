/* Knows whether the token that was sent was valid at the time of the call: exp, nbf and iat of its
 * redaction tag against the entry's time. */
#include "core/explain/evidence/check.h"

/* A time claim beside the call: `distance` > 0 when it lies after the call. */
struct claim_time {
    bool present;
    int64_t distance_us;
    const char *at;
    char span[TIME_TEXT_SIZE];
};

static struct claim_time claim_time(const struct evidence_case *c, int64_t seconds)
{
    int64_t call_us = c->facts->time_us;
    struct claim_time out = {.present = seconds != INT64_MIN};
    /* Claims are text of strangers: years beyond 9999 are no times. */
    if (!out.present || seconds < 0 || seconds > INT64_C(253402300799)) {
        out.present = false;
        return out;
    }
    out.distance_us = seconds * TIME_SECOND - call_us;
    out.at = moment_of(c, seconds * TIME_SECOND);
    time_span_words(out.span, out.distance_us < 0 ? -out.distance_us : out.distance_us);
    return out;
}

static void compare(struct evidence_list *out, const struct evidence_case *c,
                    const struct evidence_check *self)
{
    const struct jwt_facts *jwt = &c->facts->jwt;
    struct claim_time exp = claim_time(c, jwt->exp), nbf = claim_time(c, jwt->nbf),
                      iat = claim_time(c, jwt->iat);
    if (exp.present && exp.distance_us < 0)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The token had expired %s before the call (exp %s)", exp.span, exp.at);
    else if (exp.present)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The token had not expired: it was valid for another %s (exp %s)", exp.span,
                     exp.at);
    else
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "The token names no time of expiry (exp)");
    if (nbf.present && nbf.distance_us > 0)
        evidence_say(
            out, c, self, EVIDENCE_SHOWN,
            "The token was not valid yet: it begins %s after the call (nbf %s); the clocks "
            "of client and issuer differ",
            nbf.span, nbf.at);
    if (iat.present && iat.distance_us > 0)
        evidence_say(
            out, c, self, EVIDENCE_SHOWN,
            "The token says it was issued %s after the call (iat %s): the clocks of client "
            "and issuer differ",
            iat.span, iat.at);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    if (!evidence_category(c, "authentication") && c->facts->status != 401)
        return;
    struct slice value = c->http ? message_header(&c->http->request, "authorization") : SLICE_NONE;
    if (c->facts->jwt.present && c->facts->time_us != TIME_NONE)
        compare(out, c, self);
    else if (c->facts->jwt.present)
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "The record has no time, so the token's expiry cannot be compared with it");
    else if (!slice_is_none(value))
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "The token is no JWT: only its issuer knows whether it has expired or was "
                     "revoked");
    else if (!c->http || !c->http->request.headers_known)
        evidence_lacking(out, c, self, "The access token");
}

const struct evidence_check evidence_token_expiry = {.id = "token-expiry", .run = run};
