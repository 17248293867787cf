/* Marks, notes and states as the operator gives them: what they are about, what the keys do, how
 * they look in lists and panes. */
#ifndef TUI_VIEW_REMARK_H
#define TUI_VIEW_REMARK_H

#include "core/explain/problem.h"
#include "core/index/annotate.h"
#include "tui/screen/text.h"
#include "tui/view/desk.h"

struct remark_subject remark_of_entry(const struct entry *e);
struct remark_subject remark_of_problem(const struct problem *p);

/* Takes the mark away or sets it; the next of open, done, ignored. What is on the screen shows it
 * at once; it is written meanwhile. */
void remark_toggle_mark(struct desk *d, const struct remark_subject *subject);
void remark_next_work(struct desk *d, const struct remark_subject *subject);
/* What line_view asks next: the note; empty takes it away. */
void remark_ask_note(struct desk *d, const struct remark_subject *subject);

/* Two signs in two cells: how far the work is; marked or noted. */
enum { REMARK_WIDTH = 2 };
void remark_draw(struct canvas *c, int x, int y, struct slice mark, struct slice note,
                 struct slice work);
/* The same in words, a line each; nothing when there is none. */
void remark_write(struct text *t, struct slice mark, struct slice note, struct slice work);

#endif
