/* Knows what a source does not show: missing record ids, silences, cleared logs. All of it is read
 * off the runs of extent.h, which were noted at import or come from a walk over the entries, so
 * that neither order nor number of the entries matters. */
#include "core/index/coverage.h"

#include "core/base/alloc.h"
#include "core/index/extent.h"
#include "core/index/private.h"

#include <stdlib.h>

enum {
    WALK_RUNS = 2 * 1024 * 1024, /* runs of ids in one walk: 64 MiB with those of other sources */
    GAP_MINUTES = 60,
    PAUSES_JUDGED = 4,
    GAP_TIMES = 4,
    DAY_MINUTES = 24 * 60
};

struct covering {
    const struct store_source *source;
    struct coverage *out;
    bool walked; /* nothing was noted */
    struct extent held, others;
};

/* The names of a log by their numbers. */
struct log_name {
    int64_t computer, channel;
    struct slice computer_text, channel_text;
};

struct walk {
    struct store *s;
    struct covering *all;
    size_t count;
    struct arena names_held;
    struct log_name names[EXTENT_LOGS];
    size_t name_count, latest;
    struct fault *why;
};

/* --- the walk over the entries ---------------------------------------------------------------- */

/* NULL with FAULT_NONE: there are too many logs. */
static enum fault_code find_name(struct walk *w, int64_t computer, int64_t channel,
                                 const struct log_name **out)
{
    struct log_name *names = w->names;
    *out = &names[w->latest];
    if (w->name_count && (*out)->computer == computer && (*out)->channel == channel)
        return FAULT_NONE;
    for (w->latest = 0; w->latest < w->name_count; w->latest++) {
        *out = &names[w->latest];
        if ((*out)->computer == computer && (*out)->channel == channel)
            return FAULT_NONE;
    }
    *out = NULL;
    if (w->name_count == EXTENT_LOGS) {
        w->latest = 0;
        return FAULT_NONE;
    }
    struct log_name *name = &names[w->latest];
    name->computer = computer;
    name->channel = channel;
    enum fault_code code =
        dictionary_text(w->s, computer, &w->names_held, &name->computer_text, w->why);
    if (!code)
        code = dictionary_text(w->s, channel, &w->names_held, &name->channel_text, w->why);
    if (!code) {
        w->name_count++;
        *out = name;
    }
    return code;
}

static void meet(struct covering *c, int64_t source, const struct extent_entry *entry)
{
    if (!c->walked)
        return;
    if (c->source->id == source)
        extent_add(&c->held, entry);
    else if (c->out->shared)
        extent_add(&c->others, entry);
}

static enum fault_code walk_entries(struct walk *w)
{
    sqlite3_stmt *st = store_statement(
        w->s,
        "SELECT e.source, e.time_us, coalesce(e.computer, 0), coalesce(e.channel, 0), "
        "e.record_id, e.event_id IN (104, 1102) AND p.text = 'Microsoft-Windows-Eventlog' "
        "FROM entry e LEFT JOIN string p ON p.id = e.provider WHERE e.bulk IS NULL",
        w->why);
    if (!st)
        return store_statement_fault(w->why);
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const struct log_name *name = NULL;
        struct extent_entry entry = {.record_id = store_column_int(st, 4, -1),
                                     .time_us = store_column_int(st, 1, TIME_NONE),
                                     .cleared = sqlite3_column_int(st, 5) != 0};
        int64_t source = sqlite3_column_int64(st, 0);
        if (entry.record_id >= 0)
            code = find_name(w, sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 3), &name);
        if (name) {
            entry.computer = name->computer_text;
            entry.channel = name->channel_text;
        }
        for (size_t i = 0; !code && i < w->count; i++) {
            if (entry.record_id >= 0 && !name && w->all[i].walked)
                w->all[i].held.ids_lost = true;
            meet(&w->all[i], source, &entry);
        }
    }
    sqlite3_reset(st);
    return code || rc == SQLITE_DONE ? code : store_sql_fault(w->s, rc, w->why);
}

/* --- what is missing -------------------------------------------------------------------------- */

