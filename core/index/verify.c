/* Knows how an index is checked: what SQLite says of the file, and whether rows that point at each
 * other still do. Reads every group of records once. */
#include "core/index/column.h"

#include "core/base/safe.h"

#include <stdio.h>

enum { LINE_SIZE = 300, LINES_OF_A_KIND = 20 };

struct verifying {
    struct store *s;
    void (*say)(void *self, const char *line);
    void *self;
    uint64_t faults;
};

static void found(struct verifying *v, const char *line)
{
    v->faults++;
    v->say(v->self, line);
}

/* Queries that must give no row; each row is one fault: (number, text). */
static const struct {
    const char *what, *sql;
} rules[] = {
    {"entry %lld: its source is not there",
     "SELECT id FROM entry WHERE source NOT IN (SELECT id FROM source)"},
    {"entry %lld: its record is not there",
     "SELECT e.id FROM entry e LEFT JOIN body b ON b.id = e.body WHERE e.body IS NOT NULL AND "
     "(b.id IS NULL OR e.body_at < 0 OR e.body_len < 0 OR e.body_at + e.body_len > b.size)"},
    {"entry %lld: its class is not there",
     "SELECT id FROM entry WHERE class IS NOT NULL AND class NOT IN (SELECT id FROM class)"},
    {"entry %lld: its user comes from an entry that is not there",
     "SELECT id FROM entry WHERE user_entry IS NOT NULL AND user_entry NOT IN "
     "(SELECT id FROM entry)"},
    {"entry %lld: a text of it is not in the dictionary",
     "SELECT id FROM entry e WHERE "
     "(user IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.user)) OR "
     "(own_user IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.own_user)) OR "
     "(provider IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.provider)) OR "
     "(computer IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.computer)) OR "
     "(channel IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.channel)) OR "
     "(method IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.method)) OR "
     "(origin IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.origin)) OR "
     "(host IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.host)) OR "
     "(scim_type IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.scim_type)) OR "
     "(code IS NOT NULL AND NOT EXISTS(SELECT 1 FROM string s WHERE s.id = e.code))"},
    {"text %lld of the dictionary: it is there twice",
     "SELECT max(id) FROM string GROUP BY text HAVING count(*) > 1"},
    {"source %lld: its count of entries is wrong",
     "SELECT s.id FROM source s LEFT JOIN (SELECT source, count(*) AS n FROM entry "
     "GROUP BY source) c ON c.source = s.id WHERE coalesce(c.n, 0) != coalesce(s.held, 0)"},
    {"entry %lld: it has no fingerprint, or more than one",
     "SELECT e.id FROM entry e LEFT JOIN (SELECT entry, count(*) AS n FROM print GROUP BY entry) p "
     "ON p.entry = e.id WHERE p.n IS NOT 1"},
    {"entry %lld: it is not there, but its fingerprint is",
     "SELECT entry FROM print WHERE entry NOT IN (SELECT id FROM entry)"},
    {"entry %lld: its fingerprint is another one",
     "SELECT e.id FROM print p JOIN entry e ON e.id = p.entry WHERE e.print != p.fp"},
    {"source %lld: it is not there, but what it held is",
     "SELECT source FROM source_extent WHERE source NOT IN (SELECT id FROM source)"},
    {"problem %lld: its class or its entries are not there",
     "SELECT id FROM problem p WHERE class NOT IN (SELECT id FROM class) OR "
     "first_entry NOT IN (SELECT id FROM entry) OR last_entry NOT IN (SELECT id FROM entry) OR "
     "resolved_by NOT IN (SELECT id FROM entry)"},
    {"problem %lld: its count of failures is wrong",
     "SELECT id FROM problem p WHERE NOT EXISTS(SELECT 1 FROM problem_note n WHERE "
     "n.subject = p.subject) AND attempts != (SELECT count(*) FROM entry e WHERE "
     "e.subject = p.subject AND e.outcome = 1 AND e.class = p.class)"},
    {"entry %lld: a failure without a problem",
     "SELECT e.id FROM entry e WHERE e.outcome = 1 AND NOT EXISTS(SELECT 1 FROM problem p WHERE "
     "p.subject = e.subject AND p.class = e.class) AND NOT EXISTS(SELECT 1 FROM problem_note n "
     "WHERE n.subject = e.subject)"},
    {"entry %lld: it is not there, but a remark on it is",
     "SELECT entry FROM annotation WHERE entry NOT IN (SELECT id FROM entry) UNION "
     "SELECT entry FROM problem_annotation WHERE entry NOT IN (SELECT id FROM entry)"},
    {"entry %lld: its number was not given out yet",
     "SELECT id FROM entry WHERE id > coalesce((SELECT value FROM meta WHERE key = 'last_entry'), "
     "0)"},
};

