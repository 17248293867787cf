/* Knows what in an error body departs from the protocol: a status unlike the HTTP status or not a
 * text, a scimType that no RFC defines. Remarks only: none of them is the cause. */
#include "core/explain/evidence/check.h"

static bool status_is_number(const struct evidence_case *c)
{
    cJSON *body = json_tree(c->http->response.body.text, NULL, NULL);
    bool number = cJSON_IsNumber(json_tree_get_fold(body, "status"));
    cJSON_Delete(body);
    return number;
}

static bool type_is_known(struct slice type)
{
    /* RFC 7644 table 9, RFC 9865. */
    static const char *const known[] = {
        "invalidFilter", "tooMany",       "uniqueness",   "mutability",  "invalidSyntax",
        "invalidPath",   "noTarget",      "invalidValue", "invalidVers", "sensitive",
        "invalidCursor", "expiredCursor", "invalidCount"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_is_fold(type, known[i]))
            return true;
    return false;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    const struct error_object *error = &c->facts->error;
    if (!c->http || !c->http->status || c->facts->bulk_operation)
        return;
    if (error->status && error->status != c->http->status && !slice_is_none(error->detail))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The error body says status %d, the HTTP status is %d: the HTTP status counts",
                     error->status, c->http->status);
    if (error->scim_type.len && !type_is_known(error->scim_type))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The scimType \"%.*s\" is none that RFC 7644 or RFC 9865 defines",
                     EVIDENCE_QUOTE(error->scim_type));
    if (error->status && error->scim_type.len && status_is_number(c))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The error body writes its status as a number, where RFC 7644 wants a text");
}

const struct evidence_check evidence_status = {.id = "status-mismatch", .run = run};
