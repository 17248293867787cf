/* `scimscope help`: the list of commands, help on one, the man page and the words for bash. All of
 * it comes from the table of commands and their tables of options. */
#include "tui/cli/help.h"

#include "core/base/safe.h"
#include "tui/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>

enum { HELP_WIDTH = 78, HELP_COLUMN = 24 };

static const struct {
    const char *code, *meaning;
} help_exit_codes[] = {
    {"0", "done, also when the answer is empty or a sound input holds no entry"},
    {"1", "verify or rules test found something, or the output could not be written"},
    {"2", "the command line or a filter is wrong"},
    {"3", "partly done: entries of this input are in the index, and something was not read"},
    {"4", "input refused, nothing of it stored"},
    {"5", "index refused: missing, not an index of this program, newer, damaged, not writable"},
    {"6", "memory, disk or write error; what was committed stays, the same command finishes it"},
    {"7", "index busy for ten seconds"},
    {"8", "settings or rule file wrong (file:line:column)"},
    {"70", "internal error"},
    {"129, 130, 143", "stopped by SIGHUP, SIGINT, SIGTERM; the index is consistent"},
    {"141", "the reader of stdout went away"},
    {NULL, NULL},
};

/* The program's own words, broken at blanks; the first line begins behind `used` columns. */
static void help_wrap(struct cli *cli, const char *text, size_t indent, size_t used)
{
    size_t column = used;
    struct slice rest = slice_of(text), word;
    bool begun = false;
    while (slice_cut(&rest, ' ', &word)) {
        if (begun && column + 1 + word.len > HELP_WIDTH) {
            cli_add_format(cli, "\n%*s", (int)indent, "");
            column = indent;
        } else if (begun) {
            cli_add(cli, SLICE(" "));
            column++;
        }
        cli_add(cli, word);
        column += word.len;
        begun = true;
    }
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
        help_wrap(cli, table->help, HELP_COLUMN, HELP_COLUMN);
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
    cli_add(cli, SLICE("scimscope explains SCIM provisioning failures found in logs and captures."
                       "\n\nusage: scimscope [OPTIONS] [FILE...]\n"
                       "       scimscope COMMAND [OPTIONS] [ARGUMENTS]\n\n"));
    help_paragraphs(cli, command_open.help);
    cli_add(cli, SLICE("\nCommands\n"));
    for (size_t i = 0; commands[i]; i++) {
        cli_add(cli, SLICE("  "));
        cli_cell(&cli->out, slice_of(commands[i]->name), HELP_COLUMN - 2, true);
        help_wrap(cli, commands[i]->summary, HELP_COLUMN, HELP_COLUMN);
    }
    cli_add(cli, SLICE("\nOptions everywhere\n"));
    help_options(cli, option_globals);
    cli_add(cli, SLICE("\nMore: scimscope help COMMAND, scimscope help keys\n"));
}

int help_show(struct cli *cli, const struct command *command)
{
    if (command == &command_open) {
        help_program(cli);
        return 0;
    }
    cli_add_format(cli, "scimscope %s: %s\n\nusage: scimscope %s%s%s%s\n\n", command->name,
                   command->summary, command->name, command->options ? " [OPTIONS]" : "",
                   command->arguments[0] ? " " : "", command->arguments);
    help_paragraphs(cli, command->help);
    if (command->options) {
        cli_add(cli, SLICE("\nOptions\n"));
        help_options(cli, command->options);
    }
    cli_add(cli, SLICE("\nOptions everywhere: scimscope help\n"));
    return 0;
}

/* --- man page --------------------------------------------------------------------------------- */

static void help_roff(struct cli *cli, const char *text)
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

static void help_roff_options(struct cli *cli, const struct option *table)
{
    for (; table && table->name; table++) {
        cli_add(cli, SLICE(".TP\n.B "));
        if (table->letter) {
            help_roff(cli, table->letter);
            cli_add(cli, SLICE(", "));
        }
        help_roff(cli, table->name);
        if (table->argument) {
            cli_add(cli, SLICE(" "));
            help_roff(cli, table->argument);
        }
        cli_add(cli, SLICE("\n"));
        help_roff(cli, table->help);
        cli_add(cli, SLICE(".\n"));
    }
}

static int help_man(struct cli *cli)
{
    cli_add_format(cli, ".TH SCIMSCOPE 1 \"\" \"scimscope %s\" \"User Commands\"\n",
                   SCIMSCOPE_VERSION);
    cli_add(cli, SLICE(".SH NAME\nscimscope \\- explore and explain SCIM provisioning failures\n"
                       ".SH SYNOPSIS\n.B scimscope\n[OPTIONS] [FILE...]\n.br\n.B scimscope\n"
                       "COMMAND [OPTIONS] [ARGUMENTS]\n.SH DESCRIPTION\n"));
    help_roff(cli, command_open.help);
    cli_add(cli, SLICE("\n.SH COMMANDS\n"));
    for (size_t i = 0; commands[i]; i++) {
        cli_add_format(cli, ".SS %s %s\n", commands[i]->name, commands[i]->arguments);
        help_roff(cli, commands[i]->help);
        cli_add(cli, SLICE("\n"));
        help_roff_options(cli, commands[i]->options);
    }
    cli_add(cli, SLICE(".SH OPTIONS EVERYWHERE\n"));
    help_roff_options(cli, option_globals);
    cli_add(cli, SLICE(".SH EXIT STATUS\n"));
    for (size_t i = 0; help_exit_codes[i].code; i++)
        cli_add_format(cli, ".TP\n.B %s\n%s.\n", help_exit_codes[i].code,
                       help_exit_codes[i].meaning);
    cli_add(
        cli,
        SLICE(".SH FILES\n.TP\n.I $XDG_DATA_HOME/scimscope/index.db\nThe index; beside it "
              "its key (.key).\n.TP\n.I $XDG_CONFIG_HOME/scimscope/config.yaml\n"
              "The settings.\n.TP\n.I $XDG_STATE_HOME/scimscope/\nWhere the explorer was left, per "
              "index: filter, order, row.\n.SH ENVIRONMENT\n.TP\n.B SCIMSCOPE_DB\nThe index.\n.TP\n"
              ".B SCIMSCOPE_NOW\nThe moment taken as now.\n.TP\n.B NO_COLOR\n"
              "No colours.\n"));
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
    {"--man", NULL, NULL, "print the man page (roff)"},
    {"--words", NULL, NULL, "print the words that a shell may complete, one line per command"},
    {NULL, NULL, NULL, NULL},
};

const struct command command_help = {
    .name = "help",
    .arguments = "[COMMAND|keys]",
    .summary = "this list, help on one command, or the keys of the explorer",
    .help = "Without an argument: the commands and the options that stand anywhere.",
    .options = help_option_table,
    .run = help_run,
};
