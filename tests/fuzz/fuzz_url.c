/* Fuzz target: URLs and percent encoding. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct slice url = fuzz_slice(data, size);
    arena_init(&arena);
    struct url_parts parts = url_split(url, &arena);
    FUZZ_EXPECT(parts.path.len <= size && parts.query.len <= size && parts.host.len <= size);
    FUZZ_EXPECT(parts.port >= 0 && parts.port <= 65535);
    FUZZ_EXPECT(url_decode(url, false, &arena).len <= size);
    FUZZ_EXPECT(url_decode(parts.query, true, &arena).len <= size);
    url_parameter(parts.query, "filter", &arena);
    arena_free(&arena);
    return 0;
}
