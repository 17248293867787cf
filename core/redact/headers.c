/* Knows the values of HTTP headers: credentials behind a scheme word, cookies, URLs, and that
 * everything else is text. */
#include "core/redact/parts.h"

static bool is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%*+-.^_`|~", c));
}

/* Parameters that tell who asked for what, not with what. All others of a credential go. */
static bool is_open_parameter(struct slice name)
{
    static const char *const open[] = {
        "username",
        "realm",
        "uri",
        "qop",
        "nc",
        "algorithm",
        "signedheaders",
        "credential",
        "sr",
        "se",
        "skn",
        "sv",
        "ts",
        "id",
        "keyid",
        "headers",
        "created",
        "expires",
        "oauth_consumer_key",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_version",
        "charset",
        "userhash",
        "error",
        "error_description",
        "scope",
    };
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (slice_is_fold(name, open[i]))
            return true;
    return false;
}

/* The end of a parameter's value at `at`; its text without quotes becomes [*from, *to). */
static size_t value_end(struct slice text, size_t at, size_t *from, size_t *to)
{
    if (at < text.len && text.at[at] == '"') {
        size_t end = at + 1;
        while (end < text.len && text.at[end] != '"')
            end += text.at[end] == '\\' && end + 1 < text.len ? 2 : 1;
        *from = at + 1;
        *to = end;
        return end < text.len ? end + 1 : end;
    }
    size_t end = tag_find_outside(text, at, ",;& \t\r\n"); /* a tag's blanks end nothing */
    *from = at;
    *to = end;
    return end;
}

void headers_scan_parameters(struct redactor *r, struct slice text, size_t base)
{
    size_t i = 0;
    while (i < text.len) {
        if (!is_name_byte(text.at[i])) {
            i++;
            continue;
        }
        size_t name_from = i;
        while (i < text.len && is_name_byte(text.at[i]))
            i++;
        struct slice name = slice_make(text.at + name_from, i - name_from);
        if (i >= text.len || text.at[i] != '=')
            continue;
        size_t from, to;
        size_t end = value_end(text, i + 1, &from, &to);
        struct slice value = slice_make(text.at + from, to - from);
        if (is_open_parameter(name))
            prose_scan(r, value, base + from, PARTS_LEVELS);
        else
            tag_replace(r, base + from, base + to, value, REDACT_SIGNATURE);
        i = end;
    }
}

/* The credentials of Authorization and its kin: scheme word kept, the rest by scheme. */
static void scan_credentials(struct redactor *r, struct slice value, size_t base,
                             enum redact_class kind)
{
    size_t blank = 0;
    while (blank < value.len && (value.at[blank] == ' ' || value.at[blank] == '\t'))
        blank++;
    struct slice rest = slice_from(value, blank);
    size_t scheme = tag_scheme_length(rest);
    static const char *const listing[] = {
        "Digest", "AWS4-HMAC-SHA256", "SharedAccessSignature", "OAuth", "Hawk", "Signature"};
    for (size_t i = 0; scheme && i < sizeof listing / sizeof *listing; i++) {
        if (!slice_is_fold(slice_first(rest, scheme), listing[i]))
            continue;
        struct slice parameters = slice_from(rest, scheme);
        if (slice_find_byte(parameters, '=') == SIZE_MAX)
            break;
        headers_scan_parameters(r, parameters, base + blank + scheme);
        return;
    }
    tag_replace(r, base, base + value.len, value, kind);
}

/* --- cookies ---------------------------------------------------------------------------------- */

/* Attributes of Set-Cookie; their values stay. */
static bool is_attribute(struct slice name)
{
    static const char *const names[] = {"path",        "domain",   "expires",  "max-age",
                                        "secure",      "httponly", "samesite", "priority",
                                        "partitioned", "version",  "comment"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is_fold(name, names[i]))
            return true;
    return false;
}

/* Where a further cookie begins that a comma joined to this one, else text.len. */
static size_t joined_cookie(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != ',')
            continue;
        size_t name = i + 1;
        while (name < text.len && text.at[name] == ' ')
            name++;
        size_t end = name;
        while (end < text.len && is_name_byte(text.at[end]))
            end++;
        if (end > name && end < text.len && text.at[end] == '=')
            return i;
    }
    return text.len;
}

/* One `name=value`, or an attribute. */
static void scan_cookie(struct redactor *r, struct slice part, size_t base, bool attribute)
{
    size_t begin = 0;
    while (begin < part.len && (part.at[begin] == '"' || (unsigned char)part.at[begin] <= ' '))
        begin++;
    if (tag_length(slice_from(part, begin)))
        return;
    size_t equals = tag_find_outside(part, 0, "=");
    struct slice name = slice_trim(slice_first(part, equals));
    if (attribute && is_attribute(name)) {
        size_t more = joined_cookie(part);
        if (more < part.len)
            scan_cookie(r, slice_from(part, more + 1), base + more + 1, false);
        return;
    }
    size_t from = equals == part.len ? begin : equals + 1;
    while (from < part.len && (part.at[from] == ' ' || part.at[from] == '"'))
        from++;
    size_t to = part.len;
    while (to > from && strchr(" \"\r\t", part.at[to - 1]))
        to--;
    tag_replace(r, base + from, base + to, slice_make(part.at + from, to - from), REDACT_COOKIE);
}

void headers_scan_cookies(struct redactor *r, struct slice value, size_t base, bool set)
{
    struct slice lines = value, line;
    while (slice_cut(&lines, '\n', &line)) {
        struct slice parts = line, part;
        bool first = true;
        while (slice_cut(&parts, ';', &part)) {
            scan_cookie(r, part, base + (size_t)(part.at - value.at), set && !first);
            first = false;
        }
    }
}

/* ---------------------------------------------------------------------------------------------- */

void headers_scan(struct redactor *r, struct slice name, struct slice value)
{
    struct name facts = name_met(r, name, true);
    if (facts.sets & NAME_COOKIES) {
        headers_scan_cookies(r, value, 0, slice_find_fold(name, SLICE("set")) != SIZE_MAX);
    } else if (name_is_secret_header(facts)) {
        scan_credentials(r, value, 0, facts.kind);
    } else if (facts.sets & NAME_URL) {
        location_scan(r, value, 0, 0);
    } else {
        prose_scan(r, value, 0, 0);
    }
}
