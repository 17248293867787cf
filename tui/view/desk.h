/* What all views share: the filter in force, the answers there are, the cursor. It asks through a
 * door and never waits; views draw whatever the desk has. Main thread only. */
#ifndef TUI_VIEW_DESK_H
#define TUI_VIEW_DESK_H

#include "core/index/annotate.h"
#include "tui/screen/answer.h"
#include "tui/screen/keymap.h"
#include "tui/screen/list.h"

enum { DESK_FILTERS = 100 /* remembered filters */, DESK_MESSAGE = 400 };

/* The views that take turns on the screen; the others lie over them. */
enum tab { TAB_ENTRIES, TAB_PROBLEMS, TAB_PATTERNS, TAB_SOURCES, TABS };

/* What a remark is about; slices are borrowed from the desk's answers. */
struct remark_subject {
    int64_t entry; /* 0: nothing */
    bool problem;  /* the problem of that entry */
    struct slice mark, note, work;
};

struct desk;
struct job_report;

/* What a line typed over a view is for. */
struct line_question {
    const char *title, *foot; /* in English; live as long as the program */
    struct slice text;        /* to begin with; borrowed until the line is open */
    bool (*done)(struct desk *d, struct slice text); /* false: said why, the line stays open */
};

struct desk_door {
    void *self;
    /* Takes the question over and returns its ticket, never 0. */
    uint64_t (*ask)(void *self, struct question *q);
    /* Begins to write a report or ticket; FAULT_USAGE for a path that no format fits. */
    enum fault_code (*export)(void *self, const struct job_report *what, struct fault *why);
    /* Begins to import a file or folder; FAULT_BUSY while an import runs. */
    enum fault_code (*import)(void *self, const char *path, struct fault *why);
    /* Shows and reads times in this zone from now on, and asks anew; FAULT_BUSY while an import or
     * export runs, whose times must not change under it. */
    enum fault_code (*zone)(void *self, const char *name, struct fault *why);
    /* Ends a running import after the batch at hand; false when none runs. */
    bool (*stop)(void *self);
    /* Begins to write a remark; a failure that shows later is said then. */
    enum fault_code (*annotate)(void *self, const struct annotation_change *change,
                                struct fault *why);
    /* Draws with this theme from now on; NULL: the one last kept. `keep`: in the settings, too. May
     * be NULL itself: there is nothing to choose. */
    enum fault_code (*theme)(void *self, const char *name, bool keep, struct fault *why);
    /* Puts a text, safe and not longer than CLIPBOARD_LIMIT, into the clipboard by way of the
     * terminal; FAULT_USAGE for a terminal that has none. NULL: not switched on. */
    enum fault_code (*clipboard)(void *self, struct slice text, struct fault *why);
};

struct view_class;

struct desk {
    struct desk_door door;
    const struct rulebook *book; /* NULL: classes are shown by id, without remedy */
    const struct keymap *keys;
    const char *index_path;

    struct buf text;       /* the filter in force */
    struct filter *filter; /* the same, parsed */
    struct arena arena;    /* holds `filter` */
    char *past[DESK_FILTERS];
    size_t past_count, past_at; /* past[past_at] is in force when past_count > 0 */
    char *put_away;             /* what `x` switched off, or NULL */
    enum order order;

    int64_t anchor, at_us;            /* entry or moment that the last question for rows wanted */
    struct answer *newest[ASK_KINDS]; /* NULL: none yet */
    uint64_t waiting[ASK_KINDS];      /* ticket that is waited for, 0: none */
    bool changes_name;                /* the question for names that is out changes one */
    bool entry_old;                   /* the index changed since newest[ASK_ENTRY] */
    bool coverage_quick;              /* ASK_COVERAGE was asked so last */
    bool known[ASK_KINDS];         /* what the tabs ask: newest or what is waited for is of now */
    enum action run;               /* what the palette chose, for OUTCOME_RUN */
    const struct view_class *over; /* what OUTCOME_OVER opens */
    uint64_t changed;              /* counts remarks that answers were made to show */
    char zone[48];                 /* the zone it began with; empty: never changed */
    enum filter_key values_of;     /* what values_view opens with */
    struct line_question line;     /* what line_view asks */
    struct remark_subject remark;  /* what the note being opened is about */
    enum tab tab;                  /* whose answers are asked for */
    int64_t wanted;                /* entry that a tab other than the entries asks for; 0: none */
    char *outages_of;              /* the scope that was last asked for outages; NULL: none yet */
    uint64_t outages_version;      /* of the index, then */
    struct rect tab_at[TABS];      /* where their names were drawn last */
    struct list rows;              /* over the selection */
    int page;                      /* visible rows, as last laid out */
    size_t bars;                   /* room for bars, as last laid out */

