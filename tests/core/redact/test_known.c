/* Tokens met before: their tags come out the same, counted and looked for elsewhere as the first.
 */
#include "core/redact/parts.h"
#include "redacting.h"

#include <criterion/new/assert.h>

TestSuite(known, .init = redacting_open, .fini = redacting_close);

static const char *token(unsigned n)
{
    struct slice payload = arena_format(&arena, "{\"exp\":%u}", 1000000 + n);
    struct slice text = arena_format(&arena, "%s.%s.c2lnbmF0dXJl%08x",
                                     base64_encode(&arena, SLICE("{\"alg\":\"HS256\"}")).at,
                                     base64_encode(&arena, payload).at, n * 2654435761u);
    return text.at;
}

Test(known, tag_of_a_token_stays_the_same)
{
    struct slice first[200];
    for (unsigned n = 0; n < 200; n++) /* more than are remembered */
        first[n] = arena_copy(&arena, redacted(token(n)));
    for (unsigned n = 200; n > 0; n--) {
        struct slice again = redacted(token(n - 1));
        cr_expect(slice_equal(again, first[n - 1]), "%.*s", (int)again.len, again.at);
        for (unsigned k = 0; k < n - 1; k++)
            cr_expect(not(slice_equal(again, first[k])));
    }
}

Test(known, counts_every_occurrence)
{
    struct redactor *r = redactor;
    const uint64_t *counts = redact_counts(r);
    uint64_t before = counts[REDACT_JWT];
    for (int i = 0; i < 5; i++)
        redacted(token(7));
    cr_expect(eq(u64, counts[REDACT_JWT], before + 5));
    cr_expect(not(slice_is_none(known_tag(r, slice_of(token(7))))));
    known_forget(r);
    cr_expect(slice_is_none(known_tag(r, slice_of(token(7)))));
}
