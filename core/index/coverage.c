/* Knows what a source does not show: missing record ids, silences, cleared logs. Ids and minutes
 * are collected in bit sets during one walk over the entries, so that neither order nor number of
 * the entries matters. */
#include "core/index/coverage.h"

#include "core/base/alloc.h"
#include "core/index/private.h"

#include <stdlib.h>

enum {
    LOGS_LIMIT = 256,               /* logs (computer, channel) of one source */
    BITS_LIMIT = 256 * 1024 * 1024, /* bits of all sets together: 32 MiB for ids and for times */
    BITS_OF_SET = 64 * 1024 * 1024, /* bits of one set */
    PAUSE_MINUTES = 10,
    GAP_MINUTES = 60,
    PAUSES_JUDGED = 4,
    GAP_TIMES = 4,
    DAY_MINUTES = 24 * 60,
    PAUSES_KEPT = 4096 /* for the median */
};

struct bits {
    uint64_t *words;
    uint64_t count;
};

/* One log in one source. */
struct log {
    int64_t computer, channel;
    int64_t first_id, last_id;
    struct bits ids;
};

struct covering {
    const struct store_source *source;
    struct coverage *out;
    bool shared; /* has duplicates: what other sources hold counts too */
    struct log *logs;
    size_t log_count;
    struct bits minutes;
    int64_t minute_us; /* of one bit: a minute, more when the source spans centuries */
};

struct walk {
    struct store *s;
    struct covering *all;
    size_t count;
    uint64_t bits; /* given out so far */
    struct fault *why;
};

static void bits_make(struct walk *w, struct bits *set, uint64_t count)
{
    set->words = xcalloc((size_t)(count / 64 + 1), sizeof *set->words);
    set->count = count;
    w->bits += count;
}

/* Sets a bit; whether it was set before. */
static bool bits_set(struct bits *set, uint64_t at)
{
    uint64_t mask = UINT64_C(1) << (at % 64);
    bool before = (set->words[at / 64] & mask) != 0;
    set->words[at / 64] |= mask;
    return before;
}

/* The first bit at or behind `from` that is (un)set, else `count`. */
static uint64_t bits_find(const struct bits *set, uint64_t from, bool value)
{
    while (from < set->count) {
        uint64_t word = value ? set->words[from / 64] : ~set->words[from / 64];
        word &= UINT64_MAX << (from % 64);
        if (word) {
            from = from / 64 * 64 + (uint64_t)__builtin_ctzll(word);
            return from < set->count ? from : set->count;
        }
        from = (from / 64 + 1) * 64;
    }
    return set->count;
}

/* --- first walk: which ids each log of a source spans ----------------------------------------- */

static struct log *log_of(struct covering *c, int64_t computer, int64_t channel, bool make)
{
    for (size_t i = 0; i < c->log_count; i++)
        if (c->logs[i].computer == computer && c->logs[i].channel == channel)
            return &c->logs[i];
    if (!make)
        return NULL;
    if (c->log_count == LOGS_LIMIT) {
        c->out->ids_unread = true;
        return NULL;
    }
    if (!c->logs)
        c->logs = xcalloc(LOGS_LIMIT, sizeof *c->logs);
    c->logs[c->log_count] = (struct log){
        .computer = computer, .channel = channel, .first_id = INT64_MAX, .last_id = INT64_MIN};
    return &c->logs[c->log_count++];
}

static struct covering *covering_of(struct walk *w, int64_t source_id)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->all[i].source->id == source_id)
            return &w->all[i];
    return NULL;
}

static enum fault_code measure(struct walk *w)
{
    sqlite3_stmt *st = store_statement(
        w->s,
        "SELECT source, coalesce(computer, 0), coalesce(channel, 0), min(record_id), "
        "max(record_id) FROM entry WHERE record_id IS NOT NULL GROUP BY 1, 2, 3",
        w->why);
    if (!st)
        return store_statement_fault(w->why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct covering *c = covering_of(w, sqlite3_column_int64(st, 0));
        struct log *log =
            c ? log_of(c, sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2), true) : NULL;
        if (!log)
            continue;
        log->first_id = sqlite3_column_int64(st, 3);
        log->last_id = sqlite3_column_int64(st, 4);
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(w->s, rc, w->why);
}

