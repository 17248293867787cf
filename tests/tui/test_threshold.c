/* The screen before the explorer: each reason why an index does not open has one, that says what to
 * do next; and what the first bytes of a file tell. */
#include "core/base/words.h"
#include "tests/tui/player.h"
#include "tui/view/threshold.h"

#include <fcntl.h>

static struct player p;
static struct keymap keys;

static void begin(void)
{
    struct fault why;
    cr_assert(eq(int, keymap_load(&keys, &why), FAULT_NONE), "%s", why.text);
}

static void finish(void)
{
    canvas_free(&p.canvas);
}

TestSuite(threshold, .init = begin, .fini = finish, .timeout = 60);

static void draw(int width, int height, enum fault_code code, enum store_refusal refusal,
                 const char *sentence)
{
    struct threshold t = {.keys = &keys, .db = "/srv/scim/index.db"};
    struct fault why;
    fault_set(&why, code, "%s", sentence);
    p.width = width;
    p.height = height;
    canvas_resize(&p.canvas, width, height);
    threshold_draw(&t, code ? &why : NULL, refusal, &p.canvas, canvas_rect(&p.canvas));
}

static const struct {
    const char *name, *sentence, *advice;
    enum fault_code code;
    enum store_refusal refusal;
} screens[] = {
    {"newer", "index /srv/scim/index.db was written by a newer scimscope", "newer scimscope",
     FAULT_INDEX, REFUSAL_NEWER},
    {"busy", "the index is busy: another program is writing it", "nothing is lost", FAULT_BUSY,
     REFUSAL_DAMAGED},
    {"unreadable", "index /srv/scim/index.db cannot be opened", "rights", FAULT_INDEX,
     REFUSAL_UNREADABLE},
    {"foreign", "index /srv/scim/index.db is not an index of scimscope", "another index",
     FAULT_INDEX, REFUSAL_FOREIGN},
    {"damaged", "index /srv/scim/index.db is damaged", "scimscope verify", FAULT_INDEX,
     REFUSAL_DAMAGED},
    {"no_place", "index /srv/scim/index.db cannot be made: Permission denied",
     "Nothing can be written", FAULT_INDEX, REFUSAL_NO_PLACE},
    {"full", "index /srv/scim/index.db cannot be read or written: disk full", "room", FAULT_IO,
     REFUSAL_DAMAGED},
    {"waiting", "", "seconds", FAULT_NONE, REFUSAL_DAMAGED},
};

Test(threshold, has_a_screen_for_each_reason_at_each_size)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
            char name[64];
            snprintf(name, sizeof name, "threshold_%s", screens[i].name);
            draw(sizes[s][0], sizes[s][1], screens[i].code, screens[i].refusal,
                 screens[i].sentence);
            cr_expect(player_shows(&p, screens[i].advice), "%s", player_text(&p));
            cr_expect(player_shows(&p, "q quit"), "%s", player_text(&p));
            cr_expect(player_shows(&p, "Enter try again") == (screens[i].code != FAULT_NONE));
            player_golden(&p, name);
        }
}

Test(threshold, speaks_japanese)
{
    cr_assert(words_use("ja"));
    draw(80, 24, FAULT_INDEX, REFUSAL_NEWER, screens[0].sentence);
    player_golden(&p, "ja_threshold_newer");
}

Test(threshold, draws_at_any_size)
{
    for (int width = 1; width < 90; width += 4)
        for (int height = 1; height < 30; height += 3)
            draw(width, height, FAULT_INDEX, REFUSAL_DAMAGED, screens[4].sentence);
}

/* --- what the file tells ---------------------------------------------------------------------- */

static void put_byte(const char *path, off_t at, unsigned char byte)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    cr_assert(ge(int, fd, 0));
    cr_assert(eq(i64, (int64_t)pwrite(fd, &byte, 1, at), 1));
    close(fd);
}

Test(threshold, knows_from_the_file_why_it_was_refused)
{
    struct fault why;
    struct store *store;
    struct player q = {0};
    char nowhere[128];
    player_index(&q, NULL);
    put_byte(q.db, 62, 99); /* user_version */
    cr_expect(eq(int, store_open(&store, q.db, STORE_BROWSE, &why), FAULT_INDEX));
    cr_expect(eq(int, store_refusal(q.db), REFUSAL_NEWER));
    put_byte(q.db, 62, 0);
    put_byte(q.db, 70, 'x'); /* application_id */
    cr_expect(eq(int, store_open(&store, q.db, STORE_BROWSE, &why), FAULT_INDEX));
    cr_expect(eq(int, store_refusal(q.db), REFUSAL_FOREIGN));
    put_byte(q.db, 70, 'I');
    put_byte(q.db, 100, 77); /* the kind of the first page */
    cr_expect(eq(int, store_open(&store, q.db, STORE_BROWSE, &why), FAULT_INDEX));
    cr_expect(eq(int, store_refusal(q.db), REFUSAL_DAMAGED));
    snprintf(nowhere, sizeof nowhere, "%s/no/where.db", q.folder);
    cr_expect(eq(int, store_open(&store, nowhere, STORE_BROWSE, &why), FAULT_INDEX));
    cr_expect(eq(int, store_refusal(nowhere), REFUSAL_NO_PLACE));
    cr_expect(eq(int, store_refusal(q.folder), REFUSAL_FOREIGN));
    if (geteuid() != 0) {
        chmod(q.db, 0);
        cr_expect(eq(int, store_refusal(q.db), REFUSAL_UNREADABLE));
        chmod(q.db, 0400);
        cr_expect(eq(int, store_refusal(q.db), REFUSAL_UNWRITABLE));
    }
    index_remove(q.db);
    rmdir(q.folder);
    rulebook_free(q.book);
}
