/* Columns give the same answers as the rows they are made from: for filters of any combination,
 * while sources arrive out of order, and when the columns are damaged or missing. */
#include "core/explain/problem.h"
#include "core/index/annotate.h"
#include "core/index/select.h"
#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

enum { ENTRIES = 20000, FILTERS = 1000, BARS = 37 };

static struct scratch t;
static struct store *s;
static uint64_t state = 88172645463325252;

static uint64_t roll(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) % below;
}

static void setup(void)
{
    struct fault why = {0};
    scratch_make(&t);
    time_pin_now((int64_t)(MADE_TIME + 40000) * TIME_SECOND);
    state = 88172645463325252;
    if (store_open(&s, t.db, STORE_CREATE, &why))
        cr_fatal("%s", why.text);
}

static void teardown(void)
{
    store_close(s);
    scratch_remove(&t);
}

TestSuite(column, .init = setup, .fini = teardown);

#define said(arena, text, number) arena_format(arena, text, (unsigned long long)(number))

/* An entry that differs from its neighbours in everything a filter asks for; times repeat, some are
 * missing, and a source lies anywhere in the whole. */
static struct stored make_odd(struct arena *arena, uint64_t print, uint64_t source, uint64_t at)
{
    static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE"};
    static const char *const classes[] = {"success", "iij-username-taken", "generic-timeout",
                                          "entra-gone", "transport-dns"};
    struct stored one = make_stored(at);
    struct entry *e = &one.entry;
    one.print = print * 977 + 5;
    one.print_time = (int64_t)print;
    e->time_us = (int64_t)(MADE_TIME + roll(30000) - source * 500) * TIME_SECOND;
    if (roll(3) == 0)
        e->time_us = (int64_t)(MADE_TIME + at / 100) * TIME_SECOND; /* many at once */
    if (roll(40) == 0)
        e->time_us = TIME_NONE;
    e->position = (int64_t)(roll(4) ? at : ENTRIES - at);
    e->bulk_operation = roll(9) ? 0 : (int)roll(3);
    e->status = (int)(roll(5) ? 200 + 100 * roll(4) + roll(12) : 0);
    e->kind = (enum entry_kind)roll(3);
    e->level = (enum level)roll(6);
    e->event_id = roll(4) ? (int64_t)roll(70000) - 1 : -1;
    e->record_id = roll(2) ? (int64_t)roll(100000) : -1;
    uint64_t class = roll(6);
    e->class_id = class < 5 ? slice_of(classes[class]) : SLICE_NONE;
    e->failure = class > 0 && class < 5;
    e->success = class == 0;
    e->category = class == 1 ? SLICE("conflict") : class ? SLICE("network") : SLICE("other");
    e->vendor = class == 2 ? SLICE_NONE : class == 1 ? SLICE("iij") : SLICE("generic");
    e->method = roll(7) ? slice_of(methods[roll(4)]) : SLICE_NONE;
    e->host = roll(7) ? said(arena, "h%llu.example.com", roll(30)) : SLICE_NONE;
    e->user = roll(5) ? said(arena, "User%llu@example.com", roll(700)) : SLICE_NONE;
    e->path = roll(5) ? said(arena, "/scim/v2/Users/%llu", roll(3000)) : SLICE_NONE;
    e->query = roll(3) ? SLICE_NONE : said(arena, "filter=x%llu", roll(50));
    e->url = SLICE_NONE;
    e->detail = roll(3) ? SLICE_NONE
                        : said(arena, "\xE7\x94\xB0\xE4\xB8\xAD \xC3\x84rger no %llu", roll(400));
    e->request_id = roll(3) ? SLICE_NONE : said(arena, "Req-%llu", roll(5000));
    e->scim_type = roll(6) ? SLICE_NONE : SLICE("uniqueness");
    one.raw = roll(50) ? SLICE("{\"a\":1}") : SLICE("{\"t\":\"[redacted:jwt alg=RS256]\"}");
    return one;
}

