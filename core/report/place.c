/* Knows how a file is put in its place; see place.h. */
#include "core/report/place.h"

#include "core/base/hash.h"
#include "core/base/safe.h"
#include "core/base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum fault_code report_io(struct fault *why, const char *what, const char *name)
{
    int error = errno;
    char shown[80];
    fault_set(why, FAULT_IO, "%s %s: %s", safe_short(shown, sizeof shown, slice_of(name)), _(what),
              strerror(error));
    errno = error;
    return FAULT_IO;
}

/* Opens the directory of `path`; a report never goes through what somebody put in its place. */
static enum fault_code report_folder(struct report_place *place, const char *path,
                                     struct fault *why)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? slice_dup(slice_make(path, slash == path ? 1 : (size_t)(slash - path)))
                         : slice_dup(SLICE("."));
    place->name = slash ? slash + 1 : path;
    place->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum fault_code code =
        place->folder < 0 ? report_io(why, N_("cannot be opened"), folder) : FAULT_NONE;
    free(folder);
    if (code)
        return code;
    struct stat there;
    if (fstatat(place->folder, place->name, &there, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISREG(there.st_mode))
            return FAULT_NONE;
        char shown[80];
        errno = S_ISDIR(there.st_mode) ? EISDIR : S_ISLNK(there.st_mode) ? ELOOP : EINVAL;
        return fault_set(why, FAULT_IO, "%s is %s and is left alone",
                         safe_short(shown, sizeof shown, slice_of(path)),
                         S_ISLNK(there.st_mode)   ? _("a symbolic link")
                         : S_ISDIR(there.st_mode) ? _("a directory")
                                                  : _("no regular file"));
    }
    return errno == ENOENT && *place->name ? FAULT_NONE
                                           : report_io(why, N_("cannot be written"), path);
}

static enum fault_code report_temporary(struct report_place *place, const char *path,
                                        struct fault *why)
{
    for (int attempt = 0; attempt < 16; attempt++) {
        unsigned char random[8];
        hash_random(random, sizeof random);
        int used = snprintf(place->temporary, sizeof place->temporary, ".scimscope-");
        for (size_t i = 0; i < sizeof random; i++)
            used += snprintf(place->temporary + used, sizeof place->temporary - (size_t)used,
                             "%02x", random[i]);
        place->fd = openat(place->folder, place->temporary,
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (place->fd >= 0)
            return FAULT_NONE;
        if (errno != EEXIST)
            break;
    }
    return report_io(why, N_("cannot be written"), path);
}

enum fault_code place_open(struct report_place *place, const char *path, struct fault *why)
{
    *place = (struct report_place){.folder = -1, .fd = -1};
    enum fault_code code = report_folder(place, path, why);
    if (!code)
        code = report_temporary(place, path, why);
    if (code)
        place_give_up(place);
    return code;
}

void place_give_up(struct report_place *place)
{
    int error = errno;
    if (place->fd >= 0)
        close(place->fd);
    if (place->folder >= 0) {
        if (place->temporary[0])
            unlinkat(place->folder, place->temporary, 0);
        close(place->folder);
    }
    *place = (struct report_place){.folder = -1, .fd = -1};
    errno = error;
}

enum fault_code place_keep(struct report_place *place, const char *path, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    if (fsync(place->fd) != 0 && errno != EINVAL)
        code = report_io(why, N_("cannot be written"), path);
    int fd = place->fd;
    place->fd = -1;
    if (close(fd) != 0 && !code)
        code = report_io(why, N_("cannot be written"), path);
    if (!code && renameat(place->folder, place->temporary, place->folder, place->name) != 0)
        code = report_io(why, N_("cannot be written"), path);
    if (!code)
        place->temporary[0] = '\0'; /* it is the file now */
    place_give_up(place);
    return code;
}
