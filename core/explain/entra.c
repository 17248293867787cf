/* Knows what the Entra SCIM API accepts; see entra.h. */
#include "core/explain/entra.h"

static const char entra_extension[] =
    "urn:ietf:params:scim:schemas:extension:microsoft:entra:2.0:user";

bool path_has_segment(struct slice path, const char *name)
{
    struct slice rest = path, part;
    while (slice_cut(&rest, '/', &part))
        if (slice_is_fold(part, name))
            return true;
    return false;
}

/* --- required attributes ---------------------------------------------------------------------- */

static bool has_text(const cJSON *object, const char *key)
{
    const cJSON *item = json_tree_get_fold(object, key);
    return item && !cJSON_IsNull(item) && !(cJSON_IsString(item) && item->valuestring[0] == '\0');
}

size_t entra_missing(const cJSON *body, bool groups, const char *missing[ENTRA_REQUIRED])
{
    size_t count = 0;
    if (!cJSON_IsObject(body))
        return 0;
    if (groups) {
        if (!json_tree_get_fold(body, "displayName"))
            missing[count++] = "displayName";
        return count;
    }
    const cJSON *name = json_tree_get_fold(body, "name");
    const cJSON *extension = json_tree_get_fold(body, entra_extension);
    if (!has_text(body, "userName"))
        missing[count++] = "userName";
    if (!has_text(body, "password"))
        missing[count++] = "password";
    if (!has_text(name, "familyName"))
        missing[count++] = "name.familyName";
    if (!has_text(name, "givenName"))
        missing[count++] = "name.givenName";
    if (!json_tree_get_fold(body, "active"))
        missing[count++] = "active";
    if (!has_text(body, "displayName"))
        missing[count++] = "displayName";
    if (!has_text(extension, "mailNickname"))
        missing[count++] = "mailNickname (Entra extension)";
    return count;
}

/* --- filters ---------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word, bracket or quoted string (with its quotes). */
static struct slice next_token(struct slice *rest)
{
    struct slice s = *rest;
    while (s.len && is_blank(s.at[0]))
        s = slice_from(s, 1);
    size_t len = 0;
    if (s.len && s.at[0] == '"') {
        len = 1;
        while (len < s.len && s.at[len] != '"')
            len += s.at[len] == '\\' ? 2 : 1;
        len = len < s.len ? len + 1 : s.len;
    } else if (s.len && strchr("()[]", s.at[0])) {
        len = 1;
    } else {
        while (len < s.len && !is_blank(s.at[len]) && !strchr("()[]\"", s.at[len]))
            len++;
    }
    *rest = slice_from(s, len);
    return slice_first(s, len);
}

static bool is_any(struct slice word, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (slice_is_fold(word, names[i]))
            return true;
    return false;
}

static bool attribute_allowed(struct slice attribute, struct slice operator, bool groups)
{
    static const char nickname[] =
        "urn:ietf:params:scim:schemas:extension:microsoft:entra:2.0:user:mailnickname";
    static const char *const user_eq[] = {"userName",     "externalId", "id",
                                          "groups.value", nickname,     NULL};
    static const char *const user_ew[] = {"userName", nickname, NULL};
    static const char *const group_eq[] = {"displayName", "id", "members.value", NULL};
    static const char *const group_ew[] = {"displayName", NULL};
    if (slice_is_fold(operator, "eq"))
        return is_any(attribute, groups ? group_eq : user_eq);
    return is_any(attribute, groups ? group_ew : user_ew);
}

struct slice entra_filter_offence(struct slice filter, bool groups)
{
    static const char *const operators[] = {"eq", "ne", "co", "sw", "ew", "pr",
                                            "gt", "ge", "lt", "le", NULL};
    static const char *const refused[] = {"or", "not", "(", ")", "[", "]", NULL};
    struct slice rest = filter, before = SLICE_NONE, external = SLICE_NONE, token;
    size_t comparisons = 0;
    while ((token = next_token(&rest)).len) {
        if (is_any(token, refused))
            return token;
        if (is_any(token, operators) && before.len && before.at[0] != '"') {
            comparisons++;
            if (!slice_is_fold(token, "eq") && !slice_is_fold(token, "ew"))
                return token;
            if (!attribute_allowed(before, token, groups))
                return before;
            if (slice_is_fold(before, "externalId"))
                external = before;
        }
        before = token;
    }
    return comparisons > 1 ? external : SLICE_NONE; /* externalId stands alone */
}

/* --- members ---------------------------------------------------------------------------------- */

const cJSON *patch_operations(const cJSON *body)
{
    const cJSON *operations = json_tree_get_fold(body, "Operations");
    return cJSON_IsArray(operations) ? operations : NULL;
}

bool patch_op_is(const cJSON *operation, const char *op)
{
    return slice_is_fold(json_tree_text_fold(operation, "op"), op);
}

bool patch_is_member(const cJSON *operation)
{
    return slice_starts_fold(json_tree_text_fold(operation, "path"), "members");
}

size_t patch_members(const cJSON *operation)
{
    const cJSON *value = json_tree_get_fold(operation, "value");
    const cJSON *members = json_tree_get_fold(value, "members");
    if (members)
        value = members;
    return cJSON_IsArray(value) ? (size_t)cJSON_GetArraySize(value) : 1;
}

/* --- permissions ------------------------------------------------------------------------------ */

struct entra_permissions entra_permissions(struct slice method, struct slice path)
{
    bool read = slice_is_fold(method, "GET");
    if (path_has_segment(path, "users"))
        return read ? (struct entra_permissions){"User.Read.All", "User.ReadWrite.All"}
                    : (struct entra_permissions){"User.ReadWrite.All", NULL};
    if (path_has_segment(path, "groups"))
        return read ? (struct entra_permissions){"Group.Read.All", "Group.ReadWrite.All"}
                    : (struct entra_permissions){"Group.ReadWrite.All", NULL};
    if (path_has_segment(path, "serviceproviderconfig") ||
        path_has_segment(path, "resourcetypes") || path_has_segment(path, "schemas"))
        return (struct entra_permissions){"User.Read.All", "User.ReadWrite.All"};
    return (struct entra_permissions){NULL, NULL};
}
