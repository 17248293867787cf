/* SHA-256, tags and fingerprints, against published vectors. */
#include "core/base/hash.h"

#include <criterion/criterion.h>

/* A key shorter than a block is padded with zeros, so the vectors of RFC 4231 with short keys fit.
 */
static struct hash_key *key_of(const char *text)
{
    unsigned char key[HASH_KEY_SIZE] = {0};
    memcpy(key, text, strlen(text));
    return hash_key_new(key);
}

Test(hash, sha256_of_abc_in_two_parts)
{
    struct hash_sha *h = hash_sha_new();
    char hex[HASH_HEX_SIZE];
    hash_sha_hex(h, hex);
    cr_expect_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash_sha_add(h, "ab", 2);
    hash_sha_hex(h, hex);
    hash_sha_add(h, "c", 1);
    hash_sha_hex(h, hex);
    cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha_free(h);
}

Test(hash, tag_is_the_head_of_hmac_sha256)
{
    struct hash_key *key = key_of("Jefe");
    char tag[HASH_TAG_SIZE];
    hash_tag(key, SLICE("what do ya want for nothing?"), tag);
    cr_expect_str_eq(tag, "5bdcc146bf60");
    hash_tag(key, SLICE("what do ya want for nothing?"), tag);
    cr_expect_str_eq(tag, "5bdcc146bf60", "the midstates are not used up");
    hash_key_free(key);
}

Test(hash, another_key_gives_another_tag)
{
    struct hash_key *a = key_of("one"), *b = key_of("two");
    char of_a[HASH_TAG_SIZE], of_b[HASH_TAG_SIZE];
    hash_tag(a, SLICE("secret"), of_a);
    hash_tag(b, SLICE("secret"), of_b);
    cr_expect_str_neq(of_a, of_b);
    hash_key_free(a);
    hash_key_free(b);
}

static uint64_t print_of(struct hash_print *p, struct slice a, struct slice b)
{
    hash_print_add(p, a);
    hash_print_add(p, b);
    return hash_print_end(p);
}

Test(hash, fingerprint_tells_where_parts_end)
{
    struct hash_key *key = key_of("k");
    struct hash_print *p = hash_print_new(key);
    uint64_t whole = print_of(p, SLICE("ab"), SLICE("c"));
    cr_expect_eq(whole, print_of(p, SLICE("ab"), SLICE("c")), "ending starts anew");
    cr_expect_neq(whole, print_of(p, SLICE("a"), SLICE("bc")));
    cr_expect_neq(print_of(p, SLICE_NONE, SLICE("c")), print_of(p, SLICE(""), SLICE("c")));
    hash_print_add_int(p, 7);
    uint64_t seven = hash_print_end(p);
    hash_print_add_int(p, -7);
    cr_expect_neq(seven, hash_print_end(p));
    hash_print_free(p);
    hash_key_free(key);
}

Test(hash, random_bytes_differ)
{
    unsigned char a[HASH_KEY_SIZE] = {0}, b[HASH_KEY_SIZE] = {0};
    hash_random(a, sizeof a);
    hash_random(b, sizeof b);
    cr_expect_neq(memcmp(a, b, sizeof a), 0);
}
