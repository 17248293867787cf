/* The timeline: what is selected against all traffic, and the outages that nobody asked for. */
#include "tests/tui/player.h"

static struct player p;

static void finish(void)
{
    player_close(&p);
}

TestSuite(timeline, .fini = finish, .timeout = 60);

/* A server that answers 503 to everybody for some minutes, then recovers; another is well. */
static void outage(struct ingest *g)
{
    char time[40], body[256];
    uint64_t n = 0;
    for (int i = 0; i < 24; i++) {
        bool down = i > 7 && i < 16;
        snprintf(time, sizeof time, "2026-11-03T10:%02d:00Z", i);
        snprintf(body, sizeof body,
                 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
                 "\"userName\":\"user%d@example.jp\"}",
                 i);
        player_http(g, n++, time, "POST", "https://scim.example.com/scim/v2/Users",
                    down      ? 503
                    : i == 20 ? 409
                              : 201,
                    body,
                    down      ? PLAYER_ERROR("Service unavailable", "", "503")
                    : i == 20 ? PLAYER_ERROR("taken", "uniqueness", "409")
                              : body);
        player_http(g, n++, time, "POST", "https://other.example.com/scim/v2/Users", 201, body,
                    body);
    }
}

static void begin(int width, int height, const char *filter)
{
    player_index(&p, outage);
    player_open(&p, width, height, filter);
}

/* A line of the screen as text; static memory. */
static const char *line(int y)
{
    static char out[4096];
    const char *at = player_text(&p);
    for (int i = 0; i < y; i++)
        at = strchr(at, '\n') + 1;
    snprintf(out, sizeof out, "%.*s", (int)strcspn(at, "\n"), at);
    return out;
}

static size_t count_of(const char *text, const char *sign)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, sign)); at += strlen(sign))
        count++;
    return count;
}

Test(timeline, stacks_what_is_selected_under_all_traffic_at_the_least_usual_size)
{
    begin(80, 24, "status:409");
    cr_expect(count_of(line(2), "█") == 16, "%s", player_text(&p));
    cr_expect(count_of(line(3), "█") >= 1);
    cr_expect(count_of(line(3), "█") <= 4);
    cr_expect(strstr(line(2), "all above") != NULL);
}

Test(timeline, marks_an_outage_though_nobody_looked_at_the_patterns)
{
    begin(80, 24, "status:409");
    cr_expect(eq(ptr, p.desk.newest[ASK_FINDINGS], NULL));
    cr_expect(count_of(line(2), "×") >= 8, "%s", player_text(&p));
    cr_expect(strstr(line(2), "× outage") != NULL, "%s", line(2));
    player_type(&p, "/");
    player_key(&p, 21);
    player_type(&p, "host:other.example.com");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(sz, count_of(line(2), "×"), 0), "%s", player_text(&p));
}

Test(timeline, asks_for_outages_once_per_scope_and_after_what_is_on_the_screen)
{
    begin(80, 24, "status:409");
    const struct answer *known = p.desk.newest[ASK_OUTAGES];
    cr_assert(known != NULL);
    uint64_t ticket = known->ticket;
    cr_expect(gt(u64, ticket, p.desk.newest[ASK_COUNTS]->ticket));
    player_type(&p, "x");
    player_type(&p, "x");
    cr_expect(eq(u64, p.desk.newest[ASK_OUTAGES]->ticket, ticket));
}

/* One line has no room for both: one eighth stands for traffic alone, and for nothing else. */
Test(timeline, tells_traffic_alone_from_what_is_selected_without_colours)
{
    begin(80, 18, "host:other.example.com status:409,201");
    cr_expect(eq(sz, count_of(line(2), "▁"), 0), "%s", player_text(&p));
    player_type(&p, "/");
    player_key(&p, 21);
    player_type(&p, "status:409");
    player_key(&p, KEY_RETURN);
    cr_expect(count_of(line(2), "▁") >= 10, "%s", player_text(&p));
    cr_expect(count_of(line(2), "█") >= 1, "%s", player_text(&p));
    cr_expect(count_of(line(2), "×") >= 8, "%s", player_text(&p));
}
