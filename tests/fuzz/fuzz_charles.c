/* Fuzz target: the charles reader, whole files. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader(&charles_reader, data, size);
}