static void make_sets(struct walk *w)
{
    uint64_t share = BITS_LIMIT / 2 / w->count;
    for (size_t i = 0; i < w->count; i++) {
        struct covering *c = &w->all[i];
        const struct store_source *source = c->source;
        for (size_t j = 0; j < c->log_count; j++) {
            struct log *log = &c->logs[j];
            uint64_t span = (uint64_t)log->last_id - (uint64_t)log->first_id;
            if (log->first_id < 0 || span >= BITS_OF_SET || w->bits + span >= BITS_LIMIT / 2)
                c->out->ids_unread = true;
            else
                bits_make(w, &log->ids, span + 1);
        }
        if (source->first_us == TIME_NONE)
            continue;
        uint64_t span = (uint64_t)source->last_us - (uint64_t)source->first_us;
        uint64_t bits = span / TIME_MINUTE + 1;
        c->minute_us = TIME_MINUTE;
        while (bits > share || bits > BITS_OF_SET) {
            c->minute_us *= 2;
            bits = span / (uint64_t)c->minute_us + 1;
        }
        bits_make(w, &c->minutes, bits);
    }
}

/* --- second walk: what is there --------------------------------------------------------------- */

static void meet(struct covering *c, sqlite3_stmt *row, bool own)
{
    int64_t time_us = store_column_int(row, 1, TIME_NONE);
    const struct store_source *source = c->source;
    bool inside = source->first_us != TIME_NONE && time_us != TIME_NONE &&
                  time_us >= source->first_us && time_us <= source->last_us;
    if (time_us == TIME_NONE && own)
        c->out->timeless++;
    if (inside && c->minutes.words)
        bits_set(&c->minutes,
                 ((uint64_t)time_us - (uint64_t)source->first_us) / (uint64_t)c->minute_us);
    if (own && sqlite3_column_int(row, 5))
        c->out->cleared++;
    if (sqlite3_column_type(row, 4) == SQLITE_NULL)
        return;
    int64_t id = sqlite3_column_int64(row, 4);
    struct log *log = log_of(c, sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3), false);
    if (!log || !log->ids.words || id < log->first_id || id > log->last_id)
        return;
    if (bits_set(&log->ids, (uint64_t)id - (uint64_t)log->first_id) && own)
        c->out->twice++;
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
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        for (size_t i = 0; i < w->count; i++) {
            bool own = w->all[i].source->id == sqlite3_column_int64(st, 0);
            if (own || w->all[i].shared)
                meet(&w->all[i], st, own);
        }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(w->s, rc, w->why);
}

/* --- what is missing -------------------------------------------------------------------------- */

