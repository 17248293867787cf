/* Knows JSON: which members are secret by their name, by what stands beside them (pairs of name and
 * value, SCIM PATCH paths, JSON Web Keys, OAuth messages), and that strings hold text. Reads
 * tokens, never trees; only values are replaced. */
#include "core/redact/parts.h"

#include "core/base/json.h"

/* What the members of one object say about each other. */
enum mark {
    MARK_READ = 1,   /* the marks below are known */
    MARK_PAIR = 2,   /* its name or key is a secret's: so is its value or text */
    MARK_CHANGE = 4, /* the same of newValue and oldValue */
    MARK_OAUTH = 8,
    MARK_KEY = 16,
    MARK_NAMED = 32 /* its name or key is somebody else's */
};

enum { KEY_SCANNED = 20 }; /* bytes of a key that may hold a token, not only a name */

struct frame {
    size_t start; /* of the object, for the look around */
    bool object;
    unsigned marks;
    enum redact_class pair_kind;
    struct name key;   /* of the member at hand */
    struct name under; /* the secret's name that this object or array is the value of */
};

struct objects {
    struct redactor *r;
    struct slice text;
    size_t base;
    unsigned level;
    struct json_scan scan;
    struct frame frames[JSON_DEPTH + 1];
    size_t key_at;   /* where the key begins whose value is not complete, else SIZE_MAX */
    size_t key_mark; /* edits before that key's */
};

static struct slice inner(struct slice raw)
{
    return slice_make(raw.at + 1, raw.len - 2);
}

static struct name look_up_raw(struct redactor *r, struct slice raw)
{
    if (raw.len > KEY_SCANNED && slice_find(raw, SLICE("[redacted:")) != SIZE_MAX)
        return (struct name){0}; /* a tag's words name nothing */
    return name_met(r, encoding_decode(r, inner(raw), ENCODING_JSON), false);
}

/* The name that a PATCH path ends in: `urn:...:User:password`, `/a/password`, `x[..].password`. */
static struct name look_up_path(struct redactor *r, struct slice raw)
{
    struct slice path = encoding_decode(r, inner(raw), ENCODING_JSON);
    size_t from = path.len;
    while (from > 0 && !strchr(":/.", path.at[from - 1]))
        from--;
    return name_look_up(slice_from(path, from));
}

/* Reads the members of the object at `frame` once, up to its end or the first fault. */
static void look_around(struct objects *o, struct frame *frame)
{
    struct json_scan scan;
    json_scan_init(&scan, slice_from(o->text, frame->start));
    frame->marks |= MARK_READ;
    enum json_token token = json_next(&scan);
    while (json_next(&scan) == JSON_KEY) {
        struct name key = look_up_raw(o->r, scan.raw);
        if (key.sets & NAME_OAUTH_MARK)
            frame->marks |= MARK_OAUTH;
        if (key.sets & NAME_KTY)
            frame->marks |= MARK_KEY;
        token = json_next(&scan);
        if (token == JSON_STRING && scan.raw.len <= 256 &&
            (key.sets & (NAME_PAIR_NAME | NAME_CHANGE_NAME | NAME_PATH))) {
            struct name named =
                key.sets & NAME_PATH ? look_up_path(o->r, scan.raw) : look_up_raw(o->r, scan.raw);
            if (name_is_secret(named, NAME_VALUE)) {
                frame->marks |= key.sets & NAME_CHANGE_NAME ? MARK_CHANGE : MARK_PAIR;
                frame->pair_kind = named.kind;
            } else if (key.sets & NAME_PAIR_NAME) {
                frame->marks |= MARK_NAMED;
            }
        }
        if (!json_skip(&scan, token, NULL))
            return;
    }
}

/* Whether the value at hand is a secret, and of which class. */
static bool is_secret(struct objects *o, enum redact_class *kind)
{
    struct frame *f = &o->frames[o->scan.depth];
    if (!f->object) {
        *kind = f->under.kind;
        return name_is_secret(f->under, NAME_VALUE);
    }
    *kind = f->key.kind;
    if (name_is_secret(f->key, NAME_VALUE))
        return true;
    const unsigned depends = NAME_OAUTH | NAME_JWK | NAME_PAIR_VALUE | NAME_CHANGE_VALUE;
    if (!(f->key.sets & depends))
        return false;
    if (!(f->marks & MARK_READ))
        look_around(o, f);
    if ((f->key.sets & NAME_OAUTH && f->marks & MARK_OAUTH) ||
        (f->key.sets & NAME_JWK && f->marks & MARK_KEY))
        return true;
    *kind = f->pair_kind;
    if ((f->key.sets & NAME_PAIR_VALUE && f->marks & MARK_PAIR) ||
        (f->key.sets & NAME_CHANGE_VALUE && f->marks & MARK_CHANGE))
        return true;
    *kind = f->under.kind;
    /* {"secret":{"value":..}}, but not {"secrets":[{"key":"BaseAddress","value":..}]}. */
    return f->key.sets & NAME_PAIR_VALUE && name_is_secret(f->under, NAME_VALUE) &&
           (*kind == REDACT_COOKIE || !(f->marks & MARK_NAMED));
}

