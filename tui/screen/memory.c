/* Knows the form of the file and its place. See memory.h. */
#include "tui/screen/memory.h"

#include "core/base/alloc.h"
#include "core/base/hash.h"
#include "core/index/filter.h"
#include "tui/screen/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE "scimscope state 1"

enum { FILE_SIZE = FILTER_SIZE + 256, MEMORY_NAME = 32 /* letters of the hash */ };

void memory_init(struct memory *m)
{
    *m = (struct memory){.order = ORDER_NEWEST};
    buf_init(&m->filter, FILTER_SIZE);
}

void memory_free(struct memory *m)
{
    buf_free(&m->filter);
}

/* The folder, then in it a name made of the whole path of the index. False: no place for it. */
static bool place_of(struct buf *out, const char *index_path, bool make)
{
    char hex[HASH_HEX_SIZE], place[CONFIG_PATH], *whole = realpath(index_path, NULL);
    if (!whole)
        return false;
    struct hash_sha *hash = hash_sha_new();
    hash_sha_add(hash, whole, strlen(whole));
    hash_sha_hex(hash, hex);
    hash_sha_free(hash);
    free(whole);
    hex[MEMORY_NAME] = '\0';
    if (!config_state_place(place, hex))
        return false;
    buf_init(out, CONFIG_PATH);
    buf_add_text(out, place);
    for (char *at = strchr(out->at + 1, '/'); make && at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(out->at, 0700) == 0)
            chmod(out->at, 0700); /* whatever the umask */
        *at = '/';
    }
    return true;
}

static bool read_file(struct buf *out, const char *path)
{
    struct stat at;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool ours = fd >= 0 && fstat(fd, &at) == 0 && S_ISREG(at.st_mode) && at.st_uid == geteuid() &&
                at.st_size > 0 && at.st_size < FILE_SIZE;
    char *to = ours ? buf_extend(out, (size_t)at.st_size) : NULL;
    ssize_t got = to ? read(fd, to, (size_t)at.st_size) : -1;
    if (fd >= 0)
        close(fd);
    return got >= 0 && (size_t)got == out->len;
}

/* Lines of the form `name value`; the filter is the rest, for it may hold line ends. */
static bool parse(struct memory *m, struct slice text)
{
    struct slice line, order, entry;
    if (!slice_cut(&text, '\n', &line) || !slice_is(line, FIRST_LINE) ||
        !slice_cut(&text, '\n', &order) || !slice_cut(&text, '\n', &entry) ||
        !slice_starts(text, "filter ") || !slice_starts(entry, "entry ") ||
        !slice_to_int64(slice_from(entry, 6), &m->entry) || m->entry < 0)
        return false;
    m->order = slice_is(order, "order oldest") ? ORDER_OLDEST : ORDER_NEWEST;
    return buf_add(&m->filter, slice_from(text, 7));
}

bool memory_load(struct memory *m, const char *index_path)
{
    struct buf path, text;
    memory_init(m);
    if (!place_of(&path, index_path, false))
        return false;
    buf_init(&text, FILE_SIZE);
    bool known = read_file(&text, path.at) && parse(m, buf_slice(&text));
    buf_free(&text);
    buf_free(&path);
    if (!known) {
        memory_free(m);
        memory_init(m);
    }
    return known;
}

void memory_save(const struct memory *m, const char *index_path)
{
    struct buf path, text;
    char beside[4096 + 8];
    if (!place_of(&path, index_path, true))
        return;
    buf_init(&text, FILE_SIZE);
    buf_add_format(&text, FIRST_LINE "\norder %s\nentry %lld\nfilter ",
                   m->order == ORDER_OLDEST ? "oldest" : "newest", (long long)m->entry);
    buf_add(&text, buf_slice(&m->filter));
    snprintf(beside, sizeof beside, "%s.new", path.at);
    unlink(beside); /* of one that was stopped here */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool whole = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len;
    if (fd >= 0)
        whole = close(fd) == 0 && whole;
    if (fd >= 0 && (!whole || rename(beside, path.at) != 0))
        unlink(beside);
    buf_free(&text);
    buf_free(&path);
}

void memory_forget(const char *index_path)
{
    struct buf path;
    if (!place_of(&path, index_path, false))
        return;
    unlink(path.at);
    if (buf_add_text(&path, ".new"))
        unlink(path.at);
    buf_free(&path);
}
