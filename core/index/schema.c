/* Knows the tables, the view `log` and how an older index is brought forward. Everything that a
 * person may ask with the sqlite3 shell stands in plain columns; see DESIGN.md section 3. */
#include "core/index/private.h"

#include "core/base/alloc.h"

#include <stdio.h>

#define COLUMN_BLOCK_SQL                                                                           \
    "CREATE TABLE column_block(id INTEGER PRIMARY KEY, stamp INTEGER, first_id INTEGER,\n"         \
    "  last_id INTEGER, entries INTEGER, timed INTEGER, min_us INTEGER, max_us INTEGER,\n"         \
    "  flags INTEGER, classes BLOB)"
#define COLUMN_DATA_SQL "CREATE TABLE column_data(id INTEGER PRIMARY KEY, data BLOB)"
/* Whose problem it is tells the entry (a failed one of it): see core/index/annotate.h. */
#define PROBLEM_ANNOTATION_SQL                                                                     \
    "CREATE TABLE problem_annotation(subject INTEGER, class INTEGER, entry INTEGER NOT NULL,\n"    \
    "  mark TEXT, note TEXT, work TEXT, PRIMARY KEY(subject, class)) WITHOUT ROWID"

/* Derived data of core/index/extent.h, for core/index/coverage.h. */
#define SOURCE_EXTENT_SQL                                                                          \
    "CREATE TABLE source_extent(source INTEGER PRIMARY KEY, data BLOB NOT NULL)"

#define STRING_SQL "CREATE TABLE string(id INTEGER PRIMARY KEY, text TEXT NOT NULL)"
#define LINK_SHOWN_SQL                                                                             \
    "CREATE TABLE link_shown(id INTEGER PRIMARY KEY, names INTEGER NOT NULL,\n"                    \
    "  keys BLOB NOT NULL, data BLOB NOT NULL)"

/* Absent values are null; ids of `string` where a column repeats. No secondary index on what every
 * import writes: entry_group and entry_key hold only the entries that linking users looks at. */
