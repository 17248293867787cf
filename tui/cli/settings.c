/* Knows the keys of the settings file and where it lies; see settings.h. */
#include "tui/cli/settings.h"

#include "core/base/near.h"
#include "core/base/safe.h"
#include "core/base/yaml.h"
#include "tui/screen/config.h"

#include <unistd.h>

static const char *settings_default_path(struct arena *arena)
{
    char path[CONFIG_PATH];
    return config_place(path, "config.yaml") ? arena_copy(arena, slice_of(path)).at : NULL;
}

/* A path as the file means it: relative to the file's own folder. */
static const char *settings_relative(struct settings *s, struct slice path)
{
    const char *slash = strrchr(s->path, '/');
    if (slice_starts(path, "/") || !slash)
        return arena_copy(&s->arena, path).at;
    return arena_format(&s->arena, "%.*s/%.*s", (int)(slash - s->path), s->path, (int)path.len,
                        path.at)
        .at;
}

static enum fault_code settings_take_rules(struct settings *s, const struct yaml_node *list,
                                           struct fault *why)
{
    if (list->kind != YAML_LIST || list->count > SETTINGS_RULES)
        return fault_at(why, FAULT_CONFIG, list->line, list->column,
                        "rules must be a list of at most %d files", SETTINGS_RULES);
    for (size_t i = 0; i < list->count; i++) {
        struct slice path;
        enum fault_code code = yaml_text(list->items[i], "a rule pack", &path, why);
        if (code)
            return code;
        s->rules[s->rule_count++] = settings_relative(s, path);
    }
    return FAULT_NONE;
}

/* directory_sync: {config: PATH} */
static enum fault_code settings_take_site(struct settings *s, const struct yaml_node *map,
                                          struct fault *why)
{
    const struct yaml_node *path = map->kind == YAML_MAP ? yaml_get(map, "config") : NULL;
    struct slice text;
    if (!path || map->count != 1)
        return fault_at(why, FAULT_CONFIG, map->line, map->column,
                        "directory_sync holds one key: config, the path of a config.yml");
    enum fault_code code = yaml_text(path, "config", &text, why);
    if (!code)
        s->site_config = settings_relative(s, text);
    return code;
}

static enum fault_code settings_take_clipboard(struct settings *s, const struct yaml_node *node,
                                               struct fault *why)
{
    struct slice text;
    enum fault_code code = yaml_text(node, "clipboard", &text, why);
    s->clipboard = !code && slice_is(text, "terminal");
    if (code || s->clipboard || slice_is(text, "off"))
        return code;
    return fault_at(why, FAULT_CONFIG, node->line, node->column,
                    "clipboard must be terminal or off");
}

static enum fault_code settings_take(struct settings *s, const struct yaml_node *key,
                                     const struct yaml_node *value, struct fault *why)
{
    static const char *const names[] = {"theme", "language",       "zone",      "keys",
                                        "rules", "directory_sync", "clipboard", NULL};
    const char **places[] = {&s->theme, &s->language, &s->zone, &s->keys};
    if (slice_is(key->text, "rules"))
        return settings_take_rules(s, value, why);
    if (slice_is(key->text, "directory_sync"))
        return settings_take_site(s, value, why);
    if (slice_is(key->text, "clipboard"))
        return settings_take_clipboard(s, value, why);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!slice_is(key->text, names[i]))
            continue;
        struct slice text;
        enum fault_code code = yaml_text(value, names[i], &text, why);
        if (code)
            return code;
        bool is_path = i == 3 || (i == 0 && slice_ends_fold(text, ".yaml"));
        *places[i] = is_path ? settings_relative(s, text) : arena_copy(&s->arena, text).at;
        if (i == 1 && !slice_is(text, "en") && !slice_is(text, "ja"))
            return fault_at(why, FAULT_CONFIG, value->line, value->column,
                            "language must be en or ja");
        return FAULT_NONE;
    }
    char shown[60];
    safe_short(shown, sizeof shown, key->text);
    const char *near = near_find(key->text, names);
    return near ? fault_at(why, FAULT_CONFIG, key->line, key->column,
                           "unknown setting %s; did you mean %s?", shown, near)
                : fault_at(why, FAULT_CONFIG, key->line, key->column,
                           "unknown setting %s; there are theme, language, zone, keys, rules, "
                           "directory_sync and clipboard",
                           shown);
}

enum fault_code settings_load(struct settings *out, const char *path, struct fault *why)
{
    *out = (struct settings){.path = NULL};
    arena_init(&out->arena);
    const char *file = path ? path : settings_default_path(&out->arena);
    out->path = file ? arena_copy(&out->arena, slice_of(file)).at : NULL;
    if (!file || (!path && access(file, F_OK) != 0))
        return FAULT_NONE;
    struct buf text;
    struct fault missing;
    buf_init(&text, YAML_SIZE);
    if (config_read(&text, file, &missing)) {
        buf_free(&text);
        return fault_set(why, FAULT_CONFIG, "%s", missing.text);
    }
    struct slice kept = arena_copy(&out->arena, buf_slice(&text));
    buf_free(&text);
    struct yaml_node *root;
    enum fault_code code = yaml_parse(&root, kept, &out->arena, why);
    if (code)
        return code;
    if (root->kind != YAML_MAP)
        return fault_at(why, FAULT_CONFIG, root->line, root->column,
                        "the settings must be a map of keys");
    for (size_t i = 0; i < root->count && !code; i++)
        code = settings_take(out, root->keys[i], root->items[i], why);
    return code;
}

void settings_free(struct settings *settings)
{
    arena_free(&settings->arena);
    settings->path = NULL;
}
