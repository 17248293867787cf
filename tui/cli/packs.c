/* Knows where the operator's rule packs lie; see packs.h. */
#include "tui/cli/packs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

static const char *packs_folder(struct arena *arena)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (base && base[0] == '/')
        return arena_format(arena, "%s/scimscope/rules.d", base).at;
    if (home && home[0] == '/')
        return arena_format(arena, "%s/.config/scimscope/rules.d", home).at;
    return NULL;
}

static int packs_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static enum fault_code packs_add(const char *out[PACKS_LIMIT], size_t *count, const char *path,
                                 struct fault *why)
{
    if (*count == PACKS_LIMIT)
        return fault_set(why, FAULT_CONFIG, "more than %d rule packs", PACKS_LIMIT);
    out[(*count)++] = path;
    return FAULT_NONE;
}

static enum fault_code packs_of_folder(struct arena *arena, const char *out[PACKS_LIMIT],
                                       size_t *count, struct fault *why)
{
    const char *folder = packs_folder(arena);
    DIR *dir = folder ? opendir(folder) : NULL;
    enum fault_code code = FAULT_NONE;
    if (!dir)
        return !folder || errno == ENOENT || errno == ENOTDIR
                   ? FAULT_NONE
                   : fault_set(why, FAULT_CONFIG, "%s: %s", folder, strerror(errno));
    for (struct dirent *e; !code && (e = readdir(dir));) {
        struct slice name = slice_of(e->d_name);
        if (e->d_name[0] == '.' || !slice_ends_fold(name, ".yaml"))
            continue;
        code = packs_add(out, count, arena_format(arena, "%s/%s", folder, e->d_name).at, why);
    }
    closedir(dir);
    qsort(out, *count, sizeof *out, packs_compare);
    return code;
}

enum fault_code packs_find(const struct cli *cli, struct arena *arena, const char *out[PACKS_LIMIT],
                           size_t *count, struct fault *why)
{
    size_t at = 0;
    *count = 0;
    enum fault_code code = packs_of_folder(arena, out, count, why);
    for (size_t i = 0; !code && i < cli->settings.rule_count; i++)
        code = packs_add(out, count, cli->settings.rules[i], why);
    for (const char *file; !code && (file = options_each(&cli->options, "--rules", &at));)
        code = packs_add(out, count, file, why);
    return code;
}
