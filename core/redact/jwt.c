/* Knows base64 and the two readable parts of a JSON Web Token: which of its claims may be told
 * (SECURITY.md section 5, rule 6). Its signature is never looked at. */
#include "core/redact/parts.h"

#include "core/base/json.h"

#include <inttypes.h>

/* --- base64 ----------------------------------------------------------------------------------- */

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

struct slice base64_decode(struct arena *arena, struct slice text)
{
    while (text.len && text.at[text.len - 1] == '=')
        text.len--;
    if (!text.len || text.len % 4 == 1)
        return SLICE_NONE;
    unsigned char *out = arena_alloc(arena, text.len / 4 * 3 + 4);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_of(text.at[i]);
        if (digit < 0)
            return SLICE_NONE;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[len++] = (unsigned char)(bits >> held);
        }
    }
    return slice_make((const char *)out, len);
}

struct slice base64_encode(struct arena *arena, struct slice bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = arena_alloc(arena, (bytes.len + 2) / 3 * 4 + 1);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < bytes.len ? (unsigned char)bytes.at[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            out[len++] = i + k > bytes.len ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    out[len] = '\0';
    return slice_make(out, len);
}

/* --- claims ----------------------------------------------------------------------------------- */

/* Claims as the tag names them, in its order; several names of one claim follow each other. */
static const struct claim {
    const char *name, *key;
    bool header, number;
} claims[] = {
    {"alg", "alg", true, false},      {"kid", "kid", true, false},
    {"iss", "iss", false, false},     {"aud", "aud", false, false},
    {"iat", "iat", false, true},      {"exp", "exp", false, true},
    {"nbf", "nbf", false, true},      {"appid", "appid", false, false},
    {"appid", "azp", false, false},   {"appid", "client_id", false, false},
    {"tid", "tid", false, false},     {"sub", "sub", false, false},
    {"scp", "scp", false, false},     {"scp", "scope", false, false},
    {"roles", "roles", false, false},
};
enum { CLAIMS = sizeof claims / sizeof *claims };

/* Notes the raw values of known members of the object `json`; false when it is no object. */
static bool find_claims(struct slice json, bool header, struct slice found[CLAIMS])
{
    struct json_scan scan;
    json_scan_init(&scan, json);
    if (json_next(&scan) != JSON_OBJECT)
        return false;
    enum json_token token;
    while ((token = json_next(&scan)) == JSON_KEY) {
        struct slice key = scan.raw, value;
        if (!json_skip(&scan, JSON_KEY, &value))
            return false;
        for (size_t i = 0; i < CLAIMS; i++)
            if (claims[i].header == header &&
                slice_is(slice_make(key.at + 1, key.len - 2), claims[i].key))
                found[i] = value;
    }
    return token == JSON_OBJECT_END;
}

/* Appends one text of a claim, unless it is itself something that would be redacted. */
static void add_text(struct redactor *r, struct buf *out, struct slice raw)
{
    struct slice text = slice_first(json_text(r->arena, raw), PARTS_CLAIM);
    size_t mark = r->edit_count;
    prose_scan(r, text, 0, PARTS_LEVELS);
    bool clean = r->edit_count == mark;
    r->edit_count = mark;
    tag_add_escaped(out, clean ? text : SLICE("-"));
}

static void add_claim(struct redactor *r, struct buf *out, const struct claim *claim,
                      struct slice raw)
{
    size_t before = out->len;
    buf_add_format(out, " %s=", claim->name);
    size_t empty = out->len;
    struct json_scan scan;
    json_scan_init(&scan, raw);
    enum json_token token = json_next(&scan);
    if (claim->number && token == JSON_NUMBER) {
        /* NumericDate may have a fraction. */
        int64_t number;
        if (slice_to_int64(slice_first(raw, slice_find_byte(raw, '.')), &number))
            buf_add_format(out, "%" PRId64, number);
    } else if (!claim->number && token == JSON_STRING) {
        add_text(r, out, raw);
    } else if (!claim->number && token == JSON_ARRAY) {
        for (int count = 0; count < 16 && json_next(&scan) == JSON_STRING; count++) {
            if (out->len > empty)
                buf_add_byte(out, ',');
            add_text(r, out, scan.raw);
        }
    }
    if (out->len == empty) {
        out->len = before;
        out->at[before] = '\0';
    }
}

bool jwt_add_claims(struct redactor *r, struct buf *out, struct slice value)
{
    struct slice rest = value, header, payload, signature;
    if (r->in_jwt || !slice_cut(&rest, '.', &header) || !slice_cut(&rest, '.', &payload) ||
        !slice_cut(&rest, '.', &signature) || !slice_is_none(rest) || header.len > 8192 ||
        payload.len > 64 * 1024)
        return false;
    struct slice found[CLAIMS] = {{0}};
    if (!find_claims(base64_decode(r->arena, header), true, found) || slice_is_none(found[0]) ||
        !find_claims(base64_decode(r->arena, payload), false, found))
        return false;
    r->in_jwt = true;
    const char *last = "";
    for (size_t i = 0; i < CLAIMS; i++) {
        if (slice_is_none(found[i]) || !strcmp(last, claims[i].name))
            continue;
        add_claim(r, out, &claims[i], found[i]);
        last = claims[i].name;
    }
    r->in_jwt = false;
    return !buf_full(out);
}
