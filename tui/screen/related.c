/* See related.h. */
#include "tui/screen/related.h"

#include "core/base/words.h"

enum { AROUND = 3, RELATED = 2 * AROUND + 2 };

struct collecting {
    struct store *store;
    struct arena *arena;
    struct related_entry *rows;
    size_t count;
    struct fault *why;
};

static enum fault_code add(struct collecting *k, int64_t id, const char *how)
{
    struct related_entry *row = &k->rows[k->count];
    for (size_t i = 0; i < k->count; i++)
        if (k->rows[i].entry.id == id)
            return FAULT_NONE;
    if (id <= 0 || k->count == RELATED)
        return FAULT_NONE;
    enum fault_code bad = store_entry(k->store, id, k->arena, &row->entry, NULL, k->why);
    row->how = how;
    k->count += !bad;
    return bad == FAULT_USAGE ? FAULT_NONE : bad; /* taken out of the index meanwhile */
}

static enum fault_code add_attempts(struct collecting *k, const struct entry *entry,
                                    const struct problem *problem)
{
    int64_t *ids;
    size_t count, at = 0;
    enum fault_code bad = problem_entries(k->store, problem, k->arena, &ids, &count, k->why);
    while (!bad && at < count && ids[at] != entry->id)
        at++;
    if (!bad && at == count)
        at = 0; /* beyond those that are told: the first ones */
    for (size_t i = at > AROUND ? at - AROUND : 0; !bad && i < count && i <= at + AROUND; i++)
        if (ids[i] != entry->id)
            bad = add(k, ids[i], i < at ? N_("failed so before") : N_("failed so again"));
    return bad;
}

enum fault_code related_collect(struct store *store, const struct entry *entry, struct arena *arena,
                                struct related_entry **out, size_t *count, struct fault *why)
{
    struct collecting k = {.store = store,
                           .arena = arena,
                           .rows = arena_zalloc(arena, RELATED + 1, sizeof *k.rows),
                           .why = why};
    struct problem problem = {0};
    bool found = false;
    enum fault_code bad = add(&k, entry->user_entry, N_("names the user"));
    if (!bad && entry->failure)
        bad = problem_of_entry(store, entry->id, arena, &problem, &found, why);
    if (!bad && found)
        bad = add_attempts(&k, entry, &problem);
    if (!bad && found)
        bad = add(&k, problem.resolved_by, N_("succeeded later"));
    *out = k.rows;
    *count = bad ? 0 : k.count;
    return bad;
}
