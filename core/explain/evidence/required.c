/* Knows which attributes a create must carry (SCIM core schema, Entra SCIM API) and what the IIJ
 * service asks for beside subject and externalUserName. */
#include "core/explain/entra.h"
#include "core/explain/evidence/check.h"

/* What every SCIM server asks of a new resource. */
static size_t core_missing(const cJSON *body, bool groups, const char **missing)
{
    size_t count = 0;
    if (!json_tree_get_fold(body, "schemas"))
        missing[count++] = "schemas";
    if (!json_tree_get_fold(body, groups ? "displayName" : "userName"))
        missing[count++] = groups ? "displayName" : "userName";
    return count;
}

static void missing_attributes(struct evidence_list *out, const struct evidence_case *c,
                               const struct evidence_check *self, bool about)
{
    const char *missing[ENTRA_REQUIRED] = {NULL};
    bool entra = slice_is(c->rule->vendor, "entra-api");
    bool groups = path_has_segment(c->facts->path, "groups");
    struct buf names;
    buf_init(&names, 512);
    size_t count = entra ? entra_missing(c->request, groups, missing)
                         : core_missing(c->request, groups, missing);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&names, "%s%s", i ? ", " : "", missing[i]);
    if (count)
        evidence_say(out, c, self, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The request lacks required attributes: %s", names.at);
    else if (about)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The request carries every attribute that %s requires of a new %s",
                     entra ? "the Entra SCIM API" : "the SCIM core schema",
                     groups ? "group" : "user");
    buf_free(&names);
}

static void issuer(struct evidence_list *out, const struct evidence_case *c,
                   const struct evidence_check *self)
{
    struct slice body = c->http ? c->http->request.body.text : SLICE_NONE;
    if (body.len == 0) {
        evidence_lacking(out, c, self, "Whether subject or externalUserName is set without issuer");
        return;
    }
    bool has_issuer = slice_find_fold(body, SLICE("\"issuer\"")) != SIZE_MAX;
    bool subject = slice_find_fold(body, SLICE("\"subject\"")) != SIZE_MAX;
    bool external = slice_find_fold(body, SLICE("\"externalUserName\"")) != SIZE_MAX;
    if ((subject || external) && !has_issuer)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The request sets %s and no issuer",
                     subject && external ? "subject and externalUserName"
                     : subject           ? "subject"
                                         : "externalUserName");
    else
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request sets %s",
                     has_issuer ? "an issuer" : "neither subject nor externalUserName");
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = slice_find(c->rule->id, SLICE("missing-required")) != SIZE_MAX ||
                 slice_find(c->rule->id, SLICE("required-attribute")) != SIZE_MAX;
    if (slice_find(c->rule->id, SLICE("issuer")) != SIZE_MAX) {
        issuer(out, c, self);
        return;
    }
    if (!about && !(evidence_category(c, "invalid-request") && c->facts->status == 400))
        return;
    if (c->entry->kind == KIND_HTTP && !slice_is(c->facts->method, "POST"))
        return;
    if (cJSON_IsObject(c->request))
        missing_attributes(out, c, self, about);
    else if (about)
        evidence_lacking(out, c, self, "Which attributes were sent");
}

const struct evidence_check evidence_required = {.id = "required-attributes", .run = run};
