/* The bare program: imports the FILEs, then opens the explorer or, where nobody can see or type,
 * prints the summary. */
#include "tui/cli/commands.h"
#include "tui/cli/importing.h"
#include "tui/cli/opener.h"
#include "tui/cli/summary.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool opener_can_explore(const struct cli *cli)
{
    if (!isatty(STDOUT_FILENO))
        return false;
    if (isatty(STDIN_FILENO))
        return true;
    for (size_t i = 0; i < cli->options.word_count; i++) {
        if (strcmp(cli->options.words[i], "-") != 0)
            continue;
        int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (fd >= 0)
            close(fd);
        return fd >= 0;
    }
    return false;
}

struct loading {
    struct cli *cli;
    struct rulebook *book;
};

static int load_book(void *self, const struct rulebook **out)
{
    struct loading *loading = self;
    int code = cli_load_rules(loading->cli, &loading->book);
    *out = loading->book;
    return code;
}

int opener_explore(struct cli *cli, const struct explorer_options *from)
{
    struct explorer_options options = *from;
    struct loading loading = {.cli = cli};
    struct fault why = {.code = FAULT_NONE};
    const char *colour = options_value(&cli->options, "--color");
    options.load_book = load_book;
    options.self = &loading;
    options.importer = cli->importer;
    options.theme = cli->settings.theme;
    options.keys = cli->settings.keys;
    options.settings = cli->settings.path;
    options.clipboard = cli->settings.clipboard;
    options.linear = options_has(&cli->options, "--screen-reader");
    if (colour && strcmp(colour, "always") == 0)
        options.colour = COLOUR_ALWAYS;
    else if (colour && strcmp(colour, "never") == 0)
        options.colour = COLOUR_NEVER;
    int code = explorer_run(&options, &why);
    rulebook_free(loading.book);
    return why.code ? cli_fail(cli, NULL, &why) : code;
}

static int open_explorer(struct cli *cli, const struct import_options *import)
{
    char *db = cli_index_path(cli, true);
    int code = opener_explore(
        cli, &(struct explorer_options){.db = db,
                                        .fresh = options_has(&cli->options, "--fresh"),
                                        .import = import,
                                        .files = cli->options.words,
                                        .file_count = cli->options.word_count});
    free(db);
    return code;
}

/* The summary of an index that may not be there yet. */
static int open_summary(struct cli *cli, const struct import_options *import)
{
    struct rulebook *book = NULL;
    struct store *store = NULL;
    char *db = cli_index_path(cli, cli->options.word_count > 0);
    int imported = 0;
    if (!cli->options.word_count && access(db, F_OK) != 0) {
        cli_note(cli, "no index yet: scimscope import FILE makes one");
        free(db);
        return 0;
    }
    int code = cli_load_rules(cli, &book);
    if (!code)
        code = cli->options.word_count ? cli_open_index(cli, STORE_CREATE, &store)
                                       : cli_open_entries(cli, book, &store);
    if (!code && cli->options.word_count)
        imported = importing_run(cli, store, book, cli->options.words, cli->options.word_count,
                                 import, IMPORTING_SILENT);
    if (!code)
        code = summary_print(cli, store, book);
    store_close(store);
    rulebook_free(book);
    free(db);
    return code ? code : imported;
}

static int open_run(struct cli *cli)
{
    struct import_options import;
    int code = importing_options(cli, &import);
    if (code)
        return code;
    return opener_can_explore(cli) ? open_explorer(cli, &import) : open_summary(cli, &import);
}

static const struct option open_options[] = {
    IMPORTING_OPTIONS,
    OPENER_OPTIONS,
    {"--fresh", NULL, NULL, N_("open on the failures, not where this index was left")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_open = {
    .name = NULL,
    .arguments = "[FILE...]",
    .summary = N_("import FILEs and open the explorer"),
    .help =
        N_("Without a command the FILEs (event logs, captures) are imported and the explorer "
           "opens on the failures: what went wrong, for whom, why, and what to do. Where stdout "
           "is no terminal a summary is printed instead: one line per source, then one line per "
           "class of failure with count, users, first, last, id and title."),
    .options = open_options,
    .run = open_run,
};
