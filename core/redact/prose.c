/* Knows secrets in free text (SECURITY.md section 5, rule 5): behind a scheme word, behind a
 * secret's name, in command lines, tokens known by their first characters, key blocks; and hands
 * JSON, markup, URLs and cookies that stand in the text to those who know them.
 *
 * One pass: the text is cut into words, and what a word may begin is decided by its first letter or
 * by the byte behind it, so that ordinary text costs a table look-up per byte. */
#include "core/redact/parts.h"

struct prose {
    struct redactor *r;
    struct slice text;
    size_t base;
    unsigned level;
    size_t json_from; /* no JSON is tried before this place: what failed is not read twice */
};

enum byte_kind { BYTE_PLAIN, BYTE_WORD, BYTE_OPEN, BYTE_MARKUP, BYTE_QUERY, BYTE_SLASH };

static const unsigned char kinds[256] = {
    ['0'] = BYTE_WORD,  ['1'] = BYTE_WORD,  ['2'] = BYTE_WORD, ['3'] = BYTE_WORD,
    ['4'] = BYTE_WORD,  ['5'] = BYTE_WORD,  ['6'] = BYTE_WORD, ['7'] = BYTE_WORD,
    ['8'] = BYTE_WORD,  ['9'] = BYTE_WORD,  ['a'] = BYTE_WORD, ['b'] = BYTE_WORD,
    ['c'] = BYTE_WORD,  ['d'] = BYTE_WORD,  ['e'] = BYTE_WORD, ['f'] = BYTE_WORD,
    ['g'] = BYTE_WORD,  ['h'] = BYTE_WORD,  ['i'] = BYTE_WORD, ['j'] = BYTE_WORD,
    ['k'] = BYTE_WORD,  ['l'] = BYTE_WORD,  ['m'] = BYTE_WORD, ['n'] = BYTE_WORD,
    ['o'] = BYTE_WORD,  ['p'] = BYTE_WORD,  ['q'] = BYTE_WORD, ['r'] = BYTE_WORD,
    ['s'] = BYTE_WORD,  ['t'] = BYTE_WORD,  ['u'] = BYTE_WORD, ['v'] = BYTE_WORD,
    ['w'] = BYTE_WORD,  ['x'] = BYTE_WORD,  ['y'] = BYTE_WORD, ['z'] = BYTE_WORD,
    ['A'] = BYTE_WORD,  ['B'] = BYTE_WORD,  ['C'] = BYTE_WORD, ['D'] = BYTE_WORD,
    ['E'] = BYTE_WORD,  ['F'] = BYTE_WORD,  ['G'] = BYTE_WORD, ['H'] = BYTE_WORD,
    ['I'] = BYTE_WORD,  ['J'] = BYTE_WORD,  ['K'] = BYTE_WORD, ['L'] = BYTE_WORD,
    ['M'] = BYTE_WORD,  ['N'] = BYTE_WORD,  ['O'] = BYTE_WORD, ['P'] = BYTE_WORD,
    ['Q'] = BYTE_WORD,  ['R'] = BYTE_WORD,  ['S'] = BYTE_WORD, ['T'] = BYTE_WORD,
    ['U'] = BYTE_WORD,  ['V'] = BYTE_WORD,  ['W'] = BYTE_WORD, ['X'] = BYTE_WORD,
    ['Y'] = BYTE_WORD,  ['Z'] = BYTE_WORD,  ['_'] = BYTE_WORD, ['-'] = BYTE_WORD,
    ['.'] = BYTE_WORD,  ['['] = BYTE_OPEN,  ['{'] = BYTE_OPEN, ['<'] = BYTE_MARKUP,
    ['?'] = BYTE_QUERY, ['/'] = BYTE_SLASH,
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Ends a bare value. */
static bool ends_run(char c)
{
    return (unsigned char)c <= ' ' || strchr(",;\"'`<>()[]{}|\\&", c);
}

static size_t run_end(struct slice text, size_t at)
{
    while (at < text.len && !ends_run(text.at[at]))
        at++;
    return at;
}

static size_t skip_blanks(struct slice text, size_t at)
{
    while (at < text.len && is_blank(text.at[at]))
        at++;
    return at;
}

bool prose_is_run(struct slice text)
{
    if (text.len < 8)
        return false;
    if (text.len >= 20)
        return true;
    bool digit = false, lower = false, late_upper = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        digit = digit || (c >= '0' && c <= '9');
        lower = lower || (c >= 'a' && c <= 'z');
        late_upper = late_upper || (i && c >= 'A' && c <= 'Z');
    }
    return digit || (lower && late_upper); /* a capital first letter is a word's */
}

