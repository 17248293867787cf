/* Knows how the entries of a selection are counted by a value, over time, and by their span. */
#include "core/index/select.h"

#include "core/base/alloc.h"
#include "core/explain/problem.h"

#include <stdio.h>
#include <stdlib.h>

const char *facet_name(enum facet facet)
{
    static const char *const names[FACETS] = {
        [FACET_CLASS] = "class",   [FACET_CATEGORY] = "category", [FACET_USER] = "user",
        [FACET_STATUS] = "status", [FACET_SOURCE] = "source",     [FACET_STATE] = "state",
        [FACET_HOUR] = "hour",     [FACET_DAY] = "day",           [FACET_LEVEL] = "level",
        [FACET_EVENT] = "event",   [FACET_CLASS_USERS] = "class"};
    return facet < FACETS ? names[facet] : NULL;
}

/* --- counting by number ----------------------------------------------------------------------- */

enum { TALLY_FIRST = 1024 };

static size_t slot_of(const struct tally *t, int64_t key)
{
    uint64_t h = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 20) & (t->slot_count - 1);
    while (t->slots[at] && t->rows[t->slots[at] - 1].key != key)
        at = (at + 1) & (t->slot_count - 1);
    return at;
}

static void tally_grow(struct tally *t)
{
    t->room = t->room ? t->room * 2 : TALLY_FIRST;
    t->rows = xrealloc(t->rows, t->room, sizeof *t->rows);
    free(t->slots);
    t->slot_count = t->room * 2;
    t->slots = xcalloc(t->slot_count, sizeof *t->slots);
    for (size_t i = 0; i < t->count; i++)
        t->slots[slot_of(t, t->rows[i].key)] = i + 1;
}

struct tally_row *tally_at(struct tally *t, int64_t key)
{
    if (t->count == t->room)
        tally_grow(t);
    size_t at = slot_of(t, key);
    if (!t->slots[at]) {
        t->rows[t->count] =
            (struct tally_row){.key = key, .first_us = TIME_NONE, .last_us = TIME_NONE};
        t->slots[at] = ++t->count;
    }
    return &t->rows[t->slots[at] - 1];
}

void tally_free(struct tally *t)
{
    free(t->rows);
    free(t->slots);
}

/* --- facets ----------------------------------------------------------------------------------- */

static int64_t floor_to(int64_t time_us, int64_t unit)
{
    int64_t rest = time_us % unit;
    return time_us - (rest < 0 ? rest + unit : rest);
}

/* A number that stands for the row's value; the least one stands for null. */
static int64_t key_of(const struct select_row *row, enum facet facet)
{
    switch (facet) {
    case FACET_CLASS:
    case FACET_CLASS_USERS:
    case FACET_CATEGORY:
        return row->class ? row->class : TALLY_NULL;
    case FACET_USER:
        return row->user ? row->user : TALLY_NULL;
    case FACET_STATUS:
        return row->status ? row->status : TALLY_NULL;
    case FACET_SOURCE:
        return row->source;
    case FACET_HOUR:
        return row->time_us == TIME_NONE ? TIME_NONE : floor_to(row->time_us, TIME_HOUR);
    case FACET_DAY:
        return row->time_us == TIME_NONE ? TIME_NONE : floor_to(row->time_us, TIME_DAY);
    case FACET_LEVEL:
        return row->level ? row->level : TALLY_NULL;
    case FACET_EVENT:
        return row->event_id;
    case FACET_STATE: /* count_states */
    case FACETS:
        break;
    }
    return TALLY_NULL;
}

void tally_span(struct tally_row *row, int64_t time_us)
{
    if (time_us == TIME_NONE)
        return;
    if (row->first_us == TIME_NONE || time_us < row->first_us)
        row->first_us = time_us;
    if (row->last_us == TIME_NONE || time_us > row->last_us)
        row->last_us = time_us;
}