static void fill(uint64_t entries)
{
    struct fault why = {0};
    struct arena arena;
    arena_init(&arena);
    uint64_t done = 0;
    for (uint64_t n = 0; done < entries; n++) {
        struct store_source source = {.path = said(&arena, "/logs/%llu.har", n % 7),
                                      .format = SLICE("har"),
                                      .size = n,
                                      .label =
                                          n % 3 ? SLICE_NONE : said(&arena, "site%llu", n % 2)};
        cr_assert(eq(int, store_source_begin(s, &source, &why), 0), "%s", why.text);
        uint64_t count = n % 5 == 4 ? 3 : 1 + roll(entries / 6 + 1);
        count = count < entries - done ? count : entries - done;
        struct stored *batch = calloc(count, sizeof *batch);
        for (uint64_t i = 0; i < count; i++)
            batch[i] = make_odd(&arena, done + i + 1, n, i);
        cr_assert(eq(int, store_write(s, &source, batch, count, &why), 0), "%s", why.text);
        free(batch);
        done += count;
        source.complete = true;
        cr_assert(eq(int, store_source_end(s, &source, &why), 0), "%s", why.text);
    }
    arena_free(&arena);
}

static void derive_problems(void)
{
    struct fault why = {0};
    cr_assert(eq(int, problems_update(s, &why), 0), "%s", why.text);
}

/* Remarks of every kind on entries and problems, some of which contradict each other. */
static void remark(unsigned count, uint64_t entries)
{
    static const char *const texts[][3] = {
        {"todo", "marked", "Todo"}, {"n1", "n17", "else"}, {"done", "ignored", "open"}};
    for (unsigned i = 0; i < count; i++) {
        struct fault why = {0};
        enum annotation what = (enum annotation)roll(3);
        struct annotation_change change = {.entry = 1 + (int64_t)roll(entries),
                                           .problem = roll(2) == 0,
                                           .what = what,
                                           .value = slice_of(texts[what][roll(3)])};
        enum fault_code code = annotate(s, &change, &why);
        cr_assert(code == FAULT_NONE || (change.problem && code == FAULT_USAGE), "%s", why.text);
    }
}

/* --- a random filter -------------------------------------------------------------------------- */

static void add_term(struct buf *out)
{
    static const char *const fixed[] = {"is:failure",
                                        "is:success",
                                        "class:iij-username-taken",
                                        "class:*-gone,success",
                                        "class:none",
                                        "category:network",
                                        "vendor:none",
                                        "vendor:iij",
                                        "status:409,5xx",
                                        "status:none",
                                        "status:<300",
                                        "status:>=400",
                                        "status:none,200",
                                        "kind:http",
                                        "kind:event,provisioning",
                                        "level:error,none",
                                        "level:warning",
                                        "event:none",
                                        "event:<1000",
                                        "event:60000-69999",
                                        "method:post",
                                        "method:none,GET",
                                        "host:none",
                                        "host:h1*",
                                        "host:h7.example.com",
                                        "source:3.har",
                                        "source:*2*",
                                        "label:none",
                                        "label:site1",
                                        "label:none,site0",
                                        "has:token",
                                        "has:user",
                                        "has:remedy",
                                        "user:none",
                                        "user:user12",
                                        "user:*7@example.com",
                                        "user:USER1@EXAMPLE.COM,none",
                                        "scimtype:uniqueness",
                                        "scimtype:none",
                                        "since:9h",
                                        "since:1h@end",
                                        "until:1h",
                                        "time:2025-11-03T10:00..",
                                        "time:none",
                                        "path:none",
                                        "path:/scim/v2/users/1*",
                                        "path:/scim/v2/Users/77",
                                        "request-id:none",
                                        "request-id:req-4*",
                                        "request-id:REQ-99",
                                        "rger",
                                        "\xE4\xB8\xAD",
                                        "text:x4",
                                        "text:\xC3\xA4*7",
                                        "42",
                                        "\"users/1\"",
                                        "user3",
                                        "text:req-1,x2",
                                        "id:>5000",
                                        "id:1-100,500-9000",
                                        "mark:todo",
                                        "mark:todo,none",
                                        "note:none",
                                        "note:n1*",
                                        "work:open",
                                        "work:done",
                                        "work:ignored,open",
                                        "state:failing",
                                        "state:none,resolved",
                                        "state:unknown",
                                        "is:resolved",
                                        "is:unknown",
                                        "has:mark",
                                        "problem:70",
                                        "problem:1-90,none",
                                        "body:rs256",
                                        "has:note",
                                        "is:failing",
                                        "problem:none",
                                        "zzz-nowhere"};
    buf_add_text(out, out->len ? " " : "");
    if (roll(4) == 0)
        buf_add_byte(out, '-');
    switch (roll(6)) {
    case 0:
        buf_add_format(out, "user:User%llu@example.com", (unsigned long long)roll(700));
        break;
    case 1:
        buf_add_format(out, "status:%llu", (unsigned long long)(200 + roll(400)));
        break;
    default:
        buf_add_text(out, fixed[roll(sizeof fixed / sizeof *fixed)]);
    }
}

