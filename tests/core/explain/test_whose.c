/* Whose entry it is, as far as the entry itself tells. */
#include "core/explain/whose.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static struct arena arena;

static void expect(struct slice got, const char *want, const char *what)
{
    if (!strcmp(want, "-"))
        cr_expect(slice_is_none(got), "%s: got %.*s", what, (int)got.len, got.at);
    else
        cr_expect(slice_is(got, want) && got.at, "%s: got %.*s", what, (int)got.len, got.at);
}

#define KEY(text)                                                                                  \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
static const struct slice key_names[] = {
    KEY("userName"),         KEY("user"),       KEY("userPrincipalName"), KEY("account"),
    KEY("TargetExternalId"), KEY("ユーザー名"), KEY("ユーザー"),
};
static const struct text_list keys = {key_names, sizeof key_names / sizeof *key_names};

struct pair_row {
    char text[128], user[64];
};

ParameterizedTestParameters(whose, reads_the_pair)
{
    static struct pair_row rows[] = {
        {"Processing user. userName=a.b@ex.jp operation=create", "a.b@ex.jp"},
        {"User skipped because of an error. userName=o'brien+x@ex.jp op=u", "o'brien+x@ex.jp"},
        {"userName=\"quoted,user\"@ex.jp operation=create", "\"quoted,user\"@ex.jp"},
        {"userName=\"Taro Yamada\" x", "Taro Yamada"},
        {"userName='Taro Yamada'", "Taro Yamada"},
        {"{\"userName\":\"a\",\"x\":1}", "a"},
        {"{\\\"userName\\\":\\\"a\\\"}", "a"},
        {"userName : a", "a"},
        {"USERNAME=r&d.build@ex.jp,next", "r&d.build@ex.jp"},
        {"TargetExternalId: 4711; x", "4711"},
        {"TargetExternalId: 4711 userName=tanaka", "tanaka"},
        {"user: tanaka", "tanaka"},
        {"User: tanaka, Group: x", "tanaka"},
        {"user: tanaka operation=x", "tanaka"},
        {"user=tanaka failed", "tanaka"},
        {"User: a@ex.jp was skipped.", "a@ex.jp"},
        {"User: EX\\tanaka.", "EX\\tanaka"},
        {"ユーザー名：小林@ex.jp、操作：作成", "小林@ex.jp"},
        {"ユーザー: 小林", "小林"},
        {"userName=müller.jörg@ex.jp", "müller.jörg@ex.jp"},
        {"SCIM response error.\n\n{\"detail\":\"userName has already been taken\"}", "-"},
        {"User: not found", "-"},
        {"Error for user: the token is not valid", "-"},
        {"user:\r\nname", "-"},
        {"superuserName=x", "-"},
        {"userName=", "-"},
        {"userName=null", "-"},
        {"userName=N/A", "-"},
        {"userName=%1", "-"},
        {"userName=[redacted:secret len=1-15]", "-"},
        {"userName: has already been taken", "-"},
        {"userName: tanaka\nnext", "tanaka"},
        {"Account: EX\\sato is locked", "EX\\sato"},
        {"User created.", "-"},
        {"users=3", "-"},
        {"Directory Sync finished. runId=1 created=2", "-"},
        {"", "-"},
    };
    return cr_make_param_array(struct pair_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct pair_row *row, whose, reads_the_pair)
{
    arena_init(&arena);
    expect(whose_pair(slice_of(row->text), keys, &arena), row->user, row->text);
    arena_free(&arena);
}

Test(whose, a_name_longer_than_a_mail_address_is_none)
{
    arena_init(&arena);
    char text[400] = "userName=";
    memset(text + 9, 'a', 330);
    expect(whose_pair(slice_of(text), keys, &arena), "-", "330 bytes");
    text[9 + 320] = '\0';
    cr_expect_eq(whose_pair(slice_of(text), keys, &arena).len, 320);
    arena_free(&arena);
}

Test(whose, an_event_states_its_user_by_a_named_value)
{
    arena_init(&arena);
    struct pair data[] = {{SLICE("user"), SLICE("weak")}, {SLICE("UserName"), SLICE("tanaka")}};
    struct record_event event = {.data = data, .data_count = 2};
    expect(whose_event(&event, keys, &arena), "tanaka", "named");
    event.data_count = 1;
    expect(whose_event(&event, keys, &arena), "-", "weak");
    event.message = SLICE("userName=sato");
    expect(whose_event(&event, keys, &arena), "sato", "message");
    arena_free(&arena);
}

struct call_row {
    char method[8], url[128], request[256], response[256];
    int status;
    char user[40], key[16];
};

#define USERS "https://h/scim/v2/Users"

ParameterizedTestParameters(whose, finds_the_user_of_a_call)
{
    static struct call_row rows[] = {
        {"POST", USERS, "{\"userName\":\"a\"}", "{\"userName\":\"A\",\"id\":\"1\"}", 201, "a", "-"},
        {"POST", USERS, "{\"externalId\":\"x\"}", "{\"userName\":\"A\",\"id\":\"1\"}", 201, "A",
         "-"},
        {"POST", USERS, "{\"externalId\":\"x\"}", "{\"detail\":\"no\"}", 400, "x", "-"},
        {"POST", USERS, "{\"displayName\":\"x\"}", "", 400, "-", "-"},
        {"POST", USERS, "{\"userName\":\"a\",\"emails\":[{", "", 400, "a", "-"},
        {"GET", USERS "/1", "", "{\"id\":\"1\",\"userName\":\"a\"}", 200, "a", "-"},
        {"GET", USERS "/1", "", "", 404, "1", "1"},
        {"PATCH", USERS "/1", "{\"Operations\":[{\"op\":\"add\"}]}", "", 204, "1", "1"},
        {"PUT", USERS "/1", "{\"externalId\":\"x\"}", "", 500, "x", "1"},
        {"PUT", USERS "/1", "{\"userName\":\"a\"}", "", 412, "a", "-"},
        {"DELETE", USERS "/a%20b", "", "", 204, "a b", "a b"},
        {"GET", USERS "/1", "", "{\"userName\":\"a\"}", 404, "1", "1"},
        {"GET", USERS "?filter=userName%20eq%20%22a%22", "", "{\"Resources\":[]}", 200, "a", "-"},
        {"GET", USERS "?filter=USERNAME+EQ+%22a%22", "", "", 429, "a", "-"},
        {"GET", USERS "?filter=userName%20eq%20%22A%22", "",
         "{\"Resources\":[{\"userName\":\"a\"}]}", 200, "a", "-"},
        {"GET", USERS "?filter=userName%20eq%20%22A%22", "",
         "{\"Resources\":[{\"userName\":\"a\"},{\"userName\":\"b\"}]}", 200, "A", "-"},
        {"GET", USERS "?filter=userName%20eq%20%22a%22%20and%20active%20eq%20true", "", "", 200,
         "a", "-"},
        {"GET", USERS "?filter=userName%20eq%20%22a%22%20or%20active%20eq%20true", "", "", 200, "-",
         "-"},
        {"GET", USERS "?filter=userName%20eqq%20%22a%22", "", "", 400, "-", "-"},
        {"GET", USERS "?filter=userName%20eq%20%22a", "", "", 400, "-", "-"},
        {"GET", USERS "?filter=externalId%20eq%20%22a%22", "",
         "{\"Resources\":[{\"userName\":\"a\"}]}", 200, "-", "-"},
        {"GET", USERS "?startIndex=1", "", "{\"Resources\":[{\"userName\":\"a\"}]}", 200, "-", "-"},
        {"GET", "https://h/scim/v2/Groups/1", "", "{\"id\":\"1\",\"userName\":\"a\"}", 200, "-",
         "-"},
        {"GET", "https://h/scim/v2/ServiceProviderConfig", "", "", 200, "-", "-"},
        {"POST", "https://h/scim/v2/Bulk",
         "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"data\":{\"userName\":\"a\"}}]"
         "}",
         "", 413, "a", "-"},
        {"POST", "https://h/scim/v2/Bulk",
         "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"data\":{\"userName\":\"a\"}},"
         "{\"method\":\"DELETE\",\"path\":\"/Users/2\"}]}",
         "", 200, "-", "-"},
    };
    return cr_make_param_array(struct call_row, rows, sizeof rows / sizeof *rows);
}

static struct record_http call(const char *method, const char *url, const char *request,
                               const char *response, int status)
{
    struct record_http http = {.method = slice_of(method), .url = slice_of(url), .status = status};
    http.request.body.text = *request ? slice_of(request) : SLICE_NONE;
    http.response.body.text = *response ? slice_of(response) : SLICE_NONE;
    return http;
}

ParameterizedTest(struct call_row *row, whose, finds_the_user_of_a_call)
{
    arena_init(&arena);
    struct record_http http = call(row->method, row->url, row->request, row->response, row->status);
    struct whose whose;
    whose_call(&whose, &http, 0, &arena);
    expect(whose.user, row->user, row->url);
    expect(whose.key, row->key, row->url);
    arena_free(&arena);
}

Test(whose, a_failed_bulk_operation_belongs_to_its_own_user)
{
    arena_init(&arena);
    struct record_http http =
        call("POST", "https://h/scim/v2/Bulk",
             "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"1\","
             "\"data\":{\"userName\":\"a\"}},{\"method\":\"PATCH\",\"path\":\"/Users/7\"},"
             "{\"method\":\"POST\",\"path\":\"/Groups\",\"bulkId\":\"3\","
             "\"data\":{\"externalId\":\"g\"}}]}",
             "{\"Operations\":[{\"method\":\"POST\",\"bulkId\":\"1\",\"status\":\"409\"},"
             "{\"method\":\"PATCH\",\"location\":\"https://h/scim/v2/Users/7\",\"status\":\"404\"},"
             "{\"method\":\"POST\",\"bulkId\":\"3\",\"status\":\"409\"}]}",
             200);
    struct whose whose;
    whose_call(&whose, &http, 1, &arena);
    expect(whose.user, "a", "1");
    whose_call(&whose, &http, 2, &arena);
    expect(whose.user, "7", "2");
    expect(whose.key, "7", "2");
    whose_call(&whose, &http, 3, &arena);
    expect(whose.user, "-", "a group");
    whose_call(&whose, &http, 4, &arena);
    expect(whose.user, "-", "none left");
    arena_free(&arena);
}
