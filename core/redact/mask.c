/* Knows how tags are kept out of sight of the scanners: what a tag tells (`iss=https://...`) must
 * not be taken for a URL, a name or a value of the text that it stands in, or redacting again would
 * change what was redacted once. */
#include "core/redact/parts.h"

#define HEAD "[redacted:"

/* The first tag at or behind `*at`, which is moved there; its length, 0 when there is none. */
static size_t next_tag(struct slice text, size_t *at)
{
    while (*at < text.len) {
        size_t next = slice_find_byte(slice_from(text, *at), '[');
        if (next == SIZE_MAX)
            break;
        *at += next;
        struct slice rest = slice_from(text, *at);
        size_t len = slice_starts(rest, HEAD) ? tag_length(rest) : 0;
        if (len)
            return len;
        *at += 1;
    }
    return 0;
}

/* What stands before the length means nothing any more, and is a tag of the same length. */
static void blank_fields(char *tag, size_t len)
{
    struct slice whole = slice_make(tag, len);
    size_t from = slice_find_byte(whole, ' '), to = slice_find(whole, SLICE(" len="));
    bool value = false;
    for (size_t i = from; i < to; i++) {
        if (tag[i] == ' ')
            value = false;
        else if (tag[i] == '=' && !value)
            value = true;
        else
            tag[i] = value ? '_' : 'x';
    }
}

struct slice mask_tags(struct redactor *r, struct slice text)
{
    size_t at = 0, len = next_tag(text, &at);
    if (!len)
        return text;
    char *copy = arena_alloc(r->arena, text.len + 1);
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    for (; len; len = next_tag(text, &at)) {
        blank_fields(copy + at, len);
        at += len;
    }
    return slice_make(copy, text.len);
}

/* Whether [from, to) holds nothing but tags. */
static bool is_tags(struct slice text, size_t from, size_t to)
{
    size_t len;
    while (from < to && (len = tag_length(slice_from(text, from))) != 0)
        from += len;
    return from == to;
}

void mask_keep(struct redactor *r, size_t mark, struct slice text)
{
    size_t kept = mark, tag = 0, len = next_tag(text, &tag);
    for (size_t i = mark; i < r->edit_count; i++) {
        struct edit edit = r->edits[i];
        while (len && tag + len <= edit.from) {
            tag += len;
            len = next_tag(text, &tag);
        }
        if (len && tag < edit.from)
            edit.from = tag + len < edit.to ? tag + len : edit.to;
        /* The tag that holds the edit's end, if one does. */
        size_t last = tag, size = len;
        while (size && last + size < edit.to) {
            last += size;
            size = next_tag(text, &last);
        }
        if (size && last < edit.to && edit.to < last + size)
            edit.to = last > edit.from ? last : edit.from;
        if (edit.from < edit.to && !is_tags(text, edit.from, edit.to))
            r->edits[kept++] = edit;
    }
    r->edit_count = kept;
}
