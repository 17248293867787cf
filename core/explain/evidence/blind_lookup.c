/* Knows whether a lookup that found nothing came directly before a create that was refused as a
 * duplicate. */
#include "core/explain/evidence/check.h"

enum { LOOKUPS = 20 };

static bool found_nothing(const struct record_http *http)
{
    cJSON *body =
        http->response.body.text.len ? json_tree(http->response.body.text, NULL, NULL) : NULL;
    const cJSON *total = json_tree_get_fold(body, "totalResults");
    bool nothing = cJSON_IsNumber(total) && total->valueint == 0;
    cJSON_Delete(body);
    return nothing;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice name = case_user_name(c);
    struct ask ask;
    struct evidence_found *found;
    struct record record;
    if (!evidence_category(c, "conflict") || !c->http || name.len == 0 ||
        !slice_is(c->facts->method, "POST") || c->facts->time_us == TIME_NONE)
        return;
    ask_begin(&ask);
    ask_words(&ask, "kind:http method:GET status:2xx");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_value(&ask, FILTER_USER, name);
    ask_time(&ask, c->facts->time_us - 10 * TIME_MINUTE, c->facts->time_us);
    size_t count = ask_entries(&ask, c, true, LOOKUPS, true, &found);
    for (size_t i = 0; i < count; i++) {
        struct slice asked = found[i].entry.user;
        if (!slice_equal_fold(asked, name) || !found_exchange(&found[i], c, &record) ||
            !found_nothing(&record.http))
            continue;
        evidence_say(
            out, c, self, EVIDENCE_SHOWN,
            "The lookup of \"%.*s\" at %s found nothing, yet the service refuses to create "
            "it: %s",
            EVIDENCE_QUOTE(asked), moment_of(c, found[i].entry.time_us),
            slice_equal(asked, name)
                ? _("another attribute collides, or the holder is deleted or out of sight")
                : _("the two differ in upper and lower case"));
        evidence_rests_on(out, c, found[i].entry.id);
        return;
    }
}

const struct evidence_check evidence_blind_lookup = {.id = "blind-lookup", .run = run};
