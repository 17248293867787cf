/* Writing what is selected into a file: a report, or a ticket for the vendor. Says before what will
 * be in it: how many entries, which columns, whether people stand in it by name. */
#include "core/report/report.h"
#include "tui/screen/files.h"
#include "tui/screen/job.h"
#include "tui/screen/layout.h"
#include "tui/view/pane.h"
#include "tui/view/path.h"
#include "tui/view/view.h"

#include <stdlib.h>

enum { WIDTH = 84, LINES = 12, LABEL = 13 };

struct writing {
    struct prompt line;
    bool ticket, pseudonymize, overwrite;
    bool begins; /* Enter: once it is known whether the file is there now */
};

static void begin(struct view *v, bool ticket)
{
    struct writing *s = v->state;
    prompt_init(&s->line);
    s->ticket = ticket;
    s->pseudonymize = ticket;
    prompt_set(&s->line, ticket ? SLICE("scimscope-ticket.md") : SLICE("scimscope-export.csv"));
}

static void export_open(struct view *v)
{
    begin(v, false);
}

static void ticket_open(struct view *v)
{
    begin(v, true);
}

static void writing_close(struct view *v)
{
    struct writing *s = v->state;
    prompt_free(&s->line);
}

static void row(struct text *t, const char *name, enum role role, const char *words)
{
    text_word(t, ROLE_DIM, name);
    text_indent(t, LABEL);
    text_column(t, LABEL);
    text_word(t, role, words);
}

static void write_columns(struct text *t)
{
    row(t, N_("columns"), ROLE_TEXT, "");
    for (size_t i = 0; entry_keys[i]; i++) {
        text_add(t, ROLE_TEXT, slice_of(entry_keys[i]));
        text_word(t, ROLE_TEXT, " ");
    }
    for (size_t i = 0; entry_remark_keys[i]; i++) {
        text_add(t, ROLE_ACCENT, slice_of(entry_remark_keys[i]));
        text_word(t, ROLE_TEXT, " ");
    }
    text_break(t);
}

static void write_format(const struct writing *s, struct text *t)
{
    const char *format = job_format_of(slice_trim(buf_slice(&s->line.text)));
    const struct report *report = format ? report_named(format) : NULL;
    row(t, N_("format"), report ? ROLE_STRONG : ROLE_BAD,
        report ? report->title : N_("the suffix tells it: .csv .json .ndjson .md .html"));
    text_break(t);
    if (report && !report->markup)
        write_columns(t);
    if (report && report->with_raw) {
        row(t, "", ROLE_DIM, N_("and the redacted record of each: it can be imported again"));
        text_break(t);
    }
}

static void write_preview(const struct view *v, struct text *t)
{
    const struct writing *s = v->state;
    const struct desk *d = v->desk;
    char count[COUNT_SIZE];
    row(t, N_("entries"), ROLE_STRONG, "");
    text_add(t, ROLE_STRONG, arena_copy(t->arena, slice_of(count_text(count, d->rows.count))));
    text_word(t, ROLE_TEXT, "   ");
    if (d->text.len > 0)
        text_add(t, ROLE_INPUT, buf_slice(&d->text));
    else
        text_word(t, ROLE_DIM, "everything");
    text_break(t);
    if (s->ticket) {
        row(t, N_("format"), ROLE_STRONG, N_("Markdown: problems, evidence, redacted records"));
        text_break(t);
        row(t, N_("people"), ROLE_GOOD, N_("under pseudonyms, always"));
        text_break(t);
        row(t, N_("before"), ROLE_TEXT,
            N_("it is searched once more for secrets and names; on a find nothing is written"));
        text_break(t);
        return;
    }
    write_format(s, t);
    row(t, N_("people"), s->pseudonymize ? ROLE_GOOD : ROLE_WARN,
        s->pseudonymize ? N_("under pseudonyms (Tab: by name)")
                        : N_("by name, as in the index (Tab: under pseudonyms)"));
    text_break(t);
}

