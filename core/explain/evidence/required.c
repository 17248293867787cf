/* Knows which attributes a create must carry (SCIM core schema, Entra SCIM API, AWS) and what the
 * IIJ service asks for beside subject and externalUserName. */
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

/* What AWS IAM Identity Center asks of a new user or group; it names no attribute when it refuses.
 */
static size_t aws_missing(const cJSON *body, bool groups, const char **missing)
{
    const cJSON *name = json_tree_get_fold(body, "name");
    size_t count = 0;
    if (!json_tree_text_fold(body, "displayName").len)
        missing[count++] = "displayName";
    if (groups)
        return count;
    if (!json_tree_text_fold(body, "userName").len)
        missing[count++] = "userName";
    if (!json_tree_text_fold(name, "givenName").len)
        missing[count++] = "name.givenName";
    if (!json_tree_text_fold(name, "familyName").len)
        missing[count++] = "name.familyName";
    return count;
}

/* AWS takes one value of these, however many a user has elsewhere. */
static void several_values(struct evidence_list *out, const struct evidence_case *c,
                           const struct evidence_check *self, bool about)
{
    static const char *const single[] = {"emails", "phoneNumbers", "addresses"};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        int count = cJSON_GetArraySize(json_tree_get_fold(c->request, single[i]));
        if (count > 1)
            evidence_say(out, c, self, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                         "The request carries %d values of %s; the service takes one", count,
                         single[i]);
    }
}

static void missing_attributes(struct evidence_list *out, const struct evidence_case *c,
                               const struct evidence_check *self, bool about)
{
    const char *missing[ENTRA_REQUIRED] = {NULL};
    bool entra = slice_is(c->rule->vendor, "entra-api");
    bool groups = path_has_segment(c->facts->path, "groups");
    struct buf names;
    buf_init(&names, 512);
    bool aws = slice_is(c->rule->vendor, "aws");
    size_t count = entra ? entra_missing(c->request, groups, missing)
                   : aws ? aws_missing(c->request, groups, missing)
                         : core_missing(c->request, groups, missing);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&names, "%s%s", i ? ", " : "", missing[i]);
    if (count)
        evidence_say(out, c, self, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The request lacks required attributes: %s", names.at);
    else if (about)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The request carries every attribute that %s requires of a new %s",
                     entra ? _("the Entra SCIM API")
                     : aws ? "AWS IAM Identity Center"
                           : _("the SCIM core schema"),
                     groups ? _("group") : _("user"));
    if (aws && !groups)
        several_values(out, c, self, about);
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
                     subject && external ? _("subject and externalUserName")
                     : subject           ? "subject"
                                         : "externalUserName");
    else if (has_issuer)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request sets an issuer");
    else
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The request sets neither subject nor externalUserName");
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = slice_find(c->rule->id, SLICE("missing-required")) != SIZE_MAX ||
                 slice_find(c->rule->id, SLICE("required-attribute")) != SIZE_MAX ||
                 slice_is(c->rule->id, "aws-unparsable-or-violates-schema");
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
