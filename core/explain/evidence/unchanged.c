/* Knows whether a write that succeeded changed what it asked for: the resource that was answered
 * against the values that were sent. What the answer does not hold, nobody can tell. */
#include "core/explain/entra.h"
#include "core/explain/evidence/check.h"

enum { SENTENCES = 4 };

struct compared {
    struct evidence_list *out;
    const struct evidence_case *c;
    const struct evidence_check *self;
    const cJSON *answer;
    size_t said;
};

/* A text or a boolean for people; SLICE_NONE for anything else. */
static struct slice plain(const cJSON *value)
{
    if (cJSON_IsString(value))
        return slice_of(value->valuestring);
    return cJSON_IsBool(value) ? slice_of(cJSON_IsTrue(value) ? "true" : "false") : SLICE_NONE;
}

/* Letter case, and whether a boolean is written as a text, make no other value. */
static void compare(struct compared *k, const char *name, const cJSON *sent)
{
    struct slice asked = plain(sent), given = plain(json_tree_get_fold(k->answer, name));
    if (k->said == SENTENCES || slice_is_none(asked) || slice_is_none(given) || !asked.len ||
        slice_is_fold(slice_of(name), "id") || slice_equal_fold(asked, given))
        return;
    evidence_say(k->out, k->c, k->self, EVIDENCE_SHOWN,
                 "The call succeeded, but its answer shows %.*s as \"%.*s\", where \"%.*s\" was "
                 "asked for",
                 EVIDENCE_QUOTE(slice_of(name)), EVIDENCE_QUOTE(given), EVIDENCE_QUOTE(asked));
    k->said++;
}

static void compare_all(struct compared *k, const cJSON *resource)
{
    const cJSON *value;
    cJSON_ArrayForEach(value, resource)
    {
        if (value->string)
            compare(k, value->string, value);
    }
}

/* An attribute by its name alone, not a part of one. */
static bool is_simple(struct slice path)
{
    for (size_t i = 0; i < path.len; i++)
        if (strchr(".:[] ", path.at[i]))
            return false;
    return path.len > 0;
}

/* The last operation on an attribute is the one that counts. */
static bool is_last(const cJSON *operation, struct slice path)
{
    for (const cJSON *next = operation->next; next; next = next->next)
        if (slice_equal_fold(json_tree_text_fold(next, "path"), path) ||
            json_tree_text_fold(next, "path").len == 0)
            return false;
    return true;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool patch = slice_is(c->facts->method, "PATCH");
    if (!rule_is_success(c->rule) || !c->http || !cJSON_IsObject(c->request) ||
        !(patch || slice_is(c->facts->method, "PUT")) || !c->http->response.body.text.len)
        return;
    cJSON *answer = json_tree(c->http->response.body.text, NULL, NULL);
    struct compared k = {.out = out, .c = c, .self = self, .answer = answer};
    const cJSON *operation, *operations = patch ? patch_operations(c->request) : NULL;
    if (!patch)
        compare_all(&k, c->request);
    cJSON_ArrayForEach(operation, operations)
    {
        struct slice path = json_tree_text_fold(operation, "path");
        const cJSON *value = json_tree_get_fold(operation, "value");
        if (slice_is_fold(json_tree_text_fold(operation, "op"), "remove"))
            continue;
        if (is_simple(path) && is_last(operation, path))
            compare(&k, arena_copy(c->arena, path).at, value);
        else if (!path.len && !operation->next && cJSON_IsObject(value))
            compare_all(&k, value);
    }
    cJSON_Delete(answer);
}

const struct evidence_check evidence_unchanged = {
    .id = "unchanged", .of_success = true, .run = run};