static struct filter *random_filter(struct arena *arena)
{
    struct filter *filter = NULL;
    while (!filter) {
        struct buf text;
        struct fault why = {0};
        buf_init(&text, FILTER_SIZE);
        for (uint64_t terms = roll(4) + (roll(20) != 0); terms > 0; terms--)
            add_term(&text);
        buf_add_text(&text, "");
        struct slice copy = arena_copy(arena, buf_slice(&text));
        if (filter_parse(&filter, copy, arena, &why))
            filter = NULL; /* two terms that do not go together */
        buf_free(&text);
    }
    return filter;
}

/* --- comparing -------------------------------------------------------------------------------- */

static struct selection *open_one(struct store *from, const struct filter *filter, bool by_rows)
{
    struct selection *sel = NULL;
    cr_assert(eq(int, selection_open(&sel, from, filter, NULL), 0));
    if (by_rows)
        sel->prepared = sel->by_rows = true;
    return sel;
}

static void same_facets(struct selection *a, struct selection *b, const char *text)
{
    struct fault why = {0};
    for (enum facet f = 0; f < FACETS; f++) {
        struct arena arena;
        struct facet_row *left, *right;
        size_t left_got, right_got, limit = f == FACET_EVENT ? 30 : SIZE_MAX;
        arena_init(&arena);
        cr_assert(eq(int, selection_facet(a, f, limit, &arena, &left, &left_got, &why), 0), "%s",
                  why.text);
        cr_assert(eq(int, selection_facet(b, f, limit, &arena, &right, &right_got, &why), 0));
        cr_assert(eq(sz, left_got, right_got), "%s of %s", facet_name(f), text);
        for (size_t i = 0; i < left_got; i++) {
            cr_assert(slice_equal(left[i].value, right[i].value), "%s of %s", facet_name(f), text);
            cr_assert(eq(u64, left[i].count, right[i].count), "%s of %s", facet_name(f), text);
            cr_assert(eq(u64, left[i].users, right[i].users), "%s of %s", facet_name(f), text);
            cr_assert(left[i].first_us == right[i].first_us && left[i].last_us == right[i].last_us,
                      "%s of %s", facet_name(f), text);
        }
        arena_free(&arena);
    }
}

