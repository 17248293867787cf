/* What filters select, and how a selection is counted, paged and streamed. */
#include "tests/core/index/scratch.h"

#include "core/base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <sqlite3.h>

static struct scratch t;
static struct store *s;

enum { ROWS = 12 };

/* Twelve made entries (see make_stored) in a.har, three odd ones in /logs/b.evtx. */
static void setup(void)
{
    struct store_source source;
    struct fault why = {0};
    scratch_make(&t);
    time_pin_now((int64_t)(MADE_TIME + 3600) * TIME_SECOND);
    if (store_open(&s, t.db, STORE_CREATE, &why) || import_made(s, "a.har", ROWS, &source, &why))
        cr_fatal("%s", why.text);
    struct stored odd[3] = {make_stored(1), make_stored(0), make_stored(1)};
    source = (struct store_source){
        .path = SLICE("/logs/b.evtx"), .label = SLICE("prod"), .format = SLICE("evtx")};
    odd[0].print = 900;
    odd[0].entry.status = 0;
    odd[0].entry.time_us = TIME_NONE;
    odd[0].entry.class_id = SLICE("transport-tls");
    odd[0].entry.category = SLICE("network");
    odd[0].entry.vendor = SLICE_NONE;
    odd[0].entry.failure = true;
    odd[0].entry.success = false;
    odd[0].entry.request_id = SLICE("Req-77");
    odd[0].entry.user = SLICE("\xC3\x84"
                              "gypten@x.de"); /* capital A umlaut */
    odd[1].print = 901;
    odd[1].entry.class_id = SLICE_NONE;
    odd[1].entry.failure = false;
    odd[1].entry.detail = SLICE("100%_done * really");
    odd[1].entry.time_us += 3600 * TIME_SECOND;
    odd[1].entry.level = LEVEL_WARNING;
    odd[2].print = 902;
    odd[2].entry.position = 5;
    odd[2].entry.path = SLICE("/scim/v2/Users/ABC");
    odd[2].entry.method = SLICE("PATCH");
    odd[2].entry.status = 502;
    odd[2].raw = SLICE("{\"text\":\"line one\\n\\\"Gateway\\\" timed out\"}");
    store_source_begin(s, &source, &why);
    if (store_write(s, &source, odd, 3, &why))
        cr_fatal("%s", why.text);
    sqlite3 *db;
    sqlite3_open(t.db, &db);
    sqlite3_exec(db,
                 "INSERT INTO annotation(entry, mark, note, work) VALUES"
                 "(2, 'todo', 'ask Ken', NULL), (3, 'done', NULL, 'ignored')",
                 NULL, NULL, NULL);
    sqlite3_close(db);
}

static void teardown(void)
{
    store_close(s);
    scratch_remove(&t);
}

TestSuite(select, .init = setup, .fini = teardown, .timeout = 60);

struct expected {
    char filter[80];
    int64_t count;
};

