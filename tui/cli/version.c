/* `scimscope version`. */
#include "tui/cli/commands.h"

static int version_run(struct cli *cli)
{
    cli_add_format(cli, "scimscope %s\n", SCIMSCOPE_VERSION);
    return 0;
}

const struct command command_version = {
    .name = "version",
    .arguments = "",
    .summary = N_("the version"),
    .help = N_("Prints the program's name and version."),
    .run = version_run,
};
