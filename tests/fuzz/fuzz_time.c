/* Fuzz target: times. What can be read is written as a text that reads as the same moment. */
#include "core/base/time.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t moment, again;
    char text[TIME_TEXT_SIZE];
    bool zoned;
    if (!time_parse(fuzz_slice(data, size), &moment, &zoned))
        return 0;
    FUZZ_EXPECT(time_parse(slice_of(time_utc_text(text, moment)), &again, NULL));
    FUZZ_EXPECT(again == moment);
    time_local_text(text, moment);
    time_span_text(text, moment);
    return 0;
}
