/* Records on their way into the index: redacted, classified, counted, resumed. Everything real. */
#include "core/ingest.h"

#include "core/index/store.h"
#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <sys/wait.h>

static struct scratch t;
static struct store *s;
static struct rulebook *book;
static struct import_options options;
static struct import_progress progress;

static void setup(void)
{
    struct fault why = {0};
    scratch_make(&t);
    options = (struct import_options){0};
    memset(&progress, 0, sizeof progress);
    if (store_open(&s, t.db, STORE_CREATE, &why) || rulebook_load(&book, NULL, 0, "en", &why))
        cr_fatal("%s", why.text);
}

static void teardown(void)
{
    store_close(s);
    rulebook_free(book);
    scratch_remove(&t);
}

TestSuite(ingest, .init = setup, .fini = teardown, .timeout = 120);

#define SECRET "s3cr3t-Bearer-Value-0123456789"

static const struct pair request_headers[] = {
    {SLICE("Authorization"), SLICE("Bearer " SECRET)},
    {SLICE("Content-Type"), SLICE("application/scim+json")}};
static const struct pair response_headers[] = {
    {SLICE("Content-Type"), SLICE("application/scim+json")}};

/* The i-th call of a capture; every second fails. Texts live until the next call. */
static struct record a_call(uint64_t i)
{
    static char time_text[40], body[200];
    int64_t time_us = (int64_t)(MADE_TIME + i) * TIME_SECOND;
    snprintf(body, sizeof body,
             "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
             "\"userName\":\"user%llu@example.com\"}",
             (unsigned long long)i);
    struct record r = {.kind = KIND_HTTP,
                       .position = i,
                       .time_us = time_us,
                       .time_text = slice_of(time_utc_text(time_text, time_us))};
    r.http.method = SLICE("POST");
    r.http.url = SLICE("https://api.example.com/scim/v2/Users");
    r.http.status = i % 2 ? 409 : 201;
    r.http.duration_us = 1000;
    r.http.request =
        (struct message){request_headers, 2, true, {.text = slice_of(body), .size = strlen(body)}};
    r.http.response = (struct message){response_headers, 1, true, {.text = SLICE_NONE}};
    if (i % 2) {
        r.http.response.body.text =
            SLICE("{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
                  "\"status\":\"409\",\"scimType\":\"uniqueness\","
                  "\"detail\":\"User already exists in the database.\"}");
        r.http.response.body.size = r.http.response.body.text.len;
    }
    return r;
}

static struct record an_image(void)
{
    struct record r = a_call(0);
    r.http.method = SLICE("GET");
    r.http.url = SLICE("https://cdn.example.com/logo.png");
    r.http.request = (struct message){.headers_known = true};
    r.http.response = (struct message){.headers_known = true};
    return r;
}

static struct ingest *open_or_fail(void)
{
    struct ingest *g = NULL;
    struct fault why = {0};
    cr_assert(eq(int, ingest_open(&g, s, book, &options, &progress, &why), FAULT_NONE), "%s",
              why.text);
    return g;
}

static struct ingest_source begin(struct ingest *g, const char *path)
{
    struct ingest_source source = {.path = path, .format = "har", .size = 10, .mtime_us = 20};
    struct fault why = {0};
    cr_assert(eq(int, ingest_begin(g, &source, &why), FAULT_NONE), "%s", why.text);
    return source;
}

static struct import_result end(struct ingest *g, bool complete, enum fault_code outcome)
{
    struct import_result result = {.code = outcome};
    struct fault why = {0};
    cr_expect(eq(int, ingest_end(g, "beef", complete, &result, &why), FAULT_NONE), "%s", why.text);
    return result;
}

static struct import_result import_calls(const char *path, uint64_t count)
{
    struct ingest *g = open_or_fail();
    struct fault why = {0};
    begin(g, path);
    for (uint64_t i = 0; i < count; i++) {
        struct record r = a_call(i);
        cr_assert(eq(int, ingest_add(g, &r, NULL, &why), FAULT_NONE), "%s", why.text);
    }
    struct import_result result = end(g, true, FAULT_NONE);
    ingest_close(g);
    return result;
}

