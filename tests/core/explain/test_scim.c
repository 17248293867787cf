/* What SCIM bodies and paths say. */
#include "core/explain/scim.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static struct arena arena;

static void expect(struct slice got, const char *want, const char *what)
{
    if (!want)
        cr_expect(slice_is_none(got), "%s: %.*s", what, (int)got.len, got.at);
    else
        cr_expect(slice_is(got, want) && got.at, "%s: %.*s", what, (int)got.len, got.at);
}

struct resource_row {
    char body[160], id[16], user_name[32], external_id[16]; /* "-" is none */
};

ParameterizedTestParameters(scim, reads_the_resource)
{
    static struct resource_row rows[] = {
        {"{\"id\":\"1\",\"userName\":\"a@b\",\"externalId\":\"x\"}", "1", "a@b", "x"},
        {"{\"ID\":\"1\",\"USERNAME\":\"a\"}", "1", "a", "-"},
        {"\xEF\xBB\xBF{\"userName\":\"a\"}", "-", "a", "-"},
        {"{\"name\":{\"userName\":\"no\"},\"userName\":\"\\u5c0f\\u6797\"}", "-", "小林", "-"},
        {"{\"userName\":\"a\",\"emails\":[{\"value\":", "-", "a", "-"},
        {"{\"userName\":\" \"}", "-", "-", "-"},
        {"{\"userName\":17,\"id\":null}", "-", "-", "-"},
        {"[{\"userName\":\"a\"}]", "-", "-", "-"},
        {"<html>", "-", "-", "-"},
        {"", "-", "-", "-"},
    };
    return cr_make_param_array(struct resource_row, rows, sizeof rows / sizeof *rows);
}

static const char *dashed(const char *text)
{
    return strcmp(text, "-") ? text : NULL;
}

ParameterizedTest(struct resource_row *row, scim, reads_the_resource)
{
    arena_init(&arena);
    struct scim_resource r;
    bool any = scim_read_resource(&r, slice_of(row->body), &arena);
    cr_expect_eq(any, strcmp(row->id, "-") || strcmp(row->user_name, "-") ||
                          strcmp(row->external_id, "-"));
    expect(r.id, dashed(row->id), row->body);
    expect(r.user_name, dashed(row->user_name), row->body);
    expect(r.external_id, dashed(row->external_id), row->body);
    arena_free(&arena);
}

static bool collect(void *self, const struct scim_resource *resource)
{
    struct buf *out = self;
    buf_add(out, resource->id);
    buf_add_byte(out, '=');
    buf_add(out, resource->user_name);
    buf_add_byte(out, ';');
    return true;
}

Test(scim, gives_the_resources_of_a_list_up_to_a_cut)
{
    arena_init(&arena);
    struct buf out;
    buf_init(&out, 1000);
    struct slice list =
        SLICE("{\"totalResults\":3,\"Resources\":[{\"id\":\"1\",\"userName\":\"a\"},"
              "17,{\"id\":\"2\"},{\"id\":\"3\",\"userName\":\"c\"}],\"x\":1}");
    cr_expect_eq(scim_each_resource(list, &arena, collect, &out), 3);
    expect(buf_slice(&out), "1=a;2=;3=c;", "whole");
    buf_reset(&out);
    cr_expect_eq(scim_each_resource(slice_first(list, list.len - 20), &arena, collect, &out), 2);
    expect(buf_slice(&out), "1=a;2=;", "cut");
    cr_expect_eq(scim_each_resource(SLICE("{\"Resources\":{}}"), &arena, collect, &out), 0);
    cr_expect_eq(scim_each_resource(SLICE_NONE, &arena, collect, &out), 0);
    buf_free(&out);
    arena_free(&arena);
}

static struct record_http bulk(const char *request, const char *response)
{
    struct record_http http = {0};
    http.request.body.text = slice_of(request);
    http.response.body.text = slice_of(response);
    return http;
}

