/* The dialogs of export, ticket and import. */
#include "tests/tui/player.h"
#include "tui/view/path.h"

static struct player p;

static void finish(void)
{
    player_close(&p);
}

static void begin(int width, int height)
{
    player_index(&p, player_failures);
    player_open(&p, width, height, "is:failure user:tanaka");
}

TestSuite(dialogs, .fini = finish, .timeout = 60);

Test(dialogs, export_tells_before_what_will_be_written)
{
    begin(80, 24);
    player_type(&p, "e");
    player_golden(&p, "export");
    cr_expect(player_shows(&p, "user:tanaka"));
    cr_expect(player_shows(&p, "by name"));
}

Test(dialogs, export_writes_where_and_what_was_asked)
{
    begin(120, 40);
    player_type(&p, "e");
    player_key(&p, 21 /* ctrl-u */);
    player_type(&p, "/nowhere/list.html");
    player_key(&p, KEY_TABULATOR);
    player_golden(&p, "export");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.exported, "/nowhere/list.html"));
    cr_expect(eq(str, p.export_filter, "is:failure user:tanaka"));
    cr_expect(p.pseudonymize);
    cr_expect(not(p.ticket));
    cr_expect(not(player_shows(&p, "┌─ Export")));
}

Test(dialogs, a_suffix_without_a_format_is_said)
{
    begin(80, 24);
    player_type(&p, "e");
    player_type(&p, "x");
    cr_expect(player_shows(&p, "the suffix tells it"), "%s", player_text(&p));
}

Test(dialogs, ticket_says_that_people_are_unnamed)
{
    begin(120, 40);
    player_type(&p, "2T");
    player_golden(&p, "ticket");
    player_key(&p, 21);
    player_type(&p, "/nowhere/t.md");
    player_key(&p, KEY_RETURN);
    cr_expect(p.ticket);
    cr_expect(eq(str, p.exported, "/nowhere/t.md"));
}

Test(dialogs, an_existing_file_is_replaced_only_on_a_second_enter)
{
    begin(80, 24);
    player_type(&p, "e");
    player_key(&p, 21);
    player_type(&p, p.db);
    player_type(&p, ".csv");
    char path[128];
    snprintf(path, sizeof path, "%s.csv", p.db);
    FILE *file = fopen(path, "w");
    fclose(file);
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.exported, ""));
    cr_expect(player_shows(&p, "this file exists"), "%s", player_text(&p));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.exported, path));
    unlink(path);
}

Test(dialogs, import_completes_paths)
{
    begin(80, 24);
    player_type(&p, "i");
    player_type(&p, p.folder);
    player_type(&p, "/index.db.k");
    player_key(&p, KEY_TABULATOR);
    cr_expect(player_shows(&p, "index.db.key"), "%s", player_text(&p));
    player_key(&p, KEY_RETURN);
    char path[128];
    snprintf(path, sizeof path, "%s.key", p.db);
    cr_expect(eq(str, p.imported, path));
}

Test(dialogs, import_says_what_cannot_be_read)
{
    begin(120, 40);
    player_type(&p, "i/nowhere/at/all");
    cr_expect(player_shows(&p, "no file begins so"), "%s", player_text(&p));
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "this cannot be read"), "%s", player_text(&p));
    player_key(&p, KEY_ESCAPE);
    cr_expect(not(player_shows(&p, "Import a file")));
}

Test(dialogs, a_running_import_is_shown_with_its_end_and_stopped)
{
    begin(120, 40);
    player_type(&p, "X");
    cr_expect(player_shows(&p, "no import is running"), "%s", player_text(&p));
    p.progress.bytes_total = 1000;
    p.progress.bytes_done = 400;
    p.progress.entries = 1234;
    p.desk.progress = &p.progress;
    p.desk.rate = 5000;
    p.desk.left_s = 75;
    player_draw(&p);
    cr_expect(player_shows(&p, "40%"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "5,000/s  1:15 left"), "%s", player_text(&p));
    player_type(&p, "X");
    cr_expect(p.stopped);
    p.desk.progress = NULL;
}

Test(dialogs, completion_goes_as_far_as_the_names_agree)
{
    struct path_names names = {0};
    struct prompt line;
    begin(80, 24);
    prompt_init(&line);
    prompt_set(&line, slice_of(p.folder));
    prompt_replace(&line, line.text.len, line.text.len, SLICE("/i"));
    path_find(&names, buf_slice(&line.text));
    cr_expect(ge(sz, names.count, 2));
    cr_expect(path_complete(&line, &names));
    cr_expect(slice_ends_fold(buf_slice(&line.text), "/index.db"));
    path_names_free(&names);
    prompt_free(&line);
}

static void calls(struct ingest *g)
{
    player_http(g, 0, "2026-11-03T10:00:00Z", "POST", "https://scim.example.com/scim/v2/Users", 409,
                "{\"userName\":\"o'hara@example.jp\"}", PLAYER_ERROR("taken", "uniqueness", "409"));
}

Test(dialogs, a_call_is_shown_alone_as_a_curl_command_without_its_secret)
{
    player_index(&p, calls);
    player_open(&p, 120, 40, "is:failure");
    player_type(&p, "y");
    cr_expect(player_shows(&p, "ticket sentence"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "o'hara@example.jp"), "%s", player_text(&p));
    player_type(&p, "curl");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "curl -i -X 'POST' 'https://scim.example.com/scim/v2/Users' \\\n"),
              "%s", player_text(&p));
    cr_expect(player_shows(&p, "o'\\''hara@example.jp"), "%s", player_text(&p));
    cr_expect(not(player_shows(&p, "│")));
    player_type(&p, "q");
    cr_expect(player_shows(&p, "Remediation"));
}

Test(dialogs, a_ticket_sentence_names_time_call_answer_and_request)
{
    player_index(&p, calls);
    player_open(&p, 200, 60, "is:failure");
    player_type(&p, "y");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "2026-11-03T10:00:00.000000Z: POST /Users on scim.example.com was "
                               "answered 409"),
              "%s", player_text(&p));
    cr_expect(player_shows(&p, "\"taken\" (request id 7f3a-91)"), "%s", player_text(&p));
}
