/* The digest made beside the reading is that of the bytes, however they come and whenever it is
 * asked for. */
#include "import/digest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

enum { SIZE = 3 * 1024 * 1024 + 17 };

static void expect_digest(size_t step, size_t ask_every)
{
    char *bytes = malloc(SIZE), want[HASH_HEX_SIZE], got[HASH_HEX_SIZE];
    uint64_t seed = 1;
    for (size_t i = 0; i < SIZE; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        bytes[i] = (char)(seed >> 56);
    }
    struct digest *d = digest_new();
    struct hash_sha *sha = hash_sha_new();
    for (size_t at = 0, parts = 1; at < SIZE; at += step, parts++) {
        size_t part = SIZE - at < step ? SIZE - at : step;
        digest_add(d, bytes + at, part);
        hash_sha_add(sha, bytes + at, part);
        memset(bytes + at, 0, part); /* the bytes are the caller's again */
        if (parts % ask_every)
            continue;
        digest_hex(d, got);
        hash_sha_hex(sha, want);
        cr_assert(eq(str, got, want), "behind %zu bytes", at + part);
    }
    digest_hex(d, got);
    hash_sha_hex(sha, want);
    cr_expect(eq(str, got, want));
    digest_free(d);
    hash_sha_free(sha);
    free(bytes);
}

Test(digest, is_that_of_all_bytes_in_their_order)
{
    expect_digest(1000, 100000);
    expect_digest(128 * 1024, 5);
    expect_digest(777777, 2);
    expect_digest(SIZE, 1);
}

Test(digest, may_be_asked_for_between_any_two_parts)
{
    expect_digest(99991, 1);
    expect_digest(60000, 3);
}

Test(digest, of_nothing_is_that_of_nothing)
{
    char got[HASH_HEX_SIZE];
    struct digest *d = digest_new();
    digest_hex(d, got);
    cr_expect(eq(str, got, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    digest_free(d);
    digest_free(NULL);
}
