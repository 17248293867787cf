/* Fuzz target: the reader of plain text logs, whole files. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader(&text_log_reader, data, size);
}