static void same_rows(struct selection *a, struct selection *b, uint64_t count, const char *text)
{
    struct fault why = {0};
    for (int i = 0; i < 3; i++) {
        struct arena arena;
        struct entry *left, *right;
        size_t left_got, right_got;
        enum order order = roll(2) ? ORDER_NEWEST : ORDER_OLDEST;
        uint64_t first = i == 0 ? 0 : roll(count + 2), rank = 0, back = 0;
        arena_init(&arena);
        cr_assert(eq(int, selection_rows(a, order, first, 25, &arena, &left, &left_got, &why), 0),
                  "%s", why.text);
        cr_assert(
            eq(int, selection_rows(b, order, first, 25, &arena, &right, &right_got, &why), 0));
        cr_assert(eq(sz, left_got, right_got), "%s", text);
        for (size_t r = 0; r < left_got; r++)
            cr_assert(eq(i64, left[r].id, right[r].id), "row %zu + %zu of %s", (size_t)first, r,
                      text);
        if (left_got) {
            cr_assert(eq(int, selection_rank(a, order, left[0].id, &rank, &why), 0), "%s", text);
            cr_assert(eq(int, selection_rank(b, order, left[0].id, &back, &why), 0), "%s", text);
            cr_assert(rank == first && back == first, "%s", text);
        }
        uint64_t unused;
        int64_t any = (int64_t)roll(ENTRIES);
        cr_assert(eq(int, selection_rank(a, order, any, &unused, NULL),
                     selection_rank(b, order, any, &back, NULL)),
                  "%s", text);
        arena_free(&arena);
    }
}

static void same(struct store *from, const struct filter *filter, bool facets)
{
    const char *text = filter ? filter->text.at : "everything";
    struct selection *a = open_one(from, filter, false), *b = open_one(from, filter, true);
    struct fault why = {0};
    uint64_t left = 0, right = 0, bars[2][BARS];
    int64_t span[4];
    cr_assert(eq(int, selection_count(a, &left, &why), 0), "%s: %s", text, why.text);
    cr_assert(eq(int, selection_count(b, &right, &why), 0), "%s: %s", text, why.text);
    cr_assert(eq(u64, left, right), "%s", text);
    cr_assert(not(a->by_rows), "%s was answered by rows", text);
    selection_span(a, &span[0], &span[1], NULL);
    selection_span(b, &span[2], &span[3], NULL);
    cr_assert(span[0] == span[2] && span[1] == span[3], "span of %s", text);
    int64_t from_us = (int64_t)(MADE_TIME + roll(9000)) * TIME_SECOND;
    int64_t to_us = from_us + (int64_t)roll(20000) * TIME_SECOND + (int64_t)roll(3);
    selection_histogram(a, from_us, to_us, BARS, bars[0], NULL);
    selection_histogram(b, from_us, to_us, BARS, bars[1], NULL);
    cr_assert(memcmp(bars[0], bars[1], sizeof *bars) == 0, "timeline of %s", text);
    same_rows(a, b, left, text);
    if (facets)
        same_facets(a, b, text);
    selection_close(a);
    selection_close(b);
}

Test(column, says_what_the_rows_say_for_random_filters, .timeout = 600)
{
    fill(ENTRIES);
    derive_problems();
    remark(300, ENTRIES);
    struct store_source more; /* failures of no problem yet */
    cr_assert(eq(int, import_made(s, "more.har", 90, &more, NULL), 0));
    same(s, NULL, true);
    for (int i = 0; i < FILTERS; i++) {
        struct arena arena;
        arena_init(&arena);
        same(s, random_filter(&arena), i % 10 == 0);
        arena_free(&arena);
    }
}

/* --- problems --------------------------------------------------------------------------------- */

/* What tells whether two lists of problems are the same. */
static uint64_t problems_hash(const struct filter *filter, size_t *count)
{
    struct arena arena;
    struct problem *rows;
    struct fault why = {0};
    uint64_t hash = 0;
    arena_init(&arena);
    cr_assert(eq(int, problem_list(s, filter, &arena, &rows, count, &why), 0), "%s", why.text);
    for (size_t i = 0; i < *count; i++)
        hash = hash * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)rows[i].id * 31 + rows[i].attempts;
    arena_free(&arena);
    return hash;
}

static void run_sql(const char *sql);