static void writing_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct writing *s = v->state;
    struct arena arena;
    struct text t;
    int width = r.width - 4 < WIDTH ? r.width - 4 : WIDTH;
    struct rect frame = layout_middle(r, width, r.height - 4 < LINES ? r.height - 4 : LINES);
    if (width < 40 || frame.height < 6)
        return;
    struct rect inner = layout_inset(frame, 2, 1), line = layout_top(&inner, 2);
    canvas_fill(c, frame, ROLE_TEXT);
    canvas_box(c, frame);
    box_title(c, frame.x, frame.y, frame.width, true,
              s->ticket ? N_("Ticket for the vendor") : N_("Export"), NULL);
    canvas_word(c, frame.x + 2, frame.y + frame.height - 1, frame.width - 4, ROLE_DIM,
                s->overwrite ? N_(" this file exists: Enter again replaces it, Esc closes ")
                             : N_(" Enter write it  Esc close "));
    canvas_word(c, line.x, line.y, LABEL, ROLE_FOCUS, "file");
    prompt_draw(&s->line, c, line.x + LABEL, line.y, line.width - LABEL, ROLE_INPUT, true);
    arena_init(&arena);
    text_init(&t, &arena, inner.width);
    write_preview(v, &t);
    text_draw(&t, c, inner, 0);
    text_free(&t);
    arena_free(&arena);
}

static enum outcome start(struct view *v)
{
    struct writing *s = v->state;
    struct desk *d = v->desk;
    struct fault why;
    const struct paths_answer *known = path_known(d, &s->line);
    if (!known)
        return OUTCOME_REDRAW;
    s->begins = false;
    char *path = files_expand(slice_trim(buf_slice(&s->line.text)));
    struct job_report report = {.filter = buf_slice(&d->text),
                                .path = path,
                                .ticket = s->ticket,
                                .pseudonymize = s->pseudonymize};
    enum outcome outcome = OUTCOME_REDRAW;
    if (!s->overwrite && known->there) {
        s->overwrite = true;
        desk_say(d, true, "this file exists; Enter again replaces it");
    } else if (d->door.export(d->door.self, &report, &why))
        desk_say(d, true, "%s", why.text);
    else
        outcome = OUTCOME_CLOSE;
    free(path);
    return outcome;
}

static enum outcome writing_key(struct view *v, uint32_t key)
{
    struct writing *s = v->state;
    s->begins = false;
    if (key == KEY_TABULATOR && !s->ticket) {
        s->pseudonymize = !s->pseudonymize;
        return OUTCOME_REDRAW;
    }
    switch (prompt_key(&s->line, key)) {
    case PROMPT_DONE: /* it may have come since it was typed */
        s->begins = true;
        desk_ask_paths(v->desk, buf_slice(&s->line.text));
        break;
    case PROMPT_CANCELLED:
        return OUTCOME_CLOSE;
    case PROMPT_CHANGED:
        s->overwrite = false;
        break;
    case PROMPT_MOVED:
    case PROMPT_IGNORED:
        break;
    }
    return OUTCOME_REDRAW;
}

static enum outcome writing_answered(struct view *v, enum question_kind kind)
{
    const struct writing *s = v->state;
    return kind == ASK_PATHS && s->begins ? start(v) : OUTCOME_REDRAW;
}

static bool writing_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome writing_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class export_view = {
    .name = "export",
    .state_size = sizeof(struct writing),
    .floats = true,
    .open = export_open,
    .close = writing_close,
    .draw = writing_draw,
    .act = writing_act,
    .typing = writing_typing,
    .key = writing_key,
    .answered = writing_answered,
};

const struct view_class ticket_view = {
    .name = "ticket",
    .state_size = sizeof(struct writing),
    .floats = true,
    .open = ticket_open,
    .close = writing_close,
    .draw = writing_draw,
    .act = writing_act,
    .typing = writing_typing,
    .key = writing_key,
    .answered = writing_answered,
};
