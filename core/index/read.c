/* Knows how a row of `entry` becomes a struct entry again. */
#include "core/index/private.h"

#include "core/base/alloc.h"
#include "core/explain/problem.h"

enum column {
    COLUMN_ID,
    COLUMN_TIME,
    COLUMN_KIND,
    COLUMN_SOURCE,
    COLUMN_POSITION,
    COLUMN_BULK,
    COLUMN_CLASS,
    COLUMN_USER,
    COLUMN_STATUS,
    COLUMN_LEVEL,
    COLUMN_EVENT_ID,
    COLUMN_BODY,
    COLUMN_BODY_AT,
    COLUMN_BODY_LEN,
    COLUMN_USER_ENTRY,
    COLUMN_RECORD_ID,
    COLUMN_PROVIDER,
    COLUMN_COMPUTER,
    COLUMN_CHANNEL,
    COLUMN_METHOD,
    COLUMN_ORIGIN,
    COLUMN_HOST,
    COLUMN_SCIM_TYPE,
    COLUMN_CODE,
    COLUMN_DURATION,
    COLUMN_PATH,
    COLUMN_QUERY,
    COLUMN_URL,
    COLUMN_REQUEST_ID,
    COLUMN_DETAIL,
    COLUMN_STATE,
    COLUMN_STEP,
    COLUMN_MARK, /* of the entry itself; then of its problem */
    COLUMN_NOTE,
    COLUMN_WORK,
    COLUMN_PROBLEM_MARK,
    COLUMN_PROBLEM_NOTE,
    COLUMN_PROBLEM_WORK
};

static enum fault_code read_source(struct store *s, struct arena *arena, struct entry *out,
                                   struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "SELECT path, label FROM source WHERE id = ?1", why);
    if (!st)
        return FAULT_INDEX;
    store_bind_int(st, 1, out->source_id);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        out->source = arena_copy(arena, store_column(st, 0));
        out->label = arena_copy(arena, store_column(st, 1));
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code read_texts(struct store *s, sqlite3_stmt *row, struct arena *arena,
                                  struct entry *out, struct slice *origin, struct fault *why)
{
    const struct {
        int column;
        struct slice *text;
    } texts[] = {{COLUMN_USER, &out->user},         {COLUMN_PROVIDER, &out->provider},
                 {COLUMN_COMPUTER, &out->computer}, {COLUMN_CHANNEL, &out->channel},
                 {COLUMN_METHOD, &out->method},     {COLUMN_ORIGIN, origin},
                 {COLUMN_HOST, &out->host},         {COLUMN_SCIM_TYPE, &out->scim_type},
                 {COLUMN_CODE, &out->code}};
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < sizeof texts / sizeof *texts; i++)
        code = dictionary_text(s, store_column_int(row, texts[i].column, 0), arena, texts[i].text,
                               why);
    return code;
}

static struct slice url_of(struct arena *arena, struct slice origin, const struct entry *e)
{
    if (slice_is_none(origin))
        return SLICE_NONE;
    return arena_format(arena, "%.*s%.*s%s%.*s", (int)origin.len, origin.at, (int)e->path.len,
                        e->path.at ? e->path.at : "", slice_is_none(e->query) ? "" : "?",
                        (int)e->query.len, e->query.at ? e->query.at : "");
}

/* What the entry has of its own, else what its problem has. */
static struct slice remark(sqlite3_stmt *row, int own, int problem, struct arena *arena)
{
    struct slice text = store_column(row, own);
    return arena_copy(arena, slice_is_none(text) ? store_column(row, problem) : text);
}

