/* Knows what of a record is redacted how, and rule 8: what was found secret by its name in one
 * place of a record is looked for in all others, because servers quote bad passwords. */
#include "core/redact/parts.h"

#include "core/base/json.h"

#include <stdlib.h>

enum { HITS_LIMIT = 4096 };

/* --- rule 8 ----------------------------------------------------------------------------------- */

struct hit {
    size_t from, to;
    const struct secret *secret;
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

static bool all_letters(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_alnum(text.at[i]) || (text.at[i] >= '0' && text.at[i] <= '9'))
            return false;
    return true;
}

/* Short passwords are looked for as whole words only, those of letters alone only in quotes: the
 * word `password` in an error's text must not go because somebody chose it as his. */
static bool stands_alone(struct slice text, size_t from, size_t to, bool quoted)
{
    char before = from ? text.at[from - 1] : '"', after = to < text.len ? text.at[to] : '"';
    if (quoted)
        return strchr("\"'`", before) && strchr("\"'`", after) && before && after;
    return !is_alnum(before) && !is_alnum(after);
}

/* Like slice_find; long values by their head, for which the search is set up faster. */
static size_t find_value(struct slice text, struct slice value)
{
    enum { HEAD = 48 };
    if (value.len > text.len)
        return SIZE_MAX;
    if (value.len <= HEAD)
        return slice_find(text, value);
    size_t at = 0;
    while (at + value.len <= text.len) {
        size_t next = slice_find(slice_from(text, at), slice_first(value, HEAD));
        if (next == SIZE_MAX || at + next + value.len > text.len)
            break;
        at += next;
        if (memcmp(text.at + at + HEAD, value.at + HEAD, value.len - HEAD) == 0)
            return at;
        at += 1;
    }
    return SIZE_MAX;
}

static size_t find_hits(struct slice text, const struct secret *secret, bool strict,
                        struct hit *hits, size_t count)
{
    struct slice value = secret->value;
    bool strong = prose_is_run(value);
    if (!strong && (strict || secret->kind != REDACT_PASSWORD || value.len < 4))
        return count;
    bool quoted = !strong && all_letters(value);
    size_t at = 0;
    while (count < HITS_LIMIT) {
        size_t next = find_value(slice_from(text, at), value);
        if (next == SIZE_MAX)
            break;
        at += next;
        if (strong || stands_alone(text, at, at + value.len, quoted))
            hits[count++] = (struct hit){at, at + value.len, secret};
        at += value.len;
    }
    return count;
}

static int compare_hits(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to > y->to ? -1 : x->to < y->to; /* the longest first */
}

/* Walks the string values of JSON text in step with the hits. */
struct strings {
    struct json_scan scan;
    bool over, kept;
    size_t from, to;
};

static bool is_inside_value(struct strings *s, const struct hit *hit)
{
    while (!s->over && s->to <= hit->from) {
        enum json_token token = json_next(&s->scan);
        if (token == JSON_BAD || token == JSON_END)
            s->over = true;
        else if (token == JSON_KEY)
            s->kept =
                name_look_up(slice_make(s->scan.raw.at + 1, s->scan.raw.len - 2)).sets & NAME_KEPT;
        else if (token == JSON_STRING && !s->kept) {
            s->from = s->scan.at - s->scan.raw.len + 1;
            s->to = s->scan.at - 1;
        }
        if (token == JSON_OBJECT)
            s->kept = false;
    }
    return s->over ? s->scan.at <= hit->from : hit->from >= s->from && hit->to <= s->to;
}

static bool holds_secret(const struct redactor *r, struct slice text)
{
    for (size_t i = 0; i < r->secret_count; i++)
        if (find_value(text, r->secrets[i].value) != SIZE_MAX)
            return true;
    return false;
}

