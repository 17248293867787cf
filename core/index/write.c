/* Knows how a batch of entries goes into the index: which of them are there already, their rows,
 * and that all of it, with the source's resume point, is one transaction. */
#include "core/index/column.h"

#include "core/base/alloc.h"

#include <stdlib.h>

/* What one store_write holds while it runs. */
struct writing {
    struct store *s;
    struct store_source *source;
    struct body_writer bodies;
    struct notes *notes;
    int64_t next_id;
    int64_t held;
    /* Where the record of the entry before lies, for entries that share it. */
    int64_t body, body_at, body_len;
    int flags;
};

/* Dictionary ids of one entry's repeated texts. */
struct row_ids {
    int64_t user, provider, computer, channel, method, origin, host, scim_type, code, class, group;
    int64_t subject, agent; /* agent: of an event that says something was done */
    enum outcome outcome;
};

/* The first `nth` of this fingerprint that this run has not seen, and the entry that has it (0:
 * none). What a run has seen is always 0 .. n-1 without a gap, so the boundary is found by halving:
 * a file of a million equal rows costs a few look-ups each. */
static enum fault_code find_print(struct writing *w, const struct stored *one, int64_t *nth,
                                  int64_t *entry, struct fault *why)
{
    struct store *s = w->s;
    sqlite3_stmt *last =
        store_statement(s, "SELECT max(nth) FROM print WHERE time = ?1 AND fp = ?2", why);
    sqlite3_stmt *at = last ? store_statement(s,
                                              "SELECT run, entry FROM print WHERE time = ?1 AND "
                                              "fp = ?2 AND nth = ?3",
                                              why)
                            : NULL;
    if (!at)
        return store_statement_fault(why);
    store_bind_int(last, 1, one->print_time);
    store_bind_int(last, 2, (int64_t)one->print);
    int rc = sqlite3_step(last);
    int64_t high = rc == SQLITE_ROW ? store_column_int(last, 0, -1) + 1 : 0, low = 0;
    sqlite3_reset(last);
    store_bind_int(at, 1, one->print_time);
    store_bind_int(at, 2, (int64_t)one->print);
    *entry = 0;
    int64_t probe = 0;
    while (low < high && (rc == SQLITE_ROW || rc == SQLITE_DONE)) {
        store_bind_int(at, 3, probe);
        rc = sqlite3_step(at);
        bool mine = rc == SQLITE_ROW && sqlite3_column_int64(at, 0) == w->source->run;
        if (mine) {
            low = probe + 1;
        } else {
            high = probe;
            *entry = rc == SQLITE_ROW ? sqlite3_column_int64(at, 1) : 0;
        }
        sqlite3_reset(at);
        probe = low + (high - low) / 2;
    }
    *nth = low;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

static enum fault_code save_print(struct writing *w, const struct stored *one, int64_t nth,
                                  int64_t entry, struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(w->s,
                        "INSERT INTO print(time, fp, nth, run, entry) VALUES(?1, ?2, ?3, ?4, ?5) "
                        "ON CONFLICT(time, fp, nth) DO UPDATE SET run = excluded.run",
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, one->print_time);
    store_bind_int(st, 2, (int64_t)one->print);
    store_bind_int(st, 3, nth);
    store_bind_int(st, 4, w->source->run);
    store_bind_int(st, 5, entry);
    return store_run(w->s, st, why);
}

/* The scheme, host and port of a URL that is nothing but these, path and query; else SLICE_NONE and
 * the URL is stored whole. */
static struct slice origin_of(const struct entry *e)
{
    size_t tail = e->path.len + (slice_is_none(e->query) ? 0 : e->query.len + 1);
    if (slice_is_none(e->url) || e->url.len < tail)
        return SLICE_NONE;
    struct slice origin = slice_first(e->url, e->url.len - tail);
    struct slice path = slice_first(slice_from(e->url, origin.len), e->path.len);
    struct slice query = slice_from(e->url, origin.len + e->path.len);
    bool same = slice_equal(path, e->path) && origin.len <= DICTIONARY_TEXT &&
                (slice_is_none(e->query) ||
                 (query.at[0] == '?' && slice_equal(slice_from(query, 1), e->query)));
    return same ? origin : SLICE_NONE;
}

static enum fault_code find_ids(struct writing *w, const struct stored *one, struct slice origin,
                                struct row_ids *ids, struct fault *why)
{
    const struct entry *e = &one->entry;
    const struct {
        struct slice text;
        int64_t *id;
    } texts[] = {
        {e->user, &ids->user},       {e->provider, &ids->provider},   {e->computer, &ids->computer},
        {e->channel, &ids->channel}, {e->method, &ids->method},       {origin, &ids->origin},
        {e->host, &ids->host},       {e->scim_type, &ids->scim_type}, {e->code, &ids->code}};
    enum fault_code code = FAULT_NONE;
    for (size_t i = 0; !code && i < sizeof texts / sizeof *texts; i++)
        code = dictionary_id(w->s, texts[i].text, texts[i].id, why);
    if (!code)
        code = class_id_of(w->s, e, &ids->class, why);
    ids->group = 0;
    bool linkable = one->link.step != STEP_OTHER || ids->class || ids->user;
    if (!code && e->kind == KIND_EVENT && linkable && e->time_us != TIME_NONE)
        code = group_id_of(w->s, ids->computer, ids->channel, ids->provider, &ids->group, why);
    ids->outcome = outcome_of(e, one->link.step);
    if (!code && ids->outcome)
        code = subject_of(w->s, e, ids->user, &ids->subject, why);
    if (!code && ids->outcome == OUTCOME_DONE && e->kind == KIND_EVENT)
        code = subject_of_agent(w->s, e->provider, e->computer, &ids->agent, why);
    return code;
}

static bool holds_token(struct slice raw)
{
    static const struct slice head = {"[redacted:", 10};
    size_t at;
    while ((at = slice_find(raw, head)) != SIZE_MAX) {
        raw = slice_from(raw, at + head.len);
        if (slice_starts(raw, "jwt ") || slice_starts(raw, "token "))
            return true;
    }
    return false;
}

static enum fault_code place_raw(struct writing *w, struct slice raw, struct fault *why)
{
    if (slice_is_none(raw))
        return FAULT_NONE;
    w->flags = holds_token(raw) ? ENTRY_HAS_TOKEN : 0;
    w->body = w->body_at = w->body_len = 0;
    if (raw.len == 0 || raw.len > BODY_LIMIT)
        return FAULT_NONE;
    w->body_len = (int64_t)raw.len;
    return body_add(w->s, &w->bodies, raw, &w->body, &w->body_at, why);
}

/* A duplicate's record, for new entries behind it that share it. */
static enum fault_code recall_raw(struct writing *w, int64_t entry, struct fault *why)
{
    sqlite3_stmt *st = store_statement(
        w->s, "SELECT body, body_at, body_len, flags FROM entry WHERE id = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, entry);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        w->body = sqlite3_column_int64(st, 0);
        w->body_at = sqlite3_column_int64(st, 1);
        w->body_len = sqlite3_column_int64(st, 2);
        w->flags = sqlite3_column_int(st, 3);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(w->s, rc, why);
}

static int64_t number_or_null(int64_t value, int64_t null)
{
    return value == null ? COLUMN_NULL : value;
}

/* What columns hold of the row, and so the first numbers that are bound. */
static void fill_row(const struct writing *w, const struct stored *one, const struct row_ids *ids,
                     struct block_row *out)
{
    const struct entry *e = &one->entry;
    memset(out, 0, sizeof *out);
    int64_t *numbers = out->numbers;
    numbers[FIELD_TIME] = number_or_null(e->time_us, TIME_NONE);
    numbers[FIELD_ID] = e->id;
    numbers[FIELD_CLASS] = number_or_null(ids->class, 0);
    numbers[FIELD_USER] = number_or_null(ids->user, 0);
    numbers[FIELD_STATUS] = number_or_null(e->status, 0);
    numbers[FIELD_SOURCE] = w->source->id;
    numbers[FIELD_KIND] = e->kind;
    numbers[FIELD_LEVEL] = number_or_null(e->level, LEVEL_NONE);
    numbers[FIELD_FLAGS] = w->flags;
    numbers[FIELD_EVENT] = number_or_null(e->event_id, -1);
    numbers[FIELD_PRINT] = (int64_t)one->print;
    numbers[FIELD_POSITION] = (int64_t)e->position;
    numbers[FIELD_BULK] = number_or_null(e->bulk_operation, 0);
    numbers[FIELD_RECORD] = number_or_null(e->record_id, -1);
    numbers[FIELD_METHOD] = number_or_null(ids->method, 0);
    numbers[FIELD_HOST] = number_or_null(ids->host, 0);
    numbers[FIELD_SCIM_TYPE] = number_or_null(ids->scim_type, 0);
    numbers[FIELD_SUBJECT] = ids->outcome == OUTCOME_FAILED ? ids->subject : COLUMN_NULL;
    out->texts[FIELD_DETAIL - FIELD_TEXTS] = e->detail;
    out->texts[FIELD_PATH - FIELD_TEXTS] = e->path;
    out->texts[FIELD_QUERY - FIELD_TEXTS] = e->query;
    out->texts[FIELD_REQUEST_ID - FIELD_TEXTS] = e->request_id;
}

/* Parameters that have no value are null already. */
static void bind_some(sqlite3_stmt *st, int at, int64_t value, int64_t null)
{
    if (value != null)
        store_bind_int(st, at, value);
}

/* False when a text could not be stored as it is, so that columns have to read the row. */
static bool bind_row(sqlite3_stmt *st, const struct writing *w, const struct stored *one,
                     const struct row_ids *ids, const struct block_row *row, struct slice origin)
{
    const struct entry *e = &one->entry;
    for (int f = 0; f < FIELD_TEXTS; f++)
        bind_some(st, 1 + f, row->numbers[f], COLUMN_NULL);
    bool plain = true;
    for (int f = 0; f < TEXTS; f++)
        if (!slice_is_none(row->texts[f]))
            plain = store_bind(st, 1 + FIELD_TEXTS + f, row->texts[f]) && plain;
    const int64_t rest[][2] = {{w->body, 0},         {w->body_at, -1},
                               {w->body_len, -1},    {ids->provider, 0},
                               {ids->computer, 0},   {ids->channel, 0},
                               {ids->origin, 0},     {ids->code, 0},
                               {e->duration_us, -1}, {one->link.step, STEP_OTHER},
                               {ids->group, 0},      {e->sequence, COLUMN_NULL},
                               {ids->subject, 0},    {ids->outcome, OUTCOME_NONE}};
    for (int i = 0; i < (int)(sizeof rest / sizeof *rest); i++)
        bind_some(st, 1 + FIELDS + i, rest[i][0], rest[i][1]);
    if (slice_is_none(origin))
        store_bind(st, 37, e->url);
    if (e->kind == KIND_HTTP)
        store_bind(st, 38, one->link.key);
    return plain;
}

static enum fault_code insert_row(struct writing *w, const struct stored *one, struct fault *why)
{
    const struct entry *e = &one->entry;
    struct slice origin = origin_of(e);
    struct row_ids ids = {0};
    enum fault_code code = find_ids(w, one, origin, &ids, why);
    if (code)
        return code;
    sqlite3_stmt *st = store_statement(
        w->s, /* ?1 to ?22 in the order of enum field */
        "INSERT INTO entry(id, time_us, kind, source, position, bulk, class, user, status, "
        "level, event_id, flags, print, body, body_at, body_len, own_user, record_id, "
        "provider, computer, channel, method, origin, host, scim_type, code, duration_us, "
        "step, link_group, path, query, url, request_id, link_key, detail, sequence, "
        "subject, outcome) VALUES(?2, ?1, ?7, ?6, ?12, ?13, ?3, ?4, ?5, ?8, ?10, ?9, ?11, "
        "?23, ?24, ?25, ?4, ?14, ?26, ?27, ?28, ?15, ?29, ?16, ?17, ?30, ?31, ?32, ?33, "
        "?20, ?21, ?37, ?22, ?38, ?19, ?34, ?35, ?36)",
        why);
    if (!st)
        return store_statement_fault(why);
    struct block_row row;
    fill_row(w, one, &ids, &row);
    bool plain = bind_row(st, w, one, &ids, &row, origin);
    code = store_run(w->s, st, why);
    if (!code && plain)
        columns_inserted(w->s, &row);
    if (!code)
        code = notes_subject(w->notes, ids.subject, ids.outcome, why);
    if (!code)
        code = notes_subject(w->notes, ids.agent, OUTCOME_DONE, why);
    if (code)
        return code;
    if (ids.group)
        notes_event(w->notes, ids.group, e->time_us);
    return e->kind == KIND_HTTP ? notes_call(w->notes, one, ids.host, w->source->id, why)
                                : FAULT_NONE;
}

static void count_time(struct store_source *source, int64_t time_us)
{
    if (time_us == TIME_NONE)
        return;
    if (source->first_us == TIME_NONE || time_us < source->first_us)
        source->first_us = time_us;
    if (source->last_us == TIME_NONE || time_us > source->last_us)
        source->last_us = time_us;
}

/* Takes the first place of a fingerprint for the entry that comes next; `*fresh` says whether it
 * was free, as almost all are. */
static enum fault_code claim_print(struct writing *w, const struct stored *one, bool *fresh,
                                   struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(w->s,
                        "INSERT INTO print(time, fp, nth, run, entry) VALUES(?1, ?2, 0, ?3, ?4) "
                        "ON CONFLICT DO NOTHING",
                        why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, one->print_time);
    store_bind_int(st, 2, (int64_t)one->print);
    store_bind_int(st, 3, w->source->run);
    store_bind_int(st, 4, w->next_id);
    enum fault_code code = store_run(w->s, st, why);
    *fresh = !code && sqlite3_changes(w->s->db) > 0;
    return code;
}

static enum fault_code write_one(struct writing *w, struct stored *one, struct fault *why)
{
    int64_t nth = 0, there = 0;
    bool fresh = false;
    enum fault_code code = claim_print(w, one, &fresh, why);
    if (!code && !fresh)
        code = find_print(w, one, &nth, &there, why);
    if (code)
        return code;
    w->source->entries++;
    count_time(w->source, one->entry.time_us);
    extent_note(w->s, &one->entry);
    if (there) {
        w->source->duplicates++;
        one->entry.id = there;
        code = slice_is_none(one->raw) ? FAULT_NONE : recall_raw(w, there, why);
        return code ? code : save_print(w, one, nth, there, why);
    }
    one->entry.id = w->next_id++;
    one->entry.source_id = w->source->id;
    w->source->added++;
    w->held++;
    code = place_raw(w, one->raw, why);
    if (!code)
        code = insert_row(w, one, why);
    return code || fresh ? code : save_print(w, one, nth, one->entry.id, why);
}

static enum fault_code write_all(struct writing *w, struct stored *batch, size_t count,
                                 struct fault *why)
{
    struct store *s = w->s;
    int64_t last = 0, bodies = 0;
    enum fault_code code = store_meta_get(s, "last_entry", &last, why);
    if (!code)
        code = store_ask(s, "SELECT max(id) FROM body", 0, &bodies, why);
    w->next_id = last + 1;
    body_writer_init(&w->bodies, bodies + 1);
    for (size_t i = 0; !code && i < count; i++)
        code = write_one(w, &batch[i], why);
    if (!code)
        code = body_flush(s, &w->bodies, why);
    if (!code)
        code = notes_write(w->notes, why);
    if (!code)
        code = store_meta_set(s, "last_entry", w->next_id - 1, why);
    body_writer_free(&w->bodies);
    return code;
}

enum fault_code store_write(struct store *s, struct store_source *source, struct stored *batch,
                            size_t count, struct fault *why)
{
    struct store_source before = *source;
    enum fault_code code = source_begin_write(s, source, why);
    if (!code) {
        struct writing w = {.s = s, .source = source, .notes = notes_begin(s)};
        code = write_all(&w, batch, count, why);
        code = source_end_write(s, source, w.held, code, why);
    }
    if (code) {
        *source = before;
        for (size_t i = 0; i < count; i++)
            batch[i].entry.id = 0;
    }
    return code;
}
