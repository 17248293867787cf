/* Reads the filter language (DESIGN.md section 5): text -> terms. Knows the grammar, the keys and
 * what their values may be; times are read in filter_time.c, text is made in filter_text.c. Knows
 * nothing of entries or SQL. */
#include "core/index/filter.h"

#include "core/base/near.h"
#include "core/base/safe.h"
#include "core/base/utf8.h"
#include "core/index/filter_parts.h"
#include "core/record.h"

#include <stdio.h>

static const char *const key_names[FILTER_KEYS + 1] = {
    [FILTER_CLASS] = "class",   [FILTER_CATEGORY] = "category",
    [FILTER_VENDOR] = "vendor", [FILTER_USER] = "user",
    [FILTER_STATUS] = "status", [FILTER_SCIMTYPE] = "scimtype",
    [FILTER_EVENT] = "event",   [FILTER_LEVEL] = "level",
    [FILTER_KIND] = "kind",     [FILTER_METHOD] = "method",
    [FILTER_PATH] = "path",     [FILTER_HOST] = "host",
    [FILTER_SOURCE] = "source", [FILTER_LABEL] = "label",
    [FILTER_ID] = "id",         [FILTER_REQUEST_ID] = "request-id",
    [FILTER_IS] = "is",         [FILTER_PROBLEM] = "problem",
    [FILTER_MARK] = "mark",     [FILTER_NOTE] = "note",
    [FILTER_HAS] = "has",       [FILTER_TIME] = "time",
    [FILTER_SINCE] = "since",   [FILTER_UNTIL] = "until",
    [FILTER_TEXT] = "text",     [FILTER_BODY] = "body",
};

static const char *const categories[] = {
    "authentication",  "authorization", "not-found", "conflict",
    "invalid-request", "throttling",    "server",    "network",
    "configuration",   "other",         NULL};
static const char *const levels[] = {"critical",    "error",   "warning",
                                     "information", "verbose", NULL};
static const char *const kinds[] = {"event", "http", "provisioning", NULL};
static const char *const is_words[] = {"failure",  "success", "failing",
                                       "resolved", "unknown", NULL};
static const char *const has_words[] = {"remedy", "evidence", "token", "user", "note", NULL};

const char *filter_key_name(enum filter_key key)
{
    return key_names[key];
}

const char *const *filter_words(enum filter_key key)
{
    switch (key) {
    case FILTER_CATEGORY:
        return categories;
    case FILTER_LEVEL:
        return levels;
    case FILTER_KIND:
        return kinds;
    case FILTER_IS:
        return is_words;
    case FILTER_HAS:
        return has_words;
    default:
        return NULL;
    }
}

/* The key of that name (ASCII letters folded), or FILTER_KEYS. */
static enum filter_key filter_key_find(struct slice name)
{
    for (int key = 0; key < FILTER_KEYS; key++)
        if (slice_is_fold(name, key_names[key]))
            return (enum filter_key)key;
    return FILTER_KEYS;
}

bool filter_key_is_number(enum filter_key key)
{
    return key == FILTER_STATUS || key == FILTER_EVENT || key == FILTER_ID;
}

bool filter_key_is_time(enum filter_key key)
{
    return key == FILTER_TIME || key == FILTER_SINCE || key == FILTER_UNTIL;
}

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

static bool filter_number(struct slice s, int64_t *out)
{
    return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9' && slice_to_int64(s, out);
}

/* `>=500` and its relatives. */
static bool filter_compared(struct slice text, struct filter_value *value)
{
    bool less = text.at[0] == '<';
    bool equal = text.len > 1 && text.at[1] == '=';
    int64_t bound;
    if (!filter_number(slice_from(text, equal ? 2 : 1), &bound))
        return false;
    if (less) {
        value->low = 0;
        value->high = equal ? bound : bound - 1;
    } else {
        value->low = equal || bound == INT64_MAX ? bound : bound + 1;
        value->high = INT64_MAX;
    }
    return true;
}

