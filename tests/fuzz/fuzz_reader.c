/* Fuzz target: the readers without a target of their own, whole files. The first byte says which.
 */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reader *const others[] = {&entra_json_reader, &entra_csv_reader,
                                                  &text_log_reader, &exported_reader};
    if (size < 1)
        return 0;
    return fuzz_reader(others[data[0] % (sizeof others / sizeof *others)], data + 1, size - 1);
}
