/* Knows XML and HTML as far as secrets need it: elements and attributes by name, the pair forms
 * `<Data Name="Password">x</Data>`, `<add key="ClientSecret" value="x"/>`, and
 * `<key>password</key><string>x</string>`. Builds no tree and checks nothing. */
#include "core/redact/parts.h"

struct attribute {
    struct slice name, value;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(":_-.", c)) || (unsigned char)c >= 0x80;
}

static size_t name_end(struct slice text, size_t at)
{
    while (at < text.len && is_name_byte(text.at[at]))
        at++;
    return at;
}

static struct slice local_name(struct slice name)
{
    size_t colon = slice_find_byte(name, ':');
    return colon == SIZE_MAX ? name : slice_from(name, colon + 1);
}

/* The next attribute at or behind `*at`; false at the tag's end or where it is none. */
static bool next_attribute(struct slice text, size_t *at, struct attribute *out)
{
    while (*at < text.len && is_blank(text.at[*at]))
        (*at)++;
    size_t from = *at, end = name_end(text, from);
    if (end == from)
        return false;
    *out = (struct attribute){slice_make(text.at + from, end - from), SLICE("")};
    *at = end;
    while (end < text.len && is_blank(text.at[end]))
        end++;
    if (end >= text.len || text.at[end] != '=')
        return true;
    end++;
    while (end < text.len && is_blank(text.at[end]))
        end++;
    if (end < text.len && text.at[end] != '"' && text.at[end] != '\'') {
        size_t to = end + tag_length(slice_from(text, end));
        while (to < text.len && !is_blank(text.at[to]) && text.at[to] != '>' && text.at[to] != '<')
            to++;
        out->value = slice_make(text.at + end, to - end);
        *at = to;
        return true;
    }
    if (end >= text.len) {
        *at = end;
        return true;
    }
    const char *quote = memchr(text.at + end + 1, text.at[end], text.len - end - 1);
    size_t to = quote ? (size_t)(quote - text.at) : text.len;
    out->value = slice_make(text.at + end + 1, to - end - 1);
    *at = to < text.len ? to + 1 : to;
    return true;
}

/* Replaces the text of an element that begins at `at`, CDATA or plain; returns where it ends. */
static size_t scan_content(struct redactor *r, struct slice text, size_t at, size_t base,
                           enum redact_class kind)
{
    size_t from = at, to;
    struct slice rest = slice_from(text, at);
    if (slice_starts(rest, "<![CDATA[")) {
        from += 9;
        size_t end = slice_find(slice_from(text, from), SLICE("]]>"));
        to = end == SIZE_MAX ? text.len : from + end;
    } else {
        size_t end = slice_find_byte(rest, '<');
        to = end == SIZE_MAX ? text.len : at + end;
    }
    /* Without an end tag it may be a placeholder in prose: 'Bearer <token>'. */
    struct slice value = slice_make(text.at + from, to - from);
    if (from == at && !slice_starts(slice_from(text, to), "</") && !prose_is_run(slice_trim(value)))
        return at;
    tag_replace(r, base + from, base + to, value, kind);
    return to;
}

/* Behind `<key>password` or `<Password>` + blanks: the text of the element that comes next, when it
 * is one that holds values. Returns where to go on. */
static size_t scan_next_element(struct redactor *r, struct slice text, size_t at, size_t base,
                                enum redact_class kind, bool inside)
{
    size_t i = at;
    if (!inside) {
        if (!slice_starts(slice_from(text, i), "</"))
            return at;
        i = name_end(text, i + 2);
        if (i >= text.len || text.at[i] != '>')
            return at;
        i++;
    }
    while (i < text.len && is_blank(text.at[i]))
        i++;
    if (i >= text.len || text.at[i] != '<')
        return at;
    size_t end = name_end(text, i + 1);
    struct slice name = local_name(slice_make(text.at + i + 1, end - i - 1));
    static const char *const holders[] = {"value", "string", "text", "data", "plaintext"};
    bool holds = false;
    for (size_t k = 0; k < sizeof holders / sizeof *holders; k++)
        holds = holds || slice_is_fold(name, holders[k]);
    if (!holds || end >= text.len || text.at[end] != '>')
        return at;
    return scan_content(r, text, end + 1, base, kind);
}

/* Where the attributes behind `at` end. `*named` becomes the secret's name that a name or key
 * attribute states. */
static size_t read_attributes(struct slice text, size_t at, struct name *named)
{
    struct attribute attribute;
    while (next_attribute(text, &at, &attribute)) {
        if (!(name_look_up(local_name(attribute.name)).sets & NAME_PAIR_NAME))
            continue;
        struct name stated = name_look_up(attribute.value);
        if (name_is_secret(stated, NAME_VALUE))
            *named = stated;
    }
    return at;
}