    const struct import_progress *progress; /* of a running import, or NULL */
    uint64_t rate;                          /* entries per second, as last measured */
    uint64_t left_s;                        /* seconds left at that rate; 0: not known */
    char message[DESK_MESSAGE];             /* shown until the next key */
    bool message_bad;
    char refused[DESK_MESSAGE]; /* what the last import did not take, or empty */
    const char *help_for;       /* name of the view that the help view lies over */
    const char *theme;          /* the theme that was last kept; NULL: none has a name */
    bool repaint; /* the terminal is to be drawn from nothing: something else wrote on it */
};

void desk_init(struct desk *d, const struct desk_door *door, const struct rulebook *book,
               const struct keymap *keys, const char *index_path);
void desk_free(struct desk *d);

/* Puts a filter in force and asks. `keep`: it becomes the newest of the remembered ones. The fault
 * of filter_parse, and nothing changed, when it is none. */
enum fault_code desk_use(struct desk *d, struct slice text, bool keep, struct fault *why);
/* Puts the cursor on an entry, if the selection holds it. */
void desk_go_to(struct desk *d, int64_t entry);
/* Puts it on the entry next to a moment: the newest not after it, or (oldest first) the oldest not
 * before it. */
void desk_go_to_time(struct desk *d, int64_t us);
/* The filter before / after in memory; false when there is none. */
bool desk_recall(struct desk *d, bool older);
/* The filter before with the cursor on this entry, where it still is. */
bool desk_return(struct desk *d, int64_t id);
/* All filters off, or on again. */
void desk_switch(struct desk *d);
/* The value chosen in, or taken out of, the filter: what facets do. SLICE_NONE is null. */
void desk_toggle(struct desk *d, enum filter_key key, struct slice value);
/* This value of the key only / none of it (or no longer so, when it was). */
void desk_include(struct desk *d, enum filter_key key, struct slice value);
void desk_exclude(struct desk *d, enum filter_key key, struct slice value);
/* How the filter speaks of a value: 1 chosen, -1 excluded, 0 not at all. */
int desk_stance(const struct desk *d, enum filter_key key, struct slice value);
/* A time window; both open (INT64_MIN, INT64_MAX): none. */
void desk_window(struct desk *d, int64_t low, int64_t high);

/* Asks everything anew, the cursor staying on its entry. */
void desk_refresh(struct desk *d);
/* The same after all questions that were out are lost; nothing that was known holds. */
void desk_ask_anew(struct desk *d);
/* Asks for what is on the screen but not there yet. After every key and drawing. */
void desk_settle(struct desk *d);
/* Asks for the values of a key of the filter; newest[ASK_VALUES] has them once nothing waits. */
void desk_ask_values(struct desk *d, enum filter_key key);
/* Asks what a path can be completed to, and whether it is there. */
void desk_ask_paths(struct desk *d, struct slice path);
/* Asks for the filters that have a name, after `name` (SLICE_NONE: none) was given to `filter` or,
 * when that is empty, taken away. False: the change before is still being written. */
bool desk_ask_named(struct desk *d, struct slice name, struct slice filter);
/* Keeps a text in the file of copies; the message says when it is there. */
void desk_ask_copy(struct desk *d, struct slice text);
/* Takes an answer over. */
void desk_take(struct desk *d, struct answer *a);
bool desk_waits(const struct desk *d);

/* A row of the selection, the row under the cursor; NULL: not there (yet). */
const struct entry *desk_row(const struct desk *d, uint64_t rank);
const struct entry *desk_current(const struct desk *d);
/* Everything about the row under the cursor, or the entry that the tab wants; NULL: not there
 * (yet). */
const struct entry_answer *desk_entry(const struct desk *d);

/* A class for people: its title, else its id. */
struct slice desk_class_title(const struct desk *d, struct slice class_id);
void desk_say(struct desk *d, bool bad, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
