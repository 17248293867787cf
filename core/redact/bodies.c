/* Knows the forms a message body has (form, multipart, base64 of JSON or XML); whatever else it is,
 * JSON included, is text. */
#include "core/redact/parts.h"

static bool has_type(struct slice type, const char *part)
{
    return slice_find_fold(slice_first(type, 256), slice_of(part)) != SIZE_MAX;
}

/* `name=value&...` without a blank, when the media type does not tell. */
static bool looks_like_form(struct slice text)
{
    text = slice_first(text, 2048);
    size_t equals = slice_find_byte(text, '=');
    if (equals == SIZE_MAX || equals == 0 || equals > 128)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c <= ' ' || c > '~' || strchr("{}<>\"'\\^`|", (char)c) ||
            (i < equals && strchr(":/?#", (char)c)))
            return false;
    }
    return true;
}

/* --- multipart -------------------------------------------------------------------------------- */

/* The line that separates the parts, "--" included, without its line end. */
static struct slice separator_of(struct slice text)
{
    if (!slice_starts(text, "--"))
        return SLICE_NONE;
    struct slice line = slice_first(text, 200);
    size_t end = slice_find_byte(line, '\n');
    return end == SIZE_MAX ? SLICE_NONE : slice_trim(slice_first(line, end));
}

/* The value of name= in a part's headers, else SLICE_NONE. */
static struct slice part_name(struct slice headers)
{
    size_t at = slice_find_fold(headers, SLICE(" name="));
    if (at == SIZE_MAX)
        at = slice_find_fold(headers, SLICE(";name="));
    if (at == SIZE_MAX)
        return SLICE_NONE;
    struct slice rest = slice_from(headers, at + 6);
    bool quoted = rest.len && rest.at[0] == '"';
    if (quoted)
        rest = slice_from(rest, 1);
    size_t end = 0;
    while (end < rest.len && !strchr(quoted ? "\"\r\n" : "; \r\n", rest.at[end]))
        end++;
    return slice_first(rest, end);
}

/* One part, from behind its separator line to before the next one. */
static void scan_part(struct redactor *r, struct slice part, size_t base)
{
    size_t gap = 4, end = slice_find(slice_first(part, 8192), SLICE("\r\n\r\n"));
    if (end == SIZE_MAX) {
        gap = 2;
        end = slice_find(slice_first(part, 8192), SLICE("\n\n"));
    }
    if (end == SIZE_MAX) {
        prose_scan(r, part, base, 0);
        return;
    }
    struct slice value = slice_from(part, end + gap);
    while (value.len && (value.at[value.len - 1] == '\n' || value.at[value.len - 1] == '\r'))
        value.len--;
    base += end + gap;
    struct name name = name_look_up(part_name(slice_first(part, end)));
    if (name_is_secret(name, NAME_QUERY))
        tag_replace(r, base, base + value.len, value, name.kind);
    else
        prose_scan(r, value, base, 0);
}

static bool scan_multipart(struct redactor *r, struct slice text)
{
    struct slice separator = separator_of(text);
    if (separator.len < 3)
        return false;
    size_t at = separator.len;
    while (at < text.len) {
        size_t next = slice_find(slice_from(text, at), separator);
        size_t end = next == SIZE_MAX ? text.len : at + next;
        scan_part(r, slice_make(text.at + at, end - at), at);
        at = end + separator.len;
    }
    return true;
}

/* --- base64 ----------------------------------------------------------------------------------- */

/* JSON or XML in base64 is cleaned inside and encoded again. */
static bool scan_base64(struct redactor *r, struct slice text)
{
    struct slice trimmed = slice_trim(text);
    if (trimmed.len < 8 || trimmed.len % 4 == 1 || !strchr("eWPIDCTQ", trimmed.at[0]))
        return false;
    struct slice plain = base64_decode(r->arena, trimmed);
    struct slice content = slice_trim(plain);
    if (!content.len || !strchr("{[<", content.at[0]) || memchr(plain.at, '\0', plain.len))
        return false;
    size_t mark = r->edit_count;
    struct slice masked = mask_tags(r, plain);
    prose_scan(r, masked, 0, 0);
    if (masked.at != plain.at)
        mask_keep(r, mark, plain);
    struct slice clean = edit_apply(r, mark, plain);
    if (clean.at != plain.at) {
        size_t from = (size_t)(trimmed.at - text.at);
        edit_add(r, from, from + trimmed.len, base64_encode(r->arena, clean));
    }
    return true;
}

void bodies_scan(struct redactor *r, struct slice text, struct slice type)
{
    struct slice start = slice_trim(slice_first(text, 64));
    bool structured = start.len && strchr("{[<", start.at[0]);
    if (!structured && scan_base64(r, text))
        return;
    if (!structured && (has_type(type, "form-urlencoded") || looks_like_form(text)))
        location_scan_query(r, text, 0, 0);
    else if (!structured &&
             ((has_type(type, "multipart/") ||
               slice_find_fold(slice_first(text, 512), SLICE("form-data")) != SIZE_MAX) &&
              scan_multipart(r, text)))
        return;
    else
        prose_scan(r, text, 0, 0);
}
