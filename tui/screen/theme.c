/* Knows the form of themes/NAME.yaml. See theme.h. */
#include "tui/screen/theme.h"

#include "core/base/arena.h"
#include "core/base/embed.h"
#include "core/base/safe.h"
#include "core/base/yaml.h"
#include "tui/screen/config.h"

#include <stdio.h>

static const char *const role_names[ROLE_COUNT] = {
#define ROLE_NAME(name, text, letter) [name] = text,
    ROLES(ROLE_NAME)
#undef ROLE_NAME
};

static const struct {
    const char *name;
    unsigned char red, green, blue;
} ansi_colours[16] = {
    {"black", 0, 0, 0},
    {"red", 170, 0, 0},
    {"green", 0, 170, 0},
    {"yellow", 170, 85, 0},
    {"blue", 0, 0, 170},
    {"magenta", 170, 0, 170},
    {"cyan", 0, 170, 170},
    {"white", 170, 170, 170},
    {"bright-black", 85, 85, 85},
    {"bright-red", 255, 85, 85},
    {"bright-green", 85, 255, 85},
    {"bright-yellow", 255, 255, 85},
    {"bright-blue", 85, 85, 255},
    {"bright-magenta", 255, 85, 255},
    {"bright-cyan", 85, 255, 255},
    {"bright-white", 255, 255, 255},
};

static int distance(struct colour c, int red, int green, int blue)
{
    int r = c.red - red, g = c.green - green, b = c.blue - blue;
    return 2 * r * r + 4 * g * g + 3 * b * b;
}

static signed char nearest_ansi(struct colour colour)
{
    int best = 7, best_distance = INT32_MAX;
    for (int i = 0; i < 16; i++) {
        int d = distance(colour, ansi_colours[i].red, ansi_colours[i].green, ansi_colours[i].blue);
        if (d < best_distance) {
            best_distance = d;
            best = i;
        }
    }
    return (signed char)best;
}

static int cube_step(unsigned char value)
{
    return value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
}

int theme_colour_256(struct colour colour)
{
    static const unsigned char steps[6] = {0, 95, 135, 175, 215, 255};
    int r = cube_step(colour.red), g = cube_step(colour.green), b = cube_step(colour.blue);
    int mean = (colour.red + colour.green + colour.blue) / 3;
    int grey = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
    int level = 8 + 10 * grey;
    if (distance(colour, level, level, level) < distance(colour, steps[r], steps[g], steps[b]))
        return 232 + grey;
    return 16 + 36 * r + 6 * g + b;
}

static int ansi_named(struct slice name)
{
    for (int i = 0; i < 16; i++)
        if (slice_is(name, ansi_colours[i].name))
            return i;
    return -1;
}

