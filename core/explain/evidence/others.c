/* Knows how often the same failure met the same user, and who else meets it. */
#include "core/explain/evidence/check.h"

static void own(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct ask ask;
    struct evidence_tally tally;
    if (c->entry->user.len == 0)
        return;
    ask_begin(&ask);
    ask_value(&ask, FILTER_CLASS, c->entry->class_id);
    ask_value(&ask, FILTER_USER, c->entry->user);
    if (!ask_tally(&ask, c, &tally) || tally.entries < 2)
        return;
    evidence_say(out, c, self, EVIDENCE_SHOWN,
                 "\"%.*s\" met this failure %llu times, from %s to %s",
                 EVIDENCE_QUOTE(c->entry->user), (unsigned long long)tally.entries,
                 moment_of(c, tally.first_us), moment_of(c, tally.last_us));
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    enum { NAMED = 4 };
    struct ask ask;
    struct evidence_tally tally;
    struct evidence_found *found;
    if (!c->lookup || !rule_is_failure(c->rule) || slice_is_none(c->entry->class_id))
        return;
    own(out, c, self);
    ask_begin(&ask);
    ask_value(&ask, FILTER_CLASS, c->entry->class_id);
    ask_without(&ask, FILTER_USER, c->entry->user.len ? c->entry->user : SLICE_NONE);
    if (!ask_tally(&ask, c, &tally) || tally.users == 0)
        return;
    const char *from = moment_of(c, tally.first_us), *to = moment_of(c, tally.last_us);
    if (tally.users == 1)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "One other user met the same failure, from %s to %s", from, to);
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "%llu other users met the same failure, from %s to %s",
                     (unsigned long long)tally.users, from, to);
    ask_begin(&ask);
    ask_value(&ask, FILTER_CLASS, c->entry->class_id);
    ask_without(&ask, FILTER_USER, c->entry->user.len ? c->entry->user : SLICE_NONE);
    size_t count = ask_entries(&ask, c, true, NAMED, false, &found);
    for (size_t i = 0; i < count; i++)
        evidence_rests_on(out, c, found[i].entry.id);
}

const struct evidence_check evidence_others = {.id = "who-else", .run = run};
