/* Knows the values that stand behind a secret's name in text: `password: x`, `"token": "x"`,
 * `password is x`, cookie lines. */
#include "core/redact/prose.h"

/* Ends a bare value. */
static bool ends_run(char c)
{
    return (unsigned char)c <= ' ' || strchr(",;\"'`<>()[]{}|\\&", c);
}

size_t prose_run_end(struct slice text, size_t at)
{
    while (at < text.len && !ends_run(text.at[at]))
        at++;
    return at;
}

size_t prose_skip_blanks(struct slice text, size_t at)
{
    while (at < text.len && prose_is_blank(text.at[at]))
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

void prose_replace(struct prose *p, size_t from, size_t to, enum redact_class kind)
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
size_t prose_quoted(struct prose *p, size_t at, bool like_json, enum redact_class kind)
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

/* --- behind a secret's name ------------------------------------------------------------------- */

/* A cookie header quoted in text: to the line's or the quotation's end. */
static size_t scan_cookie_line(struct prose *p, size_t from, size_t at)
{
    struct slice line = slice_from(p->text, at);
    size_t to = 0;
    while (to < line.len && prose_kinds[(unsigned char)line.at[to]] == BYTE_WORD)
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
    size_t to = prose_run_end(p->text, at);
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
        prose_replace(p, at, to, name.kind);
        return to;
    }
    while (to > at && strchr(".:?!", p->text.at[to - 1]))
        to--;
    struct slice value = slice_make(p->text.at + at, to - at);
    bool worth = name.kind == REDACT_PASSWORD ? is_stated_password(value) : prose_is_run(value);
    if (!worth || tag_scheme_length(slice_first(slice_from(p->text, at), value.len + 1)))
        return 0;
    prose_replace(p, at, to, name.kind);
    return to;
}

/* `password is x`, `password eq "x"`. */
static size_t scan_verb(struct prose *p, size_t end, struct name name)
{
    size_t at = prose_skip_blanks(p->text, end);
    size_t verb = at;
    while (verb < p->text.len && prose_kinds[(unsigned char)p->text.at[verb]] == BYTE_WORD)
        verb++;
    struct slice word = slice_make(p->text.at + at, verb - at);
    bool says = slice_is_fold(word, "is") || slice_is_fold(word, "was");
    bool compares = slice_is_fold(word, "eq") || slice_is_fold(word, "ne") ||
                    slice_is_fold(word, "co") || slice_is_fold(word, "sw");
    if (!says && !compares)
        return 0;
    at = prose_skip_blanks(p->text, verb);
    size_t quoted = prose_quoted(p, at, false, name.kind);
    return quoted ? quoted : says ? scan_bare(p, at, at, name, false) : 0;
}

size_t prose_named(struct prose *p, size_t from, size_t end)
{
    /* What may stand between a name and its value: `\"`, blanks, the delimiter. */
    size_t at = end;
    while (at < p->text.len && p->text.at[at] == '\\')
        at++;
    bool quoted_name = at < p->text.len && (p->text.at[at] == '"' || p->text.at[at] == '\'');
    at = prose_skip_blanks(p->text, quoted_name ? at + 1 : at);
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
    value = prose_skip_blanks(p->text, value);
    if (name.sets & NAME_COOKIES && delimiter == ':' && !quoted_name)
        return scan_cookie_line(p, from, value);
    size_t quoted = prose_quoted(p, value, quoted_name, name.kind);
    return quoted ? quoted : scan_bare(p, from, value, name, tight);
}
