/* JSON bodies: members by name and by what stands beside them; every other byte stays. */
#include "redacting.h"

#include <criterion/parameterized.h>

#define TOKEN "[redacted:token len=1-15 #]"
#define PASSWORD "[redacted:password len=1-15]"

struct object_row {
    char text[240], want[320];
};

ParameterizedTestParameters(objects, lose_secrets_and_nothing_else)
{
    static struct object_row rows[] = {
        {"{\"password\":\"x\"}", "{\"password\":\"" PASSWORD "\"}"},
        {" { \"userName\" : \"a@b.test\" ,\r\n\t\"Pass\\u0077ord\" : \"a\\\"b\\\\\" , } ",
         " { \"userName\" : \"a@b.test\" ,\r\n\t\"Pass\\u0077ord\" : \"" PASSWORD "\" , } "},
        {"{\"a\":{\"b\":[{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":3599}]}}",
         "{\"a\":{\"b\":[{\"access_token\":\"" TOKEN
         "\",\"token_type\":\"Bearer\",\"expires_in\":3599}]}}"},
        {"{\"tokens\":[\"a\",\"b\"]}", "{\"tokens\":[\"" TOKEN "\",\"" TOKEN "\"]}"},
        {"{\"pin\":1234,\"tokenCount\":12,\"otp\":0}",
         "{\"pin\":\"" PASSWORD "\",\"tokenCount\":12,\"otp\":\"" PASSWORD "\"}"},
        {"{\"changePassword\":{\"supported\":false},\"secret\":null,\"token\":\"\"}", ""},
        {"{\"secret\":{\"value\":\"x\",\"type\":\"y\"}}",
         "{\"secret\":{\"value\":\"[redacted:secret len=1-15 #]\",\"type\":\"y\"}}"},
        /* SCIM */
        {"{\"op\":\"replace\",\"path\":\"password\",\"value\":\"x\"}",
         "{\"op\":\"replace\",\"path\":\"password\",\"value\":\"" PASSWORD "\"}"},
        {"{\"value\":\"x\",\"path\":\"urn:ietf:params:scim:schemas:core:2.0:User:password\"}",
         "{\"value\":\"" PASSWORD
         "\",\"path\":\"urn:ietf:params:scim:schemas:core:2.0:User:password\"}"},
        {"{\"path\":\"active\",\"value\":\"x\"}", ""},
        {"{\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"a@b.test\"}", ""},
        {"{\"op\":\"add\",\"value\":{\"password\":\"x\"}}",
         "{\"op\":\"add\",\"value\":{\"password\":\"" PASSWORD "\"}}"},
        /* pairs */
        {"[{\"key\":\"BaseAddress\",\"value\":\"u\"},{\"key\":\"SecretToken\",\"value\":\"x\"}]",
         "[{\"key\":\"BaseAddress\",\"value\":\"u\"},{\"key\":\"SecretToken\",\"value\":"
         "\"[redacted:secret len=1-15 #]\"}]"},
        {"{\"secrets\":[{\"key\":\"BaseAddress\",\"value\":\"u\"}]}", ""},
        {"{\"displayName\":\"password\",\"oldValue\":\"a\",\"newValue\":\"b\"}",
         "{\"displayName\":\"password\",\"oldValue\":\"" PASSWORD "\",\"newValue\":\"" PASSWORD
         "\"}"},
        {"{\"displayName\":\"Token Admins\",\"value\":\"id\"}", ""},
        {"{\"see https://h.test/?sig=abc now\":1}",
         "{\"see https://h.test/?sig=[redacted:signature len=1-15 #] now\":1}"},
        {"{\"urn:ietf:params:scim:schemas:extension:token:2.0:User\":{\"a\":\"b\"}}", ""},
        /* names that are secret only in their company */
        {"{\"error\":{\"code\":\"Request_BadRequest\",\"state\":\"x\",\"key\":\"y\"}}", ""},
        {"{\"grant_type\":\"authorization_code\",\"code\":\"x\",\"client_id\":\"id\"}",
         "{\"grant_type\":\"authorization_code\",\"code\":\"" TOKEN "\",\"client_id\":\"id\"}"},
        {"{\"k\":\"v\",\"d\":\"w\"}", ""},
        {"{\"kty\":\"oct\",\"k\":\"v\",\"kid\":\"w\"}",
         "{\"kty\":\"oct\",\"k\":\"[redacted:key len=1-15 #]\",\"kid\":\"w\"}"},
        /* JSON in strings, the escapes around it kept */
        {"{\"body\":\"{\\\"password\\\":\\\"x\\\",\\/\\/\\u00e9\\\"a\\\":1}\"}",
         "{\"body\":\"{\\\"password\\\":\\\"" PASSWORD "\\\",\\/\\/\\u00e9\\\"a\\\":1}\"}"},
        {"{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"otp\\\\\\\":12}\\\"}\"}",
         "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"otp\\\\\\\":\\\\\\\"" PASSWORD "\\\\\\\"}\\\"}\"}"},
        {"{\"detail\":\"Invalid Bearer abcd1234 sent\"}",
         "{\"detail\":\"Invalid Bearer " TOKEN " sent\"}"},
        {"{\"detail\":\"Access token is not available\",\"status\":\"401\"}", ""},
        /* broken: read as far as it goes, then as text */
        {"{\"password\":\"x", "{\"password\":\"" PASSWORD},
        {"{\"a\":{\"path\":\"password\",\"value\":\"x",
         "{\"a\":{\"path\":\"password\",\"value\":\"" PASSWORD},
        {"{\"a\":1}}{\"password\":\"x\"}", "{\"a\":1}}{\"password\":\"" PASSWORD "\"}"},
        {"{\"a\":oops,\"password\":\"x\"}", "{\"a\":oops,\"password\":\"" PASSWORD "\"}"},
        {"{'password': 'x'}", "{'password': '" PASSWORD "'}"},
        {"{\"a\":1}\n{\"token\":\"x\"}\n", "{\"a\":1}\n{\"token\":\"" TOKEN "\"}\n"},
        {"{\"wrapped\":\"{\\\"password\\\":\\\"x",
         "{\"wrapped\":\"{\\\"password\\\":\\\"" PASSWORD},
    };
    return cr_make_param_array(struct object_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct object_row *row, objects, lose_secrets_and_nothing_else)
{
    redacting_open();
    expect_body("application/json", row->text, row->want[0] ? row->want : row->text);
    redacting_close();
}

