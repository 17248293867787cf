/* The settings file: $XDG_CONFIG_HOME/scimscope/config.yaml, or --config FILE. */
#ifndef TUI_CLI_SETTINGS_H
#define TUI_CLI_SETTINGS_H

#include "core/base/arena.h"
#include "core/base/fault.h"

enum { SETTINGS_RULES = 32 /* rule packs */ };

/* NULL where the file says nothing. Relative paths are those of the file's folder. */
struct settings {
    struct arena arena;
    const char *path; /* the file read, or where it would be; NULL: no such place */
    const char *theme, *language, *zone, *keys;
    const char *site_config; /* directory_sync.config: the site's own config.yml */
    const char *rules[SETTINGS_RULES];
    size_t rule_count;
    bool clipboard; /* clipboard: terminal; else off */
};

/* Reads `path`, which must exist, or (NULL) the default place, which may be missing. FAULT_CONFIG
 * with line and column; `out->path` names the file. */
enum fault_code settings_load(struct settings *out, const char *path, struct fault *why);
void settings_free(struct settings *settings);

#endif
