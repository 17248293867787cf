/* Knows how an entry is written: the JSON keys of DESIGN.md section 6, in their order; see entry.h.
 */
#include "core/entry.h"

#include "core/base/json.h"

#include <stddef.h>

/* Where the value of a key stands in a struct entry, and what it is. */
enum field_kind {
    FIELD_TEXT,
    FIELD_NUMBER, /* int64_t, -1 is null */
    FIELD_COUNT,  /* int, 0 is null */
    FIELD_ID,
    FIELD_TIME,
    FIELD_KIND,
    FIELD_LEVEL,
    FIELD_USER_FROM,
    FIELD_DURATION
};

#define TEXT(member) FIELD_TEXT, offsetof(struct entry, member)
#define NUMBER(member) FIELD_NUMBER, offsetof(struct entry, member)
#define COUNT(member) FIELD_COUNT, offsetof(struct entry, member)
#define MADE(kind) kind, 0

/* Key, and where its value comes from, in the order in which they are written. */
#define KEYS(KEY)                                                                                  \
    KEY("id", MADE(FIELD_ID))                                                                      \
    KEY("time", MADE(FIELD_TIME))                                                                  \
    KEY("kind", MADE(FIELD_KIND))                                                                  \
    KEY("source", TEXT(source))                                                                    \
    KEY("label", TEXT(label))                                                                      \
    KEY("position", NUMBER(position))                                                              \
    KEY("bulk_operation", COUNT(bulk_operation))                                                   \
    KEY("level", MADE(FIELD_LEVEL))                                                                \
    KEY("event_id", NUMBER(event_id))                                                              \
    KEY("record_id", NUMBER(record_id))                                                            \
    KEY("provider", TEXT(provider))                                                                \
    KEY("computer", TEXT(computer))                                                                \
    KEY("channel", TEXT(channel))                                                                  \
    KEY("method", TEXT(method))                                                                    \
    KEY("url", TEXT(url))                                                                          \
    KEY("host", TEXT(host))                                                                        \
    KEY("path", TEXT(path))                                                                        \
    KEY("status", COUNT(status))                                                                   \
    KEY("scim_type", TEXT(scim_type))                                                              \
    KEY("code", TEXT(code))                                                                        \
    KEY("detail", TEXT(detail))                                                                    \
    KEY("class", TEXT(class_id))                                                                   \
    KEY("category", TEXT(category))                                                                \
    KEY("vendor", TEXT(vendor))                                                                    \
    KEY("user", TEXT(user))                                                                        \
    KEY("user_from", MADE(FIELD_USER_FROM))                                                        \
    KEY("request_id", TEXT(request_id))                                                            \
    KEY("duration_ms", MADE(FIELD_DURATION))                                                       \
    KEY("state", TEXT(state))

#define REMARK_KEYS(KEY)                                                                           \
    KEY("mark", TEXT(mark))                                                                        \
    KEY("note", TEXT(note))                                                                        \
    KEY("work", TEXT(work))

enum {
    NULL_SIZE = sizeof "null" - 1,
    QUOTED = 32, /* bytes of the longest key with its comma, quotes, colon and null, and more */
    SMALL = 80,  /* of the longest value that is made here */
    KEEP = 64 * 1024, /* of one entry; those of larger ones are written one by one */
    TEXTS = KEEP - 64 * (QUOTED + SMALL) /* ... with room for all else behind the last text */
};

#define KEY_NAME(name, ...) name,
#define KEY_FIELD(name, ...) {__VA_ARGS__, sizeof(",\"" name "\":") - 1, ",\"" name "\":null"},

const char *const entry_keys[] = {KEYS(KEY_NAME) NULL};
const char *const entry_remark_keys[] = {REMARK_KEYS(KEY_NAME) NULL};

static const struct field {
    enum field_kind kind;
    size_t offset;
    size_t len;          /* of the key in `quoted` */
    char quoted[QUOTED]; /* the key as it stands in an object, behind another, with null */
} fields[] = {KEYS(KEY_FIELD) REMARK_KEYS(KEY_FIELD)};

enum {
    FIELDS = sizeof fields / sizeof *fields,
    OWN_FIELDS = sizeof entry_keys / sizeof *entry_keys - 1 /* those before the remarks */
};
_Static_assert(FIELDS <= 64, "see TEXTS");

static const void *member(const struct entry *e, const struct field *f)
{
    return (const char *)e + f->offset;
}

static char *put(char *to, struct slice text)
{
    memcpy(to, text.at, text.len);
    return to + text.len;
}

static char *put_user_from(char *to, const struct entry *e)
{
    bool linked = e->user_how == USER_LINKED;
    to = put(to, linked ? SLICE("{\"how\":\"linked\",\"entry\":")
                        : SLICE("{\"how\":\"stated\",\"entry\":"));
    if (linked && e->user_entry > 0)
        to = json_put_int(to, e->user_entry);
    else
        to = put(to, SLICE("null"));
    return put(to, SLICE("}"));
}

/* Milliseconds, with three decimals unless they are whole. */
static char *put_duration(char *to, int64_t duration_us)
{
    int rest = (int)(duration_us % 1000);
    to = json_put_int(to, duration_us / 1000);
    if (rest) {
        *to++ = '.';
        *to++ = (char)('0' + rest / 100);
        *to++ = (char)('0' + rest / 10 % 10);
        *to++ = (char)('0' + rest % 10);
    }
    return to;
}

