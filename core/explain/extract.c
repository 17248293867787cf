/* Knows how an error object is found in any text: JSON inside JSON strings in any form (forms.c),
 * cut JSON and words (words.c), and which of several objects is the error. Knows nothing of rules.
 *
 * Work is bounded: every JSON attempt draws on a budget proportional to the text's length, so text
 * made of a million opening braces costs what a million letters cost. */
#include "core/base/json.h"
#include "core/explain/facts.h"
#include "core/explain/forms.h"
#include "core/explain/words.h"

enum {
    TEXT_LIMIT = 1024 * 1024, /* bytes of a text that are looked at */
    BUDGET_FACTOR = 8,        /* bytes scanned per byte of text */
    BUDGET_BASE = 64 * 1024,
    STRING_LEVELS = 4,        /* JSON inside strings inside JSON ... */
    DETAIL_LIMIT = 64 * 1024, /* bytes of a detail that are kept */
    CODE_LIMIT = 128          /* bytes of a vendor code */
};

enum { SCORE_SCHEMA = 4, SCORE_DETAIL = 2, SCORE_SCIM_TYPE = 2 };

/* The fields of one JSON object that can make it an error; raw JSON, SLICE_NONE = absent. */
struct object {
    size_t order; /* objects are numbered as they open: of equals the outermost, first one wins */
    size_t keys;
    bool schema;
    struct slice detail, scim_type, status, message, type, error_text, error_description,
        error_code, description, code;
    struct slice label[3];                      /* errorCode, skipReason, quarantineReason */
    struct slice inner_code, inner_message;     /* of `error` when it is an object */
    struct slice first_description, first_code; /* of `Errors` (SCIM 1.1) */
};

struct search {
    struct arena *scratch;
    struct error_object *out;
    size_t budget; /* bytes that may still be scanned */
    size_t opened;
    bool any_object; /* some JSON object was read */
    struct {
        int score;
        size_t order;
        struct slice detail, message, scim_type, status;
    } best;
    struct {
        size_t order;
        struct slice text;
        int status;
    } other; /* the first detail of an object that is no SCIM error */
    size_t code_order[sizeof((struct error_object){0}).codes / sizeof(struct slice)];
};

static bool is_string(struct slice raw)
{
    return raw.len >= 2 && raw.at[0] == '"';
}

static int to_status(struct slice raw)
{
    int64_t value;
    return json_to_int64(raw, &value) && value > 0 && value < 1000 ? (int)value : 0;
}

static void drop_code(struct search *s, size_t at)
{
    struct error_object *out = s->out;
    out->code_count--;
    for (size_t i = at; i < out->code_count; i++) {
        out->codes[i] = out->codes[i + 1];
        s->code_order[i] = s->code_order[i + 1];
    }
}

/* Keeps a code at its place in the order of objects, at the first of several places. */
static void add_code(struct search *s, struct slice code, size_t order)
{
    struct error_object *out = s->out;
    size_t limit = sizeof out->codes / sizeof *out->codes, at = 0;
    if (code.len == 0 || code.len > CODE_LIMIT)
        return;
    while (at < out->code_count && !slice_equal_fold(out->codes[at], code))
        at++;
    if (at < out->code_count && s->code_order[at] <= order)
        return;
    if (at < out->code_count)
        drop_code(s, at);
    for (at = out->code_count; at > 0 && s->code_order[at - 1] > order;)
        at--;
    if (at == limit)
        return;
    size_t last = out->code_count < limit ? out->code_count++ : limit - 1;
    for (size_t i = last; i > at; i--) {
        out->codes[i] = out->codes[i - 1];
        s->code_order[i] = s->code_order[i - 1];
    }
    out->codes[at] = code;
    s->code_order[at] = order;
}

static void add_raw_code(struct search *s, struct slice raw, size_t order)
{
    if (is_string(raw))
        add_code(s, json_text(s->scratch, raw), order);
    else if (raw.len)
        add_code(s, raw, order);
}

