/* Knows how an entry is written: the JSON keys of DESIGN.md section 6, in their order; see entry.h.
 */
#include "core/entry.h"

#include "core/base/json.h"

#include <stdio.h>

const char *const entry_keys[] = {
    "id",    "time",     "kind",      "source",   "label",     "position",   "bulk_operation",
    "level", "event_id", "record_id", "provider", "computer",  "channel",    "method",
    "url",   "host",     "path",      "status",   "scim_type", "code",       "detail",
    "class", "category", "vendor",    "user",     "user_from", "request_id", "duration_ms",
    "state", NULL};

const char *const entry_remark_keys[] = {"mark", "note", "work", NULL};

enum field_kind { FIELD_TEXT, FIELD_NUMBER, FIELD_JSON };

struct field {
    enum field_kind kind;
    bool null;
    struct slice text; /* FIELD_TEXT */
    int64_t number;    /* FIELD_NUMBER */
    char small[80];    /* FIELD_JSON, and texts made here */
};

static void set_number(struct field *f, int64_t value, int64_t null)
{
    f->kind = FIELD_NUMBER;
    f->number = value;
    f->null = value == null;
}

static void set_text(struct field *f, struct slice text)
{
    f->kind = FIELD_TEXT;
    f->text = text;
    f->null = slice_is_none(text);
}

static void set_time(struct field *f, int64_t time_us)
{
    set_text(f, SLICE_NONE);
    if (time_us != TIME_NONE)
        set_text(f, slice_of(time_utc_text(f->small, time_us)));
}

static void set_user_from(struct field *f, const struct entry *e)
{
    f->kind = FIELD_JSON;
    f->null = e->user_how == USER_NONE;
    if (e->user_how == USER_LINKED && e->user_entry > 0)
        snprintf(f->small, sizeof f->small, "{\"how\":\"linked\",\"entry\":%lld}",
                 (long long)e->user_entry);
    else
        snprintf(f->small, sizeof f->small, "{\"how\":\"%s\",\"entry\":null}",
                 e->user_how == USER_LINKED ? "linked" : "stated");
}

static void set_duration(struct field *f, int64_t duration_us)
{
    f->kind = FIELD_JSON;
    f->null = duration_us < 0;
    if (duration_us % 1000 == 0)
        snprintf(f->small, sizeof f->small, "%lld", (long long)(duration_us / 1000));
    else
        snprintf(f->small, sizeof f->small, "%lld.%03lld", (long long)(duration_us / 1000),
                 (long long)(duration_us % 1000));
}

/* The event's half of the keys; false when `key` is none of them. */
static bool event_field(struct field *f, const struct entry *e, const char *key)
{
    if (strcmp(key, "level") == 0)
        set_text(f, slice_of(level_name(e->level)));
    else if (strcmp(key, "event_id") == 0)
        set_number(f, e->event_id, -1);
    else if (strcmp(key, "record_id") == 0)
        set_number(f, e->record_id, -1);
    else if (strcmp(key, "provider") == 0)
        set_text(f, e->provider);
    else if (strcmp(key, "computer") == 0)
        set_text(f, e->computer);
    else if (strcmp(key, "channel") == 0)
        set_text(f, e->channel);
    else
        return false;
    return true;
}

static bool outcome_field(struct field *f, const struct entry *e, const char *key)
{
    if (strcmp(key, "status") == 0)
        set_number(f, e->status, 0);
    else if (strcmp(key, "scim_type") == 0)
        set_text(f, e->scim_type);
    else if (strcmp(key, "code") == 0)
        set_text(f, e->code);
    else if (strcmp(key, "detail") == 0)
        set_text(f, e->detail);
    else if (strcmp(key, "class") == 0)
        set_text(f, e->class_id);
    else if (strcmp(key, "category") == 0)
        set_text(f, e->category);
    else if (strcmp(key, "vendor") == 0)
        set_text(f, e->vendor);
    else if (strcmp(key, "state") == 0)
        set_text(f, e->state);
    else
        return false;
    return true;
}

static bool call_field(struct field *f, const struct entry *e, const char *key)
{
    if (strcmp(key, "method") == 0)
        set_text(f, e->method);
    else if (strcmp(key, "url") == 0)
        set_text(f, e->url);
    else if (strcmp(key, "host") == 0)
        set_text(f, e->host);
    else if (strcmp(key, "path") == 0)
        set_text(f, e->path);
    else if (strcmp(key, "request_id") == 0)
        set_text(f, e->request_id);
    else if (strcmp(key, "duration_ms") == 0)
        set_duration(f, e->duration_us);
    else
        return false;
    return true;
}

static bool remark_field(struct field *f, const struct entry *e, const char *key)
{
    if (strcmp(key, "mark") == 0)
        set_text(f, e->mark);
    else if (strcmp(key, "note") == 0)
        set_text(f, e->note);
    else if (strcmp(key, "work") == 0)
        set_text(f, e->work);
    else
        return false;
    return true;
}

static bool field_of(struct field *f, const struct entry *e, const char *key)
{
    if (strcmp(key, "id") == 0)
        set_number(f, e->id, 0);
    else if (strcmp(key, "time") == 0)
        set_time(f, e->time_us);
    else if (strcmp(key, "kind") == 0)
        set_text(f, slice_of(kind_name(e->kind)));
    else if (strcmp(key, "source") == 0)
        set_text(f, e->source);
    else if (strcmp(key, "label") == 0)
        set_text(f, e->label);
    else if (strcmp(key, "position") == 0)
        set_number(f, e->position, -1);
    else if (strcmp(key, "bulk_operation") == 0)
        set_number(f, e->bulk_operation, 0);
    else if (strcmp(key, "user") == 0)
        set_text(f, e->user);
    else if (strcmp(key, "user_from") == 0)
        set_user_from(f, e);
    else
        return event_field(f, e, key) || call_field(f, e, key) || outcome_field(f, e, key) ||
               remark_field(f, e, key);
    return true;
}

bool entry_add_json(struct buf *out, const struct entry *entry, const char *key)
{
    struct field f = {0};
    if (!field_of(&f, entry, key))
        return false;
    json_add_key(out, key);
    if (f.null)
        buf_add_text(out, "null");
    else if (f.kind == FIELD_NUMBER)
        buf_add_format(out, "%lld", (long long)f.number);
    else if (f.kind == FIELD_JSON)
        buf_add_text(out, f.small);
    else
        json_add_string(out, f.text);
    return true;
}

bool entry_write_json(struct buf *out, const struct entry *entry)
{
    buf_add_byte(out, '{');
    for (const char *const *key = entry_keys; *key; key++)
        entry_add_json(out, entry, *key);
    return !buf_full(out);
}

bool entry_add_field(struct buf *out, const struct entry *entry, const char *key)
{
    struct field f = {0};
    if (!field_of(&f, entry, key))
        return false;
    if (f.null)
        return true;
    if (f.kind == FIELD_NUMBER)
        buf_add_format(out, "%lld", (long long)f.number);
    else if (f.kind == FIELD_JSON)
        buf_add_text(out, f.small);
    else
        buf_add(out, f.text);
    return true;
}
