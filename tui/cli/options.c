/* Knows how the command line is split into options and words; see options.h. */
#include "tui/cli/options.h"

#include "core/base/alloc.h"
#include "core/base/near.h"
#include "core/base/safe.h"
#include "core/base/words.h"

#include <stdio.h>
#include <stdlib.h>

const struct option option_globals[] = {
    {"--db", NULL, "PATH",
     N_("use this index instead of $SCIMSCOPE_DB or the one in the data folder")},
    {"--config", NULL, "FILE", N_("read the settings from here")},
    {"--rules", NULL, "FILE", N_("add a rule pack; its classes replace those of the same id")},
    {"--site-config", NULL, "FILE",
     N_("the config.yml of the directory sync: remedies say what is set there (never secret.yml)")},
    {"--tz", NULL, "ZONE",
     N_("zone of times written without one and of times printed: an IANA name, UTC, local, "
        "+HH:MM")},
    {"--utc", NULL, NULL, N_("the same as --tz UTC")},
    {"--now", NULL, "TIME", N_("take this moment as now (also $SCIMSCOPE_NOW)")},
    {"--lang", NULL, "en|ja",
     N_("language of everything for people; else that of the settings, else of the locale")},
    {"--color", NULL, "auto|always|never", N_("colours (NO_COLOR is honoured)")},
    {"--quiet", NULL, NULL, N_("no progress and no notes on stderr, only what went wrong")},
    {"--verbose", NULL, NULL, N_("more on stderr")},
    {"--help", "-h", NULL, N_("help on the command")},
    {"--version", "-V", NULL, N_("the version")},
    {NULL, NULL, NULL, NULL},
};

/* -key:... with a key of letters and hyphens: a filter term that excludes. */
static bool option_is_term(const char *argument)
{
    if (argument[0] != '-' || argument[1] == '-')
        return false;
    const char *at = argument + 1;
    while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '-')
        at++;
    return at > argument + 1 && *at == ':';
}

static bool option_is_word(const char *argument)
{
    return argument[0] != '-' || argument[1] == '\0' || option_is_term(argument);
}

/* The row that `argument` names; `*value` becomes what is attached to it, else NULL. */
static const struct option *option_match(const struct option *table, const char *argument,
                                         const char **value)
{
    *value = NULL;
    size_t length = strcspn(argument, "=");
    for (; table && table->name; table++) {
        if (strlen(table->name) == length && strncmp(table->name, argument, length) == 0) {
            if (argument[length] == '=')
                *value = argument + length + 1;
            return table;
        }
        if (table->letter && strncmp(argument, table->letter, 2) == 0 && argument[1] != '-') {
            if (argument[2] != '\0' && !table->argument)
                continue;
            if (argument[2] != '\0')
                *value = argument + (argument[2] == '=' ? 3 : 2);
            return table;
        }
    }
    return NULL;
}

static const struct option *option_find(const struct option *own, const char *argument,
                                        const char **value)
{
    const struct option *row = option_match(own, argument, value);
    return row ? row : option_match(option_globals, argument, value);
}

static enum fault_code option_unknown(const struct option *own, const char *argument,
                                      struct fault *why)
{
    const char *names[2 * OPTIONS_LIMIT];
    size_t count = 0;
    const struct option *tables[] = {own, option_globals};
    for (size_t t = 0; t < 2; t++)
        for (const struct option *row = tables[t]; row && row->name; row++)
            if (count + 1 < sizeof names / sizeof *names)
                names[count++] = row->name;
    names[count] = NULL;
    char shown[80];
    struct slice word = slice_make(argument, strcspn(argument, "="));
    const char *near = near_find(word, names);
    safe_short(shown, sizeof shown, word);
    if (near)
        return fault_set(why, FAULT_USAGE, "unknown option %s; did you mean %s?", shown, near);
    return fault_set(why, FAULT_USAGE,
                     "unknown option %s; -- before it makes it and what follows plain words",
                     shown);
}

