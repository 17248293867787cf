/* The detail view: folding, claims of tokens, related entries, XML bodies. */
#include "tests/tui/player.h"
#include "tui/screen/pretty.h"
#include "tui/view/detail.h"

static struct player p;

static void finish(void)
{
    if (p.db[0])
        player_close(&p);
}

TestSuite(detail, .fini = finish, .timeout = 60);

/* header {"alg":"RS256"}; iss, aud, iat 2026-11-03T09:00:00Z, exp 09:23:00Z */
#define TOKEN                                                                                      \
    "eyJhbGciOiJSUzI1NiJ9."                                                                        \
    "eyJpc3MiOiJodHRwczovL3N0cy5leGFtcGxlL3QiLCJhdWQiOiJhcGk6Ly9zY2ltIiwiaWF0IjoxNzkzNjk2NDAwLCJl" \
    "eHAiOjE3OTM2OTc3ODB9.c2lnbmF0dXJl"

static void calls(struct ingest *g)
{
    static const struct pair sent[] = {
        {{"Authorization", 13}, {"Bearer " TOKEN, sizeof "Bearer " TOKEN - 1}},
        {{"Content-Type", 12}, {"application/scim+json", 21}}};
    static const char body[] = "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
                               "\"userName\":\"mori@example.jp\",\"emails\":[{\"value\":\"a@b.c\","
                               "\"type\":\"work\"}],\"name\":{\"givenName\":\"Aiko\"}}";
    static const char answer[] = "<html><head><title>401</title></head><body>"
                                 "<p class=\"x>y\">expired</p><br/></body></html>";
    struct fault why;
    for (int i = 0; i < 3; i++) {
        char time[40];
        snprintf(time, sizeof time, "2026-11-03T10:%02d:00Z", 10 * i);
        struct record r = {
            .kind = KIND_HTTP, .position = (uint64_t)i, .time_us = player_time(time)};
        r.time_text = slice_of(time);
        r.http = (struct record_http){.method = SLICE("POST"),
                                      .url = SLICE("https://scim.example.com/scim/v2/Users"),
                                      .status = i < 2 ? 401 : 201,
                                      .error = SLICE_NONE,
                                      .duration_us = 84000};
        r.http.request = (struct message){sent, 2, true, {.text = SLICE_NONE}};
        r.http.response = (struct message){NULL, 0, true, {.text = SLICE_NONE}};
        r.http.request.body = (struct body){.text = slice_of(body),
                                            .type = SLICE("application/scim+json"),
                                            .size = sizeof body - 1,
                                            .digest = SLICE_NONE};
        r.http.response.body =
            (struct body){.text = slice_of(i < 2 ? answer : body),
                          .type = i < 2 ? SLICE("text/html") : SLICE("application/scim+json"),
                          .size = 100,
                          .digest = SLICE_NONE};
        cr_assert(eq(int, ingest_add(g, &r, NULL, &why), FAULT_NONE), "%s", why.text);
    }
}

static void begin(int width, int height)
{
    player_index(&p, calls);
    player_open(&p, width, height, "is:failure");
    player_key(&p, KEY_RETURN);
}

/* Moves the cursor down to the first line that shows the text. */
static void go_to(const char *text)
{
    for (int i = 0; i < 200; i++) {
        for (int y = 0; y < p.canvas.height; y++) {
            struct cell *cell = canvas_at(&p.canvas, 1, y);
            if (!cell || cell->over != ROLE_CURSOR)
                continue;
            char line[4096] = "";
            size_t len = 0;
            for (int x = 0; x < p.canvas.width && len < 4000; x++)
                len += (size_t)snprintf(line + len, sizeof line - len, "%s",
                                        canvas_at(&p.canvas, x, y)->text);
            if (strstr(line, text))
                return;
        }
        player_type(&p, "j");
    }
    cr_fatal("no line shows %s", text);
}

Test(detail, claims_are_told_relative_to_the_call)
{
    begin(120, 60);
    cr_expect(player_shows(&p, "47 minutes before this call"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "api://scim"));
    cr_expect(not(player_shows(&p, "eyJhbGci")));
}

Test(detail, related_entries_are_listed_and_enter_goes_there_and_b_back)
{
    begin(120, 60);
    cr_expect(player_shows(&p, "Related entries"));
    cr_expect(player_shows(&p, "failed so before"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "succeeded later"), "%s", player_text(&p));
    int64_t here = p.desk.newest[ASK_ENTRY]->entry.entry.id;
    go_to("failed so before");
    player_key(&p, KEY_RETURN);
    cr_expect(ne(i64, p.desk.newest[ASK_ENTRY]->entry.entry.id, here));
    player_type(&p, "b");
    cr_expect(eq(i64, p.desk.newest[ASK_ENTRY]->entry.entry.id, here));
}

Test(detail, what_begins_in_a_line_folds_and_opens)
{
    begin(80, 70);
    go_to("\"emails\":");
    cr_expect(player_shows(&p, "a@b.c"));
    player_type(&p, "a");
    cr_expect(player_shows(&p, "\"emails\": [ … 4 lines ],"), "%s", player_text(&p));
    player_type(&p, "a");
    cr_expect(not(player_shows(&p, "4 lines")));
    player_type(&p, "A");
    cr_expect(player_shows(&p, "▸{ … "), "%s", player_text(&p));
    player_type(&p, "A");
    cr_expect(not(player_shows(&p, "▸")));
}

Test(detail, xml_is_pretty_and_folds)
{
    begin(120, 60);
    cr_expect(player_shows(&p, "<title>401</title>"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "<p class=\"x>y\">expired</p>"), "%s", player_text(&p));
    go_to("<body>");
    player_type(&p, "a");
    cr_expect(player_shows(&p, "<body> … 2 lines </body>"), "%s", player_text(&p));
}

Test(detail, nothing_to_fold_is_said)
{
    begin(80, 24);
    player_type(&p, "a");
    cr_expect(player_shows(&p, "nothing begins in this line"), "%s", player_text(&p));
}

Test(detail, xml_that_does_not_close_is_left_as_it_is)
{
    static const char *const bad[] = {"<a><b></a></b>", "<a>", "</a>", "a<b/>", "<a", "",
                                      "<a></a></a>"};
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        buf_reset(&out);
        cr_expect(not(pretty_add_xml(&out, slice_of(bad[i]))), "%s", bad[i]);
    }
    buf_reset(&out);
    cr_expect(pretty_add_xml(
        &out, SLICE("<?xml version=\"1.0\"?><a><!-- > --><b x='>'> t </b><c/></a>")));
    cr_expect(
        slice_is(buf_slice(&out),
                 "<?xml version=\"1.0\"?>\n<a>\n  <!-- > -->\n  <b x='>'>t</b>\n  <c/>\n</a>"));
    buf_free(&out);
}
