/* Values of HTTP headers. */
#include "redacting.h"

#include <criterion/parameterized.h>

struct header_row {
    char name[32], value[200], want[200];
};

ParameterizedTestParameters(headers, lose_their_secrets)
{
    static struct header_row rows[] = {
        {"Authorization", "Bearer abc", "Bearer [redacted:token len=1-15 #]"},
        {"authorization", "bearer  abcdefghijklmnopq", "bearer [redacted:token len=16-63 #]"},
        {"AUTHORIZATION", "opaque", "[redacted:token len=1-15 #]"},
        {"Authorization", "two words", "[redacted:token len=1-15 #]"},
        {"Authorization", "SSWS 00abc", "SSWS [redacted:token len=1-15 #]"},
        {"Authorization", "Basic c3ZjOmh1bnRlcjI=", "Basic svc:[redacted:password len=1-15]"},
        {"Authorization", "Basic ?", "Basic [redacted:token len=1-15 #]"},
        {"Authorization", "Digest username=\"u\", nonce=\"n\", response=\"r\", uri=\"/x\"",
         "Digest username=\"u\", nonce=\"[redacted:signature len=1-15 #]\", "
         "response=\"[redacted:signature len=1-15 #]\", uri=\"/x\""},
        /* a value that a tag stands in ends behind the tag, not at a blank inside it */
        {"Authorization", "Digest d=x[redacted:password len=1-15]",
         "Digest d=[redacted:signature len=16-63 #]"},
        {"Authorization", "Digest d=[redacted:password len=1-15]y, uri=/x",
         "Digest d=[redacted:signature len=16-63 #], uri=/x"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=A/20240501/s3, SignedHeaders=host;range, Signature=fe5f",
         "AWS4-HMAC-SHA256 Credential=A/20240501/s3, SignedHeaders=host;range, "
         "Signature=[redacted:signature len=1-15 #]"},
        {"Authorization", "SharedAccessSignature sr=x&sig=abc%3D&se=1&skn=n",
         "SharedAccessSignature sr=x&sig=[redacted:signature len=1-15 #]&se=1&skn=n"},
        {"Proxy-Authorization", "Bearer x", "Bearer [redacted:token len=1-15 #]"},
        {"Cookie", "a=1; b=two=2; c",
         "a=[redacted:cookie len=1-15 #]; "
         "b=[redacted:cookie len=1-15 #]; [redacted:cookie len=1-15 #]"},
        {"cookie", "", ""},
        {"Cookie2", "$Version=1", "$Version=[redacted:cookie len=1-15 #]"},
        {"Set-Cookie", "sid=abc; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
         "sid=[redacted:cookie len=1-15 #]; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; "
         "HttpOnly"},
        {"set-cookie", "a=1; Path=/\nb=2; Secure",
         "a=[redacted:cookie len=1-15 #]; Path=/\nb=[redacted:cookie len=1-15 #]; Secure"},
        {"Set-Cookie", "a=1; Path=/, b=2; Path=/",
         "a=[redacted:cookie len=1-15 #]; Path=/, b=[redacted:cookie len=1-15 #]; Path=/"},
        {"Set-Cookie", "a=\"x y\"; Odd=value",
         "a=\"[redacted:cookie len=1-15 #]\"; "
         "Odd=[redacted:cookie len=1-15 #]"},
        {"X-Api-Key", "x", "[redacted:key len=1-15 #]"},
        {"x-ms-client-principal-name", "a@b.c", "[redacted:token len=1-15 #]"},
        {"Authentication-Info", "nextnonce=\"n\"", "[redacted:token len=1-15 #]"},
        {"Location", "/cb?code=x&session_state=y#access_token=z",
         "/cb?code=[redacted:token len=1-15 #]&session_state=[redacted:token len=1-15 #]"
         "#access_token=[redacted:token len=1-15 #]"},
        {"Referer", "https://u:p@a.test/?filter=a&code=x",
         "https://u:[redacted:password len=1-15]@a.test/?filter=a&code=[redacted:token"
         " len=1-15 #]"},
        {":path", "/Users?access_token=x", "/Users?access_token=[redacted:token len=1-15 #]"},
        {"X-Debug", "Authorization: Bearer abcd1234",
         "Authorization: Bearer [redacted:token len=1-15 #]"},
        /* kept */
        {"WWW-Authenticate",
         "Bearer realm=\"scim\", error=\"invalid_token\", "
         "error_description=\"The access token expired\"",
         "Bearer realm=\"scim\", error=\"invalid_token\", "
         "error_description=\"The access token expired\""},
        {"X-Request-Id", "97c0abe1-14f7-417b-951c-bc8e2a17f200",
         "97c0abe1-14f7-417b-951c-bc8e2a17f200"},
        {"Access-Control-Allow-Headers", "Authorization, X-Api-Key", "Authorization, X-Api-Key"},
        {"Vary", "Cookie, Authorization", "Cookie, Authorization"},
        {"ETag", "W/\"a330bc54f0671c9\"", "W/\"a330bc54f0671c9\""},
        {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (X11; Linux x86_64)"},
    };
    return cr_make_param_array(struct header_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct header_row *row, headers, lose_their_secrets)
{
    redacting_open();
    expect_header(row->name, row->value, row->want);
    redacting_close();
}

Test(headers, one_token_has_one_tag_wherever_it_stands, .init = redacting_open,
     .fini = redacting_close)
{
    const struct pair headers[] = {{SLICE("Authorization"), SLICE("Bearer same-token-1")},
                                   {SLICE("X-Access-Token"), SLICE("same-token-1")},
                                   {SLICE("Cookie"), SLICE("c=same-token-1")},
                                   {SLICE("X-Auth-Token"), SLICE("other-token-1")}};
    struct record in = exchange_with(headers, 4);
    in.http.request.body.text = SLICE("{\"access_token\":\"same\\u002dtoken-1\"}");
    struct record out = redacted_record(&in);
    const struct pair *got = out.http.request.headers;
    struct slice tag = slice_from(got[1].value, got[1].value.len - 14);
    cr_expect(slice_ends_fold(got[0].value, tag.at) || slice_find(got[0].value, tag) != SIZE_MAX);
    cr_expect_neq(slice_find(got[2].value, tag), SIZE_MAX);
    cr_expect_neq(slice_find(out.http.request.body.text, tag), SIZE_MAX);
    cr_expect_eq(slice_find(got[3].value, tag), SIZE_MAX);
    cr_expect_eq(redact_counts(redactor)[REDACT_COOKIE], 1);
}
