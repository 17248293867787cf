/* extract.c: error objects in every form a log may hide them in, and hostile texts. */
#include "core/base/json.h"
#include "core/explain/facts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <time.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

TestSuite(extract, .init = setup, .fini = teardown);

#define ERROR "urn:ietf:params:scim:api:messages:2.0:Error"

struct form {
    char text[360];
    char detail[80];
    char scim_type[24];
    int status;
    bool certain;
};

ParameterizedTestParameters(extract, reads)
{
    static struct form rows[] = {
        {"{\"schemas\":[\"" ERROR "\"],\"detail\":\"no\",\"scimType\":\"uniqueness\","
         "\"status\":\"409\"}",
         "no", "uniqueness", 409, true},
        {"SCIM response error.\r\n\r\n{\"detail\":\"no\",\"status\":404,\"schemas\":[\"" ERROR
         "\"]}\r\n",
         "no", "", 404, true},
        {"{\\\"schemas\\\":[\\\"" ERROR "\\\"],\\\"detail\\\":\\\"a \\\\\\\"b\\\\\\\"\\\"}",
         "a \"b\"", "", 0, true},
        {"{&quot;schemas&quot;:[&quot;" ERROR "&quot;],&quot;detail&quot;:&quot;no&#33;&quot;}",
         "no!", "", 0, true},
        {"\"{\"\"schemas\"\":[\"\"" ERROR "\"\"],\"\"detail\"\":\"\"no\"\"}\"", "no", "", 0, true},
        {"{\"body\":\"{\\\"schemas\\\":[\\\"" ERROR "\\\"],\\\"detail\\\":\\\"deep\\\"}\"}", "deep",
         "", 0, true},
        {"{\"schemas\":[\"" ERROR "\"],\"detail\":\"cut he", "cut he", "", 0, true},
        {"{\"schemas\":[\"" ERROR "\"],\"detail\":\"x\",\"scimType\":\"uniq", "x", "", 0, true},
        {"{\"schemas\":[\"" ERROR "\"],\"scimType\":\"tooMany\",\"status\":\"400\"}", "", "tooMany",
         400, true},
        {"{\"schemas\":[\"" ERROR "\"],\"detail\":\"\\u96fb\\u8a71\",\"status\":\"400\"}",
         "\xe9\x9b\xbb\xe8\xa9\xb1", "", 400, true},
        {"{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"gone\"}}", "gone", "", 0, true},
        {"{\"error\":\"invalid_client\",\"error_description\":\"who?\"}", "who?", "", 0, true},
        {"{\"__type\":\"x#ConflictException\",\"message\":\"twice\"}", "twice", "", 0, true},
        {"{\"Errors\":[{\"description\":\"old\",\"code\":\"400\"}]}", "old", "", 400, true},
        {"{\"detail\":\"some program\"}", "some program", "", 0, false},
        {"{\"status\":200,\"message\":\"fine\"}", "fine", "", 200, false},
        {"Message: StatusCode: Conflict Message: no", "", "", 409, false},
        {"Errors: Not Found. Errors reported by remote server: x", "", "", 404, false},
        {"HTTP/1.1 503 Service Unavailable", "", "", 503, false},
        {"Status code 12345 and status 99", "", "", 0, false},
        {"{not json at all, detail: nothing", "", "", 0, false},
        {"", "", "", 0, false},
    };
    return cr_make_param_array(struct form, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct form *row, extract, reads)
{
    struct error_object error;
    error_extract(&error, slice_of(row->text), &arena);
    cr_expect(slice_is(error.detail, row->detail), "%s: detail %.*s", row->text,
              (int)error.detail.len, error.detail.at);
    cr_expect(slice_is(error.scim_type, row->scim_type), "%s", row->text);
    cr_expect(eq(int, error.status, row->status), "%s", row->text);
    cr_expect(eq(int, error.certain, row->certain), "%s", row->text);
}

Test(extract, prefers_the_scim_error_to_what_stands_around_it)
{
    struct error_object error;
    error_extract(&error,
                  SLICE("{\"detail\":\"outer\",\"inner\":{\"schemas\":[\"" ERROR
                        "\"],\"detail\":\"inner\",\"status\":\"409\"},\"status\":\"500\"}"),
                  &arena);
    cr_expect(slice_is(error.detail, "inner"));
    cr_expect(eq(int, error.status, 409));
}

Test(extract, takes_the_first_of_equals)
{
    struct error_object error;
    error_extract(&error, SLICE("{\"detail\":\"one\",\"status\":400} {\"detail\":\"two\"}"),
                  &arena);
    cr_expect(slice_is(error.detail, "one"));
}

Test(extract, puts_message_before_detail_when_both_are_there)
{
    struct error_object error;
    error_extract(&error, SLICE("{\"detail\":\"d\",\"message\":\"m\",\"status\":400}"), &arena);
    cr_expect(slice_is(error.detail, "m d"));
}

Test(extract, keeps_codes_once_and_in_order)
{
    struct error_object error;
    error_extract(&error,
                  SLICE("Error code: InvalidDomain {\"error\":{\"code\":\"First\",\"message\":"
                        "\"x\"},\"errorCode\":\"Second\",\"x\":{\"error_code\":\"first\"}}"),
                  &arena);
    cr_assert(eq(sz, error.code_count, 3));
    cr_expect(slice_is(error.codes[0], "First"));
    cr_expect(slice_is(error.codes[1], "Second"));
    cr_expect(slice_is(error.codes[2], "InvalidDomain"));
    cr_expect(error.labelled);
}

Test(extract, takes_no_number_for_a_labelled_code)
{
    struct error_object error;
    error_extract(&error, SLICE("Error code: 0x80070005, error code: E123"), &arena);
    cr_expect(eq(sz, error.code_count, 0));
}

Test(extract, gives_details_that_outlive_the_text)
{
    char text[] = "{\"detail\":\"mine\",\"status\":400}";
    struct error_object error;
    error_extract(&error, slice_of(text), &arena);
    memset(text, 'x', sizeof text - 1);
    cr_expect(slice_is(error.detail, "mine"));
}

/* --- hostile texts ---------------------------------------------------------------------------- */

struct hostile {
    char piece[32];
    char end[8];
};

ParameterizedTestParameters(extract, is_linear_on)
{
    static struct hostile rows[] = {
        {"{", ""},
        {"{\"a\":", ""},
        {"{\"a\":[", ""},
        {"{\"", ""},
        {"{\\\"", ""},
        {"{\"\"", ""},
        {"[", "]"},
        {"\\", ""},
        {"&", ""},
        {"&#x41;", ""},
        {"\"detail\" :", ""},
        {"\"detail\"  ", ""},
        {"status  ", ""},
        {"error code ", ""},
        {"http/1", ""},
        {"{\"a\":1,", ""},
        {"{}", ""},
        {"{\"a\":\"{}\"}", ""},
        {"\"status\":\"", ""},
        {"SystemForCrossDomainIdentity", ""},
    };
    return cr_make_param_array(struct hostile, rows, sizeof rows / sizeof *rows);
}

static double seconds_for(const struct hostile *row, size_t size)
{
    struct buf text;
    struct error_object error;
    buf_init(&text, size + 64);
    while (text.len < size && buf_add_text(&text, row->piece)) {
    }
    buf_add_text(&text, row->end);
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    error_extract(&error, buf_slice(&text), &arena);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    buf_free(&text);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

ParameterizedTest(struct hostile *row, extract, is_linear_on, .timeout = 60)
{
    /* Braces that open nothing cost one look each: no text may cost several times as much. */
    static const struct hostile braces = {"{", ""};
    double whole = seconds_for(row, 1000000), plain = seconds_for(&braces, 1000000);
    cr_expect(whole < 3.5 * plain + 0.05, "1 MB of %s took %.2f s, braces %.2f s", row->piece,
              whole, plain);
}

Test(extract, looks_into_json_strings_only_so_deep)
{
    struct buf text, next;
    buf_init(&text, 1 << 20);
    buf_add_text(&text, "{\"detail\":\"bottom\",\"status\":400}");
    for (int i = 0; i < 8; i++) {
        buf_init(&next, 1 << 20);
        buf_add_text(&next, "{\"a\":");
        json_add_string(&next, buf_slice(&text));
        buf_add_text(&next, "}");
        buf_free(&text);
        text = next;
    }
    struct error_object error;
    error_extract(&error, buf_slice(&text), &arena);
    cr_expect(error.status == 0 || slice_is(error.detail, "bottom"));
    buf_free(&text);
}
