/* Knows how argv, settings and environment become one running command. Nothing about what commands
 * do. */
#include "tui/cli/start.h"

#include "core/base/safe.h"
#include "core/base/time.h"
#include "tui/cli/command.h"
#include "tui/cli/help.h"
#include "tui/cli/stop.h"

#include <stdlib.h>
#include <unistd.h>

enum { START_OUT_LIMIT = 512 * 1024 * 1024 /* bytes that wait for stdout: more than any entry */ };

/* The command, or NULL when the first word is neither one nor something to import. */
static const struct command *start_choose(const char *word)
{
    const struct command *named = word ? command_named(word) : NULL;
    if (named)
        return named;
    if (!word || strcmp(word, "-") == 0 || access(word, F_OK) == 0)
        return &command_open;
    return NULL;
}

static int start_unknown(struct cli *cli, const char *word)
{
    char shown[120];
    const char *near = command_near(word);
    safe_short(shown, sizeof shown, slice_of(word));
    cli->command = &command_open;
    if (near)
        cli_say(cli, "%s is neither a command nor a file; did you mean %s?", shown, near);
    else
        cli_say(cli, "%s is neither a command nor a file; see scimscope help", shown);
    return fault_exit_code(FAULT_USAGE);
}

static enum fault_code start_zone_and_now(struct cli *cli, struct fault *why)
{
    const char *zone = options_value(&cli->options, "--tz");
    if (options_has(&cli->options, "--utc"))
        zone = "UTC";
    if (!zone)
        zone = cli->settings.zone ? cli->settings.zone : "local";
    enum fault_code code = time_use_zone(zone, why);
    const char *now = options_value(&cli->options, "--now");
    if (!now)
        now = getenv("SCIMSCOPE_NOW");
    if (code || !now || !*now)
        return code;
    int64_t moment;
    char shown[60];
    if (!time_parse(slice_of(now), &moment, NULL))
        return fault_set(why, FAULT_USAGE, "now: %s is no time like 2026-11-03T09:12:44Z",
                         safe_short(shown, sizeof shown, slice_of(now)));
    time_pin_now(moment);
    return FAULT_NONE;
}

/* What the locale asks for: LC_ALL, else LC_MESSAGES, else LANG. */
static const char *start_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "ja", 2) == 0 && (value[2] == '\0' || strchr("_.@", value[2]))
                       ? "ja"
                       : "en";
    }
    return "en";
}

static enum fault_code start_language(struct cli *cli, struct fault *why)
{
    static const char *const languages[] = {"en", "ja", NULL};
    static const char *const colours[] = {"auto", "always", "never", NULL};
    const char *colour;
    const char *otherwise = cli->settings.language ? cli->settings.language : start_locale();
    enum fault_code code =
        options_choice(&cli->options, "--lang", languages, otherwise, &cli->lang, why);
    return code ? code : options_choice(&cli->options, "--color", colours, "auto", &colour, why);
}

static int start_run(struct cli *cli, int argc, char **argv)
{
    struct fault why;
    if (options_parse(&cli->options, argc, argv, cli->command->options, &why))
        return cli_usage(cli, "%s", why.text);
    cli->quiet = options_has(&cli->options, "--quiet");
    cli->verbose = options_has(&cli->options, "--verbose");
    if (cli->command != &command_open)
        options_drop_word(&cli->options); /* the name itself is no word of the command */
    if (settings_load(&cli->settings, options_value(&cli->options, "--config"), &why))
        return cli_fail(cli, cli->settings.path, &why);
    if (start_language(cli, &why) || start_zone_and_now(cli, &why))
        return cli_fail(cli, NULL, &why);
    if (options_has(&cli->options, "--version"))
        return command_named("version")->run(cli);
    if (options_has(&cli->options, "--help"))
        return help_show(cli, cli->command);
    return cli->command->run(cli);
}

int cli_start(const struct importer *importer, int argc, char **argv)
{
    struct cli cli = {.importer = importer, .lang = "en"};
    buf_init(&cli.out, START_OUT_LIMIT);
    const char *word = options_first_word(argc, argv);
    cli.command = start_choose(word);
    int code = cli.command ? start_run(&cli, argc, argv) : start_unknown(&cli, word);
    code = cli_end(&cli, code);
    options_free(&cli.options);
    settings_free(&cli.settings);
    buf_free(&cli.out);
    return code;
}
