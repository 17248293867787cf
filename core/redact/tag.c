/* Knows what stands in the place of a secret: the tag, its reading back, and what of a value may
 * stay before it (the scheme word, the user name of Basic). */
#include "core/redact/parts.h"

#include <stdlib.h>

static const char *const class_names[REDACT_CLASSES] = {
    [REDACT_TOKEN] = "token", [REDACT_PASSWORD] = "password",   [REDACT_COOKIE] = "cookie",
    [REDACT_KEY] = "key",     [REDACT_SIGNATURE] = "signature", [REDACT_SECRET] = "secret",
    [REDACT_JWT] = "jwt",
};
static const char *const buckets[] = {"1-15", "16-63", "64-511", "512+"};
static const char head[] = "[redacted:";
enum { TAG_LIMIT = 16 * 1024 };

const char *redact_class_name(enum redact_class kind)
{
    return (size_t)kind < REDACT_CLASSES ? class_names[kind] : NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes that stand in a claim as themselves. */
static bool is_harmless(char c)
{
    return is_alnum(c) || (c >= '+' && c <= '/') /* + , - . / */ || c == ':' || c == '_' ||
           c == '~' || c == '@';
}

/* The length of ` name=value` at `at`, `*name` and `*value` filled in; 0 when there is none. */
static size_t field_length(struct slice rest, struct slice *name, struct slice *value)
{
    size_t i = 1;
    if (!rest.len || rest.at[0] != ' ')
        return 0;
    while (i < rest.len && rest.at[i] >= 'a' && rest.at[i] <= 'z')
        i++;
    if (i == 1 || i >= rest.len || rest.at[i] != '=')
        return 0;
    *name = slice_make(rest.at + 1, i - 1);
    size_t from = ++i;
    while (i < rest.len && (is_harmless(rest.at[i]) || rest.at[i] == '%'))
        i++;
    *value = slice_make(rest.at + from, i - from);
    return i;
}

static bool is_bucket(struct slice value)
{
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
        if (slice_is(value, buckets[i]))
            return true;
    return false;
}

/* The length of `[redacted:CLASS` at the text's start, 0 when there is none. */
static size_t head_length(struct slice text)
{
    if (!slice_starts(text, head))
        return 0;
    struct slice rest = slice_from(text, sizeof head - 1);
    for (size_t i = 0; i < REDACT_CLASSES; i++) {
        size_t len = strlen(class_names[i]);
        if (slice_starts(rest, class_names[i]) && rest.len > len && rest.at[len] == ' ')
            return sizeof head - 1 + len;
    }
    return 0;
}

size_t tag_length(struct slice text)
{
    text = slice_first(text, TAG_LIMIT);
    size_t at = head_length(text);
    if (!at)
        return 0;
    struct slice name, value;
    for (;;) {
        size_t len = field_length(slice_from(text, at), &name, &value);
        if (!len)
            return 0;
        at += len;
        if (slice_is(name, "len"))
            break;
    }
    if (!is_bucket(value))
        return 0;
    struct slice rest = slice_from(text, at);
    if (slice_starts(rest, " #")) {
        size_t digits = 0;
        while (2 + digits < rest.len && is_alnum(rest.at[2 + digits]))
            digits++;
        if (digits != HASH_TAG_SIZE - 1)
            return 0;
        at += 2 + digits;
    }
    return at < text.len && text.at[at] == ']' ? at + 1 : 0;
}

enum redact_class tag_class(struct slice with)
{
    size_t at = slice_find(with, slice_of(head));
    struct slice rest = at == SIZE_MAX ? SLICE("") : slice_from(with, at + sizeof head - 1);
    size_t kind = 0;
    while (kind < REDACT_CLASSES && !slice_starts(rest, class_names[kind]))
        kind++;
    return (enum redact_class)kind;
}

size_t tag_find_outside(struct slice text, size_t from, const char *set)
{
    size_t i = from;
    while (i < text.len) {
        if (text.at[i] == '[') {
            size_t tag = tag_length(slice_from(text, i));
            i += tag ? tag : 1;
        } else if (text.at[i] && strchr(set, text.at[i])) {
            break;
        } else {
            i++;
        }
    }
    return i;
}

static void jwt_fact(struct jwt_facts *out, struct slice name, struct slice value,
                     struct arena *arena)
{
    const struct {
        const char *name;
        struct slice *text;
        int64_t *number;
    } facts[] = {
        {"alg", &out->alg, NULL}, {"kid", &out->kid, NULL},     {"iss", &out->iss, NULL},
        {"aud", &out->aud, NULL}, {"iat", NULL, &out->iat},     {"exp", NULL, &out->exp},
        {"nbf", NULL, &out->nbf}, {"appid", &out->appid, NULL}, {"tid", &out->tid, NULL},
        {"sub", &out->sub, NULL}, {"scp", &out->scp, NULL},     {"roles", &out->roles, NULL},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (slice_is(name, facts[i].name)) {
            if (facts[i].text)
                *facts[i].text = url_decode(value, false, arena);
            else if (!slice_to_int64(value, facts[i].number))
                *facts[i].number = INT64_MIN;
        }
}

struct jwt_facts redact_jwt_facts(struct slice text, struct arena *arena)
{
    struct jwt_facts out = {.iat = INT64_MIN, .exp = INT64_MIN, .nbf = INT64_MIN};
    struct slice rest = text;
    size_t at;
    while ((at = slice_find(rest, SLICE("[redacted:jwt "))) != SIZE_MAX) {
        rest = slice_from(rest, at);
        if (!tag_length(rest)) {
            rest = slice_from(rest, 1);
            continue;
        }
        out.present = true;
        struct slice name, value;
        size_t len, from = sizeof "[redacted:jwt" - 1;
        while ((len = field_length(slice_from(rest, from), &name, &value)) != 0) {
            jwt_fact(&out, name, value, arena);
            from += len;
        }
        break;
    }
    return out;
}

/* --- writing ---------------------------------------------------------------------------------- */

void tag_add_escaped(struct buf *out, struct slice text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_harmless((char)c)) {
            buf_add_byte(out, (char)c);
        } else {
            char escaped[] = {'%', digits[c >> 4], digits[c & 15]};
            buf_add(out, slice_make(escaped, sizeof escaped));
        }
    }
}

