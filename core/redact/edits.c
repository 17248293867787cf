/* Knows how noted edits become new text, and how text that stands encoded in other text is decoded
 * and its edits carried back to the encoded bytes. Knows nothing of secrets. */
#include "core/redact/parts.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

void edit_add(struct redactor *r, size_t from, size_t to, struct slice with)
{
    if (r->edit_count == PARTS_EDITS) {
        r->edits_full = true;
        return;
    }
    if (r->edit_count == r->edit_cap) {
        r->edit_cap = r->edit_cap ? 2 * r->edit_cap : 64;
        r->edits = xrealloc(r->edits, r->edit_cap, sizeof *r->edits);
    }
    r->edits[r->edit_count++] = (struct edit){from, to, with};
}

/* One of two edits that were counted goes. */
static void give_back(struct redactor *r, const struct edit *edit)
{
    enum redact_class kind = tag_class(edit->with);
    if (kind < REDACT_CLASSES && r->counts[kind])
        r->counts[kind]--;
}

void edits_unite(struct redactor *r, size_t mark, size_t second)
{
    size_t count = r->edit_count - second, kept = second - mark, out = mark;
    if (!count)
        return;
    struct edit *list = arena_alloc(r->arena, (kept + 1) * sizeof *list);
    memcpy(list, r->edits + mark, kept * sizeof *list);
    for (size_t i = 0, k = second; i < kept || k < second + count;) {
        bool take = k == second + count || (i < kept && list[i].from <= r->edits[k].from);
        struct edit next = take ? list[i++] : r->edits[k++];
        struct edit *last = out > mark ? &r->edits[out - 1] : NULL;
        if (!last || next.from >= last->to) {
            r->edits[out++] = next;
            continue;
        }
        if (next.from == last->from && next.to > last->to) {
            give_back(r, last);
            *last = next;
        } else {
            give_back(r, &next);
            last->to = next.to > last->to ? next.to : last->to;
        }
    }
    r->edit_count = out;
}

struct slice edit_apply(struct redactor *r, size_t mark, struct slice text)
{
    if (r->edits_full) {
        /* What could not be noted must not come through: nothing of the text does. */
        r->edits_full = mark > 0;
        r->edit_count = mark;
        return SLICE("[redacted:secret len=512+]");
    }
    if (r->edit_count == mark)
        return text;
    size_t size = text.len;
    for (size_t i = mark; i < r->edit_count; i++)
        size += r->edits[i].with.len - (r->edits[i].to - r->edits[i].from);
    char *out = arena_alloc(r->arena, size + 1);
    char *end = out;
    size_t done = 0;
    for (size_t i = mark; i < r->edit_count; i++) {
        const struct edit *edit = &r->edits[i];
        memcpy(end, text.at + done, edit->from - done);
        end += edit->from - done;
        memcpy(end, edit->with.at, edit->with.len);
        end += edit->with.len;
        done = edit->to;
    }
    memcpy(end, text.at + done, text.len - done);
    out[size] = '\0';
    r->edit_count = mark;
    return slice_make(out, size);
}

/* --- encodings -------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of `digits` hex digits at the text's start, or -1. */
static int32_t hex_number(struct slice text, size_t digits)
{
    int32_t out = 0;
    if (text.len < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int digit = hex_digit(text.at[i]);
        if (digit < 0)
            return -1;
        out = out * 16 + digit;
    }
    return out;
}

struct unit {
    size_t raw, len; /* bytes it takes, bytes it stands for */
    char bytes[4];
};

static struct unit json_unit(struct slice rest)
{
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    if (rest.len < 2)
        return (struct unit){1, 1, {'\\'}};
    if (rest.at[1] != 'u') {
        const char *hit = rest.at[1] ? strchr(names, rest.at[1]) : NULL;
        return (struct unit){2, 1, {hit ? values[hit - names] : rest.at[1]}};
    }
    int32_t code = hex_number(slice_from(rest, 2), 4);
    if (code < 0)
        return (struct unit){2, 1, {'u'}};
    struct unit out = {.raw = 6};
    if (code >= 0xd800 && code <= 0xdbff && slice_starts(slice_from(rest, 6), "\\u")) {
        int32_t low = hex_number(slice_from(rest, 8), 4);
        if (low >= 0xdc00 && low <= 0xdfff) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            out.raw = 12;
        }
    }
    out.len = utf8_encode((uint32_t)code, out.bytes);
    return out;
}