static void offer_other(struct search *s, size_t order, struct slice raw, int status)
{
    if (!is_string(raw) || raw.len == 2)
        return;
    if (!slice_is_none(s->other.text) && s->other.order <= order)
        return;
    s->other.text = json_text(s->scratch, raw);
    s->other.order = order;
    s->other.status = status;
}

/* What a complete object contributes. */
static void judge(struct search *s, const struct object *o)
{
    int score = (o->schema ? SCORE_SCHEMA : 0) + (is_string(o->detail) ? SCORE_DETAIL : 0) +
                (is_string(o->scim_type) ? SCORE_SCIM_TYPE : 0);
    if (score > s->best.score || (score && score == s->best.score && o->order < s->best.order)) {
        s->best.score = score;
        s->best.order = o->order;
        s->best.detail = o->detail;
        s->best.message = o->message;
        s->best.scim_type = o->scim_type;
        s->best.status = o->status;
    }
    add_raw_code(s, o->inner_code, o->order);
    if (!slice_is_none(o->inner_code))
        offer_other(s, o->order, o->inner_message, 0);
    if (is_string(o->error_text) && is_string(o->error_description)) {
        add_raw_code(s, o->error_text, o->order);
        offer_other(s, o->order, o->error_description, 0);
    }
    if (!slice_is_none(o->type)) {
        struct slice type = is_string(o->type) ? json_text(s->scratch, o->type) : o->type;
        size_t hash;
        while ((hash = slice_find_byte(type, '#')) != SIZE_MAX)
            type = slice_from(type, hash + 1);
        add_code(s, type, o->order);
        offer_other(s, o->order, o->message, 0);
    }
    if (is_string(o->error_code)) {
        add_raw_code(s, o->error_code, o->order);
        offer_other(s, o->order, o->message, 0);
    }
    for (size_t i = 0; i < 3; i++)
        if (is_string(o->label[i])) {
            add_raw_code(s, o->label[i], o->order);
            s->out->labelled = true;
        }
    offer_other(s, o->order, o->first_description, to_status(o->first_code));
    if (o->keys <= 4 && (!slice_is_none(o->status) || !slice_is_none(o->detail)))
        offer_other(s, o->order, o->message, 0);
}

static void search_text(struct search *s, struct slice text, unsigned level);
static bool walk(struct search *s, struct json_scan *scan, enum json_token token, unsigned level,
                 struct object *out);

/* Stores the value of a key that matters; the value has been read as `raw`. */
static void take_field(struct object *o, struct slice key, struct slice raw,
                       const struct object *inner)
{
    static const struct {
        const char *key;
        size_t offset;
    } fields[] = {
        {"\"detail\"", offsetof(struct object, detail)},
        {"\"scimType\"", offsetof(struct object, scim_type)},
        {"\"status\"", offsetof(struct object, status)},
        {"\"message\"", offsetof(struct object, message)},
        {"\"__type\"", offsetof(struct object, type)},
        {"\"error_description\"", offsetof(struct object, error_description)},
        {"\"error_code\"", offsetof(struct object, error_code)},
        {"\"description\"", offsetof(struct object, description)},
        {"\"code\"", offsetof(struct object, code)},
        {"\"errorCode\"", offsetof(struct object, label) + 0 * sizeof(struct slice)},
        {"\"skipReason\"", offsetof(struct object, label) + 1 * sizeof(struct slice)},
        {"\"quarantineReason\"", offsetof(struct object, label) + 2 * sizeof(struct slice)},
    };
    o->keys++;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (slice_is_fold(key, fields[i].key)) {
            memcpy((char *)o + fields[i].offset, &raw, sizeof raw);
            return;
        }
    if (slice_is_fold(key, "\"schemas\"") || slice_is_fold(key, "\"schema\"")) {
        o->schema = o->schema || slice_find_fold(raw, SLICE("messages:2.0:error")) != SIZE_MAX;
    } else if (slice_is_fold(key, "\"error\"")) {
        if (is_string(raw))
            o->error_text = raw;
        o->inner_code = inner->code;
        o->inner_message = inner->message;
    } else if (slice_is_fold(key, "\"errors\"")) {
        o->first_description = inner->description;
        o->first_code = inner->code;
    }
}

