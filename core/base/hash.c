/* Knows SHA-256 and HMAC-SHA-256 with kept midstates; knows nothing of what is hashed, or why.
 *
 * The EVP interface of OpenSSL 3 allocates with every copy of a state, which costs more than the
 * hash itself (1.3 us against 0.15 us for a tag), so the plain SHA256_CTX is used: a state that is
 * copied by assignment. OPENSSL_API_COMPAT says that this is meant. */
#define OPENSSL_API_COMPAT 0x10100000L

#include "core/base/hash.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum { HMAC_BLOCK = 64 };

struct hash_sha {
    SHA256_CTX state;
};

struct hash_key {
    SHA256_CTX inner, outer; /* after the padded key */
};

/* Short parts are gathered: to begin a hash anew for each would cost more than hashing them. */
struct hash_print {
    const struct hash_key *key;
    SHA256_CTX state;
    size_t gathered;
    unsigned char bytes[512];
};

static void add_hex(char *out, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * count] = '\0';
}

struct hash_sha *hash_sha_new(void)
{
    struct hash_sha *h = xmalloc(sizeof *h);
    SHA256_Init(&h->state);
    return h;
}

void hash_sha_add(struct hash_sha *h, const void *at, size_t len)
{
    if (len)
        SHA256_Update(&h->state, at, len);
}

void hash_sha_hex(const struct hash_sha *h, char out[HASH_HEX_SIZE])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX state = h->state;
    SHA256_Final(digest, &state);
    add_hex(out, digest, sizeof digest);
}

void hash_sha_free(struct hash_sha *h)
{
    free(h);
}

struct hash_key *hash_key_new(const unsigned char key[HASH_KEY_SIZE])
{
    struct hash_key *out = xmalloc(sizeof *out);
    unsigned char pad[HMAC_BLOCK];
    memset(pad, 0x36, sizeof pad);
    for (size_t i = 0; i < HASH_KEY_SIZE; i++)
        pad[i] = (unsigned char)(key[i] ^ 0x36);
    SHA256_Init(&out->inner);
    SHA256_Update(&out->inner, pad, sizeof pad);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    SHA256_Init(&out->outer);
    SHA256_Update(&out->outer, pad, sizeof pad);
    OPENSSL_cleanse(pad, sizeof pad);
    return out;
}

void hash_key_free(struct hash_key *key)
{
    if (key)
        OPENSSL_cleanse(key, sizeof *key);
    free(key);
}

/* Ends the inner hash in `state` and wraps it into the outer one. */
static void finish(const struct hash_key *key, SHA256_CTX *state,
                   unsigned char out[SHA256_DIGEST_LENGTH])
{
    SHA256_Final(out, state);
    *state = key->outer;
    SHA256_Update(state, out, SHA256_DIGEST_LENGTH);
    SHA256_Final(out, state);
}

void hash_tag(const struct hash_key *key, struct slice value, char out[HASH_TAG_SIZE])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX state = key->inner;
    if (value.len)
        SHA256_Update(&state, value.at, value.len);
    finish(key, &state, digest);
    add_hex(out, digest, (HASH_TAG_SIZE - 1) / 2);
}

struct hash_print *hash_print_new(const struct hash_key *key)
{
    struct hash_print *p = xmalloc(sizeof *p);
    p->key = key;
    p->state = key->inner;
    p->gathered = 0;
    return p;
}

static void flush(struct hash_print *p)
{
    SHA256_Update(&p->state, p->bytes, p->gathered);
    p->gathered = 0;
}

static void gather(struct hash_print *p, const void *at, size_t len)
{
    if (len > sizeof p->bytes - p->gathered)
        flush(p);
    if (len > sizeof p->bytes) {
        SHA256_Update(&p->state, at, len);
        return;
    }
    memcpy(p->bytes + p->gathered, at, len);
    p->gathered += len;
}

/* One byte says what follows, eight its length or value. */
static void add_head(struct hash_print *p, char kind, uint64_t number)
{
    unsigned char head[9];
    head[0] = (unsigned char)kind;
    for (size_t i = 0; i < 8; i++)
        head[1 + i] = (unsigned char)(number >> (8 * i));
    gather(p, head, sizeof head);
}

void hash_print_add(struct hash_print *p, struct slice part)
{
    add_head(p, slice_is_none(part) ? 'n' : 's', part.len);
    if (part.len)
        gather(p, part.at, part.len);
}

void hash_print_add_int(struct hash_print *p, int64_t part)
{
    add_head(p, 'i', (uint64_t)part);
}

uint64_t hash_print_end(struct hash_print *p)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    flush(p);
    finish(p->key, &p->state, digest);
    p->state = p->key->inner;
    uint64_t out = 0;
    for (size_t i = 0; i < 8; i++)
        out |= (uint64_t)digest[i] << (8 * i);
    return out;
}

void hash_print_free(struct hash_print *p)
{
    free(p);
}

void hash_random(unsigned char *out, size_t len)
{
    while (len) {
        ssize_t got = getrandom(out, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fputs("scimscope: the system gives no random bytes\n", stderr);
            exit(70);
        }
        out += got;
        len -= (size_t)got;
    }
}