Test(ingest, stores_what_a_call_was)
{
    struct import_result result = import_calls("a.har", 2);
    cr_expect(eq(u64, result.entries, 2));
    cr_expect(eq(u64, result.added, 2));
    cr_expect(result.stored);
    struct arena arena;
    struct entry e;
    struct slice raw;
    struct fault why = {0};
    arena_init(&arena);
    cr_assert(eq(int, store_entry(s, 2, &arena, &e, &raw, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(int, e.status, 409));
    cr_expect(slice_is(e.user, "user1@example.com"));
    cr_expect(slice_is(e.path, "/scim/v2/Users"));
    cr_expect(slice_is(e.source, "a.har"));
    cr_expect(e.failure);
    cr_expect(not(slice_is_none(e.class_id)));
    cr_expect(eq(i64, e.position, 1));
    cr_expect(eq(int, (int)slice_find(raw, SLICE(SECRET)), -1), "the secret was stored");
    cr_expect(slice_find(raw, SLICE("[redacted:token ")) != SIZE_MAX, "%s", raw.at);
    struct record back;
    cr_expect(eq(int, record_read(&back, raw, &arena, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(i64, count_of(s, "has:token"), 2));
    cr_expect(eq(i64, count_of(s, "is:success"), 1));
    cr_expect(gt(i64, count_of(s, "has:remedy"), 0), "classes know their remedies");
    arena_free(&arena);
}

Test(ingest, counts_what_is_no_scim_call)
{
    struct fault why = {0};
    struct record image = an_image();
    for (int all = 0; all < 2; all++) {
        options.all_traffic = all;
        struct ingest *g = open_or_fail();
        begin(g, "a.har");
        ingest_add(g, &image, NULL, &why);
        struct import_result result = end(g, true, FAULT_NONE);
        cr_expect(eq(u64, result.other, 1));
        cr_expect(eq(u64, result.entries, (uint64_t)all));
        ingest_close(g);
    }
    cr_expect(eq(i64, count_of(s, "class:none"), 1));
}

Test(ingest, importing_again_adds_nothing)
{
    import_calls("a.har", 50);
    struct import_result again = import_calls("a.har", 50);
    cr_expect(eq(u64, again.added, 0));
    cr_expect(eq(u64, again.duplicates, 50));
    again = import_calls("b.har", 60);
    cr_expect(eq(u64, again.added, 10));
    cr_expect(eq(i64, count_of(s, ""), 60));
}

Test(ingest, gives_failed_bulk_operations_entries_of_their_own)
{
    struct record r = a_call(0);
    r.http.url = SLICE("https://api.example.com/scim/v2/Bulk");
    r.http.status = 200;
    r.http.request.body.text = SLICE(
        "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":["
        "{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"1\",\"data\":{\"userName\":\"a\"}},"
        "{\"method\":\"POST\",\"path\":\"/"
        "Users\",\"bulkId\":\"2\",\"data\":{\"userName\":\"b\"}}]}");
    r.http.response.body.text = SLICE(
        "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":["
        "{\"method\":\"POST\",\"bulkId\":\"1\",\"status\":\"201\"},"
        "{\"method\":\"POST\",\"bulkId\":\"2\",\"status\":\"409\",\"response\":{\"detail\":"
        "\"User already exists\",\"scimType\":\"uniqueness\",\"status\":\"409\"}}]}");
    struct fault why = {0};
    for (int again = 0; again < 2; again++) {
        struct ingest *g = open_or_fail();
        begin(g, "bulk.har");
        ingest_add(g, &r, NULL, &why);
        struct import_result result = end(g, true, FAULT_NONE);
        cr_expect(eq(u64, result.entries, 2));
        cr_expect(eq(u64, result.added, again ? 0 : 2));
        ingest_close(g);
    }
    struct arena arena;
    struct entry e;
    struct slice raw, whole;
    arena_init(&arena);
    store_entry(s, 1, &arena, &e, &whole, &why);
    cr_expect(eq(int, e.bulk_operation, 0));
    store_entry(s, 2, &arena, &e, &raw, &why);
    cr_expect(eq(int, e.bulk_operation, 1), "the first failed operation");
    cr_expect(eq(int, e.status, 409));
    cr_expect(slice_equal(raw, whole), "both show the whole exchange");
    arena_free(&arena);
}

Test(ingest, a_refused_source_leaves_no_row)
{
    struct ingest *g = open_or_fail();
    struct fault why = {0}, place = {.code = FAULT_FORMAT, .text = "broken"};
    begin(g, "bad.har");
    ingest_damaged(g, 0, &place, &why);
    struct import_result result = end(g, false, FAULT_FORMAT);
    cr_expect(not(result.stored));
    cr_expect(eq(u64, result.damaged, 1));
    begin(g, "empty.har"); /* sound, but nothing in it: kept with its counts */
    result = end(g, true, FAULT_NONE);
    cr_expect(not(result.stored));
    struct arena arena;
    struct store_source *rows;
    size_t count;
    arena_init(&arena);
    store_sources(s, &arena, &rows, &count, &why);
    cr_assert(eq(sz, count, 1));
    cr_expect(slice_is(rows->path, "empty.har"));
    cr_expect(eq(u64, rows->damaged, 0));
    cr_expect(rows->complete);
    arena_free(&arena);
    ingest_close(g);
}

Test(ingest, a_dry_run_writes_nothing)
{
    uint64_t before = store_version(s);
    options.dry_run = true;
    struct import_result result = import_calls("a.har", 20);
    cr_expect(eq(u64, result.entries, 20));
    cr_expect(not(result.stored));
    cr_expect(eq(u64, store_version(s), before));
    cr_expect(eq(i64, count_of(s, ""), 0));
}

Test(ingest, asks_for_a_commit_before_memory_grows)
{
    struct ingest *g = open_or_fail();
    struct fault why = {0};
    bool full = false;
    begin(g, "a.har");
    uint64_t i = 0;
    for (; i < 20000 && !full; i++) {
        struct record r = a_call(i);
        ingest_add(g, &r, &full, &why);
    }
    cr_expect(full);
    cr_expect(le(u64, i, 16 * 1024));
    cr_expect(eq(u64, (uint64_t)progress.entries, i));
    cr_expect(eq(int, ingest_commit(g, i, 7, "f00d", &why), FAULT_NONE), "%s", why.text);
    static char big[1000 * 1000];
    memset(big, 'x', sizeof big);
    struct record r = a_call(i);
    r.http.response.body.text = slice_make(big, sizeof big);
    int taken = 0;
    for (full = false; !full && taken < 100; taken++)
        ingest_add(g, &r, &full, &why);
    cr_expect(taken < 12, "a batch held %d MB", taken);
    end(g, true, FAULT_NONE);
    ingest_close(g);
}

/* What the import driver does: skips what is committed, commits every 100 records. */
static void drive(uint64_t records, uint64_t die_at)
{
    struct ingest *g = NULL;
    struct fault why = {0}, place = {.code = FAULT_FORMAT, .text = "broken", .offset = 5};
    if (ingest_open(&g, s, book, &options, &progress, &why))
        _exit(1);
    struct ingest_source source = {.path = "big.har", .format = "har", .size = 10, .mtime_us = 20};
    if (ingest_begin(g, &source, &why))
        _exit(2);
    if (source.skip && strcmp(source.skip_sha256, "f00d") != 0)
        _exit(3);
    for (uint64_t i = source.skip; i < records; i++) {
        struct record r = i % 3 ? a_call(i) : an_image();
        if (i % 50 == 7)
            ingest_damaged(g, i, &place, &why);
        else if (ingest_add(g, &r, NULL, &why))
            _exit(4);
        if (i % 100 == 99 && ingest_commit(g, i + 1, (i + 1) * 10, "f00d", &why))
            _exit(5);
        if (die_at && i == die_at)
            raise(SIGKILL);
    }
    struct import_result result = {0};
    if (ingest_end(g, "beef", true, &result, &why))
        _exit(6);
    ingest_close(g);
}

static char *all_rows(struct store *store)
{
    struct buf out;
    struct arena arena;
    struct selection *sel = NULL;
    struct entry *rows = NULL;
    struct store_source *sources;
    size_t got = 0;
    buf_init(&out, 1 << 24);
    arena_init(&arena);
    selection_open(&sel, store, NULL, NULL);
    selection_rows(sel, ORDER_OLDEST, 0, 10000, &arena, &rows, &got, NULL);
    for (size_t i = 0; i < got; i++) {
        entry_write_json(&out, &rows[i]);
        buf_add_text(&out, "}\n");
    }
    store_sources(store, &arena, &sources, &got, NULL);
    for (size_t i = 0; i < got; i++)
        buf_add_format(&out, "%llu %llu %llu %llu %llu %d\n",
                       (unsigned long long)sources[i].entries, (unsigned long long)sources[i].added,
                       (unsigned long long)sources[i].other, (unsigned long long)sources[i].damaged,
                       (unsigned long long)sources[i].redacted, sources[i].complete);
    selection_close(sel);
    arena_free(&arena);
    return out.at;
}

Test(ingest, a_killed_import_ends_like_an_undisturbed_one)
{
    store_close(s);
    s = NULL;
    static const uint64_t kills[] = {50, 333, 777};
    for (size_t i = 0; i < 3; i++) {
        pid_t child = fork();
        if (child == 0) {
            if (store_open(&s, t.db, STORE_CREATE, NULL))
                _exit(9);
            drive(1000, kills[i]);
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        bool killed = WIFSIGNALED(status);
        cr_assert(killed, "status %d", status);
    }
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, NULL), FAULT_NONE));
    drive(1000, 0);
    char *resumed = all_rows(s);
    store_close(s);
    scratch_remove(&t);
    scratch_make(&t);
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, NULL), FAULT_NONE));
    drive(1000, 0);
    char *undisturbed = all_rows(s);
    cr_expect(eq(int, strcmp(resumed, undisturbed), 0), "%s\n%s", resumed + strlen(resumed) - 60,
              undisturbed + strlen(undisturbed) - 60);
    free(resumed);
    free(undisturbed);
}

Test(ingest, restarting_lets_duplicates_fall_out)
{
    struct ingest *g = open_or_fail();
    struct fault why = {0};
    begin(g, "a.har");
    for (uint64_t i = 0; i < 10; i++) {
        struct record r = a_call(i);
        ingest_add(g, &r, NULL, &why);
    }
    ingest_commit(g, 10, 100, "f00d", &why);
    end(g, false, FAULT_CANCELLED);
    struct ingest_source source = begin(g, "a.har");
    cr_expect(eq(u64, source.skip, 10));
    cr_expect(eq(u64, source.skip_offset, 100));
    cr_expect(eq(str, source.skip_sha256, "f00d"));
    ingest_restart(g);
    for (uint64_t i = 0; i < 12; i++) {
        struct record r = a_call(i);
        ingest_add(g, &r, NULL, &why);
    }
    struct import_result result = end(g, true, FAULT_NONE);
    cr_expect(eq(u64, result.duplicates, 10));
    cr_expect(eq(u64, result.added, 2));
    ingest_close(g);
}

Test(ingest, a_lost_key_refuses_the_import)
{
    char path[200];
    snprintf(path, sizeof path, "%s.key", t.db);
    unlink(path);
    struct ingest *g = NULL;
    struct fault why = {0};
    cr_expect(eq(int, ingest_open(&g, s, book, &options, &progress, &why), FAULT_INDEX));
    cr_expect(zero(ptr, g));
}
