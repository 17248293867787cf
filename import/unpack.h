/* Compressed files and archives: what is in them, one member at a time, read forward only and never
 * written to disk. gzip, xz, zstd, zlib around one file; zip and tar with many. */
#ifndef IMPORT_UNPACK_H
#define IMPORT_UNPACK_H

#include "import/input.h"

/* Ceilings of DESIGN.md section 3. */
enum { UNPACK_MEMBERS = 100000, UNPACK_RATIO = 200, UNPACK_FREE = 1024 * 1024, UNPACK_DEPTH = 2 };
#define UNPACK_SIZE (UINT64_C(16) * 1024 * 1024 * 1024) /* of one member */

/* Whether a file that begins so is compressed or an archive. */
bool unpack_is_packed(struct slice head);

struct unpack;

/* Starts on `in`, which is borrowed and read from its present place on. */
enum fault_code unpack_open(struct unpack **out, struct input *in, struct fault *why);
void unpack_close(struct unpack *u); /* NULL-safe */

enum unpack_step {
    UNPACK_MEMBER, /* *member is open: close it before the next call */
    UNPACK_BAD,    /* a member that cannot be read: *name and `why` tell; go on */
    UNPACK_END,
    UNPACK_FAILED /* nothing more can be read: `why` */
};

/* The next regular member. `*name` (borrowed until the next call) is its name in the archive, or
 * NULL for the one file inside a compressed file. A member that breaks a ceiling ends with
 * FAULT_LIMIT where it does, after the bytes before. */
enum unpack_step unpack_next(struct unpack *u, struct input **member, const char **name,
                             struct fault *why);

#endif
