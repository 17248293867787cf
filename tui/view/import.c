/* Importing from within: the path of a file or folder, with completion. The import runs beside the
 * explorer; the header tells how far it is. What is in a folder is asked for: a key that needs to
 * know waits for the answer, the screen does not. */
#include "tui/screen/files.h"
#include "tui/screen/layout.h"
#include "tui/view/pane.h"
#include "tui/view/path.h"
#include "tui/view/view.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 84, ROWS = 12 };

struct importing {
    struct prompt line;
    bool completes, begins; /* Tab, Enter: once it is known what is there */
};

static void import_open(struct view *v)
{
    struct importing *s = v->state;
    prompt_init(&s->line);
    desk_ask_paths(v->desk, SLICE(""));
}

static void import_close(struct view *v)
{
    struct importing *s = v->state;
    prompt_free(&s->line);
}

/* Those of the path before stay until the new ones are there: nothing flickers. */
static void draw_names(const struct view *v, struct canvas *c, struct rect r)
{
    const struct answer *a = v->desk->newest[ASK_PATHS];
    if (!a || a->bad)
        return;
    const struct paths_answer *known = &a->paths;
    if (known->count == 0)
        canvas_word(c, r.x, r.y, r.width, ROLE_DIM, "no file begins so");
    for (size_t i = 0; i < known->count && (int)i < r.height; i++) {
        bool last = (int)i == r.height - 1 && i + 1 < known->count;
        if (last)
            canvas_format(c, r.x, r.y + (int)i, r.width, ROLE_DIM, "and %zu more",
                          known->count - i + known->more);
        else
            canvas_text(c, r.x, r.y + (int)i, r.width, ROLE_TEXT, known->names[i]);
    }
}

static void import_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct importing *s = v->state;
    int width = r.width - 4 < WIDTH ? r.width - 4 : WIDTH;
    struct rect frame = layout_middle(r, width, r.height - 4 < ROWS + 4 ? r.height - 4 : ROWS + 4);
    if (width < 40 || frame.height < 6)
        return;
    struct rect inner = layout_inset(frame, 2, 1), line = layout_top(&inner, 2);
    canvas_fill(c, frame, ROLE_TEXT);
    canvas_box(c, frame);
    box_title(c, frame.x, frame.y, frame.width, true, N_("Import a file or folder"),
              v->desk->waiting[ASK_PATHS] ? "…" : NULL);
    canvas_word(c, frame.x + 2, frame.y + frame.height - 1, frame.width - 4, ROLE_DIM,
                " Tab completes  Enter import  Esc close ");
    prompt_draw(&s->line, c, line.x, line.y, line.width, ROLE_INPUT, true);
    draw_names(v, c, inner);
}

static enum outcome start(struct view *v)
{
    struct importing *s = v->state;
    struct fault why;
    struct slice path = slice_trim(buf_slice(&s->line.text));
    const struct paths_answer *known = path_known(v->desk, &s->line);
    if (!known)
        return OUTCOME_REDRAW;
    s->begins = false;
    if (known->unread) {
        desk_say(v->desk, true, "this cannot be read: %s", strerror(known->unread));
        return OUTCOME_REDRAW;
    }
    char *whole = files_expand(path);
    enum fault_code bad = v->desk->door.import(v->desk->door.self, whole, &why);
    free(whole);
    if (!bad)
        return OUTCOME_CLOSE;
    desk_say(v->desk, true, "%s", why.text);
    return OUTCOME_REDRAW;
}

static void complete(struct view *v)
{
    struct importing *s = v->state;
    const struct paths_answer *known = path_known(v->desk, &s->line);
    s->completes = !known;
    if (known && path_complete(&s->line, known))
        desk_ask_paths(v->desk, buf_slice(&s->line.text));
}

static enum outcome import_answered(struct view *v, enum question_kind kind)
{
    struct importing *s = v->state;
    if (kind != ASK_PATHS)
        return OUTCOME_REDRAW;
    if (s->completes)
        complete(v);
    return s->begins ? start(v) : OUTCOME_REDRAW;
}

static enum outcome import_key(struct view *v, uint32_t key)
{
    struct importing *s = v->state;
    s->begins = s->completes = false;
    if (key == KEY_TABULATOR) {
        complete(v);
        return OUTCOME_REDRAW;
    }
    switch (prompt_key(&s->line, key)) {
    case PROMPT_DONE:
        if (slice_trim(buf_slice(&s->line.text)).len == 0)
            return OUTCOME_CLOSE;
        s->begins = true;
        desk_ask_paths(v->desk, buf_slice(&s->line.text));
        break;
    case PROMPT_CANCELLED:
        return OUTCOME_CLOSE;
    case PROMPT_CHANGED:
        desk_ask_paths(v->desk, buf_slice(&s->line.text));
        break;
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return OUTCOME_REDRAW;
}

static bool import_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome import_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class import_view = {
    .name = "import",
    .state_size = sizeof(struct importing),
    .floats = true,
    .open = import_open,
    .close = import_close,
    .draw = import_draw,
    .act = import_act,
    .typing = import_typing,
    .key = import_key,
    .answered = import_answered,
};
