/* From records to entries: which exchanges are SCIM calls, what an entry takes from where. */
#include "core/normalise.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static struct arena arena;

static void expect(struct slice got, const char *want, const char *what)
{
    if (!want)
        cr_expect(slice_is_none(got), "%s: got %.*s", what, (int)got.len, got.at);
    else
        cr_expect(slice_is(got, want) && got.at, "%s: got %.*s", what, (int)got.len, got.at);
}

static struct rulebook *load(void)
{
    struct rulebook *book = NULL;
    struct fault why = {0};
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
    return book;
}

/* --- which exchanges are SCIM calls ------------------------------------------------------------
 */

struct scim_row {
    char method[8], url[48], asked_type[32], asked[48], answered_type[40], answered[48];
    bool scim;
};

ParameterizedTestParameters(normalise, tells_scim_calls)
{
    static struct scim_row rows[] = {
        {"GET", "https://h/scim/v2/Users", "", "", "", "", true},
        {"GET", "https://h/SCIM/x", "", "", "", "", true},
        {"GET", "https://h/api/auth/scim/v2/", "", "", "text/html", "<html>", true},
        {"GET", "https://h/scimitar/Users", "", "", "", "", false},
        {"GET", "https://h/a?x=/scim/", "", "", "", "", false},
        {"GET", "https://h/v1/Users", "", "", "application/json", "{}", false},
        {"GET", "https://h/v1/Users", "", "", "Application/SCIM+json;charset=utf-8", "{}", true},
        {"GET", "https://h/v1/x", "", "", "application/json", "urn:ietf:params:scim:api", true},
        {"POST", "https://h/v1/x", "application/json", "urn:ietf:params:scim:schemas", "", "",
         true},
        {"POST", "https://h/v1/x", "application/scim+json", "", "", "", false},
        {"POST", "https://h/v1/users", "application/scim+json", "", "", "", true},
        {"POST", "https://h/v1/.search", "application/scim+json", "", "", "", true},
        {"POST", "https://h/v1/bulkUpload", "application/scim+json", "", "", "", true},
        {"POST", "https://h/v1/Users", "application/json", "{}", "", "", false},
        {"CONNECT", "h:443", "application/scim+json", "", "", "", true},
        {"CONNECT", "h:443", "", "", "", "", false},
        {"POST", "https://h/oauth2/token", "", "grant_type=x", "application/json", "{}", false},
    };
    return cr_make_param_array(struct scim_row, rows, sizeof rows / sizeof *rows);
}

static struct body body_of(const char *type, const char *text)
{
    return (struct body){.type = *type ? slice_of(type) : SLICE_NONE,
                         .text = *text ? slice_of(text) : SLICE_NONE};
}

ParameterizedTest(struct scim_row *row, normalise, tells_scim_calls)
{
    struct record record = {.kind = KIND_HTTP};
    record.http.method = slice_of(row->method);
    record.http.url = slice_of(row->url);
    record.http.request.body = body_of(row->asked_type, row->asked);
    record.http.response.body = body_of(row->answered_type, row->answered);
    cr_expect_eq(normalise_is_scim(&record), row->scim, "%s %s", row->method, row->url);
}

Test(normalise, a_media_type_in_the_header_counts_too)
{
    struct pair type = {SLICE("content-type"), SLICE("application/scim+json")};
    struct record record = {.kind = KIND_HTTP};
    record.http.method = SLICE("GET");
    record.http.url = SLICE("https://h/v1/Users");
    cr_expect_not(normalise_is_scim(&record));
    record.http.response.headers = &type;
    record.http.response.header_count = 1;
    cr_expect(normalise_is_scim(&record));
}

Test(normalise, a_preflight_is_no_scim_call_but_another_options_is)
{
    struct pair ask = {SLICE("Access-Control-Request-Method"), SLICE("POST")};
    struct record record = {.kind = KIND_HTTP};
    record.http.method = SLICE("OPTIONS");
    record.http.url = SLICE("https://h/scim/v2/Users");
    cr_expect_not(normalise_is_scim(&record), "headers not known");
    record.http.request.headers_known = true;
    cr_expect(normalise_is_scim(&record));
    record.http.request.headers = &ask;
    record.http.request.header_count = 1;
    cr_expect_not(normalise_is_scim(&record));
}

Test(normalise, accept_and_user_agent_prove_nothing)
{
    struct pair headers[] = {{SLICE("Accept"), SLICE("application/scim+json")},
                             {SLICE("User-Agent"), SLICE("scim/1.0")}};
    struct record record = {.kind = KIND_HTTP};
    record.http.method = SLICE("GET");
    record.http.url = SLICE("https://h/v1/Users");
    record.http.request.headers = headers;
    record.http.request.header_count = 2;
    cr_expect_not(normalise_is_scim(&record));
    record.kind = KIND_EVENT;
    cr_expect_not(normalise_is_scim(&record));
}

