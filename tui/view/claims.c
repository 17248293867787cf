/* The claims that a redacted token kept, in words, its times relative to the call. */
#include "core/redact/redact.h"
#include "tui/view/detail.h"

enum { CLAIM_INDENT = 5, CLAIM_COLUMN = 13 };

static void claim(struct text *t, const char *name, struct slice value)
{
    if (slice_is_none(value))
        return;
    text_indent(t, CLAIM_INDENT);
    text_add(t, ROLE_DIM, slice_of(name));
    text_indent(t, CLAIM_COLUMN);
    text_column(t, CLAIM_COLUMN);
    text_add(t, ROLE_TEXT, value);
    text_break(t);
}

/* "37 minutes before this call": an expiry before it or a begin after it is why it was refused. */
static void moment(struct text *t, const char *name, int64_t seconds, int64_t call_us,
                   bool bad_before, bool bad_after)
{
    char text[TIME_TEXT_SIZE], span[TIME_TEXT_SIZE];
    if (seconds == INT64_MIN || seconds > INT64_MAX / TIME_SECOND ||
        seconds < INT64_MIN / TIME_SECOND)
        return;
    int64_t at = seconds * TIME_SECOND;
    claim(t, name, arena_format(t->arena, "%s", time_local_text(text, at)));
    if (call_us == TIME_NONE)
        return;
    bool before = at <= call_us;
    time_span_words(span, before ? call_us - at : at - call_us);
    text_indent(t, CLAIM_COLUMN);
    enum role role = (before ? bad_before : bad_after) ? ROLE_BAD : ROLE_DIM;
    text_add(
        t, role,
        arena_format(t->arena, before ? _("%s before this call") : _("%s after this call"), span));
    text_break(t);
}

void claims_write(struct text *t, struct slice value, int64_t call_us)
{
    struct jwt_facts jwt = redact_jwt_facts(value, t->arena);
    if (!jwt.present)
        return;
    claim(t, "iss", jwt.iss);
    claim(t, "aud", jwt.aud);
    claim(t, "sub", jwt.sub);
    claim(t, "appid", jwt.appid);
    claim(t, "tid", jwt.tid);
    claim(t, "scp", jwt.scp);
    claim(t, "roles", jwt.roles);
    moment(t, "iat", jwt.iat, call_us, false, true);
    moment(t, "nbf", jwt.nbf, call_us, false, true);
    moment(t, "exp", jwt.exp, call_us, true, false);
}