struct slice exchange_repeat(struct redactor *r, struct slice text, bool strict)
{
    struct hit *hits = NULL;
    size_t count = 0;
    for (size_t i = 0; i < r->secret_count; i++) {
        if (text.len < r->secrets[i].value.len || find_value(text, r->secrets[i].value) == SIZE_MAX)
            continue;
        if (!hits)
            hits = arena_alloc(r->arena, HITS_LIMIT * sizeof *hits);
        count = find_hits(text, &r->secrets[i], strict, hits, count);
    }
    if (!count)
        return text;
    qsort(hits, count, sizeof *hits, compare_hits);
    struct slice start = slice_trim(slice_first(text, 64));
    bool json = start.len && (start.at[0] == '{' || start.at[0] == '[');
    struct strings strings = {0};
    json_scan_init(&strings.scan, text);
    size_t done = 0, tag = slice_find(text, SLICE("[redacted:")), tag_end = 0;
    for (size_t i = 0; i < count; i++) {
        while (tag != SIZE_MAX && tag_end <= hits[i].from && tag < hits[i].to) {
            tag_end = tag + tag_length(slice_from(text, tag));
            if (tag_end > hits[i].from)
                break;
            size_t next = slice_find(slice_from(text, tag + 1), SLICE("[redacted:"));
            tag = next == SIZE_MAX ? SIZE_MAX : tag + 1 + next;
        }
        bool in_tag = tag != SIZE_MAX && tag < hits[i].to && tag_end > hits[i].from;
        if (hits[i].from < done || in_tag || (json && !is_inside_value(&strings, &hits[i])))
            continue;
        edit_add(r, hits[i].from, hits[i].to, hits[i].secret->tag);
        r->counts[hits[i].secret->kind]++;
        done = hits[i].to;
    }
    return edit_apply(r, 0, text);
}

/* --- cutting ---------------------------------------------------------------------------------- */

/* At most `limit` bytes, cut through no tag and no character. */
static struct slice cut(struct slice text, size_t limit)
{
    if (text.len <= limit)
        return text;
    size_t end = limit;
    while (end > 0 && ((unsigned char)text.at[end] & 0xc0) == 0x80)
        end--;
    size_t back = end > 16 * 1024 ? end - 16 * 1024 : 0;
    for (size_t i = end; i > back; i--)
        if (text.at[i - 1] == '[') {
            size_t tag = tag_length(slice_from(text, i - 1));
            if (i - 1 + tag > end)
                end = i - 1;
            if (tag)
                break;
        }
    return slice_first(text, end);
}

/* The same for text without a size beside it: says that something is missing. */
static struct slice cut_marked(struct redactor *r, struct slice text, size_t whole, size_t limit)
{
    if (whole <= limit && text.len <= limit)
        return text;
    struct slice kept = cut(text, limit - 64);
    return arena_format(r->arena, "%.*s [%zu bytes were read]", (int)kept.len, kept.at, whole);
}

/* --- the parts of a record -------------------------------------------------------------------- */

enum part_kind { PART_TEXT, PART_URL, PART_HEADER, PART_DATA, PART_BODY };

struct part {
    enum part_kind kind;
    struct slice name; /* of a header or of data, the media type of a body */
};

static void scan_part(struct redactor *r, const struct part *part, struct slice text)
{
    switch (part->kind) {
    case PART_TEXT:
        prose_scan(r, text, 0, 0);
        break;
    case PART_URL:
        location_scan(r, text, 0, 0);
        break;
    case PART_HEADER:
        headers_scan(r, part->name, text);
        break;
    case PART_DATA: {
        struct name name = name_met(r, part->name, false);
        if (name_is_secret(name, NAME_VALUE))
            tag_replace(r, 0, text.len, text, name.kind);
        else
            prose_scan(r, text, 0, 0);
        break;
    }
    case PART_BODY:
        bodies_scan(r, text, part->name);
        break;
    }
}

/* Scans until nothing is found any more: what a tag has replaced may have kept something else from
 * being read as what it is. One round finds all but contrived things; the second sees that. */
static struct slice clean(struct redactor *r, const struct part *part, struct slice text)
{
    text = slice_first(text, PARTS_READ);
    if (harmless_text(r, part->kind, part->name, text))
        return text;
    size_t secrets = r->secret_count;
    for (int round = 0; round < PARTS_ROUNDS && text.len; round++) {
        struct slice masked = mask_tags(r, text);
        scan_part(r, part, masked);
        if (masked.at != text.at)
            mask_keep(r, 0, text);
        struct slice out = edit_apply(r, 0, text);
        if (out.at == text.at) {
            if (r->secret_count == secrets && masked.at == text.at)
                harmless_text_add(r, part->kind, part->name, text);
            break;
        }
        text = out;
    }
    return text;
}

