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
    struct slice names[] = {SLICE("index.db"), SLICE("index.db.key")};
    struct paths_answer known = {.names = names, .count = 2};
    struct prompt line;
    begin(80, 24);
    prompt_init(&line);
    prompt_set(&line, SLICE("/tmp/i"));
    cr_expect(path_complete(&line, &known));
    cr_expect(slice_is(buf_slice(&line.text), "/tmp/index.db"));
    cr_expect(not(path_complete(&line, &known)));
    names[0] = SLICE("\u65E5\u672C"); /* they part inside of a letter's bytes */
    names[1] = SLICE("\u65E5\u672A");
    prompt_set(&line, SLICE(""));
    cr_expect(path_complete(&line, &known));
    cr_expect(slice_is(buf_slice(&line.text), "\u65E5"));
    prompt_free(&line);
}

/* A key without the answers that come after it: the folder is slow. */
static void key_only(uint32_t key)
{
    stage_key(&p.stage, key);
    stage_draw(&p.stage, &p.canvas, p.width, p.height);
}

Test(dialogs, a_slow_folder_holds_up_no_key_and_the_import_begins_once_it_answers)
{
    begin(80, 24);
    key_only('i');
    for (const char *at = p.folder; *at; at++)
        key_only((uint32_t)*at);
    for (const char *at = "/index.db.k"; *at; at++)
        key_only((uint32_t)*at);
    cr_expect(player_shows(&p, "/index.db.k"), "%s", player_text(&p));
    key_only(KEY_TABULATOR);
    cr_expect(not(player_shows(&p, "/index.db.key")), "%s", player_text(&p));
    player_draw(&p); /* now it answers */
    cr_expect(player_shows(&p, "/index.db.key"), "%s", player_text(&p));
    key_only(KEY_RETURN);
    cr_expect(eq(str, p.imported, ""));
    cr_expect(player_shows(&p, "Import a file"));
    player_draw(&p);
    char path[128];
    snprintf(path, sizeof path, "%s.key", p.db);
    cr_expect(eq(str, p.imported, path));
    cr_expect(not(player_shows(&p, "Import a file")));
}

Test(dialogs, a_key_after_enter_takes_the_import_back)
{
    begin(80, 24);
    key_only('i');
    for (const char *at = p.db; *at; at++)
        key_only((uint32_t)*at);
    key_only(KEY_RETURN);
    key_only(KEY_ARROW_LEFT);
    player_draw(&p);
    cr_expect(eq(str, p.imported, ""));
    cr_expect(player_shows(&p, "Import a file"));
}

