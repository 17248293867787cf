/* What the operator named, as a list of sources: files and "-" as they are, directories as the
 * files in them, recursively and sorted by name. Opens no file. */
#ifndef IMPORT_PATHS_H
#define IMPORT_PATHS_H

#include "core/base/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PATHS_LIMIT = 65535, /* sources of an index */
    PATHS_DEPTH = 64     /* directories in directories */
};

struct path_item {
    char *path;       /* as given, or DIR/NAME */
    uint64_t size;    /* 0 = not known */
    struct fault why; /* code other than FAULT_NONE: refused already, with this sentence */
};

struct path_list {
    struct path_item *at;
    size_t count, cap;
};

/* Within directories what is no regular file is left out quietly and links to directories are not
 * followed; a directory that cannot be read or holds no file becomes a refused item. */
void paths_expand(struct path_list *out, const char *const *given, size_t count);
void paths_free(struct path_list *list);

#endif
