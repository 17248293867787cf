/* Knows what the index has seen of the id that a 404 is about: named, deleted, replaced by another
 * id for the same userName, or never seen. */
#include "core/explain/evidence/check.h"
#include "core/explain/scim.h"

static bool before(const struct evidence_case *c, int64_t time_us)
{
    return time_us != TIME_NONE && c->facts->time_us != TIME_NONE && time_us < c->facts->time_us;
}

static bool say_deleted(struct evidence_list *out, const struct evidence_case *c,
                        const struct evidence_check *self, struct slice id)
{
    struct evidence_found *calls;
    size_t count = ask_calls(c, id, false, &calls);
    for (size_t i = count; i-- > 0;) {
        if (!found_deletes(&calls[i]) || !before(c, calls[i].entry.time_us))
            continue;
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The id \"%.*s\" was deleted at %s",
                     EVIDENCE_QUOTE(id), moment_of(c, calls[i].entry.time_us));
        evidence_rests_on(out, c, calls[i].entry.id);
        return true;
    }
    for (size_t i = count; i-- > 0;) {
        if (!found_well(&calls[i]) || !before(c, calls[i].entry.time_us))
            continue;
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" was there at %s, and no call of this index deletes it: it "
                     "was taken away by somebody else",
                     EVIDENCE_QUOTE(id), moment_of(c, calls[i].entry.time_us));
        evidence_rests_on(out, c, calls[i].entry.id);
        return true;
    }
    return false;
}

/* Another id under the name that this one had. */
static void say_replaced(struct evidence_list *out, const struct evidence_case *c,
                         const struct evidence_check *self, struct slice id, struct slice name)
{
    struct evidence_sighting *seen;
    size_t count = ask_sightings(c, SLICE_NONE, name, &seen);
    for (size_t i = count; i-- > 0;)
        if (!slice_equal(seen[i].id, id)) {
            evidence_say(out, c, self, EVIDENCE_SHOWN,
                         "The userName \"%.*s\" has another id: \"%.*s\", first shown at %s",
                         EVIDENCE_QUOTE(name), EVIDENCE_QUOTE(seen[i].id),
                         moment_of(c, seen[i].time_us));
            evidence_rests_on(out, c, seen[i].entry);
            return;
        }
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice id = SLICE_NONE;
    struct evidence_sighting *seen;
    if (c->facts->status != 404 || !c->lookup ||
        !scim_path_id(c->facts->path, "users", &id, c->arena) || id.len == 0)
        return;
    size_t count = ask_sightings(c, id, SLICE_NONE, &seen);
    for (size_t i = 0; i < count && i < 2; i++) {
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" was shown for the userName \"%.*s\", the first time at %s",
                     EVIDENCE_QUOTE(id), EVIDENCE_QUOTE(seen[i].name),
                     moment_of(c, seen[i].time_us));
        evidence_rests_on(out, c, seen[i].entry);
    }
    bool told = say_deleted(out, c, self, id);
    if (count)
        say_replaced(out, c, self, id, seen[count - 1].name);
    if (!told && !count)
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "No other call of this index shows the id \"%.*s\": whether it ever existed "
                     "is known to the service only",
                     EVIDENCE_QUOTE(id));
}

const struct evidence_check evidence_history = {.id = "id-history", .run = run};
