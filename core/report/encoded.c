/* Knows the ways to write a value, and how all of them are looked for at once; see encoded.h. */
#include "core/report/encoded.h"

#include "core/base/alloc.h"
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/utf8.h"

#include <stdlib.h>

enum { BUCKETS = 1 << 16, FORM_SIZE = 16 * ENCODED_VALUE };

/* A way to write a learned value. */
struct form {
    struct slice text; /* letter case folded unless `exact` */
    uint32_t value;
    uint32_t bucket;
    bool exact; /* base64: only looked for in outputs */
};

struct encoded {
    struct arena arena;
    struct form *forms; /* by bucket and text */
    size_t form_count, form_room;
    uint32_t *bucket_at; /* BUCKETS + 1: where the forms of a bucket begin */
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- forms ------------------------------------------------------------------------------------ */

static uint32_t bucket_of(const char *at)
{
    uint32_t start = 0;
    for (size_t i = 0; i < ENCODED_LEAST; i++)
        start = start << 8 | encoded_fold(at[i]);
    return (uint32_t)(encoded_mix(start) >> 20) & (BUCKETS - 1);
}

static void add_form(struct encoded *e, size_t value, struct slice text, bool exact)
{
    if (text.len < ENCODED_LEAST)
        return;
    if (e->form_count == e->form_room) {
        e->form_room = e->form_room ? e->form_room * 2 : 1024;
        e->forms = xrealloc(e->forms, e->form_room, sizeof *e->forms);
    }
    e->forms[e->form_count++] =
        (struct form){arena_copy(&e->arena, text), (uint32_t)value, bucket_of(text.at), exact};
}

/* As JSON writes it inside `depth` strings; false when that is the value itself. */
static bool as_json(struct slice value, unsigned depth, struct buf *out)
{
    bool changed = false;
    for (struct slice rest = value; rest.len;) {
        uint32_t code = (unsigned char)rest.at[0];
        size_t n = code < 0x80 ? 1 : utf8_decode(rest, &code);
        if (n == 0)
            return false;
        rest = slice_from(rest, n);
        if (code < 0x80 && code != '"' && code != '\\') {
            buf_add_byte(out, (char)code);
            continue;
        }
        changed = true;
        for (unsigned i = 0; i < 1U << (depth - 1); i++)
            buf_add_byte(out, '\\');
        if (code < 0x80) {
            for (unsigned i = 1; code == '\\' && i < 1U << (depth - 1); i++)
                buf_add_byte(out, '\\');
            buf_add_byte(out, (char)code);
        } else if (code < 0x10000) {
            buf_add_format(out, "u%04x", code);
        } else {
            buf_add_format(out, "u%04x", 0xD800 + ((code - 0x10000) >> 10));
            for (unsigned i = 0; i < 1U << (depth - 1); i++)
                buf_add_byte(out, '\\');
            buf_add_format(out, "u%04x", 0xDC00 + ((code - 0x10000) & 0x3FF));
        }
    }
    return changed;
}

static bool as_percent(struct slice value, struct buf *out)
{
    bool changed = false;
    for (size_t i = 0; i < value.len; i++) {
        bool plain = is_alnum(value.at[i]) || strchr("-._~", value.at[i]);
        changed = changed || !plain;
        buf_add_format(out, plain ? "%c" : "%%%02x", (unsigned char)value.at[i]);
    }
    return changed;
}

static bool as_html(struct slice value, struct buf *out)
{
    static const struct {
        char c;
        const char *name;
    } names[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    bool changed = false;
    for (size_t i = 0; i < value.len; i++) {
        size_t n = 0;
        while (n < sizeof names / sizeof *names && names[n].c != value.at[i])
            n++;
        if (n == sizeof names / sizeof *names)
            buf_add_byte(out, value.at[i]);
        else
            changed = buf_add_text(out, names[n].name);
    }
    return changed;
}

/* The part of the value's base64 form that does not depend on what stands beside it, for each of
 * the three places where it can begin. */
static void add_base64(struct encoded *e, size_t number, struct slice value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t shift = 0; shift < 3 && value.len >= 6; shift++) {
        char out[2 * ENCODED_VALUE];
        size_t len = 0;
        for (size_t i = (3 - shift) % 3; i + 3 <= value.len && len + 4 < sizeof out; i += 3) {
            const unsigned char *b = (const unsigned char *)value.at + i;
            uint32_t bits = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
            for (int k = 18; k >= 0; k -= 6)
                out[len++] = digits[bits >> k & 63];
        }
        if (len >= 8)
            add_form(e, number, slice_make(out, len), true);
    }
}

static bool is_looked_for(struct slice value)
{
    bool ascii = true, digits = true;
    for (size_t i = 0; i < value.len; i++) {
        ascii = ascii && (unsigned char)value.at[i] < 0x80;
        digits = digits && is_digit(value.at[i]);
    }
    return ascii ? value.len >= (digits ? 6U : 4U) : value.len >= 6;
}

static void add_forms(struct encoded *e, size_t number, struct slice value)
{
    struct buf out;
    if (!is_looked_for(value))
        return;
    buf_init(&out, FORM_SIZE);
    add_form(e, number, value, false);
    for (unsigned depth = 1; depth <= 3; depth++) {
        buf_reset(&out);
        if (as_json(value, depth, &out))
            add_form(e, number, buf_slice(&out), false);
    }
    buf_reset(&out);
    if (as_percent(value, &out))
        add_form(e, number, buf_slice(&out), false);
    buf_reset(&out);
    if (as_html(value, &out))
        add_form(e, number, buf_slice(&out), false);
    buf_free(&out);
    add_base64(e, number, value);
}

/* Letter case folded; a part of a text goes before the whole. */
static int compare_texts(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < len; i++)
        if (encoded_fold(a.at[i]) != encoded_fold(b.at[i]))
            return encoded_fold(a.at[i]) < encoded_fold(b.at[i]) ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_forms(const void *left, const void *right)
{
    const struct form *a = left, *b = right;
    if (a->bucket != b->bucket)
        return a->bucket < b->bucket ? -1 : 1;
    int order = compare_texts(a->text, b->text);
    return order ? order : (a->value > b->value) - (a->value < b->value);
}

struct encoded *encoded_new(const struct slice *values, size_t count)
{
    struct encoded *e = xcalloc(1, sizeof *e);
    arena_init(&e->arena);
    for (size_t i = 0; i < count; i++)
        add_forms(e, i, values[i]);
    if (e->form_count)
        qsort(e->forms, e->form_count, sizeof *e->forms, compare_forms);
    e->bucket_at = xcalloc(BUCKETS + 1, sizeof *e->bucket_at);
    for (size_t i = 0; i < e->form_count; i++)
        e->bucket_at[e->forms[i].bucket + 1]++;
    for (size_t i = 0; i < BUCKETS; i++)
        e->bucket_at[i + 1] += e->bucket_at[i];
    return e;
}

void encoded_free(struct encoded *e)
{
    if (!e)
        return;
    arena_free(&e->arena);
    free(e->forms);
    free(e->bucket_at);
    free(e);
}

/* --- finding ---------------------------------------------------------------------------------- */

/* Whether a word can begin at `at`: what stands before is no letter, or the end of an escape. */
static bool begins_word(struct slice text, size_t at)
{
    if (at == 0 || !is_alnum(text.at[at - 1]))
        return true;
    if (at >= 3 && text.at[at - 3] == '%')
        return true;
    if (at >= 2 && text.at[at - 2] == '\\')
        return true;
    return at >= 6 && text.at[at - 6] == '\\' && text.at[at - 5] == 'u';
}

/* The last form of [from, to) that is not behind `text`; `to` when all are. */
static uint32_t last_before(const struct encoded *e, uint32_t from, uint32_t to, struct slice text)
{
    uint32_t low = from, high = to;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_texts(e->forms[middle].text, text) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low == from ? to : low - 1;
}

static size_t common_length(struct slice a, struct slice b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && encoded_fold(a.at[len]) == encoded_fold(b.at[len]))
        len++;
    return len;
}