/* A password stated in text is rarely a run; a word of letters alone is taken for prose. */
static bool is_stated_password(struct slice text)
{
    if (text.len < 4)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)(text.at[i] | 0x20);
        if (!(c >= 'a' && c <= 'z') && text.at[i] != '-' && text.at[i] != '.' && text.at[i] != ':')
            return true;
    }
    return prose_is_run(text);
}

static void replace(struct prose *p, size_t from, size_t to, enum redact_class kind)
{
    tag_replace(p->r, p->base + from, p->base + to, slice_make(p->text.at + from, to - from), kind);
}

/* --- quoted values ---------------------------------------------------------------------------- */

/* The closing quote of a value opened by `slashes` backslashes and a quote: as many backslashes
 * stand before it, while a quote inside the value has more (odd ones, at depth 0). */
static size_t quote_end(struct slice text, size_t at, char quote, size_t slashes)
{
    for (size_t i = at; i < text.len;) {
        const char *hit = memchr(text.at + i, quote, text.len - i);
        if (!hit)
            return text.len;
        size_t end = (size_t)(hit - text.at), before = 0;
        while (end - before > at && text.at[end - before - 1] == '\\')
            before++;
        if (before == slashes ||
            (before > slashes && (before - slashes) % (2 * (slashes + 1)) == 0))
            return end - slashes;
        i = end + 1;
    }
    return text.len;
}

/* A value in quotes at `at` (backslashes before the quote allowed). Unclosed it ends with the line,
 * in JSON-like text with the text. Returns its end, 0 when there is no quote. */
static size_t scan_quoted(struct prose *p, size_t at, bool like_json, enum redact_class kind)
{
    size_t slashes = 0;
    while (at + slashes < p->text.len && p->text.at[at + slashes] == '\\')
        slashes++;
    size_t from = at + slashes;
    if (from >= p->text.len || (p->text.at[from] != '"' && p->text.at[from] != '\'') ||
        slashes > 15)
        return 0;
    char quote = p->text.at[from++];
    size_t to = quote_end(p->text, from, quote, slashes);
    if (!like_json) {
        const char *line = memchr(p->text.at + from, '\n', to > from ? to - from : 0);
        if (line)
            to = (size_t)(line - p->text.at);
    }
    if (to < from)
        to = from;
    struct slice raw = slice_make(p->text.at + from, to - from);
    tag_replace(p->r, p->base + from, p->base + to,
                slashes || like_json ? encoding_decode(p->r, raw, ENCODING_JSON) : raw, kind);
    return to;
}

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

static size_t scan_scheme(struct prose *p, size_t from, size_t end)
{
    struct slice word = slice_make(p->text.at + from, end - from);
    static const char *const schemes[] = {"Bearer", "Basic", "SSWS", "Negotiate",
                                          "Digest", "token", "NTLM", "DPoP"};
    bool known = false;
    for (size_t i = 0; word.len <= 9 && i < sizeof schemes / sizeof *schemes; i++)
        known = known || slice_is_fold(word, schemes[i]);
    size_t at = skip_blanks(p->text, end);
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
    size_t to = run_end(p->text, at);
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
    replace(p, at, to, REDACT_TOKEN);
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
           (kinds[(unsigned char)text.at[to]] == BYTE_WORD || strchr("+/=", text.at[to])) &&
           text.at[to]) {
        dots += text.at[to] == '.';
        to++;
    }
    if (dots > 2 || dots == 1)
        while (to > from && text.at[to - 1] == '.')
            to--;
    return to;
}

