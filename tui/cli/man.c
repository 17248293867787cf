/* `scimscope help --man`: the man page, in roff and the language of the person, from the table of
 * commands, their tables of options and the table of the explorer's actions. */
#include "core/base/buf.h"
#include "tui/cli/commands.h"
#include "tui/cli/help.h"
#include "tui/screen/keymap.h"

#include <stdio.h>

static const struct {
    const char *code, *meaning;
} man_exit_codes[] = {
    {"0", N_("done, also when the answer is empty or a sound input holds no entry")},
    {"1", N_("verify or rules test found something, or the output could not be written")},
    {"2", N_("the command line or a filter is wrong")},
    {"3", N_("partly done: entries of this input are in the index, and something was not read")},
    {"4", N_("input refused, nothing of it stored")},
    {"5", N_("index refused: missing, not an index of this program, newer, damaged, not writable")},
    {"6",
     N_("memory, disk or write error; what was committed stays, the same command finishes it")},
    {"7", N_("index busy for ten seconds")},
    {"8", N_("settings or rule file wrong (file:line:column)")},
    {"70", N_("internal error")},
    {"129, 130, 143", N_("stopped by SIGHUP, SIGINT, SIGTERM; the index is consistent")},
    {"141", N_("the reader of stdout went away")},
    {NULL, NULL},
};

struct man_row {
    const char *name, *words;
};

static const struct man_row man_files[] = {
    {"$XDG_DATA_HOME/scimscope/index.db", N_("The index; beside it its key (.key).")},
    {"$XDG_CONFIG_HOME/scimscope/config.yaml", N_("The settings.")},
    {"$XDG_STATE_HOME/scimscope/",
     N_("Where the explorer was left, per index: filter, order, row.")},
    {NULL, NULL},
};

static const struct man_row man_variables[] = {
    {"SCIMSCOPE_DB", N_("The index.")},
    {"SCIMSCOPE_NOW", N_("The moment taken as now.")},
    {"LC_ALL, LC_MESSAGES, LANG, LANGUAGE", N_("The language, where nothing else names one.")},
    {"NO_COLOR", N_("No colours.")},
    {"COLORTERM", N_("With truecolor or 24bit: the terminal shows all colours.")},
    {NULL, NULL},
};

static void man_text(struct cli *cli, const char *text)
{
    if (*text == '.' || *text == '\'')
        cli_add(cli, SLICE("\\&"));
    for (; *text; text++) {
        if (*text == '\\')
            cli_add(cli, SLICE("\\e"));
        else if (*text == '-')
            cli_add(cli, SLICE("\\-"));
        else if (*text == '\n')
            cli_add(cli, SLICE("\n.PP\n"));
        else
            cli_add(cli, slice_make(text, 1));
    }
}

static void man_options(struct cli *cli, const struct option *table)
{
    for (; table && table->name; table++) {
        cli_add(cli, SLICE(".TP\n.B "));
        if (table->letter) {
            man_text(cli, table->letter);
            cli_add(cli, SLICE(", "));
        }
        man_text(cli, table->name);
        if (table->argument) {
            cli_add(cli, SLICE(" "));
            man_text(cli, table->argument);
        }
        cli_add(cli, SLICE("\n"));
        man_text(cli, _(table->help));
        cli_add(cli, SLICE("\n"));
    }
}

static void man_heading(struct cli *cli, const char *title)
{
    cli_add_format(cli, ".SH %s\n", _(title));
}

/* One thing in bold or italics, and what it is. */
static void man_item(struct cli *cli, const char *font, const char *name, const char *words)
{
    cli_add_format(cli, ".TP\n%s ", font);
    man_text(cli, name);
    cli_add(cli, SLICE("\n"));
    man_text(cli, _(words));
    cli_add(cli, SLICE("\n"));
}

static void man_commands(struct cli *cli)
{
    man_heading(cli, N_("COMMANDS"));
    for (size_t i = 0; commands[i]; i++) {
        cli_add_format(cli, ".SS %s ", commands[i]->name);
        man_text(cli, commands[i]->arguments);
        cli_add(cli, SLICE("\n"));
        man_text(cli, _(commands[i]->help));
        cli_add(cli, SLICE("\n"));
        man_options(cli, commands[i]->options);
    }
}

/* The actions that `?` lists in the explorer, by group, with the keys that come with the program:
 * the page is everybody's. */
static enum fault_code man_actions(struct cli *cli, struct fault *why)
{
    struct keymap map;
    struct buf keys;
    enum fault_code bad = keymap_load(&map, why);
    if (bad)
        return bad;
    buf_init(&keys, 256);
    man_heading(cli, N_("KEYS OF THE EXPLORER"));
    man_text(cli,
             _("Each key stands for an action. A YAML file of lines such as `down: [n, down]`, "
               "named by `keys:` in the settings, binds other keys."));
    cli_add(cli, SLICE("\n"));
    for (int group = 0; group < GROUPS; group++) {
        cli_add_format(cli, ".SS %s\n", action_group_title((enum action_group)group));
        for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
            enum action action = (enum action)i;
            if (action_group(action) != (enum action_group)group)
                continue;
            buf_reset(&keys);
            keymap_keys_text(&map, action, true, &keys);
            cli_add(cli, SLICE(".TP\n.BR \""));
            man_text(cli, keys.len ? keys.at : "-");
            cli_add(cli, SLICE("\" \"  ("));
            man_text(cli, action_name(action));
            cli_add(cli, SLICE(")\"\n"));
            man_text(cli, action_help(action));
            cli_add(cli, SLICE("\n"));
        }
    }
    buf_free(&keys);
    return FAULT_NONE;
}

int help_man(struct cli *cli)
{
    struct fault why;
    cli_add_format(cli, ".TH SCIMSCOPE 1 \"\" \"scimscope %s\" \"%s\"\n", SCIMSCOPE_VERSION,
                   _("User Commands"));
    cli_add(cli, SLICE(".ad l\n.nh\n")); /* Japanese cannot be adjusted, names not parted */
    man_heading(cli, N_("NAME"));
    cli_add_format(cli, "scimscope \\- %s\n", _("explore and explain SCIM provisioning failures"));
    man_heading(cli, N_("SYNOPSIS"));
    cli_add(cli, SLICE(".B scimscope\n[OPTIONS] [FILE...]\n.br\n.B scimscope\n"
                       "COMMAND [OPTIONS] [ARGUMENTS]\n"));
    man_heading(cli, N_("DESCRIPTION"));
    man_text(cli, _(command_open.help));
    cli_add(cli, SLICE("\n"));
    man_options(cli, command_open.options);
    man_commands(cli);
    if (man_actions(cli, &why))
        return cli_fail(cli, "keys", &why);
    man_heading(cli, N_("OPTIONS EVERYWHERE"));
    man_options(cli, option_globals);
    man_heading(cli, N_("EXIT STATUS"));
    for (size_t i = 0; man_exit_codes[i].code; i++)
        man_item(cli, ".B", man_exit_codes[i].code, man_exit_codes[i].meaning);
    man_heading(cli, N_("FILES"));
    for (size_t i = 0; man_files[i].name; i++)
        man_item(cli, ".I", man_files[i].name, man_files[i].words);
    man_heading(cli, N_("ENVIRONMENT"));
    for (size_t i = 0; man_variables[i].name; i++)
        man_item(cli, ".B", man_variables[i].name, man_variables[i].words);
    return 0;
}
