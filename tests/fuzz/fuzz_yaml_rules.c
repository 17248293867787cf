/* Fuzz target: YAML as rule packs and settings are written. */
#include "core/base/yaml.h"
#include "tests/fuzz/fuzz.h"

static void walk(const struct yaml_node *node, int depth)
{
    FUZZ_EXPECT(depth <= YAML_DEPTH);
    for (size_t i = 0; node->kind != YAML_SCALAR && i < node->count; i++) {
        if (node->kind == YAML_MAP)
            FUZZ_EXPECT(node->keys[i]->kind == YAML_SCALAR);
        walk(node->items[i], depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct yaml_node *tree = NULL;
    struct fault why = {0};
    arena_init(&arena);
    if (yaml_parse(&tree, fuzz_slice(data, size), &arena, &why) == FAULT_NONE)
        walk(tree, 0);
    else
        FUZZ_EXPECT(why.code == FAULT_CONFIG);
    arena_free(&arena);
    return 0;
}
