/* Every pattern through a real index: what shows it, and what nearly does and must not. */
#include "core/explain/finding.h"

#include "core/index/filter.h"
#include "tests/core/filling.h"
#include "tests/index_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Rows of plays leave out what they do not need. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { PLAYS = 16 };

static struct rulebook *book;
static char folder[] = "/tmp/scimscope-patterns-XXXXXX";
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

TestSuite(patterns, .init = begin, .fini = end);

/* --- plays ------------------------------------------------------------------------------------ */

struct play {
    int64_t time; /* seconds */
    const char *method, *url;
    int status;
    const char *asked, *answered; /* bodies */
    const char *header, *value;   /* one more header: of the request when it is Authorization,
                                     If-Match or none, else of the answer */
};

struct stage {
    const char *name, *class_id; /* class_id must (or, `absent`, must not) be found */
    bool absent;
    const char *text; /* part of the sentence, or NULL */
    struct play plays[PLAYS];
};

#define H "https://h.test/scim/v2"
#define ERROR409                                                                                   \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"409\"}"
#define ERROR404                                                                                   \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"404\"}"
#define EMPTY "{\"totalResults\":0,\"Resources\":[]}"
#define ANN "{\"userName\":\"ann@ex.com\"}"
#define REFUSED                                                                                    \
    "SCIM response error.\n\n{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"      \
    "\"detail\":\"Unauthorized\",\"status\":\"401\"}"
#define MEMBER                                                                                     \
    "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"9\"}]}]}"
#define LOOKUP H "/Users?filter=userName%20eq%20%22Ann@ex.com%22"
#define AUTH "Authorization", "Bearer one"
#define OTHER_AUTH "Authorization", "Bearer two"

