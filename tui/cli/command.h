/* The commands: one file each, one row each in commands[]. What they share is here.
 *
 * Data goes to stdout by cli_add* and to stderr by cli_say; nothing that a log holds goes there but
 * through core/base/safe.h. A command returns the exit code of the program. */
#ifndef TUI_CLI_COMMAND_H
#define TUI_CLI_COMMAND_H

#include "core/base/words.h"
#include "core/explain/rulebook.h"
#include "core/importer.h"
#include "core/index/filter.h"
#include "core/index/store.h"
#include "tui/cli/options.h"
#include "tui/cli/settings.h"

#define SCIMSCOPE_VERSION "0.1.0"

struct cli {
    const struct importer *importer;
    const struct command *command;
    struct options options;
    struct settings settings;
    const char *lang; /* "en" or "ja" */
    bool quiet, verbose;
    struct buf out; /* on its way to stdout */
    int out_errno;  /* why stdout cannot be written, 0 = it can */
    size_t said;    /* bytes written to stderr */
};

struct command {
    const char *name;
    const char *arguments; /* "[FILTER...]", "" when it takes none */
    const char *summary;   /* one line for the list of commands */
    const char *help;      /* paragraphs for `help NAME` and the man page */
    const struct option *options;
    int (*run)(struct cli *cli);
};

extern const struct command *const commands[]; /* NULL-ended */
const struct command *command_named(const char *name);
/* The bare program: summary or explorer. No row of the table. */
extern const struct command command_open;
/* The nearest command to a misspelt one, or NULL. */
const char *command_near(const char *word);

/* --- stdout ----------------------------------------------------------------------------------- */

/* Append to stdout; false when it cannot be written any more (the command ends then). */
bool cli_add(struct cli *cli, struct slice bytes); /* the program's own or already safe text */
bool cli_add_format(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Log text in its safe form on one line / with its line breaks. SLICE_NONE adds nothing. */
bool cli_add_safe(struct cli *cli, struct slice text);
bool cli_add_body(struct cli *cli, struct slice text);
/* Log text in its safe form; on a terminal broken at its edge (at blanks, and between wide
 * characters) so that further lines begin at column `indent`, where the first one does already. */
bool cli_add_wrapped(struct cli *cli, struct slice text, size_t indent);
/* The same, whatever stdout is: lines of at most `width` cells, the first of which begins behind
 * `column` cells. */
bool cli_add_broken(struct cli *cli, struct slice text, size_t column, size_t indent, size_t width);
/* Writes what waits; true while stdout takes it. */
bool cli_flush(struct cli *cli);
/* Flushes and turns `code` into the exit code: 141 after a closed pipe, 1 when stdout could not be
 * written (said on stderr), else `code`. */
int cli_end(struct cli *cli, int code);

/* Columns of the terminal on stdout, 0 when it is none. */
size_t cli_width(void);
/* Appends `text` safe and cut or padded to `width` cells (padded only when `pad`), "~" marking a
 * cut. */
void cli_cell(struct buf *out, struct slice text, size_t width, bool pad);

/* --- stderr ----------------------------------------------------------------------------------- */

enum { CLI_SAID_LIMIT = 60 * 1024 /* bytes on stderr in all (DESIGN.md: under 64 KiB) */ };

/* `scimscope: ` and one line in the language of the person; made safe here. cli_note is silent with
 * --quiet. */
void cli_say(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_note(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Notes what an empty answer rests on: how many entries of which time were there, and whether their
 * sources show everything. Silent with --quiet and for an index without sources. */
void cli_note_coverage(struct cli *cli, struct store *store);
/* Says a fault (`about`: the file or thing it is about, or NULL) and returns its exit code. */
int cli_fail(struct cli *cli, const char *about, const struct fault *why);
/* The same for a wrong command line: adds how the command is used. Returns 2. */
int cli_usage(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- what most commands open ------------------------------------------------------------------ */

/* The path of the index; the caller frees it. `make`: missing folders of the default are made. */
char *cli_index_path(const struct cli *cli, bool make);
/* 0 or the exit code, the fault said. */
int cli_open_index(struct cli *cli, enum store_mode mode, struct store **out);
int cli_load_rules(struct cli *cli, struct rulebook **out);
/* Opens the index for reading its entries: when the rule packs are not those that its classes come
 * from, the classes are derived again first, or it is noted that the index cannot be written.
 * `book` (may be NULL): the rules when the command has them already. */
int cli_open_entries(struct cli *cli, const struct rulebook *book, struct store **out);
/* Derives the classes of an index that is open for writing again when the packs have changed;
 * `*stop` turning true ends it. Says how many entries changed. */
enum fault_code cli_reclassify(struct cli *cli, struct store *store, const struct rulebook *book,
                               const _Atomic bool *stop, struct fault *why);
/* Notes how many searches of the rules' patterns gave up at their limits, if any did. */
void cli_note_limits(struct cli *cli, const struct rulebook *book);
/* The filter that the words from `first` on make (all entries when there are none). */
int cli_read_filter(struct cli *cli, size_t first, struct arena *arena, struct filter **out);

#endif
