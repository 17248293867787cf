/* Fuzz target: the event_csv reader, whole files. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader(&event_csv_reader, data, size);
}
