/* Importing from the command line: options, progress, what is said about each file. Used by the
 * commands `import` and `demo` and by the bare program. */
#ifndef TUI_CLI_IMPORTING_H
#define TUI_CLI_IMPORTING_H

#include "tui/cli/command.h"

enum importing_table {
    IMPORTING_SILENT, /* nothing on stdout */
    IMPORTING_LINES,  /* a heading and a tab-separated line per source */
    IMPORTING_NDJSON  /* an object per source */
};

enum { IMPORTING_DAMAGED_SAID = 20 /* damaged places said per file, then a count */ };

/* The options that the bare program shares with `import`. */
#define IMPORTING_OPTIONS                                                                          \
    {"--format", NULL, "NAME", N_("the format of the files, instead of finding it by content")},   \
        {"--all-traffic", NULL, NULL, N_("store calls that are not SCIM too, without a class")},   \
    {                                                                                              \
        "--label", NULL, "TEXT", N_("a label for these sources (filter key label)")                \
    }

/* Reads them; a fault is said and its exit code returned. */
int importing_options(struct cli *cli, struct import_options *out);

/* Imports `paths` and writes the table to stdout; what went wrong goes to stderr. Returns the exit
 * code. A signal ends it after the batch at hand. */
int importing_run(struct cli *cli, struct store *store, const struct rulebook *book,
                  const char *const *paths, size_t count, const struct import_options *options,
                  enum importing_table table);
/* The same for the embedded sample logs. */
int importing_run_samples(struct cli *cli, struct store *store, const struct rulebook *book);

#endif
