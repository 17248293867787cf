/* UTF-8 and the display rule: nothing that drives a terminal comes through. */
#include "core/base/safe.h"
#include "core/base/utf8.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

static char *safe(struct slice text, enum safe_mode mode)
{
    static struct buf out;
    if (!out.limit)
        buf_init(&out, 1 << 20);
    buf_reset(&out);
    safe_add(&out, text, mode);
    return out.at;
}

Test(utf8, refuses_what_rfc_3629_refuses)
{
    uint32_t code;
    cr_expect(eq(sz, utf8_decode(SLICE("\xc0\x80"), &code), 0), "overlong NUL");
    cr_expect(eq(sz, utf8_decode(SLICE("\xed\xa0\x80"), &code), 0), "surrogate");
    cr_expect(eq(sz, utf8_decode(SLICE("\xf4\x90\x80\x80"), &code), 0), "beyond U+10FFFF");
    cr_expect(eq(sz, utf8_decode(SLICE("\xe3\x81"), &code), 0), "cut short");
    cr_expect(eq(sz, utf8_decode(SLICE("\xf0\xa0\xae\xb7"), &code), 4));
    cr_expect(eq(u32, code, 0x20bb7));
}

Test(utf8, every_scalar_value_survives_a_round_trip)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        char bytes[4];
        uint32_t back;
        size_t size = utf8_encode(code, bytes);
        cr_assert(eq(sz, utf8_decode(slice_make(bytes, size), &back), size));
        cr_assert(eq(u32, back, code));
    }
}

Test(utf8, replaces_bad_bytes_one_by_one)
{
    struct buf out;
    buf_init(&out, 100);
    utf8_add_clean(&out, SLICE("0123456789\xff\xfe"
                               "b"));
    cr_expect(eq(str, out.at,
                 "0123456789\xef\xbf\xbd\xef\xbf\xbd"
                 "b"));
    cr_expect(not(utf8_valid(SLICE("abcdefgh\x80"))));
    cr_expect(utf8_valid(SLICE("田中 tanaka@example.com")));
    buf_free(&out);
}

Test(utf8, cleans_a_text_only_where_it_has_to)
{
    struct arena arena;
    struct slice good = SLICE("caf\xc3\xa9");
    arena_init(&arena);
    cr_expect(eq(ptr, (void *)utf8_clean(good, &arena).at, (void *)good.at));
    cr_expect(slice_is_none(utf8_clean(SLICE_NONE, &arena)));
    cr_expect(slice_is(utf8_clean(SLICE("caf\xe9!"), &arena), "caf\xef\xbf\xbd!"));
    arena_free(&arena);
}

Test(utf8, folds_beyond_ascii)
{
    struct buf out;
    buf_init(&out, 100);
    utf8_add_folded(&out, SLICE("ÄÖ Straße ＡＢ"));
    cr_expect(eq(str, out.at, "äö strasse ａｂ"));
    buf_free(&out);
}

Test(utf8, joins_utf16_pairs_and_marks_lone_surrogates)
{
    static const unsigned char pair[] = {0x42, 0xd8, 0xb7, 0xdf, 0x41, 0x00, 0x00, 0xd8, 0x42};
    struct buf out;
    buf_init(&out, 100);
    utf8_add_utf16(&out, pair, sizeof pair, true);
    cr_expect(eq(str, out.at,
                 "\xf0\xa0\xae\xb7"
                 "A\xef\xbf\xbd"));
    buf_free(&out);
}

Test(utf8, reads_utf16_with_other_letters_at_any_place)
{
    for (size_t at = 0; at < 40; at++) {
        unsigned char units[80];
        struct buf out, want;
        buf_init(&out, 200);
        buf_init(&want, 200);
        for (size_t i = 0; i < 40; i++) {
            unsigned unit = i == at ? 0x80 + 0x3000 * (unsigned)(at % 2) : 'a' + (unsigned)i % 26;
            char text[4];
            units[2 * i] = (unsigned char)unit;
            units[2 * i + 1] = (unsigned char)(unit >> 8);
            buf_add(&want, slice_make(text, utf8_encode(unit, text)));
        }
        cr_expect(utf8_add_utf16(&out, units, sizeof units, true));
        cr_expect(eq(str, out.at, want.at), "%zu", at);
        buf_free(&out);
        buf_free(&want);
    }
}