const char *options_first_word(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return NULL;
        if (option_is_word(argv[i]))
            return argv[i];
        const char *value;
        const struct option *row = option_match(option_globals, argv[i], &value);
        if (!row)
            return NULL;
        if (row->argument && !value)
            i++;
    }
    return NULL;
}

static enum fault_code option_take(struct options *out, const struct option *row, const char *value,
                                   struct fault *why)
{
    if (out->given_count == OPTIONS_LIMIT)
        return fault_set(why, FAULT_USAGE, "more than %d options", OPTIONS_LIMIT);
    out->given[out->given_count].row = row;
    out->given[out->given_count++].value = value;
    return FAULT_NONE;
}

enum fault_code options_parse(struct options *out, int argc, char **argv, const struct option *own,
                              struct fault *why)
{
    *out = (struct options){.words = xcalloc((size_t)argc + 1, sizeof *out->words)};
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
            continue;
        }
        if (options_end || option_is_word(argv[i])) {
            out->words[out->word_count++] = argv[i];
            continue;
        }
        const char *value;
        const struct option *row = option_find(own, argv[i], &value);
        if (!row)
            return option_unknown(own, argv[i], why);
        if (!row->argument && value)
            return fault_set(why, FAULT_USAGE, "%s takes no value", row->name);
        if (row->argument && !value) {
            if (i + 1 == argc)
                return fault_set(why, FAULT_USAGE, "%s needs a value: %s %s", row->name, row->name,
                                 row->argument);
            value = argv[++i];
        }
        enum fault_code code = option_take(out, row, value, why);
        if (code)
            return code;
    }
    return FAULT_NONE;
}

void options_drop_word(struct options *options)
{
    if (!options->word_count)
        return;
    memmove(options->words, options->words + 1, options->word_count-- * sizeof *options->words);
}

void options_free(struct options *options)
{
    free(options->words);
    *options = (struct options){.words = NULL};
}

const char *options_each(const struct options *options, const char *name, size_t *at)
{
    while (*at < options->given_count) {
        size_t i = (*at)++;
        if (strcmp(options->given[i].row->name, name) == 0)
            return options->given[i].value ? options->given[i].value : "";
    }
    return NULL;
}

const char *options_value(const struct options *options, const char *name)
{
    const char *last = NULL;
    size_t at = 0;
    for (const char *value; (value = options_each(options, name, &at));)
        last = value;
    return last;
}

bool options_has(const struct options *options, const char *name)
{
    return options_value(options, name) != NULL;
}

enum fault_code options_choice(const struct options *options, const char *name,
                               const char *const *names, const char *otherwise, const char **out,
                               struct fault *why)
{
    const char *value = options_value(options, name);
    *out = otherwise;
    if (!value)
        return FAULT_NONE;
    char all[120] = "";
    size_t length = 0;
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], value) == 0) {
            *out = names[i];
            return FAULT_NONE;
        }
        length +=
            (size_t)snprintf(all + length, sizeof all - length, "%s%s", i ? ", " : "", names[i]);
        if (length >= sizeof all)
            length = sizeof all - 1;
    }
    char shown[60];
    safe_short(shown, sizeof shown, slice_of(value));
    const char *near = near_find(slice_of(value), names);
    if (near)
        return fault_set(why, FAULT_USAGE, "%s %s: did you mean %s?", name, shown, near);
    return fault_set(why, FAULT_USAGE, "%s %s: it must be one of %s", name, shown, all);
}

enum fault_code options_number(const struct options *options, const char *name, uint64_t otherwise,
                               uint64_t *out, struct fault *why)
{
    const char *value = options_value(options, name);
    int64_t number;
    *out = otherwise;
    if (!value)
        return FAULT_NONE;
    if (!slice_to_int64(slice_of(value), &number) || number < 0) {
        char shown[60];
        return fault_set(why, FAULT_USAGE, "%s %s: it must be a whole number", name,
                         safe_short(shown, sizeof shown, slice_of(value)));
    }
    *out = (uint64_t)number;
    return FAULT_NONE;
}