static const char *bucket_of(size_t len)
{
    return buckets[len < 16 ? 0 : len < 64 ? 1 : len < 512 ? 2 : 3];
}

static void remember(struct redactor *r, struct slice value, struct slice tag,
                     enum redact_class kind)
{
    if (r->secret_count == PARTS_SECRETS)
        return;
    for (size_t i = 0; i < r->secret_count; i++)
        if (slice_equal(r->secrets[i].value, value))
            return;
    r->secrets[r->secret_count++] = (struct secret){value, tag, kind};
}

static uint64_t replaced_so_far(const struct redactor *r)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < REDACT_CLASSES; i++)
        sum += r->counts[i];
    return sum;
}

struct slice tag_make(struct redactor *r, struct slice value, enum redact_class kind)
{
    struct buf out;
    struct slice claims = SLICE("");
    bool may_be_jwt = value.len > 20 && slice_starts(value, "ey");
    struct slice tag = may_be_jwt && !r->in_jwt ? known_tag(r, value) : SLICE_NONE;
    if (!slice_is_none(tag)) {
        r->counts[REDACT_JWT]++;
        remember(r, value, tag, REDACT_JWT);
        return tag;
    }
    uint64_t before = replaced_so_far(r);
    buf_init(&out, TAG_LIMIT);
    if (may_be_jwt && jwt_add_claims(r, &out, value)) {
        kind = REDACT_JWT;
        claims = buf_slice(&out);
    }
    char hash[HASH_TAG_SIZE] = "";
    if (kind != REDACT_PASSWORD)
        hash_tag(r->key, value, hash);
    const char *bucket = bucket_of(value.len);
    const char *name = class_names[kind];
    size_t size = sizeof head - 1 + strlen(name) + claims.len + 5 + strlen(bucket) + 16;
    char *at = arena_alloc(r->arena, size);
    char *end = at;
    const struct slice parts[] = {slice_of(head), slice_of(name),   claims,
                                  SLICE(" len="), slice_of(bucket), slice_of(*hash ? " #" : ""),
                                  slice_of(hash), SLICE("]")};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].len)
            memcpy(end, parts[i].at, parts[i].len);
        end += parts[i].len;
    }
    buf_free(&out);
    tag = slice_make(at, (size_t)(end - at));
    /* Claims that hold secrets themselves must be looked at each time: they are counted. */
    if (kind == REDACT_JWT && replaced_so_far(r) == before)
        known_add(r, value, tag);
    r->counts[kind]++;
    remember(r, value, tag, kind);
    return tag;
}

