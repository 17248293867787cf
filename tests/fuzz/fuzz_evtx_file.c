/* Fuzz target: the evtx reader, whole files. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader(&evtx_reader, data, size);
}
