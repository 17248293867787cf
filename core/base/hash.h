/* Hashes: SHA-256 of sources, keyed tags of redacted values, keyed fingerprints (libcrypto).
 * The key's HMAC midstates are kept, so a tag costs two SHA-256 blocks. */
#ifndef CORE_BASE_HASH_H
#define CORE_BASE_HASH_H

#include "core/base/slice.h"

enum { HASH_KEY_SIZE = 32, HASH_TAG_SIZE = 13 /* 12 hex digits and NUL */, HASH_HEX_SIZE = 65 };

/* Running SHA-256. */
struct hash_sha;
struct hash_sha *hash_sha_new(void);
void hash_sha_add(struct hash_sha *h, const void *at, size_t len);
/* Hex digest of what was added so far; the run goes on. */
void hash_sha_hex(const struct hash_sha *h, char out[HASH_HEX_SIZE]);
void hash_sha_free(struct hash_sha *h);

/* A key with its midstates. Read-only once made, may be shared by threads. */
struct hash_key;
struct hash_key *hash_key_new(const unsigned char key[HASH_KEY_SIZE]);
void hash_key_free(struct hash_key *key);

/* The first 12 hex digits of HMAC-SHA-256(key, value): the tag of DESIGN.md section 8. */
void hash_tag(const struct hash_key *key, struct slice value, char out[HASH_TAG_SIZE]);

/* A fingerprint: parts are length-prefixed, so ("ab","c") and ("a","bc") differ. */
struct hash_print;
struct hash_print *hash_print_new(const struct hash_key *key);
void hash_print_add(struct hash_print *p, struct slice part); /* SLICE_NONE differs from empty */
void hash_print_add_int(struct hash_print *p, int64_t part);
uint64_t hash_print_end(struct hash_print *p); /* and starts anew */
void hash_print_free(struct hash_print *p);

/* Fills `out` with bytes from the system's random source; ends the program when there is none. */
void hash_random(unsigned char *out, size_t len);

#endif
