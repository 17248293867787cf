/* Reads the filter language (DESIGN.md section 5): text -> terms. Knows the grammar; the keys are
 * filter_keys.c, values filter_value.c and filter_time.c, text is made in filter_text.c. Nothing
 * here knows entries or SQL. */
#include "core/index/filter.h"

#include "core/base/safe.h"
#include "core/base/utf8.h"
#include "core/index/filter_parts.h"

/* --- the reader ------------------------------------------------------------------------------- */

struct filter_reader {
    struct slice text; /* as given */
    size_t at;         /* next unread byte */
    size_t start;      /* of the trimmed text */
    struct arena *arena;
    struct fault *why;
};

static bool filter_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool filter_at_end(const struct filter_reader *r)
{
    return r->at == r->text.len;
}

static char filter_peek(const struct filter_reader *r)
{
    return filter_at_end(r) ? ' ' : r->text.at[r->at];
}

/* Gives the fault that a callee wrote its place. */
static enum fault_code filter_place(const struct filter_reader *r, size_t at)
{
    if (r->why)
        r->why->column = at + 1;
    return FAULT_USAGE;
}

#define FILTER_FAULT(r, at, ...) fault_at((r)->why, FAULT_USAGE, 0, (uint64_t)(at) + 1, __VA_ARGS__)

/* Reads a quoted run; r->at stands on the opening quote and ends behind the closing one. */
static enum fault_code filter_read_quoted(struct filter_reader *r, struct slice *out)
{
    size_t open = r->at++;
    char *copy = arena_alloc(r->arena, r->text.len - open);
    size_t len = 0;
    while (!filter_at_end(r)) {
        char c = r->text.at[r->at++];
        if (c == '"') {
            *out = slice_make(copy, len);
            return FAULT_NONE;
        }
        if (c == '\\' && (filter_peek(r) == '"' || filter_peek(r) == '\\') && !filter_at_end(r))
            c = r->text.at[r->at++];
        copy[len++] = c;
    }
    return FILTER_FAULT(r, open, "the quote that opens here is never closed; add a \" at its end");
}

static struct slice filter_read_plain(struct filter_reader *r, bool comma_ends)
{
    size_t from = r->at;
    while (!filter_at_end(r) && !filter_is_blank(filter_peek(r)) &&
           !(comma_ends && filter_peek(r) == ','))
        r->at++;
    return slice_make(r->text.at + from, r->at - from);
}

/* --- values ----------------------------------------------------------------------------------- */

static enum fault_code filter_read_value(struct filter_reader *r, enum filter_key key,
                                         struct filter_value *value)
{
    size_t at = r->at;
    if (filter_peek(r) == '"') {
        value->quoted = true;
        enum fault_code code = filter_read_quoted(r, &value->text);
        if (code)
            return code;
        if (!filter_at_end(r) && !filter_is_blank(filter_peek(r)) && filter_peek(r) != ',')
            return FILTER_FAULT(r, r->at, "a blank or a comma must follow the closing quote");
    } else {
        value->text = filter_read_plain(r, true);
        if (value->text.len == 0)
            return FILTER_FAULT(r, at,
                                "a value of %s is missing here; write %s:\"\" for an "
                                "empty one",
                                filter_key_name(key), filter_key_name(key));
        value->none = filter_takes_none(key) && slice_is_fold(value->text, "none");
        if (value->none)
            return FAULT_NONE;
    }
    enum fault_code code = FAULT_NONE;
    if (filter_key_is_time(key))
        code = filter_read_time(value, key, value->text, r->why);
    else if (filter_key_is_number(key))
        code = filter_read_number(value, key, r->why);
    else if (filter_words(key))
        code = filter_read_word(value, key, r->why);
    return code ? filter_place(r, at) : FAULT_NONE;
}

/* --- terms ------------------------------------------------------------------------------------ */

/* Values grow in the arena; a term may hold as many as the text has room for. */
struct filter_values {
    struct filter_value *items;
    size_t count, room;
};

static struct filter_value *filter_more(struct filter_reader *r, struct filter_values *values)
{
    if (values->count == values->room) {
        size_t room = values->room ? values->room * 2 : 2;
        struct filter_value *items = arena_zalloc(r->arena, room, sizeof *items);
        if (values->count)
            memcpy(items, values->items, values->count * sizeof *items);
        values->items = items;
        values->room = room;
    }
    return &values->items[values->count++];
}

static enum fault_code filter_read_values(struct filter_reader *r, struct filter_term *term)
{
    struct filter_values values = {0};
    for (;;) {
        enum fault_code code = filter_read_value(r, term->key, filter_more(r, &values));
        if (code)
            return code;
        if (filter_at_end(r) || filter_peek(r) != ',')
            break;
        if (term->key == FILTER_SINCE || term->key == FILTER_UNTIL)
            return FILTER_FAULT(r, r->at, "%s takes one value; time:A..B,C..D takes several",
                                filter_key_name(term->key));
        r->at++;
    }
    term->values = values.items;
    term->value_count = values.count;
    return FAULT_NONE;
}

