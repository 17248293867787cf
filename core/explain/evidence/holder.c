/* Knows who holds a userName or externalId that a service refused as taken, as far as other calls
 * of the index show it, and whether that holder was deleted or deactivated before: then from when a
 * retry makes sense. */
#include "core/explain/evidence/check.h"
#include "core/explain/retry.h"
#include "core/explain/scim.h"

enum { HOLDERS = 3, CREATES = 50 };

/* "P1D" in microseconds; 0 when there is none that can be read. */
static int64_t delay_us(struct slice delay)
{
    static const struct {
        char letter;
        int64_t us;
    } units[] = {{'W', 7 * TIME_DAY},
                 {'D', TIME_DAY},
                 {'H', TIME_HOUR},
                 {'M', TIME_MINUTE},
                 {'S', TIME_SECOND}};
    int64_t number;
    if (!slice_starts(delay, "P") || delay.len < 3)
        return 0;
    struct slice digits = slice_from(delay, slice_starts(delay, "PT") ? 2 : 1);
    char letter = digits.at[digits.len - 1];
    if (!slice_to_int64(slice_first(digits, digits.len - 1), &number) || number < 0 ||
        number > 1000)
        return 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].letter == letter)
            return number * units[i].us;
    return 0;
}

static bool before_call(const struct evidence_case *c, const struct evidence_found *found)
{
    return found->entry.time_us != TIME_NONE && found->entry.time_us <= c->facts->time_us;
}

/* The last of the calls that deactivates the resource: a call whose answer names the user is found
 * by that name, others by the id. */
static const struct evidence_found *deactivation(const struct evidence_case *c, struct slice id,
                                                 struct slice name,
                                                 const struct evidence_found *by_id, size_t count)
{
    struct ask ask;
    struct evidence_found *named;
    const struct evidence_found *last = NULL;
    for (size_t i = 0; i < count; i++)
        if (before_call(c, &by_id[i]) && found_deactivates(&by_id[i], c))
            last = &by_id[i];
    if (last || !name.len || c->facts->time_us == TIME_NONE)
        return last;
    ask_begin(&ask);
    ask_words(&ask, "kind:http method:PUT,PATCH status:2xx");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_value(&ask, FILTER_USER, name);
    ask_time(&ask, c->facts->time_us - 7 * TIME_DAY, c->facts->time_us);
    count = ask_entries(&ask, c, true, CREATES, true, &named);
    for (size_t i = 0; i < count; i++) {
        struct slice written = SLICE_NONE;
        if (scim_path_id(named[i].entry.path, "users", &written, c->arena) &&
            slice_equal(written, id) && found_deactivates(&named[i], c))
            return &named[i];
    }
    return NULL;
}

/* What became of the holder before the refused call. */
static void say_gone(struct evidence_list *out, const struct evidence_case *c,
                     const struct evidence_check *self, struct slice id, struct slice name)
{
    struct evidence_found *calls;
    const struct evidence_found *deleted = NULL, *inactive = NULL;
    size_t count = ask_calls(c, id, true, &calls);
    for (size_t i = 0; i < count; i++)
        if (before_call(c, &calls[i]) && found_deletes(&calls[i]))
            deleted = &calls[i];
    if (!deleted)
        inactive = deactivation(c, id, name, calls, count);
    const struct evidence_found *gone = deleted ? deleted : inactive;
    if (!gone)
        return;
    int64_t delay = delay_us(c->rule->retry_delay);
    const char *how = deleted ? _("deleted") : _("deactivated");
    if (delay)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" was %s at %s and the value is still kept: the earliest "
                     "sensible retry is %s, not a promise of the service",
                     EVIDENCE_QUOTE(id), how, moment_of(c, gone->entry.time_us),
                     moment_of(c, gone->entry.time_us + delay));
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" was %s at %s, but the service still keeps the value",
                     EVIDENCE_QUOTE(id), how, moment_of(c, gone->entry.time_us));
    evidence_rests_on(out, c, gone->entry.id);
}

