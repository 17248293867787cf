/* Knows the names of keys and actions and how YAML binds them; not what an action does. */
#include "tui/screen/keymap.h"

#include "core/base/embed.h"
#include "core/base/safe.h"
#include "core/base/utf8.h"
#include "core/base/words.h"
#include "core/base/yaml.h"
#include "tui/screen/config.h"

#include <stdio.h>

static const struct {
    const char *name, *help;
    enum action_group group;
} actions[ACTION_COUNT] = {[ACTION_NONE] = {"", "", GROUPS},
#define ACTION_ROW(name, text, group, help) [name] = {text, help, group},
                           ACTIONS(ACTION_ROW)
#undef ACTION_ROW
};

static const struct {
    const char *name, *sign; /* in YAML; for people */
    uint32_t key;
} special_keys[] = {
    {"up", "↑", KEY_ARROW_UP},
    {"down", "↓", KEY_ARROW_DOWN},
    {"left", "←", KEY_ARROW_LEFT},
    {"right", "→", KEY_ARROW_RIGHT},
    {"page-up", "PgUp", KEY_PAGE_UP},
    {"page-down", "PgDn", KEY_PAGE_DOWN},
    {"home", "Home", KEY_TO_HOME},
    {"end", "End", KEY_TO_END},
    {"insert", "Ins", KEY_INSERT},
    {"delete", "Del", KEY_DELETE},
    {"backspace", "Backspace", KEY_ERASE},
    {"enter", "Enter", KEY_RETURN},
    {"esc", "Esc", KEY_ESCAPE},
    {"tab", "Tab", KEY_TABULATOR},
    {"shift-tab", "Shift-Tab", KEY_BACK_TABULATOR},
    {"space", "Space", ' '},
};
enum { SPECIAL_KEYS = sizeof special_keys / sizeof *special_keys };

const char *action_name(enum action action)
{
    return actions[action].name;
}

const char *action_help(enum action action)
{
    return _(actions[action].help);
}

enum action_group action_group(enum action action)
{
    return actions[action].group;
}

const char *action_group_title(enum action_group group)
{
    static const char *const titles[GROUPS] = {N_("Move"), N_("Filter"), N_("Time"),
                                               N_("Look"), N_("Work"),   N_("Program")};
    return group < GROUPS ? _(titles[group]) : "";
}

static enum action action_named(struct slice name)
{
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        if (slice_is(name, actions[a].name))
            return (enum action)a;
    return ACTION_NONE;
}

static const char *key_text(char out[KEY_NAME_SIZE], uint32_t key, bool sign)
{
    for (size_t i = 0; i < SPECIAL_KEYS; i++)
        if (special_keys[i].key == key)
            return sign ? special_keys[i].sign : special_keys[i].name;
    if (key >= KEY_FUNCTION_1 && key <= KEY_FUNCTION_12)
        snprintf(out, KEY_NAME_SIZE, sign ? "F%u" : "f%u", (unsigned)(key - KEY_FUNCTION_1 + 1));
    else if (key >= 1 && key <= 26)
        snprintf(out, KEY_NAME_SIZE, sign ? "^%c" : "ctrl-%c",
                 (char)(key - 1 + (sign ? 'A' : 'a')));
    else if (key < KEYS_SPECIAL && !safe_is_hidden(key)) {
        char text[4];
        snprintf(out, KEY_NAME_SIZE, "%.*s", (int)utf8_encode(key, text), text);
    } else
        out[0] = '\0';
    return out;
}

const char *keymap_key_name(char out[KEY_NAME_SIZE], uint32_t key)
{
    return key_text(out, key, false);
}

uint32_t keymap_key_named(struct slice name)
{
    int64_t number;
    uint32_t code;
    for (size_t i = 0; i < SPECIAL_KEYS; i++)
        if (slice_is(name, special_keys[i].name))
            return special_keys[i].key;
    if (slice_starts(name, "ctrl-") && name.len == 6 && name.at[5] >= 'a' && name.at[5] <= 'z')
        return (uint32_t)(name.at[5] - 'a' + 1);
    if (name.len > 1 && name.at[0] == 'f' && slice_to_int64(slice_from(name, 1), &number))
        return number >= 1 && number <= 12 ? KEY_FUNCTION_1 + (uint32_t)number - 1 : KEY_NOTHING;
    if (name.len > 0 && utf8_decode(name, &code) == name.len && code > ' ' && !safe_is_hidden(code))
        return code;
    return KEY_NOTHING;
}

enum action keymap_action(const struct keymap *map, uint32_t key)
{
    if (key != KEY_NOTHING)
        for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
            for (int i = 0; i < KEYS_PER_ACTION; i++)
                if (map->keys[a][i] == key)
                    return (enum action)a;
    return ACTION_NONE;
}