Test(column, lists_the_problems_that_the_rows_list)
{
    enum { LISTS = 60 };
    struct filter *filters[LISTS];
    uint64_t hashes[LISTS];
    size_t counts[LISTS], count, some = 0;
    struct arena arena;
    arena_init(&arena);
    fill(4000);
    derive_problems();
    remark(50, 4000);
    for (int i = 0; i < LISTS; i++) {
        filters[i] = random_filter(&arena);
        hashes[i] = problems_hash(filters[i], &counts[i]);
        some += counts[i] > 0;
    }
    cr_expect(gt(sz, some, LISTS / 4));
    run_sql("DELETE FROM column_block");
    for (int i = 0; i < LISTS; i++) {
        cr_expect(eq(u64, problems_hash(filters[i], &count), hashes[i]), "%s", filters[i]->text.at);
        cr_expect(eq(sz, count, counts[i]), "%s", filters[i]->text.at);
    }
    arena_free(&arena);
}

Test(column, tells_the_state_that_a_problem_has_now)
{
    struct fault why = {0};
    struct store_source source;
    cr_assert(eq(int, import_made(s, "a.har", 30, &source, &why), 0), "%s", why.text);
    cr_expect(eq(i64, count_of(s, "-state:none"), 10));
    cr_expect(eq(i64, count_of(s, "state:failing,resolved,unknown"), 0));
    derive_problems();
    int64_t failing = count_of(s, "state:failing");
    cr_expect(gt(i64, failing, 0));
    struct filter *all = NULL;
    struct arena arena;
    arena_init(&arena);
    cr_assert(eq(int, filter_parse(&all, SLICE(""), &arena, &why), 0));
    same(s, all, true);
    run_sql("UPDATE problem SET state = 2 WHERE state = 1");
    cr_expect(eq(i64, count_of(s, "state:failing"), 0));
    cr_expect(ge(i64, count_of(s, "state:resolved"), failing));
    same(s, all, true);
    arena_free(&arena);
}

/* --- piece by piece --------------------------------------------------------------------------- */

static const char *const slow[] = {"rger",
                                   "body:redacted",
                                   "body:redacted is:failure status:409",
                                   "-body:redacted user:user1* no",
                                   "has:note",
                                   "is:failure"};
enum { SLOW = sizeof slow / sizeof *slow };

static int looks;

/* Not for ever: what is given up within a block begins that block anew. */
static bool every_third_look(void *self)
{
    (void)self;
    return ++looks % 3 == 0 && looks < 90;
}

/* Each step finds some more; a step that is given up loses nothing. */
static void find_by_steps(const char *text, bool disturbed)
{
    struct arena arena;
    struct filter *filter = NULL;
    struct fault why = {0};
    uint64_t count = 0, before = 0, all = 0;
    unsigned done = 0, steps = 0;
    arena_init(&arena);
    cr_assert(eq(int, filter_parse(&filter, slice_of(text), &arena, &why), 0));
    struct selection *a = open_one(s, filter, false), *b = open_one(s, filter, true);
    looks = 0;
    if (disturbed)
        store_cancel_when(s, every_third_look, NULL);
    for (; done < SCAN_DONE && steps < 5000; steps++, before = count) {
        enum fault_code code = selection_scan(a, 0, &done, &why);
        cr_assert(code == FAULT_NONE || (disturbed && code == FAULT_CANCELLED), "%s: %s", text,
                  why.text);
        if (!code && !selection_count(a, &count, &why))
            cr_assert(ge(u64, count, before), "%s", text);
    }
    store_cancel_when(s, NULL, NULL);
    cr_expect(gt(int, (int)steps, 1), "%s was found in %u steps", text, steps);
    cr_expect(eq(int, (int)done, SCAN_DONE));
    selection_count(a, &count, &why);
    selection_count(b, &all, &why);
    cr_assert(eq(u64, count, all), "%s", text);
    cr_assert(not(a->by_rows), "%s", text);
    same_rows(a, b, count, text);
    same_facets(a, b, text);
    selection_close(a);
    selection_close(b);
    arena_free(&arena);
}

