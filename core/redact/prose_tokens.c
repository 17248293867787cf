/* Knows credentials that no name announces: behind a scheme word, tokens known by their first
 * characters, blocks of private keys. */
#include "core/redact/prose.h"

/* --- behind a scheme word --------------------------------------------------------------------- */

/* `realm="..."`, `expires_in=3599`: a parameter; a credential has '=' at its end only. */
static bool is_parameter(struct slice text, size_t from, size_t to)
{
    size_t at = from;
    while (at < to && text.at[at] != '=') {
        char c = (char)(text.at[at] | 0x20);
        if (!(c >= 'a' && c <= 'z') && text.at[at] != '_' && text.at[at] != '-')
            return false;
        at++;
    }
    if (at == to)
        return false;
    return at + 1 < to ? text.at[at + 1] != '=' : to < text.len && text.at[to] == '"';
}

size_t prose_scheme(struct prose *p, size_t from, size_t end)
{
    struct slice word = slice_make(p->text.at + from, end - from);
    static const char *const schemes[] = {"Bearer", "Basic", "SSWS", "Negotiate",
                                          "Digest", "token", "NTLM", "DPoP"};
    bool known = false;
    for (size_t i = 0; word.len <= 9 && i < sizeof schemes / sizeof *schemes; i++)
        known = known || slice_is_fold(word, schemes[i]);
    size_t at = prose_skip_blanks(p->text, end);
    if (!known || at == end || at >= p->text.len)
        return 0;
    if (slice_is_fold(word, "token") && strchr("-$@", p->text.at[at]))
        return 0; /* an option or a variable */
    if (slice_is_fold(word, "Digest")) {
        struct slice line = slice_from(p->text, at);
        if (slice_starts_fold(line, "username=")) {
            line = slice_first(line, slice_find_byte(line, '\n'));
            headers_scan_parameters(p->r, line, p->base + at);
            return at + line.len;
        }
    }
    size_t to = prose_run_end(p->text, at);
    while (to > at && strchr(".:?!", p->text.at[to - 1]))
        to--;
    struct slice run = slice_make(p->text.at + at, to - at);
    if (!prose_is_run(run) || is_parameter(p->text, at, to))
        return 0;
    if (slice_is_fold(word, "Basic")) {
        struct slice tag = tag_basic(p->r, run);
        if (!slice_is_none(tag)) {
            edit_add(p->r, p->base + at, p->base + to, tag);
            return to;
        }
    }
    prose_replace(p, at, to, REDACT_TOKEN);
    return to;
}

/* --- tokens known by their first characters --------------------------------------------------- */

static const struct prefix {
    const char *text;
    size_t least, most; /* length of the whole token; most 0 = any */
    enum redact_class kind;
} prefixes[] = {
    {"AKIA", 16, 32, REDACT_KEY},         {"ASIA", 16, 32, REDACT_KEY},
    {"AIza", 30, 60, REDACT_KEY},         {"ghp_", 20, 0, REDACT_TOKEN},
    {"gho_", 20, 0, REDACT_TOKEN},        {"ghu_", 20, 0, REDACT_TOKEN},
    {"ghs_", 20, 0, REDACT_TOKEN},        {"ghr_", 20, 0, REDACT_TOKEN},
    {"github_pat_", 20, 0, REDACT_TOKEN}, {"glpat-", 16, 0, REDACT_TOKEN},
    {"xoxa-", 12, 0, REDACT_TOKEN},       {"xoxb-", 12, 0, REDACT_TOKEN},
    {"xoxe-", 12, 0, REDACT_TOKEN},       {"xoxe.", 12, 0, REDACT_TOKEN},
    {"xoxp-", 12, 0, REDACT_TOKEN},       {"xoxr-", 12, 0, REDACT_TOKEN},
    {"xoxs-", 12, 0, REDACT_TOKEN},       {"npm_", 20, 0, REDACT_TOKEN},
    {"sk_live_", 16, 0, REDACT_KEY},      {"rk_live_", 16, 0, REDACT_KEY},
    {"sk_test_", 16, 0, REDACT_KEY},      {"SG.", 20, 0, REDACT_KEY},
    {"ya29.", 16, 0, REDACT_TOKEN},       {"hvs.", 16, 0, REDACT_TOKEN},
    {"shpat_", 16, 0, REDACT_TOKEN},      {"whsec_", 16, 0, REDACT_SECRET},
    {"pypi-", 24, 0, REDACT_TOKEN},       {"dop_v1_", 20, 0, REDACT_TOKEN},
};

