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

static const char *const start_languages[] = {"en", "ja", NULL};

/* The language that "ja_JP.UTF-8" or the like begins with, NULL when it is none of ours. */
static const char *start_language_of(const char *locale)
{
    for (size_t i = 0; start_languages[i]; i++) {
        size_t len = strlen(start_languages[i]);
        if (strncmp(locale, start_languages[i], len) == 0 &&
            (locale[len] == '\0' || strchr("_.@:", locale[len])))
            return start_languages[i];
    }
    return NULL;
}

/* What the environment asks for, as gettext reads it: the first language of the list LANGUAGE that
 * we have, else LC_ALL, else LC_MESSAGES, else LANG; but in the C locale English whatever LANGUAGE
 * says. */
static const char *start_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = "C", *list = getenv("LANGUAGE"), *found;
    for (size_t i = sizeof names / sizeof *names; i-- > 0;)
        if (getenv(names[i]) && *getenv(names[i]))
            locale = getenv(names[i]);
    if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return "en";
    for (; list && *list; list += strcspn(list, ":"), list += *list == ':')
        if ((found = start_language_of(list)))
            return found;
    found = start_language_of(locale);
    return found ? found : "en";
}

/* --lang before the command line is understood, for what may be wrong with it. */
static const char *start_asked(int argc, char **argv)
{
    const char *asked = NULL;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            asked = argv[++i];
        else if (strncmp(argv[i], "--lang=", 7) == 0)
            asked = argv[i] + 7;
    }
    return asked ? start_language_of(asked) : NULL;
}

static enum fault_code start_language(struct cli *cli, struct fault *why)
{
    static const char *const colours[] = {"auto", "always", "never", NULL};
    const char *colour;
    const char *otherwise = cli->settings.language ? cli->settings.language : start_locale();
    enum fault_code code =
        options_choice(&cli->options, "--lang", start_languages, otherwise, &cli->lang, why);
    if (!code && !words_use(cli->lang))
        code = fault_set(why, FAULT_INTERNAL, "no texts in the language %s", cli->lang);
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
    const char *asked = start_asked(argc, argv);
    struct cli cli = {.importer = importer, .lang = asked ? asked : start_locale()};
    words_use(cli.lang); /* for what goes wrong before options and settings are read */
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
