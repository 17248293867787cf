/* See remark.h. */
#include "tui/view/remark.h"

#include "core/base/words.h"

struct remark_subject remark_of_entry(const struct entry *e)
{
    if (!e)
        return (struct remark_subject){0};
    return (struct remark_subject){e->id, false, e->mark, e->note, e->work};
}

struct remark_subject remark_of_problem(const struct problem *p)
{
    return (struct remark_subject){p->last_entry, true, p->mark, p->note, p->work};
}

/* --- what is on the screen already ------------------------------------------------------------ */

static void put(enum annotation what, struct slice value, struct slice *mark, struct slice *note,
                struct slice *work)
{
    *(what == ANNOTATION_MARK ? mark : what == ANNOTATION_NOTE ? note : work) = value;
}

/* The answers belong to the main thread: they may say at once what will be so. */
static void show_at_once(struct desk *d, const struct annotation_change *change)
{
    struct answer *rows = d->newest[ASK_ROWS], *one = d->newest[ASK_ENTRY];
    struct answer *problems = d->newest[ASK_PROBLEMS];
    struct slice value = change->value.len > 0 ? change->value : SLICE_NONE;
    d->changed++;
    for (size_t i = 0; !change->problem && rows && i < rows->rows.got; i++) {
        struct entry *e = &rows->rows.rows[i];
        if (e->id == change->entry)
            put(change->what, arena_copy(&rows->arena, value), &e->mark, &e->note, &e->work);
    }
    if (!change->problem && one && one->entry.entry.id == change->entry) {
        struct entry *e = &one->entry.entry;
        put(change->what, arena_copy(&one->arena, value), &e->mark, &e->note, &e->work);
    }
    for (size_t i = 0; change->problem && problems && i < problems->problems.count; i++) {
        struct problem *p = &problems->problems.rows[i];
        if (p->last_entry == change->entry)
            put(change->what, arena_copy(&problems->arena, value), &p->mark, &p->note, &p->work);
    }
}

static bool set(struct desk *d, const struct remark_subject *subject, enum annotation what,
                struct slice value)
{
    struct annotation_change change = {subject->entry, subject->problem, what, value};
    struct fault why;
    if (d->door.annotate(d->door.self, &change, &why)) {
        desk_say(d, true, "%s", why.text);
        return false;
    }
    show_at_once(d, &change);
    return true;
}

void remark_toggle_mark(struct desk *d, const struct remark_subject *subject)
{
    bool marked = !slice_is_none(subject->mark);
    if (set(d, subject, ANNOTATION_MARK, marked ? SLICE_NONE : SLICE(ANNOTATION_MARKED)))
        desk_say(d, false, marked ? N_("mark taken away") : N_("marked: mark:* finds it"));
}

static const char *const work_words[WORKS] = {N_("open again"), N_("done"), N_("ignored")};

void remark_next_work(struct desk *d, const struct remark_subject *subject)
{
    enum work next = (enum work)((work_named(subject->work) + 1) % WORKS);
    /* An entry may be open though its problem is not; a problem is, unless it is said. */
    const char *word = subject->problem && next == WORK_OPEN ? "" : work_name(next);
    if (set(d, subject, ANNOTATION_WORK, slice_of(word)))
        desk_say(d, false, N_("%s: work:%s finds it"), _(work_words[next]), work_name(next));
}

static bool keep_note(struct desk *d, struct slice note)
{
    if (set(d, &d->remark, ANNOTATION_NOTE, note))
        desk_say(d, false, note.len > 0 ? N_("noted: has:note finds it") : N_("note taken away"));
    return true;
}

void remark_ask_note(struct desk *d, const struct remark_subject *subject)
{
    d->remark = *subject;
    d->line = (struct line_question){.title = subject->problem ? N_("Note on this problem")
                                                               : N_("Note on this entry"),
                                     .foot = N_(" Enter keep  empty: take away  Esc as it was "),
                                     .text = subject->note,
                                     .done = keep_note};
    /* Answers go while one types. */
    d->remark.mark = d->remark.note = d->remark.work = SLICE_NONE;
}

/* --- how it looks ----------------------------------------------------------------------------- */

static const struct {
    const char *sign;
    enum role role;
} works[WORKS] = {{" ", ROLE_TEXT}, {"✓", ROLE_GOOD}, {"×", ROLE_DIM}};

void remark_draw(struct canvas *c, int x, int y, struct slice mark, struct slice note,
                 struct slice work)
{
    enum work how = work_named(work);
    canvas_word(c, x, y, 1, works[how].role, works[how].sign);
    if (!slice_is_none(mark))
        canvas_word(c, x + 1, y, 1, ROLE_ACCENT, "★");
    else if (!slice_is_none(note))
        canvas_word(c, x + 1, y, 1, ROLE_ACCENT, "≡");
}

void remark_write(struct text *t, struct slice mark, struct slice note, struct slice work)
{
    enum work how = work_named(work);
    if (how != WORK_OPEN) {
        text_word(t, works[how].role, works[how].sign);
        text_word(t, works[how].role, " ");
        text_word(t, works[how].role, work_words[how]);
        text_word(t, ROLE_DIM, "   set by you");
        text_break(t);
    }
    if (!slice_is_none(mark)) {
        text_word(t, ROLE_ACCENT, "★ ");
        text_add(t, ROLE_ACCENT, mark);
        text_break(t);
    }
    if (!slice_is_none(note)) {
        text_word(t, ROLE_ACCENT, "≡ ");
        text_indent(t, 2);
        text_add(t, ROLE_STRONG, note);
        text_break(t);
    }
}
