/* `scimscope import`: index files, directories and standard input. */
#include "tui/cli/commands.h"
#include "tui/cli/importing.h"

static int import_run(struct cli *cli)
{
    static const char *const tables[] = {"table", "ndjson", NULL};
    struct import_options options;
    const char *table;
    struct fault why;
    struct rulebook *book = NULL;
    struct store *store = NULL;
    int code = importing_options(cli, &options);
    if (code)
        return code;
    if (options_choice(&cli->options, "--summary", tables, "table", &table, &why))
        return cli_usage(cli, "%s", why.text);
    if (options.follow && options.dry_run)
        return cli_usage(cli, "--follow stores what it reads; it does not go with --dry-run");
    if (!cli->options.word_count)
        return cli_usage(cli, "import needs a file, a directory or - (standard input)");
    code = cli_load_rules(cli, &book);
    if (!code)
        code = cli_open_index(cli, STORE_CREATE, &store);
    if (!code)
        code = importing_run(cli, store, book, cli->options.words, cli->options.word_count,
                             &options, table == tables[0] ? IMPORTING_LINES : IMPORTING_NDJSON);
    store_close(store);
    rulebook_free(book);
    return code;
}

static const struct option import_options_table[] = {
    IMPORTING_OPTIONS,
    {"--follow", NULL, NULL, N_("go on with what is appended or dropped in, until interrupted")},
    {"--dry-run", NULL, NULL, N_("read and classify, store nothing")},
    {"--summary", NULL, "table|ndjson", N_("how to print what became of each source")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_import = {
    .name = "import",
    .arguments = "FILE|DIR|-...",
    .summary = N_("index files, whole directories or standard input"),
    .help = N_(
        "Reads each input, takes secrets out, explains its failures and stores the entries. The "
        "same entries again are found to be duplicates, so importing again adds nothing and "
        "finishes what was cut short.\n"
        "\n"
        "Prints a heading and one tab-separated line per source: SOURCE FORMAT ENTRIES NEW "
        "DUPLICATE DAMAGED OTHER (OTHER: exchanges that are no SCIM calls). Damaged places "
        "and refused files are named on stderr; every intact record is kept.\n"
        "\n"
        "--follow looks twice a second for files that are new or have changed, and reads them once "
        "they rest; the explorer and other commands can be used beside it. What stands in a line "
        "of a log or table that has no end yet waits for it, for half a minute at most. Ctrl-C "
        "ends it."),
    .options = import_options_table,
    .run = import_run,
};
