/* Knows the shapes of PATCH bodies that servers refuse. */
#include "core/explain/entra.h"
#include "core/explain/evidence/check.h"

enum { AWS_MEMBERS = 100 };

struct shapes {
    struct slice capital_op, remove_path, single_filter, boolean_value;
    bool without_path, mixed;
    size_t members, operations, member_operations;
};

static bool is_capital(struct slice op)
{
    return op.len && op.at[0] >= 'A' && op.at[0] <= 'Z';
}

/* A filter in brackets on one of the attributes that have a single value. */
static bool filters_single(struct slice path)
{
    static const char *const singles[] = {"userName[",   "displayName[", "name[",    "active[",
                                          "externalId[", "title[",       "nickName["};
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++)
        if (slice_starts_fold(path, singles[i]))
            return true;
    return false;
}

static bool is_boolean_word(const cJSON *value)
{
    return cJSON_IsString(value) && (slice_is_fold(slice_of(value->valuestring), "true") ||
                                     slice_is_fold(slice_of(value->valuestring), "false"));
}

static void look(struct shapes *shapes, const cJSON *operation)
{
    struct slice op = json_tree_text_fold(operation, "op");
    struct slice path = json_tree_text_fold(operation, "path");
    const cJSON *value = json_tree_get_fold(operation, "value");
    const cJSON *active =
        slice_is_fold(path, "active") ? value : json_tree_get_fold(value, "active");
    shapes->operations++;
    if (is_capital(op) && slice_is_none(shapes->capital_op))
        shapes->capital_op = op;
    if (slice_is_fold(op, "remove") && value && !cJSON_IsNull(value))
        shapes->remove_path = path.len ? path : slice_of(_("(none)"));
    if (filters_single(path))
        shapes->single_filter = path;
    if (is_boolean_word(active))
        shapes->boolean_value = slice_of(active->valuestring);
    shapes->without_path = shapes->without_path || path.len == 0;
    if (!patch_is_member(operation))
        return;
    size_t members = patch_members(operation);
    shapes->member_operations++;
    shapes->members = members > shapes->members ? members : shapes->members;
}

static void say_shapes(struct evidence_list *out, const struct evidence_case *c,
                       const struct evidence_check *self, const struct shapes *s)
{
    bool aws = evidence_vendor(c, "aws"), entra = evidence_vendor(c, "entra-api");
    bool about_op = evidence_concerns(c, "op-case"), about_remove = evidence_concerns(c, "remove");
    bool about_members = evidence_concerns(c, "members"),
         about_mixed = evidence_concerns(c, "mixed");
    size_t most = aws ? AWS_MEMBERS : ENTRA_MEMBERS;
    if (s->boolean_value.at)
        evidence_say(out, c, self,
                     evidence_concerns(c, "boolean") ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "active is sent as the text \"%.*s\", not as a boolean",
                     EVIDENCE_QUOTE(s->boolean_value));
    if (s->capital_op.at)
        evidence_say(out, c, self, about_op ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The operation is written \"%.*s\"; some servers take lower case only",
                     EVIDENCE_QUOTE(s->capital_op));
    if (s->remove_path.at)
        evidence_say(out, c, self, about_remove ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "A remove carries a value instead of a path filter (path %.*s)",
                     EVIDENCE_QUOTE(s->remove_path));
    if (s->single_filter.at)
        evidence_say(out, c, self,
                     evidence_concerns(c, "single-valued") ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "A path filters an attribute with a single value: %.*s",
                     EVIDENCE_QUOTE(s->single_filter));
    if (aws && s->without_path)
        evidence_say(out, c, self,
                     evidence_concerns(c, "without-path") ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "An operation has no path");
    if ((aws || entra) && s->members > most)
        evidence_say(out, c, self, about_members ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "One operation changes %zu members; the service takes %zu", s->members, most);
    if (entra && s->member_operations && s->operations > 1)
        evidence_say(out, c, self, about_mixed ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "The request has %zu operations, %zu of them on members; members must be "
                     "changed alone",
                     s->operations, s->member_operations);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = slice_find(c->rule->id, SLICE("patch")) != SIZE_MAX ||
                 slice_find(c->rule->id, SLICE("boolean")) != SIZE_MAX;
    const cJSON *operation, *operations = patch_operations(c->request);
    struct shapes shapes = {0};
    if (!about && !evidence_category(c, "invalid-request") && !rule_is_success(c->rule))
        return;
    if (about && !c->request) {
        evidence_lacking(out, c, self, "The PATCH operations");
        return;
    }
    if (!operations || !slice_is(c->facts->method, "PATCH"))
        return;
    cJSON_ArrayForEach(operation, operations)
    {
        look(&shapes, operation);
    }
    say_shapes(out, c, self, &shapes);
}

const struct evidence_check evidence_patch = {.id = "patch-shape", .of_success = true, .run = run};
