/* `scimscope verify`: checks the index. */
#include "tui/cli/commands.h"

static void verify_say(void *self, const char *line)
{
    struct cli *cli = self;
    cli_add_safe(cli, slice_of(line));
    cli_add(cli, SLICE("\n"));
}

static int verify_run(struct cli *cli)
{
    struct store *store;
    struct fault why;
    uint64_t faults = 0;
    if (cli->options.word_count)
        return cli_usage(cli, "verify takes no arguments");
    int code = cli_open_index(cli, STORE_READ, &store);
    if (code)
        return code;
    if (store_verify(store, verify_say, cli, &faults, &why))
        code = cli_fail(cli, store_path(store), &why);
    else if (faults)
        code = 1;
    else
        cli_note(cli, "%s: sound", store_path(store));
    store_close(store);
    return code;
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "",
    .summary = N_("check the index"),
    .help =
        N_("Checks SQLite's own integrity, the schema, and the counts against the rows. Prints one "
           "line per fault found; ends with 1 when there is one."),
    .run = verify_run,
};
