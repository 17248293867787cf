/* The rows that command.c lists; each is defined in the file of its name. */
#ifndef TUI_CLI_COMMANDS_H
#define TUI_CLI_COMMANDS_H

#include "tui/cli/command.h"

extern const struct command command_import, command_list, command_count, command_problems,
    command_patterns, command_check, command_show, command_export, command_explain, command_rules,
    command_sources, command_verify, command_formats, command_themes, command_demo, command_help,
    command_version, command_audit_secrets, command_forget, command_ticket, command_diff;

#endif
