/* Fuzz target: the event_json reader, whole files. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader(&event_json_reader, data, size);
}
