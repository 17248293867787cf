/* The SHA-256 of what is read, made by a thread of its own behind the reading one: hashing a
 * capture costs as much as taking it apart. One thread uses a digest. */
#ifndef IMPORT_DIGEST_H
#define IMPORT_DIGEST_H

#include "core/base/hash.h"

struct digest;

/* Of no bytes yet; the thread begins when there is a block to hash. */
struct digest *digest_new(void);
void digest_free(struct digest *d);
/* Copies the bytes; waits when the thread is DIGEST_BLOCKS behind. */
void digest_add(struct digest *d, const void *at, size_t len);
/* Hex digest of what was added so far, all of it; more may follow. */
void digest_hex(struct digest *d, char out[HASH_HEX_SIZE]);

#endif
