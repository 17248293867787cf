/* A view: what fills the screen and gets the keys. One file each, named in the list at the end. */
#ifndef TUI_VIEW_VIEW_H
#define TUI_VIEW_VIEW_H

#include "tui/screen/terminal.h"
#include "tui/view/desk.h"

enum outcome {
    OUTCOME_IGNORED,
    OUTCOME_REDRAW,
    OUTCOME_CLOSE,   /* this view is done */
    OUTCOME_ENTRIES, /* to the Entries view */
    OUTCOME_PASS,    /* to the Entries view, which does what was asked */
    OUTCOME_DETAIL,  /* open the detail view over this one */
    OUTCOME_HELP,    /* open the help view over this one */
    OUTCOME_OVER,    /* open desk->over over this one */
    OUTCOME_RUN,     /* close this view; the one beneath does desk->run */
    OUTCOME_SUSPEND,
    OUTCOME_QUIT
};

struct view {
    const struct view_class *kind;
    void *state; /* state_size bytes, zeroed before open() */
    struct desk *desk;
};

struct view_class {
    const char *name;
    size_t state_size;
    bool floats;                   /* drawn over the view beneath, which stays to be seen */
    void (*open)(struct view *v);  /* NULL: zeroed state is enough */
    void (*close)(struct view *v); /* gives back what the state holds; NULL: nothing */
    /* Draws all of `r` (blank before). May be called any number of times for one state. */
    void (*draw)(struct view *v, struct canvas *c, struct rect r);
    enum outcome (*act)(struct view *v, enum action action);
    /* True when keys are text for this view at the moment: key() gets them then. NULL: never. */
    bool (*typing)(const struct view *v);
    enum outcome (*key)(struct view *v, uint32_t key);
    enum outcome (*mouse)(struct view *v, const struct terminal_event *event); /* NULL: none */
    /* The desk has a new answer of that kind; those before it are gone. NULL: drawing looks at it.
     */
    enum outcome (*answered)(struct view *v, enum question_kind kind);
    /* What marks, notes and states are about, `entry` 0 for nothing. NULL: never anything. */
    struct remark_subject (*subject)(const struct view *v);
};

/* values.c, filters.c: what to open over a view, with the outcome that does it. */
enum outcome values_choose(struct desk *d, enum filter_key key);
enum outcome filters_ask_name(struct desk *d);

extern const struct view_class problems_view, patterns_view, sources_view, entries_view,
    detail_view, help_view, palette_view, themes_view, line_view, when_view, values_view,
    filters_view, export_view, ticket_view, copy_view, import_view;

#endif
