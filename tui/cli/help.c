/* `scimscope help`: the list of commands, help on one, and the words for bash. All of it comes from
 * the table of commands and their tables of options. */
#include "tui/cli/help.h"

#include "core/base/safe.h"
#include "tui/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>

enum { HELP_WIDTH = 78, HELP_COLUMN = 24 };

/* The program's own words; the first line begins behind `used` columns. */
static void help_wrap(struct cli *cli, const char *text, size_t indent, size_t used)
{
    cli_add_broken(cli, slice_of(text), used, indent, HELP_WIDTH);
    cli_add(cli, SLICE("\n"));
}

static void help_options(struct cli *cli, const struct option *table)
{
    for (; table && table->name; table++) {
        char left[60];
        int length = snprintf(left, sizeof left, "  %s%s%s%s%s", table->letter ? table->letter : "",
                              table->letter ? ", " : "", table->name, table->argument ? " " : "",
                              table->argument ? table->argument : "");
        size_t used = length < 0 ? 0 : (size_t)length;
        cli_add(cli, slice_of(left));
        if (used + 2 > HELP_COLUMN) {
            cli_add_format(cli, "\n%*s", HELP_COLUMN, "");
        } else {
            cli_add_format(cli, "%*s", (int)(HELP_COLUMN - used), "");
        }
        help_wrap(cli, _(table->help), HELP_COLUMN, HELP_COLUMN);
    }
}

static void help_paragraphs(struct cli *cli, const char *text)
{
    struct slice rest = slice_of(text), line;
    while (slice_cut(&rest, '\n', &line)) {
        char *copy = slice_dup(line);
        help_wrap(cli, copy, 0, 0);
        free(copy);
    }
}

static void help_program(struct cli *cli)
{
    help_wrap(cli, _("scimscope explains SCIM provisioning failures found in logs and captures."),
              0, 0);
    cli_add(cli, slice_of(_("\nusage: scimscope [OPTIONS] [FILE...]\n"
                            "       scimscope COMMAND [OPTIONS] [ARGUMENTS]\n\n")));
    help_paragraphs(cli, _(command_open.help));
    cli_add(cli, slice_of(_("\nCommands\n")));
    for (size_t i = 0; commands[i]; i++) {
        cli_add(cli, SLICE("  "));
        cli_cell(&cli->out, slice_of(commands[i]->name), HELP_COLUMN - 2, true);
        help_wrap(cli, _(commands[i]->summary), HELP_COLUMN, HELP_COLUMN);
    }
    cli_add(cli, slice_of(_("\nOptions everywhere\n")));
    help_options(cli, option_globals);
    cli_add(cli, slice_of(_("\nMore: scimscope help COMMAND, scimscope help keys\n")));
}

int help_show(struct cli *cli, const struct command *command)
{
    if (command == &command_open) {
        help_program(cli);
        return 0;
    }
    cli_add_format(cli, _("scimscope %s: %s\n\nusage: scimscope %s%s%s%s\n\n"), command->name,
                   _(command->summary), command->name, command->options ? " [OPTIONS]" : "",
                   command->arguments[0] ? " " : "", command->arguments);
    help_paragraphs(cli, _(command->help));
    if (command->options) {
        cli_add(cli, slice_of(_("\nOptions\n")));
        help_options(cli, command->options);
    }
    cli_add(cli, slice_of(_("\nOptions everywhere: scimscope help\n")));
    return 0;
}

/* Words for bash: one line per command, `NAME OPTION...`, the first line for the bare program. */
static int help_words(struct cli *cli)
{
    cli_add(cli, SLICE("-"));
    for (const struct option *o = option_globals; o->name; o++)
        cli_add_format(cli, " %s", o->name);
    for (size_t i = 0; commands[i]; i++) {
        cli_add_format(cli, "\n%s", commands[i]->name);
        for (const struct option *o = commands[i]->options; o && o->name; o++)
            cli_add_format(cli, " %s", o->name);
    }
    cli_add(cli, SLICE("\n"));
    return 0;
}

static int help_run(struct cli *cli)
{
    if (options_has(&cli->options, "--man"))
        return help_man(cli);
    if (options_has(&cli->options, "--words"))
        return help_words(cli);
    if (cli->options.word_count > 1)
        return cli_usage(cli, "help takes the name of one command");
    if (cli->options.word_count == 0)
        return help_show(cli, &command_open);
    const char *name = cli->options.words[0];
    const struct command *command = command_named(name);
    if (command)
        return help_show(cli, command);
    if (strcmp(name, "keys") == 0)
        return help_keys(cli);
    char shown[60];
    safe_short(shown, sizeof shown, slice_of(name));
    const char *near = command_near(name);
    if (near)
        return cli_usage(cli, "%s is no command; did you mean %s?", shown, near);
    return cli_usage(cli, "%s is no command", shown);
}

static const struct option help_option_table[] = {
    {"--man", NULL, NULL, N_("print the man page (roff)")},
    {"--words", NULL, NULL, N_("print the words that a shell may complete, one line per command")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_help = {
    .name = "help",
    .arguments = "[COMMAND|keys]",
    .summary = N_("this list, help on one command, or the keys of the explorer"),
    .help = N_("Without an argument: the commands and the options that stand anywhere."),
    .options = help_option_table,
    .run = help_run,
};
