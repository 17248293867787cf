/* The values one can filter by, and filters that have a name. */
#include "tests/tui/player.h"
#include "tui/screen/named.h"

static struct player p;
static char settings[64];

static void finish(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/scimscope/filters.yaml", settings);
    unlink(path);
    snprintf(path, sizeof path, "%s/scimscope", settings);
    rmdir(path);
    rmdir(settings);
    player_close(&p);
}

static void begin(int width, int height)
{
    snprintf(settings, sizeof settings, "/tmp/scimscope-settings-XXXXXX");
    cr_assert(mkdtemp(settings) != NULL);
    setenv("XDG_CONFIG_HOME", settings, 1);
    player_index(&p, player_failures);
    player_open(&p, width, height, "is:failure");
}

static char *filter_now(void)
{
    return p.desk.text.at;
}

TestSuite(values, .fini = finish, .timeout = 60);

Test(values, lie_over_the_view_with_counts)
{
    begin(80, 24);
    player_type(&p, "v");
    player_golden(&p, "values");
    cr_expect(player_shows(&p, "Category"));
}

Test(values, of_other_keys_are_an_arrow_away)
{
    begin(120, 40);
    player_type(&p, "v");
    player_key(&p, KEY_ARROW_RIGHT); /* users */
    player_key(&p, KEY_ARROW_RIGHT); /* status */
    cr_expect(player_shows(&p, "┌─ Status"), "%s", player_text(&p));
    player_type(&p, "42");
    player_key(&p, KEY_RETURN);
    player_key(&p, KEY_ESCAPE);
    cr_expect(eq(str, filter_now(), "is:failure status:429"));
    cr_expect(player_shows(&p, "3 of 21"), "%s", player_text(&p));
}

Test(values, say_what_choosing_one_more_would_give)
{
    begin(80, 24);
    player_type(&p, "c");
    player_key(&p, KEY_RETURN); /* the one with 6 */
    cr_expect(eq(str, filter_now(), "is:failure class:iij-username-taken"));
    cr_expect(player_shows(&p, "▶ userName is already used"), "%s", player_text(&p));
    cr_expect(player_shows(&p, "  Rate limit"), "%s", player_text(&p));
    player_key(&p, KEY_ARROW_DOWN);
    player_key(&p, KEY_RETURN);
    player_key(&p, KEY_ESCAPE);
    cr_expect(player_shows(&p, "9 of 21"), "%s", player_text(&p));
}

Test(values, state_is_anded_with_the_failures)
{
    begin(120, 40);
    player_type(&p, "v");
    for (int i = 0; i < 4; i++)
        player_key(&p, KEY_ARROW_RIGHT);
    cr_expect(player_shows(&p, "┌─ State"), "%s", player_text(&p));
    player_type(&p, "fail");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure state:failing"));
    player_key(&p, KEY_ARROW_RIGHT);
    cr_expect(player_shows(&p, "open"), "%s", player_text(&p));
}

Test(values, delete_excludes_the_one_under_the_cursor)
{
    begin(80, 24);
    player_type(&p, "u");
    player_type(&p, "tanaka");
    player_key(&p, KEY_DELETE);
    cr_expect(eq(str, filter_now(), "is:failure -user:tanaka@example.jp"));
    cr_expect(player_shows(&p, "− tanaka"), "%s", player_text(&p));
    player_key(&p, KEY_DELETE);
    cr_expect(eq(str, filter_now(), "is:failure"));
}

Test(values, nothing_fits_is_said)
{
    begin(80, 24);
    player_type(&p, "vzzz");
    cr_expect(player_shows(&p, "none"), "%s", player_text(&p));
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure"));
}

Test(values, a_filter_is_kept_under_a_name_and_used_again)
{
    begin(120, 40);
    player_type(&p, "/ \"already taken\"");
    player_key(&p, KEY_RETURN);
    player_type(&p, "Ktaken: all of them");
    player_key(&p, KEY_RETURN);
    cr_expect(player_shows(&p, "kept"), "%s", player_text(&p));
    player_type(&p, "x");
    cr_expect(eq(str, filter_now(), ""));
    player_type(&p, "r");
    player_golden(&p, "filters");
    player_type(&p, "them");
    player_key(&p, KEY_RETURN);
    cr_expect(eq(str, filter_now(), "is:failure \"already taken\""));
}

Test(values, a_name_is_forgotten_and_another_stays)
{
    static struct named known;
    struct fault why;
    begin(80, 24);
    cr_assert(eq(int, named_save(SLICE("a \"b\" \\ c"), SLICE("user:\"x y\""), &why), FAULT_NONE));
    cr_assert(eq(int, named_save(SLICE("second"), SLICE("is:failure"), &why), FAULT_NONE));
    cr_assert(eq(int, named_save(SLICE("second"), SLICE("status:409"), &why), FAULT_NONE));
    cr_assert(eq(int, named_load(&known, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(sz, known.count, 2));
    cr_expect(slice_is(known.rows[0].name, "a \"b\" \\ c"));
    cr_expect(slice_is(known.rows[0].filter, "user:\"x y\""));
    cr_expect(slice_is(known.rows[1].filter, "status:409"));
    named_free(&known);
    player_type(&p, "rsecond");
    player_key(&p, KEY_DELETE);
    cr_assert(eq(int, named_load(&known, &why), FAULT_NONE));
    cr_expect(eq(sz, known.count, 1));
    named_free(&known);
}

Test(values, a_damaged_file_of_names_is_left_alone_and_said)
{
    char path[128], back[64] = "";
    begin(80, 24);
    snprintf(path, sizeof path, "%s/scimscope", settings);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/scimscope/filters.yaml", settings);
    FILE *file = fopen(path, "w");
    fputs("[not, names", file);
    fclose(file);
    player_type(&p, "Kname");
    player_key(&p, KEY_RETURN);
    cr_expect(not(player_shows(&p, "✓ kept")), "%s", player_text(&p));
    file = fopen(path, "r");
    cr_expect(fgets(back, sizeof back, file) != NULL);
    fclose(file);
    cr_expect(eq(str, back, "[not, names"));
}
