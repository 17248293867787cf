/* Fuzz target: tagged netstrings, every value at every depth. */
#include "import/tnetstring.h"
#include "tests/fuzz/fuzz.h"

static void walk(struct slice text, int depth)
{
    struct tnet value;
    while (depth < 32 && tnet_next(&text, &value)) {
        tnet_text(value);
        tnet_int(value, 0);
        tnet_micros(value);
        if (value.type == '}')
            tnet_get(value, "request");
        if (value.type == '}' || value.type == ']')
            walk(value.payload, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t head;
    uint64_t length;
    tnet_head(fuzz_slice(data, size), &head, &length);
    walk(fuzz_slice(data, size), 0);
    return 0;
}
