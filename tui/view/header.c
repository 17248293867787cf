/* The first line: which index, how much is in it, how far the import is. */
#include "tui/screen/layout.h"
#include "tui/view/pane.h"

#include <stdarg.h>
#include <stdio.h>

/* What most imports have room in: while they grow nothing behind them moves. */
enum { ENTRIES_DIGITS = 9, RATE_DIGITS = 7 };

static struct slice file_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slice_of(slash ? slash + 1 : path ? path : "");
}

/* A bar of eighths. */
static void gauge(struct canvas *c, int x, int y, int width, uint64_t done, uint64_t total)
{
    static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    uint64_t filled = total ? done * (uint64_t)width * 8 / total : 0;
    canvas_word(c, x, y, 1, ROLE_BORDER, "▕");
    for (int i = 0; i < width; i++) {
        uint64_t left = filled > (uint64_t)i * 8 ? filled - (uint64_t)i * 8 : 0;
        canvas_word(c, x + 1 + i, y, 1, ROLE_BAR, eighths[left > 8 ? 8 : left]);
    }
    canvas_word(c, x + 1 + width, y, 1, ROLE_BORDER, "▏");
}

/* A piece of what is told, when all of it has room. */
__attribute__((format(printf, 5, 6))) static void put(struct canvas *c, struct rect *r, bool wanted,
                                                      enum role role, const char *format, ...)
{
    char text[96];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, _(format), args);
    va_end(args);
    int need = canvas_measure(slice_of(text));
    if (!wanted || need > r->width)
        return;
    layout_left(r, canvas_text(c, r->x, r->y, r->width, role, slice_of(text)));
}

/* Narrow, how many entries is left out: the filter's line tells that as well. */
static void draw_progress(const struct desk *d, struct canvas *c, struct rect r)
{
    char entries[COUNT_SIZE], rate[COUNT_SIZE];
    uint64_t total = atomic_load(&d->progress->bytes_total);
    uint64_t done = atomic_load(&d->progress->bytes_done);
    int bar = r.width >= 90 ? 20 : 10;
    bool narrow = r.width < 60;
    put(c, &r, true, ROLE_ACCENT, N_("importing "));
    if (total > 0 && r.width > bar + 40) {
        gauge(c, r.x, r.y, bar, done < total ? done : total, total);
        layout_left(&r, bar + 2);
    }
    if (total > 0)
        put(c, &r, true, ROLE_STRONG, "%3u%% ",
            (unsigned)(done < total ? done * 100 / total : 100));
    put(c, &r, !narrow || total == 0, ROLE_TEXT, N_(" %*s entries"), ENTRIES_DIGITS,
        count_text(entries, atomic_load(&d->progress->entries)));
    put(c, &r, d->rate > 0, ROLE_DIM, N_("  %*s/s"), RATE_DIGITS, count_text(rate, d->rate));
    put(c, &r, d->left_s > 0, ROLE_DIM, N_("  %llu:%02llu left"),
        (unsigned long long)d->left_s / 60, (unsigned long long)d->left_s % 60);
}

/* How many problems wait for somebody; in one word where two have no room. */
static void draw_failing(const struct desk *d, int digits, struct canvas *c, int x, int y, int room)
{
    char number[COUNT_SIZE], text[COUNT_SIZE + 32];
    const struct answer *a = d->newest[ASK_COUNTS];
    if (!a || a->bad)
        return;
    uint64_t failing = a->counts.problems[PROBLEM_FAILING];
    snprintf(text, sizeof text,
             words_many("   %*s problem failing", "   %*s problems failing", failing), digits,
             count_text(number, failing));
    if (canvas_measure(slice_of(text)) > room)
        snprintf(text, sizeof text, _("   %*s failing"), digits, number);
    if (canvas_measure(slice_of(text)) <= room)
        canvas_word(c, x, y, room, failing ? ROLE_BAD : ROLE_GOOD, text);
}

/* No number has more digits than all entries: nothing moves while the smaller ones change. */
static void draw_counts(const struct desk *d, struct canvas *c, int x, int y, int room)
{
    char total[COUNT_SIZE], failures[COUNT_SIZE];
    const struct answer *a = d->newest[ASK_ROWS];
    if (!a || a->bad)
        return;
    int used =
        canvas_format(c, x, y, room, ROLE_TEXT, "%s entries", count_text(total, a->rows.total));
    int digits = (int)strlen(total);
    used += canvas_format(c, x + used, y, room - used, a->rows.failures ? ROLE_WARN : ROLE_GOOD,
                          "   %*s failures", digits, count_text(failures, a->rows.failures));
    draw_failing(d, digits, c, x + used, y, room - used);
}

/* The zone of every time on the screen; of the machine's own zone the offset says more. */
static void zone_text(char *out, size_t size)
{
    int east = time_zone_offset(time_now()), minutes = east < 0 ? -east : east;
    if (strcmp(time_zone_name(), "local") == 0)
        snprintf(out, size, _("local %c%02d:%02d"), east < 0 ? '-' : '+', minutes / 60 % 24,
                 minutes % 60);
    else
        snprintf(out, size, "%.40s", time_zone_name());
}

void header_draw(const struct desk *d, struct canvas *c, struct rect r)
{
    char right[96], zone[48], help[64] = "";
    struct buf keys;
    buf_init(&keys, sizeof help);
    keymap_keys_text(d->keys, ACTION_HELP, false, &keys);
    zone_text(zone, sizeof zone);
    snprintf(right, sizeof right, _("%s   %.20s help"), zone, keys.at ? keys.at : "");
    buf_free(&keys);
    int need = canvas_measure(slice_of(right)), x = r.x + 1;
    x += canvas_word(c, x, r.y, r.width - 2, ROLE_BRAND, "scimscope") + 2;
    int name_room = r.width > 60 ? 24 : 10;
    x += canvas_text(c, x, r.y, name_room, ROLE_DIM, file_name(d->index_path)) + 3;
    int room = r.x + r.width - need - 3 - x;
    if (room < 10)
        return;
    if (d->progress)
        draw_progress(d, c, (struct rect){x, r.y, room, 1});
    else
        draw_counts(d, c, x, r.y, room);
    canvas_word(c, r.x + r.width - 1 - need, r.y, need, ROLE_DIM, right);
}
