/* Knows what a batch leaves for linking users to look at again: the event groups and resource ids
 * it touched, and the names that its calls show for ids (store.h, core/explain/link.h). */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { GROUP_SLOTS = 1024, SEEN_SLOTS = 64 * 1024, RANGES_FIRST = 64 };

/* Numbers of event groups by their three dictionary ids. */
struct group_cache {
    struct group_slot {
        int64_t computer, channel, provider, id;
    } slots[GROUP_SLOTS];
};

void group_forget(struct store *s)
{
    free(s->groups);
    s->groups = NULL;
}

enum fault_code group_id_of(struct store *s, int64_t computer, int64_t channel, int64_t provider,
                            int64_t *out, struct fault *why)
{
    if (!s->groups)
        s->groups = xcalloc(1, sizeof *s->groups);
    uint64_t hash = (uint64_t)computer * 31 + (uint64_t)channel * 1009 + (uint64_t)provider;
    struct group_slot *slot = &s->groups->slots[hash % GROUP_SLOTS];
    *out = slot->id;
    if (slot->id && slot->computer == computer && slot->channel == channel &&
        slot->provider == provider)
        return FAULT_NONE;
    sqlite3_stmt *st =
        store_statement(s,
                        "INSERT INTO link_group(computer, channel, provider) VALUES(?1, ?2, ?3) "
                        "ON CONFLICT DO UPDATE SET computer = computer RETURNING id",
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, computer);
    store_bind_int(st, 2, channel);
    store_bind_int(st, 3, provider);
    int rc = sqlite3_step(st);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    while (rc == SQLITE_ROW)
        rc = sqlite3_step(st);
    enum fault_code code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    if (!code)
        *slot = (struct group_slot){computer, channel, provider, *out};
    return code;
}

struct range {
    int64_t group, from_us, to_us;
};

/* Whether a table holds anything that this batch could meet: most indexes that are filled have
 * none, and then nothing is looked up in it entry by entry. */
enum any { ANY_UNKNOWN, ANY_NONE, ANY_SOME };

struct notes {
    struct store *s;
    enum any problems;    /* rows of `problem` */
    struct range *ranges; /* at most one per event of the batch */
    size_t count, room;
    struct shown_names shown;
    /* Names and keys noted in this batch, by hash; a collision only notes twice. */
    struct seen {
        uint64_t hash;
        int64_t time_us;
    } * seen;
};

struct notes *notes_begin(struct store *s)
{
    struct notes *n = s->notes;
    if (!n) {
        n = s->notes = xcalloc(1, sizeof *n);
        n->s = s;
        shown_init(&n->shown);
    }
    n->problems = ANY_UNKNOWN;
    n->count = 0;
    shown_reset(&n->shown);
    if (n->seen)
        memset(n->seen, 0, SEEN_SLOTS * sizeof *n->seen);
    return n;
}

void notes_close(struct store *s)
{
    if (!s->notes)
        return;
    shown_free(&s->notes->shown);
    free(s->notes->ranges);
    free(s->notes->seen);
    free(s->notes);
    s->notes = NULL;
}

void notes_event(struct notes *n, int64_t group, int64_t time_us)
{
    /* Groups come in runs: the newest range is looked at first. */
    for (size_t i = n->count; i > 0; i--) {
        struct range *r = &n->ranges[i - 1];
        if (r->group != group)
            continue;
        r->from_us = time_us < r->from_us ? time_us : r->from_us;
        r->to_us = time_us > r->to_us ? time_us : r->to_us;
        return;
    }
    if (n->count == n->room) {
        n->room = n->room ? n->room * 2 : RANGES_FIRST;
        n->ranges = xrealloc(n->ranges, n->room, sizeof *n->ranges);
    }
    n->ranges[n->count++] = (struct range){group, time_us, time_us};
}

/* True when (hash) was noted with a time not after this one. */
static bool seen_before(struct notes *n, uint64_t hash, int64_t time_us)
{
    if (!n->seen)
        n->seen = xcalloc(SEEN_SLOTS, sizeof *n->seen);
    struct seen *slot = &n->seen[hash % SEEN_SLOTS];
    if (slot->hash == hash && slot->time_us <= time_us)
        return true;
    *slot = (struct seen){hash, time_us};
    return false;
}

