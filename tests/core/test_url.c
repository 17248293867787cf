/* The parts of URLs as captures carry them. */
#include "core/record.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/* "-" stands for a missing part. */
struct url_row {
    char url[96], scheme[8], host[32];
    int port;
    char path[48], query[48], fragment[16];
};

ParameterizedTestParameters(url, splits_into_parts)
{
    static struct url_row rows[] = {
        {"https://u:p@Scim.EXAMPLE.test:8443/scim/v2/Users?a=b?c#d#e", "https", "scim.example.test",
         8443, "/scim/v2/Users", "a=b?c", "d#e"},
        {"http://h", "http", "h", 0, "-", "-", "-"},
        {"http://h?q", "http", "h", 0, "-", "q", "-"},
        {"http://[2001:DB8::1]:80/", "http", "[2001:db8::1]", 80, "/", "-", "-"},
        {"http://[::1]/x", "http", "[::1]", 0, "/x", "-", "-"},
        {"/Users?filter=userName%20eq%20\"a:b@c\"", "-", "-", 0, "/Users",
         "filter=userName%20eq%20\"a:b@c\"", "-"},
        {"scim.example.test:443", "-", "scim.example.test", 443, "-", "-", "-"},
        {"http://h:99999/", "http", "h", 0, "/", "-", "-"},
        {"http://a@b@c/", "http", "c", 0, "/", "-", "-"},
        {"*", "-", "-", 0, "*", "-", "-"},
        {"", "-", "-", 0, "-", "-", "-"},
        {"//h/p", "-", "-", 0, "//h/p", "-", "-"},
        {"http:///p?", "http", "-", 0, "/p", "", "-"},
    };
    return cr_make_param_array(struct url_row, rows, sizeof rows / sizeof *rows);
}

static void expect_part(struct slice part, const char *want, const char *what)
{
    if (!strcmp(want, "-"))
        cr_expect(slice_is_none(part), "%s: %.*s", what, (int)part.len, part.at);
    else
        cr_expect(!slice_is_none(part) && slice_is(part, want), "%s: %.*s", what, (int)part.len,
                  part.at);
}

ParameterizedTest(struct url_row *row, url, splits_into_parts)
{
    struct arena arena;
    arena_init(&arena);
    struct url_parts parts = url_split(slice_of(row->url), &arena);
    expect_part(parts.scheme, row->scheme, "scheme");
    expect_part(parts.host, row->host, "host");
    expect_part(parts.path, row->path, "path");
    expect_part(parts.query, row->query, "query");
    expect_part(parts.fragment, row->fragment, "fragment");
    cr_expect_eq(parts.port, row->port, "port %d", parts.port);
    arena_free(&arena);
}

Test(url, decodes_percent_and_plus)
{
    struct arena arena;
    arena_init(&arena);
    cr_expect(slice_is(url_decode(SLICE("a%20b+c%zz%4"), false, &arena), "a b+c%zz%4"));
    cr_expect(slice_is(url_decode(SLICE("a+b%2B"), true, &arena), "a b+"));
    struct slice plain = SLICE("plain");
    cr_expect_eq(url_decode(plain, true, &arena).at, plain.at, "borrowed when nothing is decoded");
    arena_free(&arena);
}

Test(url, finds_a_parameter_by_its_decoded_name)
{
    struct arena arena;
    arena_init(&arena);
    struct slice query = SLICE("count&fil%74er=userName+eq+%22a%22&filter=second&empty=");
    cr_expect(slice_is(url_parameter(query, "filter", &arena), "userName eq \"a\""));
    cr_expect_not(slice_is_none(url_parameter(query, "count", &arena)));
    cr_expect_not(slice_is_none(url_parameter(query, "empty", &arena)));
    cr_expect(slice_is_none(url_parameter(query, "other", &arena)));
    cr_expect(slice_is_none(url_parameter(SLICE_NONE, "filter", &arena)));
    arena_free(&arena);
}
