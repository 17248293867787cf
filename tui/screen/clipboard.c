/* See clipboard.h. */
#include "tui/screen/clipboard.h"

#include "core/base/safe.h"

static void add_base64(struct buf *out, struct slice text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < text.len; i += 3) {
        uint32_t bits = 0;
        for (size_t n = 0; n < 3; n++)
            bits = bits << 8 | (i + n < text.len ? (unsigned char)text.at[i + n] : 0);
        for (size_t n = 0; n < 4; n++)
            buf_add_byte(out, i + n <= text.len ? digits[bits >> (18 - 6 * n) & 63] : '=');
    }
}

bool clipboard_add(struct buf *out, struct slice text)
{
    struct buf safe;
    buf_init(&safe, CLIPBOARD_LIMIT);
    bool fits = safe_add(&safe, text, SAFE_BODY) && !buf_full(&safe);
    if (fits) {
        buf_add_text(out, "\033]52;c;");
        add_base64(out, buf_slice(&safe));
        buf_add_text(out, "\a");
    }
    buf_free(&safe);
    return fits && !buf_full(out);
}
