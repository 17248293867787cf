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

/* What became of the holder before the refused call. */
static void say_gone(struct evidence_list *out, const struct evidence_case *c,
                     const struct evidence_check *self, struct slice id)
{
    struct evidence_found *calls;
    const struct evidence_found *deleted = NULL, *inactive = NULL;
    size_t count = ask_calls(c, id, true, &calls);
    for (size_t i = 0; i < count; i++) {
        if (calls[i].entry.time_us == TIME_NONE || calls[i].entry.time_us > c->facts->time_us)
            continue;
        if (found_deletes(&calls[i]))
            deleted = &calls[i];
        else if (found_deactivates(&calls[i], c))
            inactive = &calls[i];
    }
    const struct evidence_found *gone = deleted ? deleted : inactive;
    if (!gone)
        return;
    int64_t delay = delay_us(c->rule->retry_delay);
    if (delay)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" was %s at %s and the value is still kept: the earliest "
                     "sensible retry is %s, not a promise of the service",
                     EVIDENCE_QUOTE(id), deleted ? "deleted" : "deactivated",
                     moment_of(c, gone->entry.time_us), moment_of(c, gone->entry.time_us + delay));
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" was %s at %s, but the service still keeps the value",
                     EVIDENCE_QUOTE(id), deleted ? "deleted" : "deactivated",
                     moment_of(c, gone->entry.time_us));
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
        say_gone(out, c, self, seen[i].id);
        said++;
    }
    return said;
}

static size_t external_holder(struct evidence_list *out, const struct evidence_case *c,
                              const struct evidence_check *self, struct slice external)
{
    struct ask ask;
    struct evidence_found *found;
    struct record record;
    if (external.len == 0 || c->facts->time_us == TIME_NONE)
        return 0;
    ask_begin(&ask);
    ask_words(&ask, "kind:http method:POST,PUT,PATCH status:2xx");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_value(&ask, FILTER_BODY, external);
    ask_time(&ask, c->facts->time_us - 7 * TIME_DAY, c->facts->time_us);
    size_t count = ask_entries(&ask, c, true, CREATES, true, &found);
    for (size_t i = 0; i < count; i++) {
        struct scim_resource asked = {0}, given = {0};
        if (!found_exchange(&found[i], c, &record))
            continue;
        scim_read_resource(&asked, record.http.request.body.text, c->arena);
        scim_read_resource(&given, record.http.response.body.text, c->arena);
        struct slice id = given.id;
        if (!slice_equal(asked.external_id, external) && !slice_equal(given.external_id, external))
            continue;
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The externalId \"%.*s\" was given to the user \"%.*s\"%s%.*s by %.*s at %s",
                     EVIDENCE_QUOTE(external), EVIDENCE_QUOTE(found[i].entry.user),
                     id.len ? ", id " : "", EVIDENCE_QUOTE(id),
                     EVIDENCE_QUOTE(found[i].entry.method), moment_of(c, found[i].entry.time_us));
        evidence_rests_on(out, c, found[i].entry.id);
        if (id.len)
            say_gone(out, c, self, id);
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
    said += external_holder(out, c, self, json_tree_text_fold(c->request, "externalId"));
    if (!said && (c->entry->kind == KIND_HTTP || c->pair))
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "No call of this index shows who holds the values: look them up in the "
                     "service, also among deleted users");
}

const struct evidence_check evidence_holder = {.id = "value-holder", .run = run};
