/* The table of commands. Knows their order and names, nothing of what they do. */
#include "tui/cli/command.h"

#include "core/base/near.h"
#include "tui/cli/commands.h"

const struct command *const commands[] = {
    &command_import,   &command_list,
    &command_count,    &command_problems,
    &command_patterns, &command_diff,
    &command_check,    &command_show,
    &command_export,   &command_ticket,
    &command_explain,  &command_rules,
    &command_sources,  &command_forget,
    &command_verify,   &command_formats,
    &command_themes,   &command_audit_secrets,
    &command_demo,     &command_help,
    &command_version,  NULL,
};

const struct command *command_named(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

const char *command_near(const char *word)
{
    const char *names[sizeof commands / sizeof *commands];
    size_t count = 0;
    for (; commands[count]; count++)
        names[count] = commands[count]->name;
    names[count] = NULL;
    return near_find(slice_of(word), names);
}
