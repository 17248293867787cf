/* Knows whether the id in the path of a failed lookup can be one at all. */
#include "core/explain/evidence/check.h"
#include "core/explain/scim.h"

static bool is_guid(struct slice id)
{
    if (id.len != 36)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice id = SLICE_NONE;
    if (!evidence_category(c, "not-found") || c->entry->kind != KIND_HTTP)
        return;
    if (!scim_path_id(c->facts->path, "users", &id, c->arena) &&
        !scim_path_id(c->facts->path, "groups", &id, c->arena))
        return;
    if (id.len == 0)
        return;
    if (slice_find_byte(id, '{') != SIZE_MAX || slice_starts(id, ":"))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The path holds a placeholder instead of an id: \"%.*s\"", EVIDENCE_QUOTE(id));
    else if (slice_is(c->rule->vendor, "entra-api") && !is_guid(id))
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "\"%.*s\" is no GUID; ids of the Entra SCIM API are GUIDs",
                     EVIDENCE_QUOTE(id));
    else
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The id asked for is \"%.*s\"",
                     EVIDENCE_QUOTE(id));
}

const struct evidence_check evidence_resource_id = {.id = "resource-id", .run = run};
