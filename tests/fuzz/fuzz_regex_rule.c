/* Fuzz target: a pattern of a rule pack and the text it searches, divided by the first LF. Steps
 * are bounded, so every input ends at once. */
#include "core/explain/pattern.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice all = fuzz_slice(data, size), source;
    struct pattern pattern;
    struct matcher matcher;
    char message[200];
    slice_cut(&all, '\n', &source);
    if (!source.at || !pattern_compile(&pattern, source, message, sizeof message))
        return 0;
    matcher_init(&matcher);
    pattern_found(&pattern, all, &matcher);
    matcher_release(&matcher);
    pattern_release(&pattern);
    return 0;
}
