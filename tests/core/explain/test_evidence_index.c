/* Evidence that rests on other entries, through a real index: each sentence names the entries it
 * rests on, and nothing is said of what the index does not show. */
#include "core/explain/evidence.h"

#include "core/index/lookup.h"
#include "tests/core/filling.h"
#include "tests/index_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define START INT64_C(1772437200) /* 2026-03-02T07:40:00Z */
#define ERROR(status, detail)                                                                      \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"" detail          \
    "\",\"status\":\"" status "\"}"
#define TAKEN                                                                                      \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"userName has "    \
    "already been taken\",\"scimType\":\"uniqueness\",\"status\":\"409\"}"
#define USER(id, name) "{\"id\":\"" id "\",\"userName\":\"" name "\"}"

/* One call (or, without a method, event) at a second after START. */
struct play {
    int64_t second;
    const char *method, *path, *request, *response;
    int status;
    const char *request_header, *response_header; /* "Name: value" or NULL */
};

static struct arena arena;
static struct rulebook *book;
static struct store *store;
static struct evidence_list list;
static char folder[] = "/tmp/scimscope-evidence-XXXXXX", db[64];

static void begin(void)
{
    struct fault why = {0};
    arena_init(&arena);
    cr_assert_not_null(mkdtemp(folder));
    snprintf(db, sizeof db, "%s/index.db", folder);
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(store_open(&store, db, STORE_CREATE, &why), FAULT_NONE, "%s", why.text);
}

static void end(void)
{
    store_close(store);
    index_remove(db);
    rmdir(folder);
    rulebook_free(book);
    arena_free(&arena);
}

TestSuite(evidence_index, .init = begin, .fini = end);

static void give_header(struct message *message, const char *line)
{
    message->headers_known = true;
    if (!line)
        return;
    struct pair *pair = arena_zalloc(&arena, 1, sizeof *pair);
    struct slice rest = slice_of(line);
    slice_cut(&rest, ':', &pair->name);
    pair->value = slice_trim(rest);
    message->headers = pair;
    message->header_count = 1;
}

static void give_body(struct message *message, const char *text)
{
    message->body.text = slice_of(text);
    message->body.size = message->body.text.len;
}

static struct record record_of(const struct play *play, size_t number)
{
    struct record record = {.time_us = (START + play->second) * TIME_SECOND, .position = number};
    if (!play->method) {
        record.kind = KIND_EVENT;
        record.event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                             .computer = SLICE("PC"),
                                             .channel = SLICE("Application"),
                                             .event_id = 12808,
                                             .record_id = (int64_t)number + 1,
                                             .message = slice_of(play->response)};
        return record;
    }
    record.kind = KIND_HTTP;
    record.http.method = slice_of(play->method);
    record.http.url = arena_format(&arena, "https://h.test/scim/v2%s", play->path);
    record.http.status = play->status;
    record.http.duration_us = 0;
    give_header(&record.http.request, play->request_header);
    give_header(&record.http.response, play->response_header);
    give_body(&record.http.request, play->request);
    give_body(&record.http.response, play->response);
    return record;
}

/* Imports the plays: their entries get the ids 1, 2, ... */
static void import(const struct play *plays, size_t count)
{
    struct filling f;
    filling_begin(&f, store, book, "play");
    for (size_t i = 0; i < count; i++) {
        struct record record = record_of(&plays[i], i);
        filling_add(&f, &record);
    }
    filling_commit(&f, count);
    filling_end(&f);
}

