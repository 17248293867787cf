/* Knows how a selection is asked: count, rows by rank, rank of an entry, all entries in order. The
 * first question that needs more than a count reads the narrow columns of what is selected once and
 * keeps them, so that every further page, facet and timeline costs no scan. */
#include "core/index/select.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <time.h>

enum { FIRST_ROOM = 1024, LOOK_EVERY = 256 /* entries between two looks at `stale` */ };

enum fault_code selection_open(struct selection **out, struct store *s, const struct filter *filter,
                               struct fault *why)
{
    struct selection *sel = xcalloc(1, sizeof *sel);
    sel->s = s;
    sel->filter = filter;
    (void)why;
    *out = sel;
    return FAULT_NONE; /* what it selects is found with the first question */
}

void selection_close(struct selection *sel)
{
    if (!sel)
        return;
    if (sel->has_where)
        where_free(&sel->where);
    choice_free(&sel->choice);
    chooser_end(&sel->chooser);
    chosen_free(&sel->chosen);
    free(sel->rows);
    free(sel);
}

enum fault_code select_begin(struct selection *sel, bool *own, struct fault *why)
{
    *own = false;
    if (sel->s->stale && sel->s->stale(sel->s->stale_self))
        return fault_set(why, FAULT_CANCELLED, "given up for a newer question");
    enum fault_code code = store_read_begin(sel->s, own, why);
    sel->s->matchers = sel->has_where ? &sel->where.matchers : NULL;
    return code;
}

static enum fault_code need_where(struct selection *sel, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (!sel->has_where) {
        code = where_make(&sel->where, sel->s, sel->filter, why);
        sel->has_where = true;
    }
    sel->s->matchers = &sel->where.matchers;
    return code;
}

static int64_t ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000;
}

enum fault_code select_by_rows(struct selection *sel, struct fault *why)
{
    chooser_end(&sel->chooser);
    chosen_free(&sel->chosen);
    sel->by_rows = sel->prepared = true;
    return need_where(sel, why);
}

static enum fault_code begin_choosing(struct selection *sel, struct fault *why)
{
    struct block *const *blocks = NULL;
    size_t count = 0;
    bool usable = false, rows;
    choice_free(&sel->choice); /* of a question that was given up */
    chooser_end(&sel->chooser);
    enum fault_code code = columns_refresh(sel->s, &blocks, &count, &usable, why);
    if (!code && !usable)
        return fault_set(why, FAULT_INDEX, "the columns are not complete");
    if (!code)
        code = choice_make(&sel->choice, sel->s, sel->filter, why);
    rows = !sel->choice.answers;
    for (size_t i = 0; sel->choice.texts && i < count; i++)
        rows = rows || blocks[i]->flags & BLOCK_TEXT_MISSING;
    if (!code && rows)
        code = need_where(sel, why);
    if (!code)
        code = chooser_begin(&sel->chooser, &sel->chosen, sel->s, &sel->choice, &sel->where, blocks,
                             count, why);
    sel->begun = !code;
    return code;
}

/* Goes on for so many microseconds, one block at least. */
static enum fault_code go_on(struct selection *sel, int64_t until_us, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (!sel->begun)
        code = begin_choosing(sel, why);
    else if (sel->has_where)
        sel->s->matchers = &sel->where.matchers;
    struct chooser *at = &sel->chooser;
    while (!code && at->done < at->count) {
        code = chooser_step(at, &sel->chosen, sel->s, &sel->choice, why);
        if (!code && until_us != INT64_MAX && ticks() >= until_us)
            break;
    }
    if (code == FAULT_INDEX)
        code = select_by_rows(sel, why);
    else
        sel->prepared = !code && at->done == at->count;
    if (sel->prepared)
        chooser_end(at);
    return code;
}

enum fault_code select_choose(struct selection *sel, struct fault *why)
{
    if (sel->prepared)
        return sel->by_rows ? need_where(sel, why) : FAULT_NONE;
    return sel->piecewise ? FAULT_NONE : go_on(sel, INT64_MAX, why);
}

enum fault_code selection_scan(struct selection *sel, int64_t budget_us, unsigned *done,
                               struct fault *why)
{
    bool own = false;
    enum fault_code code = FAULT_NONE;
    int64_t until = ticks() + budget_us;
    sel->piecewise = true;
    if (!sel->prepared) {
        code = select_begin(sel, &own, why);
        if (!code)
            code = go_on(sel, until, why);
        select_end(sel, own);
    }
    *done = sel->prepared        ? SCAN_DONE
            : sel->chooser.count ? (unsigned)(sel->chooser.done * SCAN_DONE / sel->chooser.count)
                                 : 0;
    return code;
}