TestSuite(deep, .init = redacting_open, .fini = redacting_close);

/* `{"a":` or `[` so often, then a password. */
static struct slice nested(struct buf *out, const char *open, int depth)
{
    buf_init(out, 1 << 24);
    for (int i = 0; i < depth; i++)
        buf_add_text(out, open);
    buf_add_text(out, "{\"password\":\"hunter2\"}");
    return redact_text(redactor, buf_slice(out), &arena);
}

Test(deep, nesting_beyond_any_depth_is_read_as_text)
{
    static const char *const opens[] = {"[", "{\"a\":", "[{\"value\":"};
    static const int depths[] = {1, 63, 64, 65, 1000, 50000};
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++)
        for (size_t k = 0; k < sizeof depths / sizeof *depths; k++) {
            struct buf text;
            struct slice out = nested(&text, opens[i], depths[k]);
            cr_expect_eq(slice_find(out, SLICE("hunter2")), SIZE_MAX, "%s %d", opens[i], depths[k]);
            buf_free(&text);
        }
}

Test(deep, json_in_strings_is_followed_four_levels_and_read_as_text_below)
{
    struct buf text, next;
    buf_init(&text, 1 << 22);
    buf_init(&next, 1 << 22);
    buf_add_text(&text, "{\"password\":\"hunter2\"}");
    for (int level = 1; level < 8; level++) {
        buf_reset(&next);
        buf_add_text(&next, "{\"a\":\"");
        for (size_t i = 0; i < text.len; i++) {
            if (text.at[i] == '"' || text.at[i] == '\\')
                buf_add_byte(&next, '\\');
            buf_add_byte(&next, text.at[i]);
        }
        buf_add_text(&next, "\"}");
        buf_reset(&text);
        buf_add(&text, buf_slice(&next));
        struct slice out = redact_text(redactor, buf_slice(&text), &arena);
        cr_expect_eq(slice_find(out, SLICE("hunter2")), SIZE_MAX, "level %d: %.*s", level,
                     (int)out.len, out.at);
    }
    buf_free(&text);
    buf_free(&next);
}
