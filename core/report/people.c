/* Knows which entries of an index are asked whom they name; see people.h. */
#include "core/report/people.h"

struct learning {
    struct pseudonyms *people;
    void (*also)(void *self, const struct entry *entry, struct slice raw);
    void *self;
    _Atomic bool *stop;
    enum fault_code code;
    struct fault *why;
};

static bool learn(void *self, const struct entry *entry, struct slice raw)
{
    struct learning *l = self;
    if (l->stop && *l->stop)
        l->code = fault_set(l->why, FAULT_CANCELLED, "stopped");
    else
        l->code = pseudonyms_learn(l->people, entry, raw, l->why);
    if (l->also)
        l->also(l->self, entry, raw);
    return !l->code;
}

/* Users of entries that are not selected: sentences about others may name them. */
static enum fault_code learn_users(struct learning *l, struct store *s)
{
    struct selection *all = NULL;
    struct facet_row *rows;
    size_t count = 0;
    struct arena arena;
    arena_init(&arena);
    enum fault_code code = selection_open(&all, s, NULL, l->why);
    if (!code)
        code = selection_facet(all, FACET_USER, PSEUDONYMS_LIMIT, &arena, &rows, &count, l->why);
    selection_close(all);
    for (size_t i = 0; !code && i < count; i++) {
        struct entry named = {.user = rows[i].value};
        code = slice_is_none(rows[i].value)
                   ? FAULT_NONE
                   : pseudonyms_learn(l->people, &named, SLICE_NONE, l->why);
    }
    arena_free(&arena);
    return code;
}

enum fault_code people_learn(struct pseudonyms **out, struct store *s, const struct filter *filter,
                             const struct rulebook *book,
                             void (*also)(void *self, const struct entry *entry, struct slice raw),
                             void *self, _Atomic bool *stop, struct fault *why)
{
    const struct hash_key *key;
    struct selection *sel = NULL;
    *out = NULL;
    enum fault_code code = store_key(s, &key, why);
    if (code)
        return code;
    struct learning l = {
        .people = pseudonyms_new(key, book), .also = also, .self = self, .stop = stop, .why = why};
    code = learn_users(&l, s);
    if (!code)
        code = selection_open(&sel, s, filter, why);
    if (!code)
        code = selection_each(sel, ORDER_OLDEST, true, learn, &l, why);
    selection_close(sel);
    if (l.code)
        code = l.code;
    if (code)
        pseudonyms_free(l.people);
    else
        *out = l.people;
    return code;
}
