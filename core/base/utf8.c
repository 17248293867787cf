/* Knows UTF-8 and UTF-16 as bytes, and asks utf8proc for folding and widths; see utf8.h. */
#include "core/base/utf8.h"

#include <utf8proc.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

size_t utf8_decode(struct slice s, uint32_t *out)
{
    if (s.len == 0)
        return 0;
    const unsigned char *b = (const unsigned char *)s.at;
    if (b[0] < 0x80) {
        *out = b[0];
        return 1;
    }
    size_t need = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
    if (b[0] < 0xc2 || b[0] > 0xf4 || need > s.len)
        return 0;
    uint32_t code = b[0] & (0x7fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (b[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[need] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *out = code;
    return need;
}

size_t utf8_encode(uint32_t code, char out[4])
{
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        code = 0xfffd;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Length of the leading run of ASCII, eight bytes at a time: most log text is nothing else. */
static size_t ascii_run(struct slice s)
{
    size_t i = 0;
    uint64_t word;
    for (; i + sizeof word <= s.len; i += sizeof word) {
        memcpy(&word, s.at + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < s.len && !((unsigned char)s.at[i] & 0x80))
        i++;
    return i;
}

bool utf8_valid(struct slice s)
{
    for (;;) {
        s = slice_from(s, ascii_run(s));
        if (s.len == 0)
            return true;
        uint32_t code;
        size_t size = utf8_decode(s, &code);
        if (size == 0)
            return false;
        s = slice_from(s, size);
    }
}

bool utf8_add_clean(struct buf *out, struct slice s)
{
    for (;;) {
        size_t run = ascii_run(s);
        buf_add(out, slice_first(s, run));
        s = slice_from(s, run);
        if (s.len == 0)
            return !buf_full(out);
        uint32_t code;
        size_t size = utf8_decode(s, &code);
        buf_add(out, size ? slice_first(s, size) : SLICE("\xef\xbf\xbd"));
        s = slice_from(s, size ? size : 1);
    }
}

struct slice utf8_clean(struct slice s, struct arena *arena)
{
    if (utf8_valid(s))
        return s;
    struct buf clean;
    buf_init(&clean, 3 * s.len + 1);
    utf8_add_clean(&clean, s);
    struct slice kept = arena_copy(arena, buf_slice(&clean));
    buf_free(&clean);
    return kept;
}

bool utf8_add_folded(struct buf *out, struct slice s)
{
    while (s.len) {
        uint32_t code;
        size_t size = utf8_decode(s, &code);
        if (size == 0) {
            buf_add_byte(out, s.at[0]);
            s = slice_from(s, 1);
            continue;
        }
        s = slice_from(s, size);
        if (code < 0x80) {
            buf_add_byte(out, (char)(code >= 'A' && code <= 'Z' ? code + 32 : code));
            continue;
        }
        utf8proc_int32_t folded[8];
        int boundary = 0;
        utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code, folded, 8,
                                                         UTF8PROC_CASEFOLD, &boundary);
        for (utf8proc_ssize_t i = 0; i < count && i < 8; i++) {
            char bytes[4];
            buf_add(out, slice_make(bytes, utf8_encode((uint32_t)folded[i], bytes)));
        }
    }
    return !buf_full(out);
}

int utf8_width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    int width = utf8proc_charwidth((utf8proc_int32_t)code);
    /* utf8proc calls unassigned code points 0 wide; a terminal gives them a cell. */
    if (width == 0 && utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_CN)
        return 1;
    return width < 0 ? 1 : width > 2 ? 2 : width;
}

/* The code point at `b`, of which `*size` bytes are left; takes it off. */
static uint32_t take_utf16(const unsigned char **b, size_t *size, bool little)
{
    size_t high_at = little ? 1 : 0;
    size_t low_at = 1 - high_at;
    const unsigned char *at = *b;
    size_t taken = 2;
    uint32_t code = (uint32_t)at[high_at] << 8 | at[low_at];
    if (code >= 0xd800 && code <= 0xdbff && *size >= 4) {
        uint32_t next = (uint32_t)at[2 + high_at] << 8 | at[2 + low_at];
        if (next >= 0xdc00 && next <= 0xdfff) {
            code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
            taken = 4;
        }
    }
    *b += taken;
    *size -= taken;
    return code;
}

/* Copies the leading run of ASCII of little-endian UTF-16; most of it, where it is long. */
static size_t copy_ascii16(char *to, const unsigned char *b, size_t size)
{
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i other = _mm_set1_epi16((short)0xff80), none = _mm_setzero_si128();
    for (; size - 2 * i >= 16; i += 8) {
        __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(b + 2 * i));
        __m128i same = _mm_cmpeq_epi16(_mm_and_si128(units, other), none);
        if (_mm_movemask_epi8(same) != 0xffff)
            return i;
        _mm_storel_epi64((__m128i *)(void *)(to + i), _mm_packus_epi16(units, units));
    }
#endif
    for (; size - 2 * i >= 2 && b[2 * i] < 0x80 && b[2 * i + 1] == 0; i++)
        to[i] = (char)b[2 * i];
    return i;
}

bool utf8_add_utf16(struct buf *out, const void *bytes, size_t size, bool little)
{
    const unsigned char *b = bytes;
    size_t most = size / 2 * 3; /* a unit takes three bytes at most, a pair four */
    if (!out->full && most <= out->limit - out->len) {
        /* Room for the worst case first, so that nothing has to be checked per character. */
        char *start = buf_extend(out, most), *to = start;
        size_t ascii = little ? copy_ascii16(to, b, size) : 0;
        to += ascii;
        b += 2 * ascii;
        size -= 2 * ascii;
        while (size >= 2) {
            uint32_t code = take_utf16(&b, &size, little);
            if (code < 0x80)
                *to++ = (char)code;
            else
                to += utf8_encode(code, to);
        }
        out->len -= most - (size_t)(to - start);
        *to = '\0';
        return true;
    }
    while (size >= 2) {
        char text[4];
        uint32_t code = take_utf16(&b, &size, little);
        buf_add(out, slice_make(text, utf8_encode(code, text)));
    }
    return !buf_full(out);
}