/* What stands at the start of `rest`, which is not empty. */
static struct unit next_unit(struct slice rest, enum encoding encoding)
{
    char c = rest.at[0];
    if (encoding == ENCODING_JSON && c == '\\')
        return json_unit(rest);
    if (encoding >= ENCODING_PERCENT && c == '%') {
        int32_t code = hex_number(slice_from(rest, 1), 2);
        if (code >= 0)
            return (struct unit){3, 1, {(char)code}};
    }
    return (struct unit){1, 1, {encoding == ENCODING_FORM && c == '+' ? ' ' : c}};
}

static bool is_plain(struct slice raw, enum encoding encoding)
{
    if (encoding == ENCODING_NONE)
        return true;
    if (encoding == ENCODING_JSON)
        return slice_find_byte(raw, '\\') == SIZE_MAX;
    return slice_find_byte(raw, '%') == SIZE_MAX &&
           (encoding != ENCODING_FORM || slice_find_byte(raw, '+') == SIZE_MAX);
}

struct slice encoding_decode(struct redactor *r, struct slice raw, enum encoding encoding)
{
    if (is_plain(raw, encoding))
        return raw;
    char *out = arena_alloc(r->arena, raw.len + 1); /* no unit stands for more than it takes */
    size_t len = 0;
    for (size_t i = 0; i < raw.len;) {
        struct unit unit = next_unit(slice_from(raw, i), encoding);
        memcpy(out + len, unit.bytes, unit.len);
        len += unit.len;
        i += unit.raw;
    }
    out[len] = '\0';
    return slice_make(out, len);
}

/* A replacement that goes into encoded text; only quotes (round a replaced number) need it. */
static struct slice encode_tag(struct redactor *r, struct slice with, enum encoding encoding)
{
    if (slice_find_byte(with, '"') == SIZE_MAX && slice_find_byte(with, '\\') == SIZE_MAX)
        return with;
    struct buf out;
    buf_init(&out, 4 * with.len);
    for (size_t i = 0; i < with.len; i++) {
        if (with.at[i] == '"' || with.at[i] == '\\')
            buf_add_text(&out, encoding == ENCODING_JSON ? "\\"
                               : with.at[i] == '"'       ? "%22"
                                                         : "%5C");
        if (encoding == ENCODING_JSON || (with.at[i] != '"' && with.at[i] != '\\'))
            buf_add_byte(&out, with.at[i]);
    }
    struct slice kept = arena_copy(r->arena, buf_slice(&out));
    buf_free(&out);
    return kept;
}

/* Carries the edits from `mark` on from the decoded text to the encoded one. */
static void carry_back(struct redactor *r, size_t mark, struct slice raw, size_t base,
                       enum encoding encoding)
{
    size_t at = 0, decoded = 0;
    for (size_t k = mark; k < r->edit_count; k++) {
        struct edit *edit = &r->edits[k];
        size_t *ends[] = {&edit->from, &edit->to};
        for (int side = 0; side < 2; side++) {
            while (at < raw.len && decoded < *ends[side]) {
                struct unit unit = next_unit(slice_from(raw, at), encoding);
                decoded += unit.len;
                at += unit.raw;
            }
            *ends[side] = base + at;
        }
        edit->with = encode_tag(r, edit->with, encoding);
    }
}

void encoding_scan(struct redactor *r, struct slice raw, size_t base, enum encoding encoding,
                   unsigned level)
{
    struct slice text = encoding_decode(r, raw, encoding);
    if (text.at == raw.at) {
        prose_scan(r, text, base, level);
        return;
    }
    size_t mark = r->edit_count;
    prose_scan(r, text, 0, level);
    carry_back(r, mark, raw, base, encoding);
}
