/* See speech.h. */
#include "tui/screen/speech.h"

#include "core/base/words.h"

#include <string.h>

enum { SIDE_UP = 1, SIDE_RIGHT = 2, SIDE_DOWN = 4, SIDE_LEFT = 8, BAR_ROW = 1 };

void speech_init(struct speech *s)
{
    struct buf *all[] = {&s->title, &s->bar, &s->row, &s->input, &s->message, &s->lines};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_init(all[i], SPEECH_LIMIT);
}

void speech_free(struct speech *s)
{
    struct buf *all[] = {&s->title, &s->bar, &s->row, &s->input, &s->message, &s->lines};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_free(all[i]);
}

/* --- what is drawn ---------------------------------------------------------------------------- */

/* Signs that only help the eye; each stands beside a word that says the same. */
static bool is_ornament(const struct cell *cell)
{
    static const char *const signs[] = {"▶", "●", "◐", "○", "✓", "✗", "↑", "↓", "←", "→", "›",
                                        "·", "▕", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█", "▁",
                                        "▂", "▃", "▄", "▅", "▆", "▇", "“", "”", "×"};
    if (cell->sides)
        return true;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(cell->text, signs[i]) == 0)
            return true;
    return false;
}

/* Appends the words of a part of a row, one blank between; of one role only unless ROLE_COUNT. */
static void add_words(const struct canvas *c, int y, int from, int to, enum role role,
                      struct buf *out)
{
    size_t begun = out->len;
    bool gap = false;
    for (int x = from; x < to; x++) {
        const struct cell *cell = canvas_at(c, x, y);
        if (!cell || cell->width == 0)
            continue;
        bool blank = cell->text[0] == '\0' || strcmp(cell->text, " ") == 0 || is_ornament(cell) ||
                     (role != ROLE_COUNT && cell->role != role);
        if (!blank && gap && out->len > begun)
            buf_add_byte(out, ' ');
        if (!blank)
            buf_add_text(out, cell->text);
        gap = blank;
    }
}

static bool is_line(const struct canvas *c, int x, int y)
{
    const struct cell *cell = canvas_at(c, x, y);
    return cell && (cell->sides & (SIDE_LEFT | SIDE_RIGHT));
}

/* The pane whose title has the role of focus: a box of its own before a line across. `title`
 * becomes the place of the title itself. */
struct pane {
    int x, y, to; /* of the title's words */
    struct rect inner;
    int left, right; /* of the line that the title stands in */
    bool box;
};

static int line_end(const struct canvas *c, int x, int y, int step)
{
    /* Titles interrupt the line: it goes on behind them. */
    int end = x;
    for (int at = x; at >= 0 && at < c->width; at += step)
        if (is_line(c, at, y))
            end = at;
    return end;
}

/* The corner of a box beside a title in its upper line, -1 when there is none. */
static int box_corner(const struct canvas *c, int x, int y, int step, unsigned char sides)
{
    for (int at = x; at >= 0 && at < c->width; at += step)
        if (canvas_at(c, at, y)->sides == sides)
            return at;
    return -1;
}

/* The lower line of a box whose sides nothing lies over, -1 when something does. */
static int box_bottom(const struct canvas *c, int left, int right, int y)
{
    for (int at = y + 1; at < c->height; at++) {
        unsigned char here = canvas_at(c, left, at)->sides, there = canvas_at(c, right, at)->sides;
        if (here == (SIDE_UP | SIDE_RIGHT) && there == (SIDE_UP | SIDE_LEFT))
            return at;
        if (!(here & SIDE_UP) || !(there & SIDE_UP))
            return -1;
    }
    return -1;
}

static void measure(const struct canvas *c, struct pane *p)
{
    int left = box_corner(c, p->x, p->y, -1, SIDE_RIGHT | SIDE_DOWN);
    int right = box_corner(c, p->x, p->y, 1, SIDE_LEFT | SIDE_DOWN);
    int bottom = left < 0 || right < 0 ? -1 : box_bottom(c, left, right, p->y);
    p->box = bottom >= 0;
    p->left = p->box ? left : line_end(c, p->x, p->y, -1);
    p->right = p->box ? right : line_end(c, p->x, p->y, 1);
    if (!p->box)
        for (bottom = p->y + 1; bottom < c->height - 1; bottom++)
            if (is_line(c, p->left, bottom) && is_line(c, p->right, bottom))
                break;
    int from = p->box ? p->left + 1 : 0, to = p->box ? p->right : c->width;
    p->inner = (struct rect){from, p->y + 1, to - from, bottom - p->y - 1};
}

/* Other titles may stand between it and the line. */
static bool is_title(const struct canvas *c, const struct pane *p)
{
    bool before = false, behind = false;
    for (int x = 0; x < p->x && !before; x++)
        before = is_line(c, x, p->y);
    for (int x = p->to; x < c->width && !behind; x++)
        behind = is_line(c, x, p->y);
    return before && behind;
}

static int area(const struct pane *p)
{
    return p->inner.width * p->inner.height;
}

/* A box lies over what has a line only, a small box over a large one. */
static bool find_pane(const struct canvas *c, struct pane *out)
{
    bool found = false;
    *out = (struct pane){0};
    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++) {
            struct pane pane = {.x = x, .y = y, .to = x};
            while (pane.to < c->width && canvas_at(c, pane.to, y)->role == ROLE_FOCUS)
                pane.to++;
            bool titles = pane.to > x && is_title(c, &pane);
            if (titles)
                measure(c, &pane);
            if (titles && (!found || (pane.box && (!out->box || area(&pane) < area(out))))) {
                *out = pane;
                found = true;
            }
            if (pane.to > x)
                x = pane.to;
        }
    return found;
}

