/* Linking through a real index: which users come out depends on the entries alone, not on the order
 * of their import nor on batches, and a name comes and goes with the calls that show it. */
#include "core/explain/link.h"
#include "core/normalise.h"
#include "tests/core/filling.h"
#include "tests/index_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROWS = 40, PARTS = 3 };

static struct rulebook *book;
static char folder[] = "/tmp/scimscope-link-XXXXXX";

static void begin(void)
{
    struct fault why = {0};
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
}

static void end(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/index.db", folder);
    index_remove(path);
    rmdir(folder);
    rulebook_free(book);
}

TestSuite(link_index, .init = begin, .fini = end);

/* --- records -----------------------------------------------------------------------------------
 */

struct play {
    int part;           /* which source it comes in */
    int64_t time;       /* seconds */
    const char *method; /* NULL: an event */
    const char *text;   /* message, or URL */
    const char *body;   /* of the answer, or of the request of a PUT */
    int status;
};

#define ERROR_TEXT                                                                                 \
    "SCIM response error.\n\n{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"      \
    "\"detail\":\"userName has already been taken\",\"scimType\":\"uniqueness\","                  \
    "\"status\":\"409\"}"
#define USERS "https://h.test/scim/v2/Users"

static const struct play plays[] = {
    {0, 100, NULL, "Processing user. userName=tanaka@ex.jp operation=create", NULL, 0},
    {1, 101, NULL, ERROR_TEXT, NULL, 0},
    {2, 102, NULL, "User skipped because of an error. userName=tanaka@ex.jp operation=c", NULL, 0},
    {2, 200, NULL, "Processing user. userName=sato@ex.jp operation=create", NULL, 0},
    {0, 201, NULL, "User created. userName=sato@ex.jp externalId=1", NULL, 0},
    {1, 202, NULL, ERROR_TEXT, NULL, 0},
    {0, 300, NULL, "Processing user. userName=ito@ex.jp operation=create", NULL, 0},
    {0, 309, NULL, ERROR_TEXT, NULL, 0},
    {1, 310, NULL, "User skipped because of an error. userName=abe@ex.jp operation=c", NULL, 0},
    {1, 400, NULL, ERROR_TEXT, NULL, 0},
    {2, 409, NULL, "User skipped because of an error. userName=mori@ex.jp operation=c", NULL, 0},
    {0, 500, "PATCH", USERS "/17", NULL, 204},
    {1, 510, "GET", USERS "/17", "{\"id\":\"17\",\"userName\":\"old@ex.jp\"}", 200},
    {2, 520, "PATCH", USERS "/17", NULL, 404},
    {0, 530, "GET", USERS "?startIndex=1",
     "{\"Resources\":[{\"id\":\"17\",\"userName\":\"new@ex.jp\"},"
     "{\"id\":\"18\",\"userName\":\"kato@ex.jp\"}]}",
     200},
    {2, 540, "DELETE", USERS "/17", NULL, 204},
    {1, 550, "DELETE", USERS "/18", NULL, 204},
    {1, 560, "DELETE", USERS "/19", NULL, 404},
    {0, 570, "PUT", USERS "/19", "{\"userName\":\"refused@ex.jp\"}", 409},
    {2, 580, "DELETE", "https://other.test/scim/v2/Users/18", NULL, 404},
};

/* What must come out: one line per entry, users and the times of who named them. */
static const char expected[] = "100 tanaka@ex.jp\n"
                               "101 tanaka@ex.jp <100\n"
                               "102 tanaka@ex.jp\n"
                               "200 sato@ex.jp\n"
                               "201 sato@ex.jp\n"
                               "202 -\n"
                               "300 ito@ex.jp\n"
                               "309 -\n"
                               "310 abe@ex.jp\n"
                               "400 mori@ex.jp <409\n"
                               "409 mori@ex.jp\n"
                               "500 old@ex.jp <510\n"
                               "510 old@ex.jp\n"
                               "520 old@ex.jp <510\n"
                               "530 -\n"
                               "540 new@ex.jp <530\n"
                               "550 kato@ex.jp <530\n"
                               "560 19\n"
                               "570 refused@ex.jp\n"
                               "580 18\n";

