/* Whole records: what is looked for everywhere, bodies of every form, cutting, events. */
#include "redacting.h"

TestSuite(exchange, .init = redacting_open, .fini = redacting_close);

/* An exchange with these two bodies, redacted. */
static struct record_http bodies(const char *request, const char *response)
{
    struct record in = exchange_with(NULL, 0);
    in.http.request.body.text = slice_of(request);
    in.http.response.body.text = slice_of(response);
    return redacted_record(&in).http;
}

static void expect_masked(struct slice got, const char *want)
{
    cr_expect_str_eq(masked(got), want, "%s\n not %s", masked(got), want);
}

Test(exchange, a_password_that_the_server_quotes_is_removed_there_too)
{
    struct record_http http = bodies("{\"password\":\"Pw!x 1\\/2\"}",
                                     "{\"detail\":\"Password 'Pw!x 1/2' is too short\"}");
    expect_masked(http.response.body.text,
                  "{\"detail\":\"Password '[redacted:password len=1-15]' is too short\"}");
    http = bodies("{\"password\":\"tanaka\",\"userName\":\"tanaka\"}",
                  "{\"detail\":\"'tanaka' is no password for tanaka\"}");
    expect_masked(http.request.body.text,
                  "{\"password\":\"[redacted:password len=1-15]\",\"userName\":\"tanaka\"}");
    expect_masked(http.response.body.text,
                  "{\"detail\":\"'[redacted:password len=1-15]' is no password for tanaka\"}");
}

Test(exchange, a_password_that_is_a_word_takes_no_words_away)
{
    struct record_http http = bodies("{\"password\":\"password\",\"active\":true}",
                                     "{\"detail\":\"The password is too weak\"}");
    expect_masked(http.response.body.text, "{\"detail\":\"The password is too weak\"}");
    http = bodies("{\"password\":\"detail\"}", "{\"detail\":\"x\",\"status\":\"400\"}");
    expect_masked(http.response.body.text, "{\"detail\":\"x\",\"status\":\"400\"}");
}

Test(exchange, a_token_is_removed_from_error_url_and_other_headers)
{
    const struct pair headers[] = {{SLICE("Authorization"), SLICE("Bearer abcd-1234-efgh")},
                                   {SLICE("X-Note"), SLICE("seen abcd-1234-efgh!")}};
    struct record in = exchange_with(headers, 2);
    in.http.url = SLICE("https://h.test/scim/abcd-1234-efgh/Users");
    in.http.error = SLICE("refused abcd-1234-efgh");
    struct record out = redacted_record(&in);
    expect_masked(out.http.request.headers[1].value, "seen [redacted:token len=1-15 #]!");
    expect_masked(out.http.url, "https://h.test/scim/[redacted:token len=1-15 #]/Users");
    expect_masked(out.http.error, "refused [redacted:token len=1-15 #]");
}

Test(exchange, forms_lose_fields_by_name)
{
    expect_body("application/x-www-form-urlencoded",
                "grant_type=client_credentials&client_id=id&client_secret=a%26b&scope=x+y",
                "grant_type=client_credentials&client_id=id&"
                "client_secret=[redacted:secret len=1-15 #]&scope=x+y");
    expect_body(NULL, "code=x&redirect_uri=y", "code=[redacted:token len=1-15 #]&redirect_uri=y");
    expect_body("multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nx y\r\n"
                "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nu\r\n--b--\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"
                "[redacted:password len=1-15]\r\n"
                "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nu\r\n--b--\r\n");
}

Test(exchange, base64_bodies_are_cleaned_inside)
{
    struct record_http http = bodies("eyJhIjoxLCJwYXNzd29yZCI6Imh1bnRlcjIifQ==", "");
    /* {"a":1,"password":"[redacted:password len=1-15]"} */
    expect_masked(http.request.body.text,
                  "eyJhIjoxLCJwYXNzd29yZCI6IltyZWRhY3RlZDpwYXNzd29yZCBsZW49MS0xNV0ifQ==");
}

Test(exchange, binary_bodies_keep_size_type_and_digest)
{
    struct record in = exchange_with(NULL, 0);
    in.http.request.body =
        (struct body){.text = SLICE("p\0a\0s\0s\0"), .type = SLICE("text/plain")};
    in.http.response.body = (struct body){.text = SLICE("abc"), .size = 3, .binary = true};
    struct record out = redacted_record(&in);
    const struct body *body = &out.http.request.body;
    cr_expect(slice_is_none(body->text));
    cr_expect(body->binary);
    cr_expect_eq(body->size, 8);
    cr_expect(slice_is(body->type, "text/plain"));
    cr_expect_eq(body->digest.len, 12);
    cr_expect(slice_is_none(out.http.response.body.text));
    cr_expect_not(slice_equal(body->digest, out.http.response.body.digest));
}