static const struct stage stages[] = {
    {"a look-up that finds nothing before a conflict",
     "pattern-lookup-blind",
     false,
     "Ann@",
     {{0, "GET", LOOKUP, 200, NULL, EMPTY}, {5, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a look-up eleven minutes before",
     "pattern-lookup-blind",
     true,
     NULL,
     {{0, "GET", LOOKUP, 200, NULL, EMPTY}, {660, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a look-up that finds somebody",
     "pattern-lookup-blind",
     true,
     NULL,
     {{0, "GET", LOOKUP, 200, NULL, "{\"totalResults\":1,\"Resources\":[{\"id\":\"1\"}]}"},
      {5, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a create in between",
     "pattern-lookup-blind",
     true,
     NULL,
     {{0, "GET", LOOKUP, 200, NULL, EMPTY},
      {3, "POST", H "/Users", 201, ANN, "{\"id\":\"1\"}"},
      {5, "POST", H "/Users", 409, ANN, ERROR409}}},

    {"calls that all turn 401",
     "pattern-token-cutoff",
     false,
     "all 3 calls",
     {{0, "GET", H "/Users/1", 200, NULL, NULL, AUTH},
      {1, "GET", H "/Users/1", 401, NULL, NULL, AUTH},
      {2, "GET", H "/Users/2", 401, NULL, NULL, AUTH},
      {3, "GET", H "/Users/3", 401, NULL, NULL, AUTH}}},
    {"a success after the 401",
     "pattern-token-cutoff",
     true,
     NULL,
     {{0, "GET", H "/Users/1", 200, NULL, NULL, AUTH},
      {1, "GET", H "/Users/1", 401, NULL, NULL, AUTH},
      {2, "GET", H "/Users/2", 401, NULL, NULL, AUTH},
      {3, "GET", H "/Users/3", 401, NULL, NULL, AUTH},
      {4, "GET", H "/Users/3", 200, NULL, NULL, AUTH}}},
    {"401 with another credential",
     "pattern-token-cutoff",
     true,
     NULL,
     {{0, "GET", H "/Users/1", 200, NULL, NULL, AUTH},
      {1, "GET", H "/Users/1", 401, NULL, NULL, OTHER_AUTH},
      {2, "GET", H "/Users/2", 401, NULL, NULL, OTHER_AUTH},
      {3, "GET", H "/Users/3", 401, NULL, NULL, OTHER_AUTH}}},
    {"401 for one resource only",
     "pattern-token-cutoff",
     true,
     NULL,
     {{0, "GET", H "/Users/1", 200, NULL, NULL, AUTH},
      {1, "GET", H "/Users/2", 401, NULL, NULL, AUTH},
      {2, "GET", H "/Users/2", 401, NULL, NULL, AUTH},
      {3, "GET", H "/Users/2", 401, NULL, NULL, AUTH}}},

    {"five 429 within a minute",
     "pattern-429-storm",
     false,
     "5 answers 429",
     {{0, "GET", H "/Users/1", 429},
      {10, "GET", H "/Users/2", 429},
      {20, "GET", H "/Users/3", 429},
      {30, "GET", H "/Users/4", 429},
      {40, "GET", H "/Users/5", 429}}},
    {"five 429 within two minutes",
     "pattern-429-storm",
     true,
     NULL,
     {{0, "GET", H "/Users/1", 429},
      {20, "GET", H "/Users/2", 429},
      {40, "GET", H "/Users/3", 429},
      {61, "GET", H "/Users/4", 429},
      {90, "GET", H "/Users/5", 429}}},
    {"a call before Retry-After is over",
     "pattern-429-storm",
     false,
     "20 s too early",
     {{0, "GET", H "/Users/1", 429, NULL, NULL, "Retry-After", "30"},
      {10, "GET", H "/Users/2", 200}}},
    {"a call after Retry-After",
     "pattern-429-storm",
     true,
     NULL,
     {{0, "GET", H "/Users/1", 429, NULL, NULL, "Retry-After", "30"},
      {30, "GET", H "/Users/2", 200}}},

    {"a name that a deleted user held",
     "pattern-recreate-after-delete",
     false,
     "deleted at",
     {{0, "GET", H "/Users/7", 200, NULL, "{\"id\":\"7\",\"userName\":\"ann@ex.com\"}"},
      {5, "DELETE", H "/Users/7", 204},
      {9, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a name that a deactivated user holds",
     "pattern-recreate-after-delete",
     false,
     "deactivated",
     {{0, "GET", H "/Users/7", 200, NULL, "{\"id\":\"7\",\"userName\":\"ann@ex.com\"}"},
      {5, "PATCH", H "/Users/7", 200,
       "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":\"False\"}]}"},
      {9, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a delete that was refused",
     "pattern-recreate-after-delete",
     true,
     NULL,
     {{0, "GET", H "/Users/7", 200, NULL, "{\"id\":\"7\",\"userName\":\"ann@ex.com\"}"},
      {5, "DELETE", H "/Users/7", 403},
      {9, "POST", H "/Users", 409, ANN, ERROR409}}},

    {"a member that is created later",
     "pattern-group-before-user",
     false,
     "created only at",
     {{0, "PATCH", H "/Groups/g", 400, MEMBER, ERROR404},
      {9, "POST", H "/Users", 201, ANN, "{\"id\":\"9\",\"userName\":\"ann@ex.com\"}"}}},
    {"a member that was deleted",
     "pattern-group-before-user",
     false,
     "had been deleted at",
     {{0, "DELETE", H "/Users/9", 204}, {5, "PATCH", H "/Groups/g", 404, MEMBER, ERROR404}}},
    {"a member that is there",
     "pattern-group-before-user",
     true,
     NULL,
     {{0, "GET", H "/Users/9", 200, NULL, "{\"id\":\"9\",\"userName\":\"ann@ex.com\"}"},
      {5, "PATCH", H "/Groups/g", 400, MEMBER, ERROR404}}},
    {"a member that is listed later",
     "pattern-group-before-user",
     true,
     NULL,
     {{0, "PATCH", H "/Groups/g", 400, MEMBER, ERROR404},
      {5, "GET", H "/Users", 200, NULL, "{\"totalResults\":1,\"Resources\":[{\"id\":\"9\"}]}"}}},

    {"an id that is gone",
     "pattern-stale-resource-id",
     false,
     "/Users/7",
     {{0, "GET", H "/Users/7", 200}, {5, "PATCH", H "/Users/7", 404, "{}", ERROR404}}},
    {"an id that a create was answered with",
     "pattern-stale-resource-id",
     false,
     "/Users/7",
     {{0, "POST", H "/Users", 201, ANN, "{\"id\":\"7\",\"userName\":\"ann@ex.com\"}"},
      {5, "PATCH", H "/Users/7", 404, "{}", ERROR404}}},
    {"an id that this client deleted",
     "pattern-stale-resource-id",
     true,
     NULL,
     {{0, "GET", H "/Users/7", 200},
      {3, "DELETE", H "/Users/7", 204},
      {5, "PATCH", H "/Users/7", 404, "{}", ERROR404}}},
    {"an id that never worked",
     "pattern-stale-resource-id",
     true,
     NULL,
     {{0, "GET", H "/Users/8", 200}, {5, "PATCH", H "/Users/7", 404, "{}", ERROR404}}},

    {"the same request three times",
     "pattern-permanent-retry-loop",
     false,
     "3 times",
     {{0, "POST", H "/Users", 409, ANN, ERROR409},
      {100, "POST", H "/Users", 409, ANN, ERROR409},
      {200, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a request that changes",
     "pattern-permanent-retry-loop",
     true,
     NULL,
     {{0, "POST", H "/Users", 409, ANN, ERROR409},
      {100, "POST", H "/Users", 409, "{\"userName\":\"b\"}", ERROR409},
      {200, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"an error that may pass",
     "pattern-permanent-retry-loop",
     true,
     NULL,
     {{0, "POST", H "/Users", 429, ANN},
      {1, "POST", H "/Users", 429, ANN},
      {2, "POST", H "/Users", 429, ANN}}},

    {"pages that overlap",
     "pattern-pagination-inconsistent",
     false,
     "repeats 1",
     {{0, "GET", H "/Users?startIndex=1", 200, NULL,
       "{\"totalResults\":4,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"},
      {1, "GET", H "/Users?startIndex=3", 200, NULL,
       "{\"totalResults\":4,\"Resources\":[{\"id\":\"2\"},{\"id\":\"3\"}]}"}}},
    {"pages that skip",
     "pattern-pagination-inconsistent",
     false,
     "startIndex=4",
     {{0, "GET", H "/Users?startIndex=1", 200, NULL,
       "{\"totalResults\":4,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"},
      {1, "GET", H "/Users?startIndex=4", 200, NULL,
       "{\"totalResults\":4,\"Resources\":[{\"id\":\"4\"}]}"}}},
    {"pages whose total changes",
     "pattern-pagination-inconsistent",
     false,
     "from 4 to 5",
     {{0, "GET", H "/Users?startIndex=1", 200, NULL,
       "{\"totalResults\":4,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"},
      {1, "GET", H "/Users?startIndex=3", 200, NULL,
       "{\"totalResults\":5,\"Resources\":[{\"id\":\"3\"},{\"id\":\"4\"}]}"}}},
    {"a page that is empty too early",
     "pattern-pagination-inconsistent",
     false,
     "is empty",
     {{0, "GET", H "/Users?startIndex=1", 200, NULL,
       "{\"totalResults\":4,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"},
      {1, "GET", H "/Users?startIndex=3", 200, NULL, "{\"totalResults\":4,\"Resources\":[]}"}}},
    {"pages that count from 0",
     "pattern-pagination-inconsistent",
     false,
     "startIndex=0",
     {{0, "GET", H "/Users?startIndex=0", 200, NULL,
       "{\"totalResults\":1,\"Resources\":[{\"id\":\"1\"}]}"}}},
    {"pages that fit, walked twice",
     "pattern-pagination-inconsistent",
     true,
     NULL,
     {{0, "GET", H "/Users?startIndex=1&count=2", 200, NULL,
       "{\"totalResults\":3,\"itemsPerPage\":2,\"Resources\":[{\"id\":\"1\",\"x\":{\"id\":\"2\"}},"
       "{\"id\":\"2\"}]}"},
      {1, "GET", H "/Users?startIndex=3&count=2", 200, NULL,
       "{\"totalResults\":3,\"itemsPerPage\":1,\"Resources\":[{\"id\":\"3\"}]}"},
      {2, "GET", H "/Users?startIndex=1&count=2", 200, NULL,
       "{\"totalResults\":3,\"itemsPerPage\":2,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"},
      {3, "GET", H "/Users?startIndex=3&count=2", 200, NULL,
       "{\"totalResults\":3,\"itemsPerPage\":1,\"Resources\":[{\"id\":\"3\"}]}"}}},

    {"a version that somebody else changed",
     "pattern-etag-conflict",
     false,
     "v1",
     {{0, "GET", H "/Users/5", 200, NULL, NULL, "ETag", "v1"},
      {5, "PUT", H "/Users/5", 412, ANN, NULL, "If-Match", "v1"}}},
    {"a version that this client did not read",
     "pattern-etag-conflict",
     true,
     NULL,
     {{0, "GET", H "/Users/5", 200, NULL, NULL, "ETag", "v2"},
      {5, "PUT", H "/Users/5", 412, ANN, NULL, "If-Match", "v1"}}},

    {"a redirect that loses the credentials",
     "pattern-redirect-drops-auth",
     false,
     "api.test",
     {{0, "GET", H "/Users", 301, NULL, NULL, "Location", "https://api.test/scim/v2/Users"},
      {1, "GET", "https://api.test/scim/v2/Users", 401}}},
    {"a redirect whose next call has credentials",
     "pattern-redirect-drops-auth",
     true,
     NULL,
     {{0, "GET", H "/Users", 301, NULL, NULL, "Location", "https://api.test/scim/v2/Users"},
      {1, "GET", "https://api.test/scim/v2/Users", 401, NULL, NULL, AUTH}}},
    {"a redirect within the origin",
     "pattern-redirect-drops-auth",
     true,
     NULL,
     {{0, "GET", H "/Users", 301, NULL, NULL, "Location", H "/Users/"},
      {1, "GET", H "/Users/", 401}}},

    {"a create that had worked",
     "pattern-write-happened-despite-timeout",
     false,
     "answered 504",
     {{0, "POST", H "/Users", 504, ANN}, {60, "POST", H "/Users", 409, ANN, ERROR409}}},
    {"a create that was repeated with success",
     "pattern-write-happened-despite-timeout",
     true,
     NULL,
     {{0, "POST", H "/Users", 504, ANN},
      {30, "POST", H "/Users", 201, ANN, "{\"id\":\"1\"}"},
      {60, "POST", H "/Users", 409, ANN, ERROR409}}},

    {"five users of one domain",
     "pattern-one-cause-many-users",
     false,
     "5 users",
     {{0, "POST", H "/Users", 400, "{\"userName\":\"a@x.com\"}"},
      {1, "POST", H "/Users", 400, "{\"userName\":\"b@x.com\"}"},
      {2, "POST", H "/Users", 400, "{\"userName\":\"c@x.com\"}"},
      {3, "POST", H "/Users", 400, "{\"userName\":\"d@x.com\"}"},
      {4, "POST", H "/Users", 400, "{\"userName\":\"e@x.com\"}"}}},
    {"one user five times",
     "pattern-one-cause-many-users",
     true,
     NULL,
     {{0, "POST", H "/Users", 400, "{\"userName\":\"a@x.com\"}"},
      {1, "POST", H "/Users", 400, "{\"userName\":\"a@x.com\"}"},
      {2, "POST", H "/Users", 400, "{\"userName\":\"a@x.com\"}"},
      {3, "POST", H "/Users", 400, "{\"userName\":\"A@x.com\"}"},
      {4, "POST", H "/Users", 400, "{\"userName\":\"a@x.com\"}"}}},

    {"five 5xx and nothing else",
     "pattern-outage-window",
     false,
     "503: 5",
     {{0, "GET", H "/Users/1", 200},
      {1, "GET", H "/Users/1", 503},
      {4, "GET", H "/Users/2", 503},
      {6, "GET", H "/Users/3", 503},
      {8, "GET", H "/Users/4", 503},
      {11, "GET", H "/Users/5", 503},
      {19, "GET", H "/Users/1", 200}}},
    {"5xx with a success between",
     "pattern-outage-window",
     true,
     NULL,
     {{1, "GET", H "/Users/1", 503},
      {2, "GET", H "/Users/2", 503},
      {3, "GET", H "/Users/3", 200},
      {4, "GET", H "/Users/4", 503},
      {5, "GET", H "/Users/5", 503},
      {6, "GET", H "/Users/5", 503}}},
    {"a burst of 5xx within five seconds",
     "pattern-outage-window",
     true,
     NULL,
     {{0, "GET", H "/Users/1", 200},
      {1, "GET", H "/Users/1", 503},
      {2, "GET", H "/Users/1", 503},
      {3, "GET", H "/Users/1", 503},
      {4, "GET", H "/Users/1", 503},
      {5, "GET", H "/Users/1", 503}}},
    {"an id of IIJ ID that is gone",
     "pattern-iij-cache-drift",
     false,
     "/Users/7",
     {{0, "GET", "https://www.auth.iij.jp/scim/v2/Users/7", 200},
      {5, "PATCH", "https://www.auth.iij.jp/scim/v2/Users/7", 404, "{}", ERROR404}}},

    /* Events: no method, the text stands for the URL. */
    {"tokens refused up to the end of an event log",
     "pattern-token-cutoff",
     false,
     "refused with 401",
     {{0, NULL, REFUSED}, {1, NULL, REFUSED}, {2, NULL, REFUSED}}},
    {"tokens refused, then something done",
     "pattern-token-cutoff",
     true,
     NULL,
     {{0, NULL, REFUSED},
      {1, NULL, REFUSED},
      {2, NULL, REFUSED},
      {3, NULL, "User created. userName=a@x.com"}}},
};
enum { STAGES = sizeof stages / sizeof *stages };

/* --- playing ---------------------------------------------------------------------------------- */

static void add_play(struct filling *f, const struct play *play, size_t number)
{
    struct pair asked[2] = {{SLICE("Content-Type"), SLICE("application/scim+json")}};
    struct pair answered[2] = {{SLICE("Content-Type"), SLICE("application/scim+json")}};
    struct record record = {
        .kind = KIND_HTTP, .position = number, .time_us = (1772438400 + play->time) * TIME_SECOND};
    if (!play->method) {
        record.kind = KIND_EVENT;
        record.event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                             .computer = SLICE("PC"),
                                             .channel = SLICE("Application"),
                                             .event_id = 12808,
                                             .record_id = (int64_t)number + 1,
                                             .message = slice_of(play->url)};
        filling_add(f, &record);
        return;
    }
    record.http = (struct record_http){.method = slice_of(play->method),
                                       .url = slice_of(play->url),
                                       .status = play->status,
                                       .duration_us = 1000};
    struct message *const messages[] = {&record.http.request, &record.http.response};
    const char *const bodies[] = {play->asked, play->answered};
    struct pair *const headers[] = {asked, answered};
    bool request = play->header && (strcmp(play->header, "Authorization") == 0 ||
                                    strcmp(play->header, "If-Match") == 0);
    for (int i = 0; i < 2; i++) {
        messages[i]->headers = headers[i];
        messages[i]->header_count = 1;
        messages[i]->headers_known = true;
        messages[i]->body.text = slice_of(bodies[i]);
        messages[i]->body.size = messages[i]->body.text.len;
        if (play->header && request == (i == 0))
            headers[i][messages[i]->header_count++] =
                (struct pair){slice_of(play->header), slice_of(play->value)};
    }
    filling_add(f, &record);
}

static struct store *play_all(const struct play *plays, size_t count)
{
    struct fault why = {0};
    struct store *s = NULL;
    struct filling f;
    index_remove(path);
    cr_assert_eq(store_open(&s, path, STORE_CREATE, &why), FAULT_NONE, "%s", why.text);
    filling_begin(&f, s, book, "play.har");
    for (size_t i = 0; i < count && plays[i].url; i++)
        add_play(&f, &plays[i], i);
    filling_end(&f);
    return s;
}

static const struct finding *find(const struct finding *rows, size_t count, const char *class_id)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(rows[i].class_id, class_id))
            return &rows[i];
    return NULL;
}

/* Every id that a finding names is an entry of the index, once, in the order of time. */
static void expect_entries(struct store *s, const struct finding *f, struct arena *arena)
{
    struct fault why = {0};
    int64_t before = INT64_MIN;
    cr_expect_gt(f->entry_count, 0);
    cr_expect_leq(f->entry_count, f->count);
    for (size_t i = 0; i < f->entry_count; i++) {
        struct entry entry;
        cr_expect_eq(store_entry(s, f->entries[i], arena, &entry, NULL, &why), FAULT_NONE, "%s",
                     why.text);
        cr_expect_geq(entry.time_us, before);
        before = entry.time_us;
        cr_expect_geq(entry.time_us, f->first_us);
        cr_expect_leq(entry.time_us, f->last_us);
        for (size_t k = 0; k < i; k++)
            cr_expect_neq(f->entries[k], f->entries[i]);
    }
}

Test(patterns, finds_each_pattern_and_not_what_nearly_is_one)
{
    for (size_t i = 0; i < STAGES; i++) {
        const struct stage *stage = &stages[i];
        struct fault why = {0};
        struct arena arena;
        struct finding *rows;
        size_t count;
        arena_init(&arena);
        struct store *s = play_all(stage->plays, PLAYS);
        cr_assert_eq(finding_list(s, book, NULL, &arena, &rows, &count, &why), FAULT_NONE, "%s",
                     why.text);
        const struct finding *f = find(rows, count, stage->class_id);
        cr_expect_eq(!f, stage->absent, "%s: %s", stage->name, f ? f->text.at : "nothing");
        if (f && stage->text)
            cr_expect_neq(slice_find_fold(f->text, slice_of(stage->text)), SIZE_MAX, "%s: %s",
                          stage->name, f->text.at);
        if (f) {
            expect_entries(s, f, &arena);
            cr_expect_not_null(rulebook_find(book, f->class_id), "%s", stage->class_id);
        }
        store_close(s);
        arena_free(&arena);
    }
}

/* Ten answers whose Date runs ahead by `skew` seconds, except the first, far off. */
static bool finds_skew(int64_t skew, size_t count)
{
    struct play plays[PLAYS] = {0};
    static char dates[PLAYS][40];
    for (size_t i = 0; i < count; i++) {
        struct civil at = time_to_utc((1772438400 + (int64_t)i * 10 + skew) * TIME_SECOND);
        snprintf(dates[i], sizeof dates[i], "Mon, %02d Mar %d %02d:%02d:%02d GMT", at.day, at.year,
                 at.hour, at.minute, at.second);
        plays[i] = (struct play){(int64_t)i * 10,
                                 "GET",
                                 H "/Users/1",
                                 200,
                                 NULL,
                                 NULL,
                                 "Date",
                                 i ? dates[i] : "Mon, 02 Mar 2020 00:00:00 GMT"};
    }
    struct fault why = {0};
    struct arena arena;
    struct finding *rows;
    size_t found;
    arena_init(&arena);
    struct store *s = play_all(plays, count);
    cr_assert_eq(finding_list(s, book, NULL, &arena, &rows, &found, &why), FAULT_NONE, "%s",
                 why.text);
    bool yes = find(rows, found, "pattern-clock-skew") != NULL;
    store_close(s);
    arena_free(&arena);
    return yes;
}

Test(patterns, finds_clocks_that_differ_by_the_median_of_ten_answers)
{
    cr_expect(finds_skew(360, 11));
    cr_expect(finds_skew(-360, 11));
    cr_expect_not(finds_skew(100, 11), "within two minutes");
    cr_expect_not(finds_skew(360, 9), "too few answers");
}

Test(patterns, counts_every_user_that_a_storm_throttled)
{
    static const struct play plays[PLAYS] = {
        {0, "GET", H "/Users/1", 429}, {1, "GET", H "/Users/2", 429},
        {2, "GET", H "/Users/3", 429}, {3, "GET", H "/Users/4", 429},
        {4, "GET", H "/Users/5", 429}, {5, "GET", H "/Users/6", 429}};
    struct fault why = {0};
    struct arena arena;
    struct finding *rows;
    size_t count;
    arena_init(&arena);
    struct store *s = play_all(plays, PLAYS);
    cr_assert_eq(finding_list(s, book, NULL, &arena, &rows, &count, &why), FAULT_NONE, "%s",
                 why.text);
    const struct finding *f = find(rows, count, "pattern-429-storm");
    cr_assert_not_null(f);
    cr_expect_eq(f->users, 6);
    store_close(s);
    arena_free(&arena);
}

/* --- which findings a filter chooses ---------------------------------------------------------- */

static size_t chosen(struct store *s, const char *text, const char *class_id)
{
    struct fault why = {0};
    struct arena arena;
    struct filter *filter;
    struct finding *rows;
    size_t count, hits = 0;
    arena_init(&arena);
    cr_assert_eq(filter_parse(&filter, slice_of(text), &arena, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(finding_list(s, book, filter, &arena, &rows, &count, &why), FAULT_NONE, "%s",
                 why.text);
    for (size_t i = 0; i < count; i++)
        hits += slice_is(rows[i].class_id, class_id);
    arena_free(&arena);
    return hits;
}

Test(patterns, are_chosen_by_a_filter_without_losing_what_they_rest_on)
{
    struct store *s = play_all(stages[0].plays, PLAYS);
    static const char class_id[] = "pattern-lookup-blind";
    cr_expect_eq(chosen(s, "is:failure", class_id), 1, "the look-up is no failure, yet counts");
    cr_expect_eq(chosen(s, "status:409", class_id), 1);
    cr_expect_eq(chosen(s, "user:nobody", class_id), 0);
    cr_expect_eq(chosen(s, "id:1", class_id), 1);
    cr_expect_eq(chosen(s, "id:99", class_id), 0);
    cr_expect_eq(chosen(s, "host:h.test", class_id), 1);
    cr_expect_eq(chosen(s, "until:2026-03-02T08:00:02Z", class_id), 0, "only the look-up is left");
    cr_expect_eq(chosen(s, "since:2026-03-02", class_id), 1);
    store_close(s);
}

/* --- outages alone ---------------------------------------------------------------------------- */

static size_t outages(struct store *s, const char *text, uint64_t most, bool *skipped,
                      struct arena *arena, struct finding **rows)
{
    struct fault why = {0};
    struct filter *filter;
    size_t count;
    cr_assert_eq(filter_parse(&filter, slice_of(text), arena, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(finding_outages(s, filter, most, arena, rows, &count, skipped, &why), FAULT_NONE,
                 "%s", why.text);
    return count;
}

Test(patterns, outages_alone_are_those_of_all_findings)
{
    bool skipped;
    size_t seen = 0;
    for (size_t i = 0; i < STAGES; i++) {
        struct fault why = {0};
        struct arena arena;
        struct finding *all, *alone;
        size_t count;
        arena_init(&arena);
        struct store *s = play_all(stages[i].plays, PLAYS);
        cr_assert_eq(finding_list(s, book, NULL, &arena, &all, &count, &why), FAULT_NONE);
        const struct finding *f = find(all, count, "pattern-outage-window");
        cr_assert_eq(outages(s, "", 1000, &skipped, &arena, &alone), f != NULL, "%s",
                     stages[i].name);
        cr_expect_not(skipped);
        if (f) {
            seen++;
            cr_expect_eq(alone->first_us, f->first_us);
            cr_expect_eq(alone->last_us, f->last_us);
            cr_expect_eq(outages(s, "is:success since:2027-01-01", 1000, &skipped, &arena, &alone),
                         1, "what is looked for changes no outage");
            cr_expect_eq(outages(s, "host:other.test", 1000, &skipped, &arena, &alone), 0);
            cr_expect_eq(outages(s, "", 4, &skipped, &arena, &alone), 0);
            cr_expect(skipped, "four are less than what stands between the first and last 5xx");
        }
        store_close(s);
        arena_free(&arena);
    }
    cr_expect_eq(seen, 1);
}
