/* The timeline: how many entries of the selection when, the window bright, the rest quiet. */
#include "tui/view/pane.h"

#include "tui/screen/window.h"

#include <stdio.h>

enum { LABEL_WIDE = 42, LABEL_NARROW = 30, WIDE = 100 };

static int label_width(int width)
{
    return width >= WIDE ? LABEL_WIDE : LABEL_NARROW;
}

int timeline_rows(int height)
{
    enum { TALL = 20 };
    return height >= TALL ? 2 : 1;
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

static const char *const eighths[] = {"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

static uint64_t most_of(const uint64_t *bars, size_t count)
{
    uint64_t most = 1;
    for (size_t i = 0; i < count; i++)
        if (bars[i] > most)
            most = bars[i];
    return most;
}

/* Rounded up: one entry is always seen. */
static size_t level_of(uint64_t count, uint64_t most)
{
    return (size_t)((count * 8 + most - 1) / most);
}

/* Two lines: all traffic above, what is selected of it below. One line: what is selected, at least
 * two eighths high; one eighth, quiet, is traffic of which nothing is. */
static void draw_bars(const struct counts_answer *counts, struct canvas *c, struct rect r)
{
    int cells = bar_cells(counts, r.width), room = (int)timeline_bars(r.width);
    uint64_t most = most_of(counts->bars, counts->bar_count);
    uint64_t busiest = most_of(counts->traffic, counts->bar_count);
    for (size_t i = 0; i < counts->bar_count && (int)i * cells < room; i++) {
        int64_t begin = counts->from + (int64_t)i * counts->step;
        bool inside = begin <= counts->high && begin + counts->step > counts->low;
        size_t level = level_of(counts->bars[i], most);
        size_t all = level_of(counts->traffic[i], busiest);
        enum role role = counts->bars[i] == 0 ? ROLE_BORDER : inside ? ROLE_BAR : ROLE_BAR_OFF;
        int x = r.x + 1 + (int)i * cells, y = r.y + r.height - 1;
        if (r.height < 2)
            level = counts->bars[i] == 0 ? all > 0 : level < 2 ? 2 : level;
        for (int n = 0; n < cells; n++) {
            canvas_word(c, x + n, y, 1, role, eighths[level]);
            if (r.height >= 2)
                canvas_word(c, x + n, r.y, 1, all ? ROLE_BAR_OFF : ROLE_BORDER, eighths[all]);
        }
    }
}

/* The bars that a known outage lies in, where all traffic stands; whether there are any. */
static bool draw_outages(const struct answer *a, const struct counts_answer *counts,
                         struct canvas *c, struct rect r)
{
    bool any = false;
    int cells = bar_cells(counts, r.width), room = (int)timeline_bars(r.width);
    for (size_t f = 0; a && !a->bad && f < a->findings.count; f++) {
        const struct finding *found = &a->findings.rows[f];
        if (!slice_is(found->class_id, "pattern-outage-window") || found->first_us == TIME_NONE)
            continue;
        int64_t first = (found->first_us - counts->from) / counts->step;
        int64_t last = (found->last_us - counts->from) / counts->step;
        for (int64_t bar = first < 0 ? 0 : first;
             bar <= last && bar < (int64_t)counts->bar_count && bar * cells < room; bar++) {
            any = true;
            for (int n = 0; n < cells; n++)
                canvas_word(c, r.x + 1 + (int)bar * cells + n, r.y, 1, ROLE_BAD, "×");
        }
    }
    return any;
}

/* What the upper line shows. */
static void draw_legend(bool outages, struct canvas *c, struct rect r)
{
    bool wide = r.width >= WIDE;
    const char *text = outages ? (wide ? N_("all traffic above (× outage), selected below")
                                       : N_("all above (× outage)"))
                       : wide  ? N_("all traffic above, selected below")
                               : N_("all above, selected below");
    canvas_right(c, r.x + r.width - 1 - label_width(r.width), r.y, label_width(r.width), ROLE_DIM,
                 slice_of(_(text)));
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
    canvas_right(c, r.x + r.width - 1 - label_width(r.width), r.y + r.height - 1,
                 label_width(r.width), counts->windowed ? ROLE_ACCENT : ROLE_DIM, slice_of(text));
}

void timeline_draw(const struct desk *d, struct canvas *c, struct rect r)
{
    const struct counts_answer *counts = counts_of(d);
    if (!counts)
        return;
    draw_bars(counts, c, r);
    /* The Patterns view looks at more than the worker does in between. */
    bool outages = draw_outages(d->newest[ASK_OUTAGES], counts, c, r);
    outages = draw_outages(d->newest[ASK_FINDINGS], counts, c, r) || outages;
    if (r.height >= 2)
        draw_legend(outages, c, r);
    draw_label(counts, c, r);
}
