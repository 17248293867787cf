/* The list of entries: which columns have room, and what stands in them. */
#include "tui/view/pane.h"
#include "tui/view/remark.h"

#include <stdio.h>

/* Signs of what the operator has done stand before all columns. */
enum { ROW_START = REMARK_WIDTH + 1 };

/* Widths of the columns; 0: not shown. */
struct columns {
    int time, status, what, user, title, detail;
    bool year;
};

static struct columns columns_for(int width)
{
    struct columns w = {.time = 14, .status = 3};
    int rest = width - 1 - ROW_START - w.time - 1 - w.status - 1;
    if (width >= 96) {
        w.year = true;
        w.time = 19;
        rest -= 5;
    }
    if (rest < 30) {
        w.what = rest / 2;
        w.user = rest - w.what - 1;
    } else if (rest < 44) {
        w.what = 13;
        w.user = rest - w.what - 1;
    } else if (rest < 66) {
        w.what = 13;
        w.user = rest * 2 / 5 - 5;
        w.title = rest - w.what - w.user - 2;
    } else {
        w.what = 16;
        w.user = 26;
        w.title = rest < 100 ? rest - w.what - w.user - 2 : 36;
        w.detail = rest < 100 ? 0 : rest - w.what - w.user - w.title - 3;
    }
    return w;
}

bool rows_has(int width, enum column column)
{
    return column != COLUMN_CLASS || columns_for(width).title > 0;
}

const char *column_name(enum column column)
{
    static const char *const names[COLUMNS_KNOWN] = {N_("day"), N_("status"), N_("what"),
                                                     N_("user"), N_("class")};
    return column < COLUMNS_KNOWN ? _(names[column]) : "";
}

enum role status_role(int status)
{
    return status >= 500   ? ROLE_BAD
           : status >= 400 ? ROLE_WARN
           : status >= 300 ? ROLE_ACCENT
           : status >= 200 ? ROLE_GOOD
                           : ROLE_DIM;
}

const char *status_text(const struct entry *e, char out[16])
{
    static const char *const levels[] = {"·", "crt", "err", "wrn", "inf", "dbg"};
    if (e->status > 0)
        snprintf(out, 16, "%d", e->status);
    else
        snprintf(out, 16, "%s",
                 e->kind == KIND_EVENT && e->level <= LEVEL_VERBOSE ? levels[e->level] : "---");
    return out;
}

/* The part of a path that SCIM people talk about: from the endpoint on. */
static struct slice endpoint(struct slice path)
{
    size_t at = slice_find_fold(path, SLICE("/scim/"));
    struct slice rest = at == SIZE_MAX ? path : slice_from(path, at + 5);
    if (rest.len > 3 && (slice_starts_fold(rest, "/v1/") || slice_starts_fold(rest, "/v2/")))
        rest = slice_from(rest, 3);
    return rest.len > 1 ? rest : path;
}

struct slice entry_what(const struct entry *e, struct arena *arena)
{
    if (!slice_is_none(e->method)) {
        struct slice path = endpoint(e->path);
        return arena_format(arena, "%.*s %.*s", (int)slice_first(e->method, 16).len, e->method.at,
                            (int)slice_first(path, 512).len, path.len ? path.at : "");
    }
    if (e->kind == KIND_EVENT && e->event_id >= 0)
        return arena_format(arena, _("Event %lld"), (long long)e->event_id);
    return slice_of(kind_name(e->kind));
}

