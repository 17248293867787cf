/* Knows event XML as bytes; see event_xml_text.h. */
#include "import/event_xml_text.h"

#include "core/base/utf8.h"

enum {
    DECLARATION_LIMIT = 256, /* bytes that an XML declaration is looked for in */
    REFERENCE_DIGITS = 8     /* of a character reference; longer ones are left to the parser */
};

struct event_xml_encoding event_xml_encoding_of(struct slice head)
{
    const unsigned char *at = (const unsigned char *)head.at;
    struct event_xml_encoding utf8 = {"UTF-8", 1, false, 0};
    if (head.len < 4)
        return utf8;
    if (at[0] == 0xff && at[1] == 0xfe)
        return (struct event_xml_encoding){"UTF-16LE", 2, false, 2};
    if (at[0] == 0xfe && at[1] == 0xff)
        return (struct event_xml_encoding){"UTF-16BE", 2, true, 2};
    if (at[0] == '<' && at[1] == 0)
        return (struct event_xml_encoding){"UTF-16LE", 2, false, 0};
    if (at[0] == 0 && at[1] == '<')
        return (struct event_xml_encoding){"UTF-16BE", 2, true, 0};
    if (slice_starts(head, "\xef\xbb\xbf")) {
        utf8.mark = 3;
        return utf8;
    }
    struct slice declaration = slice_first(head, DECLARATION_LIMIT);
    declaration = slice_first(declaration, slice_find(declaration, SLICE("?>")));
    if (slice_starts(head, "<?xml") &&
        slice_find_fold(declaration, SLICE("iso-8859-1")) != SIZE_MAX)
        utf8.name = "ISO-8859-1";
    return utf8;
}

/* The ASCII character at `at`, 0 for all others and beyond the end. */
static char ascii_at(struct slice s, size_t at, const struct event_xml_encoding *encoding)
{
    if (encoding->unit == 1)
        return at < s.len ? s.at[at] : '\0';
    if (at + 1 >= s.len)
        return '\0';
    char high = s.at[encoding->big_endian ? at : at + 1];
    return high ? '\0' : s.at[encoding->big_endian ? at + 1 : at];
}

static bool ends_name(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>' || c == '/';
}

size_t event_xml_find(struct slice bytes, const struct event_xml_encoding *encoding)
{
    static const char mark[] = "<Event";
    size_t lead = encoding->big_endian ? 1 : 0; /* where in its unit the '<' stands */
    for (size_t from = lead; from < bytes.len; from++) {
        size_t next = slice_find_byte(slice_from(bytes, from), '<');
        if (next == SIZE_MAX)
            break;
        from += next;
        size_t at = from - lead, i = 0;
        while (mark[i] && ascii_at(bytes, at + i * encoding->unit, encoding) == mark[i])
            i++;
        if (!mark[i] && ends_name(ascii_at(bytes, at + i * encoding->unit, encoding)))
            return at;
    }
    return SIZE_MAX;
}

static unsigned unit_at(const char *bytes, size_t at, const struct event_xml_encoding *encoding)
{
    const unsigned char *b = (const unsigned char *)bytes + at;
    if (encoding->unit == 1)
        return b[0];
    return encoding->big_endian ? (unsigned)b[0] << 8 | b[1] : (unsigned)b[1] << 8 | b[0];
}

static void put_ascii(char *bytes, size_t at, const struct event_xml_encoding *encoding, char c)
{
    if (encoding->unit == 2) {
        bytes[encoding->big_endian ? at : at + 1] = '\0';
        at += encoding->big_endian ? 1 : 0;
    }
    bytes[at] = c;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 && code != '\t' && code != '\n' && code != '\r';
}

static bool can_be_said(uint32_t code)
{
    return !is_control(code) && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) &&
           code != 0xfffe && code != 0xffff;
}

static int digit_of(unsigned unit)
{
    if (unit >= '0' && unit <= '9')
        return (int)unit - '0';
    unit |= 0x20;
    return unit >= 'a' && unit <= 'f' ? (int)unit - 'a' + 10 : 16;
}

/* Writes a character that can be said over the `count` digits at `at`: U+FFFD where it fits, else a
 * question mark, else a TAB. */
