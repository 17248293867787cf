/* Knows where a SCIM call states its user: request body, answered resource, filter, path; see
 * whose.h. The pairs of event texts are whose_event.c. */
#include "core/explain/whose.h"

#include "core/base/json.h"
#include "core/explain/scim.h"

static bool whose_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice whose_skip_blanks(struct slice s)
{
    while (s.len && whose_blank(s.at[0]))
        s = slice_from(s, 1);
    return s;
}

/* Takes a word (up to a blank) off the front. */
static struct slice whose_word(struct slice *rest)
{
    *rest = whose_skip_blanks(*rest);
    size_t len = 0;
    while (len < rest->len && !whose_blank(rest->at[len]))
        len++;
    struct slice word = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return word;
}

/* The value of `userName eq "..."`, alone or with further conditions after `and`: any other filter
 * need not select one user. */
static struct slice whose_filter(struct slice filter, struct arena *arena)
{
    struct slice rest = filter;
    struct slice attribute = whose_word(&rest);
    if (!slice_is_fold(attribute, "userName") &&
        !slice_is_fold(attribute, "urn:ietf:params:scim:schemas:core:2.0:User:userName"))
        return SLICE_NONE;
    if (!slice_is_fold(whose_word(&rest), "eq"))
        return SLICE_NONE;
    rest = whose_skip_blanks(rest);
    struct json_scan scan;
    json_scan_init(&scan, rest);
    if (rest.len == 0 || rest.at[0] != '"' || json_next(&scan) != JSON_STRING)
        return SLICE_NONE;
    struct slice value = json_text(arena, scan.raw);
    rest = slice_from(rest, scan.at);
    struct slice next = whose_word(&rest);
    if (next.len &&
        (!slice_is_fold(next, "and") || slice_find_fold(rest, SLICE(" or ")) != SIZE_MAX))
        return SLICE_NONE;
    return slice_trim(value).len ? value : SLICE_NONE;
}

/* The user of one call on /Users, whether sent alone or in a bulk. */
static void whose_resource(struct whose *out, const struct scim_resource *asked,
                           struct slice answered, struct slice id)
{
    if (asked->user_name.at) {
        out->user = asked->user_name;
    } else if (answered.at) {
        out->user = answered;
    } else {
        out->key = id;
        out->user = asked->external_id.at ? asked->external_id : id;
    }
}

struct whose_single {
    size_t count;
    struct slice name;
};

static bool whose_take_single(void *self, const struct scim_resource *resource)
{
    struct whose_single *single = self;
    single->name = resource->user_name;
    return ++single->count < 2;
}

static void whose_users_call(struct whose *out, const struct record_http *http, struct slice query,
                             struct slice id, struct arena *arena)
{
    const struct scim_told *told = scim_told_of(http, arena);
    struct slice filter = url_parameter(query, "filter", arena);
    struct slice wanted = id.at ? SLICE_NONE : whose_filter(filter, arena);
    if (wanted.at && !told->asked.user_name.at) {
        struct whose_single single = {0};
        if (told->lists)
            scim_each_resource(http->response.body.text, arena, whose_take_single, &single);
        out->user = single.count == 1 && single.name.at ? single.name : wanted;
        return;
    }
    whose_resource(out, &told->asked, told->answered.user_name, id);
}

/* --- bulk --------------------------------------------------------------------------------------
 */

struct whose_bulk {
    struct arena *arena;
    struct scim_operation user; /* the one operation on /Users */
    size_t users;
};

static bool whose_count_users(void *self, const struct scim_operation *operation)
{
    struct whose_bulk *bulk = self;
    struct slice id;
    if (scim_path_id(operation->path, "Users", &id, bulk->arena)) {
        bulk->user = *operation;
        bulk->users++;
    }
    return bulk->users < 2;
}

static void whose_operation(struct whose *out, const struct scim_operation *asked,
                            const struct scim_operation *answer, struct arena *arena)
{
    struct slice id = SLICE_NONE;
    struct slice where = SLICE_NONE;
    bool users = scim_path_id(asked->path, "Users", &id, arena);
    if (!id.at && (users || slice_is_none(asked->path)))
        users = scim_path_id(answer->path, "Users", &where, arena) || users;
    if (!users)
        return;
    struct scim_resource data, response;
    scim_read_resource(&data, asked->data, arena);
    scim_read_resource(&response, answer->response, arena);
    whose_resource(out, &data, response.user_name, id.at ? id : where);
}

void whose_call(struct whose *out, const struct record_http *http, int bulk, struct arena *arena)
{
    *out = (struct whose){SLICE_NONE, SLICE_NONE};
    struct url_parts url = url_split(http->url, arena);
    struct slice id;
    if (bulk > 0) {
        struct scim_operation answer, asked;
        if (scim_failed_operation(http, bulk, arena, &answer, &asked))
            whose_operation(out, &asked, &answer, arena);
    } else if (scim_path_id(url.path, "Users", &id, arena)) {
        whose_users_call(out, http, url.query, id, arena);
    } else if (scim_path_id(url.path, "Bulk", &id, arena)) {
        struct whose_bulk one = {.arena = arena};
        struct scim_operation none = {0};
        scim_each_operation(http->request.body.text, arena, whose_count_users, &one);
        if (one.users == 1)
            whose_operation(out, &one.user, &none, arena);
    }
}