const struct schema_object schema_objects[] = {
    {"table", "meta", "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID"},
    {"table", "source",
     "CREATE TABLE source(id INTEGER PRIMARY KEY, path TEXT NOT NULL, label TEXT, format TEXT,\n"
     "  size INTEGER, mtime_us INTEGER, entries INTEGER, added INTEGER, duplicates INTEGER,\n"
     "  damaged INTEGER, other INTEGER, held INTEGER, records_done INTEGER, offset INTEGER,\n"
     "  sha256 TEXT, zone TEXT, redacted INTEGER, complete INTEGER, first_us INTEGER,\n"
     "  last_us INTEGER, imported_us INTEGER, run INTEGER, zone_twice INTEGER, zone_never "
     "INTEGER)"},
    {"table", "source_extent", SOURCE_EXTENT_SQL},
    {"table", "damaged",
     "CREATE TABLE damaged(source INTEGER, position INTEGER, offset INTEGER, text TEXT)"},
    /* Each text once. Its index `string_text` is made when there are many; see dictionary.c. */
    {"table", "string", STRING_SQL},
    {"table", "class",
     "CREATE TABLE class(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, category TEXT,\n"
     "  vendor TEXT, failure INTEGER, success INTEGER, remedy INTEGER, evidence INTEGER)"},
    /* Raw records one behind the other, compressed (zstd); size = of the bytes unpacked. */
    {"table", "body",
     "CREATE TABLE body(id INTEGER PRIMARY KEY, size INTEGER NOT NULL, data BLOB NOT NULL)"},
    /* What browsing asks for stands first, so that long texts are not read past. */
    {"table", "entry",
     "CREATE TABLE entry(id INTEGER PRIMARY KEY, time_us INTEGER, kind INTEGER NOT NULL,\n"
     "  source INTEGER NOT NULL, position INTEGER NOT NULL, bulk INTEGER, class INTEGER,\n"
     "  user INTEGER, status INTEGER, level INTEGER, event_id INTEGER, flags INTEGER NOT NULL,\n"
     "  print INTEGER NOT NULL, body INTEGER, body_at INTEGER, body_len INTEGER,\n"
     "  own_user INTEGER, user_entry INTEGER, record_id INTEGER, provider INTEGER,\n"
     "  computer INTEGER, channel INTEGER, method INTEGER, origin INTEGER, host INTEGER,\n"
     "  scim_type INTEGER, code INTEGER, duration_us INTEGER, step INTEGER, link_group INTEGER,\n"
     "  path TEXT, query TEXT, url TEXT, request_id TEXT, link_key TEXT, detail TEXT,\n"
     "  sequence INTEGER, subject INTEGER, outcome INTEGER)"},
    /* The n-th entry with a fingerprint within one second, and the import that saw it last. */
    {"table", "print",
     "CREATE TABLE print(time INTEGER, fp INTEGER, nth INTEGER, run INTEGER NOT NULL,\n"
     "  entry INTEGER NOT NULL, PRIMARY KEY(time, fp, nth)) WITHOUT ROWID"},
    {"table", "link_group",
     "CREATE TABLE link_group(id INTEGER PRIMARY KEY, computer INTEGER, channel INTEGER,\n"
     "  provider INTEGER, UNIQUE(computer, channel, provider))"},
    {"table", "link_name",
     "CREATE TABLE link_name(host INTEGER, key TEXT, name TEXT, time_us INTEGER, source INTEGER,\n"
     "  position INTEGER, entry INTEGER, PRIMARY KEY(host, key, name)) WITHOUT ROWID"},
    /* What link_name does not hold yet; see shown.c. */
    {"table", "link_shown", LINK_SHOWN_SQL},
    {"table", "link_note",
     "CREATE TABLE link_note(id INTEGER PRIMARY KEY, kind INTEGER, grp INTEGER, key TEXT,\n"
     "  from_us INTEGER, to_us INTEGER, UNIQUE(kind, grp, key))"},
    /* Entries of a class and subject with outcome 1 are a problem's; see core/explain/problem.h. */
    {"table", "problem",
     "CREATE TABLE problem(id INTEGER PRIMARY KEY, subject INTEGER NOT NULL,\n"
     "  class INTEGER NOT NULL, user INTEGER, attempts INTEGER NOT NULL, first_us INTEGER,\n"
     "  last_us INTEGER, first_entry INTEGER, last_entry INTEGER, state INTEGER NOT NULL,\n"
     "  resolved_by INTEGER, resolved_us INTEGER, UNIQUE(subject, class))"},
    {"table", "problem_note", "CREATE TABLE problem_note(subject INTEGER PRIMARY KEY)"},
    {"table", "annotation",
     "CREATE TABLE annotation(entry INTEGER PRIMARY KEY, mark TEXT, note TEXT, work TEXT)"},
    {"table", "problem_annotation", PROBLEM_ANNOTATION_SQL},
    /* Derived from `entry`; core/index/column.h tells how. */
    {"table", "column_block", COLUMN_BLOCK_SQL},
    {"table", "column_data", COLUMN_DATA_SQL},
    {"index", "entry_group",
     "CREATE INDEX entry_group ON entry(link_group, time_us, record_id, sequence)\n"
     "  WHERE link_group IS NOT NULL"},
    {"index", "entry_key",
     "CREATE INDEX entry_key ON entry(link_key, host) WHERE link_key IS NOT NULL"},
    {"index", "entry_subject",
     "CREATE INDEX entry_subject ON entry(subject, outcome, time_us) WHERE subject IS NOT NULL"},
    {"view", "log",
     "CREATE VIEW log AS SELECT e.id AS id,\n"
     "  strftime('%Y-%m-%dT%H:%M:%S',\n"
     "    (e.time_us - ((e.time_us % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch')\n"
     "    || printf('.%06dZ', ((e.time_us % 1000000) + 1000000) % 1000000) AS time,\n"
     "  CASE e.kind WHEN 0 THEN 'event' WHEN 1 THEN 'http' ELSE 'provisioning' END AS kind,\n"
     "  s.path AS source, s.label AS label, e.position AS position, e.bulk AS bulk_operation,\n"
     "  CASE e.level WHEN 1 THEN 'critical' WHEN 2 THEN 'error' WHEN 3 THEN 'warning'\n"
     "    WHEN 4 THEN 'information' WHEN 5 THEN 'verbose' END AS level,\n"
     "  e.event_id AS event_id, e.record_id AS record_id, provider.text AS provider,\n"
     "  computer.text AS computer, channel.text AS channel, method.text AS method,\n"
     "  coalesce(e.url, origin.text || coalesce(e.path, '') || coalesce('?' || e.query, ''))\n"
     "    AS url,\n"
     "  host.text AS host, e.path AS path, e.status AS status, scim_type.text AS scim_type,\n"
     "  code.text AS code, e.detail AS detail, class.name AS class, class.category AS category,\n"
     "  class.vendor AS vendor, user.text AS user,\n"
     "  CASE WHEN e.user IS NULL THEN NULL\n"
     "    WHEN e.user_entry IS NULL THEN '{\"how\":\"stated\",\"entry\":null}'\n"
     "    ELSE '{\"how\":\"linked\",\"entry\":' || e.user_entry || '}' END AS user_from,\n"
     "  e.request_id AS request_id,\n"
     "  CASE WHEN e.duration_us % 1000 = 0 THEN e.duration_us / 1000\n"
     "    ELSE e.duration_us / 1000.0 END AS duration_ms,\n"
     "  CASE problem.state WHEN 1 THEN 'failing' WHEN 2 THEN 'resolved'\n"
     "    WHEN 3 THEN 'unknown' END AS state\n"
     "FROM entry e JOIN source s ON s.id = e.source\n"
     "  LEFT JOIN class ON class.id = e.class LEFT JOIN string user ON user.id = e.user\n"
     "  LEFT JOIN string provider ON provider.id = e.provider\n"
     "  LEFT JOIN string computer ON computer.id = e.computer\n"
     "  LEFT JOIN string channel ON channel.id = e.channel\n"
     "  LEFT JOIN string method ON method.id = e.method\n"
     "  LEFT JOIN string origin ON origin.id = e.origin\n"
     "  LEFT JOIN string host ON host.id = e.host\n"
     "  LEFT JOIN string scim_type ON scim_type.id = e.scim_type\n"
     "  LEFT JOIN string code ON code.id = e.code\n"
     "  LEFT JOIN problem ON problem.subject = e.subject AND problem.class = e.class"},
    {NULL, NULL, NULL}};