Test(column, finds_piece_by_piece_what_it_finds_at_once, .timeout = 300)
{
    fill(6000);
    for (int i = 0; i < SLOW; i++) {
        find_by_steps(slow[i], false);
        find_by_steps(slow[i], true);
    }
}

/* --- damage ----------------------------------------------------------------------------------- */

static void run_sql(const char *sql)
{
    sqlite3 *db = NULL;
    char *bad = NULL;
    sqlite3_open(t.db, &db);
    cr_assert(eq(int, sqlite3_exec(db, sql, NULL, NULL, &bad), SQLITE_OK), "%s", bad);
    sqlite3_close(db);
}

static void hush(void *self, const char *line)
{
    (void)self;
    (void)line;
}

static uint64_t faults_of(struct store *from)
{
    uint64_t faults = 0;
    struct fault why = {0};
    cr_assert(eq(int, store_verify(from, hush, NULL, &faults, &why), 0), "%s", why.text);
    return faults;
}

struct damage {
    char sql[160];
    bool found; /* verify tells */
};

ParameterizedTestParameters(column, answers_and_heals_when_damaged)
{
    static struct damage rows[] = {
        {"DELETE FROM column_data WHERE id % 32 = 2", true},
        {"DELETE FROM column_data WHERE id % 32 = 23", true},
        {"DELETE FROM column_data", true},
        {"DELETE FROM column_block", true},
        {"DELETE FROM column_block WHERE id = (SELECT max(id) FROM column_block)", true},
        {"UPDATE column_data SET data = substr(data, 1, 20)", true},
        {"UPDATE column_data SET data = zeroblob(length(data)) WHERE id % 32 = 0", true},
        {"UPDATE column_data SET data = substr(data, 1, 30) || x'5A5A5A' || substr(data, 34)",
         true},
        {"UPDATE column_data SET data = NULL", true},
        {"UPDATE column_data SET data = 'text'", true},
        {"UPDATE column_block SET entries = entries + 1", true},
        {"UPDATE column_block SET classes = x'00'", true},
        {"UPDATE column_block SET flags = 1", false}};
    return cr_make_param_array(struct damage, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(const struct damage *row, column, answers_and_heals_when_damaged)
{
    struct store *reader = NULL;
    struct fault why = {0};
    fill(2000);
    cr_assert(eq(u64, faults_of(s), 0));
    store_close(s);
    run_sql(row->sql);
    cr_assert(eq(int, store_open(&reader, t.db, STORE_READ, &why), 0), "%s", why.text);
    bool told = faults_of(reader) > 0;
    cr_expect(told == row->found, "%s", row->sql);
    static const char *const questions[] = {"is:failure", "user:user1* rger", "path:*7 status:5xx"};
    for (size_t i = 0; i < 3; i++) {
        struct arena arena;
        struct filter *filter = NULL;
        arena_init(&arena);
        cr_assert(eq(int, filter_parse(&filter, slice_of(questions[i]), &arena, &why), 0));
        struct selection *a = open_one(reader, filter, false), *b = open_one(reader, filter, true);
        uint64_t left = 0, right = 0;
        cr_expect(eq(int, selection_count(a, &left, &why), 0), "%s: %s", row->sql, why.text);
        cr_expect(eq(int, selection_count(b, &right, &why), 0));
        cr_expect(eq(u64, left, right), "%s after %s", questions[i], row->sql);
        same_rows(a, b, left, questions[i]);
        same_facets(a, b, questions[i]);
        selection_close(a);
        selection_close(b);
        arena_free(&arena);
    }
    store_close(reader);
    /* The next import puts everything right. */
    struct store_source source;
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, &why), 0), "%s", why.text);
    cr_assert(eq(int, import_made(s, "one-more.har", 3, &source, &why), 0), "%s", why.text);
    cr_expect(eq(u64, faults_of(s), 0), "%s", row->sql);
    same(s, NULL, true);
}