static struct record record_of(const struct play *play, size_t number)
{
    struct record record = {.time_us = play->time * TIME_SECOND, .position = number};
    if (!play->method) {
        record.kind = KIND_EVENT;
        record.event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                             .computer = SLICE("PC"),
                                             .channel = SLICE("Application"),
                                             .event_id = 12800,
                                             .record_id = (int64_t)number + 1,
                                             .message = slice_of(play->text)};
        return record;
    }
    record.kind = KIND_HTTP;
    record.http = (struct record_http){.method = slice_of(play->method),
                                       .url = slice_of(play->text),
                                       .status = play->status,
                                       .duration_us = -1};
    struct message *holder =
        strcmp(play->method, "PUT") ? &record.http.response : &record.http.request;
    holder->body.text = play->body ? slice_of(play->body) : SLICE_NONE;
    holder->body.size = holder->body.text.len;
    return record;
}

static void import_part(struct store *s, int part, bool one_by_one)
{
    struct filling f;
    char path[16];
    snprintf(path, sizeof path, "part%d", part);
    filling_begin(&f, s, book, path);
    for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
        if (plays[i].part != part)
            continue;
        struct record record = record_of(&plays[i], i);
        filling_add(&f, &record);
        if (one_by_one)
            filling_commit(&f, i + 1);
    }
    filling_end(&f);
}

/* --- what came out -----------------------------------------------------------------------------
 */

struct dump {
    struct {
        int64_t id, time, from;
        char user[40];
    } rows[ROWS];
    size_t count;
};

static bool dump_row(void *self, const struct entry *entry, struct slice raw)
{
    struct dump *dump = self;
    (void)raw;
    cr_assert_lt(dump->count, (size_t)ROWS);
    dump->rows[dump->count].id = entry->id;
    dump->rows[dump->count].time = entry->time_us / TIME_SECOND;
    dump->rows[dump->count].from = entry->user_how == USER_LINKED ? entry->user_entry : 0;
    snprintf(dump->rows[dump->count].user, sizeof dump->rows[0].user, "%.*s", (int)entry->user.len,
             entry->user.at ? entry->user.at : "");
    if (!entry->user.at)
        snprintf(dump->rows[dump->count].user, sizeof dump->rows[0].user, "-");
    dump->count++;
    return true;
}