ParameterizedTestParameters(select, counts_what_a_filter_says)
{
    static struct expected rows[] = {
        {"", 15},
        {"is:failure", 5}, /* 0 3 6 9 and the odd transport one */
        {"is:success", 5}, /* 1 5 7 11 and PATCH */
        {"-is:failure", 10},
        {"is:failure is:success", 10}, /* one key twice is OR */
        {"is:failing", 0},
        {"class:iij-username-taken", 4},
        {"class:IIJ-*", 4},
        {"class:\"iij-*\"", 0}, /* quoted: no wildcard */
        {"class:none", 5},      /* 2 4 8 10 and the odd event */
        {"class:none,success", 10},
        {"-class:none", 10},
        {"category:conflict", 4},
        {"vendor:iij,generic", 9},
        {"vendor:none", 6},
        {"user:tanaka", 4}, /* the part before @: 0 4 8, odd event */
        {"user:TANAKA@example.com", 4},
        {"user:tan*", 4},
        {"user:anaka", 0},
        {"user:sato,mueller", 7},
        {"user:none", 3},
        {"-user:tanaka", 11},       /* null users are kept */
        {"user:\xC3\xA4gypten", 1}, /* folds beyond ASCII */
        {"status:409", 2},
        {"status:4xx,5xx", 3},
        {"status:400-499", 2},
        {"status:>=500", 1},
        {"status:none", 8},
        {"-status:409", 13},
        {"scimtype:uniqueness", 5},
        {"event:12800", 3},
        {"event:12801-12802", 4},
        {"level:error", 2},
        {"level:warning,error", 3},
        {"level:none", 8},
        {"kind:http", 8},
        {"kind:event,http", 15},
        {"method:patch", 1},
        {"path:/scim/v2/users", 7},
        {"path:*/users*", 8},
        {"path:none", 7},
        {"host:API.example.com", 8},
        {"source:b.evtx", 3},
        {"source:/logs/b.evtx", 3},
        {"source:a.har,b.evtx", 15},
        {"-source:a.har", 3},
        {"label:prod", 3},
        {"label:none", 12},
        {"id:2-4", 3},
        {"request-id:req-77", 1},
        {"mark:todo", 1},
        {"mark:none", 13},
        {"note:*ken", 1},
        {"has:note", 1},
        {"has:mark", 2},
        {"work:ignored", 1},
        {"work:done", 0},
        {"state:failing", 0},
        {"state:none", 10},
        {"is:failure work:open", 5},
        {"work:open", 14},
        {"work:done,ignored", 1},
        {"-work:ignored", 14},
        {"has:token", 5}, /* records 0 3 6 9 and the odd event */
        {"has:user", 12},
        {"problem:none", 10},
        {"problem:1", 1},
        {"time:2025-11-03", 14},
        {"time:none", 1},
        {"since:2025-11-03T08:53:25Z until:2025-11-03T08:53:26Z", 2},
        {"since:1h", 14},
        {"since:10m@end", 1},
        {"taken", 4},
        {"TAKEN", 4},
        {"\xE4\xB8\xAD", 4}, /* one Japanese character */
        {"users", 8},
        {"attributes=id", 8},
        {"req-7", 1},
        {"gypten", 1},
        {"tanaka taken", 1}, /* bare words are ANDed */
        {"text:tanaka text:taken", 7},
        {"-tanaka", 11},
        {"100%_done", 1},
        {"\"* really\"", 1},
        {"done*really", 1},
        {"nothing-such", 0},
        {"body:gateway", 1},
        {"body:\"\\\"gateway\\\" timed\"", 1},
        {"body:username", 5},
        {"-body:username", 10},
        {"is:failure user:tanaka kind:event", 1},
        {"\"' OR 1=1 --\"", 0},
    };
    return cr_make_param_array(struct expected, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct expected *row, select, counts_what_a_filter_says)
{
    cr_expect(eq(i64, count_of(s, row->filter), row->count), "%s", row->filter);
}

static struct selection *open_filter(const char *text, struct arena *arena)
{
    struct filter *filter = NULL;
    struct selection *sel = NULL;
    struct fault why = {0};
    if (filter_parse(&filter, slice_of(text), arena, &why) || selection_open(&sel, s, filter, &why))
        cr_fatal("%s", why.text);
    return sel;
}

static char *ids_of(struct selection *sel, enum order order, uint64_t first, size_t count)
{
    static char text[400];
    struct arena arena;
    arena_init(&arena);
    struct entry *rows = NULL;
    size_t got = 0, used = 0;
    struct fault why = {0};
    cr_expect(eq(int, selection_rows(sel, order, first, count, &arena, &rows, &got, &why), 0), "%s",
              why.text);
    text[0] = '\0';
    for (size_t i = 0; i < got; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%lld ", (long long)rows[i].id);
    arena_free(&arena);
    return text;
}

Test(select, gives_rows_by_rank)
{
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = open_filter("", &arena);
    /* 15 has the time of 2; its source was imported later, but its path comes first. 13 has no time
     * and stays last both ways. */
    cr_expect(eq(str, ids_of(sel, ORDER_OLDEST, 0, 100), "1 15 2 3 4 5 6 7 8 9 10 11 12 14 13 "));
    cr_expect(eq(str, ids_of(sel, ORDER_NEWEST, 0, 100), "14 12 11 10 9 8 7 6 5 4 3 2 15 1 13 "));
    cr_expect(eq(str, ids_of(sel, ORDER_OLDEST, 2, 3), "2 3 4 "));
    cr_expect(eq(str, ids_of(sel, ORDER_NEWEST, 13, 9), "1 13 "));
    cr_expect(eq(str, ids_of(sel, ORDER_NEWEST, 15, 9), ""));
    cr_expect(eq(str, ids_of(sel, ORDER_NEWEST, UINT64_MAX, 9), ""));
    selection_close(sel);
    arena_free(&arena);
}

Test(select, rank_is_the_inverse_of_rows)
{
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = open_filter("-id:4", &arena);
    struct fault why = {0};
    for (enum order order = ORDER_OLDEST; order <= ORDER_NEWEST; order++) {
        for (uint64_t rank = 0; rank < 14; rank++) {
            uint64_t back = 99;
            int64_t id = atoll(ids_of(sel, order, rank, 1));
            cr_expect(eq(int, selection_rank(sel, order, id, &back, &why), FAULT_NONE));
            cr_expect(eq(u64, back, rank));
        }
    }
    uint64_t rank;
    cr_expect(eq(int, selection_rank(sel, ORDER_OLDEST, 4, &rank, &why), FAULT_USAGE));
    selection_close(sel);
    arena_free(&arena);
}

static char *facet_text(const char *filter, enum facet facet, size_t limit)
{
    static char text[1000];
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = open_filter(filter, &arena);
    struct facet_row *rows = NULL;
    size_t got = 0, used = 0;
    struct fault why = {0};
    cr_expect(eq(int, selection_facet(sel, facet, limit, &arena, &rows, &got, &why), 0), "%s",
              why.text);
    text[0] = '\0';
    for (size_t i = 0; i < got; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%llu %s; ",
                                 (unsigned long long)rows[i].count,
                                 slice_is_none(rows[i].value) ? "-" : rows[i].value.at);
    selection_close(sel);
    arena_free(&arena);
    return text;
}

Test(select, counts_by_value_most_first)
{
    cr_expect(eq(str, facet_text("", FACET_CLASS, 99),
                 "5 -; 5 success; 4 iij-username-taken; 1 transport-tls; "));
    cr_expect(eq(str, facet_text("", FACET_CATEGORY, 99), "5 -; 5 other; 4 conflict; 1 network; "));
    cr_expect(eq(str, facet_text("", FACET_USER, 2), "4 Sato@Example.com; 4 tanaka@example.com; "));
    cr_expect(eq(str, facet_text("kind:http", FACET_STATUS, 99), "4 201; 2 409; 1 -; 1 502; "));
    cr_expect(eq(str, facet_text("", FACET_SOURCE, 99), "12 a.har; 3 /logs/b.evtx; "));
    cr_expect(eq(str, facet_text("", FACET_STATE, 99), "15 -; "));
    cr_expect(eq(str, facet_text("", FACET_LEVEL, 99), "8 -; 4 information; 2 error; 1 warning; "));
    cr_expect(eq(str, facet_text("kind:event", FACET_EVENT, 99), "3 12800; 2 12801; 2 12802; "));
    cr_expect(eq(str, facet_text("id:999", FACET_CLASS, 99), ""));
}

Test(select, counts_hours_and_days_in_time_order)
{
    cr_expect(eq(str, facet_text("", FACET_HOUR, 99),
                 "13 2025-11-03T08:00:00Z; 1 2025-11-03T09:00:00Z; 1 -; "));
    cr_expect(eq(str, facet_text("", FACET_DAY, 99), "14 2025-11-03T00:00:00Z; 1 -; "));
}

Test(select, classes_tell_their_users_and_span)
{
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = open_filter("class:iij-username-taken", &arena);
    struct facet_row *rows = NULL;
    size_t got = 0;
    struct fault why = {0};
    selection_facet(sel, FACET_CLASS_USERS, 9, &arena, &rows, &got, &why);
    cr_assert(eq(sz, got, 1));
    cr_expect(eq(u64, rows->users, 3)); /* 0 tanaka, 3 nobody, 6 mueller, 9 sato */
    cr_expect(eq(i64, rows->first_us, make_stored(0).entry.time_us));
    cr_expect(eq(i64, rows->last_us, make_stored(9).entry.time_us));
    int64_t oldest, newest;
    selection_span(sel, &oldest, &newest, &why);
    cr_expect(eq(i64, oldest, rows->first_us));
    cr_expect(eq(i64, newest, rows->last_us));
    selection_close(sel);
    sel = open_filter("time:none", &arena);
    selection_span(sel, &oldest, &newest, &why);
    cr_expect(eq(i64, oldest, TIME_NONE));
    cr_expect(eq(i64, newest, TIME_NONE));
    selection_close(sel);
    arena_free(&arena);
}

Test(select, histogram_holds_every_entry_within)
{
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = open_filter("source:a.har", &arena);
    struct fault why = {0};
    uint64_t bars[4] = {9, 9, 9, 9};
    int64_t from = (int64_t)MADE_TIME * TIME_SECOND;
    selection_histogram(sel, from, from + 8 * TIME_SECOND - 1, 4, bars, &why);
    for (int i = 0; i < 4; i++)
        cr_expect(eq(u64, bars[i], 2)); /* entry i stands at second i */
    selection_histogram(sel, INT64_MIN, INT64_MAX, 4, bars, &why);
    cr_expect(eq(u64, bars[0] + bars[1] + bars[2] + bars[3], ROWS));
    cr_expect(eq(u64, bars[2], ROWS));
    selection_histogram(sel, from, from, 4, bars, &why);
    cr_expect(eq(u64, bars[0], 1));
    selection_close(sel);
    arena_free(&arena);
}

struct seen {
    char ids[200];
    size_t used, rows, with_raw, stop_after;
};

static bool see(void *self, const struct entry *entry, struct slice raw)
{
    struct seen *seen = self;
    seen->used += (size_t)snprintf(seen->ids + seen->used, sizeof seen->ids - seen->used, "%lld ",
                                   (long long)entry->id);
    seen->with_raw += raw.len > 0;
    return ++seen->rows != seen->stop_after;
}

Test(select, streams_all_in_order)
{
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = open_filter("is:failure", &arena);
    struct fault why = {0};
    struct seen all = {0}, few = {.stop_after = 2};
    cr_expect(eq(int, selection_each(sel, ORDER_NEWEST, true, see, &all, &why), FAULT_NONE));
    cr_expect(eq(str, all.ids, "10 7 4 1 13 "));
    cr_expect(eq(sz, all.with_raw, 5));
    cr_expect(eq(int, selection_each(sel, ORDER_OLDEST, false, see, &few, &why), FAULT_NONE));
    cr_expect(eq(str, few.ids, "1 4 "));
    cr_expect(eq(sz, few.with_raw, 0));
    selection_close(sel);
    arena_free(&arena);
}

struct reread {
    struct arena *arena;
    struct slice rows[20];
    size_t count;
};

static bool keep_json(void *self, const struct entry *entry, struct slice raw)
{
    struct reread *all = self;
    struct buf out;
    buf_init(&out, 100000);
    entry_write_json(&out, entry);
    buf_add(&out, raw);
    all->rows[all->count++] = arena_copy(all->arena, buf_slice(&out));
    buf_free(&out);
    return all->count < 20;
}

/* Neighbours are read one behind the other, up or down; alone each is searched. */
Test(select, streams_the_same_entries_that_are_read_alone)
{
    static const char *const filters[] = {"", "-status:409", "is:failure"};
    for (size_t f = 0; f < 3; f++)
        for (int order = ORDER_OLDEST; order <= ORDER_NEWEST; order++) {
            struct arena arena;
            struct fault why = {0};
            arena_init(&arena);
            struct reread all = {.arena = &arena}, alone = {.arena = &arena},
                          ahead = {.arena = &arena};
            struct selection *sel = open_filter(filters[f], &arena);
            cr_assert(eq(int, selection_each(sel, order, true, keep_json, &all, &why), 0));
            cr_expect(gt(sz, all.count, 4));
            cr_assert(eq(int, selection_each_ahead(sel, order, true, keep_json, &ahead, &why), 0));
            cr_assert(eq(sz, ahead.count, all.count));
            for (size_t i = 0; i < all.count; i++)
                cr_expect(slice_equal(ahead.rows[i], all.rows[i]));
            for (size_t i = 0; i < all.count; i++) {
                struct entry entry;
                struct slice raw;
                int64_t id;
                json_to_int64(
                    slice_first(slice_from(all.rows[i], 6), slice_find_byte(all.rows[i], ',') - 6),
                    &id);
                cr_assert(eq(int, store_entry(s, id, &arena, &entry, &raw, &why), 0), "%s",
                          all.rows[i].at);
                keep_json(&alone, &entry, raw);
                cr_expect(eq(str, (char *)all.rows[i].at, (char *)alone.rows[i].at));
            }
            selection_close(sel);
            arena_free(&arena);
        }
}

static bool always(void *self)
{
    (void)self;
    return true;
}

/* Lets the first looks pass, so that a question is under way when it turns stale. */
static bool after_some(void *self)
{
    int *looks = self;
    return (*looks)++ > 2;
}

Test(select, gives_up_when_a_newer_question_came)
{
    struct store_source source;
    struct fault why = {0};
    cr_assert(eq(int, import_made(s, "big.har", 30000, &source, &why), FAULT_NONE));
    struct selection *sel = NULL;
    selection_open(&sel, s, NULL, &why);
    uint64_t count;
    store_cancel_when(s, always, NULL);
    cr_expect(eq(int, selection_count(sel, &count, &why), FAULT_CANCELLED));
    int looks = 0;
    store_cancel_when(s, after_some, &looks);
    struct arena arena;
    arena_init(&arena);
    struct facet_row *rows;
    size_t got;
    cr_expect(
        eq(int, selection_facet(sel, FACET_CLASS, 9, &arena, &rows, &got, &why), FAULT_CANCELLED));
    cr_expect(gt(int, looks, 2));
    store_cancel_when(s, NULL, NULL);
    cr_expect(eq(int, selection_count(sel, &count, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(u64, count, 30003), "the store is usable afterwards");
    selection_close(sel);
    arena_free(&arena);
}

Test(select, knows_classes_that_an_import_makes_meanwhile)
{
    struct store *reader = NULL;
    struct fault why = {0};
    cr_assert(eq(int, store_open(&reader, t.db, STORE_READ, &why), FAULT_NONE));
    cr_expect(eq(i64, count_of(reader, "class:new-one"), 0));
    struct store_source source = {.path = SLICE("c.har"), .format = SLICE("har")};
    struct stored one = make_stored(4000);
    one.entry.class_id = SLICE("new-one");
    one.entry.failure = true;
    store_source_begin(s, &source, &why);
    store_write(s, &source, &one, 1, &why);
    cr_expect(eq(i64, count_of(reader, "class:new-one is:failure"), 1));
    store_close(reader);
}

Test(select, describes_classes_once_per_rulebook)
{
    struct store_class classes[] = {
        {SLICE("iij-username-taken"), SLICE("conflict"), SLICE("iij"), true, false, true, true},
        {SLICE("success"), SLICE("other"), SLICE("generic"), false, true, false, false}};
    struct fault why = {0};
    cr_expect(eq(i64, count_of(s, "has:remedy"), 0));
    cr_expect(eq(int, store_set_classes(s, classes, 2, 42, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(i64, count_of(s, "has:remedy"), 4));
    cr_expect(eq(i64, count_of(s, "has:evidence,user"), 13));
    classes[0].remedy = false;
    store_set_classes(s, classes, 2, 42, &why); /* the same rulebook: not even looked at */
    cr_expect(eq(i64, count_of(s, "has:remedy"), 4));
    store_set_classes(s, classes, 2, 43, &why);
    cr_expect(eq(i64, count_of(s, "has:remedy"), 0));
}

/* SQLite refuses conditions nested deeper than 1,000. */
Test(select, takes_the_longest_filters)
{
    static const char *const words[][2] = {{"status:409", ",409"},     {"event:1-4", ",1-4"},
                                           {"is:failure", ",failure"}, {"has:user", ",user"},
                                           {"level:1", ",1"},          {"kind:http", ",http"},
                                           {"path:x", ",x"},           {"class:x", ",x"}};
    static const int64_t counts[] = {2, 0, 5, 12, 0, 8, 0, 0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct buf text;
        buf_init(&text, FILTER_SIZE);
        buf_add_text(&text, words[i][0]);
        while (text.len + strlen(words[i][1]) <= FILTER_SIZE)
            buf_add_text(&text, words[i][1]);
        cr_expect(eq(i64, count_of(s, text.at), counts[i]), "%s", words[i][0]);
        buf_free(&text);
    }
}

Test(select, takes_the_most_terms)
{
    struct buf text;
    buf_init(&text, FILTER_SIZE);
    for (int i = 0; i < FILTER_TERMS; i++)
        buf_add_text(&text, i % 2 ? "text:taken " : "-class:success ");
    cr_expect(eq(i64, count_of(s, text.at), 4));
    buf_free(&text);
}
