/* Fuzz target: the filter language, down to the answer of a small index. */
#include "tests/core/index/scratch.h"
#include "tests/fuzz/fuzz.h"

static struct scratch scratch;

static void remove_scratch(void)
{
    scratch_remove(&scratch);
}

static struct store *index_of_made(void)
{
    static struct store *s;
    struct store_source source;
    struct fault why;
    if (!s) {
        scratch_make(&scratch);
        atexit(remove_scratch);
        FUZZ_EXPECT(store_open(&s, scratch.db, STORE_CREATE, &why) == FAULT_NONE);
        FUZZ_EXPECT(import_made(s, "made.har", 200, &source, &why) == FAULT_NONE);
    }
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct store *s = index_of_made();
    struct arena arena;
    struct filter *filter = NULL;
    struct selection *selection = NULL;
    struct fault why = {0};
    uint64_t count = 0;
    arena_init(&arena);
    if (filter_parse(&filter, fuzz_slice(data, size), &arena, &why) == FAULT_NONE) {
        enum fault_code code = selection_open(&selection, s, filter, &why);
        if (!code)
            code = selection_count(selection, &count, &why);
        FUZZ_EXPECT(code == FAULT_NONE || code == FAULT_LIMIT || code == FAULT_USAGE);
        FUZZ_EXPECT(count <= 200);
        selection_close(selection);
    } else {
        FUZZ_EXPECT(why.code == FAULT_USAGE && why.column <= size + 1);
    }
    arena_free(&arena);
    return 0;
}
