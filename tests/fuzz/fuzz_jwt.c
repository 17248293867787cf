/* Fuzz target: tokens in text, and the claims read back from their tags. */
#include "core/redact/redact.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char bytes[HASH_KEY_SIZE] = {7};
    struct hash_key *key = hash_key_new(bytes);
    struct redactor *redactor = redactor_new(key);
    struct arena arena;
    arena_init(&arena);
    struct slice once = redact_text(redactor, fuzz_slice(data, size), &arena);
    FUZZ_EXPECT(slice_equal(redact_text(redactor, once, &arena), once));
    redact_jwt_facts(once, &arena);
    redact_jwt_facts(fuzz_slice(data, size), &arena);
    arena_free(&arena);
    redactor_free(redactor);
    hash_key_free(key);
    return 0;
}
