/* See path.h. */
#include "tui/view/path.h"

#include "core/base/alloc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

void path_names_free(struct path_names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->names[i]);
    *n = (struct path_names){0};
}

/* Where the last part of a path begins. */
static size_t last_part(struct slice path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    return at;
}

char *path_expand(struct slice path)
{
    const char *home = getenv("HOME");
    if (!slice_starts(path, "~/") || !home)
        return slice_dup(path);
    size_t size = strlen(home) + path.len + 1;
    char *out = xmalloc(size);
    snprintf(out, size, "%s%.*s", home, (int)path.len - 1, path.at + 1);
    return out;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void keep(struct path_names *out, const char *folder, const char *name)
{
    char whole[4096];
    struct stat at;
    size_t len = strlen(name);
    if (out->count == PATH_SHOWN) {
        out->more++;
        return;
    }
    char *kept = xmalloc(len + 2);
    memcpy(kept, name, len + 1);
    if (snprintf(whole, sizeof whole, "%s%s", folder, name) < (int)sizeof whole &&
        stat(whole, &at) == 0 && S_ISDIR(at.st_mode))
        memcpy(kept + len, "/", 2);
    out->names[out->count++] = kept;
}

void path_find(struct path_names *out, struct slice path)
{
    size_t at = last_part(path);
    struct slice begins = slice_from(path, at);
    path_names_free(out);
    char *folder = at > 0 ? path_expand(slice_first(path, at)) : slice_dup(SLICE("./"));
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        bool hidden = e->d_name[0] == '.' && !(begins.len > 0 && begins.at[0] == '.');
        bool self = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
        if (!hidden && !self && strncmp(e->d_name, begins.len ? begins.at : "", begins.len) == 0)
            keep(out, folder, e->d_name);
    }
    if (dir)
        closedir(dir);
    free(folder);
    if (out->count > 1)
        qsort(out->names, out->count, sizeof *out->names, compare_names);
}

bool path_complete(struct prompt *line, const struct path_names *names)
{
    struct slice path = buf_slice(&line->text);
    size_t at = last_part(path);
    if (names->count == 0)
        return false;
    size_t common = strlen(names->names[0]);
    for (size_t i = 1; i < names->count; i++) {
        size_t same = 0;
        while (same < common && names->names[i][same] == names->names[0][same])
            same++;
        common = same;
    }
    /* Never in the middle of a letter. */
    while (common > 0 && ((unsigned char)names->names[0][common] & 0xC0) == 0x80)
        common--;
    if (common <= path.len - at)
        return false;
    return prompt_replace(line, at, path.len, slice_make(names->names[0], common));
}