static bool walk_object(struct search *s, struct json_scan *scan, unsigned level,
                        struct object *out)
{
    struct object o = {.order = s->opened++};
    for (;;) {
        enum json_token token = json_next(scan);
        if (token == JSON_OBJECT_END)
            break;
        if (token != JSON_KEY)
            return false;
        struct slice key = scan->raw;
        struct object inner = {0};
        token = json_next(scan);
        size_t begin = scan->at - scan->raw.len;
        if (!walk(s, scan, token, level, &inner))
            return false;
        take_field(&o, key, slice_make(scan->text.at + begin, scan->at - begin), &inner);
    }
    judge(s, &o);
    *out = o;
    return true;
}

/* The first object of a list that has a description stands for the list. */
static bool walk_array(struct search *s, struct json_scan *scan, unsigned level, struct object *out)
{
    for (;;) {
        enum json_token token = json_next(scan);
        if (token == JSON_ARRAY_END)
            return true;
        struct object inner = {0};
        if (!walk(s, scan, token, level, &inner))
            return false;
        if (slice_is_none(out->description) && !slice_is_none(inner.description))
            *out = inner;
    }
}

/* Goes over one value that is known to be well-formed. `*out`: its fields, when it is an object. */
static bool walk(struct search *s, struct json_scan *scan, enum json_token token, unsigned level,
                 struct object *out)
{
    switch (token) {
    case JSON_OBJECT:
        return walk_object(s, scan, level, out);
    case JSON_ARRAY:
        return walk_array(s, scan, level, out);
    case JSON_STRING:
        if (level < STRING_LEVELS && memchr(scan->raw.at, '{', scan->raw.len))
            search_text(s, json_text(s->scratch, scan->raw), level + 1);
        return true;
    case JSON_NUMBER:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return true;
    default:
        return false;
    }
}

/* Reads every JSON object that begins somewhere in the text. */
static void read_objects(struct search *s, struct slice text, unsigned level)
{
    size_t at = 0;
    while (s->budget && at < text.len) {
        struct slice rest = slice_from(text, at);
        size_t brace = slice_find_byte(rest, '{');
        if (brace == SIZE_MAX)
            return;
        rest = slice_from(rest, brace);
        struct json_scan scan;
        json_scan_init(&scan, slice_first(rest, s->budget));
        bool whole = json_next(&scan) == JSON_OBJECT && json_skip(&scan, JSON_OBJECT, NULL);
        s->budget -= scan.at < s->budget ? scan.at + 1 : s->budget;
        if (!whole) {
            at += brace + 1;
            continue;
        }
        s->any_object = true;
        struct object ignored = {0};
        json_scan_init(&scan, slice_first(rest, scan.at));
        walk(s, &scan, json_next(&scan), level, &ignored);
        at += brace + scan.at;
    }
}

/* Looks through a string value: its forms until one holds JSON. */
static void search_text(struct search *s, struct slice text, unsigned level)
{
    struct slice forms[FORMS] = {text};
    bool before = s->any_object;
    for (unsigned n = 0; n < FORMS && s->budget; n++) {
        forms[n] = form_make(forms, n, s->scratch);
        s->any_object = false;
        if (!slice_is_none(forms[n]))
            read_objects(s, forms[n], level);
        if (s->any_object)
            return;
    }
    s->any_object = before;
}

/* --- the door --------------------------------------------------------------------------------- */