Test(safe, plain_runs_end_at_the_first_other_byte)
{
    static const char others[] = "\x1f\x7f\x80\xe3\n";
    for (size_t at = 0; at < 70; at++) {
        char text[70];
        memset(text, ' ' + (int)(at % 90), sizeof text);
        cr_expect(eq(sz, safe_plain_run(slice_make(text, at)), at));
        text[at] = others[at % 5];
        cr_expect(eq(sz, safe_plain_run(slice_make(text, sizeof text)), at));
    }
}

Test(safe, escapes_what_drives_terminals)
{
    cr_expect(eq(str, safe(SLICE("a\x1b]52;c;x\x07"), SAFE_LINE), "a\\u{1B}]52;c;x\\u{07}"));
    cr_expect(eq(str,
                 safe(SLICE("\xc2\x9b"
                            "31m"),
                      SAFE_LINE),
                 "\\u{9B}31m"),
              "C1 CSI");
    cr_expect(eq(str,
                 safe(SLICE("a\xe2\x80\xae"
                            "b"),
                      SAFE_LINE),
                 "a\\u{202E}b"),
              "bidi override");
    cr_expect(eq(str, safe(SLICE("a\xff"), SAFE_LINE), "a\\xFF"));
    cr_expect(eq(str, safe(SLICE("a\tb\nc"), SAFE_LINE), "a\\u{09}b\\u{0A}c"));
    cr_expect(eq(str, safe(SLICE("a\tb\nc"), SAFE_BODY), "a\tb\nc"));
    cr_expect(eq(str, safe(SLICE("a\r\nb"), SAFE_BODY), "a\\u{0D}\nb"));
}

Test(safe, hides_no_code_point_of_the_rule)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        bool listed = code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c ||
                      (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
                      (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
                      (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff) ||
                      (code >= 0xe000 && code <= 0xf8ff) || (code & 0xfffe) == 0xfffe;
        if (listed)
            cr_assert(safe_is_hidden(code), "U+%04X", code);
    }
    cr_expect(not(safe_is_hidden('a')));
    cr_expect(not(safe_is_hidden(0x7530)));
}

Test(safe, is_idempotent)
{
    char once[200];
    snprintf(once, sizeof once, "%s", safe(SLICE("\x1b[0m \xe2\x80\x8f \xff 田"), SAFE_LINE));
    cr_expect(eq(str, safe(slice_of(once), SAFE_LINE), once));
}

Test(safe, limits_combining_marks)
{
    struct slice rest = SLICE("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
                              "x");
    struct safe_glyph glyph;
    cr_assert(safe_next(&rest, SAFE_LINE, &glyph));
    cr_expect(eq(uint, glyph.bytes, 1 + 2 * SAFE_COMBINING_LIMIT));
    cr_expect(eq(int, glyph.width, 1));
    cr_assert(safe_next(&rest, SAFE_LINE, &glyph));
    cr_expect(eq(str, glyph.text, "x"));
}

Test(safe, gives_wide_characters_two_cells)
{
    struct slice rest = SLICE("田");
    struct safe_glyph glyph;
    cr_assert(safe_next(&rest, SAFE_LINE, &glyph));
    cr_expect(eq(int, glyph.width, 2));
}

Test(safe, cuts_endless_lines_and_says_so)
{
    size_t size = 100000;
    char *text = malloc(size);
    memset(text, 'a', size);
    const char *out = safe(slice_make(text, size), SAFE_BODY);
    cr_expect(eq(sz, strlen(out), SAFE_LINE_LIMIT + strlen("... 34464 more bytes")));
    free(text);
}

Test(safe, short_form_fits_its_buffer)
{
    char out[12];
    cr_expect(eq(str, (char *)safe_short(out, sizeof out, SLICE("abc\n")), "abc\\u{0A}"));
    cr_expect(
        eq(str, (char *)safe_short(out, sizeof out, SLICE("abcdefghijklmnop")), "abcdefgh..."));
}