static void count_rows(const struct selection *sel, enum facet facet, struct tally *out)
{
    struct tally pairs = {0}; /* (class, user) seen */
    for (size_t i = 0; i < sel->row_count; i++) {
        const struct select_row *from = &sel->rows[i];
        struct tally_row *row = tally_at(out, key_of(from, facet));
        row->count++;
        if (facet != FACET_CLASS_USERS)
            continue;
        tally_span(row, from->time_us);
        if (!from->user)
            continue;
        struct tally_row *pair = tally_at(&pairs, (int64_t)from->class << 32 | from->user);
        row->users += pair->count++ == 0;
    }
    tally_free(&pairs);
}

/* States belong to problems and change without their entries, so they are asked for, not kept. */
static enum fault_code count_states(struct selection *sel, struct tally *out, struct fault *why)
{
    struct fault own = {0};
    sqlite3_stmt *st = select_prepare(
        sel,
        "SELECT CASE WHEN e.outcome = 1 THEN (SELECT p.state FROM problem p WHERE "
        "p.subject = e.subject AND p.class = e.class) END, count(*) FROM entry e WHERE (",
        ") GROUP BY 1", why ? why : &own);
    if (!st)
        return why ? why->code : own.code;
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        tally_at(out, store_column_int(st, 0, TALLY_NULL))->count +=
            (uint64_t)sqlite3_column_int64(st, 1);
    enum fault_code code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(sel->s, rc, why);
    sqlite3_finalize(st);
    return code;
}

static enum fault_code source_path(struct store *s, int64_t id, struct arena *arena,
                                   struct slice *out, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "SELECT path FROM source WHERE id = ?1", why);
    if (!st)
        return FAULT_INDEX;
    store_bind_int(st, 1, id);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = arena_copy(arena, store_column(st, 0));
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* RFC 3339, to the second. */
static struct slice hour_text(struct arena *arena, int64_t key)
{
    char text[TIME_TEXT_SIZE];
    struct slice whole = slice_of(time_utc_text(text, key));
    return arena_format(arena, "%.*sZ", (int)(whole.len > 8 ? whole.len - 8 : 0), whole.at);
}

static enum fault_code value_of(struct store *s, enum facet facet, int64_t key, struct arena *arena,
                                struct slice *out, struct fault *why)
{
    *out = SLICE_NONE;
    bool time = facet == FACET_HOUR || facet == FACET_DAY;
    if (time ? key == TIME_NONE : key == TALLY_NULL)
        return FAULT_NONE;
    const struct store_class *class;
    switch (facet) {
    case FACET_CLASS:
    case FACET_CLASS_USERS:
    case FACET_CATEGORY:
        if (!class_at(s, key)) {
            enum fault_code code = class_read(s, why);
            if (code)
                return code;
        }
        class = class_at(s, key);
        if (class)
            *out = arena_copy(arena, facet == FACET_CATEGORY ? class->category : class->id);
        return FAULT_NONE;
    case FACET_USER:
        return dictionary_text(s, key, arena, out, why);
    case FACET_SOURCE:
        return source_path(s, key, arena, out, why);
    case FACET_HOUR:
    case FACET_DAY:
        *out = hour_text(arena, key);
        return FAULT_NONE;
    case FACET_LEVEL:
        *out = arena_copy(arena, slice_of(level_name((enum level)key)));
        return FAULT_NONE;
    case FACET_STATUS:
    case FACET_EVENT:
        *out = arena_format(arena, "%lld", (long long)key);
        return FAULT_NONE;
    case FACET_STATE:
        *out = slice_of(problem_state_name((enum problem_state)key));
        return FAULT_NONE;
    case FACETS:
        break;
    }
    return FAULT_NONE;
}

/* Null before every text, so that `-` stands where it would sort. */
static int compare_values(const void *left, const void *right)
{
    const struct facet_row *a = left, *b = right;
    size_t len = a->value.len < b->value.len ? a->value.len : b->value.len;
    int order = len ? memcmp(a->value.at, b->value.at, len) : 0;
    if (order)
        return order;
    if (a->value.len != b->value.len)
        return a->value.len < b->value.len ? -1 : 1;
    return slice_is_none(b->value) - slice_is_none(a->value);
}

