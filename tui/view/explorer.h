/* The explorer: what a person sees and types. `tui/main.c` calls it for the bare program and for
 * `demo`; it knows the core and the import door, and gives the terminal back on every exit. */
#ifndef TUI_VIEW_EXPLORER_H
#define TUI_VIEW_EXPLORER_H

#include "core/explain/rulebook.h"
#include "core/importer.h"

enum colour_choice {
    COLOUR_AUTO,   /* what the terminal can; none with NO_COLOR */
    COLOUR_ALWAYS, /* what the terminal can, NO_COLOR or not */
    COLOUR_NEVER   /* the mono theme */
};

/* All borrowed, for as long as explorer_run() runs. */
struct explorer_options {
    const char *db; /* path of the index; made when missing */
    /* The rule packs: called once, before anything is drawn, while the first question to the index
     * is being answered. 0, or an exit code after it said what is wrong. */
    int (*load_book)(void *self, const struct rulebook **out);
    void *self;
    const struct importer *importer;     /* may be NULL when nothing is imported */
    const struct import_options *import; /* for `files`; NULL: all defaults */
    const char *const *files;            /* imported inside, entries already browsable */
    size_t file_count;
    bool sample;          /* import the embedded samples/ too */
    const char *theme;    /* "dark", "light", "mono", ... or the path of a YAML file; NULL: dark */
    const char *settings; /* path of the file that keeps what is chosen; NULL: nowhere */
    const char *keys;     /* path of a YAML file laid over the embedded tui/keys.yaml, or NULL */
    enum colour_choice colour;
    const char *filter; /* what to begin with; NULL: where one was, or is:failure */
    bool linear;        /* line by line, for screen readers */
    bool clipboard;     /* texts may be sent to the terminal's clipboard */
    bool fresh;         /* do not go where one was when the explorer was left */
};

/* Opens the explorer on the controlling terminal (keys from stdin, or /dev/tty when stdin is none)
 * and returns when it is left: 0; the exit code of the import when one ran to its end; 128 + n
 * after signal n; that of `load_book`; else the code of `*why` (FAULT_CONFIG theme or keys,
 * FAULT_INDEX, FAULT_USAGE no usable terminal), whose sentence the caller prints. Main thread only;
 * time zone and `now` set. */
int explorer_run(const struct explorer_options *options, struct fault *why);

/* The names of the embedded themes, in order; NULL-ended. */
const char *const *explorer_themes(void);

#endif