size_t tag_scheme_length(struct slice value)
{
    enum { LONGEST = sizeof "SharedAccessSignature" - 1 };
    static const char *const schemes[] = {
        "Bearer",
        "Basic",
        "SSWS",
        "Negotiate",
        "NTLM",
        "Digest",
        "Token",
        "AWS4-HMAC-SHA256",
        "SharedAccessSignature",
        "SharedKey",
        "SharedKeyLite",
        "DPoP",
        "OAuth",
        "Hawk",
        "ApiKey",
        "GenieKey",
        "Splunk",
        "Kerberos",
        "HMAC-SHA256",
        "Signature",
        "GoogleLogin",
    };
    size_t len = 0;
    while (len < value.len && len <= LONGEST && value.at[len] != ' ' && value.at[len] != '\t')
        len++;
    if (len == 0 || len > LONGEST || len == value.len)
        return 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (slice_is_fold(slice_first(value, len), schemes[i]))
            return len;
    return 0;
}

struct slice tag_basic(struct redactor *r, struct slice encoded)
{
    struct slice plain = base64_decode(r->arena, encoded);
    size_t colon = slice_find_byte(plain, ':');
    if (slice_is_none(plain) || colon == SIZE_MAX)
        return SLICE_NONE;
    struct buf out;
    buf_init(&out, TAG_LIMIT);
    tag_add_escaped(&out, slice_first(plain, colon < 256 ? colon : 256));
    buf_add_byte(&out, ':');
    struct slice password = slice_from(plain, colon + 1);
    if (password.len)
        buf_add(&out, tag_make(r, password, REDACT_PASSWORD));
    remember(r, encoded, SLICE("[redacted:password len=16-63]"), REDACT_TOKEN);
    struct slice kept = arena_copy(r->arena, buf_slice(&out));
    buf_free(&out);
    return kept;
}

/* True for what redaction has put there: tags, or a Basic user name with one. */
static bool is_done(struct slice value)
{
    size_t at = 0;
    while (at < value.len && at < 768 && (is_harmless(value.at[at]) || value.at[at] == '%'))
        at++;
    if (at && value.at[at - 1] != ':')
        return false;
    size_t len;
    while ((len = tag_length(slice_from(value, at))) != 0)
        at += len;
    return at && at == value.len && value.at[at - 1] == ']';
}

void tag_replace(struct redactor *r, size_t from, size_t to, struct slice value,
                 enum redact_class kind)
{
    struct slice trimmed = slice_trim(value);
    if (!trimmed.len || is_done(trimmed))
        return;
    size_t scheme = kind == REDACT_TOKEN || kind == REDACT_SECRET || kind == REDACT_KEY
                        ? tag_scheme_length(trimmed)
                        : 0;
    if (!scheme) {
        edit_add(r, from, to, tag_make(r, trimmed, kind));
        return;
    }
    struct slice word = slice_first(trimmed, scheme);
    struct slice rest = slice_trim(slice_from(trimmed, scheme));
    if (is_done(rest))
        return;
    struct slice tag = slice_is_fold(word, "Basic") ? tag_basic(r, rest) : SLICE_NONE;
    if (slice_is_none(tag))
        tag = tag_make(r, rest, kind);
    char *with = arena_alloc(r->arena, word.len + 1 + tag.len);
    memcpy(with, word.at, word.len);
    with[word.len] = ' ';
    memcpy(with + word.len + 1, tag.at, tag.len);
    edit_add(r, from, to, slice_make(with, word.len + 1 + tag.len));
}