static int compare_counts(const void *left, const void *right)
{
    const struct facet_row *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return compare_values(left, right);
}

/* Times in their order, null last. */
static int compare_times(const void *left, const void *right)
{
    const struct facet_row *a = left, *b = right;
    if (slice_is_none(a->value) != slice_is_none(b->value))
        return slice_is_none(a->value) ? 1 : -1;
    return (a->first_us > b->first_us) - (a->first_us < b->first_us);
}

/* Rows of one value (two sources of one path, classes of one category) become one. */
static size_t merge_equal(struct facet_row *rows, size_t count)
{
    size_t kept = 0;
    qsort(rows, count, sizeof *rows, compare_values);
    for (size_t i = 0; i < count; i++) {
        if (kept && compare_values(&rows[kept - 1], &rows[i]) == 0)
            rows[kept - 1].count += rows[i].count;
        else
            rows[kept++] = rows[i];
    }
    return kept;
}

static int compare_down(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a < b) - (a > b);
}

/* The count below which a value cannot be among the first `limit`, so that the texts of thousands
 * of users need not be read for a list of twenty. Only where no two keys are one value. */
static uint64_t least_count(const struct tally *tally, enum facet facet, size_t limit)
{
    if ((facet != FACET_USER && facet != FACET_EVENT) || !limit || limit >= tally->count)
        return 0;
    uint64_t *counts = xcalloc(tally->count, sizeof *counts);
    for (size_t i = 0; i < tally->count; i++)
        counts[i] = tally->rows[i].count;
    qsort(counts, tally->count, sizeof *counts, compare_down);
    uint64_t least = counts[limit - 1];
    free(counts);
    return least;
}

static enum fault_code make_rows(struct selection *sel, enum facet facet, size_t limit,
                                 const struct tally *tally, struct arena *arena,
                                 struct facet_row **out, size_t *got, struct fault *why)
{
    bool time = facet == FACET_HOUR || facet == FACET_DAY;
    enum fault_code code = FAULT_NONE;
    struct facet_row *rows = xcalloc(tally->count, sizeof *rows);
    uint64_t least = least_count(tally, facet, limit);
    size_t kept = 0;
    for (size_t i = 0; !code && i < tally->count; i++) {
        const struct tally_row *from = &tally->rows[i];
        if (from->count < least)
            continue;
        rows[kept] = (struct facet_row){.count = from->count,
                                        .users = from->users,
                                        .first_us = time ? from->key : from->first_us,
                                        .last_us = time ? from->key : from->last_us};
        code = value_of(sel->s, facet, from->key, arena, &rows[kept++].value, why);
    }
    if (!code) {
        size_t count = time ? kept : merge_equal(rows, kept);
        qsort(rows, count, sizeof *rows, time ? compare_times : compare_counts);
        *got = count < limit ? count : limit;
        *out = arena_zalloc(arena, *got, sizeof *rows);
        if (*got)
            memcpy(*out, rows, *got * sizeof *rows);
    }
    free(rows);
    return code;
}

static enum fault_code tally_any(struct selection *sel, enum facet facet, size_t limit,
                                 struct tally *out, struct fault *why)
{
    enum fault_code code = select_choose(sel, why);
    if (!code && !sel->by_rows) {
        code = chosen_tally(sel->s, &sel->chosen, facet, limit, out, why);
        if (code != FAULT_INDEX)
            return code;
        tally_free(out);
        *out = (struct tally){0};
        code = select_by_rows(sel, why);
    }
    if (!code && facet == FACET_STATE)
        return count_states(sel, out, why);
    if (!code)
        code = select_load(sel, why);
    if (!code)
        count_rows(sel, facet, out);
    return code;
}

