/* Texts met before: nothing that was harmless in one place makes the same bytes harmless in
 * another, and what is found is found every time. */
#include "core/redact/parts.h"
#include "redacting.h"

#include <criterion/new/assert.h>

TestSuite(harmless, .init = redacting_open, .fini = redacting_close);

static struct record header(struct pair *pair, const char *name, const char *value)
{
    *pair = (struct pair){slice_of(name), slice_of(value)};
    return exchange_with(pair, 1);
}

static struct slice value_of(const char *name, const char *value)
{
    struct pair pair;
    struct record in = header(&pair, name, value), out;
    redact_record(redactor, &in, &arena, &out);
    return out.http.request.headers[0].value;
}

Test(harmless, value_of_a_plain_header_is_a_secret_under_another_name)
{
    const char *value = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    for (int i = 0; i < 3; i++) {
        cr_expect(slice_is(value_of("X-Request-Id", value), value));
        cr_expect(slice_starts(value_of("X-Api-Key", value), "[redacted:key "));
        cr_expect(slice_starts(value_of("Authorization", value), "[redacted:token "));
    }
}

Test(harmless, text_is_told_apart_by_kind_name_and_bytes)
{
    struct redactor *r = redactor;
    harmless_text_add(r, 1, SLICE("name"), SLICE("text"));
    cr_expect(harmless_text(r, 1, SLICE("name"), SLICE("text")));
    cr_expect(not(harmless_text(r, 2, SLICE("name"), SLICE("text"))));
    cr_expect(not(harmless_text(r, 1, SLICE("nam"), SLICE("etext"))));
    cr_expect(not(harmless_text(r, 1, SLICE("name"), SLICE("texT"))));
    harmless_forget(r);
    cr_expect(not(harmless_text(r, 1, SLICE("name"), SLICE("text"))));
}

Test(harmless, name_keeps_its_meaning_however_many_are_met)
{
    struct redactor *r = redactor;
    for (unsigned round = 0; round < 2; round++)
        for (unsigned n = 0; n < 3000; n++) {
            struct slice name = arena_format(&arena, "x%u-%s", n, n % 2 ? "password" : "colour");
            for (int as = 0; as < 2; as++) {
                struct name met = name_met(r, name, as),
                            read = as ? name_of_header(name) : name_look_up(name);
                cr_assert(met.sets == read.sets && met.kind == read.kind, "%s", name.at);
            }
        }
}

Test(harmless, secret_of_a_body_is_found_each_time)
{
    for (int i = 0; i < 3; i++)
        expect_text("{\"password\":\"hunter2xyz\"}",
                    "{\"password\":\"[redacted:password len=1-15]\"}");
}