Test(exchange, long_bodies_are_cut_after_redaction)
{
    struct buf text;
    buf_init(&text, RECORD_SIZE_LIMIT);
    buf_add_text(&text, "{\"a\":\"");
    while (text.len < RECORD_BODY_KEPT - 30)
        buf_add_text(&text, "word word ");
    buf_add_text(&text, "\",\"password\":\"hunter2hunter2hunter2hunter2\",");
    while (text.len < 2 * RECORD_BODY_KEPT)
        buf_add_text(&text, "\"b\":\"\xe3\x81\x82\",");
    struct record in = exchange_with(NULL, 0);
    in.http.request.body = (struct body){.text = buf_slice(&text), .size = text.len};
    struct record out = redacted_record(&in);
    const struct body *body = &out.http.request.body;
    cr_expect_leq(body->text.len, RECORD_BODY_KEPT);
    cr_expect_gt(body->text.len, RECORD_BODY_KEPT - 100);
    cr_expect_eq(slice_find(body->text, SLICE("hunter2")), SIZE_MAX);
    cr_expect_eq(body->size, text.len);
    cr_expect_eq(body->digest.len, 12);
    buf_free(&text);
}

Test(exchange, header_values_and_urls_have_ceilings)
{
    struct buf text;
    buf_init(&text, 4 << 20);
    buf_add_text(&text, "https://h.test/?a=");
    while (text.len < 3 << 20)
        buf_add_text(&text, "word ");
    const struct pair header = {SLICE("X-Long"), buf_slice(&text)};
    struct record in = exchange_with(&header, 1);
    in.http.url = buf_slice(&text);
    struct record out = redacted_record(&in);
    cr_expect_leq(out.http.request.headers[0].value.len, RECORD_HEADER_LIMIT);
    cr_expect_leq(out.http.url.len, RECORD_HEADER_LIMIT);
    buf_free(&text);
}

Test(exchange, events_lose_secrets_in_message_and_data)
{
    const struct pair data[] = {{SLICE("Password"), SLICE("hunter2!")},
                                {SLICE("TargetUserName"), SLICE("tanaka")},
                                {SLICE("SessionId"), SLICE_NONE},
                                {SLICE_NONE, SLICE("{\"token\":\"x\"} said hunter2!")}};
    struct record in = {.kind = KIND_EVENT,
                        .time_us = TIME_NONE,
                        .event = {.event_id = -1,
                                  .record_id = -1,
                                  .data = data,
                                  .data_count = 4,
                                  .message = SLICE("tried hunter2! for tanaka")}};
    struct record out = redacted_record(&in);
    expect_masked(out.event.data[0].value, "[redacted:password len=1-15]");
    expect_masked(out.event.data[1].value, "tanaka");
    cr_expect(slice_is_none(out.event.data[2].value));
    expect_masked(out.event.data[3].value, "{\"token\":\"[redacted:token len=1-15 #]\"} said "
                                           "[redacted:password len=1-15]");
    expect_masked(out.event.message, "tried [redacted:password len=1-15] for tanaka");
}

Test(exchange, what_holds_no_secret_stays_where_it_is)
{
    struct record in = exchange_with(NULL, 0);
    in.http.request.body.text = SLICE("{\"userName\":\"a@b.test\",\"emails\":[{\"value\":\"c\"}]}");
    struct record out = redacted_record(&in);
    cr_expect_eq(out.http.request.body.text.at, in.http.request.body.text.at, "borrowed");
    cr_expect_eq(out.http.url.at, in.http.url.at);
    for (int i = 0; i < REDACT_CLASSES; i++)
        cr_expect_eq(redact_counts(redactor)[i], 0);
}

Test(exchange, provisioning_item_loses_passwords_everywhere_and_keeps_names)
{
    struct record in = {
        .kind = KIND_PROVISIONING,
        .time_us = TIME_NONE,
        .provisioning = {.source_user = SLICE("tanaka@example.com"),
                         .reason = SLICE("rejected value Zx9$kQ71pLmv of the attribute"),
                         .item = SLICE("{\"modifiedProperties\":[{\"displayName\":\"password\","
                                       "\"newValue\":\"Zx9$kQ71pLmv\"},{\"displayName\":\"mail\","
                                       "\"newValue\":\"tanaka@example.com\"}]}")}};
    struct record out = redacted_record(&in);
    const char *item = masked(out.provisioning.item), *reason = masked(out.provisioning.reason);
    cr_expect_not(strstr(item, "Zx9"), "%s", item);
    cr_expect(strstr(item, "tanaka@example.com") != NULL, "%s", item);
    cr_expect_not(strstr(reason, "Zx9"), "%s", reason);
    cr_expect(strstr(reason, "of the attribute") != NULL, "%s", reason);
    cr_expect(slice_is(out.provisioning.source_user, "tanaka@example.com"));
}