enum fault_code read_entry(struct store *s, sqlite3_stmt *row, struct arena *arena,
                           struct entry *out, struct fault *why)
{
    *out = (struct entry){
        .id = sqlite3_column_int64(row, COLUMN_ID),
        .time_us = store_column_int(row, COLUMN_TIME, TIME_NONE),
        .kind = (enum entry_kind)sqlite3_column_int(row, COLUMN_KIND),
        .source_id = sqlite3_column_int64(row, COLUMN_SOURCE),
        .position = sqlite3_column_int64(row, COLUMN_POSITION),
        .bulk_operation = sqlite3_column_int(row, COLUMN_BULK),
        .status = sqlite3_column_int(row, COLUMN_STATUS),
        .level = (enum level)sqlite3_column_int(row, COLUMN_LEVEL),
        .event_id = store_column_int(row, COLUMN_EVENT_ID, -1),
        .record_id = store_column_int(row, COLUMN_RECORD_ID, -1),
        .user_entry = sqlite3_column_int64(row, COLUMN_USER_ENTRY),
        .duration_us = store_column_int(row, COLUMN_DURATION, -1),
        .path = arena_copy(arena, store_column(row, COLUMN_PATH)),
        .query = arena_copy(arena, store_column(row, COLUMN_QUERY)),
        .url = arena_copy(arena, store_column(row, COLUMN_URL)),
        .request_id = arena_copy(arena, store_column(row, COLUMN_REQUEST_ID)),
        .detail = arena_copy(arena, store_column(row, COLUMN_DETAIL)),
        .state =
            slice_of(problem_state_name((enum problem_state)sqlite3_column_int(row, COLUMN_STATE))),
        .step = sqlite3_column_int(row, COLUMN_STEP),
        .mark = remark(row, COLUMN_MARK, COLUMN_PROBLEM_MARK, arena),
        .note = remark(row, COLUMN_NOTE, COLUMN_PROBLEM_NOTE, arena),
        .work = remark(row, COLUMN_WORK, COLUMN_PROBLEM_WORK, arena),
    };
    /* A damaged file must not make enums that nothing expects. */
    if (out->kind > KIND_PROVISIONING || out->level > LEVEL_VERBOSE)
        return fault_set(why, FAULT_INDEX, "the index is damaged: entry %lld", (long long)out->id);
    struct slice origin = SLICE_NONE;
    enum fault_code code = read_texts(s, row, arena, out, &origin, why);
    if (!code)
        code = read_source(s, arena, out, why);
    if (slice_is_none(out->url))
        out->url = url_of(arena, origin, out);
    out->user_how = slice_is_none(out->user) ? USER_NONE
                    : out->user_entry        ? USER_LINKED
                                             : USER_STATED;
    int64_t class = store_column_int(row, COLUMN_CLASS, 0);
    if (!code && class && !class_at(s, class))
        code = class_read(s, why); /* a class that an import has made meanwhile */
    const struct store_class *known = class_at(s, class);
    if (known) {
        out->class_id = arena_copy(arena, known->id);
        out->category = arena_copy(arena, known->category);
        out->vendor = arena_copy(arena, known->vendor);
        out->failure = known->failure;
        out->success = known->success;
    }
    return code;
}

enum fault_code read_raw(struct store *s, sqlite3_stmt *row, struct slice *out, struct fault *why)
{
    return body_read(s, store_column_int(row, COLUMN_BODY, 0),
                     sqlite3_column_int64(row, COLUMN_BODY_AT),
                     sqlite3_column_int64(row, COLUMN_BODY_LEN), out, why);
}

sqlite3_stmt *read_statement(struct store *s, int64_t id, struct fault *why)
{
    /* In the order of `enum column`. */
    static const char select[] =
        "SELECT e.id, e.time_us, e.kind, e.source, e.position, e.bulk, e.class, e.user, e.status, "
        "e.level, e.event_id, e.body, e.body_at, e.body_len, e.user_entry, e.record_id, "
        "e.provider, e.computer, e.channel, e.method, e.origin, e.host, e.scim_type, e.code, "
        "e.duration_us, e.path, e.query, e.url, e.request_id, e.detail, "
        "CASE WHEN e.outcome = 1 THEN (SELECT p.state FROM problem p WHERE p.subject = e.subject "
        "AND p.class = e.class) END, e.step, a.mark, a.note, a.work, pa.mark, pa.note, pa.work "
        "FROM entry e LEFT JOIN annotation a ON a.entry = e.id LEFT JOIN problem_annotation pa ON "
        "pa.subject = e.subject AND pa.class = e.class AND e.outcome = 1 WHERE e.id = ?1";
    sqlite3_stmt *st = store_statement(s, select, why);
    if (st)
        store_bind_int(st, 1, id);
    return st;
}

enum fault_code store_entry(struct store *s, int64_t id, struct arena *arena, struct entry *out,
                            struct slice *raw, struct fault *why)
{
    bool own;
    enum fault_code code = store_read_begin(s, &own, why);
    sqlite3_stmt *st = code ? NULL : read_statement(s, id, why);
    if (!st) {
        store_read_end(s, own);
        return code ? code : FAULT_INDEX;
    }
    int rc = sqlite3_step(st);
    if (rc == SQLITE_DONE)
        code = fault_set(why, FAULT_USAGE, "there is no entry %lld", (long long)id);
    else if (rc != SQLITE_ROW)
        code = store_sql_fault(s, rc, why);
    else
        code = read_entry(s, st, arena, out, why);
    if (!code && raw) {
        code = read_raw(s, st, raw, why);
        *raw = arena_copy(arena, *raw);
    }
    sqlite3_reset(st);
    store_read_end(s, own);
    return code;
}
