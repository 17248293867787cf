/* Fuzz target: error objects in any text, and JSON as a tree. */
#include "core/base/json.h"
#include "core/explain/facts.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error_object error;
    struct fault why;
    size_t end = 0;
    arena_init(&arena);
    error_extract(&error, fuzz_slice(data, size), &arena);
    cJSON *tree = json_tree(fuzz_slice(data, size), &end, &why);
    FUZZ_EXPECT(!tree || end <= size);
    cJSON_Delete(tree);
    arena_free(&arena);
    return 0;
}
