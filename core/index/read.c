/* Knows how a row of `entry` becomes a struct entry again. The values come as arguments of a SQL
 * function, take_entry(): for so many columns that is half the cost of asking a statement for each.
 */
#include "core/index/private.h"

#include "core/base/alloc.h"
#include "core/explain/problem.h"

enum column {
    COLUMN_STATE, /* asks for the last column, with which SQLite finds where all of them lie */
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
    COLUMN_STEP,
    COLUMN_MARK, /* of the entry itself; then of its problem */
    COLUMN_NOTE,
    COLUMN_WORK,
    COLUMN_PROBLEM_MARK,
    COLUMN_PROBLEM_NOTE,
    COLUMN_PROBLEM_WORK
};

static struct slice text_of(sqlite3_value *value)
{
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return SLICE_NONE;
    const char *text = (const char *)sqlite3_value_text(value);
    return slice_make(text ? text : "", (size_t)sqlite3_value_bytes(value));
}

static int64_t number_of(sqlite3_value *value, int64_t null)
{
    return sqlite3_value_type(value) == SQLITE_NULL ? null : sqlite3_value_int64(value);
}

static enum fault_code look_up_source(struct row_reader *r, int64_t id, struct fault *why)
{
    sqlite3_stmt *st = store_statement(r->s, "SELECT path, label FROM source WHERE id = ?1", why);
    if (!st)
        return store_statement_fault(why);
    arena_reset(&r->kept);
    r->source_id = id;
    r->source = r->label = SLICE_NONE;
    store_bind_int(st, 1, id);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        r->source = arena_copy(&r->kept, store_column(st, 0));
        r->label = arena_copy(&r->kept, store_column(st, 1));
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(r->s, rc, why);
}

static enum fault_code read_source(struct row_reader *r, struct arena *arena, struct entry *out,
                                   struct fault *why)
{
    if (r->source_id != out->source_id) {
        enum fault_code code = look_up_source(r, out->source_id, why);
        if (code)
            return code;
    }
    out->source = arena_copy(arena, r->source);
    out->label = arena_copy(arena, r->label);
    return FAULT_NONE;
}

static enum fault_code read_texts(struct store *s, sqlite3_value **row, struct arena *arena,
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
    for (size_t i = 0; !code && i < sizeof texts / sizeof *texts; i++) {
        int64_t id = sqlite3_value_int64(row[texts[i].column]);
        if (id > 0)
            code = dictionary_text(s, id, arena, texts[i].text, why);
    }
    return code;
}

static struct slice url_of(struct arena *arena, struct slice origin, const struct entry *e)
{
    if (slice_is_none(origin))
        return SLICE_NONE;
    struct slice parts[] = {origin, e->path, slice_is_none(e->query) ? SLICE("") : SLICE("?"),
                            e->query};
    size_t len = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        len += parts[i].len;
    char *text = arena_alloc(arena, len + 1), *to = text;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].len)
            memcpy(to, parts[i].at, parts[i].len);
        to += parts[i].len;
    }
    *to = '\0';
    return slice_make(text, len);
}

/* What the entry has of its own, else what its problem has. */
static struct slice remark(sqlite3_value **row, int own, int problem, struct arena *arena)
{
    struct slice text = text_of(row[own]);
    return arena_copy(arena, slice_is_none(text) ? text_of(row[problem]) : text);
}

static void read_remarks(sqlite3_value **row, struct arena *arena, struct entry *out)
{
    out->mark = remark(row, COLUMN_MARK, COLUMN_PROBLEM_MARK, arena);
    out->note = remark(row, COLUMN_NOTE, COLUMN_PROBLEM_NOTE, arena);
    out->work = remark(row, COLUMN_WORK, COLUMN_PROBLEM_WORK, arena);
}

