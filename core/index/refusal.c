/* Knows where the first bytes of an index tell whose it is; see store_refusal() in store.h. */
#include "core/index/private.h"
#include "core/index/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The head of a SQLite file: numbers are big-endian. */
enum { HEAD_SIZE = 100, HEAD_VERSION = 60, HEAD_APPLICATION = 68 };

static uint32_t number_at(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool read_head(const char *path, unsigned char out[HEAD_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd >= 0 ? pread(fd, out, HEAD_SIZE, 0) : -1;
    if (fd >= 0)
        close(fd);
    return got == HEAD_SIZE;
}

enum store_refusal store_refusal(const char *path)
{
    unsigned char head[HEAD_SIZE];
    struct stat at;
    if (stat(path, &at) != 0)
        return errno == EACCES ? REFUSAL_UNREADABLE : REFUSAL_NO_PLACE;
    if (!S_ISREG(at.st_mode))
        return REFUSAL_FOREIGN;
    if (access(path, R_OK) != 0)
        return REFUSAL_UNREADABLE;
    if (!read_head(path, head) || memcmp(head, "SQLite format 3", 16) != 0 ||
        number_at(head + HEAD_APPLICATION) != INDEX_APPLICATION_ID)
        return REFUSAL_FOREIGN;
    if (number_at(head + HEAD_VERSION) > INDEX_VERSION)
        return REFUSAL_NEWER;
    return access(path, W_OK) != 0 ? REFUSAL_UNWRITABLE : REFUSAL_DAMAGED;
}