/* Whether what stands at `at` is the form, as a word of its own. */
static bool is_form(const struct form *form, struct slice text, size_t at, bool output)
{
    size_t end = at + form->text.len;
    if (form->exact)
        return output && slice_equal(slice_first(slice_from(text, at), form->text.len), form->text);
    return (!is_alnum(text.at[at]) || begins_word(text, at)) &&
           (!is_alnum(text.at[end - 1]) || end == text.len || !is_alnum(text.at[end]));
}

/* Forms that begin the text are found from the longest on: of two of them one begins the other, so
 * nothing else stands between them. */
size_t encoded_at(const struct encoded *e, struct slice text, size_t at, bool output, size_t *len)
{
    struct slice rest = slice_first(slice_from(text, at), FORM_SIZE);
    *len = 0;
    if (rest.len < ENCODED_LEAST)
        return 0;
    uint32_t bucket = bucket_of(rest.at);
    uint32_t from = e->bucket_at[bucket], to = e->bucket_at[bucket + 1];
    while (from < to && rest.len >= ENCODED_LEAST) {
        uint32_t found = last_before(e, from, to, rest);
        if (found == to)
            return 0;
        const struct form *form = &e->forms[found];
        size_t common = common_length(form->text, rest);
        if (common == form->text.len && is_form(form, text, at, output)) {
            *len = form->text.len;
            return form->value;
        }
        rest = slice_first(rest, common < form->text.len ? common : common - 1);
        to = found + 1;
    }
    return 0;
}
