/* Knows secrets among the arguments of quoted command lines: `-u user:x`, `--token x`,
 * `/user:x y`. */
#include "core/redact/prose.h"

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
size_t prose_argument(struct prose *p, size_t at, enum redact_class kind, bool any)
{
    at = prose_skip_blanks(p->text, at);
    size_t end = prose_quoted(p, at, false, kind);
    if (end)
        return end;
    size_t to = argument_end(p->text, at);
    struct slice value = slice_make(p->text.at + at, to - at);
    if (tag_length(slice_from(p->text, at)))
        return at;
    if (!value.len || strchr("-$/([%{*", value.at[0]) || !(any || prose_is_run(value)))
        return 0;
    prose_replace(p, at, to, kind);
    return to;
}

/* `-u user:password` of curl. */
static size_t scan_user_option(struct prose *p, size_t end)
{
    size_t at = prose_skip_blanks(p->text, end);
    if (at < p->text.len && (p->text.at[at] == '"' || p->text.at[at] == '\''))
        at++;
    size_t to = argument_end(p->text, at);
    size_t colon = slice_find_byte(slice_make(p->text.at + at, to - at), ':');
    if (colon == SIZE_MAX || at + colon + 1 >= to ||
        slice_starts(slice_from(p->text, at + colon), "://"))
        return 0;
    if (tag_length(slice_from(p->text, at + colon + 1)))
        return at + colon + 1;
    prose_replace(p, at + colon + 1, to, REDACT_PASSWORD);
    return to;
}

size_t prose_option(struct prose *p, size_t from, size_t end)
{
    struct slice word = slice_make(p->text.at + from, end - from);
    if (slice_starts(word, "-----BEGIN"))
        return prose_key_block(p, from);
    if (from > 0 && (unsigned char)p->text.at[from - 1] > ' ' &&
        !strchr("\"'`([{|;,", p->text.at[from - 1]))
        return 0;
    if (end < p->text.len && prose_is_blank(p->text.at[end])) {
        if (slice_is(word, "-u") || slice_is(word, "--user") || slice_is(word, "--proxy-user"))
            return scan_user_option(p, end);
        struct name name = name_look_up(word);
        if (name_is_secret(name, NAME_VALUE))
            return prose_argument(p, end, name.kind, name.kind == REDACT_PASSWORD);
    }
    return 0;
}

/* `net use ... /user:x password`. */
size_t prose_slash(struct prose *p, size_t from)
{
    if (!slice_starts_fold(slice_from(p->text, from), "/user:"))
        return 0;
    size_t end = from + 6;
    while (end < p->text.len && (unsigned char)p->text.at[end] > ' ')
        end++;
    if (end >= p->text.len || !prose_is_blank(p->text.at[end]))
        return 0;
    size_t back = from > 256 ? from - 256 : 0;
    bool net_use =
        slice_find_fold(slice_make(p->text.at + back, from - back), SLICE("net use")) != SIZE_MAX;
    return prose_argument(p, end, REDACT_PASSWORD, net_use);
}