static size_t scan_prefix(struct prose *p, size_t from, size_t end)
{
    struct slice word = slice_make(p->text.at + from, end - from);
    if (word.len < 10)
        return 0;
    if (word.at[0] == 'e' && slice_starts(word, "eyJ")) {
        size_t to = json_web_end(p->text, from);
        replace(p, from, to, REDACT_TOKEN);
        return to;
    }
    while (word.len && word.at[word.len - 1] == '.')
        word.len--;
    if (word.at[0] == '0' && is_okta(word)) {
        replace(p, from, from + word.len, REDACT_TOKEN);
        return end;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (word.at[0] == prefixes[i].text[0] && word.len >= prefixes[i].least &&
            (!prefixes[i].most || word.len <= prefixes[i].most) &&
            slice_starts(word, prefixes[i].text)) {
            replace(p, from, from + word.len, prefixes[i].kind);
            return end;
        }
    return 0;
}

/* --- key blocks and command lines ------------------------------------------------------------- */

/* `RSA PRIVATE KEY`: nothing but capitals, digits and blanks. */
static bool is_label(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.at[i] >= 'A' && text.at[i] <= 'Z') &&
            !(text.at[i] >= '0' && text.at[i] <= '9') && text.at[i] != ' ')
            return false;
    return true;
}

static size_t scan_key_block(struct prose *p, size_t from)
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
    replace(p, body, to, REDACT_KEY);
    return to;
}

/* The end of a bare argument; a tag's blanks end nothing. */
static size_t argument_end(struct slice text, size_t at)
{
    while (at < text.len) {
        size_t tag = text.at[at] == '[' ? tag_length(slice_from(text, at)) : 0;
        if (!tag && ((unsigned char)text.at[at] <= ' ' || strchr("\"'`<>|", text.at[at])))
            break;
        at += tag ? tag : 1;
    }
    return at;
}

/* A word behind an option, quoted or bare. */
static size_t scan_argument(struct prose *p, size_t at, enum redact_class kind, bool any)
{
    at = skip_blanks(p->text, at);
    size_t end = scan_quoted(p, at, false, kind);
    if (end)
        return end;
    size_t to = argument_end(p->text, at);
    struct slice value = slice_make(p->text.at + at, to - at);
    if (tag_length(slice_from(p->text, at)))
        return at;
    if (!value.len || strchr("-$/([%{*", value.at[0]) || !(any || prose_is_run(value)))
        return 0;
    replace(p, at, to, kind);
    return to;
}

/* `-u user:password` of curl. */
static size_t scan_user_option(struct prose *p, size_t end)
{
    size_t at = skip_blanks(p->text, end);
    if (at < p->text.len && (p->text.at[at] == '"' || p->text.at[at] == '\''))
        at++;
    size_t to = argument_end(p->text, at);
    size_t colon = slice_find_byte(slice_make(p->text.at + at, to - at), ':');
    if (colon == SIZE_MAX || at + colon + 1 >= to ||
        slice_starts(slice_from(p->text, at + colon), "://"))
        return 0;
    if (tag_length(slice_from(p->text, at + colon + 1)))
        return at + colon + 1;
    replace(p, at + colon + 1, to, REDACT_PASSWORD);
    return to;
}

static size_t scan_option(struct prose *p, size_t from, size_t end)
{
    struct slice word = slice_make(p->text.at + from, end - from);
    if (slice_starts(word, "-----BEGIN"))
        return scan_key_block(p, from);
    if (from > 0 && (unsigned char)p->text.at[from - 1] > ' ' &&
        !strchr("\"'`([{|;,", p->text.at[from - 1]))
        return 0;
    if (end < p->text.len && is_blank(p->text.at[end])) {
        if (slice_is(word, "-u") || slice_is(word, "--user") || slice_is(word, "--proxy-user"))
            return scan_user_option(p, end);
        struct name name = name_look_up(word);
        if (name_is_secret(name, NAME_VALUE))
            return scan_argument(p, end, name.kind, name.kind == REDACT_PASSWORD);
    }
    return 0;
}

/* `net use ... /user:x password`. */
static size_t scan_slash(struct prose *p, size_t from)
{
    if (!slice_starts_fold(slice_from(p->text, from), "/user:"))
        return 0;
    size_t end = from + 6;
    while (end < p->text.len && (unsigned char)p->text.at[end] > ' ')
        end++;
    if (end >= p->text.len || !is_blank(p->text.at[end]))
        return 0;
    size_t back = from > 256 ? from - 256 : 0;
    bool net_use =
        slice_find_fold(slice_make(p->text.at + back, from - back), SLICE("net use")) != SIZE_MAX;
    return scan_argument(p, end, REDACT_PASSWORD, net_use);
}

/* --- behind a secret's name ------------------------------------------------------------------- */

