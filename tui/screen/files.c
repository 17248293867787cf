/* See files.h. */
#include "tui/screen/files.h"

#include "core/base/alloc.h"
#include "tui/screen/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPIES "copied.txt"

/* One question at work. */
struct looking {
    const struct question *question;
    struct answer *answer;
    bool (*stale)(void *job);
    void *job;
};

char *files_expand(struct slice path)
{
    const char *home = getenv("HOME");
    if (!slice_starts(path, "~/") || !home)
        return slice_dup(path);
    size_t size = strlen(home) + path.len + 1;
    char *out = xmalloc(size);
    snprintf(out, size, "%s%.*s", home, (int)path.len - 1, path.at + 1);
    return out;
}

/* --- paths ------------------------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b)
{
    const struct slice *one = a, *other = b;
    size_t least = one->len < other->len ? one->len : other->len;
    int order = memcmp(one->at, other->at, least);
    return order ? order : one->len < other->len ? -1 : one->len > other->len;
}

static void keep(struct looking *k, const char *folder, const char *name)
{
    struct paths_answer *out = &k->answer->paths;
    char whole[4096];
    struct stat at;
    if (out->count == PATHS_SHOWN) {
        out->more++;
        return;
    }
    bool is_folder = snprintf(whole, sizeof whole, "%s%s", folder, name) < (int)sizeof whole &&
                     stat(whole, &at) == 0 && S_ISDIR(at.st_mode);
    out->names[out->count++] = arena_format(&k->answer->arena, "%s%s", name, is_folder ? "/" : "");
}

/* The names in a folder that begin so. */
static enum fault_code list_folder(struct looking *k, const char *folder, struct slice begins)
{
    DIR *dir = opendir(folder);
    bool cancelled = false;
    for (struct dirent *e; dir && !cancelled && (e = readdir(dir));) {
        bool hidden = e->d_name[0] == '.' && !(begins.len > 0 && begins.at[0] == '.');
        bool self = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
        if (!hidden && !self && strncmp(e->d_name, begins.len ? begins.at : "", begins.len) == 0)
            keep(k, folder, e->d_name);
        cancelled = k->stale && k->stale(k->job);
    }
    if (dir)
        closedir(dir);
    return cancelled ? FAULT_CANCELLED : FAULT_NONE;
}

static enum fault_code answer_paths(struct looking *k)
{
    struct paths_answer *out = &k->answer->paths;
    struct slice path = out->path = arena_copy(&k->answer->arena, slice_of(k->question->text));
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    out->names = arena_zalloc(&k->answer->arena, PATHS_SHOWN, sizeof *out->names);
    char *folder = at > 0 ? files_expand(slice_first(path, at)) : slice_dup(SLICE("./"));
    enum fault_code bad = list_folder(k, folder, slice_from(path, at));
    free(folder);
    if (out->count > 1)
        qsort(out->names, out->count, sizeof *out->names, compare_names);
    char *whole = files_expand(slice_trim(path));
    out->there = *whole && access(whole, F_OK) == 0;
    out->unread = *whole && access(whole, R_OK) != 0 ? errno : 0;
    free(whole);
    return bad;
}

/* --- all -------------------------------------------------------------------------------------- */

static enum fault_code answer_named(struct looking *k)
{
    const struct question *q = k->question;
    struct answer *a = k->answer;
    struct named *known = xcalloc(1, sizeof *known);
    enum fault_code bad = FAULT_NONE;
    a->named.kept = q->text && *q->filter;
    a->named.forgotten = q->text && !*q->filter;
    if (q->text)
        bad = named_save(slice_of(q->text), slice_of(q->filter), &a->why);
    if (!bad)
        bad = named_load(known, &a->why);
    a->named.named = arena_zalloc(&a->arena, 1, sizeof *known);
    for (size_t i = 0; !bad && i < known->count; i++)
        a->named.named->rows[a->named.named->count++] =
            (struct named_filter){arena_copy(&a->arena, known->rows[i].name),
                                  arena_copy(&a->arena, known->rows[i].filter)};
    named_free(known);
    free(known);
    return bad;
}

static enum fault_code answer_copy(struct looking *k)
{
    char path[CONFIG_PATH];
    struct answer *a = k->answer;
    if (!config_state_place(path, COPIES))
        return fault_set(&a->why, FAULT_IO, "there is no folder for what is copied");
    a->copied = arena_copy(&a->arena, slice_of(path));
    return config_write(path, slice_of(k->question->text), &a->why);
}

void files_answer(void *self, const struct question *q, struct answer *a, bool (*stale)(void *job),
                  void *job)
{
    struct looking k = {q, a, stale, job};
    (void)self;
    a->bad = q->kind == ASK_PATHS   ? answer_paths(&k)
             : q->kind == ASK_NAMED ? answer_named(&k)
                                    : answer_copy(&k);
}