static enum fault_code find_holes(struct walk *w, struct covering *c, struct arena *arena)
{
    struct coverage *out = c->out;
    for (size_t i = 0; i < c->log_count; i++) {
        const struct log *log = &c->logs[i];
        const struct bits *ids = &log->ids;
        for (uint64_t at = 0; (at = bits_find(ids, at, false)) < ids->count;) {
            uint64_t end = bits_find(ids, at, true);
            out->holes++;
            out->missing += end - at;
            if (out->hole_count < COVERAGE_KEPT) {
                struct coverage_hole *hole = &out->hole[out->hole_count++];
                hole->from_id = log->first_id + (int64_t)at;
                hole->to_id = log->first_id + (int64_t)end - 1;
                enum fault_code code =
                    dictionary_text(w->s, log->computer, arena, &hole->computer, w->why);
                if (!code)
                    code = dictionary_text(w->s, log->channel, arena, &hole->channel, w->why);
                if (code)
                    return code;
            }
            at = end;
        }
    }
    return FAULT_NONE;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* How many bits of silence are too many for this source. */
static uint64_t silence(const struct covering *c)
{
    uint64_t unit = (uint64_t)(c->minute_us / TIME_MINUTE);
    uint64_t *pauses = xcalloc(PAUSES_KEPT, sizeof *pauses);
    size_t count = 0;
    for (uint64_t at = 0; (at = bits_find(&c->minutes, at, false)) < c->minutes.count;) {
        uint64_t end = bits_find(&c->minutes, at, true);
        if ((end - at) * unit >= PAUSE_MINUTES && count < PAUSES_KEPT)
            pauses[count++] = end - at;
        at = end;
    }
    qsort(pauses, count, sizeof *pauses, compare_numbers);
    uint64_t least = GAP_MINUTES / unit, day = DAY_MINUTES / unit;
    uint64_t usual = count >= PAUSES_JUDGED ? pauses[count / 2] * GAP_TIMES : day;
    free(pauses);
    least = usual > least ? usual : least;
    return least ? least : 1;
}

static void find_gaps(struct covering *c)
{
    if (!c->minutes.words)
        return;
    struct coverage *out = c->out;
    uint64_t least = silence(c);
    for (uint64_t at = 0; (at = bits_find(&c->minutes, at, false)) < c->minutes.count;) {
        uint64_t end = bits_find(&c->minutes, at, true);
        if (end - at >= least && out->gaps++ < COVERAGE_KEPT)
            out->gap[out->gap_count++] =
                (struct coverage_gap){c->source->first_us + (int64_t)at * c->minute_us,
                                      c->source->first_us + (int64_t)end * c->minute_us};
        at = end;
    }
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

static enum fault_code cover(struct store *s, const struct store_source *sources, size_t count,
                             struct arena *arena, struct coverage *out, struct fault *why)
{
    struct covering *all = xcalloc(count, sizeof *all);
    struct walk w = {.s = s, .all = all, .count = count, .why = why};
    for (size_t i = 0; i < count; i++) {
        out[i].source = sources[i].id;
        all[i] = (struct covering){
            .source = &sources[i], .out = &out[i], .shared = sources[i].duplicates > 0};
    }
    enum fault_code code = measure(&w);
    if (!code) {
        make_sets(&w);
        code = walk_entries(&w);
    }
    for (size_t i = 0; i < count; i++) {
        if (!code)
            code = find_holes(&w, &all[i], arena);
        if (!code)
            code = find_damage(&w, &all[i], arena);
        if (!code)
            find_gaps(&all[i]);
        for (size_t j = 0; j < all[i].log_count; j++)
            free(all[i].logs[j].ids.words);
        free(all[i].logs);
        free(all[i].minutes.words);
    }
    free(all);
    return code;
}

enum fault_code store_coverage(struct store *s, const struct store_source *sources, size_t count,
                               struct arena *arena, struct coverage **out, struct fault *why)
{
    *out = arena_zalloc(arena, count, sizeof **out);
    bool own;
    enum fault_code code = store_read_begin(s, &own, why);
    for (size_t at = 0; !code && at < count; at += COVERAGE_SOURCES) {
        size_t part = count - at < COVERAGE_SOURCES ? count - at : COVERAGE_SOURCES;
        code = cover(s, sources + at, part, arena, *out + at, why);
    }
    store_read_end(s, own);
    return code;
}

bool coverage_is_whole(const struct store_source *source, const struct coverage *c)
{
    return source->complete && !source->damaged && !c->holes && !c->gaps && !c->twice &&
           !c->cleared && !c->ids_unread;
}

struct coverage_sum coverage_sum(const struct store_source *sources, const struct coverage *found,
                                 size_t count)
{
    struct coverage_sum sum = {.first_us = TIME_NONE, .last_us = TIME_NONE};
    for (size_t i = 0; i < count; i++) {
        const struct store_source *s = &sources[i];
        sum.entries += s->added;
        sum.lacking += found ? !coverage_is_whole(s, &found[i]) : !s->complete || s->damaged;
        if (s->first_us == TIME_NONE)
            continue;
        if (sum.first_us == TIME_NONE || s->first_us < sum.first_us)
            sum.first_us = s->first_us;
        if (sum.last_us == TIME_NONE || s->last_us > sum.last_us)
            sum.last_us = s->last_us;
    }
    return sum;
}