/* A cookie header quoted in text: to the line's or the quotation's end. */
static size_t scan_cookie_line(struct prose *p, size_t from, size_t at)
{
    struct slice line = slice_from(p->text, at);
    size_t to = 0;
    while (to < line.len && kinds[(unsigned char)line.at[to]] == BYTE_WORD)
        to++;
    if (!to || to >= line.len || line.at[to] != '=')
        return 0;
    while (to < line.len && line.at[to] != '\n' && line.at[to] != '\r' && line.at[to] != '\'' &&
           (line.at[to] != '"' || line.at[to - 1] == '='))
        to++;
    line = slice_first(line, to);
    bool set = slice_starts_fold(slice_from(p->text, from), "set");
    headers_scan_cookies(p->r, line, p->base + at, set);
    return at + to;
}

/* A bare value behind `name` and `delimiter`. */
static size_t scan_bare(struct prose *p, size_t name_from, size_t at, struct name name, bool tight)
{
    size_t to = run_end(p->text, at);
    if (tag_length(slice_from(p->text, at)))
        return at;
    if (tight && name.kind == REDACT_PASSWORD) {
        /* `;Password=with blanks;` of a connection string */
        if (name_from > 0 && p->text.at[name_from - 1] == ';') {
            size_t more = to;
            while (more < p->text.len && !strchr(";\"'\r\n<>", p->text.at[more]))
                more++;
            if (more < p->text.len && p->text.at[more] == ';')
                to = more;
        }
        if (to == at)
            return 0;
        replace(p, at, to, name.kind);
        return to;
    }
    while (to > at && strchr(".:?!", p->text.at[to - 1]))
        to--;
    struct slice value = slice_make(p->text.at + at, to - at);
    bool worth = name.kind == REDACT_PASSWORD ? is_stated_password(value) : prose_is_run(value);
    if (!worth || tag_scheme_length(slice_first(slice_from(p->text, at), value.len + 1)))
        return 0;
    replace(p, at, to, name.kind);
    return to;
}

/* `password is x`, `password eq "x"`. */
static size_t scan_verb(struct prose *p, size_t end, struct name name)
{
    size_t at = skip_blanks(p->text, end);
    size_t verb = at;
    while (verb < p->text.len && kinds[(unsigned char)p->text.at[verb]] == BYTE_WORD)
        verb++;
    struct slice word = slice_make(p->text.at + at, verb - at);
    bool says = slice_is_fold(word, "is") || slice_is_fold(word, "was");
    bool compares = slice_is_fold(word, "eq") || slice_is_fold(word, "ne") ||
                    slice_is_fold(word, "co") || slice_is_fold(word, "sw");
    if (!says && !compares)
        return 0;
    at = skip_blanks(p->text, verb);
    size_t quoted = scan_quoted(p, at, false, name.kind);
    return quoted ? quoted : says ? scan_bare(p, at, at, name, false) : 0;
}

static size_t scan_named(struct prose *p, size_t from, size_t end)
{
    /* What may stand between a name and its value: `\"`, blanks, the delimiter. */
    size_t at = end;
    while (at < p->text.len && p->text.at[at] == '\\')
        at++;
    bool quoted_name = at < p->text.len && (p->text.at[at] == '"' || p->text.at[at] == '\'');
    at = skip_blanks(p->text, quoted_name ? at + 1 : at);
    if (at >= p->text.len)
        return 0;
    char delimiter = p->text.at[at];
    bool delimited = delimiter == ':' || delimiter == '=';
    bool verb = !delimited && at > end && !quoted_name && strchr("iwecns", delimiter | 0x20);
    if (!delimited && !verb)
        return 0;
    if (delimiter == ':' && from > 0 && p->text.at[from - 1] == ':' && at == end)
        return 0; /* a part of a URN */
    struct slice word = slice_make(p->text.at + from, end - from);
    struct name name = name_look_up(word);
    if (!name_is_secret(name, NAME_VALUE)) {
        if (delimiter != ':' || slice_find_fold(word, SLICE("-key")) == SIZE_MAX)
            return 0;
        name = name_of_header(word);
        if (!name_is_secret_header(name))
            return 0;
    }
    if (verb)
        return scan_verb(p, end, name);
    size_t value = at + 1;
    if (value < p->text.len && delimiter == ':' && p->text.at[value] == '=')
        value++;
    bool tight = value == end + 1 && delimiter == '=';
    value = skip_blanks(p->text, value);
    if (name.sets & NAME_COOKIES && delimiter == ':' && !quoted_name)
        return scan_cookie_line(p, from, value);
    size_t quoted = scan_quoted(p, value, quoted_name, name.kind);
    return quoted ? quoted : scan_bare(p, from, value, name, tight);
}