static void draw_entry(const struct desk *d, const struct entry *e, const struct columns *w,
                       struct canvas *c, struct rect r)
{
    char moment[TIME_TEXT_SIZE], status[16];
    struct arena arena;
    int x = r.x + ROW_START;
    bool settled = work_named(e->work) != WORK_OPEN;
    arena_init(&arena);
    remark_draw(c, r.x, r.y, e->mark, e->note, e->work);
    canvas_word(c, x, r.y, w->time, ROLE_DIM, moment_text(moment, e->time_us, w->year));
    x += w->time + 1;
    canvas_word(c, x, r.y, w->status,
                e->status == 0 && e->level != LEVEL_NONE && e->level <= LEVEL_WARNING
                    ? (e->level == LEVEL_WARNING ? ROLE_WARN : ROLE_BAD)
                    : status_role(e->status),
                status_text(e, status));
    x += w->status + 1;
    canvas_text(c, x, r.y, w->what, ROLE_TEXT, entry_what(e, &arena));
    x += w->what + 1;
    if (slice_is_none(e->user))
        canvas_word(c, x, r.y, w->user, ROLE_BORDER, "–");
    else
        canvas_text(c, x, r.y, w->user, settled ? ROLE_DIM : ROLE_TEXT, e->user);
    x += w->user + 1;
    if (w->title > 0)
        canvas_text(c, x, r.y, w->title, e->failure && !settled ? ROLE_TEXT : ROLE_DIM,
                    desk_class_title(d, e->class_id));
    x += w->title + 1;
    if (w->detail > 0)
        canvas_text(c, x, r.y, w->detail, ROLE_DIM, e->detail);
    arena_free(&arena);
}

struct rows_drawing {
    const struct desk *desk;
    struct columns widths;
};

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct rows_drawing *drawing = self;
    const struct entry *e = desk_row(drawing->desk, index);
    if (e)
        draw_entry(drawing->desk, e, &drawing->widths, c, r);
    else
        canvas_word(c, r.x + 1, r.y, r.width - 1, ROLE_DIM, "…");
}

static void mark_field(const struct columns *w, enum column column, struct canvas *c, struct rect r,
                       int line)
{
    const int widths[COLUMNS_KNOWN] = {w->time, w->status, w->what, w->user, w->title};
    int x = r.x + ROW_START;
    for (int i = 0; i < (int)column; i++)
        x += widths[i] + 1;
    if (column < COLUMNS_KNOWN && widths[column] > 0)
        canvas_over(c, (struct rect){x, r.y + line, widths[column], 1}, ROLE_FIELD);
}

void rows_draw(struct desk *d, enum column column, bool focused, struct canvas *c, struct rect r)
{
    struct rows_drawing drawing = {d, columns_for(r.width)};
    list_draw(&d->rows, c, r, focused, draw_row, &drawing);
    if (focused && d->rows.count > 0)
        mark_field(&drawing.widths, column, c, r, (int)(d->rows.cursor - d->rows.top));
}

bool column_value(const struct entry *e, enum column column, char day[16], enum filter_key *key,
                  struct slice *out)
{
    char text[TIME_TEXT_SIZE];
    switch (column) {
    case COLUMN_TIME:
        if (e->time_us == TIME_NONE)
            return false;
        *key = FILTER_TIME;
        snprintf(day, 16, "%.10s", time_local_text(text, e->time_us));
        *out = slice_of(day);
        return true;
    case COLUMN_STATUS:
        *key = e->status == 0 && e->level != LEVEL_NONE ? FILTER_LEVEL : FILTER_STATUS;
        snprintf(day, 16, "%d", e->status);
        *out = *key == FILTER_LEVEL ? slice_of(level_name(e->level))
               : e->status          ? slice_of(day)
                                    : SLICE_NONE;
        return true;
    case COLUMN_WHAT:
        *key = slice_is_none(e->path) && e->event_id >= 0 ? FILTER_EVENT : FILTER_PATH;
        snprintf(day, 16, "%lld", (long long)e->event_id);
        *out = *key == FILTER_EVENT ? slice_of(day) : e->path;
        return true;
    case COLUMN_USER:
        *key = FILTER_USER;
        *out = e->user;
        return true;
    case COLUMN_CLASS:
        *key = FILTER_CLASS;
        *out = e->class_id;
        return true;
    case COLUMNS_KNOWN:
        break;
    }
    return false;
}