static enum fault_code note(struct store *s, enum entry_kind kind, int64_t group, struct slice key,
                            int64_t from_us, int64_t to_us, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "INSERT INTO link_note(kind, grp, key, from_us, to_us) VALUES(?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(kind, grp, key) DO UPDATE SET from_us = min(from_us, excluded.from_us), "
        "to_us = max(to_us, excluded.to_us)",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, kind);
    store_bind_int(st, 2, group);
    store_bind(st, 3, key);
    store_bind_int(st, 4, from_us);
    store_bind_int(st, 5, to_us);
    return store_run(s, st, why);
}

static enum fault_code find_any(struct store *s, const char *sql, enum any *out, struct fault *why)
{
    int64_t one = 0;
    enum fault_code code = *out ? FAULT_NONE : store_ask(s, sql, 0, &one, why);
    if (!code && !*out)
        *out = one ? ANY_SOME : ANY_NONE;
    return code;
}

enum fault_code note_key(struct store *s, int64_t host, struct slice key, struct fault *why)
{
    return note(s, KIND_HTTP, host, key, 0, 0, why);
}

/* A later call of the batch that shows the same name for the same id tells nothing new. */
static enum fault_code show_name(struct notes *n, const struct shown_name *shown, struct fault *why)
{
    uint64_t hash = slice_hash(shown->name, slice_hash(shown->id, (uint64_t)shown->host) | 1);
    return seen_before(n, hash, shown->time_us) ? FAULT_NONE
                                                : shown_add(n->s, &n->shown, shown, why);
}

struct shown_name shown_name_of(const struct identity *shown, const struct entry *entry,
                                int64_t host, int64_t source_id)
{
    return (struct shown_name){.host = host,
                               .id = shown->id,
                               .name = shown->name,
                               .time_us = entry->time_us == TIME_NONE ? INT64_MAX : entry->time_us,
                               .source = source_id,
                               .position = entry->position,
                               .entry = entry->id};
}

enum fault_code notes_call(struct notes *n, const struct stored *stored, int64_t host,
                           int64_t source_id, struct fault *why)
{
    const struct link_facts *link = &stored->link;
    enum fault_code code = FAULT_NONE;
    if (!slice_is_none(link->key) && !seen_before(n, slice_hash(link->key, (uint64_t)host), 0))
        code = note_key(n->s, host, link->key, why);
    for (size_t i = 0; !code && i < link->shown_count; i++) {
        struct shown_name one = shown_name_of(&link->shown[i], &stored->entry, host, source_id);
        code = show_name(n, &one, why);
    }
    return code;
}

/* A success changes nothing but a problem that there is: failures that are not derived yet have
 * noted their subject themselves. */
static enum fault_code has_problem(struct notes *n, int64_t subject, bool *has, struct fault *why)
{
    enum fault_code code = find_any(n->s, "SELECT 1 FROM problem LIMIT 1", &n->problems, why);
    *has = false;
    if (code || n->problems == ANY_NONE)
        return code;
    sqlite3_stmt *st =
        store_statement(n->s, "SELECT 1 FROM problem WHERE subject = ?1 LIMIT 1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, subject);
    int rc = sqlite3_step(st);
    *has = rc == SQLITE_ROW;
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(n->s, rc, why);
}

enum fault_code notes_subject(struct notes *n, int64_t subject, enum outcome outcome,
                              struct fault *why)
{
    if (!subject ||
        seen_before(n,
                    slice_hash(outcome == OUTCOME_DONE ? SLICE("done") : SLICE("subject"),
                               (uint64_t)subject),
                    0))
        return FAULT_NONE;
    bool noted = true;
    enum fault_code code =
        outcome == OUTCOME_DONE ? has_problem(n, subject, &noted, why) : FAULT_NONE;
    return code || !noted ? code : subject_note(n->s, subject, why);
}

enum fault_code notes_write(struct notes *n, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < n->count; i++)
        code = note(n->s, KIND_EVENT, n->ranges[i].group, SLICE(""), n->ranges[i].from_us,
                    n->ranges[i].to_us, why);
    return code ? code : shown_flush(n->s, &n->shown, why);
}
