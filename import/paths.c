/* Knows how directories become lists of files; see paths.h. */
#include "import/paths.h"

#include "core/base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct path_item *add_item(struct path_list *list, const char *path)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->at = xrealloc(list->at, list->cap, sizeof *list->at);
    }
    struct path_item *item = &list->at[list->count++];
    *item = (struct path_item){.path = xstrdup(path)};
    return item;
}

static char *join(const char *directory, const char *name)
{
    size_t len = strlen(directory);
    while (len > 1 && directory[len - 1] == '/')
        len--;
    bool root = len == 1 && directory[0] == '/';
    size_t size = len + strlen(name) + 2;
    char *path = xmalloc(size);
    snprintf(path, size, "%.*s%s%s", (int)len, directory, root ? "" : "/", name);
    return path;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_member(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void add_directory(struct path_list *list, const char *path, unsigned depth);

static void add_member(struct path_list *list, char *path, unsigned depth)
{
    struct stat about;
    bool link = lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
    if (stat(path, &about) != 0)
        about.st_mode = 0;
    if (S_ISDIR(about.st_mode) && !link && depth < PATHS_DEPTH)
        add_directory(list, path, depth + 1);
    else if (S_ISREG(about.st_mode) && list->count < PATHS_LIMIT)
        add_item(list, path)->size = (uint64_t)about.st_size;
    else if (S_ISREG(about.st_mode) && list->count == PATHS_LIMIT)
        fault_set(&add_item(list, path)->why, FAULT_LIMIT, "and what follows: more than %d files",
                  PATHS_LIMIT);
    free(path);
}

static void add_directory(struct path_list *list, const char *path, unsigned depth)
{
    struct dirent **names = NULL;
    int count = scandir(path, &names, is_member, by_name);
    if (count < 0) {
        fault_set(&add_item(list, path)->why, FAULT_MISSING, "directory not readable: %s",
                  strerror(errno));
        return;
    }
    size_t before = list->count;
    for (int i = 0; i < count; i++) {
        add_member(list, join(path, names[i]->d_name), depth);
        free(names[i]);
    }
    free(names);
    if (list->count == before && depth == 0)
        fault_set(&add_item(list, path)->why, FAULT_MISSING, "is a directory without files");
}

void paths_expand(struct path_list *out, const char *const *given, size_t count)
{
    *out = (struct path_list){0};
    for (size_t i = 0; i < count; i++) {
        struct stat about;
        bool is_stdin = strcmp(given[i], "-") == 0;
        if (is_stdin || stat(given[i], &about) != 0)
            add_item(out, given[i]); /* what is wrong with it, opening it will say */
        else if (S_ISDIR(about.st_mode))
            add_directory(out, given[i], 0);
        else
            add_item(out, given[i])->size = (uint64_t)about.st_size;
    }
}

void paths_free(struct path_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i].path);
    free(list->at);
    *list = (struct path_list){0};
}
