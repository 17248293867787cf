/* The texts that classification reads must come through: those of the founding cases, and all
 * samples of the shared catalogue when it is there. */
#include "redacting.h"

#include "core/base/json.h"

#include <criterion/logging.h>
#include <errno.h>

TestSuite(samples, .init = redacting_open, .fini = redacting_close);

Test(samples, founding_cases_come_through)
{
    static const char *const texts[] = {
        "organization is not found.",
        "Issuer is required when externalUserName or subject is specified.",
        "externalId has already been taken",
        "userName has already been taken",
        "Emails Value is not an iid email format.",
        "The user has not been hard-deleted yet.",
        "Access token is not available",
        "Phone numbers Value is invalid format",
        "No 'scimapiconsumptions' resource found for TenantId:"
        " 97c0abe1-14f7-417b-951c-bc8e2a17f200.",
        "[Overview]\r\nSCIM response error.\r\n\r\n[Detail]\r\n{\"schemas\":["
        "\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"Access token is not "
        "available\",\"status\":\"401\"}",
        "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Access token has"
        " expired "
        "or is not yet valid.\",\"innerError\":{\"request-id\":\"97c0abe1-14f7-417b-951c\"}}}",
        "Invalid SCIM bearer token",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_text(texts[i], texts[i]);
}

/* Checks every string below `node` but credentials; counts them. */
static size_t check_strings(const cJSON *node)
{
    size_t count = 0;
    if (cJSON_IsString(node) && (!node->string || strcmp(node->string, "Authorization") != 0)) {
        struct slice text = slice_of(node->valuestring);
        struct slice out = redact_text(redactor, text, &arena);
        cr_expect(slice_equal(out, text), "%s\n became %.*s", text.at, (int)out.len, out.at);
        count++;
    }
    for (const cJSON *child = node->child; child; child = child->next)
        count += check_strings(child);
    return count;
}

Test(samples, texts_of_the_catalogue_come_through)
{
    FILE *file = fopen("../shared/catalog/cases.ndjson", "r");
    if (!file)
        cr_skip_test("../shared/catalog/cases.ndjson is not there");
    char *line = NULL;
    size_t room = 0, count = 0;
    ssize_t len;
    while ((len = getline(&line, &room, file)) > 0) {
        cJSON *tree = json_tree(slice_trim(slice_make(line, (size_t)len)), NULL, NULL);
        cr_assert_not_null(tree);
        count += check_strings(tree);
        cJSON_Delete(tree);
        arena_reset(&arena);
    }
    free(line);
    fclose(file);
    cr_expect_gt(count, 500);
}
