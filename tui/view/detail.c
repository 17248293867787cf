/* The detail view: all about the entry under the cursor of the list, with a cursor of its own whose
 * value `f` and `F` take over into the filter. Left and right go to the entries beside it. */
#include "tui/view/detail.h"

#include "tui/screen/layout.h"
#include "tui/view/remark.h"
#include "tui/view/view.h"

#include <stdio.h>

enum { JUMPS = 32 /* remembered */ };

struct detail {
    struct detail_page page;
    struct list lines;
    uint64_t ticket;  /* of the answer that `page` was written from; it borrows from it */
    int64_t entry;    /* that it tells of */
    uint64_t changed; /* desk->changed, as last written */
    int width, height;
    struct folds folds;
    bool refold;              /* `folds` has changed since the page was written */
    int64_t came_from[JUMPS]; /* entries that Enter left for others, the last one last */
    size_t jumps;
};

static void detail_close(struct view *v)
{
    struct detail *s = v->state;
    detail_free(&s->page);
}

/* Writes the page anew when entry or width changed; false when there is nothing to show yet. */
static bool detail_sync(struct view *v, int width)
{
    struct detail *s = v->state;
    const struct entry_answer *a = desk_entry(v->desk);
    if (!a)
        return false;
    uint64_t ticket = v->desk->newest[ASK_ENTRY]->ticket;
    /* The same entry asked for again (a remark was written): the cursor stays. */
    if (s->ticket != ticket || s->width != width || v->desk->changed != s->changed || s->refold) {
        if (s->entry != a->entry.id) {
            s->lines = (struct list){0};
            s->folds = (struct folds){.all = s->folds.all};
        }
        detail_write(&s->page, v->desk, a, &s->folds, width);
        s->refold = false;
        s->entry = a->entry.id;
        s->changed = v->desk->changed;
        s->ticket = ticket;
        s->width = width;
    }
    s->lines.count = detail_lines(&s->page);
    return true;
}

static void draw_title(const struct view *v, struct canvas *c, struct rect r)
{
    char at[COUNT_SIZE], count[COUNT_SIZE], right[96];
    const struct entry *e = desk_current(v->desk);
    struct arena arena;
    arena_init(&arena);
    canvas_line_across(c, r.x, r.y, r.width);
    snprintf(right, sizeof right, "%s/%s", count_text(at, v->desk->rows.cursor + 1),
             count_text(count, v->desk->rows.count));
    box_title(c, r.x, r.y, r.width, true, "Entry", right);
    if (e) {
        int x = r.x + 10;
        x += canvas_word(c, x, r.y, 1, ROLE_TITLE, " ");
        x += canvas_text(c, x, r.y, r.width - 34, ROLE_TITLE, entry_what(e, &arena));
        canvas_word(c, x, r.y, 1, ROLE_TITLE, " ");
    }
    arena_free(&arena);
}

/* The other entry that the line under the cursor names; 0: none. */
static int64_t named_entry(const struct view *v)
{
    const struct detail *s = v->state;
    const struct entry_answer *a = desk_entry(v->desk);
    enum filter_key key;
    struct slice value;
    int64_t id = 0;
    bool named = a && detail_value(&s->page, (size_t)s->lines.cursor, &key, &value) &&
                 key == FILTER_ID && slice_to_int64(value, &id) && id != a->entry.id;
    return named ? id : 0;
}

static void draw_foot(const struct view *v, struct canvas *c, struct rect r)
{
    const struct detail *s = v->state;
    enum filter_key key;
    struct slice value;
    if (v->desk->message[0]) {
        footer_draw(v->desk, NULL, 0, c, r);
        return;
    }
    int x = r.x + 1;
    x += canvas_word(c, x, r.y, r.width - 2, ROLE_FOOT,
                     "Esc back   ↑↓ scroll   ←→ entry before, after");
    if (named_entry(v))
        canvas_word(c, x + 3, r.y, r.width - x - 4, ROLE_KEY, "Enter to that entry");
    else if (s->jumps > 0)
        canvas_word(c, x + 3, r.y, r.width - x - 4, ROLE_KEY, "b back to the entry before");
    else if (detail_value(&s->page, (size_t)s->lines.cursor, &key, &value)) {
        canvas_format(c, x + 3, r.y, r.width - x - 4, ROLE_KEY, "f only, F without this %s",
                      filter_key_name(key));
    }
}

