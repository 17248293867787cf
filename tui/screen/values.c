/* Knows which values come from a facet, which are a few known words that are counted one by one,
 * and which only the entries themselves can tell. See values.h. */
#include "tui/screen/values.h"

#include "core/base/alloc.h"
#include "tui/screen/answer.h"

#include <stdlib.h>

static const char *const methods[] = {"GET",    "POST", "PUT",     "PATCH",
                                      "DELETE", "HEAD", "OPTIONS", NULL};

struct collecting {
    struct store *store;
    struct slice rest; /* the filter without the key */
    enum filter_key key;
    struct arena *arena;
    struct facet_row *rows;
    size_t count;
    struct fault *why;
};

static enum facet facet_of_key(enum filter_key key)
{
    switch (key) {
    case FILTER_CLASS:
        return FACET_CLASS;
    case FILTER_CATEGORY:
        return FACET_CATEGORY;
    case FILTER_USER:
        return FACET_USER;
    case FILTER_STATUS:
        return FACET_STATUS;
    case FILTER_SOURCE:
        return FACET_SOURCE;
    case FILTER_LEVEL:
        return FACET_LEVEL;
    case FILTER_EVENT:
        return FACET_EVENT;
    case FILTER_STATE:
        return FACET_STATE;
    default:
        return FACETS;
    }
}

static const char *const *words_of_key(enum filter_key key)
{
    return key == FILTER_METHOD ? methods : filter_words(key);
}

bool values_known(enum filter_key key)
{
    return facet_of_key(key) != FACETS || words_of_key(key) || key == FILTER_HOST;
}

static enum fault_code open_selection(struct collecting *k, struct slice text,
                                      struct selection **out)
{
    struct filter *filter;
    *out = NULL;
    enum fault_code bad = filter_parse(&filter, text, k->arena, k->why);
    return bad ? bad : selection_open(out, k->store, filter, k->why);
}

static enum fault_code by_facet(struct collecting *k)
{
    struct selection *sel;
    enum fault_code bad = open_selection(k, k->rest, &sel);
    if (!bad)
        bad = selection_facet(sel, facet_of_key(k->key), FACET_ROWS, k->arena, &k->rows, &k->count,
                              k->why);
    selection_close(sel);
    return bad;
}

static enum fault_code by_word(struct collecting *k)
{
    enum { WORDS = 16 };
    const char *const *words = words_of_key(k->key);
    enum fault_code bad = FAULT_NONE;
    k->rows = arena_zalloc(k->arena, WORDS, sizeof *k->rows);
    for (size_t i = 0; words[i] && !bad && k->count < WORDS; i++) {
        struct selection *sel;
        uint64_t count = 0;
        struct slice text =
            arena_format(k->arena, "%.*s %s:%s", (int)k->rest.len, k->rest.len ? k->rest.at : "",
                         filter_key_name(k->key), words[i]);
        bad = open_selection(k, text, &sel);
        if (!bad)
            bad = selection_count(sel, &count, k->why);
        selection_close(sel);
        if (count > 0)
            k->rows[k->count++] = (struct facet_row){.value = slice_of(words[i]), .count = count};
    }
    return bad;
}

/* The host last met stands first: there are few, and calls to one come in runs. */
static bool tally_host(void *self, const struct entry *entry, struct slice raw)
{
    struct collecting *k = self;
    struct facet_row row = {.value = entry->host, .count = 1};
    size_t at = 0;
    (void)raw;
    while (at < k->count && !(slice_is_none(row.value) == slice_is_none(k->rows[at].value) &&
                              slice_equal(row.value, k->rows[at].value)))
        at++;
    if (at < k->count) {
        row = k->rows[at];
        row.count++;
    } else if (k->count == FACET_ROWS) {
        return true; /* as many as are shown; those that are there are counted to the end */
    } else {
        row.value = slice_is_none(row.value) ? row.value : arena_copy(k->arena, row.value);
        k->count++;
    }
    memmove(k->rows + 1, k->rows, at * sizeof *k->rows);
    k->rows[0] = row;
    return true;
}

static enum fault_code by_entry(struct collecting *k)
{
    struct selection *sel;
    k->rows = arena_zalloc(k->arena, FACET_ROWS, sizeof *k->rows);
    enum fault_code bad = open_selection(k, k->rest, &sel);
    if (!bad)
        bad = selection_each(sel, ORDER_NEWEST, false, tally_host, k, k->why);
    selection_close(sel);
    return bad;
}

static int most_first(const void *left, const void *right)
{
    const struct facet_row *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    size_t len = a->value.len < b->value.len ? a->value.len : b->value.len;
    int order = len ? memcmp(a->value.at, b->value.at, len) : 0;
    return order ? order : (a->value.len > b->value.len) - (a->value.len < b->value.len);
}

enum fault_code values_collect(struct store *store, const struct filter *filter,
                               enum filter_key key, struct arena *arena, struct facet_row **out,
                               size_t *got, struct fault *why)
{
    struct buf rest;
    struct collecting k = {.store = store, .key = key, .arena = arena, .why = why};
    enum fault_code bad = FAULT_NONE;
    buf_init(&rest, FILTER_SIZE);
    filter_without(&rest, filter, key, true);
    k.rest = buf_slice(&rest);
    if (facet_of_key(key) != FACETS)
        bad = by_facet(&k);
    else if (words_of_key(key))
        bad = by_word(&k);
    else if (key == FILTER_HOST)
        bad = by_entry(&k);
    buf_free(&rest);
    if (k.count > 0)
        qsort(k.rows, k.count, sizeof *k.rows, most_first);
    *out = k.rows;
    *got = bad ? 0 : k.count;
    return bad;
}
