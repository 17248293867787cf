/* Knows whose failure or success an entry is, as a number that problems are grouped by, and which
 * subjects have to be looked at again. What follows from them is problem_update.c. */
#include "core/index/column.h"

#include "core/base/utf8.h"

enum { SUBJECT_TEXT = 8 * 1024 /* bytes of a subject; what is longer is cut */ };

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80 || (text.at[i] >= 'A' && text.at[i] <= 'Z'))
            return false;
    return true;
}

/* The agent that wrote an event: what fails when nobody is named. */
enum fault_code subject_of_agent(struct store *s, struct slice provider, struct slice computer,
                                 int64_t *out, struct fault *why)
{
    struct buf text;
    buf_init(&text, SUBJECT_TEXT);
    buf_add(&text, slice_first(provider, SUBJECT_TEXT / 4));
    if (provider.len && computer.len)
        buf_add_text(&text, " on ");
    buf_add(&text, slice_first(computer, SUBJECT_TEXT / 4));
    enum fault_code code = dictionary_id(s, text.len ? buf_slice(&text) : SLICE("?"), out, why);
    buf_free(&text);
    return code;
}

static enum fault_code subject_of_call(struct store *s, const struct entry *e, int64_t *out,
                                       struct fault *why)
{
    struct buf text;
    buf_init(&text, SUBJECT_TEXT);
    buf_add(&text, slice_first(e->host, SUBJECT_TEXT / 4));
    buf_add(&text, slice_first(e->path, SUBJECT_TEXT / 2));
    enum fault_code code = dictionary_id(s, text.len ? buf_slice(&text) : SLICE("?"), out, why);
    buf_free(&text);
    return code;
}

enum fault_code subject_of(struct store *s, const struct entry *e, int64_t user_id, int64_t *out,
                           struct fault *why)
{
    *out = user_id;
    if (user_id && is_plain(e->user))
        return FAULT_NONE;
    if (user_id) {
        struct buf folded;
        buf_init(&folded, SUBJECT_TEXT);
        utf8_add_folded(&folded, slice_first(e->user, SUBJECT_TEXT / 4));
        enum fault_code code = dictionary_id(s, buf_slice(&folded), out, why);
        buf_free(&folded);
        return code;
    }
    return e->kind == KIND_EVENT ? subject_of_agent(s, e->provider, e->computer, out, why)
                                 : subject_of_call(s, e, out, why);
}

enum outcome outcome_of(const struct entry *e, enum step step)
{
    if (e->failure)
        return OUTCOME_FAILED;
    if (e->success || (e->kind == KIND_EVENT && slice_is_none(e->class_id) && step == STEP_DONE))
        return OUTCOME_DONE;
    return OUTCOME_NONE;
}

enum fault_code subject_note(struct store *s, int64_t subject, struct fault *why)
{
    if (!subject)
        return FAULT_NONE;
    sqlite3_stmt *st =
        store_statement(s, "INSERT OR IGNORE INTO problem_note(subject) VALUES(?1)", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, subject);
    return store_run(s, st, why);
}

/* Columns: kind, class, step, outcome, subject, path, then the dictionary numbers. */
static enum fault_code read_parts(struct store *s, sqlite3_stmt *st, struct arena *arena,
                                  struct entry *out, struct fault *why)
{
    *out = (struct entry){.kind = (enum entry_kind)sqlite3_column_int(st, 0),
                          .path = arena_copy(arena, store_column(st, 5))};
    struct slice *const texts[] = {&out->host, &out->provider, &out->computer};
    enum fault_code code = FAULT_NONE;
    for (int i = 0; !code && i < 3; i++)
        code = dictionary_text(s, store_column_int(st, 6 + i, 0), arena, texts[i], why);
    int64_t class = store_column_int(st, 1, 0);
    if (!code && class && !class_at(s, class))
        code = class_read(s, why);
    const struct store_class *known = class_at(s, class);
    if (known) {
        out->class_id = known->id;
        out->failure = known->failure;
        out->success = known->success;
    }
    return code;
}

static enum fault_code save(struct store *s, int64_t id, int64_t subject, enum outcome outcome,
                            struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s, "UPDATE entry SET subject = ?2, outcome = ?3 WHERE id = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, id);
    store_bind_int_or(st, 2, subject, 0);
    store_bind_int_or(st, 3, outcome, OUTCOME_NONE);
    columns_expect(s, CHANGE_USER);
    enum fault_code code = store_run(s, st, why);
    columns_expect(s, CHANGE_ANY);
    return code;
}

/* Subject and outcome of an entry, as it has them and as they should be. */
struct renewal {
    bool found, changed;
    int64_t before, subject;
    enum outcome outcome;
};

/* `user`: its number from now on; NULL: as it is. */
static enum fault_code derive(struct store *s, int64_t id, const int64_t *user, struct renewal *out,
                              struct fault *why)
{
    *out = (struct renewal){0};
    sqlite3_stmt *st = store_statement(
        s,
        "SELECT kind, class, step, outcome, subject, path, host, provider, computer, user "
        "FROM entry WHERE id = ?1",
        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, id);
    int rc = sqlite3_step(st);
    out->found = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW) {
        sqlite3_reset(st);
        return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
    }
    struct arena arena;
    arena_init(&arena);
    struct entry e;
    enum fault_code code = read_parts(s, st, &arena, &e, why);
    out->outcome = outcome_of(&e, (enum step)sqlite3_column_int(st, 2));
    out->before = store_column_int(st, 4, 0);
    int64_t user_id = user ? *user : store_column_int(st, 9, 0);
    bool same = out->outcome == (enum outcome)sqlite3_column_int(st, 3);
    sqlite3_reset(st);
    if (!code && out->outcome)
        code = dictionary_text(s, user_id, &arena, &e.user, why);
    if (!code && out->outcome)
        code = subject_of(s, &e, user_id, &out->subject, why);
    out->changed = !same || out->subject != out->before;
    arena_free(&arena);
    return code;
}

static enum fault_code note_both(struct store *s, const struct renewal *r, struct fault *why)
{
    enum fault_code code = subject_note(s, r->before, why);
    return code ? code : subject_note(s, r->subject, why);
}

enum fault_code subject_renew(struct store *s, int64_t id, struct fault *why)
{
    struct renewal r;
    enum fault_code code = derive(s, id, NULL, &r, why);
    if (code || !r.changed)
        return code;
    code = save(s, id, r.subject, r.outcome, why);
    return code ? code : note_both(s, &r, why);
}

enum fault_code subject_set_user(struct store *s, int64_t id, int64_t user, int64_t from,
                                 struct fault *why)
{
    struct renewal r;
    enum fault_code code = derive(s, id, &user, &r, why);
    if (code || !r.found)
        return code;
    /* One change of the row, and of the index of subjects only when it is needed. */
    sqlite3_stmt *st =
        r.changed
            ? store_statement(s,
                              "UPDATE entry SET user = ?2, user_entry = ?3, subject = ?4, "
                              "outcome = ?5 WHERE id = ?1",
                              why)
            : store_statement(s, "UPDATE entry SET user = ?2, user_entry = ?3 WHERE id = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, id);
    store_bind_int_or(st, 2, user, 0);
    store_bind_int_or(st, 3, from, 0);
    if (r.changed) {
        store_bind_int_or(st, 4, r.subject, 0);
        store_bind_int_or(st, 5, r.outcome, OUTCOME_NONE);
    }
    columns_expect(s, CHANGE_USER);
    code = store_run(s, st, why);
    columns_expect(s, CHANGE_ANY);
    return code || !r.changed ? code : note_both(s, &r, why);
}