/* Whether such a value that is no text of the log stands in quotes in JSON. */
static bool is_quoted(const struct field *f)
{
    return f->kind == FIELD_TIME || f->kind == FIELD_KIND || f->kind == FIELD_LEVEL;
}

/* Writes a value that is no text of the log, without quotes, in SMALL bytes; NULL, and nothing
 * written, when it is null. */
static char *put_small(char *to, const struct entry *e, const struct field *f)
{
    struct slice word;
    switch (f->kind) {
    case FIELD_ID:
        return e->id ? json_put_int(to, e->id) : NULL;
    case FIELD_NUMBER: {
        int64_t number = *(const int64_t *)member(e, f);
        return number == -1 ? NULL : json_put_int(to, number);
    }
    case FIELD_COUNT: {
        int number = *(const int *)member(e, f);
        return number ? json_put_int(to, number) : NULL;
    }
    case FIELD_USER_FROM:
        return e->user_how == USER_NONE ? NULL : put_user_from(to, e);
    case FIELD_DURATION:
        return e->duration_us < 0 ? NULL : put_duration(to, e->duration_us);
    case FIELD_TIME:
        if (e->time_us == TIME_NONE)
            return NULL;
        time_utc_text(to, e->time_us);
        return to + strlen(to);
    default:
        word = slice_of(f->kind == FIELD_KIND ? kind_name(e->kind) : level_name(e->level));
        return slice_is_none(word) ? NULL : put(to, word);
    }
}

static const char *name_of(size_t field)
{
    return field < OWN_FIELDS ? entry_keys[field] : entry_remark_keys[field - OWN_FIELDS];
}

/* Number of the field of that key, FIELDS when there is none. */
static size_t field_named(const char *key)
{
    size_t field = 0;
    while (field < FIELDS && name_of(field) != key) /* most callers took it from there */
        field++;
    if (field < FIELDS)
        return field;
    for (field = 0; field < FIELDS && strcmp(name_of(field), key) != 0;)
        field++;
    return field;
}

/* Key and value in JSON; there is room for them. */
static char *put_json(char *to, const struct entry *e, const struct field *f)
{
    memcpy(to, f->quoted, QUOTED);
    to += f->len;
    if (f->kind == FIELD_TEXT) {
        const struct slice *text = member(e, f);
        return slice_is_none(*text) ? to + NULL_SIZE : json_put_string(to, *text);
    }
    bool quoted = is_quoted(f);
    char *end = put_small(to + quoted, e, f);
    if (!end)
        return to + NULL_SIZE;
    if (quoted)
        *to = *end++ = '"';
    return end;
}

static void add_json(struct buf *out, const struct entry *e, const struct field *f, bool comma)
{
    if (f->kind == FIELD_TEXT) {
        buf_add(out, slice_make(f->quoted + !comma, f->len - !comma));
        json_add_string(out, *(const struct slice *)member(e, f));
        return;
    }
    char text[QUOTED + SMALL];
    const char *end = put_json(text, e, f);
    buf_add(out, slice_make(text + !comma, (size_t)(end - text) - !comma));
}

bool entry_add_json(struct buf *out, const struct entry *entry, const char *key)
{
    size_t field = field_named(key);
    if (field < FIELDS)
        add_json(out, entry, &fields[field], !out->len || out->at[out->len - 1] != '{');
    return field < FIELDS;
}

/* Whether the value of the field may take more than is left of TEXTS bytes from `begin` on. */
static bool is_long(const struct entry *e, const struct field *f, const char *begin, const char *to)
{
    const struct slice *text = member(e, f);
    size_t used = (size_t)(to - begin);
    return f->kind == FIELD_TEXT && text->len > (used < TEXTS ? TEXTS - used : 0) / JSON_ESCAPED;
}

/* All fields in KEEP bytes, and what is behind them; NULL when they may not have room there. */
static char *put_all(char *begin, const struct entry *e)
{
    char *to = begin;
    for (const struct field *f = fields; f < fields + OWN_FIELDS; f++) {
        if (is_long(e, f, begin, to))
            return NULL;
        to = put_json(to, e, f);
    }
    *begin = '{'; /* in place of the first key's comma */
    return to;
}

bool entry_write_json(struct buf *out, const struct entry *entry)
{
    char *begin = KEEP > out->limit - out->len ? NULL : buf_extend(out, KEEP);
    const char *end = begin ? put_all(begin, entry) : NULL;
    if (begin)
        buf_cut(out, end ? end : begin);
    if (end)
        return true;
    buf_add_byte(out, '{');
    for (size_t field = 0; field < OWN_FIELDS; field++)
        add_json(out, entry, &fields[field], field > 0);
    return !buf_full(out);
}

void entry_add_remarks(struct buf *out, const struct entry *entry)
{
    for (size_t field = OWN_FIELDS; field < FIELDS; field++)
        add_json(out, entry, &fields[field], true);
}

void entry_add_field_at(struct buf *out, const struct entry *entry, size_t number)
{
    const struct field *f = &fields[number];
    if (f->kind == FIELD_TEXT) {
        buf_add(out, *(const struct slice *)member(entry, f));
        return;
    }
    char text[SMALL];
    const char *end = put_small(text, entry, f);
    if (end)
        buf_add(out, slice_make(text, (size_t)(end - text)));
}

bool entry_add_field(struct buf *out, const struct entry *entry, const char *key)
{
    size_t field = field_named(key);
    if (field < FIELDS)
        entry_add_field_at(out, entry, field);
    return field < FIELDS;
}
