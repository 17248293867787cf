/* Takes away an index that a test or a benchmark made, with all that stands beside it. */
#ifndef TESTS_INDEX_FILE_H
#define TESTS_INDEX_FILE_H

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* What is not there is no fault. */
static inline void index_remove(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".key", ".lock"};
    char name[PATH_MAX];
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

#endif