void select_end(struct selection *sel, bool own)
{
    sel->s->matchers = NULL;
    store_read_end(sel->s, own);
}

sqlite3_stmt *select_prepare(struct selection *sel, const char *select, const char *tail,
                             struct fault *why)
{
    if (need_where(sel, why))
        return NULL;
    struct buf sql;
    buf_init(&sql, WHERE_TEXT_LIMIT + 1024);
    buf_add_text(&sql, select);
    buf_add(&sql, buf_slice(&sel->where.sql));
    buf_add_text(&sql, tail);
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(sel->s->db, sql.at, (int)sql.len, &st, NULL);
    buf_free(&sql);
    if (rc) {
        store_sql_fault(sel->s, rc, why);
        return NULL;
    }
    where_bind(&sel->where, st);
    return st;
}

static enum fault_code count_rows(struct selection *sel, struct fault *why)
{
    struct fault own = {0};
    sqlite3_stmt *st =
        select_prepare(sel, "SELECT count(*) FROM entry e WHERE ", "", why ? why : &own);
    if (!st)
        return why ? why->code : own.code;
    int rc = sqlite3_step(st);
    enum fault_code code = rc == SQLITE_ROW ? FAULT_NONE : store_sql_fault(sel->s, rc, why);
    if (!code) {
        sel->count = (uint64_t)sqlite3_column_int64(st, 0);
        sel->counted = true;
    }
    sqlite3_finalize(st);
    return code;
}

/* What asks for nothing but classes is counted without looking at entries. */
static enum fault_code count_classes(struct selection *sel, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (sel->prepared || sel->piecewise || sel->begun)
        return FAULT_NONE;
    code = begin_choosing(sel, why);
    if (code == FAULT_INDEX)
        return FAULT_NONE; /* the rows will tell */
    if (!code && choice_asks_classes(&sel->choice))
        sel->counted = chooser_count(&sel->chooser, &sel->choice, &sel->count);
    return code;
}

enum fault_code selection_count(struct selection *sel, uint64_t *out, struct fault *why)
{
    bool own = false;
    enum fault_code code = FAULT_NONE;
    if (!sel->counted && !sel->loaded) {
        code = select_begin(sel, &own, why);
        if (!code)
            code = count_classes(sel, why);
        if (!code && !sel->counted)
            code = select_choose(sel, why);
        if (!code && sel->by_rows && !sel->counted)
            code = count_rows(sel, why);
        select_end(sel, own);
    }
    *out = sel->loaded ? sel->row_count : sel->counted ? sel->count : sel->chosen.entries;
    return code;
}

static struct select_row *add_row(struct selection *sel)
{
    if (sel->row_count == sel->room) {
        sel->room = sel->room ? sel->room * 2 : FIRST_ROOM;
        sel->rows = xrealloc(sel->rows, sel->room, sizeof *sel->rows);
    }
    return &sel->rows[sel->row_count++];
}

enum fault_code select_load(struct selection *sel, struct fault *why)
{
    if (sel->loaded)
        return FAULT_NONE;
    struct fault own = {0};
    sqlite3_stmt *st =
        select_prepare(sel,
                       "SELECT e.id, e.time_us, e.source, e.position, e.bulk, e.class, "
                       "e.user, e.status, e.level, e.event_id FROM entry e WHERE ",
                       "", why ? why : &own);
    if (!st)
        return why ? why->code : own.code;
    sel->row_count = 0;
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && sel->row_count < SELECTION_LIMIT) {
        *add_row(sel) = (struct select_row){
            .id = sqlite3_column_int64(st, 0),
            .time_us = store_column_int(st, 1, TIME_NONE),
            .source = sqlite3_column_int(st, 2),
            .position = sqlite3_column_int64(st, 3),
            .bulk = sqlite3_column_int(st, 4),
            .class = sqlite3_column_int(st, 5),
            .user = sqlite3_column_int(st, 6),
            .status = (int16_t)sqlite3_column_int(st, 7),
            .level = (int16_t)sqlite3_column_int(st, 8),
            .event_id = store_column_int(st, 9, -1),
        };
    }
    enum fault_code code = FAULT_NONE;
    if (rc == SQLITE_ROW)
        code = fault_set(why, FAULT_LIMIT, "more than %d entries are selected", SELECTION_LIMIT);
    else if (rc != SQLITE_DONE)
        code = store_sql_fault(sel->s, rc, why);
    sqlite3_finalize(st);
    sel->loaded = code == FAULT_NONE;
    return code;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By time (none last), place of the source, position, operation, number. */