/* URLs are read in what stands in a tag, but nothing that is held encoded in them. */
static unsigned inner_level(unsigned level)
{
    return level < PARTS_LEVELS ? PARTS_LEVELS : level;
}

/* What stands between attributes is text: `<note: Bearer x>` is no tag, whatever it looks like. The
 * name of the attribute behind it, up to `until`, may be the text's last word. */
static void scan_gap(struct redactor *r, struct slice text, size_t from, size_t to, size_t until,
                     size_t base, unsigned level)
{
    if (slice_trim(slice_make(text.at + from, to - from)).len)
        to = until;
    if (to >= from + 8)
        prose_scan(r, slice_make(text.at + from, to - from), base + from, inner_level(level));
}

/* `set-cookie:`, `token=x`: begins with a secret's name, so that the secret may stand behind it. */
static bool states_secret(struct slice value)
{
    struct slice word = slice_first(value, tag_find_outside(value, 0, ":="));
    return word.len < value.len && (name_is_secret(name_look_up(word), NAME_VALUE) ||
                                    name_is_secret_header(name_of_header(word)));
}

/* The attributes from `at` on in `text`, which ends where they do. */
static void scan_attributes(struct redactor *r, struct slice text, size_t at, size_t base,
                            unsigned level, struct name named)
{
    struct attribute attribute;
    size_t gap = at;
    while (next_attribute(text, &at, &attribute)) {
        if (!attribute.value.len)
            continue;
        struct name name = name_look_up(local_name(attribute.name));
        bool secret =
            name_is_secret(name, NAME_VALUE) || (named.sets && (name.sets & NAME_PAIR_VALUE));
        bool quoted = strchr("\"'", attribute.value.at[-1]);
        if (!secret && !quoted)
            continue; /* without quotes it is no attribute: `set-cookie: a=b` is text, as a whole */
        if (!quoted && states_secret(attribute.value)) {
            /* `password=`, and a line that states another secret: all of it goes */
            attribute.value = slice_from(text, (size_t)(attribute.value.at - text.at));
            at = text.len;
        }
        size_t begin = (size_t)(attribute.name.at - text.at);
        scan_gap(r, text, gap, begin, begin + attribute.name.len, base, level);
        gap = at;
        size_t from = base + (size_t)(attribute.value.at - text.at);
        if (name_is_secret(name, NAME_VALUE))
            tag_replace(r, from, from + attribute.value.len, attribute.value, name.kind);
        else if (named.sets && (name.sets & NAME_PAIR_VALUE))
            tag_replace(r, from, from + attribute.value.len, attribute.value, named.kind);
        else if (attribute.value.len >= 8)
            prose_scan(r, attribute.value, from, inner_level(level));
    }
    scan_gap(r, text, gap, at, at, base, level);
}

size_t markup_scan(struct redactor *r, struct slice text, size_t base, unsigned level)
{
    size_t end = name_end(text, 1);
    if (end == 1 || (text.at[1] >= '0' && text.at[1] <= '9') || strchr(".-:", text.at[1]))
        return 1;
    struct slice element = local_name(slice_make(text.at + 1, end - 1));
    struct name name = name_look_up(element);
    struct name named = {0};
    size_t at = read_attributes(text, end, &named);
    bool empty = at + 1 < text.len && text.at[at] == '/' && text.at[at + 1] == '>';
    if (!empty && (at >= text.len || text.at[at] != '>'))
        return 1; /* no tag, or cut off: prose */
    scan_attributes(r, slice_first(text, at), end, base, level, named);
    if (empty)
        return at + 2;
    at++;
    struct name secret = name_is_secret(name, NAME_VALUE) ? name : named;
    if (secret.sets) {
        size_t inside = at;
        while (inside < text.len && is_blank(text.at[inside]))
            inside++;
        if (slice_starts(slice_from(text, inside), "<![CDATA["))
            return scan_content(r, text, inside, base, secret.kind);
        if (inside < text.len && text.at[inside] == '<')
            return scan_next_element(r, text, inside, base, secret.kind, true);
        return scan_content(r, text, at, base, secret.kind);
    }
    if (name.sets & NAME_PAIR_NAME) {
        size_t to = slice_find_byte(slice_from(text, at), '<');
        if (to != SIZE_MAX && to <= 256) {
            struct name stated = name_look_up(slice_make(text.at + at, to));
            if (name_is_secret(stated, NAME_VALUE)) {
                /* it may hold the secret itself: `password=x` */
                prose_scan(r, slice_make(text.at + at, to), base + at, inner_level(level));
                return scan_next_element(r, text, at + to, base, stated.kind, false);
            }
        }
    }
    return at;
}