static void detail_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct detail *s = v->state;
    struct rect body = r, title = layout_top(&body, 1), foot = layout_bottom(&body, 1);
    body = layout_inset(body, 1, 0);
    s->height = body.height;
    draw_title(v, c, title);
    if (detail_sync(v, body.width - 1)) {
        list_keep(&s->lines, body.height);
        detail_draw_page(&s->page, c, body, (size_t)s->lines.top);
        canvas_over(
            c, (struct rect){body.x, body.y + (int)(s->lines.cursor - s->lines.top), body.width, 1},
            ROLE_CURSOR);
    } else {
        const struct answer *a = v->desk->newest[ASK_ENTRY];
        canvas_word(c, body.x + 1, body.y + 1, body.width - 2, a && a->bad ? ROLE_BAD : ROLE_DIM,
                    a && a->bad ? a->why.text : "…");
    }
    draw_foot(v, c, foot);
}

static enum outcome filter_value_at(struct view *v, bool exclude)
{
    struct detail *s = v->state;
    enum filter_key key;
    struct slice value;
    if (!detail_sync(v, s->width) ||
        !detail_value(&s->page, (size_t)s->lines.cursor, &key, &value)) {
        desk_say(v->desk, true, "there is no value in this line to filter by");
        return OUTCOME_REDRAW;
    }
    if (exclude)
        desk_exclude(v->desk, key, value);
    else
        desk_include(v->desk, key, value);
    return OUTCOME_CLOSE;
}

/* Goes to that entry; the filter names it, so that the list shows where one is. */
static bool follow(struct view *v)
{
    struct detail *s = v->state;
    const struct entry_answer *a = desk_entry(v->desk);
    char filter[32];
    struct fault why;
    int64_t id = named_entry(v);
    if (!id || s->jumps == JUMPS)
        return false;
    s->came_from[s->jumps] = a->entry.id;
    snprintf(filter, sizeof filter, "id:%lld", (long long)id);
    if (desk_use(v->desk, slice_of(filter), true, &why))
        return false;
    s->jumps++;
    return true;
}

static enum outcome detail_act(struct view *v, enum action action)
{
    struct detail *s = v->state;
    detail_sync(v, s->width > 0 ? s->width : 80);
    if (list_act(&s->lines, action, s->height))
        return OUTCOME_REDRAW;
    switch (action) {
    case ACTION_BACK:
    case ACTION_QUIT:
        return OUTCOME_CLOSE;
    case ACTION_OPEN:
        return follow(v) ? OUTCOME_REDRAW : OUTCOME_CLOSE;
    case ACTION_OLDER:
        if (s->jumps == 0 || !desk_return(v->desk, s->came_from[s->jumps - 1]))
            desk_say(v->desk, true, "there is no entry to go back to");
        else
            s->jumps--;
        return OUTCOME_REDRAW;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        list_act(&v->desk->rows, action == ACTION_LEFT ? ACTION_UP : ACTION_DOWN, v->desk->page);
        return OUTCOME_REDRAW;
    case ACTION_FOLD:
        s->refold = detail_fold(&s->page, (size_t)s->lines.cursor, &s->folds);
        if (!s->refold)
            desk_say(v->desk, true, "nothing begins in this line that could be folded");
        return OUTCOME_REDRAW;
    case ACTION_FOLD_ALL:
        s->folds = (struct folds){.all = !s->folds.all};
        s->refold = true;
        return OUTCOME_REDRAW;
    case ACTION_INCLUDE:
    case ACTION_EXCLUDE:
        return filter_value_at(v, action == ACTION_EXCLUDE);
    case ACTION_HELP:
        return OUTCOME_HELP;
    case ACTION_SUSPEND:
        return OUTCOME_SUSPEND;
    default:
        return OUTCOME_IGNORED;
    }
}

static enum outcome detail_mouse(struct view *v, const struct terminal_event *event)
{
    enum { WHEEL_ROWS = 3 };
    struct detail *s = v->state;
    if (event->mouse == MOUSE_UP || event->mouse == MOUSE_DOWN)
        list_scroll(&s->lines, event->mouse == MOUSE_UP ? -WHEEL_ROWS : WHEEL_ROWS, s->height);
    else if (event->mouse == MOUSE_PRESS)
        list_click(&s->lines, event->y - 1);
    return OUTCOME_REDRAW;
}

static struct remark_subject detail_subject(const struct view *v)
{
    const struct entry_answer *a = desk_entry(v->desk);
    return a ? remark_of_entry(&a->entry) : remark_of_entry(NULL);
}

const struct view_class detail_view = {
    .name = "detail",
    .state_size = sizeof(struct detail),
    .close = detail_close,
    .draw = detail_draw,
    .act = detail_act,
    .mouse = detail_mouse,
    .subject = detail_subject,
};
