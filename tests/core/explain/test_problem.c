/* Problems through a real index: which there are and what became of them depends on the entries
 * alone, not on the order of their import nor on batches. */
#include "core/explain/problem.h"
#include "core/forget.h"
#include "core/index/filter.h"
#include "tests/core/filling.h"
#include "tests/index_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Rows of plays leave out what they do not need. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { PARTS = 3, LINES = 32, LINE = 200 };

static struct rulebook *book;
static char folder[] = "/tmp/scimscope-problem-XXXXXX";
static char path[64];

static void begin(void)
{
    struct fault why = {0};
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/index.db", folder);
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
}

static void end(void)
{
    index_remove(path);
    rmdir(folder);
    rulebook_free(book);
}

TestSuite(problem, .init = begin, .fini = end);

struct play {
    int part;           /* which source it comes in */
    int64_t time;       /* seconds; 0 = none */
    const char *method; /* NULL: an event */
    const char *text;   /* message, or URL */
    int status;
    const char *asked, *answered; /* bodies */
};

#define ERROR(detail, status)                                                                      \
    "SCIM response error.\n\n{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"      \
    "\"detail\":\"" detail "\",\"status\":\"" status "\"}"
#define USERS "https://h.test/scim/v2/Users"
#define GROUPS "https://h.test/scim/v2/Groups"

static const struct play plays[] = {
    /* An event's failure, resolved when the same user is done with. */
    {0, 100, NULL, "Processing user. userName=tanaka@ex.jp operation=create"},
    {1, 101, NULL, ERROR("userName has already been taken", "409")},
    {2, 900, NULL, "User created. userName=Tanaka@ex.jp externalId=1"},
    /* One that is not: the success came before. */
    {0, 150, NULL, "User created. userName=sato@ex.jp externalId=2"},
    {1, 200, NULL, "Processing user. userName=sato@ex.jp operation=update"},
    {0, 201, NULL, ERROR("userName has already been taken", "409")},
    /* Of nobody: a refused token ends when anything is done; nothing tells of other errors. */
    {1, 300, NULL, ERROR("Unauthorized", "401")},
    {1, 310, NULL, ERROR("userName has already been taken", "409")},
    /* Calls: twice refused in different spelling, then made. A read is another operation. */
    {0, 1000, "POST", USERS, 409, "{\"userName\":\"Ito@ex.jp\"}"},
    {2, 1010, "POST", USERS, 409, "{\"userName\":\"ito@ex.jp\"}"},
    {1, 1020, "GET", USERS "?filter=userName%20eq%20%22ito@ex.jp%22", 200},
    {1, 1030, "POST", USERS, 201, "{\"userName\":\"ito@ex.jp\"}"},
    {0, 1040, "POST", USERS, 201, "{\"userName\":\"ito@ex.jp\"}"},
    /* Read, but not made. */
    {1, 1100, "POST", USERS, 409, "{\"userName\":\"abe@ex.jp\"}"},
    {2, 1110, "GET", USERS "?filter=userName%20eq%20%22abe@ex.jp%22", 200},
    /* PATCH makes up for PUT; the name of the id comes from another call. */
    {2, 1200, "PUT", USERS "/17", 400, "{\"active\":true}"},
    {0, 1210, "PATCH", USERS "/17", 200},
    {1, 1220, "GET", USERS "/17", 200, NULL, "{\"id\":\"17\",\"userName\":\"mori@ex.jp\"}"},
    /* On another host it is another operation. */
    {0, 1300, "DELETE", USERS "/18", 404},
    {1, 1310, "DELETE", "https://other.test/scim/v2/Users/18", 204},
    /* No user: the resource. */
    {0, 1400, "PATCH", GROUPS "/g", 400},
    {1, 1410, "PATCH", GROUPS "/g", 204},
    {2, 1420, "PATCH", GROUPS "/k", 400},
    /* Without a time nothing can tell. */
    {1, 0, "POST", USERS, 409, "{\"userName\":\"ueda@ex.jp\"}"},
};
enum { PLAYS = sizeof plays / sizeof *plays };

