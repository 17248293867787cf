/* match.c, detect.c, facts.c: which alternative holds for which record, gates, and the winner. */
#include "core/explain/rulebook.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#define ERROR "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"

static struct arena arena;
static struct rulebook *book;

static void setup(void)
{
    struct fault why = {0};
    arena_init(&arena);
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE), "%s", why.text);
}

static void teardown(void)
{
    rulebook_free(book);
    arena_free(&arena);
}

TestSuite(match, .init = setup, .fini = teardown);

static struct verdict verdict_of(const struct record *record, int bulk)
{
    struct facts facts;
    struct verdict verdict;
    facts_of_record(&facts, book, record, bulk, &arena);
    rulebook_classify(book, &facts, &verdict);
    return verdict;
}

static const char *class_of(const struct record *record)
{
    return verdict_of(record, 0).rule->id.at;
}

static struct record exchange(const char *method, const char *url, int status, const char *body)
{
    struct record record = {.kind = KIND_HTTP, .time_us = TIME_NONE};
    record.http.method = slice_of(method);
    record.http.url = slice_of(url);
    record.http.status = status;
    record.http.response.body.text = slice_of(body);
    record.http.response.headers_known = true;
    record.http.request.headers_known = true;
    return record;
}

static struct record event(int64_t id, const char *message)
{
    struct record record = {.kind = KIND_EVENT, .time_us = TIME_NONE};
    record.event.event_id = id;
    record.event.message = slice_of(message);
    return record;
}

static void set_headers(struct message *message, struct pair *pairs, size_t count)
{
    message->headers = pairs;
    message->header_count = count;
}

#define USERS "https://scim.example.com/scim/v2/Users"
#define TAKEN ERROR "\"detail\":\"userName has already been taken\",\"scimType\":\"uniqueness\"}"

Test(match, lets_the_home_only_gate_shut_on_a_foreign_host)
{
    struct record home = exchange("POST", "https://scim.auth.iij.jp/scim/v2/Users", 409, TAKEN);
    struct record foreign = exchange("POST", USERS, 409, TAKEN);
    struct record bare = event(-1, TAKEN);
    cr_expect(eq(str, (char *)class_of(&home), "iij-username-taken"));
    cr_expect(eq(str, (char *)class_of(&foreign), "uniqueness-username"));
    cr_expect(eq(str, (char *)class_of(&bare), "iij-username-taken"));
}

Test(match, lets_the_soft_gate_pass_clients_but_not_for_a_service_with_its_own)
{
    struct pair okta[] = {{SLICE("User-Agent"), SLICE("Okta SCIM Client 1.0.0")}};
    struct record iij = exchange("POST", "https://proxy.example.com/scim/v2/Users", 409,
                                 ERROR "\"detail\":\"The user has not been hard-deleted yet.\"}");
    cr_expect(eq(str, (char *)class_of(&iij), "iij-user-not-hard-deleted"));
    set_headers(&iij.http.request, okta, 1);
    cr_expect(eq(str, (char *)class_of(&iij), "soft-deleted-conflict"));
    struct record gitlab =
        exchange("POST", USERS, 409, ERROR "\"detail\":\"User has already been taken\"}");
    set_headers(&gitlab.http.request, okta, 1);
    cr_expect(eq(str, (char *)class_of(&gitlab), "gitlab-user-taken"));
}

Test(match, wants_evidence_for_the_strong_gate)
{
    struct record graph = exchange("GET", "https://graph.microsoft.com/rp/scim/users", 429, NULL);
    struct record other = exchange("GET", "https://graph.example.com/scim/users", 429, NULL);
    cr_expect(eq(str, (char *)class_of(&graph), "entra-api-429-throttled"));
    cr_expect(eq(str, (char *)class_of(&other), "http-429"));
}

Test(match, takes_no_event_id_for_evidence_without_an_error)
{
    struct record backup = event(12808, "Snapshot error 0x8004230f.\nVolume C:\\");
    struct facts facts;
    facts_of_record(&facts, book, &backup, 0, &arena);
    cr_expect(not(rulebook_has_class(&facts)));
    cr_expect(eq(u64, facts.vendors, 0));
}