enum fault_code selection_facet(struct selection *sel, enum facet facet, size_t limit,
                                struct arena *arena, struct facet_row **out, size_t *got,
                                struct fault *why)
{
    *out = NULL;
    *got = 0;
    bool own = false;
    struct tally tally = {0};
    enum fault_code code = select_begin(sel, &own, why);
    if (!code)
        code = tally_any(sel, facet, limit, &tally, why);
    if (!code) {
        code = make_rows(sel, facet, limit, &tally, arena, out, got, why);
    }
    tally_free(&tally);
    select_end(sel, own);
    return code;
}

/* --- time ------------------------------------------------------------------------------------- */

enum fault_code selection_span(struct selection *sel, int64_t *oldest, int64_t *newest,
                               struct fault *why)
{
    *oldest = *newest = TIME_NONE;
    bool own = false;
    enum fault_code code = select_begin(sel, &own, why);
    if (!code)
        code = select_choose(sel, why);
    if (!code && !sel->by_rows) {
        code = chosen_span(sel->s, &sel->chosen, oldest, newest, why);
        if (code != FAULT_INDEX) {
            select_end(sel, own);
            return code;
        }
        code = select_by_rows(sel, why);
    }
    if (!code)
        code = select_load(sel, why);
    select_end(sel, own);
    struct tally_row span = {.first_us = TIME_NONE, .last_us = TIME_NONE};
    for (size_t i = 0; !code && i < sel->row_count; i++)
        tally_span(&span, sel->rows[i].time_us);
    *oldest = span.first_us;
    *newest = span.last_us;
    return code;
}

/* Bucket b begins at from + b * (to - from + 1) / buckets; shifted so that nothing overflows. */
struct buckets {
    int64_t from;
    uint64_t span;
    unsigned shift;
    size_t count;
};

static size_t bucket_of(const void *self, int64_t time_us)
{
    const struct buckets *b = self;
    uint64_t at = ((uint64_t)time_us - (uint64_t)b->from) >> b->shift;
    size_t bucket = (size_t)(at * b->count / (b->span >> b->shift));
    return bucket < b->count ? bucket : b->count - 1;
}

static int64_t bucket_end(const void *self, size_t bucket)
{
    const struct buckets *b = self;
    uint64_t span = b->span >> b->shift, behind = (bucket + 1) * span;
    if (bucket + 1 >= b->count)
        return INT64_MAX;
    uint64_t at = behind / b->count + (behind % b->count != 0);
    return (int64_t)((uint64_t)b->from + (at << b->shift));
}

enum fault_code selection_histogram(struct selection *sel, int64_t from, int64_t to, size_t buckets,
                                    uint64_t *out, struct fault *why)
{
    memset(out, 0, buckets * sizeof *out);
    struct buckets bars = {.from = from, .span = (uint64_t)to - (uint64_t)from, .count = buckets};
    bars.span += bars.span < UINT64_MAX;
    bool own = false, none = buckets == 0 || to < from;
    while (!none && bars.span >> bars.shift > UINT64_MAX / buckets)
        bars.shift++;
    enum fault_code code = select_begin(sel, &own, why);
    if (!code)
        code = select_choose(sel, why);
    if (!code && !none && !sel->by_rows) {
        code = chosen_histogram(sel->s, &sel->chosen, from, to, buckets, bucket_of, bucket_end,
                                &bars, out, why);
        none = code != FAULT_INDEX;
        if (!none) {
            memset(out, 0, buckets * sizeof *out);
            code = select_by_rows(sel, why);
        }
    }
    if (!code && sel->by_rows)
        code = select_load(sel, why);
    select_end(sel, own);
    for (size_t i = 0; !code && !none && i < sel->row_count; i++) {
        int64_t time_us = sel->rows[i].time_us;
        if (time_us != TIME_NONE && time_us >= from && time_us <= to)
            out[bucket_of(&bars, time_us)]++;
    }
    return code;
}