/* Columns as they are without the blocks behind the first `kept`. */
static struct store *without_columns(unsigned kept)
{
    char sql[160];
    struct store *out = NULL;
    struct fault why = {0};
    snprintf(sql, sizeof sql,
             "DELETE FROM column_block WHERE id NOT IN (SELECT id FROM column_block ORDER BY id "
             "LIMIT %u)",
             kept);
    store_close(s);
    s = NULL;
    run_sql(sql);
    cr_assert(eq(int, store_open(&out, t.db, STORE_WRITE, &why), 0), "%s", why.text);
    return out;
}

static uint64_t due_of(struct store *from)
{
    uint64_t due = 77;
    struct fault why = {0};
    cr_assert(eq(int, store_columns_due(from, &due, &why), 0), "%s", why.text);
    return due;
}

Test(column, makes_missing_blocks_without_an_import)
{
    for (unsigned kept = 0; kept < 2; kept++) {
        struct fault why = {0};
        uint64_t made = 0;
        if (kept)
            cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, &why), 0));
        fill(2000 + 100 * kept);
        cr_expect(eq(u64, due_of(s), 0));
        struct store *writing = without_columns(kept);
        cr_assert(gt(u64, faults_of(writing), 0));
        uint64_t due = due_of(writing);
        cr_expect(ge(u64, due, 2000));
        cr_assert(eq(int, store_columns_make(writing, NULL, &made, &why), 0), "%s", why.text);
        cr_expect(eq(u64, made, due));
        cr_expect(eq(u64, due_of(writing), 0));
        cr_expect(eq(u64, faults_of(writing), 0));
        same(writing, NULL, true);
        cr_assert(eq(int, store_columns_make(writing, NULL, &made, &why), 0), "%s", why.text);
        cr_expect(eq(u64, made, 0));
        store_close(writing);
    }
}

Test(column, goes_on_making_blocks_where_it_was_stopped)
{
    struct fault why = {0};
    uint64_t made = 0;
    _Atomic bool stop = true;
    fill(2000);
    int64_t failures = count_of(s, "is:failure");
    struct store *writing = without_columns(0);
    cr_assert(eq(int, store_columns_make(writing, &stop, &made, &why), 0), "%s", why.text);
    cr_expect(eq(u64, made, 0));
    cr_expect(eq(u64, due_of(writing), 2000));
    /* as a run leaves it that made one block of the first rows only */
    run_sql(
        "INSERT INTO column_block(id, stamp, first_id, last_id, entries, timed, flags, classes) "
        "VALUES(900000, 900000, 1, 500, 500, 0, 0, x'');"
        "INSERT OR REPLACE INTO meta(key, value) VALUES('columns_made', 500)");
    cr_expect(eq(i64, count_of(writing, "is:failure"), failures));
    cr_assert(eq(int, store_columns_make(writing, NULL, &made, &why), 0), "%s", why.text);
    cr_expect(eq(u64, made, 2000));
    cr_expect(eq(u64, due_of(writing), 0));
    store_close(writing);
    run_sql("CREATE TABLE told AS SELECT min(first_id) = 1 AND max(last_id) = 2000 AND "
            "sum(id = 900000) = 1 AS kept FROM column_block;"
            "SELECT CASE WHEN kept THEN 1 ELSE abs(-9223372036854775808) END FROM told;"
            "DROP TABLE told");
}

Test(column, makes_no_blocks_where_it_may_not)
{
    struct store *reader = NULL;
    struct fault why = {0};
    uint64_t made = 7;
    fill(300);
    int64_t failures = count_of(s, "is:failure");
    struct store *writing = without_columns(0);
    cr_assert(eq(int, store_open(&reader, t.db, STORE_READ, &why), 0));
    cr_expect(eq(int, store_columns_make(reader, NULL, &made, &why), FAULT_INDEX));
    cr_expect(eq(u64, made, 0));
    cr_expect(eq(i64, count_of(reader, "is:failure"), failures));
    store_close(reader);
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, &why), 0)); /* an import holds it */
    cr_expect(eq(int, store_columns_make(writing, NULL, &made, &why), FAULT_BUSY));
    cr_assert(eq(int, store_columns_make(s, NULL, &made, &why), 0), "%s", why.text);
    cr_expect(eq(u64, made, 300));
    cr_expect(eq(u64, due_of(writing), 0));
    store_close(writing);
}

