/* `scimscope help keys`: the keys of the explorer, from its one table of actions. */
#include "tui/cli/help.h"
#include "tui/screen/keymap.h"

int help_keys(struct cli *cli)
{
    struct keymap map;
    struct fault why;
    struct buf keys;
    if (keymap_load(&map, &why))
        return cli_fail(cli, "keys", &why);
    if (cli->settings.keys && keymap_lay_file(&map, cli->settings.keys, &why))
        return cli_fail(cli, NULL, &why);
    buf_init(&keys, 256);
    enum action_group group = GROUPS;
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        enum action action = (enum action)i;
        if (action_group(action) != group) {
            cli_add_format(cli, "%s%s\n", group == GROUPS ? "" : "\n",
                           action_group_title(action_group(action)));
            group = action_group(action);
        }
        buf_reset(&keys);
        keymap_keys_text(&map, action, true, &keys);
        cli_add(cli, SLICE("  "));
        cli_cell(&cli->out, buf_slice(&keys), 20, true);
        cli_cell(&cli->out, slice_of(action_name(action)), 16, true);
        cli_add_format(cli, "%s\n", action_help(action));
    }
    buf_free(&keys);
    return 0;
}
