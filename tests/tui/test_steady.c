/* Nothing on the screen moves while counts come and change. */
#include "tests/tui/player.h"

static struct player p;

static void finish(void)
{
    player_close(&p);
}

TestSuite(steady, .fini = finish, .timeout = 60);

static void begin(int width, int height)
{
    player_index(&p, player_failures);
    player_open(&p, width, height, "is:failure");
}

/* A line of the screen as text; heap. */
static char *line(int y)
{
    const char *at = player_text(&p);
    for (int i = 0; i < y; i++)
        at = strchr(at, '\n') + 1;
    return slice_dup(slice_make(at, strcspn(at, "\n")));
}

/* The cell where a word begins in a line, -1 when it does not. */
static int cell_of(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    return at ? canvas_measure(slice_make(text, (size_t)(at - text))) : -1;
}

/* The screen that stands while answers are out, against the one with the same answers. */
static void stays_while_waiting(int width, int height)
{
    begin(width, height);
    char *before[64];
    for (int y = 0; y < height; y++)
        before[y] = line(y);
    stage_key(&p.stage, 12 /* ctrl-l: everything is asked again */);
    stage_draw(&p.stage, &p.canvas, p.width, p.height);
    cr_assert(gt(sz, p.asked_count, 0));
    for (int y = 0; y < height; y++) {
        char *now = line(y);
        if (y == 1)
            cr_expect(eq(int, cell_of(now, " of 21"), cell_of(before[y], " of 21")), "%s\n%s",
                      before[y], now);
        else
            cr_expect(eq(str, now, before[y]));
        free(now);
    }
    player_answer(&p);
    stage_draw(&p.stage, &p.canvas, p.width, p.height);
    for (int y = 0; y < height; y++) {
        char *now = line(y);
        cr_expect(eq(str, now, before[y]));
        free(now);
        free(before[y]);
    }
}

Test(steady, stays_while_answers_are_out_narrow)
{
    stays_while_waiting(80, 24);
}

Test(steady, stays_while_answers_are_out_wide)
{
    stays_while_waiting(120, 40);
}

Test(steady, stays_while_answers_are_out_very_wide)
{
    stays_while_waiting(200, 60);
}

/* Answers with other numbers, as an import makes them. */
static void with_counts(uint64_t total, uint64_t failures, uint64_t failing)
{
    struct answer *rows = p.desk.newest[ASK_ROWS], *counts = p.desk.newest[ASK_COUNTS];
    rows->rows.total = total;
    rows->rows.failures = failures;
    counts->counts.problems[PROBLEM_FAILING] = failing;
    for (size_t i = 0; i < counts->counts.class_count; i++)
        counts->counts.classes[i].count = failures;
    stage_draw(&p.stage, &p.canvas, p.width, p.height);
}

static void keeps_columns(int width, int height, const char *last)
{
    static const struct {
        uint64_t failures, failing;
    } steps[] = {{9, 9}, {10, 9}, {99, 10}, {1000, 100}, {99999, 1000}};
    begin(width, height);
    with_counts(123456, 0, 0);
    char *head = line(0), *frame = line(4);
    int cells = p.canvas.width * p.canvas.height;
    unsigned char *sides = xcalloc((size_t)cells, 1);
    for (int i = 0; i < cells; i++)
        sides[i] = p.canvas.cells[i].sides;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        with_counts(123456, steps[i].failures, steps[i].failing);
        char *now = line(0), *title = line(4);
        cr_expect(eq(int, cell_of(now, " failures"), cell_of(head, " failures")), "%s", now);
        cr_expect(eq(int, cell_of(now, last), cell_of(head, last)), "%s", now);
        cr_expect(eq(str, title, frame));
        for (int at = 0; at < cells; at++)
            cr_assert(eq(int, p.canvas.cells[at].sides, sides[at]), "cell %d", at);
        free(now);
        free(title);
    }
    free(head);
    free(frame);
    free(sides);
}

Test(steady, keeps_every_column_while_counts_grow_narrow)
{
    keeps_columns(80, 24, " failing");
}

Test(steady, keeps_every_column_while_counts_grow_wide)
{
    keeps_columns(120, 40, " problems failing");
}

Test(steady, keeps_what_an_import_tells_in_place)
{
    begin(120, 40);
    p.progress.bytes_total = 1000;
    p.progress.bytes_done = 10;
    p.progress.entries = 7;
    p.desk.progress = &p.progress;
    p.desk.rate = 9;
    p.desk.left_s = 75;
    player_draw(&p);
    char *before = line(0);
    p.progress.bytes_done = 999;
    p.progress.entries = 1234567;
    p.desk.rate = 99999;
    player_draw(&p);
    char *now = line(0);
    cr_expect(eq(int, cell_of(now, " entries"), cell_of(before, " entries")), "%s\n%s", before,
              now);
    cr_expect(eq(int, cell_of(now, "/s"), cell_of(before, "/s")));
    cr_expect(eq(int, cell_of(now, " left"), cell_of(before, " left")));
    free(before);
    free(now);
    p.desk.progress = NULL;
}
