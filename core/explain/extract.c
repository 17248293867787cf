/* Knows how an error object is found in any text: whole or cut JSON, JSON inside JSON strings, in
 * escaped, HTML-escaped or CSV-doubled form, and labelled words. Knows nothing of rules or records.
 *
 * Work is bounded: every JSON attempt draws on a budget proportional to the text's length, so text
 * made of a million opening braces costs what a million letters cost. */
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/explain/facts.h"

enum {
    TEXT_LIMIT = 1024 * 1024, /* bytes of a text that are looked at */
    BUDGET_FACTOR = 8,        /* bytes scanned per byte of text */
    BUDGET_BASE = 64 * 1024,
    STRING_LEVELS = 4,        /* JSON inside strings inside JSON ... */
    UNESCAPE_LEVELS = 3,
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
    struct slice label[3]; /* errorCode, skipReason, quarantineReason */
    struct slice inner_code, inner_message;        /* of `error` when it is an object */
    struct slice first_description, first_code;    /* of `Errors` (SCIM 1.1) */
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
    size_t code_order[sizeof ((struct error_object){0}).codes / sizeof(struct slice)];
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
static bool walk_array(struct search *s, struct json_scan *scan, unsigned level,
                       struct object *out)
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

/* --- the forms in which a text may hide its JSON ---------------------------------------------- */

/* Appends what the HTML entity at the text's start stands for; returns its length, 0 if it is none. */
static size_t add_entity(struct buf *out, struct slice s)
{
    static const struct {
        const char *name;
        char value;
    } names[] = {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_starts(s, names[i].name)) {
            buf_add_byte(out, names[i].value);
            return strlen(names[i].name);
        }
    if (!slice_starts(s, "&#"))
        return 0;
    bool hex = s.len > 2 && (s.at[2] == 'x' || s.at[2] == 'X');
    uint32_t code = 0;
    size_t i = hex ? 3 : 2, first = i;
    for (; i < s.len && i < first + 7; i++) {
        char c = s.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : -1;
        if (hex && digit < 0 && (c | 32) >= 'a' && (c | 32) <= 'f')
            digit = (c | 32) - 'a' + 10;
        if (digit < 0)
            break;
        code = code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (i == first || i >= s.len || s.at[i] != ';')
        return 0;
    char bytes[4];
    buf_add(out, slice_make(bytes, utf8_encode(code, bytes)));
    return i + 1;
}

static size_t add_doubled_quote(struct buf *out, struct slice s)
{
    if (!slice_starts(s, "\"\""))
        return 0;
    buf_add_byte(out, '"');
    return 2;
}

static size_t add_escaped(struct buf *out, struct slice s)
{
    if (s.len < 2 || s.at[0] != '\\' || (s.at[1] != '"' && s.at[1] != '\\' && s.at[1] != 'n'))
        return 0;
    buf_add_byte(out, s.at[1] == 'n' ? '\n' : s.at[1]);
    return 2;
}

/* The text with every piece that begins with `mark` and that `piece` knows replaced. SLICE_NONE when
 * there is none. No replacement is longer than what it replaces. */
static struct slice rewrite(struct arena *arena, struct slice text, char mark,
                            size_t (*piece)(struct buf *out, struct slice s))
{
    if (slice_find_byte(text, mark) == SIZE_MAX)
        return SLICE_NONE;
    struct buf out;
    bool changed = false;
    buf_init(&out, text.len);
    while (text.len) {
        size_t plain = slice_find_byte(text, mark);
        if (plain == SIZE_MAX)
            plain = text.len;
        buf_add(&out, slice_first(text, plain));
        text = slice_from(text, plain);
        size_t used = text.len ? piece(&out, text) : 0;
        changed = changed || used;
        if (text.len && !used) {
            buf_add_byte(&out, text.at[0]);
            used = 1;
        }
        text = slice_from(text, used);
    }
    struct slice kept = changed ? arena_copy(arena, buf_slice(&out)) : SLICE_NONE;
    buf_free(&out);
    return kept;
}

enum { FORMS = 3 + UNESCAPE_LEVELS };

/* The n-th form of the text whose earlier forms stand in `forms`; SLICE_NONE when it has none. */
static struct slice make_form(struct search *s, const struct slice *forms, unsigned n)
{
    if (n == 0)
        return forms[0];
    if (n == 1)
        return rewrite(s->scratch, forms[0], '&', add_entity);
    if (n == 2)
        return rewrite(s->scratch, forms[0], '"', add_doubled_quote);
    return rewrite(s->scratch, n == 3 ? forms[0] : forms[n - 1], '\\', add_escaped);
}

/* Looks through a string value: its forms until one holds JSON. */
static void search_text(struct search *s, struct slice text, unsigned level)
{
    struct slice forms[FORMS] = {text};
    bool before = s->any_object;
    for (unsigned n = 0; n < FORMS && s->budget; n++) {
        forms[n] = make_form(s, forms, n);
        s->any_object = false;
        if (!slice_is_none(forms[n]))
            read_objects(s, forms[n], level);
        if (s->any_object)
            return;
    }
    s->any_object = before;
}

/* --- cut JSON --------------------------------------------------------------------------------- */

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static struct slice skip_any(struct slice s, const char *set)
{
    while (s.len && is_one_of(s.at[0], set))
        s = slice_from(s, 1);
    return s;
}

/* The text behind `"key" :` and blanks, from `*at` on; false when there is no such pair. */
static bool find_pair(struct slice text, const char *key, size_t *at, struct slice *value)
{
    for (;;) {
        struct slice rest = slice_from(text, *at);
        size_t hit = slice_find_fold(rest, slice_of(key));
        if (hit == SIZE_MAX)
            return false;
        *at += hit + strlen(key);
        struct slice after = skip_any(slice_from(text, *at), " \t\r\n");
        if (!slice_starts(after, ":"))
            continue;
        *value = skip_any(slice_from(after, 1), " \t\r\n");
        return true;
    }
}

/* Bytes up to the quote that closes a string, or to the end. */
static size_t string_end(struct slice s)
{
    size_t i = 0;
    while (i < s.len && s.at[i] != '"')
        i += s.at[i] == '\\' ? 2 : 1;
    return i < s.len ? i : s.len;
}

static size_t letters(struct slice s)
{
    size_t i = 0;
    while (i < s.len && (s.at[i] | 32) >= 'a' && (s.at[i] | 32) <= 'z')
        i++;
    return i;
}

static size_t digits(struct slice s)
{
    size_t i = 0;
    while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
        i++;
    return i;
}

static void salvage(struct search *s, struct slice form)
{
    struct error_object *out = s->out;
    struct slice value;
    size_t at = 0;
    while (slice_is_none(out->detail) && find_pair(form, "\"detail\"", &at, &value))
        if (slice_starts(value, "\"")) {
            value = slice_from(value, 1);
            out->detail = json_text(s->scratch, slice_first(value, string_end(value)));
        }
    at = 0;
    while (slice_is_none(out->scim_type) && find_pair(form, "\"scimType\"", &at, &value)) {
        size_t len = slice_starts(value, "\"") ? letters(slice_from(value, 1)) : 0;
        if (len && slice_starts(slice_from(value, 1 + len), "\""))
            out->scim_type = slice_first(slice_from(value, 1), len);
    }
    at = 0;
    while (out->status == 0 && find_pair(form, "\"status\"", &at, &value)) {
        value = slice_from(value, slice_starts(value, "\"") ? 1 : 0);
        if (digits(value) >= 3)
            out->status = to_status(slice_first(value, 3));
    }
}

/* --- labelled words --------------------------------------------------------------------------- */

static bool is_word_byte(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* "Error code X", "skipReason: X", "quarantineReason=X". */
static void find_labels(struct search *s, struct slice text)
{
    static const char *const labels[] = {"error code",  "errorcode",         "skip reason",
                                         "skipreason",  "quarantine reason", "quarantinereason"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        struct slice rest = text;
        size_t hit;
        while ((hit = slice_find_fold(rest, slice_of(labels[i]))) != SIZE_MAX) {
            rest = slice_from(rest, hit + strlen(labels[i]));
            struct slice word = skip_any(rest, "\"\t\r\n :=|");
            size_t len = letters(word);
            if (len < 4 && slice_find_byte(slice_first(word, 4), '_') == SIZE_MAX)
                continue; /* numbers and short words are no vendor codes */
            while (len && len < word.len && is_word_byte(word.at[len]))
                len++;
            if (word.at == rest.at || len < 4)
                continue;
            add_code(s, slice_first(word, len), SIZE_MAX);
            s->out->labelled = true;
        }
    }
    static const char prefix[] = "SystemForCrossDomainIdentityManagement";
    struct slice rest = text;
    size_t hit;
    while ((hit = slice_find(rest, slice_of(prefix))) != SIZE_MAX) {
        rest = slice_from(rest, hit);
        size_t len = letters(rest);
        if (len > strlen(prefix)) {
            add_code(s, slice_first(rest, len), SIZE_MAX);
            s->out->labelled = true;
        }
        rest = slice_from(rest, len);
    }
}

/* The status that reason words stand for, 0 when they are none. */
static int reason_status(struct slice words)
{
    static const struct {
        const char *words;
        int status;
    } reasons[] = {
        {"badrequest", 400}, {"unauthorized", 401}, {"forbidden", 403}, {"notfound", 404},
        {"methodnotallowed", 405}, {"notacceptable", 406}, {"proxyauthenticationrequired", 407},
        {"requesttimeout", 408}, {"conflict", 409}, {"gone", 410}, {"preconditionfailed", 412},
        {"requestentitytoolarge", 413}, {"unsupportedmediatype", 415},
        {"unprocessableentity", 422}, {"toomanyrequests", 429}, {"internalservererror", 500},
        {"notimplemented", 501}, {"badgateway", 502}, {"serviceunavailable", 503},
        {"gatewaytimeout", 504},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (slice_is_fold(words, reasons[i].words))
            return reasons[i].status;
    return 0;
}

/* Where `label` ends its n-th time in `*rest`, with the separators behind it passed; false: none. */
static bool next_label(struct slice *rest, const char *label, struct slice *value)
{
    size_t hit = slice_find_fold(*rest, slice_of(label));
    if (hit == SIZE_MAX)
        return false;
    *rest = slice_from(*rest, hit + strlen(label));
    *value = skip_any(*rest, " :=\"");
    return true;
}

static int number_status(struct slice text)
{
    static const char *const labels[] = {"status code", "statuscode", "status", "http"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        struct slice rest = text, value;
        while (next_label(&rest, labels[i], &value)) {
            if (i == 3 && slice_starts(rest, "/")) {
                struct slice version = slice_from(rest, 1);
                while (version.len && is_one_of(version.at[0], "0123456789."))
                    version = slice_from(version, 1);
                rest = version;
                value = skip_any(version, " :=\"");
            }
            if (value.at != rest.at && digits(value) == 3 && value.at[0] >= '1' &&
                value.at[0] <= '5')
                return to_status(slice_first(value, 3));
        }
    }
    return 0;
}

static int word_status(struct slice text)
{
    static const char *const labels[] = {"status code", "statuscode"};
    for (size_t i = 0; i < 2; i++) {
        struct slice rest = text, value;
        if (next_label(&rest, labels[i], &value) && value.at != rest.at && letters(value))
            return reason_status(slice_first(value, letters(value)));
    }
    static const struct {
        const char *words;
        int status;
    } reported[] = {
        {"Bad Request. Errors reported", 400}, {"Unauthorized. Errors reported", 401},
        {"Forbidden. Errors reported", 403}, {"Not Found. Errors reported", 404},
        {"Conflict. Errors reported", 409}, {"Too Many Requests. Errors reported", 429},
        {"Internal Server Error. Errors reported", 500},
    };
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++)
        if (slice_find_fold(text, slice_of(reported[i].words)) != SIZE_MAX)
            return reported[i].status;
    return 0;
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
    static const char *const signs[] = {"{", "&#", "detail", "scimtype", "status", "http", "code",
                                        "reason", "reported", "SystemForCross"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (slice_find_fold(text, slice_of(signs[i])) != SIZE_MAX)
            return true;
    return false;
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
    struct search s = {.scratch = &scratch, .out = out,
                       .budget = text.len * BUDGET_FACTOR + BUDGET_BASE};
    struct slice forms[FORMS] = {text};
    unsigned made = 0;
    for (; made < FORMS && s.best.score == 0; made++) {
        forms[made] = make_form(&s, forms, made);
        if (!slice_is_none(forms[made]))
            read_objects(&s, forms[made], 0);
    }
    if (s.best.score) {
        take_best(&s);
    } else if (!slice_is_none(s.other.text)) {
        out->detail = s.other.text;
        out->status = s.other.status;
    } else {
        while (made > 0 && slice_is_none(out->detail))
            if (!slice_is_none(forms[--made]))
                salvage(&s, forms[made]);
    }
    find_labels(&s, text);
    out->found = s.best.score > 0 || !slice_is_none(out->detail) ||
                 !slice_is_none(out->scim_type) || out->status || out->code_count;
    out->certain = is_certain(&s, text);
    if (out->status == 0)
        out->status = number_status(text);
    if (out->status == 0)
        out->status = word_status(text);
    out->detail = keep(arena, out->detail);
    out->scim_type = keep(arena, out->scim_type);
    for (size_t i = 0; i < out->code_count; i++)
        out->codes[i] = arena_copy(arena, out->codes[i]);
    arena_free(&scratch);
}
