/* Which names are names of secrets, and where. */
#include "core/redact/parts.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

struct name_row {
    char name[64];
    bool header, query, value;
    char kind[12];
};

ParameterizedTestParameters(names, tells_secrets_by_name)
{
    static struct name_row rows[] = {
        {"Authorization", true, true, true, "token"},
        {"authorization", true, true, true, "token"},
        {"X-MS-Token-AAD-Access-Token", true, true, true, "token"},
        {"X-Okta-Session", true, false, false, "token"},
        {"DPoP", true, false, false, "token"},
        {"Ocp-Apim-Subscription-Key", true, true, true, "key"},
        {"X-Functions-Key", true, false, false, "key"},
        {"X-Hub-Signature-256", true, true, true, "signature"},
        {"client_secret", true, true, true, "secret"},
        {"clientSecret", true, true, true, "secret"},
        {"CLIENT.SECRET", true, true, true, "secret"},
        {"access%5Ftoken", true, true, true, "token"},
        {"to%6Ben", true, true, true, "token"},
        {"password", true, true, true, "password"},
        {"j_password", true, true, true, "password"},
        {"user[password]", true, true, true, "password"},
        {"urn:ietf:params:scim:schemas:core:2.0:User:password", true, true, true, "password"},
        {"unicodePwd", true, true, true, "password"},
        {"totp", false, true, true, "password"},
        {"pin", false, true, true, "password"},
        {"code", false, true, false, "token"},
        {"state", false, true, false, "token"},
        {"sid", false, true, false, "token"},
        {"key", false, true, false, "key"},
        {"SAMLResponse", false, true, true, "token"},
        {"sig", false, true, true, "signature"},
        {"privateKey", true, true, true, "key"},
        {"connectionString", true, true, true, "secret"},
        /* what an operator needs */
        {"userName", false, false, false, ""},
        {"externalId", false, false, false, ""},
        {"client_id", false, false, false, ""},
        {"grant_type", false, false, false, ""},
        {"scope", false, false, false, ""},
        {"filter", false, false, false, ""},
        {"detail", false, false, false, ""},
        {"token_type", true, false, false, "token"},
        {"idTokenClaims", true, false, false, "token"},
        {"accessTokenLifetime", true, false, false, "token"},
        {"expires_in", false, false, false, ""},
        {"token_endpoint", true, false, false, "token"},
        {"pwdLastSet", false, false, false, ""},
        {"secretary", true, false, false, "secret"},
        {"WWW-Authenticate", false, false, false, ""},
        {"Idempotency-Key", false, false, false, ""},
        {"X-Request-Id", false, false, false, ""},
        {"Sec-WebSocket-Key", false, false, false, ""},
        {"Access-Control-Allow-Credentials", false, true, true, "secret"},
        {"X-RateLimit-Token-Bucket", false, true, true, "token"},
        {"postalCode", false, false, false, ""},
        {"designation", false, false, false, ""},
        {"shipping", false, false, false, ""},
        {"", false, false, false, ""},
    };
    return cr_make_param_array(struct name_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct name_row *row, names, tells_secrets_by_name)
{
    struct name name = name_look_up(slice_of(row->name));
    struct name header = name_of_header(slice_of(row->name));
    cr_expect_eq(name_is_secret_header(header), row->header, "%s as a header", row->name);
    cr_expect_eq(name_is_secret(name, NAME_QUERY), row->query, "%s in a query", row->name);
    cr_expect_eq(name_is_secret(name, NAME_VALUE), row->value, "%s in JSON", row->name);
    if (row->kind[0])
        cr_expect_str_eq(redact_class_name(header.kind), row->kind, "%s", row->name);
}

Test(names, long_and_foreign_names_are_read_whole)
{
    char name[5000];
    memset(name, 'x', sizeof name);
    memcpy(name + sizeof name - 8, "password", 8);
    cr_expect(name_is_secret(name_look_up(slice_make(name, sizeof name)), NAME_VALUE));
    cr_expect_not(name_is_secret(name_look_up(SLICE("パス\xff\0code")), NAME_QUERY));
    cr_expect(name_is_secret(name_look_up(SLICE("パスpassword")), NAME_QUERY));
}