/* subject class attempts state first last <time of what resolved it; times in seconds */
static const char *const expected[] = {
    "18 http-404 1 failing 1300 1300",
    "IIJ Directory Sync on PC iij-12808-other 1 resolved 300 300 <900",
    "IIJ Directory Sync on PC iij-username-taken 1 unknown 310 310",
    "Ito@ex.jp http-409 2 resolved 1000 1010 <1030",
    "abe@ex.jp http-409 1 failing 1100 1100",
    "h.test/scim/v2/Groups/g http-400 1 resolved 1400 1400 <1410",
    "h.test/scim/v2/Groups/k http-400 1 failing 1420 1420",
    "mori@ex.jp http-400 1 resolved 1200 1200 <1210",
    "sato@ex.jp iij-username-taken 1 failing 201 201",
    "tanaka@ex.jp iij-username-taken 1 resolved 101 101 <900",
    "ueda@ex.jp http-409 1 unknown - -",
};

static struct record record_of(const struct play *play, size_t number)
{
    struct record record = {.time_us = play->time ? play->time * TIME_SECOND : TIME_NONE,
                            .position = number};
    if (!play->method) {
        record.kind = KIND_EVENT;
        record.event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                             .computer = SLICE("PC"),
                                             .channel = SLICE("Application"),
                                             .event_id = 12808,
                                             .record_id = (int64_t)number + 1,
                                             .message = slice_of(play->text)};
        return record;
    }
    record.kind = KIND_HTTP;
    record.http = (struct record_http){.method = slice_of(play->method),
                                       .url = slice_of(play->text),
                                       .status = play->status,
                                       .duration_us = -1};
    record.http.request.body.text = slice_of(play->asked);
    record.http.request.body.size = record.http.request.body.text.len;
    record.http.response.body.text = slice_of(play->answered);
    record.http.response.body.size = record.http.response.body.text.len;
    return record;
}

static void import_part(struct store *s, int part, bool one_by_one)
{
    struct filling f;
    char name[16];
    snprintf(name, sizeof name, "part%d", part);
    filling_begin(&f, s, book, name);
    for (size_t i = 0; i < PLAYS; i++) {
        if (part >= 0 && plays[i].part != part)
            continue;
        struct record record = record_of(&plays[i], i);
        filling_add(&f, &record);
        if (one_by_one)
            filling_commit(&f, i + 1);
    }
    filling_end(&f);
}

