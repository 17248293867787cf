/* The panes of the Entries view: each draws one part of what the desk has. None keeps the desk's
 * answers longer than a call. */
#ifndef TUI_VIEW_PANE_H
#define TUI_VIEW_PANE_H

#include "core/base/words.h"
#include "tui/screen/prompt.h"
#include "tui/screen/text.h"
#include "tui/view/desk.h"

/* header.c: name, index, counts or the import's progress; zone and help. One line. */
void header_draw(const struct desk *d, struct canvas *c, struct rect r);
/* footer.c: the last message, else what keys do. One line. */
struct hint {
    enum action action;
    const char *word;
};
void footer_draw(const struct desk *d, const struct hint *hints, size_t count, struct canvas *c,
                 struct rect r);

/* tabs.c: the views by number as the title of a pane `width` wide, the one at hand standing out;
 * only its name where there is no room for all. `right` as in box_title. */
void tabs_draw(struct desk *d, struct canvas *c, int x, int y, int width, bool focused,
               const char *right);
/* The tab drawn at a place, that an action turns to; TABS: none. */
enum tab tabs_at(const struct desk *d, int x, int y);
enum tab tab_of_action(enum action action);

/* bar.c: the filter bar. `fault` (or NULL) is drawn under the word it is about, in the line below.
 */
void bar_draw(const struct desk *d, struct prompt *prompt, bool active, const struct fault *fault,
              struct canvas *c, struct rect r);
void bar_draw_fault(const struct prompt *prompt, const struct fault *fault, struct canvas *c,
                    struct rect r);

/* timeline.c: bars with their range; as many lines as timeline_rows() of a screen's height. */
int timeline_rows(int height);
void timeline_draw(const struct desk *d, struct canvas *c, struct rect r);
/* How many bars have room in a line of that width. */
size_t timeline_bars(int width);
/* The time that a column of `r` stands for; false outside the bars. `end`: the last moment. */
bool timeline_time(const struct desk *d, struct rect r, int x, bool end, int64_t *out);

/* facets.c: values with counts; `key` is FILTER_CLASS or FILTER_USER. */
void facet_draw(const struct desk *d, enum filter_key key, struct list *list, bool focused,
                struct canvas *c, struct rect r);
size_t facet_count(const struct desk *d, enum filter_key key);
/* The value of a row; false when there is no such row. */
bool facet_value(const struct desk *d, enum filter_key key, uint64_t row, struct slice *out);

/* rows.c: the entries. Columns that `f` acts on, from left to right. */
enum column { COLUMN_TIME, COLUMN_STATUS, COLUMN_WHAT, COLUMN_USER, COLUMN_CLASS, COLUMNS_KNOWN };
void rows_draw(struct desk *d, enum column column, bool focused, struct canvas *c, struct rect r);
/* Whether a list of that width shows the column. */
bool rows_has(int width, enum column column);
const char *column_name(enum column column);
/* What to filter by for a column of an entry; false when there is nothing. `day` holds the text of
 * a time column. */
bool column_value(const struct entry *e, enum column column, char day[16], enum filter_key *key,
                  struct slice *out);
enum role status_role(int status);
/* The status for people: "409", or what stands for a missing one. */
const char *status_text(const struct entry *e, char out[16]);
/* "POST /Users", "Event 12808": what the entry is, in the arena. */
struct slice entry_what(const struct entry *e, struct arena *arena);

/* remedy.c, the same of a class: cause, steps, retry, sources. */
void remedy_write_rule(const struct rule *rule, const struct entry_answer *a, struct text *t);
/* title, why, what to do, evidence, retry, sources of the entry under the cursor. */
void remedy_write(const struct desk *d, const struct entry_answer *a, struct text *t);

/* In a pane as low as this the first steps are worth more than empty lines. */
enum { REMEDY_TIGHT = 14 };

/* How the evidence of that verdict is signed: "● ", "shown  ". */
struct verdict_look {
    const char *mark, *word;
    enum role role;
};
const struct verdict_look *verdict_look(enum evidence_verdict verdict);

/* empty.c: what to say when there are no rows; writes nothing when there are. */
bool empty_write(const struct desk *d, struct text *t);
/* What an answer of nothing rests on, once the sources are known: entries, time, what is lacking.
 */
void empty_write_coverage(const struct desk *d, struct text *t);

/* text_json.c: pretty JSON with roles; anything else as it is. */
void json_write(struct text *t, struct slice pretty);

/* format.c */
enum { COUNT_SIZE = 32 };
const char *count_text(char out[COUNT_SIZE], uint64_t count); /* 12,408 */
/* `MM-DD HH:MM:SS`, or with the year; "no time" without one. */
const char *moment_text(char out[TIME_TEXT_SIZE], int64_t us, bool year);
/* A box with a title in its upper line. */
void box_title(struct canvas *c, int x, int y, int width, bool focused, const char *title,
               const char *right);

#endif