/* Collects the evidence about the entry as `show` does. */
static void collect(int64_t id)
{
    struct entry entry;
    struct record record;
    struct facts facts;
    struct slice raw;
    struct fault why = {0};
    struct evidence_lookup lookup = store_evidence_lookup(store);
    cr_assert_eq(store_entry(store, id, &arena, &entry, &raw, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(record_read(&record, raw, &arena, &why), FAULT_NONE, "%s", why.text);
    facts_of_record(&facts, book, &record, entry.bulk_operation, &arena);
    evidence_collect(&list, &entry, &record, &facts, rulebook_find(book, entry.class_id), book,
                     &lookup, &arena);
}

static bool rests_on(const struct evidence *e, int64_t id)
{
    for (size_t i = 0; i < e->entry_count; i++)
        if (e->entries[i] == id)
            return true;
    return id == 0;
}

/* The check said a sentence with `text`, with this verdict, that rests on `entry` (0: any). */
static void expect(const char *id, enum evidence_verdict verdict, const char *text, int64_t entry)
{
    const char *seen = "nothing";
    for (size_t i = 0; i < list.count; i++) {
        const struct evidence *e = &list.items[i];
        if (strcmp(e->id, id) != 0)
            continue;
        seen = e->text.at;
        if (e->verdict == verdict && slice_find(e->text, slice_of(text)) != SIZE_MAX &&
            rests_on(e, entry))
            return;
    }
    cr_expect(false, "%s: no \"%s\" (%s) resting on %lld; it says: %s", id, text,
              evidence_verdict_name(verdict), (long long)entry, seen);
}

static void expect_silence(const char *id)
{
    for (size_t i = 0; i < list.count; i++)
        cr_expect(strcmp(list.items[i].id, id) != 0, "%s says: %s", id, list.items[i].text.at);
}

#define IMPORT(...)                                                                                \
    do {                                                                                           \
        static const struct play plays[] = {__VA_ARGS__};                                          \
        import(plays, sizeof plays / sizeof *plays);                                               \
    } while (0)

Test(evidence_index, names_the_holder_of_a_user_name_and_when_it_was_deleted)
{
    IMPORT({0, "POST", "/Users", USER("", "a@ex.jp"), USER("17", "A@ex.jp"), 201, NULL, NULL},
           {60, "DELETE", "/Users/17", NULL, NULL, 204, NULL, NULL},
           {90, "GET", "/Users?filter=userName%20eq%20%22a%40ex.jp%22", NULL,
            "{\"totalResults\":0,\"Resources\":[]}", 200, NULL, NULL},
           {120, "POST", "/Users", "{\"userName\":\"a@ex.jp\"}", TAKEN, 409, NULL, NULL});
    collect(4);
    expect("value-holder", EVIDENCE_SHOWN, "belongs to the id \"17\"", 1);
    expect("value-holder", EVIDENCE_SHOWN, "was deleted at 2026-03-02 07:41:00 (UTC)", 2);
    expect("blind-lookup", EVIDENCE_SHOWN, "found nothing, yet the service refuses", 3);
    expect_silence("who-else");
}

Test(evidence_index, adds_the_services_delay_to_a_deletion_in_the_zone_of_the_operator)
{
    struct fault why = {0};
    cr_assert_eq(time_use_zone("+09:00", &why), FAULT_NONE);
    IMPORT({0, "POST", "/Users", NULL, USER("17", "a@ex.jp"), 201, NULL, NULL},
           {60, "DELETE", "/Users/17", NULL, NULL, 204, NULL, NULL},
           {120, "POST", "/Users", "{\"userName\":\"a@ex.jp\"}",
            ERROR("409", "User is not hard deleted yet"), 409, NULL, NULL});
    struct entry entry;
    struct fault fault = {0};
    cr_assert_eq(store_entry(store, 3, &arena, &entry, NULL, &fault), FAULT_NONE);
    const struct rule *rule = rulebook_find(book, SLICE("iij-user-not-hard-deleted"));
    struct evidence_lookup lookup = store_evidence_lookup(store);
    struct record record;
    struct slice raw;
    struct facts facts;
    cr_assert_eq(store_entry(store, 3, &arena, &entry, &raw, &fault), FAULT_NONE);
    cr_assert_eq(record_read(&record, raw, &arena, &fault), FAULT_NONE);
    facts_of_record(&facts, book, &record, 0, &arena);
    evidence_collect(&list, &entry, &record, &facts, rule, book, &lookup, &arena);
    expect("value-holder", EVIDENCE_SHOWN,
           "the earliest sensible retry is 2026-03-03 16:41:00 (+09:00)", 2);
}

Test(evidence_index, says_that_nobody_is_known_to_hold_a_value)
{
    IMPORT({0, "POST", "/Users", "{\"userName\":\"a@ex.jp\"}", TAKEN, 409, NULL, NULL},
           {1, "POST", "/Users", "{\"userName\":\"b@ex.jp\"}", TAKEN, 409, NULL, NULL});
    collect(1);
    expect("value-holder", EVIDENCE_NOT_CAPTURED, "No call of this index shows who holds", 0);
    expect("who-else", EVIDENCE_SHOWN, "One other user met the same failure", 2);
}

Test(evidence_index, names_the_holder_of_an_external_id)
{
    IMPORT({0, "POST", "/Users", "{\"userName\":\"a@ex.jp\",\"externalId\":\"E-17\"}",
            USER("17", "a@ex.jp"), 201, NULL, NULL},
           {9, "POST", "/Users", "{\"userName\":\"b@ex.jp\",\"externalId\":\"E-17\"}",
            ERROR("409", "externalId has already been taken"), 409, NULL, NULL});
    collect(2);
    expect("value-holder", EVIDENCE_SHOWN, "externalId \"E-17\" was given to the user \"a@ex.jp\"",
           1);
}

Test(evidence_index, names_the_holder_of_an_external_id_that_was_only_read)
{
    IMPORT({0, "GET", "/Users?count=2", NULL,
            "{\"Resources\":[{\"id\":\"16\",\"externalId\":\"E-1\"},{\"id\":\"17\","
            "\"userName\":\"a@ex.jp\",\"externalId\":\"E-17\"}]}",
            200, NULL, NULL},
           {9, "POST", "/Users", "{\"userName\":\"b@ex.jp\",\"externalId\":\"E-17\"}",
            ERROR("409", "externalId has already been taken"), 409, NULL, NULL});
    collect(2);
    expect("value-holder", EVIDENCE_SHOWN,
           "externalId \"E-17\" is shown for the user \"a@ex.jp\", id 17 by GET", 1);
}

Test(evidence_index, finds_a_deactivation_whose_answer_names_the_user)
{
    IMPORT({0, "PATCH", "/Users/17",
            "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":\"False\"}]}",
            USER("17", "a@ex.jp"), 200, NULL, NULL},
           {9, "POST", "/Users", "{\"userName\":\"a@ex.jp\"}", TAKEN, 409, NULL, NULL});
    collect(2);
    expect("value-holder", EVIDENCE_SHOWN, "\"17\" was deactivated at", 1);
}

Test(evidence_index, shows_under_which_other_name_a_user_is_known)
{
    IMPORT({0, "GET", "/Users/17", NULL, USER("17", "old@ex.jp"), 200, NULL, NULL},
           {5, "PUT", "/Users/17", NULL, USER("17", "new@ex.jp"), 200, NULL, NULL},
           {9, "PATCH", "/Users/17", "{}", ERROR("500", "no"), 500, NULL, NULL});
    collect(3);
    expect("renames", EVIDENCE_SHOWN, "under another userName, \"old@ex.jp\"", 1);
}

Test(evidence_index, finds_an_events_request_in_a_capture_of_the_same_run)
{
    IMPORT({0, NULL, NULL, NULL,
            "SCIM response error. userName=a@ex.jp\n\n" ERROR("400",
                                                              "Phone numbers format is invalid"),
            0, NULL, NULL},
           {2, "POST", "/Users",
            "{\"userName\":\"a@ex.jp\",\"phoneNumbers\":[{\"value\":\"03x1234\"}]}",
            ERROR("400", "Phone numbers format is invalid"), 400, NULL, NULL},
           {300, "POST", "/Users",
            "{\"userName\":\"a@ex.jp\",\"phoneNumbers\":[{\"value\":\"+81\"}]}",
            ERROR("400", "Phone numbers format is invalid"), 400, NULL, NULL});
    struct entry entry;
    struct fault why = {0};
    cr_assert_eq(store_entry(store, 1, &arena, &entry, NULL, &why), FAULT_NONE);
    collect(1);
    expect("phone-format", EVIDENCE_SHOWN, "\"03x1234\" begins with \"0\"", 2);
}

Test(evidence_index, tells_what_was_seen_of_the_id_of_a_404)
{
    IMPORT({0, "GET", "/Users/17", NULL, USER("17", "a@ex.jp"), 200, NULL, NULL},
           {5, "DELETE", "/Users/17", NULL, NULL, 204, NULL, NULL},
           {7, "POST", "/Users", NULL, USER("18", "a@ex.jp"), 201, NULL, NULL},
           {9, "PATCH", "/Users/17", "{}", ERROR("404", "Resource 17 not found"), 404, NULL, NULL},
           {11, "GET", "/Users/99", NULL, ERROR("404", "Resource 99 not found"), 404, NULL, NULL});
    collect(4);
    expect("id-history", EVIDENCE_SHOWN, "was shown for the userName \"a@ex.jp\"", 1);
    expect("id-history", EVIDENCE_SHOWN, "was deleted at 2026-03-02 07:40:05", 2);
    expect("id-history", EVIDENCE_SHOWN, "has another id: \"18\"", 3);
    collect(5);
    expect("id-history", EVIDENCE_NOT_CAPTURED, "No other call of this index shows the id \"99\"",
           0);
}

Test(evidence_index, tells_that_a_write_happened_although_no_answer_came)
{
    IMPORT(
        {0, "POST", "/Users", "{\"userName\":\"a@ex.jp\"}", NULL, 504, NULL, NULL},
        {60, "POST", "/Users", "{\"userName\":\"a@ex.jp\"}", TAKEN, 409, NULL, NULL},
        {70, "POST", "/Users", "{\"userName\":\"b@ex.jp\"}", NULL, 504, NULL, NULL},
        {80, "POST", "/Users", "{\"userName\":\"b@ex.jp\"}", USER("2", "b@ex.jp"), 201, NULL, NULL},
        {90, "POST", "/Users", "{\"userName\":\"c@ex.jp\"}", NULL, 504, NULL, NULL});
    collect(1);
    expect("write-happened", EVIDENCE_SHOWN, "The write happened", 2);
    collect(3);
    expect("write-happened", EVIDENCE_SHOWN, "The write did not happen", 4);
    collect(5);
    expect("write-happened", EVIDENCE_NOT_CAPTURED, "No later POST", 0);
}

Test(evidence_index, counts_the_calls_before_a_throttled_one_and_how_long_the_client_waited)
{
    IMPORT({-70, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, NULL},
           {-50, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, NULL},
           {-10, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, NULL},
           {0, "GET", "/Users/1", NULL, NULL, 429, NULL, "Retry-After: 30"},
           {5, "GET", "/Users/1", NULL, NULL, 429, NULL, "Retry-After: 30"},
           {40, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, NULL});
    collect(4);
    expect("call-pace", EVIDENCE_SHOWN,
           "calls to this host in this index in the 60 seconds before: 2", 2);
    expect("call-pace", EVIDENCE_SHOWN, "5 seconds later: the client did not wait the 30 seconds",
           5);
    collect(5);
    expect("call-pace", EVIDENCE_SHOWN, "35 seconds later: the client waited", 6);
}

Test(evidence_index, names_the_second_writer_behind_a_changed_etag)
{
    IMPORT({0, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, "ETag: W/\"1\""},
           {5, "PATCH", "/Users/1", "{}", NULL, 204, NULL, NULL},
           {9, "PATCH", "/Users/1", "{}", NULL, 412, "If-Match: W/\"1\"", NULL},
           {20, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, "ETag: W/\"2\""},
           {30, "PATCH", "/Users/1", "{}", NULL, 412, "If-Match: W/\"2\"", NULL},
           {40, "PATCH", "/Users/1", "{}", NULL, 412, "If-Match: W/\"9\"", NULL});
    collect(3);
    expect("second-writer", EVIDENCE_SHOWN, "another call wrote the resource", 2);
    collect(5);
    expect("second-writer", EVIDENCE_CONSISTENT, "somebody else changed the resource", 4);
    collect(6);
    expect("second-writer", EVIDENCE_NOT_CAPTURED, "where the ETag W/\"9\" came from", 0);
}

Test(evidence_index, measures_the_clocks_by_the_date_headers)
{
    static struct play plays[12];
    for (size_t i = 0; i < 12; i++)
        plays[i] =
            (struct play){(int64_t)i, "GET", "/Users/1", NULL,
                          NULL,       401,   NULL,       "Date: Mon, 02 Mar 2026 07:45:00 GMT"};
    import(plays, 12);
    collect(3);
    expect("clock-skew", EVIDENCE_SHOWN, "The server's clock is 4 minutes 55 seconds ahead", 1);
}

Test(evidence_index, tells_which_members_of_a_group_were_missing)
{
    IMPORT({0, "GET", "/Users/1", NULL, USER("1", "a@ex.jp"), 200, NULL, NULL},
           {5, "DELETE", "/Users/1", NULL, NULL, 204, NULL, NULL},
           {10, "POST", "/Groups",
            "{\"displayName\":\"g\",\"members\":[{\"value\":\"1\"},{\"value\":\"2\"},"
            "{\"value\":\"3\"}]}",
            ERROR("400", "Invalid members"), 400, NULL, NULL},
           {20, "POST", "/Users", NULL, USER("2", "b@ex.jp"), 201, NULL, NULL});
    collect(3);
    expect("group-members", EVIDENCE_SHOWN, "The member \"1\" had been deleted", 2);
    expect("group-members", EVIDENCE_SHOWN, "The member \"2\" (\"b@ex.jp\") is first shown after",
           4);
    expect("group-members", EVIDENCE_NOT_CAPTURED, "1 of the 3 members", 0);
}

Test(evidence_index, takes_an_earlier_event_about_a_deletion_for_a_trace_only)
{
    IMPORT(
        {0, NULL, NULL, NULL, "User deleted. userName=a@ex.jp", 0, NULL, NULL},
        {3600, NULL, NULL, NULL, "SCIM response error. userName=a@ex.jp\n\n" TAKEN, 0, NULL, NULL});
    collect(2);
    expect("earlier-deletion", EVIDENCE_CONSISTENT, "speaks of a deletion of \"a@ex.jp\"", 1);
    expect("earlier-deletion", EVIDENCE_CONSISTENT, "2026-03-03 07:40:00", 1);
}
