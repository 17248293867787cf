/* `scimscope themes`: the colour themes that are built in. */
#include "tui/cli/commands.h"
#include "tui/view/explorer.h"

static int themes_run(struct cli *cli)
{
    const char *const *names = explorer_themes();
    for (size_t i = 0; names[i]; i++)
        cli_add_format(cli, "%s\n", names[i]);
    return 0;
}

const struct command command_themes = {
    .name = "themes",
    .arguments = "",
    .summary = N_("the colour themes that are built in"),
    .help =
        N_("Prints one name per line. `theme: NAME` in the settings file chooses one; a path that "
           "ends in .yaml there is a theme of one's own. Without colours (NO_COLOR, --color never) "
           "the theme mono is used."),
    .run = themes_run,
};