static enum fault_code filter_unknown_key(struct filter_reader *r, size_t at, struct slice name)
{
    char shown[FILTER_SHOWN];
    safe_short(shown, sizeof shown, name);
    const char *near = filter_near_key(name);
    if (near)
        return FILTER_FAULT(r, at,
                            "'%s' is no filter key; did you mean %s:? To search for the "
                            "word itself put it in double quotes",
                            shown, near);
    return FILTER_FAULT(r, at,
                        "'%s' is no filter key; to search for a word with a colon put it "
                        "in double quotes",
                        shown);
}

/* A bare word or phrase: text: by another spelling. */
static enum fault_code filter_read_bare(struct filter_reader *r, struct filter_term *term)
{
    struct filter_value *value = arena_zalloc(r->arena, 1, sizeof *value);
    size_t at = r->at;
    if (filter_peek(r) == '"' && !filter_at_end(r)) {
        value->quoted = true;
        enum fault_code code = filter_read_quoted(r, &value->text);
        if (code)
            return code;
        if (!filter_at_end(r) && !filter_is_blank(filter_peek(r)))
            return FILTER_FAULT(r, r->at, "a blank must follow the closing quote");
    } else {
        value->text = filter_read_plain(r, false);
        if (value->text.len == 0)
            return FILTER_FAULT(r, at, "nothing follows the '-'; write -key:value or -word");
    }
    term->key = FILTER_TEXT;
    term->values = value;
    term->value_count = 1;
    return FAULT_NONE;
}

static enum fault_code filter_read_term(struct filter_reader *r, struct filter_term *term)
{
    size_t at = r->at;
    if (filter_peek(r) == '-') {
        term->exclude = true;
        r->at++;
    }
    enum fault_code code;
    size_t word = r->at;
    size_t stop = word;
    while (stop < r->text.len && !filter_is_blank(r->text.at[stop]) && r->text.at[stop] != ':' &&
           r->text.at[stop] != '"')
        stop++;
    if (stop < r->text.len && r->text.at[stop] == ':') {
        struct slice name = slice_make(r->text.at + word, stop - word);
        term->key = filter_key_find(name);
        if (term->key == FILTER_KEYS)
            return filter_unknown_key(r, word, name);
        r->at = stop + 1;
        code = filter_read_values(r, term);
    } else {
        code = filter_read_bare(r, term);
    }
    term->at = at - r->start;
    term->len = r->at - at;
    return code;
}

/* The place of the first byte that is not UTF-8, or SIZE_MAX. */
static size_t filter_bad_byte(struct slice text)
{
    size_t at = 0;
    while (at < text.len) {
        uint32_t code;
        size_t n = utf8_decode(slice_from(text, at), &code);
        if (n == 0)
            return at;
        at += n;
    }
    return SIZE_MAX;
}

enum fault_code filter_parse(struct filter **out, struct slice text, struct arena *arena,
                             struct fault *why)
{
    if (text.len > FILTER_SIZE)
        return fault_at(why, FAULT_USAGE, 0, FILTER_SIZE + 1, "a filter holds at most %d bytes",
                        FILTER_SIZE);
    /* Terms borrow from the text, so it is kept as long as they are. */
    struct slice kept = arena_copy(arena, text.at ? text : SLICE(""));
    struct filter_reader r = {.text = kept, .arena = arena, .why = why};
    size_t bad = filter_bad_byte(kept);
    if (bad != SIZE_MAX)
        return FILTER_FAULT(&r, bad, "this byte is not UTF-8 text");
    while (!filter_at_end(&r) && filter_is_blank(filter_peek(&r)))
        r.at++;
    r.start = r.at;

    struct filter_term *terms = arena_zalloc(arena, FILTER_TERMS, sizeof *terms);
    size_t count = 0;
    while (!filter_at_end(&r)) {
        if (count == FILTER_TERMS)
            return FILTER_FAULT(&r, r.at,
                                "a filter holds at most %d terms; use commas for several "
                                "values of one key",
                                FILTER_TERMS);
        enum fault_code code = filter_read_term(&r, &terms[count]);
        if (code)
            return code;
        count++;
        while (!filter_at_end(&r) && filter_is_blank(filter_peek(&r)))
            r.at++;
    }
    struct filter *filter = arena_zalloc(arena, 1, sizeof *filter);
    filter->terms = terms;
    filter->count = count;
    filter->text = slice_trim(slice_from(kept, r.start));
    *out = filter;
    return FAULT_NONE;
}