/* --- entries -----------------------------------------------------------------------------------
 */

static struct record call(const char *method, const char *url, const char *asked,
                          const char *answered, int status)
{
    struct record record = {.kind = KIND_HTTP, .position = 3, .time_us = 1000};
    record.http.method = slice_of(method);
    record.http.url = slice_of(url);
    record.http.request.headers_known = record.http.response.headers_known = true;
    record.http.request.body = body_of("application/scim+json", asked);
    record.http.response.body = body_of("application/scim+json", answered);
    record.http.status = status;
    record.http.duration_us = 1500;
    return record;
}

#define ERROR_409                                                                                  \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"userName has "    \
    "already been taken\",\"scimType\":\"uniqueness\",\"status\":\"409\"}"

Test(normalise, makes_the_entry_of_a_failed_call)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct pair id = {SLICE("X-Request-Id"), SLICE(" r-1 ")};
    struct record record = call("post", "https://Scim.Example.test:8443/scim/v2/Users?a=b",
                                "{\"userName\":\"tanaka\"}", ERROR_409, 409);
    record.http.response.headers = &id;
    record.http.response.header_count = 1;
    struct entry e;
    normalise_record(&e, book, &record, 0, true, &arena);
    cr_expect_eq(e.kind, KIND_HTTP);
    cr_expect_eq(e.position, 3);
    cr_expect_eq(e.time_us, 1000);
    expect(e.method, "POST", "method");
    expect(e.url, "https://Scim.Example.test:8443/scim/v2/Users?a=b", "url");
    expect(e.host, "scim.example.test", "host");
    expect(e.path, "/scim/v2/Users", "path");
    expect(e.query, "a=b", "query");
    cr_expect_eq(e.status, 409);
    expect(e.scim_type, "uniqueness", "scim_type");
    expect(e.detail, "userName has already been taken", "detail");
    expect(e.request_id, "r-1", "request_id");
    cr_expect_eq(e.duration_us, 1500);
    cr_expect_neq(e.class_id.len, 0);
    expect(e.category, "conflict", "category");
    cr_expect(e.failure);
    cr_expect_not(e.success);
    expect(e.user, "tanaka", "user");
    cr_expect_eq(e.user_how, USER_STATED);
    cr_expect_eq(e.event_id, -1);
    cr_expect_eq(e.record_id, -1);
    rulebook_free(book);
    arena_free(&arena);
}

Test(normalise, a_success_has_no_error_text_whatever_its_body_holds)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct record record = call("GET", "https://h/scim/v2/Users/1", "", ERROR_409, 200);
    struct entry e;
    normalise_record(&e, book, &record, 0, true, &arena);
    expect(e.class_id, "success", "class");
    cr_expect(e.success);
    cr_expect_not(e.failure);
    expect(e.detail, NULL, "detail");
    expect(e.scim_type, NULL, "scim_type");
    expect(e.code, NULL, "code");
    expect(e.user, "1", "user");
    rulebook_free(book);
    arena_free(&arena);
}

Test(normalise, no_answer_is_a_null_status_and_has_a_class)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct record record = call("GET", "https://h/scim/v2/Users", "", "", 0);
    record.http.duration_us = -1;
    struct entry e;
    normalise_record(&e, book, &record, 0, true, &arena);
    cr_expect_eq(e.status, 0);
    cr_expect_neq(e.class_id.len, 0);
    expect(e.user, NULL, "user");
    cr_expect_eq(e.user_how, USER_NONE);
    cr_expect_eq(e.duration_us, -1);
    rulebook_free(book);
    arena_free(&arena);
}

Test(normalise, noise_gets_no_class)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct record record = call("GET", "https://h/favicon.ico", "", "", 404);
    struct entry e;
    normalise_record(&e, book, &record, 0, false, &arena);
    expect(e.class_id, NULL, "class");
    cr_expect_not(e.failure);
    cr_expect_eq(e.status, 404);
    rulebook_free(book);
    arena_free(&arena);
}

Test(normalise, a_failed_bulk_operation_is_an_entry_of_its_own)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct record record = call(
        "POST", "https://h/scim/v2/Bulk",
        "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"1\",\"data\":"
        "{\"userName\":\"sato\"}},{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"2\","
        "\"data\":{\"userName\":\"tanaka\"}}]}",
        "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":["
        "{\"method\":\"POST\",\"bulkId\":\"1\",\"status\":\"201\"},{\"method\":\"POST\","
        "\"bulkId\":\"2\",\"status\":\"409\",\"response\":" ERROR_409 "}]}",
        200);
    struct entry e;
    normalise_record(&e, book, &record, 0, true, &arena);
    expect(e.class_id, "success", "the exchange");
    cr_expect_eq(e.status, 200);
    cr_expect_eq(e.bulk_operation, 0);
    expect(e.user, NULL, "several users");
    expect(e.detail, NULL, "detail of the exchange");
    normalise_record(&e, book, &record, 1, true, &arena);
    cr_expect_eq(e.bulk_operation, 1);
    cr_expect_eq(e.status, 409);
    cr_expect(e.failure);
    expect(e.detail, "userName has already been taken", "detail");
    expect(e.user, "tanaka", "user");
    rulebook_free(book);
    arena_free(&arena);
}

