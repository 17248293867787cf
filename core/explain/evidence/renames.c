/* Knows under which other userNames the index shows the resource that a failed call is about. */
#include "core/explain/evidence/check.h"
#include "core/explain/scim.h"

enum { NAMES = 3 };

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice id = SLICE_NONE;
    struct evidence_sighting *seen;
    size_t said = 0;
    if (!c->lookup || !c->http || slice_is_none(c->entry->user) ||
        !scim_path_id(c->facts->path, "users", &id, c->arena))
        return;
    size_t count = ask_sightings(c, id, SLICE_NONE, &seen);
    for (size_t i = 0; i < count && said < NAMES; i++) {
        if (slice_equal_fold(seen[i].name, c->entry->user) || !seen[i].name.len)
            continue;
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The id \"%.*s\" is also shown under another userName, \"%.*s\", the first "
                     "time at %s",
                     EVIDENCE_QUOTE(id), EVIDENCE_QUOTE(seen[i].name),
                     moment_of(c, seen[i].time_us));
        evidence_rests_on(out, c, seen[i].entry);
        said++;
    }
}

const struct evidence_check evidence_renames = {.id = "renames", .run = run};