static void dumped(struct store *s, char *out, size_t size)
{
    struct fault why = {0};
    struct selection *sel = NULL;
    struct dump dump = {.count = 0};
    cr_assert_eq(selection_open(&sel, s, NULL, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(selection_each(sel, ORDER_OLDEST, false, dump_row, &dump, &why), FAULT_NONE, "%s",
                 why.text);
    selection_close(sel);
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < dump.count; i++) {
        used += (size_t)snprintf(out + used, size - used, "%d %s", (int)dump.rows[i].time,
                                 dump.rows[i].user);
        for (size_t j = 0; dump.rows[i].from && j < dump.count; j++)
            if (dump.rows[j].id == dump.rows[i].from)
                used += (size_t)snprintf(out + used, size - used, " <%d", (int)dump.rows[j].time);
        used += (size_t)snprintf(out + used, size - used, "\n");
    }
}

static void expect_users(const int order[PARTS], bool one_by_one)
{
    char path[64];
    char out[4096];
    struct fault why = {0};
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s/index.db", folder);
    cr_assert_eq(store_open(&s, path, STORE_CREATE, &why), FAULT_NONE, "%s", why.text);
    for (int i = 0; i < PARTS; i++)
        import_part(s, order[i], one_by_one);
    dumped(s, out, sizeof out);
    cr_expect_str_eq(out, expected, "order %d%d%d%s:\n%s", order[0], order[1], order[2],
                     one_by_one ? " one by one" : "", out);
    store_close(s);
}

#define ORDER_TEST(a, b, c)                                                                        \
    Test(link_index, gives_the_same_users_in_order_##a##b##c)                                      \
    {                                                                                              \
        static const int order[PARTS] = {a, b, c};                                                 \
        expect_users(order, false);                                                                \
    }

ORDER_TEST(0, 1, 2)
ORDER_TEST(0, 2, 1)
ORDER_TEST(1, 0, 2)
ORDER_TEST(1, 2, 0)
ORDER_TEST(2, 0, 1)
ORDER_TEST(2, 1, 0)

Test(link_index, gives_the_same_users_in_batches_of_one)
{
    static const int order[PARTS] = {2, 0, 1};
    expect_users(order, true);
}

/* --- what is kept of a record for it -----------------------------------------------------------
 */

Test(link_index, takes_step_key_and_names_of_records)
{
    struct arena arena;
    arena_init(&arena);
    static const struct {
        size_t play;
        enum step step;
        const char *key;
        size_t shown;
    } want[] = {
        {0, STEP_START, NULL, 0},  {1, STEP_ERROR, NULL, 0},  {2, STEP_RESULT, NULL, 0},
        {4, STEP_DONE, NULL, 0},   {11, STEP_OTHER, "17", 0}, {12, STEP_OTHER, NULL, 1},
        {14, STEP_OTHER, NULL, 2}, {18, STEP_OTHER, NULL, 0},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct record record = record_of(&plays[want[i].play], 0);
        struct entry entry;
        struct link_facts facts;
        normalise_record(&entry, book, &record, 0, true, &arena);
        link_facts_of(&facts, book, &record, &entry, 0, &arena);
        cr_expect_eq(facts.step, want[i].step, "%zu", want[i].play);
        cr_expect_eq(!facts.key.at, !want[i].key, "%zu", want[i].play);
        if (want[i].key)
            cr_expect(slice_is(facts.key, want[i].key), "%zu", want[i].play);
        cr_expect_eq(facts.shown_count, want[i].shown, "%zu", want[i].play);
    }
    arena_free(&arena);
}

Test(link_index, a_bulk_response_shows_the_names_of_what_it_made)
{
    struct arena arena;
    arena_init(&arena);
    struct record record = {.kind = KIND_HTTP};
    record.http.method = SLICE("POST");
    record.http.url = SLICE("https://h/scim/v2/Bulk");
    record.http.status = 200;
    record.http.request.body.text =
        SLICE("{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"a\","
              "\"data\":{\"userName\":\"one\"}},{\"method\":\"POST\",\"path\":\"/Users\","
              "\"bulkId\":\"b\",\"data\":{\"userName\":\"two\"}}]}");
    record.http.response.body.text =
        SLICE("{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],"
              "\"Operations\":[{\"method\":\"POST\",\"bulkId\":\"b\",\"status\":\"201\","
              "\"location\":\"https://h/scim/v2/Users/22\"},{\"method\":\"POST\","
              "\"bulkId\":\"a\",\"status\":\"409\",\"location\":\"https://h/scim/v2/Users/11\"}]}");
    struct entry entry;
    struct link_facts facts;
    normalise_record(&entry, book, &record, 0, true, &arena);
    link_facts_of(&facts, book, &record, &entry, 0, &arena);
    cr_assert_eq(facts.shown_count, 1);
    cr_expect(slice_is(facts.shown[0].id, "22"));
    cr_expect(slice_is(facts.shown[0].name, "two"));
    normalise_record(&entry, book, &record, 1, true, &arena);
    link_facts_of(&facts, book, &record, &entry, 1, &arena);
    cr_expect_eq(facts.shown_count, 0);
    arena_free(&arena);
}
