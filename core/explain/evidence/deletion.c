/* Knows whether an earlier event of the same agent speaks of a deletion of the same user, which a
 * refused re-creation follows from. The words are what event logs hold: no proof, but a trace. */
#include "core/explain/evidence/check.h"

enum { EVENTS = 60 };

static bool speaks_of_deletion(struct slice text)
{
    return slice_find_fold(text, SLICE("delete")) != SIZE_MAX ||
           slice_find_fold(text, SLICE("deletion")) != SIZE_MAX ||
           slice_find(text, SLICE("削除")) != SIZE_MAX;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    const struct entry *entry = c->entry;
    struct ask ask;
    struct evidence_found *found;
    if (!evidence_category(c, "conflict") || entry->kind != KIND_EVENT || entry->user.len == 0 ||
        entry->time_us == TIME_NONE)
        return;
    ask_begin(&ask);
    ask_words(&ask, "kind:event");
    ask_value(&ask, FILTER_USER, entry->user);
    ask_time(&ask, entry->time_us - 90 * TIME_DAY, entry->time_us - 1);
    size_t count = ask_entries(&ask, c, true, EVENTS, true, &found);
    for (size_t i = 0; i < count; i++) {
        struct record record;
        struct fault unread;
        if (!slice_equal_fold(found[i].entry.user, entry->user) ||
            !slice_equal(found[i].entry.provider, entry->provider) || found[i].entry.failure ||
            record_read(&record, found[i].raw, c->arena, &unread) || record.kind != KIND_EVENT ||
            !speaks_of_deletion(record_event_text(&record.event, c->arena)))
            continue;
        bool day = slice_is(c->rule->vendor, "iij");
        const char *at = moment_of(c, found[i].entry.time_us);
        if (day)
            evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                         "An earlier event speaks of a deletion of \"%.*s\" at %s; values of a "
                         "deleted user are free again after a day at the earliest: %s",
                         EVIDENCE_QUOTE(entry->user), at,
                         moment_of(c, found[i].entry.time_us + TIME_DAY));
        else
            evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                         "An earlier event speaks of a deletion of \"%.*s\" at %s",
                         EVIDENCE_QUOTE(entry->user), at);
        evidence_rests_on(out, c, found[i].entry.id);
        return;
    }
}

const struct evidence_check evidence_deletion = {.id = "earlier-deletion", .run = run};
