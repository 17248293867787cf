/* Knows what the index has seen of the members of a group call that failed: created only later,
 * deleted before, or never seen. */
#include "core/explain/evidence/check.h"
#include "core/explain/scim.h"

enum { MEMBERS = 20 };

struct members {
    struct slice ids[MEMBERS];
    size_t count, written; /* looked at; in the request */
};

static bool take(void *self, struct slice value)
{
    struct members *members = self;
    members->written += value.len > 0;
    if (value.len && members->count < MEMBERS)
        members->ids[members->count++] = value;
    return true;
}

/* True when something is wrong with the member. */
static bool look(struct evidence_list *out, const struct evidence_case *c,
                 const struct evidence_check *self, struct slice id, bool *seen_well)
{
    struct evidence_sighting *seen;
    struct evidence_found *calls;
    size_t shown = ask_sightings(c, id, SLICE_NONE, &seen), count = ask_calls(c, id, false, &calls);
    *seen_well = false;
    for (size_t i = 0; i < count; i++)
        if (found_deletes(&calls[i]) && calls[i].entry.time_us < c->facts->time_us) {
            evidence_say(out, c, self, EVIDENCE_SHOWN, "The member \"%.*s\" had been deleted at %s",
                         EVIDENCE_QUOTE(id), moment_of(c, calls[i].entry.time_us));
            evidence_rests_on(out, c, calls[i].entry.id);
            return true;
        }
    if (shown == 0)
        return false;
    *seen_well = true;
    if (seen[0].time_us == TIME_NONE || seen[0].time_us <= c->facts->time_us)
        return false;
    evidence_say(out, c, self, EVIDENCE_SHOWN,
                 "The member \"%.*s\" (\"%.*s\") is first shown after this call, at %s: the group "
                 "was written before its user",
                 EVIDENCE_QUOTE(id), EVIDENCE_QUOTE(seen[0].name), moment_of(c, seen[0].time_us));
    evidence_rests_on(out, c, seen[0].entry);
    return true;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice id;
    struct members members = {.count = 0};
    size_t unseen = 0, wrong = 0;
    if (!c->lookup || !c->http || c->facts->status < 400 || c->facts->status >= 500 ||
        evidence_category(c, "authentication") || evidence_category(c, "throttling") ||
        c->facts->time_us == TIME_NONE || !scim_path_id(c->facts->path, "groups", &id, c->arena))
        return;
    evidence_values(c->request, "members", take, &members);
    for (size_t i = 0; i < members.count; i++) {
        bool seen_well;
        bool bad = look(out, c, self, members.ids[i], &seen_well);
        wrong += bad;
        unseen += !bad && !seen_well;
    }
    bool first = members.written > members.count;
    if (unseen && first)
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "%zu of the first %zu members written here are shown by no other call of this "
                     "index",
                     unseen, members.count);
    else if (unseen)
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "%zu of the %zu members written here are shown by no other call of this "
                     "index",
                     unseen, members.count);
    else if (members.count && !wrong && first)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The first %zu members written here had been shown by other calls before",
                     members.count);
    else if (members.count && !wrong)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "All %zu members written here had been shown by other calls before",
                     members.count);
}

const struct evidence_check evidence_members = {.id = "group-members", .run = run};
