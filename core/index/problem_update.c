/* Derives the problems of noted subjects from all entries of each, so that neither the order nor
 * the batches of their import show; see core/explain/problem.h. */
#include "core/explain/problem.h"

#include "core/index/column.h"

enum {
    SUBJECTS_PER_COMMIT = 1000,
    RENEWED_PER_COMMIT = 20 * 1000, /* entries of an index that had no subjects */
    STATUS_UNAUTHORIZED = 401
};

const char *problem_state_name(enum problem_state state)
{
    static const char *const names[] = {[PROBLEM_FAILING] = "failing",
                                        [PROBLEM_RESOLVED] = "resolved",
                                        [PROBLEM_UNKNOWN] = "unknown"};
    return state >= PROBLEM_FAILING && state <= PROBLEM_UNKNOWN ? names[state] : NULL;
}

/* --- one operation of a problem ----------------------------------------------------------------
 */

/* The failures of one class, place and method of a subject. */
struct failures {
    int64_t subject, class, kind, host, method, group;
    bool unauthorized;
    int64_t count, timed, first_us, last_us, least_id, least_user, most_user;
};

static void read_failures(sqlite3_stmt *st, int64_t subject, struct failures *out)
{
    *out = (struct failures){.subject = subject,
                             .class = sqlite3_column_int64(st, 0),
                             .kind = sqlite3_column_int64(st, 1),
                             .host = store_column_int(st, 2, 0),
                             .method = store_column_int(st, 3, 0),
                             .group = store_column_int(st, 4, 0),
                             .unauthorized = sqlite3_column_int(st, 5) != 0,
                             .count = sqlite3_column_int64(st, 6),
                             .timed = sqlite3_column_int64(st, 7),
                             .first_us = store_column_int(st, 8, TIME_NONE),
                             .last_us = store_column_int(st, 9, TIME_NONE),
                             .least_id = sqlite3_column_int64(st, 10),
                             .least_user = store_column_int(st, 11, 0),
                             .most_user = store_column_int(st, 12, 0)};
}

/* PUT and PATCH both change a resource: either makes up for the other. */
static enum fault_code same_operation(struct store *s, int64_t a, int64_t b, bool *out,
                                      struct fault *why)
{
    *out = a == b;
    if (a == b || !a || !b)
        return FAULT_NONE;
    struct arena arena;
    struct slice x = SLICE_NONE, y = SLICE_NONE;
    arena_init(&arena);
    enum fault_code code = dictionary_text(s, a, &arena, &x, why);
    if (!code)
        code = dictionary_text(s, b, &arena, &y, why);
    if (!code)
        *out = (slice_is(x, "PUT") && slice_is(y, "PATCH")) ||
               (slice_is(x, "PATCH") && slice_is(y, "PUT"));
    arena_free(&arena);
    return code;
}

/* Record numbers tell which of two events of one time came first. */
static enum fault_code last_record(struct store *s, const struct failures *f, int64_t *out,
                                   struct fault *why)
{
    *out = INT64_MAX;
    if (f->kind != KIND_EVENT)
        return FAULT_NONE;
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT max(record_id) FROM entry WHERE subject = ?1 AND outcome = 1 AND time_us = ?2 "
        "AND class = ?3 AND link_group IS ?4",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, f->subject);
    store_bind_int(st, 2, f->last_us);
    store_bind_int(st, 3, f->class);
    store_bind_int_or(st, 4, f->group, 0);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = store_column_int(st, 0, INT64_MAX);
    sqlite3_reset(st);
    return rc == SQLITE_ROW ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* The first success of the rows (id, time, method, record number) behind the last failure. */