static int compare_rows(const void *left, const void *right)
{
    const struct select_row *a = left, *b = right;
    if ((a->time_us == TIME_NONE) != (b->time_us == TIME_NONE))
        return a->time_us == TIME_NONE ? 1 : -1;
    int order = compare(a->time_us, b->time_us);
    if (!order)
        order = compare(a->place, b->place);
    if (!order)
        order = compare(a->position, b->position);
    if (!order)
        order = compare(a->bulk, b->bulk);
    return order ? order : compare(a->id, b->id);
}

enum fault_code select_sort(struct selection *sel, struct fault *why)
{
    enum fault_code code = select_load(sel, why);
    if (code || sel->sorted)
        return code;
    code = source_order_begin(sel->s, why);
    if (code)
        return code;
    for (size_t r = 0; r < sel->row_count; r++)
        sel->rows[r].place = (int32_t)source_place(sel->s, sel->rows[r].source);
    /* One source in the order of its file is sorted already. */
    size_t i = 1;
    while (i < sel->row_count && compare_rows(&sel->rows[i - 1], &sel->rows[i]) < 0)
        i++;
    if (i < sel->row_count)
        qsort(sel->rows, sel->row_count, sizeof *sel->rows, compare_rows);
    sel->timed = sel->row_count;
    while (sel->timed > 0 && sel->rows[sel->timed - 1].time_us == TIME_NONE)
        sel->timed--;
    sel->sorted = true;
    return FAULT_NONE;
}

/* Newest first is the same the other way round, but entries without a time stay last. Its own
 * inverse. */
static size_t place_of(const struct selection *sel, enum order order, size_t rank)
{
    if (order == ORDER_OLDEST)
        return rank;
    if (rank < sel->timed)
        return sel->timed - 1 - rank;
    return sel->row_count - 1 - (rank - sel->timed);
}

/* Walks the selected entries from rank `first` on, timed ones before the others. */
struct stroll {
    struct walk *walk;
    bool timed;
};

static enum fault_code stroll_begin(struct stroll *at, struct selection *sel, enum order order,
                                    uint64_t first, struct fault *why)
{
    at->timed = first < sel->chosen.timed;
    return walk_begin(&at->walk, sel->s, &sel->chosen, at->timed, order == ORDER_OLDEST,
                      at->timed ? first : first - sel->chosen.timed, why);
}

static enum fault_code stroll_next(struct stroll *at, struct selection *sel, enum order order,
                                   int64_t *id, struct fault *why)
{
    enum fault_code code = walk_next(at->walk, id, why);
    if (code || *id || !at->timed)
        return code;
    walk_end(at->walk);
    code = stroll_begin(at, sel, order, sel->chosen.timed, why);
    return code ? code : walk_next(at->walk, id, why);
}

static enum fault_code rows_by_columns(struct selection *sel, enum order order, uint64_t first,
                                       size_t count, struct row_reader *reader, struct arena *arena,
                                       struct entry **out, size_t *got, struct fault *why)
{
    if (first >= sel->chosen.entries)
        return FAULT_NONE;
    if (count > sel->chosen.entries - first)
        count = (size_t)(sel->chosen.entries - first);
    *out = arena_zalloc(arena, count, sizeof **out);
    struct stroll at = {0};
    enum fault_code code = stroll_begin(&at, sel, order, first, why);
    for (size_t i = 0; !code && i < count; i++) {
        bool found = false;
        int64_t id = 0;
        code = stroll_next(&at, sel, order, &id, why);
        if (!code && id)
            code = row_read(reader, id, arena, *out + *got, NULL, &found, why);
        *got += !code && found;
    }
    walk_end(at.walk);
    return code;
}

/* select_choose and, when by rows, their sorting. */
static enum fault_code prepare_order(struct selection *sel, struct fault *why)
{
    enum fault_code code = select_choose(sel, why);
    return code || !sel->by_rows ? code : select_sort(sel, why);
}

