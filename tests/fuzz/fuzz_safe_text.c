/* Fuzz target: the display rule. Output is valid UTF-8 without anything hidden, and safe again. */
#include "core/base/safe.h"
#include "tests/fuzz/fuzz.h"

static void expect_safe(struct slice text, bool body)
{
    uint32_t code;
    size_t n;
    FUZZ_EXPECT(utf8_valid(text));
    for (; (n = utf8_decode(text, &code)) > 0; text = slice_from(text, n))
        FUZZ_EXPECT((body && (code == '\n' || code == '\t')) || !safe_is_hidden(code));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once, twice;
    buf_init(&once, 16 << 20);
    buf_init(&twice, 16 << 20);
    for (int mode = SAFE_LINE; mode <= SAFE_BODY; mode++) {
        buf_reset(&once);
        buf_reset(&twice);
        safe_add(&once, fuzz_slice(data, size), (enum safe_mode)mode);
        expect_safe(buf_slice(&once), mode == SAFE_BODY);
        if (size < SAFE_LINE_LIMIT / 16) { /* nothing is cut then */
            safe_add(&twice, buf_slice(&once), (enum safe_mode)mode);
            FUZZ_EXPECT(slice_equal(buf_slice(&once), buf_slice(&twice)));
        }
    }
    struct slice rest = fuzz_slice(data, size);
    struct safe_glyph glyph;
    while (safe_next(&rest, SAFE_LINE, &glyph))
        FUZZ_EXPECT(glyph.width >= 1 && glyph.bytes < sizeof glyph.text);
    buf_free(&once);
    buf_free(&twice);
    return 0;
}
