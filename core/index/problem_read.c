/* Knows how problems are read from the index; see core/explain/problem.h. */
#include "core/explain/problem.h"

#include "core/index/select.h"

#include "core/base/alloc.h"

#include <stdlib.h>

#define PROBLEM_COLUMNS                                                                            \
    "p.id, p.subject, p.class, p.user, p.attempts, p.first_us, p.last_us, p.first_entry, "         \
    "p.last_entry, p.state, p.resolved_by, p.resolved_us, w.waiting, pa.mark, pa.note, pa.work"
#define PROBLEM_ROWS                                                                               \
    "SELECT " PROBLEM_COLUMNS " FROM problem p LEFT JOIN (SELECT class, count(*) AS waiting FROM " \
    "problem WHERE state != 2 GROUP BY class) w ON w.class = p.class LEFT JOIN "                   \
    "problem_annotation pa ON pa.subject = p.subject AND pa.class = p.class "

static enum fault_code read_row(struct store *s, sqlite3_stmt *st, struct arena *arena,
                                struct problem *out, struct fault *why)
{
    *out = (struct problem){.id = sqlite3_column_int64(st, 0),
                            .attempts = (uint64_t)sqlite3_column_int64(st, 4),
                            .first_us = store_column_int(st, 5, TIME_NONE),
                            .last_us = store_column_int(st, 6, TIME_NONE),
                            .first_entry = sqlite3_column_int64(st, 7),
                            .last_entry = sqlite3_column_int64(st, 8),
                            .state = (enum problem_state)sqlite3_column_int(st, 9),
                            .resolved_by = sqlite3_column_int64(st, 10),
                            .resolved_us = store_column_int(st, 11, TIME_NONE),
                            .mark = arena_copy(arena, store_column(st, 13)),
                            .note = arena_copy(arena, store_column(st, 14)),
                            .work = arena_copy(arena, store_column(st, 15)),
                            .class_users = (uint64_t)sqlite3_column_int64(st, 12)};
    if (!problem_state_name(out->state))
        return fault_set(why, FAULT_INDEX, "the index is damaged: problem %lld",
                         (long long)out->id);
    int64_t subject = sqlite3_column_int64(st, 1), class = sqlite3_column_int64(st, 2);
    int64_t user = store_column_int(st, 3, 0);
    enum fault_code code = dictionary_text(s, user, arena, &out->user, why);
    if (!code)
        code = user ? FAULT_NONE : dictionary_text(s, subject, arena, &out->subject, why);
    if (user)
        out->subject = out->user;
    if (!code && !class_at(s, class))
        code = class_read(s, why);
    const struct store_class *known = class_at(s, class);
    if (known) {
        out->class_id = arena_copy(arena, known->id);
        out->category = arena_copy(arena, known->category);
        out->vendor = arena_copy(arena, known->vendor);
    }
    return code;
}

