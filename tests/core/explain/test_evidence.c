/* evidence.c and its checks: what is shown, what is only consistent, and what was not captured. */
#include "core/base/words.h"
#include "core/explain/evidence.h"
#include "core/normalise.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>

#define ERROR "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
#define USERS "https://scim.example.com/scim/v2/Users"
#define GRAPH "https://graph.microsoft.com/rp/scim"
#define CALL_TIME INT64_C(1772437200) /* 2026-03-02T07:40:00Z */

static struct arena arena;
static struct rulebook *book;
static struct evidence_list list;

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

TestSuite(evidence, .init = setup, .fini = teardown);

static struct record exchange(const char *method, const char *url, int status, const char *request,
                              const char *response)
{
    struct record record = {.kind = KIND_HTTP, .time_us = CALL_TIME * TIME_SECOND};
    record.http.method = slice_of(method);
    record.http.url = slice_of(url);
    record.http.status = status;
    record.http.duration_us = -1;
    record.http.request.headers_known = true;
    record.http.response.headers_known = true;
    record.http.request.body.text = slice_of(request);
    record.http.response.body.text = slice_of(response);
    return record;
}

static struct record event(const char *message)
{
    struct record record = {.kind = KIND_EVENT, .time_us = CALL_TIME * TIME_SECOND};
    record.event.event_id = 12808;
    record.event.record_id = 1;
    record.event.message = slice_of(message);
    return record;
}

static void add_header(struct message *message, const char *name, const char *value)
{
    struct pair *pairs = arena_zalloc(&arena, message->header_count + 1, sizeof *pairs);
    if (message->header_count)
        memcpy(pairs, message->headers, message->header_count * sizeof *pairs);
    pairs[message->header_count++] = (struct pair){slice_of(name), slice_of(value)};
    message->headers = pairs;
}

/* Classifies and collects as `show` does; gives the class. */
static const char *collect(const struct record *record, bool kept)
{
    struct entry entry;
    struct facts facts;
    struct verdict verdict;
    normalise_record(&entry, book, record, 0, true, &arena);
    facts_of_record(&facts, book, record, 0, &arena);
    rulebook_classify(book, &facts, &verdict);
    evidence_collect(&list, &entry, kept ? record : NULL, &facts, verdict.rule, book, NULL, &arena);
    return verdict.rule->id.at;
}

static const struct evidence *find(const char *id)
{
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].id, id) == 0)
            return &list.items[i];
    return NULL;
}

/* The check said a sentence that holds `text`, with this verdict. */
static void expect(const char *id, enum evidence_verdict verdict, const char *text)
{
    const struct evidence *seen = find(id);
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].id, id) == 0 && list.items[i].verdict == verdict &&
            slice_find(list.items[i].text, slice_of(text)) != SIZE_MAX)
            return;
    cr_expect(false, "%s: no \"%s\" (%s); it says: %s", id, text, evidence_verdict_name(verdict),
              seen ? seen->text.at : "nothing");
}

/* --- tokens ----------------------------------------------------------------------------------- */

static const char *collect_token(const char *authorization)
{
    struct record record = exchange("GET", USERS, 401, NULL, NULL);
    if (authorization)
        add_header(&record.http.request, "Authorization", authorization);
    return collect(&record, true);
}

Test(evidence, says_how_long_before_the_call_a_token_expired)
{
    cr_expect(eq(str,
                 (char *)collect_token("Bearer [redacted:jwt alg=RS256 iat=1772431380 "
                                       "exp=1772434980 len=512+ #0123456789ab]"),
                 "token-expired-jwt"));
    expect("token-expiry", EVIDENCE_SHOWN, "expired 37 minutes before the call");
    expect("token-expiry", EVIDENCE_SHOWN, "(exp 2026-03-02 07:03:00 (UTC))");
    expect("authorization", EVIDENCE_CONSISTENT, "Bearer");
}

Test(evidence, says_when_a_token_was_still_good)
{
    collect_token("Bearer [redacted:jwt exp=1772437800 len=512+ #0123456789ab]");
    expect("token-expiry", EVIDENCE_CONSISTENT, "valid for another 10 minutes");
}

Test(evidence, sees_clocks_that_differ)
{
    collect_token("Bearer [redacted:jwt exp=1772449999 nbf=1772437320 iat=1772437320 len=512+ "
                  "#0123456789ab]");
    expect("token-expiry", EVIDENCE_SHOWN, "begins 2 minutes after the call");
    expect("token-expiry", EVIDENCE_SHOWN, "issued 2 minutes after the call");
}

