/* Knows how one import at a time holds an index: an advisory lock on <db>.lock with the holder's
 * process number in it. The file stays; the lock goes with the process. */
#include "core/index/private.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_STEP_MS = 50 };

static char *beside(const char *path, const char *suffix)
{
    size_t len = strlen(path) + strlen(suffix) + 1;
    char *out = xmalloc(len);
    snprintf(out, len, "%s%s", path, suffix);
    return out;
}

static long holder_of(int fd)
{
    char text[24] = {0};
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    return got > 0 ? strtol(text, NULL, 10) : 0;
}

static enum fault_code refused(const char *path, struct fault *why)
{
    char shown[120];
    return fault_set(why, FAULT_INDEX, "lock %s.lock cannot be used: %s",
                     safe_short(shown, sizeof shown, slice_of(path)), strerror(errno));
}

static enum fault_code wait_for(int fd, const char *path, int seconds, struct fault *why)
{
    for (int waited = 0;; waited += WAIT_STEP_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return FAULT_NONE;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return refused(path, why);
        if (waited >= seconds * 1000)
            break;
        nanosleep(&(struct timespec){.tv_nsec = WAIT_STEP_MS * 1000000L}, NULL);
    }
    char shown[120];
    return fault_set(why, FAULT_BUSY, "index %s is held by another import (process %ld)",
                     safe_short(shown, sizeof shown, slice_of(path)), holder_of(fd));
}

enum fault_code lock_take(int *out, const char *path, int seconds, struct fault *why)
{
    *out = -1;
    char *name = beside(path, ".lock");
    int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    free(name);
    struct stat st;
    if (fd < 0)
        return refused(path, why);
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        close(fd);
        errno = EINVAL;
        return refused(path, why);
    }
    enum fault_code code = wait_for(fd, path, seconds, why);
    if (code) {
        close(fd);
        return code;
    }
    /* The umask may have taken even the owner's rights. */
    char text[24];
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (fchmod(fd, 0600) != 0 || ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len) {
        char shown[120];
        code = fault_set(why, FAULT_IO, "lock %s.lock cannot be written: %s",
                         safe_short(shown, sizeof shown, slice_of(path)), strerror(errno));
        close(fd);
        return code;
    }
    *out = fd;
    return FAULT_NONE;
}

void lock_release(int fd)
{
    if (fd < 0)
        return;
    /* Nobody is named while nobody holds it; a failure here only leaves an old number. */
    if (ftruncate(fd, 0) != 0)
        errno = 0;
    close(fd);
}
