/* Writes the filter language: terms as text, and filters with terms taken out or values toggled.
 * What it writes filter_parse reads back as the same terms. */
#include "core/base/utf8.h"
#include "core/index/filter_parts.h"

static bool filter_add_quoted(struct buf *out, struct slice text)
{
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\\')
            buf_add_byte(out, '\\');
        buf_add_byte(out, c);
    }
    return buf_add_byte(out, '"');
}

/* Whether plain letters would be read back as something else. */
static bool filter_needs_quotes(struct slice text)
{
    if (text.len == 0 || slice_is_fold(text, "none"))
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (strchr(" \t\r\n,\"*", text.at[i]) || text.at[i] == '\0')
            return true;
    return false;
}

bool filter_add_value(struct buf *out, const struct filter_value *value)
{
    if (value->none)
        return buf_add_text(out, "none");
    /* A bare word may hold a comma, which inside a list of values would end it. */
    bool comma = slice_find_byte(value->text, ',') != SIZE_MAX;
    if (value->quoted || comma)
        return filter_add_quoted(out, value->text);
    return buf_add(out, value->text);
}

bool filter_add_term(struct buf *out, bool exclude, enum filter_key key, struct slice value)
{
    if (exclude)
        buf_add_byte(out, '-');
    buf_add_text(out, filter_key_name(key));
    buf_add_byte(out, ':');
    if (slice_is_none(value))
        return buf_add_text(out, "none");
    if (filter_needs_quotes(value))
        return filter_add_quoted(out, value);
    return buf_add(out, value);
}

/* Appends a blank unless `out` is where it began. */
static void filter_part(struct buf *out, size_t begin)
{
    if (out->len > begin)
        buf_add_byte(out, ' ');
}

static void filter_add_as_written(struct buf *out, const struct filter *filter,
                                  const struct filter_term *term)
{
    buf_add(out, slice_first(slice_from(filter->text, term->at), term->len));
}

bool filter_without(struct buf *out, const struct filter *filter, enum filter_key key, bool all)
{
    size_t begin = out->len;
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        if (term->key == key && (all || !term->exclude))
            continue;
        filter_part(out, begin);
        filter_add_as_written(out, filter, term);
    }
    return !buf_full(out);
}

/* Whether a value of a term says just `text` (SLICE_NONE: none). */
static bool filter_says(const struct filter_value *value, struct slice text)
{
    if (value->none || slice_is_none(text))
        return value->none && slice_is_none(text);
    if (!value->quoted && slice_find_byte(value->text, '*') != SIZE_MAX)
        return false;
    struct buf a, b;
    buf_init(&a, FILTER_SIZE * 4);
    buf_init(&b, FILTER_SIZE * 4);
    bool same = utf8_add_folded(&a, value->text) && utf8_add_folded(&b, text) &&
                slice_equal(buf_slice(&a), buf_slice(&b));
    buf_free(&a);
    buf_free(&b);
    return same;
}

static bool filter_term_says(const struct filter_term *term, struct slice text)
{
    for (size_t i = 0; i < term->value_count; i++)
        if (filter_says(&term->values[i], text))
            return true;
    return false;
}

/* The term with the value taken out; nothing at all when it was the only one. */
static void filter_add_less(struct buf *out, size_t begin, const struct filter_term *term,
                            struct slice value)
{
    bool opened = false;
    for (size_t i = 0; i < term->value_count; i++) {
        if (filter_says(&term->values[i], value))
            continue;
        if (!opened) {
            filter_part(out, begin);
            buf_add_text(out, filter_key_name(term->key));
            buf_add_byte(out, ':');
        } else {
            buf_add_byte(out, ',');
        }
        opened = true;
        filter_add_value(out, &term->values[i]);
    }
}

/* The term with the value added to its list. */
static void filter_add_more(struct buf *out, const struct filter *filter,
                            const struct filter_term *term, struct slice value)
{
    struct slice written = slice_first(slice_from(filter->text, term->at), term->len);
    if (term->key == FILTER_TEXT && !slice_starts_fold(written, "text:")) { /* a bare word */
        buf_add_text(out, filter_key_name(term->key));
        buf_add_byte(out, ':');
        filter_add_value(out, &term->values[0]);
    } else {
        filter_add_as_written(out, filter, term);
    }
    buf_add_byte(out, ',');
    if (slice_is_none(value))
        buf_add_text(out, "none");
    else if (filter_needs_quotes(value))
        filter_add_quoted(out, value);
    else
        buf_add(out, value);
}

bool filter_toggle(struct buf *out, const struct filter *filter, enum filter_key key,
                   struct slice value)
{
    size_t begin = out->len;
    bool single = key == FILTER_SINCE || key == FILTER_UNTIL;
    bool there = false;
    const struct filter_term *home = NULL;
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        if (term->key != key || term->exclude)
            continue;
        there = there || filter_term_says(term, value);
        if (!home && !single)
            home = term;
    }
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        bool ours = term->key == key && !term->exclude;
        if (ours && there) {
            filter_add_less(out, begin, term, value);
        } else if (ours && single) {
            continue;
        } else {
            filter_part(out, begin);
            if (term == home)
                filter_add_more(out, filter, term, value);
            else
                filter_add_as_written(out, filter, term);
        }
    }
    if (!there && !home) {
        filter_part(out, begin);
        return filter_add_term(out, false, key, value);
    }
    return !buf_full(out);
}