Test(dialogs, an_export_is_begun_once_it_is_known_that_nothing_is_replaced)
{
    char path[128];
    begin(80, 24);
    snprintf(path, sizeof path, "%s.key", p.db); /* it exists */
    key_only('e');
    key_only(21);
    for (const char *at = path; *at; at++)
        key_only((uint32_t)*at);
    key_only(KEY_RETURN);
    cr_expect(eq(str, p.exported, ""));
    player_draw(&p);
    cr_expect(eq(str, p.exported, ""));
    cr_expect(player_shows(&p, "this file exists"), "%s", player_text(&p));
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

/* --- copies ----------------------------------------------------------------------------------- */

static char state[64];

static void begin_copy(bool clipboard)
{
    snprintf(state, sizeof state, "/tmp/scimscope-state-XXXXXX");
    cr_assert(mkdtemp(state) != NULL);
    setenv("XDG_STATE_HOME", state, 1);
    player_index(&p, calls);
    p.clipboard_on = clipboard;
    player_open(&p, 120, 40, "is:failure");
    player_type(&p, "y");
}

static void end_copy(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/scimscope/copied.txt", state);
    unlink(path);
    snprintf(path, sizeof path, "%s/scimscope", state);
    rmdir(path);
    rmdir(state);
}

Test(dialogs, a_copy_goes_into_a_file_that_only_its_owner_can_read)
{
    char path[128], is[256] = "";
    struct stat at;
    begin_copy(false);
    player_type(&p, "user");
    umask(0);
    player_key(&p, KEY_TABULATOR);
    snprintf(path, sizeof path, "%s/scimscope/copied.txt", state);
    cr_assert(eq(int, stat(path, &at), 0), "%s", path);
    cr_expect(eq(int, (int)(at.st_mode & 0777), 0600));
    FILE *file = fopen(path, "r");
    fread(is, 1, sizeof is - 1, file);
    fclose(file);
    cr_expect(eq(str, is, "o'hara@example.jp"));
    snprintf(path, sizeof path, "%s/scimscope", state);
    cr_assert(eq(int, stat(path, &at), 0));
    cr_expect(eq(int, (int)(at.st_mode & 0777), 0700));
    cr_expect(player_shows(&p, "copied.txt, for your eyes only"), "%s", player_text(&p));
    cr_expect(not(player_shows(&p, "┌─ Copy")));
    end_copy();
}

Test(dialogs, a_copy_that_cannot_be_written_is_said)
{
    begin_copy(false);
    cr_assert(eq(int, chmod(state, 0500), 0));
    setenv("XDG_STATE_HOME", "/dev/null", 1);
    player_type(&p, "user");
    player_key(&p, KEY_TABULATOR);
    cr_expect(player_shows(&p, "cannot be written"), "%s", player_text(&p));
    end_copy();
}

Test(dialogs, the_clipboard_is_used_only_when_it_is_switched_on)
{
    begin_copy(false);
    cr_expect(not(player_shows(&p, "clipboard")), "%s", player_text(&p));
    player_type(&p, "user");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.clipboard, ""));
    cr_expect(player_shows(&p, "Select it with the mouse"), "%s", player_text(&p));
    end_copy();
}

Test(dialogs, switched_on_the_clipboard_gets_what_is_chosen)
{
    begin_copy(true);
    cr_expect(player_shows(&p, "Enter to the clipboard"), "%s", player_text(&p));
    player_type(&p, "curl");
    player_key(&p, KEY_RETURN);
    cr_expect(strstr(p.clipboard, "-H 'Authorization: Basic [redacted:") == NULL);
    cr_expect(strstr(p.clipboard, "curl -i -X 'POST' 'https://scim.example.com") == p.clipboard,
              "%s", p.clipboard);
    cr_expect(player_shows(&p, "sent to the clipboard: "), "%s", player_text(&p));
    cr_expect(not(player_shows(&p, "┌─ Copy")));
    end_copy();
}

static void with_secret(struct ingest *g)
{
    player_http(g, 0, "2026-11-03T10:00:00Z", "GET", "https://scim.example.com/scim/v2/Users", 401,
                NULL, PLAYER_ERROR("denied", "sensitive", "401"));
    player_http(g, 1, "2026-11-03T10:00:01Z", "POST",
                "https://scim.example.com/scim/v2/Users?access_token=s3cr3t-s3cr3t-s3cr3t", 409,
                "{\"userName\":\"a@example.jp\",\n \"password\":\"hunter2hunter2\"}",
                PLAYER_ERROR("taken", "uniqueness", "409"));
}

Test(dialogs, what_was_redacted_stays_redacted_in_a_copy)
{
    p.clipboard_on = true;
    player_index(&p, with_secret);
    player_open(&p, 120, 40, "is:failure");
    player_type(&p, "ycurl");
    player_key(&p, KEY_RETURN);
    cr_expect(strstr(p.clipboard, "access_token=[redacted:") != NULL, "%s", p.clipboard);
    cr_expect(strstr(p.clipboard, "\"password\":\"[redacted:password") != NULL, "%s", p.clipboard);
    cr_expect(eq(ptr, strstr(p.clipboard, "s3cr3t-s3"), NULL));
    cr_expect(eq(ptr, strstr(p.clipboard, "hunter2"), NULL));
}

Test(dialogs, a_hostile_value_is_copied_in_its_escaped_form)
{
    p.clipboard_on = true;
    player_index(&p, player_hostile);
    player_open(&p, 120, 40, "is:failure");
    player_type(&p, "yuser");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, p.clipboard, "\\u{1B}[2Jevil\\u{202E}gpj.exe\\u{200B}\\u{07}"));
}
