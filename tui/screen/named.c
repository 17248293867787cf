/* See named.h. */
#include "tui/screen/named.h"

#include "core/base/buf.h"
#include "core/base/safe.h"
#include "core/base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_SIZE = YAML_SIZE, PATH_SIZE = 4096 };

static bool place_of(char path[PATH_SIZE])
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int len = base && base[0] == '/' ? snprintf(path, PATH_SIZE, "%s/scimscope/filters.yaml", base)
              : home && home[0] == '/'
                  ? snprintf(path, PATH_SIZE, "%s/.config/scimscope/filters.yaml", home)
                  : PATH_SIZE;
    return len > 0 && len < PATH_SIZE;
}

/* False with errno; ENOENT when there is none. */
static bool read_file(struct buf *out, const char *path)
{
    struct stat at;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool fine = fd >= 0 && fstat(fd, &at) == 0;
    if (fine && (!S_ISREG(at.st_mode) || at.st_size > FILE_SIZE)) {
        errno = EINVAL;
        fine = false;
    }
    char *to = fine ? buf_extend(out, (size_t)at.st_size) : NULL;
    fine = fine && (at.st_size == 0 || read(fd, to, (size_t)at.st_size) == at.st_size);
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return fine;
}

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
    char path[PATH_SIZE];
    struct buf text;
    struct yaml_node *root;
    out->count = 0;
    arena_init(&out->arena);
    if (!place_of(path))
        return FAULT_NONE;
    buf_init(&text, FILE_SIZE);
    enum fault_code code = FAULT_NONE;
    if (!read_file(&text, path)) {
        if (errno != ENOENT)
            code = fault_set(why, FAULT_IO, "filters.yaml cannot be read: %s", strerror(errno));
    } else {
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

static enum fault_code write_file(const char *path, const struct buf *text, struct fault *why)
{
    char beside[PATH_SIZE + 8], folder[PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(folder, 0700);
        *at = '/';
    }
    snprintf(beside, sizeof beside, "%s.new", path);
    unlink(beside); /* of one that was stopped here */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool whole = fd >= 0 && write(fd, text->at, text->len) == (ssize_t)text->len;
    if (fd >= 0)
        whole = close(fd) == 0 && whole;
    whole = whole && rename(beside, path) == 0;
    int error = errno;
    if (fd >= 0 && !whole)
        unlink(beside);
    return whole ? FAULT_NONE
                 : fault_set(why, FAULT_IO, "filters.yaml cannot be written: %s", strerror(error));
}

enum fault_code named_save(struct slice name, struct slice filter, struct fault *why)
{
    char path[PATH_SIZE];
    struct named *known = calloc(1, sizeof *known);
    struct buf text;
    if (!known || !place_of(path)) {
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
        code = write_file(path, &text, why);
    buf_free(&text);
    named_free(known);
    free(known);
    return code;
}
