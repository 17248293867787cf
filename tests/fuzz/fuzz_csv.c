/* Fuzz target: delimited text. What was read, written again, reads as the same cells. */
#include "import/csv.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct csv_record first, second;
    struct slice rest = fuzz_slice(data, size);
    struct buf scratch, again, written;
    buf_init(&scratch, 1 << 20);
    buf_init(&again, 1 << 20);
    buf_init(&written, 1 << 22);
    while (csv_read(&first, rest, ',', true, &scratch)) {
        FUZZ_EXPECT(first.size > 0 && first.size <= rest.len);
        buf_reset(&written);
        for (size_t i = 0; i < first.count; i++) {
            buf_add_text(&written, i ? ",\"" : "\"");
            for (size_t j = 0; j < first.fields[i].len; j++) {
                buf_add_byte(&written, first.fields[i].at[j]);
                if (first.fields[i].at[j] == '"')
                    buf_add_byte(&written, '"');
            }
            buf_add_byte(&written, '"');
        }
        buf_add_text(&written, "\r\n");
        FUZZ_EXPECT(csv_read(&second, buf_slice(&written), ',', true, &again));
        FUZZ_EXPECT(second.count == first.count && second.size == written.len);
        for (size_t i = 0; i < first.count; i++)
            FUZZ_EXPECT(slice_equal(first.fields[i], second.fields[i]));
        rest = slice_from(rest, first.size);
    }
    buf_free(&scratch);
    buf_free(&again);
    buf_free(&written);
    return 0;
}