/* `message` before `detail` when an object has both: some servers put the point into either. */
static struct slice best_detail(struct search *s)
{
    if (!is_string(s->best.detail))
        return s->other.text;
    struct slice detail = json_text(s->scratch, s->best.detail);
    if (!is_string(s->best.message))
        return detail;
    struct slice message = json_text(s->scratch, s->best.message);
    return arena_format(s->scratch, "%.*s %.*s", (int)message.len, message.at, (int)detail.len,
                        detail.at);
}

static void take_best(struct search *s)
{
    struct error_object *out = s->out;
    out->detail = best_detail(s);
    out->status = slice_is_none(s->best.status) ? s->other.status : to_status(s->best.status);
    if (is_string(s->best.scim_type))
        out->scim_type = json_text(s->scratch, s->best.scim_type);
}

/* Whether what was read is beyond doubt an error of a provisioning call, not just some JSON: by its
 * schema, a scimType, or an error text together with an error status or a vendor's code. */
static bool is_certain(const struct search *s, struct slice text)
{
    const struct error_object *out = s->out;
    bool schema = s->best.score >= SCORE_SCHEMA ||
                  slice_find_fold(text, SLICE("messages:2.0:error")) != SIZE_MAX;
    if (schema || !slice_is_none(out->scim_type))
        return !slice_is_none(out->detail) || !slice_is_none(out->scim_type) || out->status;
    if (s->best.score || !slice_is_none(out->detail))
        return out->status >= 300 || out->code_count > 0;
    return slice_find(text, SLICE("SystemForCrossDomainIdentityManagement")) != SIZE_MAX;
}

static bool may_hold_error(struct slice text)
{
    static const char *const signs[] = {"{",    "&#",   "detail", "scimtype", "status",
                                        "http", "code", "reason", "reported", "SystemForCross"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (slice_find_fold(text, slice_of(signs[i])) != SIZE_MAX)
            return true;
    return false;
}

static void take_labelled(void *self, struct slice code)
{
    struct search *s = self;
    add_code(s, code, SIZE_MAX);
    s->out->labelled = true;
}

static struct slice keep(struct arena *arena, struct slice text)
{
    return arena_copy(arena, slice_first(text, DETAIL_LIMIT));
}

void error_extract(struct error_object *out, struct slice text, struct arena *arena)
{
    *out = (struct error_object){0};
    text = slice_first(text, TEXT_LIMIT);
    if (!may_hold_error(text))
        return;
    struct arena scratch;
    arena_init(&scratch);
    struct search s = {
        .scratch = &scratch, .out = out, .budget = text.len * BUDGET_FACTOR + BUDGET_BASE};
    struct slice forms[FORMS] = {text};
    unsigned made = 0;
    for (; made < FORMS && s.best.score == 0; made++) {
        forms[made] = form_make(forms, made, &scratch);
        if (!slice_is_none(forms[made]))
            read_objects(&s, forms[made], 0);
    }
    if (s.best.score) {
        take_best(&s);
    } else if (!slice_is_none(s.other.text)) {
        out->detail = s.other.text;
        out->status = s.other.status;
    } else {
        struct cut_error cut = {0};
        while (made > 0 && slice_is_none(cut.detail))
            if (!slice_is_none(forms[--made]))
                words_salvage(&cut, forms[made], &scratch);
        out->detail = cut.detail;
        out->scim_type = cut.scim_type;
        out->status = cut.status;
    }
    words_each_code(text, take_labelled, &s);
    out->found = s.best.score > 0 || !slice_is_none(out->detail) ||
                 !slice_is_none(out->scim_type) || out->status || out->code_count;
    out->certain = is_certain(&s, text);
    if (out->status == 0)
        out->status = words_status(text);
    out->detail = keep(arena, out->detail);
    out->scim_type = keep(arena, out->scim_type);
    for (size_t i = 0; i < out->code_count; i++)
        out->codes[i] = arena_copy(arena, out->codes[i]);
    arena_free(&scratch);
}
