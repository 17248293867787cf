/* Fuzz target: error objects in any text, and JSON as a tree. */
#include "core/base/json.h"
#include "core/explain/facts.h"
#include "tests/fuzz/fuzz.h"

static void walk(const cJSON *node, int depth)
{
    FUZZ_EXPECT(depth <= JSON_DEPTH);
    for (; node; node = node->next)
        walk(node->child, depth + 1);
}

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
    walk(tree, 0);
    cJSON_Delete(tree);
    arena_free(&arena);
    return 0;
}
