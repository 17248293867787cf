/* Knows which code points may reach a terminal and how the others are shown; see safe.h. */
#include "core/base/safe.h"

#include "core/base/utf8.h"

#include <stdio.h>
#include <utf8proc.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

bool safe_clings(const struct safe_glyph *glyph)
{
    static const char clinging[] =
        "、。，．・：；？！）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々";
    return glyph->width == 2 && !glyph->escaped && strstr(clinging, glyph->text);
}

bool safe_is_hidden(uint32_t code)
{
    static const struct {
        uint32_t from, to;
    } hidden[] = {{0x00, 0x1f},       {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
                  {0x115f, 0x1160},   {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},
                  {0x2060, 0x206f},   {0x3164, 0x3164}, {0xd800, 0xf8ff}, {0xfdd0, 0xfdef},
                  {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
                  {0xf0000, 0x10ffff}};
    if (code >= 0x20 && code < 0x7f)
        return false;
    if (code >= 0x2070 && code < 0xd800) /* most scripts of East Asia */
        return code == 0x3164;
    if ((code & 0xfffe) == 0xfffe)
        return true; /* noncharacters end each plane */
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (code >= hidden[i].from && code <= hidden[i].to)
            return true;
    return false;
}

size_t safe_plain_run(struct slice text)
{
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i last = _mm_set1_epi8(0x7f), first = _mm_set1_epi8(' ');
    for (; text.len - i >= 64; i += 64) { /* whether all is plain, four at a time */
        const __m128i *at = (const __m128i *)(const void *)(text.at + i);
        __m128i a = _mm_loadu_si128(at), b = _mm_loadu_si128(at + 1);
        __m128i c = _mm_loadu_si128(at + 2), d = _mm_loadu_si128(at + 3);
        /* 0x7f and what is not ASCII are the greatest bytes */
        __m128i most = _mm_max_epu8(_mm_max_epu8(a, b), _mm_max_epu8(c, d));
        __m128i least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
        __m128i other = _mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(most, last), most),
                                     _mm_cmplt_epi8(least, first));
        if (_mm_movemask_epi8(other))
            break;
    }
    for (; text.len - i >= 16; i += 16) {
        __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(text.at + i));
        /* as signed bytes what is not ASCII comes before the blank */
        __m128i other = _mm_or_si128(_mm_cmplt_epi8(at, first), _mm_cmpeq_epi8(at, last));
        unsigned bits = (unsigned)_mm_movemask_epi8(other);
        if (bits)
            return i + (size_t)__builtin_ctz(bits);
    }
#endif
    while (i < text.len && text.at[i] >= ' ' && text.at[i] < 0x7f)
        i++;
    return i;
}

static void escape(struct safe_glyph *out, bool is_byte, unsigned value)
{
    int len = is_byte ? snprintf(out->text, sizeof out->text, "\\x%02X", value)
                      : snprintf(out->text, sizeof out->text, "\\u{%02X}", value);
    out->bytes = (unsigned)len;
    out->width = len;
    out->escaped = true;
}

static bool is_combining(uint32_t code)
{
    return code >= 0x300 && !safe_is_hidden(code) && utf8_width(code) == 0;
}

/* Adds the combining marks that follow a base; those beyond the limit are dropped. */
static void take_combining(struct slice *rest, struct safe_glyph *out)
{
    uint32_t code;
    size_t size;
    unsigned marks = 0;
    while ((size = utf8_decode(*rest, &code)) > 0 && is_combining(code)) {
        if (marks < SAFE_COMBINING_LIMIT && out->bytes + size < sizeof out->text) {
            memcpy(out->text + out->bytes, rest->at, size);
            out->bytes += (unsigned)size;
            out->text[out->bytes] = '\0';
        }
        marks++;
        *rest = slice_from(*rest, size);
    }
}

bool safe_next(struct slice *rest, enum safe_mode mode, struct safe_glyph *out)
{
    if (rest->len == 0)
        return false;
    *out = (struct safe_glyph){.width = 1};
    uint32_t code;
    size_t size = utf8_decode(*rest, &code);
    if (size == 0) {
        escape(out, true, (unsigned char)rest->at[0]);
        *rest = slice_from(*rest, 1);
        return true;
    }
    if (mode == SAFE_BODY && (code == '\n' || code == '\t')) {
        out->text[0] = (char)code;
        out->bytes = 1;
        out->width = 0;
        *rest = slice_from(*rest, 1);
        return true;
    }
    if (safe_is_hidden(code)) {
        escape(out, false, code);
        *rest = slice_from(*rest, size);
        return true;
    }
    if (is_combining(code)) {
        /* A mark without a base gets a dotted circle, so that it cannot change its neighbour. */
        memcpy(out->text, "\xe2\x97\x8c", 3);
        out->bytes = 3;
    } else {
        memcpy(out->text, rest->at, size);
        out->bytes = (unsigned)size;
        out->width = utf8_width(code);
        *rest = slice_from(*rest, size);
    }
    out->text[out->bytes] = '\0';
    take_combining(rest, out);
    return true;
}

bool safe_add(struct buf *out, struct slice text, enum safe_mode mode)
{
    size_t line = 0;
    struct safe_glyph glyph;
    for (struct slice rest = text; safe_next(&rest, mode, &glyph);) {
        bool newline = glyph.width == 0 && glyph.text[0] == '\n';
        line = newline ? 0 : line + glyph.bytes;
        if (line <= SAFE_LINE_LIMIT) {
            buf_add(out, slice_make(glyph.text, glyph.bytes));
            continue;
        }
        size_t end = mode == SAFE_BODY ? slice_find_byte(rest, '\n') : SIZE_MAX;
        size_t left = end == SIZE_MAX ? rest.len : end;
        buf_add_format(out, "... %zu more bytes", left + glyph.bytes);
        rest = slice_from(rest, left);
        line = 0;
    }
    return !buf_full(out);
}

const char *safe_short(char *out, size_t size, struct slice text)
{
    size_t used = 0, mark = 0; /* mark: where "..." still fits */
    struct safe_glyph glyph;
    if (size == 0)
        return out;
    for (struct slice rest = text; safe_next(&rest, SAFE_LINE, &glyph);) {
        if (used + 4 <= size)
            mark = used;
        if (used + glyph.bytes >= size) {
            used = mark + (size_t)snprintf(out + mark, size - mark, "...");
            break;
        }
        memcpy(out + used, glyph.text, glyph.bytes);
        used += glyph.bytes;
    }
    out[used < size ? used : size - 1] = '\0';
    return out;
}