static void find_holes(struct covering *c, struct arena *arena)
{
    struct coverage *out = c->out;
    for (size_t i = 0; i < c->held.log_count; i++) {
        const struct extent_log *log = &c->held.logs[i];
        out->twice += log->ids.twice;
        for (size_t j = 1; j < log->ids.count; j++) {
            int64_t from = log->ids.at[j - 1].last + 1, to = log->ids.at[j].first - 1;
            out->holes++;
            out->missing += (uint64_t)(to - from) + 1;
            if (out->hole_count < COVERAGE_KEPT)
                out->hole[out->hole_count++] =
                    (struct coverage_hole){.computer = arena_copy(arena, log->computer),
                                           .channel = arena_copy(arena, log->channel),
                                           .from_id = from,
                                           .to_id = to};
        }
    }
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t pause_before(const struct extent_runs *minutes, size_t run)
{
    return minutes->at[run].first - minutes->at[run - 1].last - 1;
}

/* How many minutes of silence are too many for this source. */
static int64_t silence(const struct extent_runs *minutes)
{
    size_t count = minutes->count - 1;
    if (count < PAUSES_JUDGED)
        return DAY_MINUTES;
    int64_t *pauses = xcalloc(count, sizeof *pauses);
    for (size_t i = 0; i < count; i++)
        pauses[i] = pause_before(minutes, i + 1);
    qsort(pauses, count, sizeof *pauses, compare_numbers);
    int64_t usual = pauses[count / 2] * GAP_TIMES;
    free(pauses);
    return usual > GAP_MINUTES ? usual : GAP_MINUTES;
}

static void find_gaps(struct covering *c)
{
    const struct extent_runs *minutes = &c->held.minutes;
    struct coverage *out = c->out;
    int64_t least = minutes->count > 1 ? silence(minutes) : 0;
    for (size_t i = 1; i < minutes->count; i++)
        if (pause_before(minutes, i) >= least && out->gaps++ < COVERAGE_KEPT)
            out->gap[out->gap_count++] = (struct coverage_gap){
                (minutes->at[i - 1].last + 1) * TIME_MINUTE, minutes->at[i].first * TIME_MINUTE};
}

static enum fault_code find_damage(struct walk *w, struct covering *c, struct arena *arena)
{
    sqlite3_stmt *st = store_statement(w->s,
                                       "SELECT position, offset, text FROM damaged WHERE "
                                       "source = ?1 ORDER BY position, offset LIMIT ?2",
                                       w->why);
    if (!st)
        return store_statement_fault(w->why);
    store_bind_int(st, 1, c->source->id);
    store_bind_int(st, 2, COVERAGE_KEPT);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && c->out->damage_count < COVERAGE_KEPT)
        c->out->damage[c->out->damage_count++] =
            (struct coverage_damage){.position = (uint64_t)sqlite3_column_int64(st, 0),
                                     .offset = (uint64_t)sqlite3_column_int64(st, 1),
                                     .text = arena_copy(arena, store_column(st, 2))};
    sqlite3_reset(st);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? FAULT_NONE : store_sql_fault(w->s, rc, w->why);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void add_time(struct extent *x, int64_t time_us)
{
    extent_add(x, &(struct extent_entry){.record_id = -1, .time_us = time_us});
}

static enum fault_code conclude(struct walk *w, struct covering *c, struct arena *arena)
{
    if (c->out->unread)
        return find_damage(w, c, arena);
    if (c->walked && c->out->shared) {
        /* its ends are known even where all its entries are another's */
        if (c->source->first_us != TIME_NONE) {
            add_time(&c->held, c->source->first_us);
            add_time(&c->held, c->source->last_us);
        }
        extent_add_inside(&c->held, &c->others);
    }
    extent_settle(&c->held);
    c->out->timeless = c->held.timeless;
    c->out->cleared = c->held.cleared;
    c->out->ids_unread = c->held.ids_lost;
    find_holes(c, arena);
    find_gaps(c);
    return find_damage(w, c, arena);
}

static enum fault_code cover(struct store *s, const struct store_source *sources, size_t count,
                             bool walk, struct arena *arena, struct coverage *out,
                             struct fault *why)
{
    struct covering *all = xcalloc(count, sizeof *all);
    struct walk *w = xcalloc(1, sizeof *w);
    enum fault_code code = FAULT_NONE;
    bool any = false;
    *w = (struct walk){.s = s, .all = all, .count = count, .why = why};
    arena_init(&w->names_held);
    for (size_t i = 0; !code && i < count; i++) {
        bool found = false;
        out[i].source = sources[i].id;
        all[i] = (struct covering){.source = &sources[i], .out = &out[i]};
        extent_init(&all[i].held, EXTENT_RUNS);
        extent_init(&all[i].others, WALK_RUNS / count);
        code = extent_read(s, sources[i].id, &all[i].held, &found, why);
        if (code || found)
            continue;
        all[i].held.limit = WALK_RUNS / count;
        all[i].walked = walk;
        any = any || walk;
        out[i].unread = !walk;
        out[i].shared = sources[i].duplicates > 0;
    }
    if (!code && any)
        code = walk_entries(w);
    for (size_t i = 0; i < count; i++) {
        if (!code)
            code = conclude(w, &all[i], arena);
        extent_free(&all[i].held);
        extent_free(&all[i].others);
    }
    arena_free(&w->names_held);
    free(w);
    free(all);
    return code;
}

static enum fault_code cover_all(struct store *s, const struct store_source *sources, size_t count,
                                 bool walk, struct arena *arena, struct coverage **out,
                                 struct fault *why)
{
    *out = arena_zalloc(arena, count, sizeof **out);
    bool own;
    enum fault_code code = store_read_begin(s, &own, why);
    for (size_t at = 0; !code && at < count; at += COVERAGE_SOURCES) {
        size_t part = count - at < COVERAGE_SOURCES ? count - at : COVERAGE_SOURCES;
        code = cover(s, sources + at, part, walk, arena, *out + at, why);
    }
    store_read_end(s, own);
    return code;
}

enum fault_code store_coverage(struct store *s, const struct store_source *sources, size_t count,
                               struct arena *arena, struct coverage **out, struct fault *why)
{
    return cover_all(s, sources, count, true, arena, out, why);
}

enum fault_code store_coverage_quick(struct store *s, const struct store_source *sources,
                                     size_t count, struct arena *arena, struct coverage **out,
                                     struct fault *why)
{
    uint64_t entries = 0;
    for (size_t i = 0; i < count; i++)
        entries += sources[i].held;
    return cover_all(s, sources, count, entries <= COVERAGE_QUICK, arena, out, why);
}