/* --- the pass --------------------------------------------------------------------------------- */

/* The end of a URL in text. */
static size_t url_end(struct slice text, size_t at)
{
    while (at < text.len) {
        size_t tag = text.at[at] == '[' ? tag_length(slice_from(text, at)) : 0;
        if (!tag && ((unsigned char)text.at[at] <= ' ' || strchr("\"'`<>|\\", text.at[at])))
            break;
        at += tag ? tag : 1;
    }
    return at;
}

static size_t scan_word(struct prose *p, size_t from, size_t end)
{
    struct slice text = p->text;
    char first = text.at[from];
    size_t to = 0;
    if (first == '-')
        to = scan_option(p, from, end);
    if (end < text.len && text.at[end] == ':' && p->level <= PARTS_LEVELS &&
        slice_starts(slice_from(text, end), "://")) {
        to = url_end(text, end);
        location_scan(p->r, slice_make(text.at + from, to - from), p->base + from, p->level);
        return to;
    }
    if (!to && end < text.len && strchr(":=\"'\\ \t", text.at[end]))
        to = scan_named(p, from, end);
    if (!to && end < text.len && is_blank(text.at[end]) && strchr("bsndt", first | 0x20))
        to = scan_scheme(p, from, end);
    if (!to && strchr("AghxnsrSyepwd0", first))
        to = scan_prefix(p, from, end);
    if (!to && first == 'C' &&
        slice_is_fold(slice_make(text.at + from, end - from), "ConvertTo-SecureString"))
        to = scan_argument(p, end, REDACT_PASSWORD, true);
    return to;
}

/* JSON that begins here, when it looks like that. */
static size_t scan_open(struct prose *p, size_t at)
{
    struct slice rest = slice_from(p->text, at);
    size_t tag = tag_length(rest);
    if (tag)
        return at + tag;
    if (at < p->json_from || p->level > PARTS_LEVELS)
        return 0;
    size_t next = 1;
    while (next < rest.len &&
           (is_blank(rest.at[next]) || rest.at[next] == '\n' || rest.at[next] == '\r'))
        next++;
    if (next >= rest.len || !strchr(rest.at[0] == '{' ? "\"" : "\"{[", rest.at[next]))
        return 0;
    size_t end = at + objects_scan(p->r, rest, p->base + at, p->level);
    p->json_from = end;
    return end;
}

/* `?name=...`: a query without its URL. */
static size_t scan_query(struct prose *p, size_t at)
{
    size_t end = at + 1;
    if (p->level > PARTS_LEVELS)
        return 0;
    while (end < p->text.len &&
           (kinds[(unsigned char)p->text.at[end]] == BYTE_WORD || p->text.at[end] == '%'))
        end++;
    if (end == at + 1 || end >= p->text.len || p->text.at[end] != '=')
        return 0;
    end = url_end(p->text, end);
    location_scan_query(p->r, slice_make(p->text.at + at + 1, end - at - 1), p->base + at + 1,
                        p->level);
    return end;
}

void prose_scan(struct redactor *r, struct slice text, size_t base, unsigned level)
{
    struct prose p = {.r = r, .text = text, .base = base, .level = level};
    if (text.len < 4)
        return;
    for (size_t i = 0; i < text.len;) {
        size_t to = 0, end = i + 1;
        switch (kinds[(unsigned char)text.at[i]]) {
        case BYTE_PLAIN:
            i++;
            continue;
        case BYTE_WORD:
            while (end < text.len && kinds[(unsigned char)text.at[end]] == BYTE_WORD)
                end++;
            to = scan_word(&p, i, end);
            break;
        case BYTE_OPEN:
            to = scan_open(&p, i);
            break;
        case BYTE_MARKUP:
            to = i + markup_scan(r, slice_from(text, i), base + i, level);
            break;
        case BYTE_QUERY:
            to = scan_query(&p, i);
            break;
        default:
            to = scan_slash(&p, i);
        }
        i = to > i ? to : end;
    }
}
