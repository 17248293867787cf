/* Knows the structural tests that rules name under `detect`: shapes of paths, headers and bodies
 * that no pattern over the detail can express. Knows no rule. */
#include "core/explain/entra.h"
#include "core/explain/pack.h"

enum { AWS_MEMBERS = 100 };

const char *const detector_names[] = {
    [DETECT_NONE] = "",
    [DETECT_HAS_REQUEST_HEADERS] = "has-req-headers",
    [DETECT_HTML_BODY] = "html-body",
    [DETECT_HTML_LOGIN] = "html-login",
    [DETECT_NO_SCIM_PREFIX] = "no-scim-prefix",
    [DETECT_WWW_AUTH_BEARER] = "www-auth-bearer",
    [DETECT_MEMBERS_OVER_100] = "members-over-100",
    [DETECT_ENTRA_GROUP_ADD_OVER_20] = "entra-group-add-over-20",
    [DETECT_ENTRA_GROUP_MIXED] = "entra-group-mixed",
    [DETECT_ENTRA_REQUIRED] = "entra-required",
    [DETECT_ENTRA_FILTER] = "entra-filter",
    [DETECT_STATUS_MISMATCH] = "status-mismatch",
    NULL,
};

static bool any_in(struct slice text, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (slice_find_fold(text, slice_of(words[i])) != SIZE_MAX)
            return true;
    return false;
}

static bool html_login(const struct facts *facts)
{
    static const char *const places[] = {"login", "log-in",           "signin", "sign-in", "saml",
                                         "sso",   "oauth2/authorize", "/auth/", NULL};
    static const char *const words[] = {"login", "log in", "signin", "sign in", "password", NULL};
    const struct record_http *http = &facts->record->http;
    bool redirect = facts->status == 301 || facts->status == 302 || facts->status == 303 ||
                    facts->status == 307;
    if (redirect && any_in(message_header(&http->response, "location"), places))
        return true;
    return facts->html && (facts->status < 300 || any_in(http->response.body.text, words));
}

/* /Users or /Groups that is not under a SCIM base: the base URL was typed wrongly. An answer that
 * speaks SCIM shows that the server is there. */
static bool no_scim_prefix(const struct facts *facts)
{
    struct slice rest = facts->path, part, before = SLICE_NONE;
    bool resource = false, doubled = false;
    while (slice_cut(&rest, '/', &part)) {
        bool is_resource = slice_is_fold(part, "users") || slice_is_fold(part, "groups");
        doubled = doubled || (is_resource &&
                              (slice_is_fold(before, "users") || slice_is_fold(before, "groups")));
        resource = resource || is_resource;
        before = part;
    }
    bool wrong = slice_find_fold(facts->path, SLICE("scim")) == SIZE_MAX || doubled ||
                 slice_find(facts->path, SLICE("//")) != SIZE_MAX;
    bool speaks =
        !slice_is_none(facts->error.scim_type) ||
        (facts->error.detail.len &&
         slice_find_fold(facts->record->http.response.body.text, SLICE("scim")) != SIZE_MAX);
    return resource && wrong && !speaks;
}

/* --- request bodies --------------------------------------------------------------------------- */

static bool members_over(const cJSON *body, size_t most)
{
    const cJSON *operation, *members = json_tree_get_fold(body, "members");
    cJSON_ArrayForEach(operation, patch_operations(body))
    {
        if (patch_members(operation) > most)
            return true;
    }
    return cJSON_IsArray(members) && (size_t)cJSON_GetArraySize(members) > most;
}

static bool group_add_over_20(const cJSON *body)
{
    const cJSON *operation;
    cJSON_ArrayForEach(operation, patch_operations(body))
    {
        struct slice path = json_tree_text_fold(operation, "path");
        if (patch_op_is(operation, "add") && slice_find_fold(path, SLICE("members")) != SIZE_MAX &&
            patch_members(operation) > ENTRA_MEMBERS)
            return true;
    }
    return false;
}

/* Members change alone: one operation, nothing beside it. */
static bool group_mixed(const cJSON *body)
{
    size_t members = 0, all = 0;
    const cJSON *operation;
    cJSON_ArrayForEach(operation, patch_operations(body))
    {
        members += patch_is_member(operation);
        all++;
    }
    return members > 0 && all > 1;
}

static bool detect_in_body(enum detector detector, const struct facts *facts)
{
    struct slice text = facts->record->http.request.body.text;
    if (text.len == 0)
        return false;
    cJSON *body = json_tree(text, NULL, NULL);
    const char *missing[ENTRA_REQUIRED];
    bool seen = false;
    if (detector == DETECT_MEMBERS_OVER_100)
        seen = members_over(body, AWS_MEMBERS);
    else if (detector == DETECT_ENTRA_GROUP_ADD_OVER_20)
        seen = group_add_over_20(body);
    else if (detector == DETECT_ENTRA_GROUP_MIXED)
        seen = group_mixed(body);
    else
        seen = entra_missing(body, path_has_segment(facts->path, "groups"), missing) > 0;
    cJSON_Delete(body);
    return seen;
}

static bool entra_filter(const struct facts *facts)
{
    struct arena scratch;
    arena_init(&scratch);
    struct slice filter = url_parameter(facts->query, "filter", &scratch);
    bool groups = !path_has_segment(facts->path, "users");
    bool seen = filter.len && !slice_is_none(entra_filter_offence(filter, groups));
    arena_free(&scratch);
    return seen;
}

bool detect(enum detector detector, const struct facts *facts)
{
    if (detector == DETECT_NONE)
        return true;
    if (!facts->record || facts->record->kind != KIND_HTTP)
        return false;
    const struct record_http *http = &facts->record->http;
    switch (detector) {
    case DETECT_HAS_REQUEST_HEADERS:
        return http->request.headers_known;
    case DETECT_HTML_BODY:
        return facts->html;
    case DETECT_HTML_LOGIN:
        return html_login(facts);
    case DETECT_NO_SCIM_PREFIX:
        return no_scim_prefix(facts);
    case DETECT_WWW_AUTH_BEARER:
        return slice_find_fold(message_header(&http->response, "www-authenticate"),
                               SLICE("bearer")) != SIZE_MAX;
    case DETECT_ENTRA_FILTER:
        return entra_filter(facts);
    case DETECT_STATUS_MISMATCH:
        return facts->error.status && http->status && facts->error.status != http->status;
    default:
        return detect_in_body(detector, facts);
    }
}