/* `00` and 40 characters of both cases: an Okta API token. */
static bool is_okta(struct slice word)
{
    if (word.len != 42 || !slice_starts(word, "00") || slice_find_byte(word, '.') != SIZE_MAX)
        return false;
    bool lower = false, upper = false;
    for (size_t i = 2; i < word.len; i++) {
        lower = lower || (word.at[i] >= 'a' && word.at[i] <= 'z');
        upper = upper || (word.at[i] >= 'A' && word.at[i] <= 'Z');
    }
    return lower && upper;
}

/* The end of a JWT, JWE or base64 text that begins with "eyJ". */
static size_t json_web_end(struct slice text, size_t from)
{
    size_t to = from, dots = 0;
    while (to < text.len &&
           (prose_kinds[(unsigned char)text.at[to]] == BYTE_WORD || strchr("+/=", text.at[to])) &&
           text.at[to]) {
        dots += text.at[to] == '.';
        to++;
    }
    if (dots > 2 || dots == 1)
        while (to > from && text.at[to - 1] == '.')
            to--;
    return to;
}

size_t prose_token(struct prose *p, size_t from, size_t end)
{
    struct slice word = slice_make(p->text.at + from, end - from);
    if (word.len < 10)
        return 0;
    if (word.at[0] == 'e' && slice_starts(word, "eyJ")) {
        size_t to = json_web_end(p->text, from);
        prose_replace(p, from, to, REDACT_TOKEN);
        return to;
    }
    while (word.len && word.at[word.len - 1] == '.')
        word.len--;
    if (word.at[0] == '0' && is_okta(word)) {
        prose_replace(p, from, from + word.len, REDACT_TOKEN);
        return end;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (word.at[0] == prefixes[i].text[0] && word.len >= prefixes[i].least &&
            (!prefixes[i].most || word.len <= prefixes[i].most) &&
            slice_starts(word, prefixes[i].text)) {
            prose_replace(p, from, from + word.len, prefixes[i].kind);
            return end;
        }
    return 0;
}

/* --- key blocks ------------------------------------------------------------------------------- */

/* `RSA PRIVATE KEY`: nothing but capitals, digits and blanks. */
static bool is_label(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.at[i] >= 'A' && text.at[i] <= 'Z') &&
            !(text.at[i] >= '0' && text.at[i] <= '9') && text.at[i] != ' ')
            return false;
    return true;
}

size_t prose_key_block(struct prose *p, size_t from)
{
    struct slice rest = slice_from(p->text, from);
    if (!slice_starts(rest, "-----BEGIN "))
        return 0;
    struct slice label = slice_first(slice_from(rest, 11), 64);
    size_t dashes = slice_find(label, SLICE("-----"));
    if (dashes == SIZE_MAX)
        return 0;
    label = slice_first(label, dashes);
    if (slice_find(label, SLICE("PRIVATE KEY")) == SIZE_MAX)
        return 0; /* whatever else stands there is text */
    size_t body = from + 11 + (is_label(label) ? dashes + 5 : 0);
    size_t end = slice_find(slice_from(p->text, body), SLICE("-----END"));
    size_t to = end == SIZE_MAX ? p->text.len : body + end;
    prose_replace(p, body, to, REDACT_KEY);
    return to;
}