Test(evidence, takes_no_wild_number_for_a_time)
{
    collect_token("Bearer [redacted:jwt exp=9223372036854775807 len=512+ #0123456789ab]");
    expect("token-expiry", EVIDENCE_NOT_CAPTURED, "no time of expiry");
}

Test(evidence, cannot_read_an_opaque_token)
{
    collect_token("Bearer [redacted:token len=16-63 #0123456789ab]");
    expect("token-expiry", EVIDENCE_NOT_CAPTURED, "no JWT");
}

Test(evidence, names_a_missing_header_and_who_else_may_have_removed_it)
{
    cr_expect(eq(str, (char *)collect_token(NULL), "auth-header-missing"));
    expect("authorization", EVIDENCE_SHOWN, "no Authorization header");
    expect("authorization", EVIDENCE_SHOWN, "sanitized HAR");
    cr_expect(find("token-expiry") == NULL);
}

Test(evidence, says_that_an_event_holds_no_token)
{
    struct record record = event(ERROR "\"detail\":\"Access token is not available\","
                                       "\"status\":\"401\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "iij-token-not-available"));
    expect("token-expiry", EVIDENCE_NOT_CAPTURED, "event log does not hold requests");
}

Test(evidence, says_that_a_capture_without_headers_proves_nothing)
{
    struct record record = exchange("GET", USERS, 401, NULL, NULL);
    record.http.request.headers_known = false;
    collect(&record, true);
    expect("token-expiry", EVIDENCE_NOT_CAPTURED, "capture");
    cr_expect(find("authorization") == NULL);
}

Test(evidence, compares_schemes)
{
    struct record record = exchange("GET", USERS, 401, NULL, NULL);
    add_header(&record.http.request, "Authorization", "Basic [redacted:password len=1-15]");
    add_header(&record.http.response, "WWW-Authenticate", "Bearer realm=\"scim\"");
    collect(&record, true);
    expect("authorization", EVIDENCE_SHOWN, "used Basic credentials, the server asks for Bearer");
}

static void collect_roles(const char *method, const char *claims)
{
    struct slice value = arena_format(&arena,
                                      "Bearer [redacted:jwt %s exp=1999999999 len=512+ "
                                      "#0123456789ab]",
                                      claims);
    struct record record = exchange(method, GRAPH "/users", 403, NULL, NULL);
    add_header(&record.http.request, "Authorization", value.at);
    collect(&record, true);
}

Test(evidence, names_the_permission_that_a_call_needs)
{
    collect_roles("POST", "aud=https://graph.microsoft.com roles=User.Read.All");
    expect("token-rights", EVIDENCE_SHOWN, "needs: User.ReadWrite.All (it holds");
    expect("token-rights", EVIDENCE_CONSISTENT, "meant for Microsoft Graph");
    collect_roles("GET", "aud=api://mine roles=User.Read.All");
    expect("token-rights", EVIDENCE_CONSISTENT, "holds the permission");
    expect("token-rights", EVIDENCE_SHOWN, "aud api://mine");
    collect_roles("GET", "roles=Group.Read.All");
    expect("token-rights", EVIDENCE_SHOWN, "User.Read.All or User.ReadWrite.All");
    collect_roles("GET", "scp=User.Read");
    expect("token-rights", EVIDENCE_SHOWN, "signed-in user");
}

/* --- values of any attribute, headers, error bodies ------------------------------------------- */

#define AWS "https://scim.us-east-1.amazonaws.com/t/scim/v2"

Test(evidence, remarks_on_values_that_servers_often_refuse)
{
    struct record record =
        exchange("POST", USERS, 400,
                 "{\"userName\":\"a\",\"active\":\"False\",\"name\":{\"givenName\":\"\"},"
                 "\"nickName\":\"a\\u0007b\"}",
                 ERROR "\"scimType\":\"invalidValue\",\"detail\":\"no\",\"status\":\"400\"}");
    collect(&record, true);
    expect("odd-values", EVIDENCE_CONSISTENT, "active is sent as the text \"False\"");
    expect("odd-values", EVIDENCE_CONSISTENT, "name.givenName is sent as an empty text");
    expect("odd-values", EVIDENCE_CONSISTENT, "nickName holds the control character U+0007");
    record.http.request.body.text = SLICE("{\"userName\":\"a\",\"active\":false}");
    collect(&record, true);
    cr_expect_null(find("odd-values"));
}

Test(evidence, names_what_aws_refuses_without_saying_so)
{
    struct record record =
        exchange("POST", AWS "/Users", 400,
                 "{\"userName\":\"a\",\"name\":{\"givenName\":\"b\"},"
                 "\"emails\":[{\"value\":\"a@b.c\"},{\"value\":\"d@b.c\"}]}",
                 ERROR "\"detail\":\"Request is unparsable, syntactically incorrect, or violates "
                       "schema.\",\"status\":\"400\"}");
    collect(&record, true);
    expect("required-attributes", EVIDENCE_SHOWN, ": displayName, name.familyName");
    expect("required-attributes", EVIDENCE_SHOWN, "2 values of emails; the service takes one");
    record = exchange("GET", AWS "/Users?filter=userName%20sw%20%22a%20or%20b%22", 400, NULL,
                      ERROR "\"scimType\":\"invalidFilter\",\"status\":\"400\"}");
    collect(&record, true);
    expect("filter", EVIDENCE_CONSISTENT, "does not support \"sw\" in the filter");
}

Test(evidence, misses_the_user_agent_that_the_service_asks_for)
{
    struct record record = exchange(
        "GET", "https://api.github.com/scim/v2/organizations/o/Users", 403, NULL,
        "{\"message\":\"Request forbidden by administrative rules. Please make sure your request "
        "has a User-Agent header\"}");
    collect(&record, true);
    expect("user-agent", EVIDENCE_SHOWN, "no User-Agent header");
}

Test(evidence, remarks_on_error_bodies_that_depart_from_the_protocol)
{
    struct record record = exchange("POST", USERS, 409, "{\"userName\":\"a\"}",
                                    ERROR "\"scimType\":\"taken\",\"status\":409}");
    collect(&record, true);
    expect("status-mismatch", EVIDENCE_SHOWN, "The scimType \"taken\" is none");
    expect("status-mismatch", EVIDENCE_SHOWN, "its status as a number");
    record.http.response.body.text = SLICE(ERROR "\"scimType\":\"uniqueness\",\"status\":\"409\"}");
    collect(&record, true);
    cr_expect_null(find("status-mismatch"));
}

/* --- values of requests ----------------------------------------------------------------------- */

struct value {
    char request[200];
    char text[100];
    enum evidence_verdict verdict;
};

ParameterizedTestParameters(evidence, looks_at_phone_numbers)
{
    static struct value rows[] = {
        {"{\"phoneNumbers\":[{\"value\":\"03-1234-5678\"}]}", "\"03-1234-5678\" begins with \"0\"",
         EVIDENCE_SHOWN},
        {"{\"phoneNumbers\":[{\"value\":\"+81-3-1234-5678\"},{\"value\":\"+81 3\"}]}",
         "holds \" \" at character 4", EVIDENCE_SHOWN},
        {"{\"phoneNumbers\":[{\"value\":\"\\uff0b81-3\"}]}", "begins with \"\xef\xbc\x8b\"",
         EVIDENCE_SHOWN},
        {"{\"phoneNumbers\":[{\"value\":\"+81-3-12\\uff13\"}]}", "at character 9", EVIDENCE_SHOWN},
        {"{\"phoneNumbers\":[{\"value\":\"+81(3)1234.5678;ext=12\"}]}", "have the global form",
         EVIDENCE_CONSISTENT},
        {"{\"phoneNumbers\":[{\"value\":\"+-\"}]}", "has no digits", EVIDENCE_SHOWN},
        {"{\"userName\":\"a\"}", "no phone number", EVIDENCE_CONSISTENT},
        {"{\"Operations\":[{\"op\":\"replace\",\"path\":\"phoneNumbers[type eq "
         "\\\"work\\\"].value\","
         "\"value\":\"0312345678\"}]}",
         "\"0312345678\"", EVIDENCE_SHOWN},
        {"{\"Operations\":[{\"op\":\"add\",\"value\":{\"phoneNumbers\":[{\"value\":\"12\"}]}}]}",
         "\"12\"", EVIDENCE_SHOWN},
        {"{\"Operations\":[{\"op\":\"add\",\"path\":\"phoneNumbers[type eq \\\"work\\\"].type\","
         "\"value\":\"home\"}]}",
         "no phone number", EVIDENCE_CONSISTENT},
        {"", "does not carry it", EVIDENCE_NOT_CAPTURED},
    };
    return cr_make_param_array(struct value, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct value *row, evidence, looks_at_phone_numbers)
{
    struct record record = exchange("POST", "https://scim.auth.iij.jp/scim/v2/Users", 400,
                                    row->request[0] ? row->request : NULL,
                                    ERROR "\"detail\":\"Phone numbers Value is invalid format\","
                                          "\"scimType\":\"invalidValue\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "iij-phone-format"));
    expect("phone-format", row->verdict, row->text);
}

Test(evidence, calls_a_wrong_phone_only_consistent_when_the_class_names_no_attribute)
{
    struct record record = exchange("POST", USERS, 400, "{\"phoneNumbers\":[{\"value\":\"03\"}]}",
                                    ERROR "\"detail\":\"x\",\"scimType\":\"invalidValue\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "scim-invalid-value"));
    expect("phone-format", EVIDENCE_CONSISTENT, "\"03\"");
}

ParameterizedTestParameters(evidence, looks_at_mail_addresses)
{
    static struct value rows[] = {
        {"tanaka", "has no \"@\"", EVIDENCE_SHOWN},
        {"a b@example.com", "holds a blank", EVIDENCE_SHOWN},
        {"tanaka\xef\xbc\xa0"
         "example.com",
         "full-width", EVIDENCE_SHOWN},
        {"\xe7\x94\xb0@example.com", "the \"@\": \"\xe7\x94\xb0\" at character 1", EVIDENCE_SHOWN},
        {"a@b@c", "more than one", EVIDENCE_SHOWN},
        {"@c", "nothing before", EVIDENCE_SHOWN},
        {"a@", "nothing after", EVIDENCE_SHOWN},
        {"", "is an empty text", EVIDENCE_SHOWN},
        {"a@\xe4\xbe\x8b.jp", "look well formed", EVIDENCE_CONSISTENT},
    };
    return cr_make_param_array(struct value, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct value *row, evidence, looks_at_mail_addresses)
{
    char body[300];
    snprintf(body, sizeof body, "{\"emails\":[{\"value\":\"%s\"}]}", row->request);
    struct record record = exchange("POST", "https://scim.auth.iij.jp/scim/v2/Users", 400, body,
                                    ERROR "\"detail\":\"Emails Value is not an iid email format.\","
                                          "\"scimType\":\"invalidValue\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "iij-email-format"));
    expect("email-format", row->verdict, row->text);
}

Test(evidence, lists_required_attributes_that_are_missing)
{
    struct record record = exchange("POST", GRAPH "/users", 400,
                                    "{\"userName\":\"a@b.c\",\"active\":true,\"displayName\":\"A\","
                                    "\"name\":{\"familyName\":\"B\",\"givenName\":\"\"}}",
                                    NULL);
    add_header(&record.http.request, "Accept", "application/json");
    cr_expect(eq(str, (char *)collect(&record, true), "entra-api-400-missing-required"));
    expect("required-attributes", EVIDENCE_SHOWN,
           "password, name.givenName, mailNickname (Entra extension)");
    record = exchange("POST", USERS, 400, "{\"userName\":\"\"}",
                      ERROR "\"detail\":\"Missing required attribute: schemas\"}");
    collect(&record, true);
    expect("required-attributes", EVIDENCE_SHOWN, "required attributes: schemas");
}

Test(evidence, sees_a_subject_without_an_issuer)
{
    struct record record = exchange("POST", "https://scim.auth.iij.jp/scim/v2/Users", 400,
                                    "{\"userName\":\"a\",\"subject\":\"s\"}",
                                    ERROR "\"detail\":\"Issuer is required when subject or "
                                          "externalUserName is set\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "iij-issuer-required"));
    expect("required-attributes", EVIDENCE_SHOWN, "sets subject and no issuer");
}

Test(evidence, names_the_word_of_a_filter_that_is_not_supported)
{
    struct record record =
        exchange("GET", GRAPH "/users?filter=displayName%20co%20%22x%22", 400, NULL, NULL);
    add_header(&record.http.request, "Accept", "application/json");
    collect(&record, true);
    expect("filter", EVIDENCE_SHOWN, "\"co\" in the filter displayName co \"x\"");
    record.http.url = SLICE(GRAPH "/users?filter%20=id%20eq%20%221%22");
    cr_expect(eq(str, (char *)collect(&record, true), "entra-api-400-query-whitespace"));
    expect("filter", EVIDENCE_SHOWN, "at character 7");
}

Test(evidence, names_shapes_of_patches)
{
    struct record record = exchange("PATCH", USERS "/1", 400,
                                    "{\"Operations\":[{\"op\":\"Replace\",\"path\":\"active\","
                                    "\"value\":\"False\"},{\"op\":\"remove\",\"path\":\"members\","
                                    "\"value\":[{\"value\":\"1\"}]}]}",
                                    ERROR "\"detail\":\"Invalid operation 'Replace'\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "patch-op-case"));
    expect("patch-shape", EVIDENCE_SHOWN, "written \"Replace\"");
    expect("patch-shape", EVIDENCE_CONSISTENT, "active is sent as the text \"False\"");
    expect("patch-shape", EVIDENCE_CONSISTENT, "remove carries a value");
}

Test(evidence, looks_at_accept_and_content_type)
{
    struct record record = exchange("POST", USERS, 415, "{}", NULL);
    add_header(&record.http.request, "Content-Type", "text/plain");
    collect(&record, true);
    expect("media-type", EVIDENCE_SHOWN, "\"text/plain\"");
    record = exchange("GET", GRAPH "/users", 400, NULL, NULL);
    cr_expect(eq(str, (char *)collect(&record, true), "entra-api-400-accept-missing"));
    expect("media-type", EVIDENCE_SHOWN, "no Accept header");
}

Test(evidence, quotes_the_values_of_a_conflict_and_says_who_knows_the_rest)
{
    struct record record = exchange(
        "POST", USERS, 409, "{\"userName\":\"tanaka@example.com\",\"externalId\":\"17\"}", NULL);
    collect(&record, true);
    expect("values-sent", EVIDENCE_CONSISTENT,
           "userName \"tanaka@example.com\", externalId \"17\"");
    expect("values-sent", EVIDENCE_NOT_CAPTURED, "deleted users");
}

Test(evidence, names_the_entry_that_named_the_user)
{
    struct record record = event(ERROR "\"detail\":\"organization is not found.\"}");
    struct entry entry;
    struct facts facts;
    struct verdict verdict;
    normalise_record(&entry, book, &record, 0, true, &arena);
    entry.user = SLICE("tanaka@gone.example");
    entry.user_how = USER_LINKED;
    entry.user_entry = 41;
    facts_of_record(&facts, book, &record, 0, &arena);
    rulebook_classify(book, &facts, &verdict);
    evidence_collect(&list, &entry, &record, &facts, verdict.rule, book, NULL, &arena);
    expect("user-domain", EVIDENCE_SHOWN, "\"gone.example\"");
    const struct evidence *domain = find("user-domain");
    cr_assert(domain != NULL);
    cr_assert(eq(sz, domain->entry_count, 1));
    cr_expect(eq(i64, domain->entries[0], 41));
}

/* --- responses -------------------------------------------------------------------------------- */

Test(evidence, counts_when_a_wait_ends)
{
    struct record record = exchange("GET", USERS, 429, NULL, NULL);
    collect(&record, true);
    expect("retry-after", EVIDENCE_CONSISTENT, "does not say");
    add_header(&record.http.response, "Retry-After", "120");
    collect(&record, true);
    expect("retry-after", EVIDENCE_SHOWN, "wait 2 minutes, until 2026-03-02 07:42:00");
}

Test(evidence, gives_the_ids_for_support)
{
    struct record record = exchange("GET", GRAPH "/users", 500, NULL, NULL);
    collect(&record, true);
    expect("request-ids", EVIDENCE_NOT_CAPTURED, "no request id");
    add_header(&record.http.response, "request-id", "a1b2");
    collect(&record, true);
    expect("request-ids", EVIDENCE_SHOWN, "request-id a1b2");
}

Test(evidence, sees_what_is_odd_about_an_answer)
{
    struct record record = exchange("GET", GRAPH "/users/%7Bid%7D", 404, NULL,
                                    ERROR "\"detail\":\"x\",\"status\":\"500\"}");
    collect(&record, true);
    expect("status-mismatch", EVIDENCE_SHOWN, "says status 500, the HTTP status is 404");
    expect("resource-id", EVIDENCE_SHOWN, "placeholder");
    record = exchange("GET", GRAPH "/users/tanaka", 404, NULL, NULL);
    collect(&record, true);
    expect("resource-id", EVIDENCE_SHOWN, "no GUID");
    record = exchange("POST", USERS, 504, NULL, NULL);
    record.http.duration_us = 30 * TIME_SECOND;
    collect(&record, true);
    expect("duration", EVIDENCE_SHOWN, "after 30 seconds; a create may have happened");
    record = exchange("GET", USERS, 302, NULL, NULL);
    add_header(&record.http.response, "Location", "https://sso.example.com/login");
    collect(&record, true);
    expect("location", EVIDENCE_SHOWN, "redirects to https://sso.example.com/login");
}

Test(evidence, says_nothing_about_a_success)
{
    struct record record = exchange("GET", USERS, 200, NULL, "{}");
    collect(&record, true);
    cr_expect(eq(sz, list.count, 0));
}

Test(evidence, says_that_a_record_was_not_kept)
{
    struct record record = exchange("POST", "https://scim.auth.iij.jp/scim/v2/Users", 400, "{}",
                                    ERROR "\"detail\":\"Phone numbers Value is invalid format\"}");
    collect(&record, false);
    expect("phone-format", EVIDENCE_NOT_CAPTURED, "was not kept");
}

Test(evidence, has_something_to_say_about_each_documented_case)
{
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        if (!rule->seed.len)
            continue;
        struct facts facts;
        struct record record = event(rule->samples[0].text.at);
        struct entry entry;
        normalise_record(&entry, book, &record, 0, true, &arena);
        facts_of_text(&facts, book, rule->samples[0].text, &arena);
        if (facts.record)
            normalise_record(&entry, book, facts.record, 0, true, &arena);
        evidence_collect(&list, &entry, facts.record, &facts, rule, book, NULL, &arena);
        cr_expect(gt(sz, list.count, 0), "%s", rule->id.at);
        for (size_t j = 0; j < list.count; j++)
            cr_expect(gt(sz, list.items[j].text.len, 10), "%s", rule->id.at);
    }
}

/* --- calls that succeeded --------------------------------------------------------------------- */

Test(evidence, of_a_success_hints_at_patch_shapes_that_other_servers_refuse)
{
    struct record record =
        exchange("PATCH", USERS "/7", 200,
                 "{\"Operations\":[{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}]}",
                 "{\"id\":\"7\",\"userName\":\"ann\",\"active\":false}");
    cr_expect(eq(str, (char *)collect(&record, true), "success"));
    expect("patch-shape", EVIDENCE_CONSISTENT, "lower case only");
    expect("patch-shape", EVIDENCE_CONSISTENT, "not as a boolean");
    cr_expect(eq(ptr, (void *)find("unchanged"), NULL), "false was asked for and is shown");
}

Test(evidence, of_a_success_shows_what_the_answer_left_unchanged)
{
    struct record record =
        exchange("PATCH", USERS "/7", 200,
                 "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false},"
                 "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Boss\"}]}",
                 "{\"id\":\"7\",\"userName\":\"ann\",\"active\":true}");
    cr_expect(eq(str, (char *)collect(&record, true), "success"));
    expect("unchanged", EVIDENCE_SHOWN, "shows active as \"true\", where \"false\" was asked for");
    cr_expect(eq(sz, list.count, 1), "of title the answer says nothing");
    record = exchange("PUT", USERS "/7", 200, "{\"userName\":\"ann\",\"displayName\":\"Ann B\"}",
                      "{\"id\":\"7\",\"userName\":\"Ann\",\"displayName\":\"Ann A\"}");
    collect(&record, true);
    expect("unchanged", EVIDENCE_SHOWN, "displayName as \"Ann A\"");
    cr_expect(eq(sz, list.count, 1));
}

Test(evidence, of_a_success_says_nothing_when_nothing_stands_out)
{
    struct record record =
        exchange("POST", USERS, 201, "{\"userName\":\"\",\"emails\":[{\"value\":\"x\"}]}",
                 "{\"id\":\"7\",\"userName\":\"ann\"}");
    cr_expect(eq(str, (char *)collect(&record, true), "success"));
    cr_expect(eq(sz, list.count, 0));
    record = exchange("PATCH", USERS "/7", 204,
                      "{\"Operations\":[{\"op\":\"replace\",\"path\":"
                      "\"active\",\"value\":false}]}",
                      "");
    collect(&record, true);
    cr_expect(eq(sz, list.count, 0));
}

/* --- languages -------------------------------------------------------------------------------- */

Test(evidence, speaks_the_language_of_the_person)
{
    cr_assert(words_use("ja"));
    collect_token("Bearer [redacted:jwt alg=RS256 iat=1772431380 exp=1772434980 len=512+ "
                  "#0123456789ab]");
    words_use("en");
    expect("token-expiry", EVIDENCE_SHOWN,
           "トークンは呼び出しの 37 分前に期限切れになっていました(exp 2026-03-02 07:03:00 (UTC))");
}