/* Rule 8, and what it changed is scanned again. */
static struct slice repeat(struct redactor *r, const struct part *part, struct slice text)
{
    struct slice out = exchange_repeat(r, text, part->kind == PART_URL);
    return out.at == text.at ? out : clean(r, part, out);
}

static const struct pair *clean_pairs(struct redactor *r, const struct pair *pairs, size_t count,
                                      enum part_kind kind)
{
    if (!count)
        return pairs;
    struct pair *out = arena_alloc(r->arena, count * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        struct part part = {kind, pairs[i].name};
        out[i] = (struct pair){pairs[i].name, clean(r, &part, pairs[i].value)};
    }
    return out;
}

/* How many of the bytes are control bytes that no text has. */
static unsigned count_odd(const char *at, size_t count)
{
    unsigned odd = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)at[i];
        odd += (c < '\t') | ((c > '\r') & (c < ' ') & (c != 0x1b));
    }
    return odd;
}

/* UTF-16, pictures, what could not be decompressed: no text, whatever the reader took it for. */
static bool is_binary(struct slice text)
{
    if (text.len && memchr(text.at, '\0', text.len))
        return true;
    size_t head = text.len < 512 ? text.len : 512, odd = 0, i = 0;
    for (uint64_t eight; i + sizeof eight <= head; i += sizeof eight) {
        const uint64_t ones = UINT64_C(0x0101010101010101);
        memcpy(&eight, text.at + i, sizeof eight);
        if ((eight - ones * ' ') & ~eight & ones << 7) /* one of them is below a blank */
            odd += count_odd(text.at + i, sizeof eight);
    }
    odd += count_odd(text.at + i, head - i);
    return odd * 10 > head;
}

static struct slice digest_of(struct redactor *r, struct slice whole)
{
    char *digest = arena_alloc(r->arena, HASH_TAG_SIZE);
    hash_tag(r->key, whole, digest);
    return slice_of(digest);
}

static void clean_body(struct redactor *r, struct body *body)
{
    if (slice_is_none(body->text))
        return;
    struct slice whole = body->text;
    if (!body->size)
        body->size = whole.len;
    body->binary = body->binary || is_binary(whole);
    if (!body->binary) {
        struct part part = {PART_BODY, body->type};
        body->text = clean(r, &part, whole);
        if (body->text.at != whole.at)
            body->binary = is_binary(body->text); /* it must not look otherwise next time */
    }
    if (body->binary || whole.len > RECORD_BODY_KEPT)
        body->digest = digest_of(r, whole);
    if (body->binary)
        body->text = SLICE_NONE;
}

static void clean_message(struct redactor *r, struct message *m)
{
    m->headers = clean_pairs(r, m->headers, m->header_count, PART_HEADER);
    clean_body(r, &m->body);
}

/* --- repeating and cutting, after everything was seen ----------------------------------------- */

static const struct pair *repeat_pairs(struct redactor *r, const struct pair *pairs, size_t count,
                                       enum part_kind kind, const struct pair *before)
{
    if (!count)
        return pairs;
    size_t limit = kind == PART_HEADER ? RECORD_HEADER_LIMIT : RECORD_BODY_KEPT;
    struct pair *out = arena_alloc(r->arena, count * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        struct part part = {kind, pairs[i].name};
        out[i] = pairs[i];
        if (slice_is_none(pairs[i].value))
            continue;
        /* Of a secret header only names are left; they stay. */
        if (holds_secret(r, pairs[i].value) &&
            (kind == PART_DATA ||
             !(name_met(r, pairs[i].name, true).sets & (NAME_HEADER | NAME_COOKIES))))
            out[i].value = repeat(r, &part, pairs[i].value);
        out[i].value = cut_marked(r, out[i].value, before[i].value.len, limit);
    }
    return out;
}

