/* The timeline: how many entries of the selection when, the window bright, the rest quiet. */
#include "tui/view/pane.h"

#include "tui/screen/window.h"

#include <stdio.h>

enum { LABEL_WIDE = 42, LABEL_NARROW = 30, WIDE = 100 };

static int label_width(int width)
{
    return width >= WIDE ? LABEL_WIDE : LABEL_NARROW;
}

size_t timeline_bars(int width)
{
    int room = width - label_width(width) - 3;
    return room > 0 ? (size_t)(room < BARS_LIMIT ? room : BARS_LIMIT) : 0;
}

static const struct counts_answer *counts_of(const struct desk *d)
{
    const struct answer *a = d->newest[ASK_COUNTS];
    return a && !a->bad && a->counts.bar_count > 0 ? &a->counts : NULL;
}

/* Cells per bar: few bars are drawn broad, so that the strip keeps its length. */
static int bar_cells(const struct counts_answer *counts, int width)
{
    int cells = (int)(timeline_bars(width) / counts->bar_count);
    return cells < 1 ? 1 : cells;
}

bool timeline_time(const struct desk *d, struct rect r, int x, bool end, int64_t *out)
{
    const struct counts_answer *counts = counts_of(d);
    if (!counts || x < r.x + 1)
        return false;
    size_t bar = (size_t)((x - r.x - 1) / bar_cells(counts, r.width));
    if (bar >= counts->bar_count)
        return false;
    *out = counts->from + (int64_t)bar * counts->step + (end ? counts->step - TIME_SECOND : 0);
    return true;
}

static void draw_bars(const struct counts_answer *counts, struct canvas *c, struct rect r)
{
    static const char *const eighths[] = {"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    uint64_t most = 1;
    int cells = bar_cells(counts, r.width), room = (int)timeline_bars(r.width);
    for (size_t i = 0; i < counts->bar_count; i++)
        if (counts->bars[i] > most)
            most = counts->bars[i];
    for (size_t i = 0; i < counts->bar_count && (int)i * cells < room; i++) {
        int64_t begin = counts->from + (int64_t)i * counts->step;
        bool inside = begin <= counts->high && begin + counts->step > counts->low;
        /* Rounded up: one entry is always seen. */
        size_t level = (size_t)((counts->bars[i] * 8 + most - 1) / most);
        enum role role = counts->bars[i] == 0 ? ROLE_BORDER : inside ? ROLE_BAR : ROLE_BAR_OFF;
        for (int n = 0; n < cells; n++)
            canvas_word(c, r.x + 1 + (int)i * cells + n, r.y, 1, role, eighths[level]);
    }
}

static void draw_label(const struct counts_answer *counts, struct canvas *c, struct rect r)
{
    char low[TIME_TEXT_SIZE], high[TIME_TEXT_SIZE], step[16], text[160];
    const char *from = moment_text(low, counts->low, false);
    const char *to = moment_text(high, counts->high, false);
    bool wide = r.width >= WIDE;
    /* Minutes are enough, unless the window is short; of one day the date stands once. */
    int cut = counts->high - counts->low >= 10 * TIME_MINUTE ? 11 : 14;
    int once = strncmp(from, to, 6) == 0 ? 6 : 0;
    window_step_text(step, counts->step);
    snprintf(text, sizeof text, wide ? "%.*s ─── %.*s  %s/bar" : "%.*s─%.*s %s", cut, from,
             cut - once, to + once, step);
    canvas_right(c, r.x + r.width - 1 - label_width(r.width), r.y, label_width(r.width),
                 counts->windowed ? ROLE_ACCENT : ROLE_DIM, slice_of(text));
}

void timeline_draw(const struct desk *d, struct canvas *c, struct rect r)
{
    const struct counts_answer *counts = counts_of(d);
    if (!counts)
        return;
    draw_bars(counts, c, r);
    draw_label(counts, c, r);
}
