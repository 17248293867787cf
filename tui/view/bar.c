/* The filter bar: its text, how many it selects, what is wrong with it and where. */
#include "tui/screen/layout.h"
#include "tui/view/pane.h"

#include <stdio.h>

enum { BAR_TEXT = 3 /* column of the text: " / " */ };

static void draw_counts(const struct desk *d, struct canvas *c, int x, int y, int width)
{
    char count[COUNT_SIZE], total[COUNT_SIZE], text[96];
    const struct answer *a = d->newest[ASK_ROWS];
    if (!a || a->bad) {
        canvas_right(c, x, y, width, ROLE_DIM, d->waiting[ASK_ROWS] ? SLICE("…") : SLICE(""));
        return;
    }
    int len = snprintf(text, sizeof text, _("%s of %s"), count_text(count, a->rows.count),
                       count_text(total, a->rows.total));
    /* Eight cells whatever it is: the counts do not move while one types. */
    if (a->rows.done < SCAN_DONE)
        snprintf(text + len, sizeof text - (size_t)len, " … %3u %%",
                 a->rows.done * 100 / SCAN_DONE);
    else if (d->waiting[ASK_ROWS])
        snprintf(text + len, sizeof text - (size_t)len, "       …");
    else if (a->took_us < TIME_SECOND)
        snprintf(text + len, sizeof text - (size_t)len, "  %3lld ms",
                 (long long)((a->took_us + 999) / 1000));
    else
        snprintf(text + len, sizeof text - (size_t)len, "  %4.1f s",
                 (double)a->took_us / TIME_SECOND);
    canvas_right(c, x, y, width, ROLE_DIM, slice_of(text));
}

/* The word that a fault's column (bytes from 1) points into. */
static void word_at(struct slice text, uint64_t column, size_t *from, size_t *to)
{
    *from = column > 0 && column <= text.len ? (size_t)column - 1 : text.len;
    *to = *from;
    while (*to < text.len && text.at[*to] != ' ')
        ++*to;
}

static void mark_fault(const struct prompt *p, const struct fault *fault, struct canvas *c,
                       struct rect r, int width)
{
    size_t from, to;
    word_at(buf_slice(&p->text), fault->column, &from, &to);
    int left = prompt_column(p, from), right = prompt_column(p, to);
    if (right <= left)
        right = left + 1;
    if (left < 0)
        left = 0;
    if (right > width)
        right = width;
    canvas_over(c, (struct rect){r.x + BAR_TEXT + left, r.y, right - left, 1}, ROLE_WRONG);
}

void bar_draw(const struct desk *d, struct prompt *prompt, bool active, const struct fault *fault,
              struct canvas *c, struct rect r)
{
    int counts = r.width >= 100 ? 34 : 28, width = r.width - BAR_TEXT - counts - 2;
    canvas_word(c, r.x + 1, r.y, 1, active ? ROLE_FOCUS : ROLE_KEY, "/");
    if (active)
        prompt_draw(prompt, c, r.x + BAR_TEXT, r.y, width, ROLE_INPUT, true);
    else if (d->text.len > 0)
        canvas_text(c, r.x + BAR_TEXT, r.y, width, ROLE_INPUT, buf_slice(&d->text));
    else
        canvas_word(c, r.x + BAR_TEXT, r.y, width, ROLE_DIM, "everything");
    if (active && fault)
        mark_fault(prompt, fault, c, r, width);
    draw_counts(d, c, r.x + r.width - 1 - counts, r.y, counts);
}

static void draw_wrapped(struct slice text, struct canvas *c, struct rect r)
{
    struct arena arena;
    struct text t;
    arena_init(&arena);
    text_init(&t, &arena, r.width);
    text_add(&t, ROLE_BAD, text);
    text_draw(&t, c, r, 0);
    text_free(&t);
    arena_free(&arena);
}

void bar_draw_fault(const struct prompt *prompt, const struct fault *fault, struct canvas *c,
                    struct rect r)
{
    size_t from, to;
    word_at(buf_slice(&prompt->text), fault->column, &from, &to);
    int x = r.x + BAR_TEXT + prompt_column(prompt, from), left = r.x + 1;
    int need = canvas_measure(slice_of(fault->text)), room = r.x + r.width - 1 - left;
    /* Under the word with an arrow where there is room; the word itself is marked anyway. */
    if (x >= left && x + 2 + need <= r.x + r.width - 1) {
        canvas_word(c, x, r.y, 1, ROLE_BAD, "↑");
        left = x + 2;
    } else if (need < room)
        left = r.x + r.width - 1 - need;
    else if (r.height > 1) {
        draw_wrapped(slice_of(fault->text), c, layout_inset(r, 1, 0));
        return;
    }
    canvas_word(c, left, r.y, r.x + r.width - 1 - left, ROLE_BAD, fault->text);
}