enum fault_code selection_rows(struct selection *sel, enum order order, uint64_t first,
                               size_t count, struct arena *arena, struct entry **out, size_t *got,
                               struct fault *why)
{
    struct row_reader reader;
    *out = NULL;
    *got = 0;
    bool own = false;
    row_reader_init(&reader, sel->s, order == ORDER_NEWEST);
    enum fault_code code = select_begin(sel, &own, why);
    if (!code)
        code = prepare_order(sel, why);
    if (!code && !sel->by_rows) {
        code = rows_by_columns(sel, order, first, count, &reader, arena, out, got, why);
        if (code == FAULT_INDEX) {
            *got = 0;
            code = select_by_rows(sel, why);
            if (!code)
                code = select_sort(sel, why);
        }
    }
    if (!code && sel->by_rows && first < sel->row_count) {
        if (count > sel->row_count - first)
            count = (size_t)(sel->row_count - first);
        *out = arena_zalloc(arena, count, sizeof **out);
        for (size_t i = 0; !code && i < count; i++) {
            bool found = false;
            int64_t id = sel->rows[place_of(sel, order, (size_t)first + i)].id;
            code = row_read(&reader, id, arena, *out + *got, NULL, &found, why);
            *got += !code && found;
        }
    }
    row_reader_end(&reader);
    select_end(sel, own);
    return code;
}

enum fault_code selection_rank(struct selection *sel, enum order order, int64_t id, uint64_t *out,
                               struct fault *why)
{
    bool own = false;
    enum fault_code code = select_begin(sel, &own, why);
    if (!code)
        code = prepare_order(sel, why);
    if (!code && !sel->by_rows) {
        code = chosen_rank(sel->s, &sel->chosen, id, out, why);
        if (!code && order == ORDER_NEWEST) /* the same the other way round; its own inverse */
            *out = *out < sel->chosen.timed ? sel->chosen.timed - 1 - *out
                                            : sel->chosen.entries - 1 - (*out - sel->chosen.timed);
        if (code != FAULT_INDEX) {
            select_end(sel, own);
            return code;
        }
        code = select_by_rows(sel, why);
        if (!code)
            code = select_sort(sel, why);
    }
    select_end(sel, own);
    if (code)
        return code;
    for (size_t i = 0; i < sel->row_count; i++) {
        if (sel->rows[i].id == id) {
            *out = place_of(sel, order, i);
            return FAULT_NONE;
        }
    }
    return fault_set(why, FAULT_USAGE, "entry %lld is not among those selected", (long long)id);
}

enum fault_code select_walk(struct selection *sel, enum order order, bool want_raw,
                            const struct select_sink *sink, struct fault *why)
{
    struct row_reader reader;
    row_reader_init(&reader, sel->s, order == ORDER_NEWEST);
    bool own = false, more = true;
    enum fault_code code = select_begin(sel, &own, why);
    if (!code)
        code = prepare_order(sel, why);
    struct stroll at = {0};
    size_t total = code ? 0 : sel->by_rows ? sel->row_count : (size_t)sel->chosen.entries;
    if (!code && !sel->by_rows && total)
        code = stroll_begin(&at, sel, order, 0, why);
    for (size_t i = 0; !code && more && i < total; i++) {
        struct entry here, *into = &here;
        struct slice raw = SLICE_NONE;
        bool found = false;
        if (i % LOOK_EVERY == 0 && sel->s->stale && sel->s->stale(sel->s->stale_self))
            code = fault_set(why, FAULT_CANCELLED, "given up for a newer question");
        int64_t id = 0;
        if (!code && sel->by_rows)
            id = sel->rows[place_of(sel, order, i)].id;
        else if (!code)
            code = stroll_next(&at, sel, order, &id, why);
        struct arena *room = code ? NULL : sink->room(sink->self, &into);
        if (!code)
            code = row_read(&reader, id, room, into, want_raw ? &raw : NULL, &found, why);
        if (!code && found)
            more = sink->row(sink->self, into, raw);
    }
    walk_end(at.walk);
    row_reader_end(&reader);
    select_end(sel, own);
    return code;
}

/* selection_each: one row after the other in one arena. */
struct each {
    struct arena arena;
    bool (*row)(void *self, const struct entry *entry, struct slice raw);
    void *self;
};

static struct arena *each_room(void *self, struct entry **into)
{
    (void)into;
    struct each *each = self;
    arena_reset(&each->arena);
    return &each->arena;
}

static bool each_row(void *self, const struct entry *entry, struct slice raw)
{
    struct each *each = self;
    return each->row(each->self, entry, raw);
}

enum fault_code selection_each(struct selection *sel, enum order order, bool want_raw,
                               bool (*row)(void *self, const struct entry *entry, struct slice raw),
                               void *self, struct fault *why)
{
    struct each each = {.row = row, .self = self};
    const struct select_sink sink = {each_room, each_row, &each};
    arena_init(&each.arena);
    enum fault_code code = select_walk(sel, order, want_raw, &sink, why);
    arena_free(&each.arena);
    return code;
}