static struct record event(const char *message)
{
    struct record record = {.kind = KIND_EVENT, .time_us = TIME_NONE};
    record.event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                         .computer = SLICE("PC"),
                                         .channel = SLICE("Application"),
                                         .level = LEVEL_ERROR,
                                         .event_id = 12808,
                                         .record_id = 5,
                                         .message = slice_of(message)};
    return record;
}

Test(normalise, an_event_with_a_scim_error_has_class_and_detail)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct record record = event("SCIM response error.\n\n" ERROR_409);
    struct entry e;
    normalise_record(&e, book, &record, 0, true, &arena);
    cr_expect_eq(e.kind, KIND_EVENT);
    cr_expect_eq(e.level, LEVEL_ERROR);
    cr_expect_eq(e.event_id, 12808);
    cr_expect_eq(e.record_id, 5);
    expect(e.provider, "IIJ Directory Sync", "provider");
    expect(e.computer, "PC", "computer");
    expect(e.channel, "Application", "channel");
    expect(e.class_id, "iij-username-taken", "class");
    cr_expect_eq(e.status, 409);
    expect(e.detail, "userName has already been taken", "detail");
    expect(e.user, NULL, "user");
    expect(e.method, NULL, "method");
    cr_expect_eq(e.duration_us, -1);
    rulebook_free(book);
    arena_free(&arena);
}

Test(normalise, an_event_without_one_has_neither_whatever_its_level)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct record record = event("Processing user. userName=tanaka@ex.jp operation=create");
    struct entry e;
    normalise_record(&e, book, &record, 0, true, &arena);
    expect(e.class_id, NULL, "class");
    cr_expect_eq(e.status, 0);
    expect(e.detail, NULL, "detail");
    cr_expect_not(e.failure);
    expect(e.user, "tanaka@ex.jp", "user");
    cr_expect_eq(e.user_how, USER_STATED);
    rulebook_free(book);
    arena_free(&arena);
}

/* --- provisioning logs --- */

static struct entry provisioned(struct rulebook *book, struct record_provisioning item)
{
    struct entry entry;
    struct record record = {.kind = KIND_PROVISIONING, .time_us = 1, .provisioning = item};
    normalise_record(&entry, book, &record, 0, true, &arena);
    return entry;
}

Test(normalise, a_provisioning_failure_has_the_class_that_its_code_ends_with)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct entry e =
        provisioned(book, (struct record_provisioning){.item_id = SLICE("i"),
                                                       .change_id = SLICE("ch"),
                                                       .action = SLICE("create"),
                                                       .status = SLICE("failure"),
                                                       .code = SLICE("ContosoEntryConflict"),
                                                       .reason = SLICE("StatusCode: Conflict"),
                                                       .source_user = SLICE("tanaka@example.com"),
                                                       .target_system = SLICE("Contoso"),
                                                       .duration_us = -1});
    expect(e.class_id, "entra-prov-conflict", "class");
    expect(e.code, "ContosoEntryConflict", "code");
    expect(e.detail, "StatusCode: Conflict", "detail");
    expect(e.method, "CREATE", "method");
    expect(e.host, "Contoso", "host");
    expect(e.user, "tanaka@example.com", "user");
    expect(e.request_id, "ch", "request id");
    cr_expect_eq(e.status, 409);
    cr_expect(e.failure);
    e = provisioned(book, (struct record_provisioning){.status = SLICE("failure"),
                                                       .code = SLICE("NobodyKnowsThis"),
                                                       .target_user = SLICE("sato@example.com"),
                                                       .source_user = SLICE("x")});
    expect(e.class_id, "unclassified", "class of an unknown code");
    expect(e.user, "sato@example.com", "the target goes before the source");
    rulebook_free(book);
    arena_free(&arena);
}

Test(normalise, a_provisioning_success_is_one_whatever_words_it_holds)
{
    arena_init(&arena);
    struct rulebook *book = load();
    struct entry e = provisioned(
        book, (struct record_provisioning){.status = SLICE("success"),
                                           .reason = SLICE("Error code: EntryConflict")});
    expect(e.class_id, "success", "class");
    expect(e.detail, NULL, "detail");
    cr_expect(e.success);
    e = provisioned(book, (struct record_provisioning){.status = SLICE("skipped"),
                                                       .code = SLICE("ImportSkipped")});
    cr_expect(!e.success);
    expect(e.class_id, "entra-prov-import-skipped", "class of a skipped change");
    rulebook_free(book);
    arena_free(&arena);
}
