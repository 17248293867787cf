/* Free text: event messages, command lines, broken JSON. */
#include "redacting.h"

#include <criterion/parameterized.h>
#include <time.h>

#define TOKEN "[redacted:token len=1-15 #]"
#define TOKENS "[redacted:token len=16-63 #]"
#define PASSWORD "[redacted:password len=1-15]"

struct prose_row {
    char text[240], want[300]; /* want "" = comes through unchanged */
};

ParameterizedTestParameters(prose, loses_its_secrets)
{
    static struct prose_row rows[] = {
        {"SCIM failed. Authorization: Bearer abcd1234 (401)",
         "SCIM failed. Authorization: Bearer " TOKEN " (401)"},
        {"sent Basic c3ZjOmh1bnRlcjI= twice", "sent Basic svc:" PASSWORD " twice"},
        {"with token 1234abcd.", "with token " TOKEN "."},
        {"iid.scim.token: abcdefg1", "iid.scim.token: " TOKEN},
        {"iid.scim.token = \"short\"", "iid.scim.token = \"" TOKEN "\""},
        {"{\\\"password\\\":\\\"a b\\\",\\\"x\\\":1}",
         "{\\\"password\\\":\\\"" PASSWORD "\\\",\\\"x\\\":1}"},
        {"password='un closed\nnext", "password='" PASSWORD "\nnext"},
        {"Connect-Graph -ClientSecret \"x y\" -TenantId t",
         "Connect-Graph -ClientSecret \"[redacted:secret len=1-15 #]\" -TenantId t"},
        {"curl -u admin:hunter2 https://h.test", "curl -u admin:" PASSWORD " https://h.test"},
        {"mysql --password hunter", "mysql --password " PASSWORD},
        {"curl -u admin:x" PASSWORD "y .", "curl -u admin:[redacted:password len=16-63] ."},
        /* what stands where a key's label should be is text */
        {"-----BEGIN a\npassword=hunter2 -----", "-----BEGIN a\npassword=" PASSWORD " -----"},
        {"-----BEGIN \n{\"secret\":\"abcd1234\"}\nPRIVATE KEY-----\nMII=\n-----END x",
         "-----BEGIN [redacted:key len=16-63 #]-----END x"},
        {"-Password x" PASSWORD "y .", "-Password [redacted:password len=16-63] ."},
        {"Digest username=u, d=x" PASSWORD ", uri=/x",
         "Digest username=u, d=[redacted:signature len=16-63 #], uri=/x"},
        {"net use \\\\srv /user:admin hunter2", "net use \\\\srv /user:admin " PASSWORD},
        {"Server=sql;User Id=sa;Password=p w!;Pwd=q;x=y",
         "Server=sql;User Id=sa;Password=" PASSWORD ";Pwd=" PASSWORD ";x=y"},
        {"AccountKey=abcDEF12+/==;x", "AccountKey=[redacted:key len=1-15 #];x"},
        {"see https://svc:hunter2@h.test/?sig=abc&x=y now",
         "see https://svc:" PASSWORD "@h.test/?sig=[redacted:signature len=1-15 #]&x=y now"},
        {"GET /Users?access%5Ftoken=abc HTTP/1.1", "GET /Users?access%5Ftoken=" TOKEN " HTTP/1.1"},
        {"set-cookie: sid=abc; Secure", "set-cookie: sid=[redacted:cookie len=1-15 #]; Secure"},
        {"Ocp-Apim-Subscription-Key: abcdef01", "Ocp-Apim-Subscription-Key: "
                                                "[redacted:key len=1-15 #]"},
        {"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- x",
         "-----BEGIN RSA PRIVATE KEY-----[redacted:key len=1-15 #]-----END RSA PRIVATE KEY----- x"},
        {"-----BEGIN PRIVATE KEY-----abc", "-----BEGIN PRIVATE KEY-----[redacted:key len=1-15 #]"},
        {"password is hunter2", "password is " PASSWORD},
        {"filter=password eq \"x\"", "filter=password eq \"" PASSWORD "\""},
        {"key AKIAIOSFODNN7EXAMPLE used", "key [redacted:key len=16-63 #] used"},
        {"ghp_0123456789abcdefghij", TOKENS},
        {"glpat-0123456789abcdef xoxb-1-0123456789", TOKENS " " TOKENS},
        {"ya29.a0AfH6SMBxyz012 sk_live_0123456789abc", TOKENS " [redacted:key len=16-63 #]"},
        {"id 00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcd", "id " TOKENS},
        {"eyJhbGciOi", TOKEN},
        {"text {\"password\":\"x\"} text", "text {\"password\":\"" PASSWORD "\"} text"},
        {"[Detail]\r\n{\"a\":\"b\",\"secret\":\"c\"}\r\n",
         "[Detail]\r\n{\"a\":\"b\",\"secret\":\"[redacted:secret len=1-15 #]\"}\r\n"},
        {"ConvertTo-SecureString \"hunter2\" -AsPlainText",
         "ConvertTo-SecureString \"" PASSWORD "\" -AsPlainText"},
        /* not secrets */
        {"Access token is not available", ""},
        {"Invalid access token", ""},
        {"The token is expired; token: required", ""},
        {"Authorization: header is missing", ""},
        {"Bearer authentication failed, Basic Authentication required", ""},
        {"Password: must be at least 8 characters", ""},
        {"The password is too weak", ""},
        {"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the"
         " request"
         " is the client secret value, not the client secret ID",
         ""},
        {"Check iid.scim.token in secret.yml", ""},
        {"iid.scim.attribute.user.default.idTokenClaims: preferredUsername1", ""},
        {"token_type=Bearer expires_in=3599", ""},
        {"error=\"invalid_token\" Bearer realm=\"example\"", ""},
        {"user S-1-5-21-3623811015-3361044348-30300820-1013 logged on", ""},
        {"TargetExternalId: EMP0000012345 StatusCode: 200", ""},
        {"sha1 00a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", ""},
        {"-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----", ""},
        {"userName: tanaka@example.test, externalId=E1234567", ""},
        {"a ? b = c : d; x::y", ""},
        {"$token -Password $secret -Token @x", ""},
        {"", ""},
    };
    return cr_make_param_array(struct prose_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct prose_row *row, prose, loses_its_secrets)
{
    redacting_open();
    expect_text(row->text, row->want[0] ? row->want : row->text);
    redacting_close();
}

TestSuite(tags, .init = redacting_open, .fini = redacting_close);

Test(tags, only_a_whole_and_well_formed_tag_is_taken_for_one)
{
    expect_text("password='[redacted:password len=1-15]'",
                "password='[redacted:password len=1-15]'");
    cr_expect_eq(
        slice_find(redacted("password='[redacted:password len=1-15]hunter2'"), SLICE("hunter2")),
        SIZE_MAX);
    cr_expect_eq(slice_find(redacted("password='[redacted:hunter2 len=1-15]'"), SLICE("hunter2")),
                 SIZE_MAX);
    cr_expect_eq(slice_find(redacted("password='[redacted:token hunter2]'"), SLICE("hunter2")),
                 SIZE_MAX);
}

Test(tags, equal_values_have_equal_hashes_under_one_key_only)
{
    struct slice a = redacted("token=abcd1234"), b = redacted("secret_token: 'abcd1234'");
    cr_expect_str_eq(a.at + a.len - 14, arena_copy(&arena, slice_make(b.at + b.len - 15, 14)).at);
    unsigned char other_bytes[HASH_KEY_SIZE] = {9};
    struct hash_key *other_key = hash_key_new(other_bytes);
    struct redactor *other = redactor_new(other_key);
    struct slice c = redact_text(other, SLICE("token=abcd1234"), &arena);
    cr_expect_str_eq(masked(a), masked(c));
    cr_expect_not(slice_equal(a, c));
    redactor_free(other);
    hash_key_free(other_key);
}

/* Text around JSON is read twice, as what it holds and as text: what both see goes once. */
Test(tags, a_secret_seen_twice_is_replaced_and_counted_once)
{
    static const char *const texts[] = {
        "sent {\"password\":\"hunter2x\"} and got 400",
        "<i>x</i> password=hunter2x;",
        "<x password=\"hunter2x\"> {\"n\":1}",
        "{\"a\":\"https://u:hunter2x@h.test/\"} sent",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t before = redact_counts(redactor)[REDACT_PASSWORD];
        struct slice out = redacted(texts[i]);
        cr_expect_eq(slice_find(out, SLICE("hunter2x")), SIZE_MAX, "%s", texts[i]);
        cr_expect_eq(redact_counts(redactor)[REDACT_PASSWORD], before + 1, "%s", texts[i]);
    }
}

Test(tags, what_only_looks_like_json_is_read_as_text_too)
{
    expect_text("{\"schemas\nhttps://u:hunter2@h.test/\n\": [",
                "{\"schemas\nhttps://u:[redacted:password len=1-15]@h.test/\n\": [");
    expect_text("{\"a\": 1, \"b Bearer abcd1234\": {} x",
                "{\"a\": 1, \"b Bearer [redacted:token len=1-15 #]\": {} x");
}

Test(tags, hostile_text_takes_linear_time)
{
    static const char *const units[] = {
        "cookie:",
        "token='",
        "Digest ",
        "{\"a\":[",
        "<password>",
        "http://a?b=",
        "password=\"",
        "[redacted:",
        "?a=?a=",
        "-----BEGIN ",
        "<a b='<a b=\"",
        "{\\\"token\\\":",
        "eyJ.",
        "/user:x ",
        ";pwd=a b",
        "{\"value\":{\"a\":",
        "\\\\\\\\\"",
        "token is ",
        "<key>token</key>",
        "Basic QQ== ",
        "[redacted:jwt a=b ",
        "-u a:b ",
        "{\"x\":\"{",
        "password:\\\"",
        "Set-Cookie: a=b,",
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct buf text;
        buf_init(&text, 1 << 20);
        while (buf_add_text(&text, units[i]))
            ;
        struct timespec from, to;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        redact_text(redactor, slice_make(text.at, text.len), &arena);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double seconds =
            (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        cr_expect_lt(seconds, 3.0, "%s: %.2f s for 1 MiB", units[i], seconds);
        buf_free(&text);
        arena_reset(&arena);
    }
}