static void add_seconds(char *out, size_t size, int64_t time_us)
{
    size_t used = strlen(out);
    if (time_us == TIME_NONE)
        snprintf(out + used, size - used, " -");
    else
        snprintf(out + used, size - used, " %d", (int)(time_us / TIME_SECOND));
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* One line per problem, sorted; returns how many. */
static size_t list_lines(struct store *s, char lines[LINES][LINE])
{
    struct fault why = {0};
    struct arena arena;
    struct problem *rows;
    size_t count;
    arena_init(&arena);
    cr_assert_eq(problem_list(s, NULL, &arena, &rows, &count, &why), FAULT_NONE, "%s", why.text);
    cr_assert_lt(count, (size_t)LINES);
    for (size_t i = 0; i < count; i++) {
        const struct problem *p = &rows[i];
        snprintf(lines[i], LINE, "%.*s %.*s %d %s", (int)p->subject.len, p->subject.at,
                 (int)p->class_id.len, p->class_id.at, (int)p->attempts,
                 problem_state_name(p->state));
        add_seconds(lines[i], LINE, p->first_us);
        add_seconds(lines[i], LINE, p->last_us);
        if (!p->resolved_by)
            continue;
        struct entry entry;
        cr_assert_eq(store_entry(s, p->resolved_by, &arena, &entry, NULL, &why), FAULT_NONE, "%s",
                     why.text);
        cr_expect_eq(entry.time_us, p->resolved_us);
        size_t used = strlen(lines[i]);
        snprintf(lines[i] + used, LINE - used, " <%d", (int)(entry.time_us / TIME_SECOND));
    }
    qsort(lines, count, LINE, compare_lines);
    arena_free(&arena);
    return count;
}

static void expect_problems(struct store *s, const char *how)
{
    static char lines[LINES][LINE];
    size_t count = list_lines(s, lines);
    cr_expect_eq(count, sizeof expected / sizeof *expected, "%s: %zu problems", how, count);
    for (size_t i = 0; i < count && i < sizeof expected / sizeof *expected; i++)
        cr_expect_str_eq(lines[i], expected[i], "%s: %s", how, lines[i]);
}

static struct store *opened(void)
{
    struct fault why = {0};
    struct store *s = NULL;
    cr_assert_eq(store_open(&s, path, STORE_CREATE, &why), FAULT_NONE, "%s", why.text);
    return s;
}

#define ORDER_TEST(a, b, c)                                                                        \
    Test(problem, is_the_same_in_order_##a##b##c)                                                  \
    {                                                                                              \
        struct store *s = opened();                                                                \
        import_part(s, a, false);                                                                  \
        import_part(s, b, false);                                                                  \
        import_part(s, c, false);                                                                  \
        expect_problems(s, "in parts");                                                            \
        store_close(s);                                                                            \
    }

ORDER_TEST(0, 1, 2)
ORDER_TEST(0, 2, 1)
ORDER_TEST(1, 0, 2)
ORDER_TEST(1, 2, 0)
ORDER_TEST(2, 0, 1)
ORDER_TEST(2, 1, 0)

Test(problem, is_the_same_in_one_file)
{
    struct store *s = opened();
    import_part(s, -1, false);
    expect_problems(s, "in one file");
    import_part(s, -1, false);
    expect_problems(s, "imported again");
    store_close(s);
}

Test(problem, is_the_same_in_batches_of_one)
{
    struct store *s = opened();
    for (int part = PARTS - 1; part >= 0; part--)
        import_part(s, part, true);
    expect_problems(s, "in batches of one");
    store_close(s);
}

/* What resolved a problem may go again. */
Test(problem, is_after_forgetting_as_if_the_source_had_never_come)
{
    static char without[LINES][LINE], forgotten[LINES][LINE];
    struct fault why = {0};
    struct store_source *sources;
    struct arena arena;
    size_t count;
    uint64_t entries;
    arena_init(&arena);
    for (int part = 0; part < PARTS; part++) {
        struct store *s = opened();
        for (int other = 0; other < PARTS; other++)
            if (other != part)
                import_part(s, other, false);
        size_t expects = list_lines(s, without);
        import_part(s, part, false);
        cr_assert_eq(store_sources(s, &arena, &sources, &count, &why), FAULT_NONE);
        struct store_forget what = {.source = sources[count - 1].id, .before_us = TIME_NONE};
        store_close(s);
        cr_assert_eq(store_open(&s, path, STORE_WRITE, &why), FAULT_NONE, "%s", why.text);
        cr_assert_eq(forget_entries(s, book, &what, &entries, &why), FAULT_NONE, "%s", why.text);
        cr_expect_gt(entries, 0);
        cr_expect_eq(list_lines(s, forgotten), expects, "part %d", part);
        for (size_t i = 0; i < expects; i++)
            cr_expect_str_eq(forgotten[i], without[i], "part %d: %s", part, forgotten[i]);
        store_close(s);
        unlink(path);
    }
    arena_free(&arena);
}

/* --- asking ----------------------------------------------------------------------------------- */

static int64_t count_of(struct store *s, const char *text)
{
    struct arena arena;
    struct filter *filter = NULL;
    struct selection *sel = NULL;
    struct fault why = {0};
    uint64_t count = 0;
    arena_init(&arena);
    cr_assert_eq(filter_parse(&filter, slice_of(text), &arena, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(selection_open(&sel, s, filter, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(selection_count(sel, &count, &why), FAULT_NONE, "%s", why.text);
    selection_close(sel);
    arena_free(&arena);
    return (int64_t)count;
}

static size_t problems_of(struct store *s, const char *text)
{
    struct arena arena;
    struct filter *filter = NULL;
    struct problem *rows;
    struct fault why = {0};
    size_t count;
    arena_init(&arena);
    cr_assert_eq(filter_parse(&filter, slice_of(text), &arena, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(problem_list(s, filter, &arena, &rows, &count, &why), FAULT_NONE, "%s", why.text);
    arena_free(&arena);
    return count;
}

Test(problem, gives_its_entries_their_state)
{
    struct store *s = opened();
    import_part(s, -1, false);
    cr_expect_eq(count_of(s, "is:failing"), 4);
    cr_expect_eq(count_of(s, "is:resolved"), 6);
    cr_expect_eq(count_of(s, "is:unknown"), 2);
    cr_expect_eq(count_of(s, "is:failing,unknown"), 6);
    cr_expect_eq(count_of(s, "problem:none"), PLAYS - 12);
    cr_expect_eq(count_of(s, "is:failure -is:resolved"), 6);
    cr_expect_eq(problems_of(s, "user:ito"), 1);
    cr_expect_eq(problems_of(s, "is:resolved"), 5);
    cr_expect_eq(problems_of(s, "is:success"), 0);
    uint64_t counts[PROBLEM_UNKNOWN + 1];
    struct fault why = {0};
    cr_assert_eq(problem_count(s, counts, &why), FAULT_NONE, "%s", why.text);
    cr_expect_eq(counts[PROBLEM_FAILING], 4);
    cr_expect_eq(counts[PROBLEM_RESOLVED], 5);
    cr_expect_eq(counts[PROBLEM_UNKNOWN], 2);
    store_close(s);
}

Test(problem, counts_states_of_entries_as_a_facet)
{
    struct store *s = opened();
    struct arena arena;
    struct selection *sel = NULL;
    struct facet_row *rows;
    struct fault why = {0};
    size_t got;
    arena_init(&arena);
    import_part(s, -1, false);
    cr_assert_eq(selection_open(&sel, s, NULL, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(selection_facet(sel, FACET_STATE, 10, &arena, &rows, &got, &why), FAULT_NONE, "%s",
                 why.text);
    cr_assert_eq(got, 4);
    cr_expect(slice_is_none(rows[0].value));
    cr_expect_eq(rows[0].count, PLAYS - 12);
    cr_expect(slice_is(rows[1].value, "resolved"));
    cr_expect_eq(rows[1].count, 6);
    cr_expect(slice_is(rows[2].value, "failing"));
    cr_expect(slice_is(rows[3].value, "unknown"));
    selection_close(sel);
    arena_free(&arena);
    store_close(s);
}

Test(problem, is_found_by_any_of_its_entries)
{
    struct store *s = opened();
    struct arena arena;
    struct problem *rows, problem;
    struct fault why = {0};
    int64_t *ids;
    size_t count, id_count;
    bool found;
    char text[40];
    arena_init(&arena);
    import_part(s, -1, false);
    cr_assert_eq(problem_list(s, NULL, &arena, &rows, &count, &why), FAULT_NONE, "%s", why.text);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(problem_entries(s, &rows[i], &arena, &ids, &id_count, &why), FAULT_NONE);
        cr_assert_eq(id_count, rows[i].attempts);
        cr_expect_eq(ids[0], rows[i].first_entry);
        cr_expect_eq(ids[id_count - 1], rows[i].last_entry);
        for (size_t k = 0; k < id_count; k++) {
            cr_assert_eq(problem_of_entry(s, ids[k], &arena, &problem, &found, &why), FAULT_NONE);
            cr_expect(found);
            cr_expect_eq(problem.id, rows[i].id);
            snprintf(text, sizeof text, "problem:%d", (int)ids[k]);
            cr_expect_eq(count_of(s, text), (int64_t)rows[i].attempts);
        }
    }
    cr_assert_eq(problem_of_entry(s, 1, &arena, &problem, &found, &why), FAULT_NONE);
    cr_expect_not(found, "an entry that is no failure has no problem");
    arena_free(&arena);
    store_close(s);
}

Test(problem, puts_what_still_fails_first_and_what_hits_most_people_before_others)
{
    struct store *s = opened();
    struct arena arena;
    struct problem *rows;
    struct fault why = {0};
    size_t count;
    arena_init(&arena);
    import_part(s, -1, false);
    cr_assert_eq(problem_list(s, NULL, &arena, &rows, &count, &why), FAULT_NONE, "%s", why.text);
    for (size_t i = 1; i < count; i++) {
        bool done = rows[i - 1].state == PROBLEM_RESOLVED;
        cr_expect(!done || rows[i].state == PROBLEM_RESOLVED);
        if (done == (rows[i].state == PROBLEM_RESOLVED))
            cr_expect_geq(rows[i - 1].class_users, rows[i].class_users);
    }
    cr_expect_eq(rows[0].class_users, 2);
    arena_free(&arena);
    store_close(s);
}