static void mend_digits(char *bytes, size_t at, const struct event_xml_encoding *encoding,
                        size_t count, unsigned base)
{
    const char *text = base == 16 ? (count >= 4   ? "FFFD"
                                     : count >= 2 ? "3F"
                                                  : "9")
                                  : (count >= 5   ? "65533"
                                     : count >= 2 ? "63"
                                                  : "9");
    size_t zeros = count - strlen(text);
    for (size_t i = 0; i < count; i++)
        put_ascii(bytes, at + i * encoding->unit, encoding, i < zeros ? '0' : text[i - zeros]);
}

/* The character reference at `at`; false when it may go on behind `len`. */
static bool mend_reference(char *bytes, size_t at, size_t len,
                           const struct event_xml_encoding *encoding)
{
    size_t unit = encoding->unit;
    unsigned base = 10;
    at += unit;
    if (at >= len)
        return false;
    if (unit_at(bytes, at, encoding) != '#')
        return true;
    at += unit;
    if (at < len && unit_at(bytes, at, encoding) == 'x') {
        base = 16;
        at += unit;
    }
    uint64_t code = 0;
    size_t count = 0;
    for (size_t i = at; count <= REFERENCE_DIGITS; i += unit, count++) {
        if (i >= len)
            return false;
        int digit = digit_of(unit_at(bytes, i, encoding));
        if (digit >= (int)base) {
            if (count && unit_at(bytes, i, encoding) == ';' && !can_be_said((uint32_t)code))
                mend_digits(bytes, at, encoding, count, base);
            return true;
        }
        code = code * base + (unsigned)digit;
    }
    return true;
}

size_t event_xml_mend(char *bytes, size_t len, const struct event_xml_encoding *encoding, bool last)
{
    size_t whole = len - len % encoding->unit;
    for (size_t i = 0; i < whole; i += encoding->unit) {
        /* Nearly all of a file is this. */
        while (encoding->unit == 1 && i + 1 < whole && (unsigned char)bytes[i] >= 0x20 &&
               bytes[i] != '&')
            i++;
        unsigned unit = unit_at(bytes, i, encoding);
        if (is_control(unit))
            put_ascii(bytes, i, encoding, '?');
        else if (unit == '&' && !mend_reference(bytes, i, whole, encoding) && !last)
            return i;
    }
    return last ? len : whole;
}

/* The name of the first element, behind declaration, comments and DOCTYPE, without its prefix. */
static struct slice root_name(struct slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] != '<')
            continue;
        struct slice rest = slice_from(text, i);
        if (slice_starts(rest, "<!--")) {
            size_t end = slice_find(rest, SLICE("-->"));
            if (end == SIZE_MAX)
                break;
            i += end;
        } else if (rest.at[1] != '?' && rest.at[1] != '!') {
            size_t len = 1;
            while (len < rest.len && !ends_name(rest.at[len]))
                len++;
            struct slice name = slice_make(rest.at + 1, len - 1);
            size_t colon = slice_find_byte(name, ':');
            return colon == SIZE_MAX ? name : slice_from(name, colon + 1);
        }
    }
    return SLICE_NONE;
}

bool event_xml_is_heading(struct slice text)
{
    static const char word[] = "Record ";
    size_t len = sizeof word - 1;
    if (text.len <= len)
        return text.len && memcmp(text.at, word, text.len) == 0;
    return memcmp(text.at, word, len) == 0 && text.at[len] >= '0' && text.at[len] <= '9';
}

static int score(struct slice text)
{
    text = slice_trim(text);
    if (event_xml_is_heading(text) && slice_find_byte(text, '<') != SIZE_MAX)
        text = slice_from(text, slice_find_byte(text, '<'));
    if (!slice_starts(text, "<"))
        return 0;
    struct slice root = root_name(text);
    if (!slice_is(root, "Event") && !slice_is(root, "Events"))
        return 0;
    if (slice_find(text, SLICE("http://schemas.microsoft.com/win/2004/08/events")) != SIZE_MAX)
        return 95;
    return slice_find(text, SLICE("<System>")) != SIZE_MAX ? 80 : 30;
}

int event_xml_sniff(struct slice head, const char *path)
{
    (void)path;
    struct event_xml_encoding encoding = event_xml_encoding_of(head);
    struct slice text = slice_from(head, encoding.mark);
    if (encoding.unit == 1)
        return score(text);
    struct buf decoded;
    buf_init(&decoded, 2 * head.len + 4);
    utf8_add_utf16(&decoded, text.at, text.len, !encoding.big_endian);
    int result = score(buf_slice(&decoded));
    buf_free(&decoded);
    return result;
}