static int compare_texts(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.at, b.at, len) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_problems(const void *left, const void *right)
{
    const struct problem *a = left, *b = right;
    bool done = a->state == PROBLEM_RESOLVED, other = b->state == PROBLEM_RESOLVED;
    if (done != other)
        return done ? 1 : -1;
    if (a->class_users != b->class_users)
        return a->class_users > b->class_users ? -1 : 1;
    int order = compare_texts(a->class_id, b->class_id);
    if (order)
        return order;
    if (a->attempts != b->attempts)
        return a->attempts > b->attempts ? -1 : 1;
    order = compare_texts(a->subject, b->subject);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* All rows of a statement that begins with PROBLEM_ROWS; of `set` only those `met` by number, all
 * when it is NULL. */
static enum fault_code read_all(struct store *s, sqlite3_stmt *st, const struct problem_set *set,
                                const unsigned char *met, struct arena *arena, struct problem **out,
                                size_t *count, struct fault *why)
{
    size_t number = 0;
    struct problem *rows = NULL;
    size_t got = 0, room = 0;
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (set) {
            int64_t id = sqlite3_column_int64(st, 0);
            while (number < set->count && set->ids[number] < id)
                number++;
            if (number == set->count || set->ids[number] != id || !met[number])
                continue;
        }
        if (got == room) {
            room = room ? room * 2 : 64;
            rows = xrealloc(rows, room, sizeof *rows);
        }
        code = read_row(s, st, arena, &rows[got], why);
        got += !code;
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    if (!code && got) {
        qsort(rows, got, sizeof *rows, compare_problems);
        *out = arena_zalloc(arena, got, sizeof **out);
        memcpy(*out, rows, got * sizeof *rows);
        *count = got;
    }
    free(rows);
    return code;
}

/* Marks the problems that some selected entry belongs to, by number. */
static enum fault_code meet_problems(struct selection *sel, const struct problem_set *set,
                                     unsigned char *met, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (size_t b = 0; !code && b < sel->chosen.count; b++) {
        const struct chosen *c = &sel->chosen.blocks[b];
        const struct column *subjects = NULL, *classes = NULL;
        size_t end = c->block->entries;
        code = block_column(sel->s, c->block, FIELD_SUBJECT, &subjects, why);
        if (!code)
            code = block_column(sel->s, c->block, FIELD_CLASS, &classes, why);
        if (code)
            break;
        for (size_t i = chosen_next(c, 0, end); i < end; i = chosen_next(c, i + 1, end)) {
            int64_t subject = column_number(subjects, i);
            int32_t number = subject == COLUMN_NULL
                                 ? NO_PROBLEM
                                 : problem_set_find(set, subject, column_number(classes, i));
            if (number != NO_PROBLEM)
                met[number] = 1;
        }
    }
    return code;
}

/* FAULT_INDEX when the columns cannot tell. */
static enum fault_code list_by_columns(struct selection *sel, struct arena *arena,
                                       struct problem **out, size_t *count, struct fault *why)
{
    const struct problem_set *set;
    enum fault_code code = columns_problems(sel->s, &set, why);
    if (code)
        return code;
    unsigned char *met = xcalloc(set->count, 1);
    code = meet_problems(sel, set, met, why);
    sqlite3_stmt *st = code ? NULL : store_statement(sel->s, PROBLEM_ROWS "ORDER BY p.id", why);
    if (!code)
        code = st ? read_all(sel->s, st, set, met, arena, out, count, why)
                  : store_statement_fault(why);
    if (st)
        sqlite3_reset(st);
    free(met);
    return code;
}

static enum fault_code list_by_rows(struct selection *sel, struct arena *arena,
                                    struct problem **out, size_t *count, struct fault *why)
{
    sqlite3_stmt *st = select_prepare(sel,
                                      PROBLEM_ROWS "WHERE (p.subject, p.class) IN (SELECT "
                                                   "e.subject, e.class FROM entry e WHERE "
                                                   "e.outcome = 1 AND e.subject IS NOT NULL AND (",
                                      "))", why);
    enum fault_code code =
        st ? read_all(sel->s, st, NULL, NULL, arena, out, count, why) : why->code;
    sqlite3_finalize(st);
    return code;
}

enum fault_code problem_list(struct store *s, const struct filter *filter, struct arena *arena,
                             struct problem **out, size_t *count, struct fault *why)
{
    struct selection *sel;
    struct fault mine = {0};
    struct fault *say = why ? why : &mine;
    bool own = false;
    *out = NULL;
    *count = 0;
    enum fault_code code = selection_open(&sel, s, filter, say);
    if (code)
        return code;
    code = select_begin(sel, &own, say);
    if (!code && filter && filter->count) {
        code = select_choose(sel, say);
        if (!code && !sel->by_rows) {
            code = list_by_columns(sel, arena, out, count, say);
            if (code == FAULT_INDEX)
                code = select_by_rows(sel, say);
        }
        if (!code && sel->by_rows)
            code = list_by_rows(sel, arena, out, count, say);
    } else if (!code) {
        sqlite3_stmt *st = store_statement(s, PROBLEM_ROWS, say);
        code = st ? read_all(s, st, NULL, NULL, arena, out, count, say) : say->code;
        if (st)
            sqlite3_reset(st);
    }
    select_end(sel, own);
    selection_close(sel);
    return code;
}

/* Columns as PROBLEM_COLUMNS. */
#define PROBLEM_WITHIN                                                                             \
    "SELECT p.id, p.subject, p.class, p.user, i.attempts, i.first_us, i.last_us, 0, (SELECT x.id " \
    "FROM entry x WHERE x.subject = p.subject AND x.class = p.class AND x.outcome = 1 AND "        \
    "x.time_us IS i.last_us ORDER BY x.record_id DESC, " TIE_ORDER_DOWN(                           \
        "x") " LIMIT 1), p.state, p.resolved_by, p.resolved_us, 0, "                               \
             "NULL, NULL, NULL FROM (SELECT e.subject AS subject, e.class AS class, count(*) AS "  \
             "attempts, "                                                                          \
             "min(e.time_us) AS first_us, max(e.time_us) AS last_us FROM entry e WHERE e.outcome " \
             "= 1 AND "                                                                            \
             "e.subject IS NOT NULL AND ("

enum fault_code problem_list_within(struct store *s, const struct filter *filter,
                                    struct arena *arena, struct problem **out, size_t *count,
                                    struct fault *why)
{
    struct selection *sel;
    bool own = false;
    *out = NULL;
    *count = 0;
    enum fault_code code = selection_open(&sel, s, filter, why);
    if (code)
        return code;
    code = select_begin(sel, &own, why);
    sqlite3_stmt *st = code ? NULL
                            : select_prepare(sel, PROBLEM_WITHIN,
                                             ") GROUP BY e.subject, e.class) i JOIN problem p ON "
                                             "p.subject = i.subject AND p.class = i.class",
                                             why);
    if (!code)
        code = st ? read_all(s, st, NULL, NULL, arena, out, count, why) : why->code;
    sqlite3_finalize(st);
    select_end(sel, own);
    selection_close(sel);
    return code;
}

enum fault_code problem_count(struct store *s, uint64_t counts[PROBLEM_UNKNOWN + 1],
                              struct fault *why)
{
    memset(counts, 0, (PROBLEM_UNKNOWN + 1) * sizeof *counts);
    sqlite3_stmt *st =
        store_statement(s, "SELECT state, count(*) FROM problem GROUP BY state", why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t state = sqlite3_column_int64(st, 0);
        if (state >= PROBLEM_FAILING && state <= PROBLEM_UNKNOWN)
            counts[state] = (uint64_t)sqlite3_column_int64(st, 1);
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

enum fault_code problem_of_entry(struct store *s, int64_t entry, struct arena *arena,
                                 struct problem *out, bool *found, struct fault *why)
{
    *found = false;
    sqlite3_stmt *st =
        store_statement(s,
                        PROBLEM_ROWS "JOIN entry e ON e.subject = p.subject AND "
                                     "e.class = p.class WHERE e.id = ?1 AND e.outcome = 1",
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, entry);
    int rc = sqlite3_step(st);
    enum fault_code code = rc == SQLITE_ROW    ? read_row(s, st, arena, out, why)
                           : rc == SQLITE_DONE ? FAULT_NONE
                                               : store_sql_fault(s, rc, why);
    *found = !code && rc == SQLITE_ROW;
    sqlite3_reset(st);
    return code;
}

enum fault_code problem_entries(struct store *s, const struct problem *problem, struct arena *arena,
                                int64_t **out, size_t *count, struct fault *why)
{
    size_t room = problem->attempts < PROBLEM_ENTRIES ? (size_t)problem->attempts : PROBLEM_ENTRIES;
    *out = arena_zalloc(arena, room + 1, sizeof **out);
    *count = 0;
    sqlite3_stmt *st =
        store_statement(s,
                        "SELECT e.id FROM problem p JOIN entry e ON e.subject = p.subject AND "
                        "e.class = p.class WHERE p.id = ?1 AND e.outcome = 1 "
                        "ORDER BY e.time_us IS NULL, e.time_us, e.record_id, " TIE_ORDER("e"),
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, problem->id);
    int rc = SQLITE_DONE;
    while (*count < room && (rc = sqlite3_step(st)) == SQLITE_ROW)
        (*out)[(*count)++] = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}