/* What stands at the right end of the title's line: "3/27". */
static void add_place(const struct canvas *c, const struct pane *p, struct buf *out)
{
    int to = p->right;
    while (to > p->to && is_line(c, to - 1, p->y))
        to--;
    int from = to;
    while (from > p->to && !is_line(c, from - 1, p->y))
        from--;
    if (from > p->to)
        add_words(c, p->y, from, to, ROLE_DIM, out);
}

static int cursor_row(const struct canvas *c, struct rect r)
{
    for (int y = r.y; y < r.y + r.height; y++)
        for (int x = r.x; x < r.x + r.width; x++)
            if (canvas_at(c, x, y)->over == ROLE_CURSOR)
                return y;
    return -1;
}

/* --- what is new ------------------------------------------------------------------------------ */

/* Says a text when it is another one than was last said. Takes `now` over. */
static bool say(struct buf *said, struct buf *now, const char *before, struct buf *out)
{
    bool other = !slice_equal(buf_slice(said), buf_slice(now));
    if (other && now->len > 0) {
        buf_add_text(out, before);
        buf_add(out, buf_slice(now));
        buf_add_byte(out, '\n');
    }
    struct buf old = *said;
    *said = *now;
    *now = old;
    buf_reset(now);
    return other;
}

static bool holds_line(struct slice lines, struct slice wanted)
{
    struct slice line;
    while (slice_cut(&lines, '\n', &line))
        if (slice_equal(line, wanted))
            return true;
    return false;
}

/* A pane without a cursor is read from top to bottom; of one that scrolled, what has come. */
static void say_lines(struct speech *s, const struct canvas *c, struct rect r, bool all,
                      struct buf *out)
{
    struct buf now;
    buf_init(&now, SPEECH_LIMIT);
    for (int y = r.y; y < r.y + r.height; y++) {
        size_t from = now.len;
        add_words(c, y, r.x, r.x + r.width, ROLE_COUNT, &now);
        if (now.len == from)
            continue;
        struct slice line = slice_make(now.at + from, now.len - from);
        if (all || !holds_line(buf_slice(&s->lines), line)) {
            buf_add(out, line);
            buf_add_byte(out, '\n');
        }
        buf_add_byte(&now, '\n');
    }
    buf_free(&s->lines);
    s->lines = now;
}

/* Filter and count, without how long the answer took. */
static void hear_bar(const struct canvas *c, struct buf *now)
{
    add_words(c, BAR_ROW, 0, c->width, ROLE_COUNT, now);
    if (now->len < 3 || strcmp(now->at + now->len - 3, " ms") != 0)
        return;
    now->len -= 3;
    while (now->len > 0 && now->at[now->len - 1] != ' ')
        now->len--;
    while (now->len > 0 && now->at[now->len - 1] == ' ')
        now->len--;
    now->at[now->len] = '\0';
}

static void hear_message(const struct canvas *c, struct buf *now, const char **before)
{
    const struct cell *sign = canvas_at(c, 1, c->height - 1);
    *before = "";
    if (!sign || (strcmp(sign->text, "✗") != 0 && strcmp(sign->text, "✓") != 0))
        return;
    if (strcmp(sign->text, "✗") == 0)
        *before = _("Error: ");
    add_words(c, c->height - 1, 2, c->width, ROLE_COUNT, now);
}

static void hear_pane(struct speech *s, const struct canvas *c, struct buf *out)
{
    struct pane pane = {0};
    struct buf now, place;
    buf_init(&now, SPEECH_LIMIT);
    buf_init(&place, SPEECH_LIMIT);
    if (find_pane(c, &pane)) {
        add_words(c, pane.y, pane.x, pane.to, ROLE_COUNT, &now);
        bool other = say(&s->title, &now, "", out);
        int row = cursor_row(c, pane.inner);
        if (row >= 0) {
            if (other)
                buf_reset(&s->row);
            buf_reset(&s->lines);
            add_words(c, row, pane.inner.x, pane.inner.x + pane.inner.width, ROLE_COUNT, &now);
            add_place(c, &pane, &place);
            if (now.len > 0 && place.len > 0) {
                buf_add_text(&now, ", ");
                buf_add(&now, buf_slice(&place));
            }
            say(&s->row, &now, "", out);
        } else
            say_lines(s, c, pane.inner, other, out);
    }
    buf_free(&place);
    buf_free(&now);
}

void speech_hear(struct speech *s, const struct canvas *c, struct buf *out)
{
    const char *before;
    struct buf now;
    buf_init(&now, SPEECH_LIMIT);
    hear_message(c, &now, &before);
    say(&s->message, &now, before, out);
    hear_bar(c, &now);
    if (canvas_at(c, 2, 0) && canvas_at(c, 2, 0)->role == ROLE_BRAND)
        say(&s->bar, &now, "", out);
    buf_reset(&now);
    hear_pane(s, c, out);
    /* What is typed; of the filter, which the bar has said, what is wrong with it. */
    if (c->cursor_y == BAR_ROW)
        for (int line = 1; line <= 2; line++) { /* as many as it may be broken into */
            if (now.len > 0)
                buf_add_byte(&now, ' ');
            add_words(c, BAR_ROW + line, 0, c->width, ROLE_BAD, &now);
        }
    if (c->cursor_y == BAR_ROW && now.len == 0)
        buf_add_text(&now, _("Type a filter."));
    else if (c->cursor_y >= 0)
        add_words(c, c->cursor_y, 0, c->width, ROLE_COUNT, &now);
    say(&s->input, &now, "", out);
    buf_free(&now);
}