Test(column, follows_users_and_rows_that_change)
{
    struct fault why = {0};
    fill(3000);
    same(s, NULL, true);
    cr_assert(eq(int, store_link_begin(s, &why), 0));
    for (int64_t id = 1; id < 3000; id += 37)
        cr_assert(eq(int, store_set_user(s, id, SLICE("linked@example.com"), id, &why), 0));
    cr_assert(eq(int, store_link_commit(s, 1, true, &why), 0), "%s", why.text);
    struct store *reader = NULL;
    cr_assert(eq(int, store_open(&reader, t.db, STORE_READ, &why), 0));
    cr_expect(eq(i64, count_of(reader, "user:linked"), 82)); /* before linking is done */
    same(reader, NULL, true);
    cr_assert(eq(int, store_link_commit(s, 1, false, &why), 0), "%s", why.text);
    cr_expect(eq(i64, count_of(reader, "user:linked"), 82));
    same(reader, NULL, true);
    cr_expect(eq(u64, faults_of(reader), 0));
    derive_problems();
    same(reader, NULL, true);
    cr_expect(gt(i64, count_of(reader, "user:linked is:failing"), 0));
    store_close(reader);
}

Test(column, keeps_a_selection_as_it_was_while_an_import_goes_on)
{
    struct fault why = {0};
    struct store *reader = NULL;
    struct arena arena;
    struct facet_row *rows;
    size_t got;
    uint64_t before = 0, sum = 0;
    arena_init(&arena);
    fill(1000);
    cr_assert(eq(int, store_open(&reader, t.db, STORE_READ, &why), 0));
    struct selection *sel = open_one(reader, NULL, false);
    selection_count(sel, &before, NULL);
    struct store_source source;
    for (int i = 0; i < 9; i++) { /* small blocks, which are merged */
        char path[16];
        snprintf(path, sizeof path, "%d.har", i);
        struct stored one = make_stored((uint64_t)i);
        one.print = 77777 + (uint64_t)i;
        source = (struct store_source){.path = slice_of(path), .format = SLICE("har")};
        store_source_begin(s, &source, &why);
        cr_assert(eq(int, store_write(s, &source, &one, 1, &why), 0));
    }
    cr_assert(eq(int, selection_facet(sel, FACET_STATUS, SIZE_MAX, &arena, &rows, &got, &why), 0));
    for (size_t i = 0; i < got; i++)
        sum += rows[i].count;
    cr_expect(eq(u64, sum, before));
    selection_close(sel);
    cr_expect(eq(i64, count_of(reader, ""), 1009));
    store_close(reader);
    arena_free(&arena);
}

Test(column, cuts_a_list_of_users_where_the_whole_list_goes_on)
{
    struct fault why = {0};
    struct arena arena;
    struct facet_row *whole, *cut;
    size_t whole_got, cut_got;
    arena_init(&arena);
    fill(3000);
    struct selection *sel = open_one(s, NULL, false);
    cr_assert(
        eq(int, selection_facet(sel, FACET_USER, SIZE_MAX, &arena, &whole, &whole_got, &why), 0));
    for (size_t limit = 1; limit < whole_got; limit += 41) {
        cr_assert(
            eq(int, selection_facet(sel, FACET_USER, limit, &arena, &cut, &cut_got, &why), 0));
        cr_assert(eq(sz, cut_got, limit));
        for (size_t i = 0; i < limit; i++)
            cr_assert(slice_equal(cut[i].value, whole[i].value) && cut[i].count == whole[i].count);
    }
    selection_close(sel);
    arena_free(&arena);
}