static enum fault_code failed(sqlite3 *db, struct fault *why)
{
    int rc = sqlite3_errcode(db) & 0xff;
    if (rc == SQLITE_NOMEM)
        alloc_exhausted();
    bool disk = rc == SQLITE_FULL || rc == SQLITE_IOERR;
    return fault_set(why, disk ? FAULT_IO : FAULT_INDEX, "a new index cannot be written: %s",
                     sqlite3_errmsg(db));
}

enum fault_code schema_create(sqlite3 *db, const char *key_check, struct fault *why)
{
    char pragmas[200];
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA page_size = %d; BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d;",
             INDEX_PAGE_SIZE, INDEX_APPLICATION_ID, INDEX_VERSION);
    if (sqlite3_exec(db, pragmas, NULL, NULL, NULL))
        return failed(db, why);
    for (const struct schema_object *o = schema_objects; o->name; o++)
        if (sqlite3_exec(db, o->sql, NULL, NULL, NULL))
            return failed(db, why);
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, "INSERT INTO meta(key, value) VALUES('key_check', ?1)", -1, &st,
                                NULL);
    if (!rc) {
        sqlite3_bind_text(st, 1, key_check, -1, SQLITE_STATIC);
        rc = sqlite3_step(st) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
    }
    sqlite3_finalize(st);
    if (rc || sqlite3_exec(db, "COMMIT; PRAGMA journal_mode = WAL;", NULL, NULL, NULL))
        return failed(db, why);
    return FAULT_NONE;
}

#define SOURCE_NAME "path || char(10) || ifnull(label, '')"
#define NUMBERS_OUT_OF_ORDER                                                                       \
    "SELECT 1 FROM (SELECT " SOURCE_NAME " AS name, lag(" SOURCE_NAME                              \
    ") OVER (ORDER BY id) AS before FROM source) WHERE name < before"