Test(scim, finds_what_a_failed_operation_answers_by_bulk_id)
{
    arena_init(&arena);
    struct record_http http = bulk(
        "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"a\","
        "\"data\":{\"userName\":\"one\"}},{\"method\":\"POST\",\"path\":\"/Users\","
        "\"bulkId\":\"b\",\"data\":{\"userName\":\"two\"}}]}",
        "{\"Operations\":[{\"method\":\"POST\",\"bulkId\":\"b\",\"status\":\"409\","
        "\"response\":{\"detail\":\"taken\"}},{\"method\":\"POST\",\"bulkId\":\"a\","
        "\"status\":201},{\"bulkId\":\"c\",\"method\":\"PUT\",\"status\":{\"code\":\"404\"}}]}");
    struct scim_operation answer, asked;
    cr_assert(scim_failed_operation(&http, 1, &arena, &answer, &asked));
    cr_expect_eq(answer.status, 409);
    cr_expect_eq(answer.number, 1);
    expect(answer.response, "{\"detail\":\"taken\"}", "response");
    expect(asked.data, "{\"userName\":\"two\"}", "data");
    cr_assert(scim_failed_operation(&http, 2, &arena, &answer, &asked));
    cr_expect_eq(answer.status, 404);
    expect(asked.data, NULL, "no request for c");
    cr_expect_not(scim_failed_operation(&http, 3, &arena, &answer, &asked));
    cr_expect_not(scim_failed_operation(&http, 0, &arena, &answer, &asked));
    arena_free(&arena);
}

Test(scim, finds_it_by_resource_or_number_without_bulk_ids)
{
    arena_init(&arena);
    struct record_http http = bulk("{\"Operations\":[{\"method\":\"DELETE\",\"path\":\"/Users/1\"},"
                                   "{\"method\":\"DELETE\",\"path\":\"/Users/2\"}]}",
                                   "{\"Operations\":[{\"method\":\"DELETE\",\"location\":"
                                   "\"https://h/scim/Users/2\",\"status\":404},"
                                   "{\"status\":\"403\"}]}");
    struct scim_operation answer, asked;
    cr_assert(scim_failed_operation(&http, 1, &arena, &answer, &asked));
    expect(asked.path, "/Users/2", "by resource");
    cr_assert(scim_failed_operation(&http, 2, &arena, &answer, &asked));
    expect(asked.path, "/Users/2", "by number");
    arena_free(&arena);
}

static bool never(void *self, const struct scim_operation *operation)
{
    (void)operation;
    cr_assert_fail("%s", (const char *)self);
    return true;
}

Test(scim, the_operations_of_a_patch_are_no_bulk)
{
    arena_init(&arena);
    static char what[] = "a PATCH";
    cr_expect_eq(scim_each_operation(SLICE("{\"Operations\":[{\"op\":\"add\",\"path\":\"x\"}]}"),
                                     &arena, never, what),
                 0);
    arena_free(&arena);
}

struct path_row {
    char path[48], id[24]; /* "!" = not the endpoint, "-" = no id */
};

ParameterizedTestParameters(scim, finds_the_id_of_a_path)
{
    static struct path_row rows[] = {
        {"/scim/v2/Users/17", "17"},
        {"/scim/v2/users/17/", "17"},
        {"/scim/v2/Users/a%20b", "a b"},
        {"/scim/v2/Users", "-"},
        {"/scim/v2/Users/", "-"},
        {"/scim/v2/Users//17", "17"},
        {"/scim/v2/Users/.search", "-"},
        {"/scim/v2/Users?filter=x", "-"},
        {"/scim/v2/Users/17?a=/Users/18", "17"},
        {"https://h/scim/Users/17", "17"},
        {"/Users/Users/17", "17"},
        {"/scim/v2/Groups/17", "!"},
        {"/scim/v2/MyUsers/17", "!"},
    };
    return cr_make_param_array(struct path_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct path_row *row, scim, finds_the_id_of_a_path)
{
    arena_init(&arena);
    struct slice id;
    cr_expect_eq(scim_path_id(slice_of(row->path), "users", &id, &arena), row->id[0] != '!', "%s",
                 row->path);
    expect(id, strchr("!-", row->id[0]) ? NULL : row->id, row->path);
    arena_free(&arena);
}