static size_t name_holders(struct evidence_list *out, const struct evidence_case *c,
                           const struct evidence_check *self, struct slice name, struct slice own)
{
    struct evidence_sighting *seen;
    size_t said = 0, count = ask_sightings(c, SLICE_NONE, name, &seen);
    for (size_t i = 0; i < count && said < HOLDERS; i++) {
        if (slice_equal(seen[i].id, own) || seen[i].entry == c->entry->id)
            continue;
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The userName \"%.*s\" belongs to the id \"%.*s\": another call shows it, the "
                     "first at %s",
                     EVIDENCE_QUOTE(seen[i].name), EVIDENCE_QUOTE(seen[i].id),
                     moment_of(c, seen[i].time_us));
        evidence_rests_on(out, c, seen[i].entry);
        say_gone(out, c, self, seen[i].id, seen[i].name);
        said++;
    }
    return said;
}

struct bearer {
    struct slice external;
    struct scim_resource *holder;
    bool found;
};

static bool bears(void *self, const struct scim_resource *resource)
{
    struct bearer *bearer = self;
    bearer->found = slice_equal(resource->external_id, bearer->external);
    if (bearer->found)
        *bearer->holder = *resource;
    return !bearer->found;
}

/* The resource with this externalId that a call wrote, was answered, or found in a list. */
static bool shows_external(const struct record_http *http, struct slice external,
                           struct arena *arena, struct scim_resource *holder)
{
    struct bearer bearer = {.external = external, .holder = holder};
    struct scim_resource asked = {0}, given = {0};
    scim_read_resource(&given, http->response.body.text, arena);
    if (!bears(&bearer, &given))
        return true;
    if (scim_read_resource(&asked, http->request.body.text, arena) && !bears(&bearer, &asked)) {
        holder->id = given.id;
        return true;
    }
    scim_each_resource(http->response.body.text, arena, bears, &bearer);
    return bearer.found;
}

static size_t external_holder(struct evidence_list *out, const struct evidence_case *c,
                              const struct evidence_check *self, struct slice external,
                              struct slice own)
{
    struct ask ask;
    struct scim_resource holder = {0};
    struct evidence_found *found;
    struct record record;
    if (external.len == 0 || c->facts->time_us == TIME_NONE)
        return 0;
    ask_begin(&ask);
    ask_words(&ask, "kind:http method:GET,POST,PUT,PATCH status:2xx");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_value(&ask, FILTER_BODY, external);
    ask_time(&ask, c->facts->time_us - 7 * TIME_DAY, c->facts->time_us);
    size_t count = ask_entries(&ask, c, true, CREATES, true, &found);
    for (size_t i = 0; i < count; i++) {
        if (!found_exchange(&found[i], c, &record) ||
            !shows_external(&record.http, external, c->arena, &holder) ||
            (own.len && slice_equal(holder.id, own)))
            continue;
        struct slice id = holder.id, user = found[i].entry.user;
        if (holder.user_name.len)
            user = holder.user_name;
        const char *at = moment_of(c, found[i].entry.time_us);
        if (slice_is_fold(found[i].entry.method, "GET"))
            evidence_say(
                out, c, self, EVIDENCE_SHOWN,
                "The externalId \"%.*s\" is shown for the user \"%.*s\"%s%.*s by GET at %s",
                EVIDENCE_QUOTE(external), EVIDENCE_QUOTE(user), id.len ? _(", id ") : "",
                EVIDENCE_QUOTE(id), at);
        else
            evidence_say(
                out, c, self, EVIDENCE_SHOWN,
                "The externalId \"%.*s\" was given to the user \"%.*s\"%s%.*s by %.*s at %s",
                EVIDENCE_QUOTE(external), EVIDENCE_QUOTE(user), id.len ? _(", id ") : "",
                EVIDENCE_QUOTE(id), EVIDENCE_QUOTE(found[i].entry.method), at);
        evidence_rests_on(out, c, found[i].entry.id);
        if (id.len)
            say_gone(out, c, self, id, user);
        return 1;
    }
    return 0;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice own = SLICE_NONE, name = case_user_name(c);
    bool about = evidence_category(c, "conflict") ||
                 slice_find(c->rule->id, SLICE("not-hard-deleted")) != SIZE_MAX;
    if (!about || c->facts->status == 412 || !c->lookup)
        return;
    scim_path_id(c->facts->path, "users", &own, c->arena);
    size_t said = name_holders(out, c, self, name, own);
    said += external_holder(out, c, self, json_tree_text_fold(c->request, "externalId"), own);
    if (!said && (c->entry->kind == KIND_HTTP || c->pair))
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "No call of this index shows who holds the values: look them up in the "
                     "service, also among deleted users");
}

const struct evidence_check evidence_holder = {.id = "value-holder", .run = run};
