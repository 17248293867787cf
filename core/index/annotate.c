/* Knows how remarks are written; see annotate.h. Reading them is part of reading entries and
 * problems. */
#include "core/index/annotate.h"

#include "core/index/private.h"

static const char *const work_names[WORKS] = {"open", "done", "ignored"};

const char *work_name(enum work work)
{
    return work < WORKS ? work_names[work] : NULL;
}

enum work work_named(struct slice name)
{
    int work = WORK_OPEN;
    while (work < WORKS && !slice_is(name, work_names[work]))
        work++;
    return work < WORKS ? (enum work)work : WORK_OPEN;
}

static const char *const of_entry[] = {
    [ANNOTATION_MARK] = ("INSERT INTO annotation(entry, mark) VALUES(?1, ?2) "
                         "ON CONFLICT(entry) DO UPDATE SET mark = excluded.mark"),
    [ANNOTATION_NOTE] = ("INSERT INTO annotation(entry, note) VALUES(?1, ?2) "
                         "ON CONFLICT(entry) DO UPDATE SET note = excluded.note"),
    [ANNOTATION_WORK] = ("INSERT INTO annotation(entry, work) VALUES(?1, ?2) "
                         "ON CONFLICT(entry) DO UPDATE SET work = excluded.work"),
};

static const char *const of_problem[] = {
    [ANNOTATION_MARK] = ("INSERT INTO problem_annotation(subject, class, entry, mark) "
                         "SELECT subject, class, id, ?2 FROM entry WHERE id = ?1 "
                         "ON CONFLICT(subject, class) DO UPDATE SET mark = excluded.mark"),
    [ANNOTATION_NOTE] = ("INSERT INTO problem_annotation(subject, class, entry, note) "
                         "SELECT subject, class, id, ?2 FROM entry WHERE id = ?1 "
                         "ON CONFLICT(subject, class) DO UPDATE SET note = excluded.note"),
    [ANNOTATION_WORK] = ("INSERT INTO problem_annotation(subject, class, entry, work) "
                         "SELECT subject, class, id, ?2 FROM entry WHERE id = ?1 "
                         "ON CONFLICT(subject, class) DO UPDATE SET work = excluded.work"),
};

/* Whether the entry is there and, for its problem, a failure. */
static enum fault_code check(struct store *s, const struct annotation_change *change,
                             struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT outcome = 1 AND subject IS NOT NULL AND class IS NOT NULL FROM entry WHERE id = ?1",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, change->entry);
    int rc = sqlite3_step(st);
    bool failed = rc == SQLITE_ROW && sqlite3_column_int(st, 0) == 1;
    sqlite3_reset(st);
    if (rc == SQLITE_DONE)
        return fault_set(why, FAULT_USAGE, "there is no entry %lld", (long long)change->entry);
    if (rc != SQLITE_ROW)
        return store_sql_fault(s, rc, why);
    if (change->problem && !failed)
        return fault_set(why, FAULT_USAGE, "entry %lld belongs to no problem",
                         (long long)change->entry);
    return FAULT_NONE;
}

static enum fault_code write(struct store *s, const struct annotation_change *change,
                             struct fault *why)
{
    enum fault_code code = check(s, change, why);
    if (code)
        return code;
    sqlite3_stmt *st =
        store_statement(s, (change->problem ? of_problem : of_entry)[change->what], why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, change->entry);
    store_bind(st, 2, change->value.len > 0 ? change->value : SLICE_NONE);
    code = store_run(s, st, why);
    if (!code)
        code = store_exec(s,
                          "DELETE FROM annotation WHERE mark IS NULL AND note IS NULL AND work IS "
                          "NULL; DELETE FROM problem_annotation WHERE mark IS NULL AND note IS "
                          "NULL AND work IS NULL",
                          why);
    return code;
}

enum fault_code annotate(struct store *s, const struct annotation_change *change, struct fault *why)
{
    if (change->value.len > ANNOTATION_LIMIT)
        return fault_set(why, FAULT_USAGE, "a note has room for %d bytes", ANNOTATION_LIMIT);
    enum fault_code code = store_begin(s, why);
    if (code)
        return code;
    code = write(s, change, why);
    if (!code)
        code = store_commit(s, why);
    if (code)
        store_rollback(s);
    return code;
}

enum fault_code annotations_follow(struct store *s, struct fault *why)
{
    return store_exec(s,
                      "UPDATE OR IGNORE problem_annotation SET (subject, class) = (SELECT "
                      "e.subject, e.class FROM entry e WHERE e.id = problem_annotation.entry) "
                      "WHERE EXISTS(SELECT 1 FROM entry e WHERE e.id = problem_annotation.entry "
                      "AND e.outcome = 1 AND e.subject IS NOT NULL AND e.class IS NOT NULL AND "
                      "(e.subject != problem_annotation.subject OR e.class != "
                      "problem_annotation.class))",
                      why);
}