static enum fault_code bind(struct keymap *map, enum action action, const struct yaml_node *node,
                            size_t at, struct fault *why)
{
    struct slice name;
    char safe[64];
    if (at >= KEYS_PER_ACTION)
        return fault_at(why, FAULT_CONFIG, node->line, node->column,
                        "at most %d keys for one action", KEYS_PER_ACTION);
    enum fault_code bad = yaml_text(node, "a key", &name, why);
    if (bad)
        return bad;
    uint32_t key = keymap_key_named(name);
    if (key == KEY_NOTHING)
        return fault_at(why, FAULT_CONFIG, node->line, node->column, "\"%s\" is no key",
                        safe_short(safe, sizeof safe, name));
    map->keys[action][at] = key;
    return FAULT_NONE;
}

/* One key, two actions: said at the line that binds the second. */
static enum fault_code check_conflicts(const struct keymap *map, const struct yaml_node *node,
                                       enum action action, struct fault *why)
{
    for (int i = 0; i < KEYS_PER_ACTION; i++) {
        uint32_t key = map->keys[action][i];
        for (int a = ACTION_NONE + 1; a < ACTION_COUNT && key != KEY_NOTHING; a++)
            for (int n = 0; n < KEYS_PER_ACTION; n++)
                if (map->keys[a][n] == key && (a != (int)action || n < i)) {
                    char name[KEY_NAME_SIZE];
                    return fault_at(why, FAULT_CONFIG, node->line, node->column,
                                    "key \"%s\" of %s is also bound to %s",
                                    keymap_key_name(name, key), action_name(action),
                                    action_name((enum action)a));
                }
    }
    return FAULT_NONE;
}

static enum fault_code lay_action(struct keymap *map, const struct yaml_node *key,
                                  const struct yaml_node *value, struct fault *why)
{
    char safe[64];
    enum action action = action_named(key->text);
    enum fault_code bad = FAULT_NONE;
    if (action == ACTION_NONE)
        return fault_at(why, FAULT_CONFIG, key->line, key->column, "\"%s\" is no action",
                        safe_short(safe, sizeof safe, key->text));
    memset(map->keys[action], 0, sizeof map->keys[action]);
    if (value->kind == YAML_MAP)
        return fault_at(why, FAULT_CONFIG, value->line, value->column,
                        "%s needs a key or a list of keys", action_name(action));
    if (value->kind == YAML_SCALAR)
        return bind(map, action, value, 0, why);
    for (size_t i = 0; i < value->count && !bad; i++)
        bad = bind(map, action, value->items[i], i, why);
    return bad;
}

enum fault_code keymap_lay(struct keymap *map, struct slice yaml, struct fault *why)
{
    struct arena arena;
    struct yaml_node *root;
    struct keymap made = *map;
    arena_init(&arena);
    enum fault_code bad = yaml_parse(&root, yaml, &arena, why);
    if (!bad && root->kind != YAML_MAP)
        bad = fault_at(why, FAULT_CONFIG, root->line, root->column,
                       "expected lines of the form action: [key, ...]");
    for (size_t i = 0; !bad && i < root->count; i++)
        bad = lay_action(&made, root->keys[i], root->items[i], why);
    /* Only now: two lines may exchange the keys of two actions. */
    for (size_t i = 0; !bad && i < root->count; i++)
        bad = check_conflicts(&made, root->keys[i], action_named(root->keys[i]->text), why);
    if (!bad)
        *map = made;
    arena_free(&arena);
    return bad;
}

enum fault_code keymap_load(struct keymap *out, struct fault *why)
{
    *out = (struct keymap){0};
    struct slice yaml = embedded_find("tui/keys.yaml");
    if (slice_is_none(yaml))
        return fault_set(why, FAULT_INTERNAL, "tui/keys.yaml is not embedded");
    return keymap_lay(out, yaml, why);
}

enum fault_code keymap_lay_file(struct keymap *map, const char *path, struct fault *why)
{
    struct fault inner = {0};
    struct buf text;
    buf_init(&text, YAML_SIZE + 8192);
    enum fault_code bad = config_read(&text, path, why);
    if (!bad && keymap_lay(map, buf_slice(&text), &inner))
        bad = config_fault(why, path, &inner);
    buf_free(&text);
    return bad;
}

void keymap_keys_text(const struct keymap *map, enum action action, bool all, struct buf *out)
{
    char name[KEY_NAME_SIZE];
    for (int i = 0; i < (all ? KEYS_PER_ACTION : 1); i++) {
        if (map->keys[action][i] == KEY_NOTHING)
            continue;
        if (i > 0)
            buf_add_byte(out, ' ');
        buf_add_text(out, key_text(name, map->keys[action][i], true));
    }
}