static void open_frame(struct objects *o, enum json_token token)
{
    struct frame *outer = &o->frames[o->scan.depth - 1];
    struct frame *f = &o->frames[o->scan.depth];
    struct name under = {0};
    if (o->scan.depth > 1) {
        /* What a secret's name holds stays under that name, through lists and PATCH values. */
        o->scan.depth--;
        enum redact_class kind;
        if (is_secret(o, &kind))
            under = (struct name){NAME_VALUE, kind};
        else if (!outer->object)
            under = outer->under;
        o->scan.depth++;
    }
    *f = (struct frame){.start = o->scan.at - 1, .object = token == JSON_OBJECT, .under = under};
}

static void scan_string(struct objects *o)
{
    size_t from = o->scan.at - o->scan.raw.len + 1;
    struct slice raw = inner(o->scan.raw);
    enum redact_class kind;
    if (is_secret(o, &kind))
        tag_replace(o->r, o->base + from, o->base + from + raw.len,
                    encoding_decode(o->r, raw, ENCODING_JSON), kind);
    else if (raw.len >= 4)
        encoding_scan(o->r, raw, o->base + from, ENCODING_JSON, o->level + 1);
}

/* Numbers are replaced when they can be a PIN or a code; counters and times are not. */
static void scan_number(struct objects *o)
{
    enum redact_class kind;
    struct slice raw = o->scan.raw;
    if (!is_secret(o, &kind) || (kind != REDACT_PASSWORD && raw.len < 8))
        return;
    struct slice tag = tag_make(o->r, raw, kind);
    size_t from = o->base + o->scan.at - raw.len;
    edit_add(o->r, from, from + raw.len,
             arena_format(o->r->arena, "\"%.*s\"", (int)tag.len, tag.at));
}

/* The text ends inside a value, or is no JSON from here: where prose goes on. */
static size_t broken(struct objects *o)
{
    size_t at = o->scan.at;
    if (at < o->text.len && o->text.at[at] == '"' && o->scan.depth > 0) {
        enum redact_class kind;
        bool value = o->key_at != SIZE_MAX || !o->frames[o->scan.depth].object;
        if (value && is_secret(o, &kind)) {
            struct slice rest = slice_from(o->text, at + 1);
            tag_replace(o->r, o->base + at + 1, o->base + o->text.len,
                        encoding_decode(o->r, rest, ENCODING_JSON), kind);
            return o->text.len;
        }
    }
    if (o->key_at == SIZE_MAX)
        return at;
    o->r->edit_count = o->key_mark;
    return o->key_at;
}

size_t objects_scan(struct redactor *r, struct slice text, size_t base, unsigned level, bool *whole)
{
    *whole = false;
    struct objects o = {.r = r, .text = text, .base = base, .level = level, .key_at = SIZE_MAX};
    json_scan_init(&o.scan, text);
    for (;;) {
        enum json_token token = json_next(&o.scan);
        if (token == JSON_KEY) {
            o.frames[o.scan.depth].key = look_up_raw(r, o.scan.raw);
            o.key_at = (size_t)(o.scan.raw.at - text.at);
            o.key_mark = r->edit_count;
            if (o.scan.raw.len > KEY_SCANNED)
                encoding_scan(r, inner(o.scan.raw), base + o.key_at + 1, ENCODING_JSON, level + 1);
            continue;
        }
        if (token == JSON_BAD) {
            size_t on = broken(&o);
            return on ? on : 1;
        }
        o.key_at = SIZE_MAX;
        if (token == JSON_OBJECT || token == JSON_ARRAY)
            open_frame(&o, token);
        else if (token == JSON_STRING)
            scan_string(&o);
        else if (token == JSON_NUMBER)
            scan_number(&o);
        if (o.scan.depth == 0) {
            *whole = true;
            return o.scan.at;
        }
    }
}