static void repeat_message(struct redactor *r, struct message *m, const struct message *before)
{
    m->headers = repeat_pairs(r, m->headers, m->header_count, PART_HEADER, before->headers);
    if (slice_is_none(m->body.text))
        return;
    struct part part = {PART_BODY, m->body.type};
    struct slice text = repeat(r, &part, m->body.text);
    if (text.at != m->body.text.at && is_binary(text)) { /* as in clean_body */
        m->body.binary = true;
        m->body.digest = digest_of(r, before->body.text);
        m->body.text = SLICE_NONE;
        return;
    }
    m->body.text = cut(text, RECORD_BODY_KEPT);
    if (m->body.text.len < text.len && slice_is_none(m->body.digest))
        m->body.digest = digest_of(r, before->body.text);
}

static void redact_http(struct redactor *r, const struct record_http *in, struct record_http *out)
{
    static const struct part url = {.kind = PART_URL}, error = {.kind = PART_TEXT};
    out->url = clean(r, &url, in->url);
    clean_message(r, &out->request);
    clean_message(r, &out->response);
    out->error = clean(r, &error, in->error);
    r->secrets_scanned = r->secret_count;
    out->url = repeat(r, &url, out->url);
    out->url = cut_marked(r, out->url, in->url.len, RECORD_HEADER_LIMIT);
    repeat_message(r, &out->request, &in->request);
    repeat_message(r, &out->response, &in->response);
    out->error = repeat(r, &error, out->error);
    out->error = cut_marked(r, out->error, in->error.len, RECORD_HEADER_LIMIT);
}

static void redact_event(struct redactor *r, const struct record_event *in,
                         struct record_event *out)
{
    static const struct part message = {.kind = PART_TEXT};
    out->data = clean_pairs(r, in->data, in->data_count, PART_DATA);
    out->message = clean(r, &message, in->message);
    r->secrets_scanned = r->secret_count;
    out->data = repeat_pairs(r, out->data, in->data_count, PART_DATA, in->data);
    out->message = repeat(r, &message, out->message);
    out->message = cut_marked(r, out->message, in->message.len, RECORD_BODY_KEPT);
}

static void redact_provisioning(struct redactor *r, const struct record_provisioning *in,
                                struct record_provisioning *out)
{
    static const struct part text = {.kind = PART_TEXT};
    const struct part item = {.kind = PART_BODY, .name = SLICE("application/json")};
    struct slice *const sentences[] = {&out->reason, &out->details};
    out->item = clean(r, &item, in->item);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        *sentences[i] = clean(r, &text, *sentences[i]);
    r->secrets_scanned = r->secret_count;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        struct slice repeated = repeat(r, &text, *sentences[i]);
        *sentences[i] = cut_marked(r, repeated, repeated.len, RECORD_HEADER_LIMIT);
    }
    out->item = repeat(r, &item, out->item);
    out->item = cut_marked(r, out->item, in->item.len, RECORD_BODY_KEPT);
    /* Names and ids are what one searches for; a log that puts something else there is not trusted
     * with it. */
    struct slice *const words[] = {&out->item_id,      &out->change_id,   &out->action,
                                   &out->step,         &out->status,      &out->code,
                                   &out->target_user,  &out->source_user, &out->target_system,
                                   &out->source_system};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *words[i] = cut_marked(r, clean(r, &text, *words[i]), words[i]->len, RECORD_HEADER_LIMIT);
}

static void start(struct redactor *r, struct arena *arena)
{
    r->arena = arena;
    r->secret_count = 0;
    r->edit_count = 0;
}

static void redact_once(struct redactor *r, const struct record *in, struct record *out)
{
    *out = *in;
    if (in->kind == KIND_HTTP)
        redact_http(r, &in->http, &out->http);
    else if (in->kind == KIND_PROVISIONING)
        redact_provisioning(r, &in->provisioning, &out->provisioning);
    else
        redact_event(r, &in->event, &out->event);
}

/* What is found only while known secrets are looked for may stand in what was passed before. */
void redact_record(struct redactor *r, const struct record *in, struct arena *arena,
                   struct record *out)
{
    start(r, arena);
    redact_once(r, in, out);
    for (int round = 1; round < PARTS_ROUNDS && r->secret_count > r->secrets_scanned; round++) {
        struct record before = *out;
        redact_once(r, &before, out);
    }
}

struct slice redact_text(struct redactor *r, struct slice text, struct arena *arena)
{
    static const struct part part = {.kind = PART_TEXT};
    start(r, arena);
    return clean(r, &part, text);
}