/* migrations[v] brings an index of version v to v + 1. The texts must leave behind what
 * schema_objects say, byte for byte; views are made anew afterwards. */
static const char *const migrations[INDEX_VERSION] = {
    [1] = "ALTER TABLE entry ADD COLUMN subject INTEGER;"
          "ALTER TABLE entry ADD COLUMN outcome INTEGER;"
          "CREATE TABLE problem(id INTEGER PRIMARY KEY, subject INTEGER NOT NULL,\n"
          "  class INTEGER NOT NULL, user INTEGER, attempts INTEGER NOT NULL, first_us INTEGER,\n"
          "  last_us INTEGER, first_entry INTEGER, last_entry INTEGER, state INTEGER NOT NULL,\n"
          "  resolved_by INTEGER, resolved_us INTEGER, UNIQUE(subject, class));"
          "CREATE TABLE problem_note(subject INTEGER PRIMARY KEY);"
          "CREATE INDEX entry_subject ON entry(subject, outcome, time_us) "
          "WHERE subject IS NOT NULL;"
          /* problems_update gives the entries up to here their subjects */
          "INSERT INTO meta(key, value) SELECT 'subject_pending', max(id) FROM entry;",
    /* columns are made by store_columns_make */
    [2] = COLUMN_BLOCK_SQL "; " COLUMN_DATA_SQL,
    [3] = "ALTER TABLE annotation ADD COLUMN work TEXT; " PROBLEM_ANNOTATION_SQL,
    [4] = "ALTER TABLE source ADD COLUMN zone_twice INTEGER; "
          "ALTER TABLE source ADD COLUMN zone_never INTEGER",
    /* sources have theirs from their next import on */
    [5] = SOURCE_EXTENT_SQL,
    /* one more column */
    [6] = "DELETE FROM column_block; DELETE FROM column_data",
    /* without an index of its texts */
    [7] = "CREATE TABLE string_before(id INTEGER PRIMARY KEY, text TEXT);"
          "INSERT INTO string_before SELECT id, text FROM string; DROP TABLE string;" STRING_SQL
          "; INSERT INTO string SELECT id, text FROM string_before;"
          "DROP TABLE string_before; " LINK_SHOWN_SQL,
    /* blocks were sorted by the numbers of sources: where these are not in the order of paths,
     * they are made again */
    [8] = "DELETE FROM column_block WHERE EXISTS (" NUMBERS_OUT_OF_ORDER ");"
          "DELETE FROM column_data WHERE EXISTS (" NUMBERS_OUT_OF_ORDER ")",
};

static enum fault_code renew_views(struct store *s, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    for (const struct schema_object *o = schema_objects; !code && o->name; o++) {
        char drop[80];
        if (strcmp(o->type, "view") != 0)
            continue;
        snprintf(drop, sizeof drop, "DROP VIEW IF EXISTS %s", o->name);
        code = store_exec(s, drop, why);
        if (!code)
            code = store_exec(s, o->sql, why);
    }
    return code;
}

enum fault_code schema_migrate(struct store *s, struct fault *why)
{
    int64_t version = 0;
    enum fault_code code = store_ask(s, "PRAGMA user_version", 0, &version, why);
    if (code || version == INDEX_VERSION)
        return code;
    if (!s->writable)
        return fault_set(why, FAULT_INDEX,
                         "the index is of an older scimscope and cannot be "
                         "brought forward: it is not writable");
    code = store_begin(s, why);
    if (code)
        return code;
    for (; !code && version < INDEX_VERSION; version++) {
        if (version < 1 || !migrations[version])
            code = fault_set(why, FAULT_INDEX, "the index has version %lld, which never was",
                             (long long)version);
        else
            code = store_exec(s, migrations[version], why);
    }
    if (!code)
        code = renew_views(s, why);
    char sql[60];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", INDEX_VERSION);
    if (!code)
        code = store_exec(s, sql, why);
    if (!code)
        code = store_commit(s, why);
    if (code)
        store_rollback(s);
    return code;
}
