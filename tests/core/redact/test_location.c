/* URLs: user-info, webhook paths, queries, fragments; forms share the query rules. */
#include "redacting.h"

#include <criterion/parameterized.h>

struct location_row {
    char url[200], want[260];
};

ParameterizedTestParameters(location, loses_secrets_and_nothing_else)
{
    static struct location_row rows[] = {
        {"https://h.test/scim/v2/Users?filter=userName%20eq%20%22a%40b.test%22&startIndex=1"
         "&count=5",
         ""},
        {"/Users/97c0abe1-14f7-417b-951c-bc8e2a17f200?attributes=userName&client_id=abcdef123456",
         ""},
        {"https://svc:pa%20ss@h.test/x", "https://svc:[redacted:password len=1-15]@h.test/x"},
        {"https://a:b@c@h.test/x", "https://a:[redacted:password len=1-15]@h.test/x"},
        {"https://user@h.test/x", ""},
        {"/x?access%5Ftoken=abc&to%6Ben=d", "/x?access%5Ftoken=[redacted:token len=1-15 #]"
                                            "&to%6Ben=[redacted:token len=1-15 #]"},
        {"/x?Access-Token=abc;sig=d", "/x?Access-Token=[redacted:token len=1-15 #]"
                                      ";sig=[redacted:signature len=1-15 #]"},
        {"/x?code=1&state=2&key=3&pin=4",
         "/x?code=[redacted:token len=1-15 #]"
         "&state=[redacted:token len=1-15 #]&key=[redacted:key len=1-15 #]"
         "&pin=[redacted:password len=1-15]"},
        {"/x?token=&empty", ""},
        {"/x#id_token=abc&a=b", "/x#id_token=[redacted:token len=1-15 #]&a=b"},
        {"/app#/route?token=abc", "/app#/route?token=[redacted:token len=1-15 #]"},
        {"/x?redirect_uri=https%3A%2F%2Fa.test%2F%3Ftoken%3Dabc%26b%3Dc&filter=d",
         "/x?redirect_uri=https%3A%2F%2Fa.test%2F%3Ftoken%3D[redacted:token len=1-15 #]%26b%3Dc"
         "&filter=d"},
        {"/cart;jsessionid=abc/x?y=z", "/cart;jsessionid=[redacted:token len=1-15 #]/x?y=z"},
        {"https://hooks.slack.com/services/T0/B0/x",
         "https://hooks.slack.com/services/T0/B0/[redacted:token len=1-15 #]"},
        {"https://discord.com/api/webhooks/1/abc",
         "https://discord.com/api/webhooks/1/[redacted:token len=1-15 #]"},
        {"https://h.test/webhook/Zk3l9QmX7pV2bN8sT4wR/x",
         "https://h.test/webhook/[redacted:token len=16-63 #]/x"},
        {"https://h.test/services/scim/v2/Users/Zk3l9QmX7pV2bN8sT4wR", ""},
        {"https://h.test/Users/Zk3l9QmX7pV2bN8sT4wR", ""},
        /* what a tag tells is not read as a part of the URL */
        {"//h.test/x [redacted:jwt iss=https://u:pw@h/ len=64-511 #0123456789ab]",
         "//h.test/x [redacted:jwt iss=https://u:pw@h/ len=64-511 #]"},
        {"/x?b=[redacted:jwt kid=https%3A%2F%2Fu:pw@h%3Fsig%3Dabc len=64-511 #0123456789ab]",
         "/x?b=[redacted:jwt kid=https%3A%2F%2Fu:pw@h%3Fsig%3Dabc len=64-511 #]"},
        {"/token/y[redacted:jwt sub=a/Zk3l9QmX7pV2bN8sT4wR len=16-63 #0123456789ab]",
         "/token/y[redacted:jwt sub=a/Zk3l9QmX7pV2bN8sT4wR len=16-63 #]"},
        {"h.test:443", ""},
        {"", ""},
    };
    return cr_make_param_array(struct location_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct location_row *row, location, loses_secrets_and_nothing_else)
{
    redacting_open();
    expect_url(row->url, row->want[0] ? row->want : row->url);
    redacting_close();
}

Test(location, a_tag_in_a_url_does_not_begin_its_fragment, .init = redacting_open,
     .fini = redacting_close)
{
    struct record in = exchange_with(NULL, 0);
    in.http.url = SLICE("https://h.test/Users?access_token=abc&filter=x#f");
    struct record out = redacted_record(&in);
    struct url_parts parts = url_split(out.http.url, &arena);
    cr_expect(slice_is(url_parameter(parts.query, "filter", &arena), "x"));
    cr_expect(slice_is(parts.fragment, "f"));
}

Test(location, urls_nested_in_urls_end, .init = redacting_open, .fini = redacting_close)
{
    struct buf url;
    buf_init(&url, 1 << 20);
    for (int i = 0; i < 20000; i++)
        buf_add_text(&url, "http://h/?a=");
    buf_add_text(&url, "&access_token=abc");
    struct slice out = redact_text(redactor, buf_slice(&url), &arena);
    cr_expect_neq(slice_find(out, SLICE("access_token=[redacted:token")), SIZE_MAX);
    buf_free(&url);
}
