/* Knows how to walk JSON text token by token; builds nothing; see json.h. */
#include "core/base/json_steps.h"

#include "core/base/json_marks.h"

void json_scan_init(struct json_scan *scan, struct slice text)
{
    *scan = (struct json_scan){.text = text, .wants = JSON_WANTS_VALUE};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

size_t json_blanks_end(const struct json_scan *scan, size_t at)
{
#if defined(__SSE2__)
    const __m128i blank = _mm_set1_epi8(' '), line = _mm_set1_epi8('\n');
    const __m128i back = _mm_set1_epi8('\r'), tab = _mm_set1_epi8('\t');
    while (at < scan->text.len && scan->text.len - at >= 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(scan->text.at + at));
        const __m128i spaces =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, blank), _mm_cmpeq_epi8(bytes, line));
        const __m128i others =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, back), _mm_cmpeq_epi8(bytes, tab));
        unsigned more = ~(unsigned)_mm_movemask_epi8(_mm_or_si128(spaces, others)) & 0xffff;
        if (more)
            return at + (size_t)__builtin_ctz(more);
        at += 16;
    }
#endif
    while (at < scan->text.len && is_blank(scan->text.at[at]))
        at++;
    return at;
}

size_t json_long_string(struct json_scan *scan, size_t at)
{
    struct slice rest = slice_from(scan->text, at + 1);
    return at + 1 + json_string_end(rest.at, rest.len, &scan->slashed);
}

/* --- tokens ----------------------------------------------------------------------------------- */

enum { DIGIT = 1, IN_NUMBER = 2, ENDS_LITERAL = 4 };

#define D (DIGIT | IN_NUMBER)
static const unsigned char kind_of[256] = {['0'] = D,
                                           ['1'] = D,
                                           ['2'] = D,
                                           ['3'] = D,
                                           ['4'] = D,
                                           ['5'] = D,
                                           ['6'] = D,
                                           ['7'] = D,
                                           ['8'] = D,
                                           ['9'] = D,
                                           ['-'] = IN_NUMBER,
                                           ['+'] = IN_NUMBER,
                                           ['.'] = IN_NUMBER,
                                           ['e'] = IN_NUMBER,
                                           ['E'] = IN_NUMBER,
                                           [','] = ENDS_LITERAL,
                                           [':'] = ENDS_LITERAL,
                                           ['{'] = ENDS_LITERAL,
                                           ['}'] = ENDS_LITERAL,
                                           ['['] = ENDS_LITERAL,
                                           [']'] = ENDS_LITERAL,
                                           ['"'] = ENDS_LITERAL,
                                           [' '] = ENDS_LITERAL,
                                           ['\t'] = ENDS_LITERAL,
                                           ['\n'] = ENDS_LITERAL,
                                           ['\r'] = ENDS_LITERAL};
#undef D

static inline unsigned kind_at(const struct json_scan *scan, size_t at)
{
    return kind_of[(unsigned char)scan->text.at[at]];
}

/* Nothing but these may follow a literal directly. */
static inline enum json_token take_literal(struct json_scan *scan, size_t at, size_t len,
                                           enum json_token token)
{
    json_value_done(scan);
    json_take(scan, at, len, token);
    if (scan->at < scan->text.len && !(kind_at(scan, scan->at) & ENDS_LITERAL))
        json_bad(scan, scan->at, false); /* says the next call */
    return token;
}

enum json_token json_take_number(struct json_scan *scan, size_t at)
{
    size_t end = at;
    unsigned kind, kinds = 0;
    for (; end < scan->text.len && (kind = kind_at(scan, end)) & IN_NUMBER; end++)
        kinds |= kind;
    return kinds & DIGIT ? take_literal(scan, at, end - at, JSON_NUMBER)
                         : json_bad(scan, at, end == scan->text.len);
}

static __attribute__((noinline)) enum json_token word(struct json_scan *scan, size_t at,
                                                      struct slice name, enum json_token token)
{
    struct slice rest = slice_first(slice_from(scan->text, at), name.len);
    if (memcmp(rest.at, name.at, rest.len) != 0)
        return json_bad(scan, at, false);
    return rest.len < name.len ? json_bad(scan, at, true) : take_literal(scan, at, name.len, token);
}

/* Apart from json_next, which they would make save what only they need. */
static __attribute__((noinline)) enum json_token key(struct json_scan *scan, size_t at)
{
    return json_take_key(scan, at);
}

static __attribute__((noinline)) enum json_token string(struct json_scan *scan, size_t at)
{
    return json_take_string(scan, at);
}

static inline enum json_token value(struct json_scan *scan, size_t at)
{
    char c = scan->text.at[at];
    if (c == '"')
        return string(scan, at);
    if (c == '{' || c == '[')
        return json_open_level(scan, at, c == '{');
    if (c == 't')
        return word(scan, at, SLICE("true"), JSON_TRUE);
    if (c == 'f')
        return word(scan, at, SLICE("false"), JSON_FALSE);
    return c == 'n' ? word(scan, at, SLICE("null"), JSON_NULL) : json_take_number(scan, at);
}

static enum json_token text_ends(struct json_scan *scan)
{
    scan->at = scan->text.len;
    return scan->depth == 0 ? JSON_END : json_bad(scan, scan->text.len, true);
}

enum json_token json_next(struct json_scan *scan)
{
    size_t at = json_pass_blanks(scan, scan->at);
    if (scan->wants == JSON_WANTS_NOTHING)
        return JSON_BAD;
    if (scan->wants == JSON_WANTS_COMMA && json_is_at(scan, at, ',')) {
        scan->wants = json_in_object(scan) ? JSON_WANTS_KEY : JSON_WANTS_ITEM;
        at = json_pass_blanks(scan, at + 1);
    }
    if (at >= scan->text.len)
        return text_ends(scan);
    /* A comma before a closing bracket is let through. */
    char c = scan->text.at[at];
    if (scan->wants == JSON_WANTS_COMMA)
        return json_close_level(scan, at, c);
    if (scan->wants == JSON_WANTS_KEY)
        return c == '"' ? key(scan, at) : json_close_level(scan, at, c);
    return scan->wants == JSON_WANTS_ITEM && c == ']' ? json_close_level(scan, at, c)
                                                      : value(scan, at);
}

bool json_skip(struct json_scan *scan, enum json_token token, struct slice *whole)
{
    size_t begin = scan->at - scan->raw.len;
    if (token == JSON_KEY) {
        token = json_next(scan);
        begin = scan->at - scan->raw.len;
    }
    if (token == JSON_OBJECT || token == JSON_ARRAY) {
        unsigned outer = scan->depth - 1;
        while (scan->depth > outer)
            if (json_next(scan) == JSON_BAD)
                return false;
    }
    if (whole)
        *whole = slice_make(scan->text.at + begin, scan->at - begin);
    return token != JSON_BAD && token != JSON_END;
}
