/* Knows how to find what the build embedded; the table itself is made by tools/embed.sh. */
#include "core/base/embed.h"

struct slice embedded_find(const char *name)
{
    for (const struct embedded *e = embedded_files; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return slice_make((const char *)e->at, (size_t)(e->end - e->at));
    return SLICE_NONE;
}
