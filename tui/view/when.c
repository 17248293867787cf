/* Choosing a time window: the usual ones by name, or any that is typed. And going to a moment. */
#include "tui/screen/window.h"
#include "tui/view/chooser.h"
#include "tui/view/entries.h"

#include <stdio.h>

enum { WIDTH = 64, PRESETS = 7, NAME_COLUMN = 30 };

/* What the usual windows are; `text` as one could type it. */
struct preset {
    const char *name;
    char text[24];
};

struct when {
    struct chooser chooser;
    struct preset presets[PRESETS];
    size_t found[PRESETS];
    size_t count;
};

static void day_text(char out[24], int64_t us)
{
    char text[TIME_TEXT_SIZE];
    snprintf(out, 24, "%.10s", time_local_text(text, us));
}

static void fill(struct when *s, const struct desk *d)
{
    const struct answer *a = d->newest[ASK_COUNTS];
    int64_t now = time_now(), newest = a && !a->bad ? a->counts.newest : TIME_NONE;
    static const struct preset spans[] = {{N_("last hour of the log"), "1h"},
                                          {N_("last 24 hours of the log"), "24h"},
                                          {N_("last 7 days of the log"), "7d"}};
    size_t n = 0;
    for (; n < sizeof spans / sizeof *spans; n++)
        s->presets[n] = spans[n];
    s->presets[n].name = N_("newest day of the log");
    if (newest == TIME_NONE)
        snprintf(s->presets[n++].text, sizeof s->presets->text, "24h");
    else
        day_text(s->presets[n++].text, newest);
    s->presets[n].name = N_("today");
    day_text(s->presets[n++].text, now);
    s->presets[n].name = N_("yesterday");
    /* Half a day before midnight: also where that day had 23 or 25 hours. */
    day_text(s->presets[n++].text, window_floor(now, TIME_DAY) - TIME_DAY / 2);
    s->presets[n].name = N_("whole log");
    snprintf(s->presets[n++].text, sizeof s->presets->text, "all");
}

/* 0: the name begins so; 1: it holds that; 2: neither. */
static int fit(const char *name, struct slice typed)
{
    struct slice text = slice_of(name);
    if (slice_equal_fold(slice_first(text, typed.len), typed))
        return 0;
    return slice_find_fold(text, typed) < text.len ? 1 : 2;
}

static void find(struct when *s)
{
    struct slice typed = chooser_typed(&s->chooser);
    s->count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < PRESETS; i++) {
            int english = fit(s->presets[i].name, typed), here = fit(_(s->presets[i].name), typed);
            if ((english < here ? english : here) == pass)
                s->found[s->count++] = i;
        }
    s->chooser.list = (struct list){.count = s->count};
}

static void when_open(struct view *v)
{
    struct when *s = v->state;
    chooser_init(&s->chooser);
    fill(s, v->desk);
    find(s);
}

static void when_close(struct view *v)
{
    struct when *s = v->state;
    chooser_free(&s->chooser);
}

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct when *s = self;
    const struct preset *preset = &s->presets[s->found[index]];
    canvas_word(c, r.x + 1, r.y, NAME_COLUMN - 1, ROLE_TEXT, preset->name);
    canvas_text(c, r.x + 1 + NAME_COLUMN, r.y, r.width - NAME_COLUMN - 2, ROLE_DIM,
                slice_of(preset->text));
}

static void when_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct when *s = v->state;
    struct chooser_look look = {.title = N_("Time window"),
                                .foot = N_(" 30m  2d  2026-11-01  2026-11-01 09:00..  A..B "),
                                .none = N_("Enter takes what is typed"),
                                .width = WIDTH,
                                .height = PRESETS + 3,
                                .row = draw_row,
                                .self = s};
    chooser_draw(&s->chooser, &look, c, r);
}

static enum outcome settle(struct view *v, enum chooser_verdict verdict)
{
    struct when *s = v->state;
    struct fault why;
    if (verdict == CHOOSER_CLOSED)
        return OUTCOME_CLOSE;
    if (verdict == CHOOSER_CHANGED)
        find(s);
    if (verdict != CHOOSER_CHOSEN)
        return OUTCOME_REDRAW;
    struct slice text = chooser_typed(&s->chooser);
    if (s->chooser.list.cursor < s->count)
        text = slice_of(s->presets[s->found[s->chooser.list.cursor]].text);
    if (!entries_use_time(v->desk, text, &why))
        return OUTCOME_CLOSE;
    desk_say(v->desk, true, "%s", why.text);
    return OUTCOME_REDRAW;
}

static enum outcome when_key(struct view *v, uint32_t key)
{
    struct when *s = v->state;
    return settle(v, chooser_key(&s->chooser, key));
}

static enum outcome when_mouse(struct view *v, const struct terminal_event *event)
{
    struct when *s = v->state;
    return settle(v, chooser_mouse(&s->chooser, event));
}

static bool when_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome when_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class when_view = {
    .name = "when",
    .state_size = sizeof(struct when),
    .floats = true,
    .open = when_open,
    .close = when_close,
    .draw = when_draw,
    .act = when_act,
    .typing = when_typing,
    .key = when_key,
    .mouse = when_mouse,
};

/* --- a moment --------------------------------------------------------------------------------- */

/* A day, a day with a time of day, or a time of the day that the cursor is in. */
static bool moment_of(const struct desk *d, struct slice text, int64_t *out)
{
    const struct entry *current = desk_current(d);
    char whole[64], now[TIME_TEXT_SIZE];
    if (time_parse(text, out, NULL))
        return true;
    snprintf(whole, sizeof whole, "%.*sT00:00", (int)slice_first(text, 40).len, text.at);
    if (time_parse(slice_of(whole), out, NULL))
        return true;
    if (!current || current->time_us == TIME_NONE)
        return false;
    time_local_text(now, current->time_us);
    snprintf(whole, sizeof whole, "%.10sT%.*s", now, (int)slice_first(text, 40).len, text.at);
    return time_parse(slice_of(whole), out, NULL);
}

static bool go_to(struct desk *d, struct slice text)
{
    int64_t moment;
    if (text.len == 0)
        return true;
    if (!moment_of(d, text, &moment)) {
        desk_say(d, true, "no moment like 2026-11-03 09:12 or 09:12");
        return false;
    }
    desk_go_to_time(d, moment);
    return true;
}

enum outcome when_ask_moment(struct desk *d)
{
    d->line = (struct line_question){.title = N_("Go to a moment"),
                                     .foot = N_(" 2026-11-03 09:12  09:12  2026-11-03 "),
                                     .text = SLICE_NONE,
                                     .done = go_to};
    d->over = &line_view;
    return OUTCOME_OVER;
}
