/* Knows how to get memory and how to end without it; see alloc.h. */
#include "core/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*restore_terminal)(void);

void alloc_on_exhausted(void (*restore)(void))
{
    restore_terminal = restore;
}

_Noreturn void alloc_exhausted(void)
{
    static const char said[] = "scimscope: out of memory\n";
    if (restore_terminal)
        restore_terminal();
    ssize_t wrote = write(STDERR_FILENO, said, sizeof said - 1);
    (void)wrote;
    _exit(6);
}

void *xmalloc(size_t size)
{
    void *at = malloc(size ? size : 1);
    if (!at)
        alloc_exhausted();
    return at;
}

void *xcalloc(size_t count, size_t size)
{
    void *at = calloc(count ? count : 1, size ? size : 1);
    if (!at)
        alloc_exhausted();
    return at;
}

void *xrealloc(void *at, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        alloc_exhausted();
    size_t wanted = count * size;
    void *moved = realloc(at, wanted ? wanted : 1);
    if (!moved)
        alloc_exhausted();
    return moved;
}

char *xstrdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(xmalloc(size), text, size);
}