static enum fault_code check_rule(struct verifying *v, const char *what, const char *sql,
                                  struct fault *why)
{
    sqlite3_stmt *st = store_statement(v->s, sql, why);
    if (!st)
        return store_statement_fault(why);
    int rc, lines = 0;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        char line[LINE_SIZE], number[24];
        snprintf(number, sizeof number, "%lld", (long long)sqlite3_column_int64(st, 0));
        const char *mark = strstr(what, "%lld");
        snprintf(line, sizeof line, "%.*s%s%s", (int)(mark - what), what, number, mark + 4);
        if (lines++ < LINES_OF_A_KIND)
            found(v, line);
        else
            v->faults++;
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(v->s, rc, why);
}

static enum fault_code check_sqlite(struct verifying *v, struct fault *why)
{
    sqlite3_stmt *st = store_statement(v->s, "PRAGMA integrity_check(20)", why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct slice text = store_column(st, 0);
        char line[LINE_SIZE], shown[200];
        if (slice_is(text, "ok"))
            continue;
        snprintf(line, sizeof line, "SQLite: %s", safe_short(shown, sizeof shown, text));
        found(v, line);
    }
    if (rc != SQLITE_DONE) {
        char line[LINE_SIZE], shown[200];
        snprintf(line, sizeof line, "SQLite: %s",
                 safe_short(shown, sizeof shown, slice_of(sqlite3_errmsg(v->s->db))));
        found(v, line);
    }
    bool cancelled = (rc & 0xff) == SQLITE_INTERRUPT || (rc & 0xff) == SQLITE_BUSY;
    enum fault_code code = cancelled ? store_sql_fault(v->s, rc, why) : FAULT_NONE;
    sqlite3_reset(st);
    return code;
}

static enum fault_code check_schema(struct verifying *v, struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(v->s, "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2", why);
    if (!st)
        return store_statement_fault(why);
    for (const struct schema_object *o = schema_objects; o->name; o++) {
        sqlite3_reset(st);
        store_bind(st, 1, slice_of(o->type));
        store_bind(st, 2, slice_of(o->name));
        int rc = sqlite3_step(st);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return store_sql_fault(v->s, rc, why);
        char line[LINE_SIZE];
        snprintf(line, sizeof line, "%s %s: %s", o->type, o->name,
                 rc == SQLITE_DONE ? "is missing" : "is not as scimscope makes it");
        if (rc == SQLITE_DONE || !slice_is(store_column(st, 0), o->sql))
            found(v, line);
    }
    sqlite3_reset(st);
    return FAULT_NONE;
}

static enum fault_code check_bodies(struct verifying *v, struct fault *why)
{
    sqlite3_stmt *st = store_statement(v->s, "SELECT id FROM body", why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct slice raw;
        struct fault bad = {0};
        enum fault_code code = body_read(v->s, sqlite3_column_int64(st, 0), 0, 0, &raw, &bad);
        if (code == FAULT_CANCELLED || code == FAULT_BUSY) {
            sqlite3_reset(st);
            return fault_set(why, code, "%s", bad.text);
        }
        if (code)
            found(v, bad.text);
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(v->s, rc, why);
}

enum fault_code store_verify(struct store *s, void (*say)(void *self, const char *line), void *self,
                             uint64_t *faults, struct fault *why)
{
    struct verifying v = {.s = s, .say = say, .self = self};
    bool own = false;
    enum fault_code code = store_read_begin(s, &own, why);
    if (!code)
        code = check_sqlite(&v, why);
    uint64_t of_file = v.faults;
    if (!code)
        code = check_schema(&v, why);
    for (size_t i = 0; !code && i < sizeof rules / sizeof *rules; i++)
        code = check_rule(&v, rules[i].what, rules[i].sql, why);
    if (!code)
        code = check_bodies(&v, why);
    if (!code)
        code = columns_verify(s, say, self, &v.faults, why);
    /* Of a damaged file more than what was said cannot be asked. */
    if (code == FAULT_INDEX && (of_file || v.faults))
        code = FAULT_NONE;
    const struct hash_key *key;
    struct fault bad = {0};
    if (!code && store_key(s, &key, &bad))
        found(&v, bad.text);
    store_read_end(s, own);
    *faults = v.faults;
    return code;
}
