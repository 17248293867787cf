/* Knows the SQL functions with which a question tests entries:
 *   pick(matcher, id)                    the dictionary text (or source path) of that number
 *   meets(matcher, text)                 a text that stands in the row
 *   body_meets(matcher, group, at, len)  the redacted record
 * and the one through which entries are read, take_entry(); see read.c.
 * `matcher` is a number in store->matchers. They are never used in the schema. */
#include "core/index/match.h"
#include "core/index/private.h"

static struct matcher *matcher_of(struct store *s, sqlite3_value *number)
{
    int64_t at = sqlite3_value_int64(number);
    if (!s->matchers || at < 0 || (uint64_t)at >= s->matchers->count)
        return NULL;
    return &s->matchers->items[at];
}

static struct slice text_of(sqlite3_value *value)
{
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return SLICE_NONE;
    const char *text = (const char *)sqlite3_value_text(value);
    return slice_make(text ? text : "", (size_t)sqlite3_value_bytes(value));
}

static void sql_meets(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct store *s = sqlite3_user_data(context);
    struct matcher *m = matcher_of(s, values[0]);
    sqlite3_result_int(context, m && match_text(s->matchers, m, text_of(values[1])));
}

/* The result code of SQLite: a question that is given up in here is so for the outer statement too,
 * and nothing is remembered. */
static int pick_text(struct store *s, struct matcher *m, int64_t id, bool *yes)
{
    *yes = false;
    sqlite3_stmt *st = m->of_source
                           ? store_statement(s, "SELECT path FROM source WHERE id = ?1", NULL)
                           : store_statement(s, "SELECT text FROM string WHERE id = ?1", NULL);
    if (!st)
        return SQLITE_ERROR;
    store_bind_int(st, 1, id);
    int rc = sqlite3_step(st);
    *yes = rc == SQLITE_ROW && match_text(s->matchers, m, store_column(st, 0));
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void sql_pick(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct store *s = sqlite3_user_data(context);
    struct matcher *m = matcher_of(s, values[0]);
    if (!m || sqlite3_value_type(values[1]) == SQLITE_NULL) {
        sqlite3_result_int(context, 0);
        return;
    }
    int64_t id = sqlite3_value_int64(values[1]);
    unsigned char *memory = match_memory_of(m, id);
    bool yes = memory && *memory == MATCH_YES;
    int rc = memory && *memory ? SQLITE_OK : pick_text(s, m, id, &yes);
    if (rc) {
        sqlite3_result_error_code(context, rc);
        return;
    }
    if (memory)
        *memory = yes ? MATCH_YES : MATCH_NO;
    sqlite3_result_int(context, yes);
}

static void sql_body_meets(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct store *s = sqlite3_user_data(context);
    struct matcher *m = matcher_of(s, values[0]);
    struct slice raw = SLICE_NONE;
    struct fault why = {0};
    enum fault_code code =
        body_read(s, sqlite3_value_int64(values[1]), sqlite3_value_int64(values[2]),
                  sqlite3_value_int64(values[3]), &raw, &why);
    if (code == FAULT_CANCELLED)
        sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    else if (code)
        sqlite3_result_error(context, why.text, -1);
    else
        sqlite3_result_int(context, m && match_text(s->matchers, m, raw));
}

enum fault_code functions_add(struct store *s, struct fault *why)
{
    static const struct {
        const char *name;
        int values;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"meets", 2, sql_meets},
                     {"pick", 2, sql_pick},
                     {"body_meets", 4, sql_body_meets},
                     {"take_entry", -1, row_take}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int rc = sqlite3_create_function_v2(s->db, functions[i].name, functions[i].values,
                                            SQLITE_UTF8 | SQLITE_DIRECTONLY, s, functions[i].call,
                                            NULL, NULL, NULL);
        if (rc)
            return store_sql_fault(s, rc, why);
    }
    return FAULT_NONE;
}
