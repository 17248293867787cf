/* Knows which entries have their class derived again after the rule packs changed, in which order
 * (failures first), and how a new class is written. What the class is: core/reclassify.c. */
#include "core/index/private.h"

enum { PASS_FAILURES, PASS_OTHERS, PASSES };

enum fault_code store_reclass_due(struct store *s, uint64_t hash, bool *due, bool *empty,
                                  struct fault *why)
{
    int64_t done = 0, last = 0;
    enum fault_code code = store_meta_get(s, "classes_hash", &done, why);
    if (!code)
        code = store_meta_get(s, "last_entry", &last, why);
    *due = !code && done != (int64_t)hash;
    *empty = last == 0;
    return code;
}

/* Where the work for these packs stands: (0, 0) at its beginning. */
static enum fault_code progress_of(struct store *s, uint64_t hash, int64_t *pass, int64_t *at,
                                   struct fault *why)
{
    int64_t of = 0;
    enum fault_code code = store_meta_get(s, "classes_for", &of, why);
    *pass = *at = 0;
    if (code || of != (int64_t)hash)
        return code;
    code = store_meta_get(s, "classes_pass", pass, why);
    return code ? code : store_meta_get(s, "classes_at", at, why);
}

static enum fault_code keep_progress(struct store *s, uint64_t hash, int64_t pass, int64_t at,
                                     struct fault *why)
{
    enum fault_code code = store_meta_set(s, "classes_for", (int64_t)hash, why);
    if (!code)
        code = store_meta_set(s, "classes_pass", pass, why);
    return code ? code : store_meta_set(s, "classes_at", at, why);
}

enum fault_code store_reclass_next(struct store *s, uint64_t hash,
                                   struct store_reclass batch[RECLASS_BATCH], size_t *count,
                                   struct fault *why)
{
    int64_t pass, at;
    *count = 0;
    enum fault_code code = progress_of(s, hash, &pass, &at, why);
    for (; !code && *count == 0 && pass < PASSES; pass++, at = 0) {
        /* a 2xx answer is a success whatever the packs say */
        sqlite3_stmt *st =
            store_statement(s,
                            "SELECT id FROM entry WHERE id > ?1 AND class IN (SELECT id FROM class "
                            "WHERE failure = ?2 AND name <> 'success') ORDER BY id LIMIT ?3",
                            why);
        if (!st)
            return store_statement_fault(why);
        store_bind_int(st, 1, at);
        store_bind_int(st, 2, pass == PASS_FAILURES);
        store_bind_int(st, 3, RECLASS_BATCH);
        int rc;
        while ((rc = sqlite3_step(st)) == SQLITE_ROW && *count < RECLASS_BATCH)
            batch[(*count)++] =
                (struct store_reclass){.id = sqlite3_column_int64(st, 0), .pass = (int)pass};
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            code = store_sql_fault(s, rc, why);
        sqlite3_reset(st);
    }
    return code;
}

static enum fault_code save_class(struct store *s, const struct store_reclass *one, bool *changed,
                                  struct fault *why)
{
    int64_t class;
    enum fault_code code = class_id_of(s, &one->derived, &class, why);
    if (code)
        return code;
    sqlite3_stmt *st = store_statement(
        s, "UPDATE entry SET class = ?2 WHERE id = ?1 AND class IS NOT ?2 RETURNING subject", why);
    if (!st)
        return store_statement_fault(why);
    int64_t subject = 0;
    store_bind_int(st, 1, one->id);
    store_bind_int(st, 2, class);
    int rc = sqlite3_step(st);
    *changed = rc == SQLITE_ROW;
    if (*changed)
        subject = store_column_int(st, 0, 0);
    while (rc == SQLITE_ROW)
        rc = sqlite3_step(st);
    code = rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    if (!code)
        code = subject_note(s, *changed ? subject : 0, why);
    return code ? code : subject_renew(s, one->id, why);
}

enum fault_code store_reclass_save(struct store *s, uint64_t hash,
                                   const struct store_reclass *batch, size_t count,
                                   uint64_t *changed, struct fault *why)
{
    uint64_t before = *changed;
    enum fault_code code = store_begin(s, why);
    if (code || count == 0)
        return code;
    for (size_t i = 0; !code && i < count; i++) {
        bool is_new = false;
        if (!slice_is_none(batch[i].derived.class_id))
            code = save_class(s, &batch[i], &is_new, why);
        *changed += is_new;
    }
    if (!code)
        code = keep_progress(s, hash, batch[count - 1].pass, batch[count - 1].id, why);
    if (!code)
        code = store_commit(s, why);
    if (code) {
        *changed = before;
        store_rollback(s);
    }
    return code;
}

enum fault_code store_reclass_end(struct store *s, uint64_t hash, struct fault *why)
{
    enum fault_code code = store_begin(s, why);
    if (code)
        return code;
    code = store_meta_set(s, "classes_hash", (int64_t)hash, why);
    if (!code)
        code = store_commit(s, why);
    if (code)
        store_rollback(s);
    return code;
}