static enum fault_code first_after(struct store *s, sqlite3_stmt *st, const struct failures *f,
                                   int64_t record, int64_t *id, int64_t *time_us, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    *id = 0;
    while (!code && !*id && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        bool same = false;
        code = same_operation(s, f->method, store_column_int(st, 2, 0), &same, why);
        if (!same || (sqlite3_column_int64(st, 1) == f->last_us &&
                      store_column_int(st, 3, INT64_MIN) <= record))
            continue;
        *id = sqlite3_column_int64(st, 0);
        *time_us = sqlite3_column_int64(st, 1);
    }
    if (!code && rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    return code;
}

/* What resolved these failures; 0 in `*id` when nothing did. */
static enum fault_code find_success(struct store *s, const struct failures *f, int64_t *id,
                                    int64_t *time_us, struct fault *why)
{
    int64_t record;
    enum fault_code code = last_record(s, f, &record, why);
    if (code)
        return code;
    bool agent = f->kind == KIND_EVENT && !f->most_user;
    sqlite3_stmt *st =
        agent ? store_statement(s,
                                "SELECT id, time_us, NULL, record_id FROM entry WHERE "
                                "link_group = ?5 AND time_us >= ?2 AND outcome = 2 "
                                "ORDER BY time_us, record_id, sequence, " TIE_ORDER("entry"),
                                why)
              : store_statement(s,
                                "SELECT id, time_us, method, record_id FROM entry WHERE "
                                "subject = ?1 AND outcome = 2 AND time_us >= ?2 AND kind = ?3 "
                                "AND host IS ?4 AND link_group IS ?5 "
                                "ORDER BY time_us, record_id, " TIE_ORDER("entry"),
                                why);
    if (!st)
        return store_statement_fault(why);
    if (!agent) {
        store_bind_int(st, 1, f->subject);
        store_bind_int(st, 3, f->kind);
        store_bind_int_or(st, 4, f->host, 0);
    }
    store_bind_int(st, 2, f->last_us);
    store_bind_int_or(st, 5, f->group, 0);
    return first_after(s, st, f, record, id, time_us, why);
}

/* Of two successes of one time the one that stands later. */
static enum fault_code later_of(struct store *s, int64_t a, int64_t b, int64_t *out,
                                struct fault *why)
{
    sqlite3_stmt *st = store_statement(s,
                                       "SELECT id FROM entry WHERE id IN (?1, ?2) ORDER BY "
                                       "record_id DESC, " TIE_ORDER_DOWN("entry") " LIMIT 1",
                                       why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, a);
    store_bind_int(st, 2, b);
    int rc = sqlite3_step(st);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : a;
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code state_of(struct store *s, const struct failures *f,
                                enum problem_state *state, int64_t *id, int64_t *time_us,
                                struct fault *why)
{
    *id = 0;
    *time_us = TIME_NONE;
    bool nobody = f->kind == KIND_EVENT && !f->most_user;
    *state = PROBLEM_UNKNOWN;
    if (f->timed < f->count || (nobody && !f->unauthorized))
        return FAULT_NONE;
    enum fault_code code = find_success(s, f, id, time_us, why);
    *state = *id ? PROBLEM_RESOLVED : PROBLEM_FAILING;
    return code;
}

/* --- one problem ------------------------------------------------------------------------------ */

struct deriving {
    struct problem problem;
    int64_t subject, class, user, least_id;
    bool one_user;
};

static void add_failures(struct deriving *d, const struct failures *f, enum problem_state state,
                         int64_t resolved_by, int64_t resolved_us)
{
    struct problem *p = &d->problem;
    bool first = p->attempts == 0;
    p->attempts += (uint64_t)f->count;
    if (f->first_us != TIME_NONE && (p->first_us == TIME_NONE || f->first_us < p->first_us))
        p->first_us = f->first_us;
    if (f->last_us != TIME_NONE && f->last_us > p->last_us)
        p->last_us = f->last_us; /* TIME_NONE is the least */
    /* One operation that still fails is enough; else one of which nobody knows. */
    if (first || state == PROBLEM_FAILING ||
        (state == PROBLEM_UNKNOWN && p->state == PROBLEM_RESOLVED))
        p->state = state;
    if (resolved_us >= p->resolved_us) {
        p->resolved_by = resolved_by;
        p->resolved_us = resolved_us;
    }
    d->one_user =
        f->least_user == f->most_user && (first || (d->one_user && f->least_user == d->user));
    d->user = f->least_user;
    d->least_id = f->least_id;
}

/* One number of the failures of a problem by a query of (subject, class, time). */
static enum fault_code ask_one(struct store *s, const char *sql, const struct deriving *d,
                               int64_t time_us, int64_t *out, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, sql, why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, d->subject);
    store_bind_int(st, 2, d->class);
    if (sqlite3_bind_parameter_count(st) > 2)
        store_bind_int_or(st, 3, time_us, TIME_NONE);
    int rc = sqlite3_step(st);
    *out = rc == SQLITE_ROW ? store_column_int(st, 0, 0) : 0;
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code complete(struct store *s, struct deriving *d, struct fault *why)
{
    struct problem *p = &d->problem;
    enum fault_code code = FAULT_NONE;
    p->first_entry = p->last_entry = d->least_id;
    if (p->attempts > 1) {
        code = ask_one(s,
                       "SELECT id FROM entry WHERE subject = ?1 AND outcome = 1 AND class = ?2 "
                       "AND time_us IS ?3 ORDER BY record_id, " TIE_ORDER("entry") " LIMIT 1",
                       d, p->first_us, &p->first_entry, why);
        if (!code)
            code = ask_one(
                s,
                "SELECT id FROM entry WHERE subject = ?1 AND outcome = 1 AND class = ?2 "
                "AND time_us IS ?3 ORDER BY record_id DESC, " TIE_ORDER_DOWN("entry") " LIMIT 1",
                d, p->last_us, &p->last_entry, why);
    }
    if (!code && !d->one_user) /* spelt in several ways: one of them, whatever came first */
        code = ask_one(s,
                       "SELECT t.id FROM string t WHERE t.id IN (SELECT user FROM entry WHERE "
                       "subject = ?1 AND outcome = 1 AND class = ?2) ORDER BY t.text LIMIT 1",
                       d, TIME_NONE, &d->user, why);
    if (p->state != PROBLEM_RESOLVED) {
        p->resolved_by = 0;
        p->resolved_us = TIME_NONE;
    }
    return code;
}

static enum fault_code save(struct store *s, struct deriving *d, struct fault *why)
{
    const struct problem *p = &d->problem;
    if (!p->attempts)
        return FAULT_NONE;
    enum fault_code code = complete(s, d, why);
    sqlite3_stmt *st =
        code ? NULL
             : store_statement(
                   s,
                   "INSERT INTO problem(subject, class, user, attempts, first_us, last_us, "
                   "first_entry, last_entry, state, resolved_by, resolved_us) VALUES(?1, ?2, "
                   "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT(subject, class) DO UPDATE "
                   "SET user = ?3, attempts = ?4, first_us = ?5, last_us = ?6, "
                   "first_entry = ?7, last_entry = ?8, state = ?9, resolved_by = ?10, "
                   "resolved_us = ?11",
                   why);
    if (!st)
        return code ? code : store_statement_fault(why);
    store_bind_int(st, 1, d->subject);
    store_bind_int(st, 2, d->class);
    store_bind_int_or(st, 3, d->user, 0);
    store_bind_int(st, 4, (int64_t)p->attempts);
    store_bind_int_or(st, 5, p->first_us, TIME_NONE);
    store_bind_int_or(st, 6, p->last_us, TIME_NONE);
    store_bind_int(st, 7, p->first_entry);
    store_bind_int(st, 8, p->last_entry);
    store_bind_int(st, 9, p->state);
    store_bind_int_or(st, 10, p->resolved_by, 0);
    store_bind_int_or(st, 11, p->resolved_us, TIME_NONE);
    return store_run(s, st, why);
}

static enum fault_code run_on(struct store *s, const char *sql, int64_t number, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, sql, why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, number);
    return store_run(s, st, why);
}

static enum fault_code derive_subject(struct store *s, int64_t subject, struct fault *why)
{
    enum fault_code code =
        run_on(s, "UPDATE problem SET attempts = 0 WHERE subject = ?1", subject, why);
    bool had = !code && sqlite3_changes(s->db) > 0;
    sqlite3_stmt *st =
        code ? NULL
             : store_statement(
                   s,
                   "SELECT class, kind, host, method, link_group, status IS 401, count(*), "
                   "count(time_us), min(time_us), max(time_us), min(id), min(user), max(user) "
                   "FROM entry WHERE subject = ?1 AND outcome = 1 AND class IS NOT NULL "
                   "GROUP BY class, kind, host, method, link_group, status IS 401 "
                   "ORDER BY class",
                   why);
    if (!st)
        return code ? code : store_statement_fault(why);
    store_bind_int(st, 1, subject);
    struct deriving d = {.subject = subject};
    int rc = SQLITE_DONE;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct failures f;
        enum problem_state state;
        int64_t by, at;
        read_failures(st, subject, &f);
        if (f.class != d.class) {
            code = save(s, &d, why);
            d = (struct deriving){.subject = subject, .class = f.class};
            d.problem.first_us = d.problem.last_us = d.problem.resolved_us = TIME_NONE;
        }
        if (!code)
            code = state_of(s, &f, &state, &by, &at, why);
        if (!code && by && at == d.problem.resolved_us)
            code = later_of(s, by, d.problem.resolved_by, &by, why);
        if (!code)
            add_failures(&d, &f, state, by, at);
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    if (!code)
        code = save(s, &d, why);
    return code || !had
               ? code
               : run_on(s, "DELETE FROM problem WHERE subject = ?1 AND attempts = 0", subject, why);
}

/* --- all of it -------------------------------------------------------------------------------- */

/* A statement that still stands on a row would keep the transaction open. */
static enum fault_code commit(struct store *s, bool more, struct fault *why)
{
    for (size_t i = 0; i < s->statement_count; i++)
        sqlite3_reset(s->statement[i]);
    enum fault_code code = store_commit(s, why);
    return code || !more ? code : store_begin(s, why);
}

/* An index from before there were subjects: its entries get theirs. */
static enum fault_code renew_all(struct store *s, struct fault *why)
{
    int64_t last = 0;
    enum fault_code code = store_meta_get(s, "subject_pending", &last, why);
    for (int64_t id = last, done = 1; !code && id > 0; id--, done++) {
        code = subject_renew(s, id, why);
        if (!code && done % RENEWED_PER_COMMIT == 0) {
            code = store_meta_set(s, "subject_pending", id - 1, why);
            if (!code)
                code = commit(s, true, why);
        }
    }
    return code || !last ? code : store_meta_set(s, "subject_pending", 0, why);
}

static enum fault_code derive_noted(struct store *s, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    int64_t last = INT64_MIN, next = 0;
    for (unsigned done = 1; !code; done++) {
        sqlite3_stmt *st = store_statement(
            s, "SELECT subject FROM problem_note WHERE subject > ?1 ORDER BY subject LIMIT 1", why);
        if (!st)
            return store_statement_fault(why);
        store_bind_int(st, 1, last);
        int rc = sqlite3_step(st);
        next = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
        sqlite3_reset(st);
        if (rc != SQLITE_ROW)
            return rc == SQLITE_DONE ? store_exec(s, "DELETE FROM problem_note", why)
                                     : store_sql_fault(s, rc, why);
        last = next;
        code = derive_subject(s, last, why);
        if (!code && done % SUBJECTS_PER_COMMIT == 0) {
            code = run_on(s, "DELETE FROM problem_note WHERE subject <= ?1", last, why);
            if (!code)
                code = commit(s, true, why);
        }
    }
    return code;
}

enum fault_code problems_update(struct store *s, struct fault *why)
{
    int64_t noted = 0, pending = 0;
    enum fault_code code = store_ask(s, "SELECT 1 FROM problem_note LIMIT 1", 0, &noted, why);
    if (!code)
        code = store_meta_get(s, "subject_pending", &pending, why);
    if (code || (!noted && !pending))
        return code;
    code = store_begin(s, why);
    if (code)
        return code;
    if (pending)
        columns_settle_users(s);
    code = renew_all(s, why);
    if (!code)
        code = derive_noted(s, why);
    if (!code)
        code = annotations_follow(s, why);
    if (!code)
        code = commit(s, false, why);
    if (code)
        store_rollback(s);
    return code;
}
