/* Preloaded into the program under test: one allocation or one write fails, counted from its start.
 *
 *   FAIL_COUNT=FILE   writes "ALLOCATIONS WRITES" there at the end
 *   FAIL_MEMORY=N     the N-th malloc, calloc, realloc or aligned allocation gives NULL
 *   FAIL_WRITE=N      the N-th write, fsync, ftruncate ... to a file fails with FAIL_ERRNO (ENOSPC)
 *   FAIL_ON=1         all behind it fail too
 *
 * Writes to the terminal, pipes and devices are let through: they are no storage. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long allocations, writes;
static long fail_memory, fail_write;
static int fail_errno = ENOSPC, fail_on;
static _Atomic int ready;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *at, size_t size);

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    fail_memory = number("FAIL_MEMORY");
    fail_write = number("FAIL_WRITE");
    fail_on = (int)number("FAIL_ON");
    if (getenv("FAIL_ERRNO"))
        fail_errno = (int)number("FAIL_ERRNO");
    ready = 1;
}

static void report(void)
{
    const char *path = getenv("FAIL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    ready = 0;
    if (file) {
        fprintf(file, "%ld %ld\n", (long)allocations, (long)writes);
        fclose(file);
    }
}

__attribute__((destructor)) static void end(void)
{
    report();
}

static int hit(_Atomic long *count, long at)
{
    if (!ready)
        return 0;
    long now = ++*count;
    return at && (now == at || (fail_on && now > at));
}

void *malloc(size_t size)
{
    if (hit(&allocations, fail_memory)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (hit(&allocations, fail_memory)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
    if (hit(&allocations, fail_memory)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(at, size);
}

static int storage_fails(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
        return 0;
    if (!hit(&writes, fail_write))
        return 0;
    errno = fail_errno;
    return 1;
}

#define NEXT(name, type) ((type)(void *)dlsym(RTLD_NEXT, name))

ssize_t write(int fd, const void *bytes, size_t size)
{
    typedef ssize_t (*real)(int, const void *, size_t);
    return storage_fails(fd) ? -1 : NEXT("write", real)(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    typedef ssize_t (*real)(int, const void *, size_t, off_t);
    return storage_fails(fd) ? -1 : NEXT("pwrite", real)(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    typedef ssize_t (*real)(int, const void *, size_t, off64_t);
    return storage_fails(fd) ? -1 : NEXT("pwrite64", real)(fd, bytes, size, at);
}

int fsync(int fd)
{
    typedef int (*real)(int);
    return storage_fails(fd) ? -1 : NEXT("fsync", real)(fd);
}

int fdatasync(int fd)
{
    typedef int (*real)(int);
    return storage_fails(fd) ? -1 : NEXT("fdatasync", real)(fd);
}

int ftruncate(int fd, off_t size)
{
    typedef int (*real)(int, off_t);
    return storage_fails(fd) ? -1 : NEXT("ftruncate", real)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    typedef int (*real)(int, off64_t);
    return storage_fails(fd) ? -1 : NEXT("ftruncate64", real)(fd, size);
}