/* Fills the entry that the reader is asked for from its row. */
static enum fault_code read_entry(struct row_reader *r, sqlite3_value **row, struct fault *why)
{
    struct store *s = r->s;
    struct arena *arena = r->arena;
    struct entry *out = r->out;
    *out = (struct entry){
        .id = sqlite3_value_int64(row[COLUMN_ID]),
        .time_us = number_of(row[COLUMN_TIME], TIME_NONE),
        .kind = (enum entry_kind)sqlite3_value_int(row[COLUMN_KIND]),
        .source_id = sqlite3_value_int64(row[COLUMN_SOURCE]),
        .position = sqlite3_value_int64(row[COLUMN_POSITION]),
        .bulk_operation = sqlite3_value_int(row[COLUMN_BULK]),
        .status = sqlite3_value_int(row[COLUMN_STATUS]),
        .level = (enum level)sqlite3_value_int(row[COLUMN_LEVEL]),
        .event_id = number_of(row[COLUMN_EVENT_ID], -1),
        .record_id = number_of(row[COLUMN_RECORD_ID], -1),
        .user_entry = sqlite3_value_int64(row[COLUMN_USER_ENTRY]),
        .duration_us = number_of(row[COLUMN_DURATION], -1),
        .path = arena_copy(arena, text_of(row[COLUMN_PATH])),
        .query = arena_copy(arena, text_of(row[COLUMN_QUERY])),
        .url = arena_copy(arena, text_of(row[COLUMN_URL])),
        .request_id = arena_copy(arena, text_of(row[COLUMN_REQUEST_ID])),
        .detail = arena_copy(arena, text_of(row[COLUMN_DETAIL])),
        .state =
            slice_of(problem_state_name((enum problem_state)sqlite3_value_int(row[COLUMN_STATE]))),
        .step = sqlite3_value_int(row[COLUMN_STEP]),
    };
    /* A damaged file must not make enums that nothing expects. */
    if (out->kind > KIND_PROVISIONING || out->level > LEVEL_VERBOSE)
        return fault_set(why, FAULT_INDEX, "the index is damaged: entry %lld", (long long)out->id);
    if (r->remarks)
        read_remarks(row, arena, out);
    struct slice origin = SLICE_NONE;
    enum fault_code code = read_texts(s, row, arena, out, &origin, why);
    if (!code)
        code = read_source(r, arena, out, why);
    if (slice_is_none(out->url))
        out->url = url_of(arena, origin, out);
    out->user_how = slice_is_none(out->user) ? USER_NONE
                    : out->user_entry        ? USER_LINKED
                                             : USER_STATED;
    int64_t class = sqlite3_value_int64(row[COLUMN_CLASS]);
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

void row_take(sqlite3_context *context, int count, sqlite3_value **row)
{
    struct row_reader *r = ((struct store *)sqlite3_user_data(context))->reader;
    if (!r || count <= (r->remarks ? COLUMN_PROBLEM_WORK : COLUMN_STEP))
        return;
    r->at = sqlite3_value_int64(row[COLUMN_ID]);
    r->taken = r->at == r->wanted;
    if (!r->taken)
        return;
    r->body = sqlite3_value_int64(row[COLUMN_BODY]);
    r->body_at = sqlite3_value_int64(row[COLUMN_BODY_AT]);
    r->body_len = sqlite3_value_int64(row[COLUMN_BODY_LEN]);
    r->code = read_entry(r, row, &r->why);
}

/* In the order of `enum column`. */
#define READ_ENTRY                                                                                 \
    "SELECT take_entry(CASE WHEN e.outcome = 1 THEN (SELECT p.state FROM problem p WHERE "         \
    "p.subject = e.subject AND p.class = e.class) END, "                                           \
    "e.id, e.time_us, e.kind, e.source, e.position, e.bulk, e.class, e.user, e.status, "           \
    "e.level, e.event_id, e.body, e.body_at, e.body_len, e.user_entry, e.record_id, "              \
    "e.provider, e.computer, e.channel, e.method, e.origin, e.host, e.scim_type, e.code, "         \
    "e.duration_us, e.path, e.query, e.url, e.request_id, e.detail, e.step"
#define READ_REMARKS                                                                               \
    ", a.mark, a.note, a.work, pa.mark, pa.note, pa.work) "                                        \
    "FROM entry e LEFT JOIN annotation a ON a.entry = e.id LEFT JOIN problem_annotation pa ON "    \
    "pa.subject = e.subject AND pa.class = e.class AND e.outcome = 1"
#define READ_UP " WHERE e.id >= ?1 ORDER BY e.id"
#define READ_DOWN " WHERE e.id <= ?1 ORDER BY e.id DESC"

static enum fault_code prepare(struct row_reader *r, struct fault *why)
{
    static const char *const queries[2][2] = {
        {READ_ENTRY ") FROM entry e" READ_UP, READ_ENTRY ") FROM entry e" READ_DOWN},
        {READ_ENTRY READ_REMARKS READ_UP, READ_ENTRY READ_REMARKS READ_DOWN}};
    /* Most logs have none. */
    int64_t remarks;
    enum fault_code code =
        store_ask(r->s,
                  "SELECT EXISTS(SELECT 1 FROM annotation) OR EXISTS(SELECT 1 FROM "
                  "problem_annotation)",
                  0, &remarks, why);
    if (code)
        return code;
    r->remarks = remarks != 0;
    int rc = sqlite3_prepare_v2(r->s->db, queries[r->remarks][r->down], -1, &r->rows, NULL);
    return rc ? store_sql_fault(r->s, rc, why) : FAULT_NONE;
}

void row_reader_init(struct row_reader *r, struct store *s, bool down)
{
    *r = (struct row_reader){.s = s, .down = down};
    arena_init(&r->kept);
}

void row_reader_end(struct row_reader *r)
{
    sqlite3_finalize(r->rows);
    arena_free(&r->kept);
    r->rows = NULL;
}

/* Goes to the next row, and takes it when it is the one wanted. */
static enum fault_code step(struct row_reader *r, struct fault *why)
{
    r->at = 0;
    r->taken = false;
    r->code = FAULT_NONE;
    r->s->reader = r;
    int rc = sqlite3_step(r->rows);
    r->s->reader = NULL;
    if (rc == SQLITE_ROW && r->code && why)
        *why = r->why;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return r->code;
    enum fault_code code = store_sql_fault(r->s, rc, why);
    r->at = 0;
    sqlite3_reset(r->rows);
    return code;
}

/* Takes the row `id`, if there is one. */
static enum fault_code find_row(struct row_reader *r, int64_t id, struct fault *why)
{
    if (r->at && r->at == (r->down ? id + 1 : id - 1))
        return step(r, why);
    if (!r->rows) {
        enum fault_code code = prepare(r, why);
        if (code)
            return code;
    }
    sqlite3_reset(r->rows);
    store_bind_int(r->rows, 1, id);
    return step(r, why);
}

enum fault_code row_read(struct row_reader *r, int64_t id, struct arena *arena, struct entry *out,
                         struct slice *raw, bool *found, struct fault *why)
{
    r->wanted = id;
    r->arena = arena;
    r->out = out;
    enum fault_code code = find_row(r, id, why);
    *found = r->taken;
    if (!code && *found && raw)
        code = body_read(r->s, r->body, r->body_at, r->body_len, raw, why);
    return code;
}

enum fault_code store_entry(struct store *s, int64_t id, struct arena *arena, struct entry *out,
                            struct slice *raw, struct fault *why)
{
    struct row_reader reader;
    bool own, found = false;
    enum fault_code code = store_read_begin(s, &own, why);
    row_reader_init(&reader, s, false);
    if (!code)
        code = row_read(&reader, id, arena, out, raw, &found, why);
    if (!code && !found)
        code = fault_set(why, FAULT_USAGE, "there is no entry %lld", (long long)id);
    if (!code && raw)
        *raw = arena_copy(arena, *raw);
    row_reader_end(&reader);
    store_read_end(s, own);
    return code;
}