static bool filter_read_range(struct slice text, enum filter_key key, struct filter_value *value)
{
    if (text.len == 0)
        return false;
    if (text.at[0] == '<' || text.at[0] == '>')
        return filter_compared(text, value);
    if (key == FILTER_STATUS && text.len == 3 && text.at[0] >= '1' && text.at[0] <= '5' &&
        slice_is_fold(slice_from(text, 1), "xx")) {
        value->low = (text.at[0] - '0') * 100;
        value->high = value->low + 99;
        return true;
    }
    size_t dash = slice_find_byte(text, '-');
    if (dash != SIZE_MAX)
        return filter_number(slice_first(text, dash), &value->low) &&
               filter_number(slice_from(text, dash + 1), &value->high);
    if (!filter_number(text, &value->low))
        return false;
    value->high = value->low;
    return true;
}

static enum fault_code filter_check_number(struct filter_reader *r, enum filter_key key, size_t at,
                                           struct filter_value *value)
{
    char shown[FILTER_SHOWN];
    const char *name = key_names[key];
    if (!filter_read_range(value->text, key, value)) {
        safe_short(shown, sizeof shown, value->text);
        if (key == FILTER_STATUS)
            return FILTER_FAULT(r, at, "'%s' is no status; write 409, 5xx, 400-499, >=500 or none",
                                shown);
        return FILTER_FAULT(r, at, "'%s' is no %s number; write 12808, 100-200, >=100%s", shown,
                            name, key == FILTER_ID ? "" : " or none");
    }
    if (value->low > value->high)
        return FILTER_FAULT(r, at, "this %s range is empty; write the smaller number first", name);
    if (key == FILTER_STATUS && (value->high < 100 || value->low > 599))
        return FILTER_FAULT(r, at,
                            "a status is 100 to 599; write status:none for calls that got "
                            "no answer");
    return FAULT_NONE;
}

/* The spelling of filter_words() for what was written, or NULL. */
static const char *filter_known_word(enum filter_key key, struct slice text)
{
    if (key == FILTER_LEVEL) {
        const char *name = level_name(level_parse(text));
        if (name)
            return name;
    }
    for (const char *const *word = filter_words(key); *word; word++)
        if (slice_is_fold(text, *word))
            return *word;
    return NULL;
}

static enum fault_code filter_check_word(struct filter_reader *r, enum filter_key key, size_t at,
                                         struct filter_value *value)
{
    const char *word = filter_known_word(key, value->text);
    if (word) {
        value->text = slice_of(word);
        return FAULT_NONE;
    }
    char shown[FILTER_SHOWN];
    safe_short(shown, sizeof shown, value->text);
    const char *near = near_find(value->text, filter_words(key));
    if (near)
        return FILTER_FAULT(r, at, "'%s' is no value of %s; did you mean %s:%s?", shown,
                            key_names[key], key_names[key], near);
    char list[160];
    size_t used = 0;
    for (const char *const *w = filter_words(key); *w; w++) {
        int n = snprintf(list + used, sizeof list - used, "%s%s", used ? " " : "", *w);
        if (n < 0 || (size_t)n >= sizeof list - used)
            break;
        used += (size_t)n;
    }
    return FILTER_FAULT(r, at, "'%s' is no value of %s; it takes: %s", shown, key_names[key], list);
}

/* Keys whose values are never null, so that `none` would be an ordinary (wrong) word. */
static bool filter_takes_none(enum filter_key key)
{
    switch (key) {
    case FILTER_IS:
    case FILTER_HAS:
    case FILTER_KIND:
    case FILTER_ID:
    case FILTER_SINCE:
    case FILTER_UNTIL:
    case FILTER_TEXT:
    case FILTER_BODY:
        return false;
    default:
        return true;
    }
}

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
                                key_names[key], key_names[key]);
        value->none = filter_takes_none(key) && slice_is_fold(value->text, "none");
        if (value->none)
            return FAULT_NONE;
    }
    if (filter_key_is_time(key))
        return filter_read_time(value, key, value->text, r->why) ? filter_place(r, at) : FAULT_NONE;
    if (filter_key_is_number(key))
        return filter_check_number(r, key, at, value);
    if (filter_words(key))
        return filter_check_word(r, key, at, value);
    return FAULT_NONE;
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
                                key_names[term->key]);
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
    const char *near = near_find(name, key_names);
    if (near)
        return FILTER_FAULT(r, at,
                            "'%s' is no filter key; did you mean %s: ? To search for the "
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
