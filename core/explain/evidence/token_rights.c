/* Knows what the token of a call to the Entra SCIM API must say: its audience, that it is an
 * application's own token, and the permission that the call needs. */
#include "core/explain/entra.h"
#include "core/explain/evidence/check.h"

#define GRAPH_ID "00000003-0000-0000-c000-000000000000"

static bool has_word(struct slice list, const char *word)
{
    size_t from = 0, len = strlen(word);
    for (;;) {
        size_t hit = slice_find_fold(slice_from(list, from), slice_of(word));
        if (hit == SIZE_MAX)
            return false;
        size_t at = from + hit, end = at + len;
        bool starts = at == 0 || strchr(" ,[\"", list.at[at - 1]);
        bool ends = end == list.len || strchr(" ,]\"", list.at[end]);
        if (starts && ends)
            return true;
        from = end;
    }
}

static void audience(struct evidence_list *out, const struct evidence_case *c,
                     const struct evidence_check *self)
{
    struct slice aud = c->facts->jwt.aud;
    if (slice_is_none(aud))
        return;
    bool graph = slice_find_fold(aud, SLICE("graph.microsoft.")) != SIZE_MAX ||
                 slice_find_fold(aud, SLICE(GRAPH_ID)) != SIZE_MAX;
    if (graph)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The token is meant for Microsoft Graph");
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The token is meant for another service (aud %.*s), not for Microsoft Graph",
                     EVIDENCE_QUOTE(aud));
}

static void rights(struct evidence_list *out, const struct evidence_case *c,
                   const struct evidence_check *self)
{
    const struct jwt_facts *jwt = &c->facts->jwt;
    struct entra_permissions need = entra_permissions(c->facts->method, c->facts->path);
    if (slice_is_none(jwt->roles) && !slice_is_none(jwt->scp)) {
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The token was issued to a signed-in user (scp %.*s, no roles); the API takes "
                     "an application's token only",
                     EVIDENCE_QUOTE(jwt->scp));
        return;
    }
    if (!need.least)
        return;
    bool granted =
        has_word(jwt->roles, need.least) || (need.more && has_word(jwt->roles, need.more));
    if (granted)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The token holds the permission that the call needs (roles %.*s)",
                     EVIDENCE_QUOTE(jwt->roles));
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The token lacks the permission that the call needs: %s%s%s (it holds %.*s)",
                     need.least, need.more ? _(" or ") : "", need.more ? need.more : "",
                     EVIDENCE_QUOTE(jwt->roles.len ? jwt->roles : slice_of(_("no roles"))));
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = evidence_category(c, "authentication") || evidence_category(c, "authorization");
    if (!about || !slice_is(c->rule->vendor, "entra-api"))
        return;
    if (c->facts->jwt.present) {
        audience(out, c, self);
        rights(out, c, self);
    } else if (!c->http || !c->http->request.headers_known) {
        evidence_lacking(out, c, self, "What the token grants (roles)");
    } else if (!slice_is_none(message_header(&c->http->request, "authorization"))) {
        evidence_say(
            out, c, self, EVIDENCE_NOT_CAPTURED,
            "The token could not be read as a JWT, so its audience and roles are not known");
    }
}

const struct evidence_check evidence_token_rights = {.id = "token-rights", .run = run};
