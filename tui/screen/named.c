/* See named.h. */
#include "tui/screen/named.h"

#include "core/base/buf.h"
#include "core/base/safe.h"
#include "core/base/yaml.h"
#include "tui/screen/config.h"

#include <stdlib.h>
#include <unistd.h>

#define FILE_NAME "filters.yaml"
enum { FILE_SIZE = YAML_SIZE };

static enum fault_code take(struct named *out, const struct yaml_node *map, struct fault *why)
{
    if (map->kind != YAML_MAP)
        return fault_at(why, FAULT_CONFIG, map->line, map->column, "names with filters are wanted");
    for (size_t i = 0; i < map->count && out->count < NAMED_FILTERS; i++) {
        struct named_filter *row = &out->rows[out->count];
        enum fault_code code = yaml_text(map->items[i], "a filter", &row->filter, why);
        if (code)
            return code;
        row->name = map->keys[i]->text;
        out->count++;
    }
    return FAULT_NONE;
}

enum fault_code named_load(struct named *out, struct fault *why)
{
    char path[CONFIG_PATH];
    struct buf text;
    struct yaml_node *root;
    out->count = 0;
    arena_init(&out->arena);
    if (!config_place(path, FILE_NAME))
        return FAULT_NONE;
    buf_init(&text, FILE_SIZE);
    enum fault_code code = FAULT_NONE;
    if (access(path, F_OK) == 0)
        code = config_read(&text, path, why);
    if (!code && text.len > 0) {
        code = yaml_parse(&root, arena_copy(&out->arena, buf_slice(&text)), &out->arena, why);
        if (!code)
            code = take(out, root, why);
    }
    if (code)
        out->count = 0;
    buf_free(&text);
    return code;
}

void named_free(struct named *n)
{
    arena_free(&n->arena);
    n->count = 0;
}

/* A double-quoted scalar: what would need an escape is written as one. */
static void add_scalar(struct buf *out, struct slice text)
{
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte == '"' || byte == '\\')
            buf_add_byte(out, '\\');
        if (byte < 0x20 || byte == 0x7F)
            buf_add_format(out, "\\x%02X", byte);
        else
            buf_add_byte(out, text.at[i]);
    }
    buf_add_byte(out, '"');
}

enum fault_code named_save(struct slice name, struct slice filter, struct fault *why)
{
    char path[CONFIG_PATH];
    struct named *known = calloc(1, sizeof *known);
    struct buf text;
    if (!known || !config_place(path, FILE_NAME)) {
        free(known);
        return fault_set(why, FAULT_IO, "there is no folder for settings");
    }
    if (name.len == 0 || name.len > NAMED_NAME) {
        free(known);
        return fault_set(why, FAULT_USAGE, "a name of 1 to %d bytes is wanted", NAMED_NAME);
    }
    buf_init(&text, FILE_SIZE);
    enum fault_code code = named_load(known, why);
    buf_add_text(&text, "# Filters by name, kept by scimscope.\n");
    for (size_t i = 0; i < known->count; i++) {
        if (slice_equal(known->rows[i].name, name))
            continue;
        add_scalar(&text, known->rows[i].name);
        buf_add_text(&text, ": ");
        add_scalar(&text, known->rows[i].filter);
        buf_add_byte(&text, '\n');
    }
    if (filter.len > 0) {
        add_scalar(&text, name);
        buf_add_text(&text, ": ");
        add_scalar(&text, filter);
        buf_add_byte(&text, '\n');
    }
    if (!code && buf_full(&text))
        code = fault_set(why, FAULT_LIMIT, "there are too many filters with names");
    if (!code)
        code = config_write(path, buf_slice(&text), why);
    buf_free(&text);
    named_free(known);
    free(known);
    return code;
}
