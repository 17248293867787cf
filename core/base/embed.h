/* The files that the build puts into the program: rule packs, themes, keys, samples,
 * compiled translations. */
#ifndef CORE_BASE_EMBED_H
#define CORE_BASE_EMBED_H

#include "core/base/slice.h"

struct embedded {
    const char *name;        /* path in the source tree: "core/rules/iij.yaml", "po/ja.mo" */
    const unsigned char *at; /* first byte */
    const unsigned char *end;
};

extern const struct embedded
    embedded_files[]; /* ended by a NULL name; sorted by name in a folder */

/* The bytes of an embedded file, SLICE_NONE when there is none of that name. */
struct slice embedded_find(const char *name);

#endif