static int hex_byte(const char *at)
{
    int value = 0;
    for (int i = 0; i < 2; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* A colour as written: `#rrggbb`, a name of the 16, `default`. */
static bool colour_written(struct slice text, struct colour *out)
{
    *out = (struct colour){0};
    if (slice_is(text, "default"))
        return true;
    int ansi = ansi_named(text);
    if (ansi >= 0) {
        *out = (struct colour){true, ansi_colours[ansi].red, ansi_colours[ansi].green,
                               ansi_colours[ansi].blue, (signed char)ansi};
        return true;
    }
    if (text.len != 7 || text.at[0] != '#')
        return false;
    int red = hex_byte(text.at + 1), green = hex_byte(text.at + 3), blue = hex_byte(text.at + 5);
    if (red < 0 || green < 0 || blue < 0)
        return false;
    *out = (struct colour){true, (unsigned char)red, (unsigned char)green, (unsigned char)blue, 0};
    out->ansi = nearest_ansi(*out);
    return true;
}

static enum fault_code not_a_colour(const struct yaml_node *node, struct fault *why)
{
    char safe[64];
    return fault_at(why, FAULT_CONFIG, node->line, node->column,
                    "\"%s\" is no colour: #rrggbb, a name of the palette, one of the 16 names, "
                    "or default",
                    safe_short(safe, sizeof safe, node->text));
}

static enum fault_code colour_read(const struct yaml_node *palette, const struct yaml_node *node,
                                   unsigned depth, struct colour *out, struct fault *why)
{
    if (node->kind == YAML_LIST && node->count == 2 && node->items[0]->kind == YAML_SCALAR &&
        node->items[1]->kind == YAML_SCALAR) {
        if (!colour_written(node->items[0]->text, out))
            return not_a_colour(node->items[0], why);
        int ansi = ansi_named(node->items[1]->text);
        if (ansi < 0)
            return not_a_colour(node->items[1], why);
        out->ansi = (signed char)ansi;
        return FAULT_NONE;
    }
    if (node->kind != YAML_SCALAR)
        return fault_at(why, FAULT_CONFIG, node->line, node->column,
                        "expected a colour, or [\"#rrggbb\", name]");
    for (size_t i = 0; depth == 0 && palette && i < palette->count; i++)
        if (slice_equal(palette->keys[i]->text, node->text))
            return colour_read(NULL, palette->items[i], 1, out, why);
    return colour_written(node->text, out) ? FAULT_NONE : not_a_colour(node, why);
}

static enum fault_code look_read(const struct yaml_node *palette, const struct yaml_node *node,
                                 struct look *out, struct fault *why)
{
    char safe[64];
    if (node->kind != YAML_MAP)
        return fault_at(why, FAULT_CONFIG, node->line, node->column,
                        "a role needs lines such as `fg: NAME`, `bold: true`");
    for (size_t i = 0; i < node->count; i++) {
        struct slice key = node->keys[i]->text;
        const struct yaml_node *value = node->items[i];
        enum fault_code bad;
        if (slice_is(key, "fg"))
            bad = colour_read(palette, value, 0, &out->fg, why);
        else if (slice_is(key, "bg"))
            bad = colour_read(palette, value, 0, &out->bg, why);
        else if (slice_is(key, "bold"))
            bad = yaml_bool(value, "bold", &out->bold, why);
        else if (slice_is(key, "dim"))
            bad = yaml_bool(value, "dim", &out->dim, why);
        else if (slice_is(key, "underline"))
            bad = yaml_bool(value, "underline", &out->underline, why);
        else if (slice_is(key, "reverse"))
            bad = yaml_bool(value, "reverse", &out->reverse, why);
        else
            return fault_at(why, FAULT_CONFIG, node->keys[i]->line, node->keys[i]->column,
                            "\"%s\" is none of fg, bg, bold, dim, underline, reverse",
                            safe_short(safe, sizeof safe, key));
        if (bad)
            return bad;
    }
    return FAULT_NONE;
}

static int role_named(struct slice name)
{
    for (int r = 0; r < ROLE_COUNT; r++)
        if (slice_is(name, role_names[r]))
            return r;
    return -1;
}

static enum fault_code roles_read(struct theme *out, const struct yaml_node *palette,
                                  const struct yaml_node *roles, struct fault *why)
{
    char safe[64];
    bool given[ROLE_COUNT] = {false};
    struct theme made = {0};
    for (size_t i = 0; i < roles->count; i++) {
        int role = role_named(roles->keys[i]->text);
        if (role < 0)
            return fault_at(why, FAULT_CONFIG, roles->keys[i]->line, roles->keys[i]->column,
                            "\"%s\" is no role",
                            safe_short(safe, sizeof safe, roles->keys[i]->text));
        enum fault_code bad = look_read(palette, roles->items[i], &made.looks[role], why);
        if (bad)
            return bad;
        given[role] = true;
    }
    for (int r = 0; r < ROLE_COUNT; r++)
        if (!given[r])
            made.looks[r] = made.looks[ROLE_TEXT];
    *out = made;
    return FAULT_NONE;
}

static enum fault_code theme_read(struct theme *out, const struct yaml_node *root,
                                  struct fault *why)
{
    const struct yaml_node *palette = NULL, *roles = NULL;
    char safe[64];
    if (root->kind != YAML_MAP)
        return fault_at(why, FAULT_CONFIG, root->line, root->column,
                        "a theme has `palette:` and `roles:`");
    for (size_t i = 0; i < root->count; i++) {
        const struct yaml_node *key = root->keys[i], *value = root->items[i];
        if (slice_is(key->text, "title"))
            continue;
        if (!slice_is(key->text, "palette") && !slice_is(key->text, "roles"))
            return fault_at(why, FAULT_CONFIG, key->line, key->column,
                            "\"%s\" is none of title, palette, roles",
                            safe_short(safe, sizeof safe, key->text));
        if (value->kind != YAML_MAP)
            return fault_at(why, FAULT_CONFIG, value->line, value->column,
                            "expected lines of the form name: value");
        if (slice_is(key->text, "palette"))
            palette = value;
        else
            roles = value;
    }
    if (!roles)
        return fault_at(why, FAULT_CONFIG, root->line, root->column, "the theme has no `roles:`");
    for (size_t i = 0; palette && i < palette->count; i++) {
        struct colour unused;
        enum fault_code bad = colour_read(NULL, palette->items[i], 1, &unused, why);
        if (bad)
            return bad;
    }
    return roles_read(out, palette, roles, why);
}

enum fault_code theme_parse(struct theme *out, struct slice yaml, struct fault *why)
{
    struct arena arena;
    struct yaml_node *root;
    arena_init(&arena);
    enum fault_code bad = yaml_parse(&root, yaml, &arena, why);
    if (!bad)
        bad = theme_read(out, root, why);
    arena_free(&arena);
    return bad;
}

static enum fault_code theme_load_file(struct theme *out, const char *path, struct fault *why)
{
    struct fault inner = {0};
    struct buf text;
    buf_init(&text, YAML_SIZE + 8192);
    enum fault_code bad = config_read(&text, path, why);
    if (!bad && theme_parse(out, buf_slice(&text), &inner))
        bad = config_fault(why, path, &inner);
    buf_free(&text);
    return bad;
}

enum fault_code theme_load(struct theme *out, const char *name, struct fault *why)
{
    char path[128], safe[64];
    if (strchr(name, '/') || slice_ends_fold(slice_of(name), ".yaml"))
        return theme_load_file(out, name, why);
    snprintf(path, sizeof path, "themes/%s.yaml", name);
    struct slice yaml = embedded_find(path);
    if (slice_is_none(yaml))
        return fault_set(why, FAULT_USAGE, "there is no theme \"%s\"",
                         safe_short(safe, sizeof safe, slice_of(name)));
    return theme_parse(out, yaml, why);
}

struct look theme_look(const struct theme *theme, enum role role, enum role over)
{
    struct look look = theme->looks[role];
    if (over != ROLE_TEXT) {
        const struct look *top = &theme->looks[over];
        if (top->fg.set)
            look.fg = top->fg;
        if (top->bg.set)
            look.bg = top->bg;
        look.bold = look.bold || top->bold;
        look.underline = look.underline || top->underline;
        look.reverse = look.reverse != top->reverse;
        look.dim = look.dim && !top->reverse && !top->fg.set;
    }
    return look;
}

const char *const *theme_names(void)
{
    enum { THEMES_LIMIT = 32, NAME_SIZE = 32 };
    static char names[THEMES_LIMIT][NAME_SIZE];
    static const char *list[THEMES_LIMIT + 1];
    size_t count = 0;
    for (const struct embedded *e = embedded_files; e->name && count < THEMES_LIMIT; e++) {
        struct slice name = slice_of(e->name);
        if (!slice_starts(name, "themes/") || !slice_ends_fold(name, ".yaml"))
            continue;
        name = slice_make(name.at + 7, name.len - 7 - 5);
        snprintf(names[count], NAME_SIZE, "%.*s", (int)name.len, name.at);
        list[count] = names[count];
        count++;
    }
    list[count] = NULL;
    return list;
}