Test(match, gives_events_a_class_only_for_a_provisioning_error)
{
    static const struct {
        const char *text;
        bool has_class;
    } rows[] = {
        {TAKEN, true},
        {"SCIM response error.\n\n" ERROR "\"detail\":\"The user has not be", true},
        {"{\"level\":\"info\",\"detail\":\"started\"}", false},
        {"The service answered with status code 404.", false},
        {"Error code: Timeout", false},
        {"SCIM response error.", false},
        {"{8d2b-4f}: {\"status\":\"500\",\"message\":\"x\"}", false},
        {"Error SystemForCrossDomainIdentityManagementBadResponse", true},
        {"{\"detail\":\"no\",\"status\":\"409\"}", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct record record = event(7, rows[i].text);
        struct facts facts;
        facts_of_record(&facts, book, &record, 0, &arena);
        cr_expect(eq(int, rulebook_has_class(&facts), rows[i].has_class), "%s", rows[i].text);
    }
}

Test(match, takes_2xx_for_success_whatever_the_body_says)
{
    struct record fine = exchange("GET", USERS, 200, TAKEN);
    struct record page = exchange("GET", USERS, 200, "<!DOCTYPE html><title>Sign in</title>");
    cr_expect(eq(str, (char *)class_of(&fine), "success"));
    cr_expect(eq(str, (char *)class_of(&page), "login-page-html"));
}

Test(match, tells_transport_failures_by_the_captures_words)
{
    static const struct {
        const char *error, *class_id;
    } rows[] = {
        {"getaddrinfo ENOTFOUND scim.example.com", "transport-dns"},
        {"net::ERR_CERT_AUTHORITY_INVALID", "transport-tls"},
        {"socket hang up", "transport-connect"},
        {"something", "unclassified"},
        {NULL, "unclassified"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct record record = exchange("GET", USERS, 0, NULL);
        record.http.error = slice_of(rows[i].error);
        cr_expect(eq(str, (char *)class_of(&record), (char *)rows[i].class_id));
    }
}

Test(match, lets_a_different_status_contradict_but_not_a_missing_one)
{
    struct record none = event(12808, ERROR "\"detail\":\"organization is not found.\"}");
    struct record same = event(12808, ERROR "\"detail\":\"organization is not found.\","
                                            "\"status\":\"404\"}");
    struct record other = event(12808, ERROR "\"detail\":\"organization is not found.\","
                                             "\"status\":\"500\"}");
    cr_expect(eq(str, (char *)class_of(&none), "iij-domain-not-registered"));
    cr_expect(eq(str, (char *)class_of(&same), "iij-domain-not-registered"));
    cr_expect(eq(str, (char *)class_of(&other), "iij-12808-other"));
}

Test(match, trusts_the_http_status_over_the_body)
{
    struct record record =
        exchange("GET", USERS, 404, ERROR "\"detail\":\"x\",\"status\":\"500\"}");
    cr_expect(eq(str, (char *)class_of(&record), "http-404"));
}

Test(match, asks_for_headers_only_where_the_capture_has_them)
{
    struct record record = exchange("GET", USERS, 401, NULL);
    cr_expect(eq(str, (char *)class_of(&record), "auth-header-missing"));
    record.http.request.headers_known = false;
    cr_expect(eq(str, (char *)class_of(&record), "http-401"));
    record = exchange("GET", "https://graph.microsoft.com/rp/scim/users", 400, NULL);
    cr_expect(eq(str, (char *)class_of(&record), "entra-api-400-accept-missing"));
    record.http.request.headers_known = false;
    cr_expect(eq(str, (char *)class_of(&record), "entra-api-400-bad-request"));
}

Test(match, reads_the_token_of_the_request)
{
    struct pair expired[] = {
        {SLICE("Authorization"),
         SLICE("Bearer [redacted:jwt alg=RS256 exp=1772433600 len=512+ #0123456789ab]")}};
    struct record record = exchange("GET", USERS, 401, NULL);
    set_headers(&record.http.request, expired, 1);
    cr_expect(eq(str, (char *)class_of(&record), "http-401")); /* without a time nothing is past */
    record.time_us = 1772433600 * TIME_SECOND;
    cr_expect(eq(str, (char *)class_of(&record), "http-401"));
    record.time_us = 1772433601 * TIME_SECOND;
    cr_expect(eq(str, (char *)class_of(&record), "token-expired-jwt"));
}

Test(match, names_runners_up_best_first_and_each_once)
{
    struct record record = event(12808, TAKEN);
    struct verdict verdict = verdict_of(&record, 0);
    cr_expect(eq(int, verdict.specificity, 95));
    cr_assert(verdict.runners_up[0] != NULL);
    int before = verdict.specificity;
    for (size_t i = 0; i < RUNNERS_UP && verdict.runners_up[i]; i++) {
        cr_expect(le(int, verdict.runner_specificity[i], before));
        cr_expect(verdict.runners_up[i] != verdict.rule);
        for (size_t j = 0; j < i; j++)
            cr_expect(verdict.runners_up[i] != verdict.runners_up[j]);
        before = verdict.runner_specificity[i];
    }
    cr_expect(eq(str, (char *)verdict.runners_up[0]->id.at, "uniqueness-username"));
}

/* --- bulk ------------------------------------------------------------------------------------- */

#define BULK                                                                                       \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":["       \
    "{\"method\":\"POST\",\"status\":\"201\"},"                                                    \
    "{\"method\":\"post\",\"status\":\"409\",\"response\":" ERROR                                  \
    "\"detail\":\"Email has already been taken\",\"status\":\"409\"}},"                            \
    "{\"method\":\"DELETE\",\"status\":{\"code\":\"404\"}}]}"

Test(match, makes_each_failed_bulk_operation_a_case_of_its_own)
{
    struct record record = exchange("POST", "https://scim.example.com/scim/v2/Bulk", 200, BULK);
    struct facts facts;
    cr_expect(eq(int, facts_bulk_failures(&record, &arena), 2));
    cr_expect(eq(str, (char *)class_of(&record), "success"));
    cr_expect(eq(str, (char *)verdict_of(&record, 1).rule->id.at, "uniqueness-email"));
    cr_expect(eq(str, (char *)verdict_of(&record, 2).rule->id.at, "http-404"));
    facts_of_record(&facts, book, &record, 1, &arena);
    cr_expect(slice_is(facts.method, "POST"));
    cr_expect(slice_is(facts.error.detail, "Email has already been taken"));
}

Test(match, finds_no_bulk_failures_elsewhere)
{
    struct record record = exchange("GET", USERS, 200, "{\"Operations\":[{\"status\":\"409\"}]}");
    cr_expect(eq(int, facts_bulk_failures(&record, &arena), 0));
    record.http.response.body.text = SLICE("BulkResponse but no JSON {");
    cr_expect(eq(int, facts_bulk_failures(&record, &arena), 0));
}

/* --- detectors -------------------------------------------------------------------------------- */

struct shape {
    char method[8];
    char url[120];
    int status;
    char request[240];
    char class_id[48];
};

#define GRAPH "https://graph.microsoft.com/rp/scim"

ParameterizedTestParameters(match, sees_shapes)
{
    static struct shape rows[] = {
        {"GET", GRAPH "/users?filter=userName%20eq%20%22a(b)%20or%20c%22", 400, "",
         "entra-api-400-accept-missing"},
        {"GET", GRAPH "/users?filter=userName%20eq%20%22a%22", 404, "",
         "entra-api-404-resource-not-found"},
        {"POST", GRAPH "/groups", 400, "{\"displayName\":\"Sales\"}",
         "entra-api-400-accept-missing"},
        {"GET", "https://app.example.com/Users", 404, "", "base-url-missing-scim-path"},
        {"GET", "https://app.example.com/scim/v2//Users", 404, "", "base-url-missing-scim-path"},
        {"GET", "https://app.example.com/scim/v2/Users/Users/1", 404, "",
         "base-url-missing-scim-path"},
        {"GET", "https://app.example.com/scim/v2/Users/1", 404, "", "http-404"},
    };
    return cr_make_param_array(struct shape, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct shape *row, match, sees_shapes)
{
    struct record record = exchange(row->method, row->url, row->status, NULL);
    record.http.request.body.text = slice_of(row->request);
    cr_expect(eq(str, (char *)class_of(&record), row->class_id));
}

static const char *graph_class(const char *method, const char *path, const char *body)
{
    static struct pair accept[] = {{SLICE("Accept"), SLICE("application/json")}};
    struct record record = exchange(method, path, 400, NULL);
    record.http.request.body.text = slice_of(body);
    set_headers(&record.http.request, accept, 1);
    return class_of(&record);
}

Test(match, knows_which_filters_the_entra_api_takes)
{
    static const struct {
        const char *filter;
        bool supported;
    } rows[] = {
        {"userName%20eq%20%22a@b.c%22", true},
        {"userName+ew+%22@b.c%22+and+id+eq+%221%22", true},
        {"externalId%20eq%20%22or%20not%20(1)%22", true}, /* words inside quotes are the value */
        {"externalId%20eq%20%221%22%20and%20id%20eq%20%222%22", false},
        {"userName%20eq%20%22a%22%20or%20userName%20eq%20%22b%22", false},
        {"displayName%20eq%20%22a%22", false},
        {"userName%20sw%20%22a%22", false},
        {"not%20(userName%20eq%20%22a%22)", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice url = arena_format(&arena, GRAPH "/users?filter=%s", rows[i].filter);
        cr_expect(eq(str, (char *)graph_class("GET", url.at, NULL),
                     rows[i].supported ? "entra-api-400-bad-request"
                                       : "entra-api-400-unsupported-filter"),
                  "%s", rows[i].filter);
    }
}

Test(match, knows_what_the_entra_api_asks_of_bodies)
{
    cr_expect(eq(str, (char *)graph_class("POST", GRAPH "/groups", "{}"),
                 "entra-api-400-missing-required"));
    cr_expect(eq(str, (char *)graph_class("POST", GRAPH "/groups", "{\"displayName\":\"x\"}"),
                 "entra-api-400-bad-request"));
    cr_expect(eq(str, (char *)graph_class("POST", GRAPH "/groups", "not json"),
                 "entra-api-400-bad-request"));
    cr_expect(eq(str,
                 (char *)graph_class("PATCH", GRAPH "/groups/1",
                                     "{\"operations\":[{\"op\":\"Add\",\"path\":\"members\"},"
                                     "{\"op\":\"Remove\",\"path\":\"members[value eq 1]\"}]}"),
                 "entra-api-group-patch-mixed"));
}

/* --- pasted text ------------------------------------------------------------------------------ */

static const char *text_class(const char *text)
{
    struct facts facts;
    struct verdict verdict;
    facts_of_text(&facts, book, slice_of(text), &arena);
    rulebook_classify(book, &facts, &verdict);
    return verdict.rule->id.at;
}

Test(match, reads_a_pasted_response_with_its_headers)
{
    cr_expect(eq(str,
                 (char *)text_class("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer "
                                    "error=\"invalid_token\"\r\n\r\n{}"),
                 "bearer-invalid-token"));
    cr_expect(eq(str, (char *)text_class("HTTP/2 204\n\n"), "success"));
}

Test(match, reads_what_curl_prints)
{
    cr_expect(eq(str,
                 (char *)text_class("* Connected to graph.microsoft.com\n"
                                    "> GET /rp/scim/users HTTP/2\n"
                                    "> Host: graph.microsoft.com\n"
                                    "> accept: */*\n> \n"
                                    "< HTTP/2 403 \n"
                                    "< content-type: application/scim+json\n< \n"
                                    "{ [12 bytes data]\n{}\n"),
                 "entra-api-403-forbidden"));
}

Test(match, passes_an_interim_response)
{
    cr_expect(eq(str, (char *)text_class("HTTP/1.1 100 Continue\n\nHTTP/1.1 409 Conflict\n\n"),
                 "http-409"));
}

Test(match, takes_the_event_id_that_a_pasted_event_names)
{
    const char *error = ERROR "\"detail\":\"no words for it\",\"status\":\"418\"}";
    cr_expect(eq(str, (char *)text_class(error), "http-4xx-other"));
    struct slice pasted = arena_format(&arena, "Event ID:  12808\nSCIM response error.\n%s", error);
    cr_expect(eq(str, (char *)text_class(pasted.at), "iij-12808-other"));
    pasted = arena_format(&arena, "<EventID Qualifiers='0'>12808</EventID><Data>%s", error);
    cr_expect(eq(str, (char *)text_class(pasted.at), "iij-12808-other"));
}

/* --- hostile ---------------------------------------------------------------------------------- */

Test(match, gives_up_patterns_on_hostile_details, .timeout = 60)
{
    static const char *const pieces[] = {
        "required attribute ", "user name ",         "e-mail", "filter(",
        "phone numbers ",      "has been deleted. ", "a.",     "member "};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf text;
        buf_init(&text, 1 << 20);
        buf_add_text(&text, ERROR "\"status\":\"400\",\"detail\":\"");
        while (text.len < 100000)
            buf_add_text(&text, pieces[i]);
        buf_add_text(&text, "\"}");
        for (int n = 0; n < 20; n++) {
            struct record record = exchange("POST", USERS, 400, text.at);
            verdict_of(&record, 0);
        }
        buf_free(&text);
    }
}
