/* The bytes of one source, read forward only (never mapped: a file may shrink under us).
 *
 * Opening checks what SECURITY.md section 4 asks: O_NOFOLLOW is not used (an operator may point at
 * a link), O_NONBLOCK and fstat are: only regular files and stdin are read. Everything read runs
 * through SHA-256. */
#ifndef IMPORT_INPUT_H
#define IMPORT_INPUT_H

#include "core/base/fault.h"
#include "core/base/hash.h"
#include "core/base/slice.h"

#include <stdatomic.h>

enum { INPUT_HEAD = 64 * 1024 }; /* bytes a reader may look at before it says "mine" */

struct input;

/* Opens a path, or stdin for "-". FAULT_MISSING names what is wrong (missing, not readable, not a
 * regular file, no bytes; that stdin has no bytes shows in input_head). */
enum fault_code input_open(struct input **out, const char *path, struct fault *why);
/* Bytes in memory as a source, for embedded samples and tests; borrowed. */
struct input *input_of_memory(const char *path, struct slice bytes);
/* Bytes that somebody else makes (a decompressed file, an archive's member). `read` gives at least
 * a byte, or `*got` 0 at the end; `close` (may be NULL) ends `self` with the input. */
struct input_source {
    enum fault_code (*read)(void *self, char *at, size_t size, size_t *got, struct fault *why);
    void (*close)(void *self);
    void *self;
};
struct input *input_of_source(const char *path, const struct input_source *source, uint64_t size,
                              int64_t mtime_us);
void input_close(struct input *in);
/* From now on input_read ends with FAULT_CANCELLED within a second after `*stop` became true, also
 * while it waits for stdin; borrowed, any thread may set it. */
void input_stop_on(struct input *in, const _Atomic bool *stop);

/* The file is still being written to: who reads lines leaves out what its end cuts off, and says
 * so. */
void input_set_growing(struct input *in);
bool input_is_growing(const struct input *in);
void input_set_cut(struct input *in);
bool input_is_cut(const struct input *in);

/* Reads up to `size` bytes; fewer only at the end. `*got` 0 = end. FAULT_IO when the file cannot be
 * read on (vanished, EIO); `*got` then tells what was read before. */
enum fault_code input_read(struct input *in, void *at, size_t size, size_t *got, struct fault *why);
/* The first bytes (at most INPUT_HEAD), without taking them; to be asked before the first
 * input_read, valid until then. Fewer at an early end or when reading fails (the next input_read
 * says why). */
struct slice input_head(struct input *in);

uint64_t input_offset(const struct input *in); /* of the next byte */
uint64_t input_size(const struct input *in);   /* 0 = not known (stdin) */
int64_t input_mtime(const struct input *in);   /* microseconds, TIME_NONE when not known */
const char *input_path(const struct input *in);
/* Nobody will ask for the digest: from now on nothing is hashed, which costs as much as reading
 * the fields of a HAR does. */
void input_drop_digest(struct input *in);
/* SHA-256 of all bytes read so far; empty behind input_drop_digest. */
void input_digest(const struct input *in, char out[HASH_HEX_SIZE]);

#endif
