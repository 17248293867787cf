/* Knows how free text is read (SECURITY.md section 5, rule 5): it hands what it finds to those who
 * know it: values behind names (prose_named.c), credentials (prose_tokens.c), command lines
 * (prose_options.c), JSON, markup, URLs.
 *
 * The text is cut into words, and what a word may begin is decided by its first letter or by the
 * byte behind it, so that ordinary text costs a table look-up per byte. Text that holds JSON or
 * markup among other things is read a second time as text alone: what only looks like structure, or
 * is broken, must not keep a secret from being seen. */
#include "core/redact/prose.h"

const unsigned char prose_kinds[256] = {
    ['0'] = BYTE_WORD,  ['1'] = BYTE_WORD,  ['2'] = BYTE_WORD, ['3'] = BYTE_WORD,
    ['4'] = BYTE_WORD,  ['5'] = BYTE_WORD,  ['6'] = BYTE_WORD, ['7'] = BYTE_WORD,
    ['8'] = BYTE_WORD,  ['9'] = BYTE_WORD,  ['a'] = BYTE_WORD, ['b'] = BYTE_WORD,
    ['c'] = BYTE_WORD,  ['d'] = BYTE_WORD,  ['e'] = BYTE_WORD, ['f'] = BYTE_WORD,
    ['g'] = BYTE_WORD,  ['h'] = BYTE_WORD,  ['i'] = BYTE_WORD, ['j'] = BYTE_WORD,
    ['k'] = BYTE_WORD,  ['l'] = BYTE_WORD,  ['m'] = BYTE_WORD, ['n'] = BYTE_WORD,
    ['o'] = BYTE_WORD,  ['p'] = BYTE_WORD,  ['q'] = BYTE_WORD, ['r'] = BYTE_WORD,
    ['s'] = BYTE_WORD,  ['t'] = BYTE_WORD,  ['u'] = BYTE_WORD, ['v'] = BYTE_WORD,
    ['w'] = BYTE_WORD,  ['x'] = BYTE_WORD,  ['y'] = BYTE_WORD, ['z'] = BYTE_WORD,
    ['A'] = BYTE_WORD,  ['B'] = BYTE_WORD,  ['C'] = BYTE_WORD, ['D'] = BYTE_WORD,
    ['E'] = BYTE_WORD,  ['F'] = BYTE_WORD,  ['G'] = BYTE_WORD, ['H'] = BYTE_WORD,
    ['I'] = BYTE_WORD,  ['J'] = BYTE_WORD,  ['K'] = BYTE_WORD, ['L'] = BYTE_WORD,
    ['M'] = BYTE_WORD,  ['N'] = BYTE_WORD,  ['O'] = BYTE_WORD, ['P'] = BYTE_WORD,
    ['Q'] = BYTE_WORD,  ['R'] = BYTE_WORD,  ['S'] = BYTE_WORD, ['T'] = BYTE_WORD,
    ['U'] = BYTE_WORD,  ['V'] = BYTE_WORD,  ['W'] = BYTE_WORD, ['X'] = BYTE_WORD,
    ['Y'] = BYTE_WORD,  ['Z'] = BYTE_WORD,  ['_'] = BYTE_WORD, ['-'] = BYTE_WORD,
    ['.'] = BYTE_WORD,  ['['] = BYTE_OPEN,  ['{'] = BYTE_OPEN, ['<'] = BYTE_MARKUP,
    ['?'] = BYTE_QUERY, ['/'] = BYTE_SLASH,
};

/* --- the pass --------------------------------------------------------------------------------- */

/* The end of a URL in text. */
static size_t url_end(struct slice text, size_t at)
{
    while (at < text.len) {
        size_t tag = text.at[at] == '[' ? tag_length(slice_from(text, at)) : 0;
        if (!tag && ((unsigned char)text.at[at] <= ' ' || strchr("\"'`<>|\\", text.at[at])))
            break;
        at += tag ? tag : 1;
    }
    return at;
}

static size_t scan_word(struct prose *p, size_t from, size_t end)
{
    struct slice text = p->text;
    char first = text.at[from];
    size_t to = 0;
    if (first == '-')
        to = prose_option(p, from, end);
    if (end < text.len && text.at[end] == ':' && p->level <= PARTS_LEVELS &&
        slice_starts(slice_from(text, end), "://")) {
        to = url_end(text, end);
        location_scan(p->r, slice_make(text.at + from, to - from), p->base + from, p->level);
        return to;
    }
    if (!to && end < text.len && strchr(":=\"'\\ \t", text.at[end]))
        to = prose_named(p, from, end);
    if (!to && end < text.len && prose_is_blank(text.at[end]) && strchr("bsndt", first | 0x20))
        to = prose_scheme(p, from, end);
    if (!to && strchr("AghxnsrSyepwd0", first))
        to = prose_token(p, from, end);
    if (!to && first == 'C' &&
        slice_is_fold(slice_make(text.at + from, end - from), "ConvertTo-SecureString"))
        to = prose_argument(p, end, REDACT_PASSWORD, true);
    return to;
}

/* JSON that begins here, when it looks like that. */
static size_t scan_open(struct prose *p, size_t at)
{
    struct slice rest = slice_from(p->text, at);
    size_t tag = tag_length(rest);
    if (tag)
        return at + tag;
    if (p->flat || at < p->json_from || p->level > PARTS_LEVELS)
        return 0;
    size_t next = 1;
    while (next < rest.len &&
           (prose_is_blank(rest.at[next]) || rest.at[next] == '\n' || rest.at[next] == '\r'))
        next++;
    if (next >= rest.len || !strchr(rest.at[0] == '{' ? "\"" : "\"{[", rest.at[next]))
        return 0;
    bool whole;
    size_t end = at + objects_scan(p->r, rest, p->base + at, p->level, &whole);
    p->json_from = end;
    p->mixed = p->mixed || !whole || slice_trim(slice_first(p->text, at)).len ||
               slice_trim(slice_from(p->text, end)).len;
    return end;
}

/* `?name=...`: a query without its URL. */
static size_t scan_query(struct prose *p, size_t at)
{
    size_t end = at + 1;
    if (p->level > PARTS_LEVELS)
        return 0;
    while (end < p->text.len &&
           (prose_kinds[(unsigned char)p->text.at[end]] == BYTE_WORD || p->text.at[end] == '%'))
        end++;
    if (end == at + 1 || end >= p->text.len || p->text.at[end] != '=')
        return 0;
    end = url_end(p->text, end);
    location_scan_query(p->r, slice_make(p->text.at + at + 1, end - at - 1), p->base + at + 1,
                        p->level);
    return end;
}

/* Reads a tag and what belongs to it; where to go on. */
static size_t scan_markup(struct prose *p, size_t at)
{
    if (p->flat)
        return 0;
    size_t end = at + markup_scan(p->r, slice_from(p->text, at), p->base + at, p->level);
    p->mixed = p->mixed || end > at + 1;
    return end;
}

static void scan_pass(struct prose *p)
{
    struct slice text = p->text;
    for (size_t i = 0; i < text.len;) {
        size_t to = 0, end = i + 1;
        switch (prose_kinds[(unsigned char)text.at[i]]) {
        case BYTE_PLAIN:
            i++;
            continue;
        case BYTE_WORD:
            while (end < text.len && prose_kinds[(unsigned char)text.at[end]] == BYTE_WORD)
                end++;
            to = scan_word(p, i, end);
            break;
        case BYTE_OPEN:
            to = scan_open(p, i);
            break;
        case BYTE_MARKUP:
            to = scan_markup(p, i);
            break;
        case BYTE_QUERY:
            to = scan_query(p, i);
            break;
        default:
            to = prose_slash(p, i);
        }
        i = to > i ? to : end;
    }
}

void prose_scan(struct redactor *r, struct slice text, size_t base, unsigned level)
{
    struct prose p = {.r = r, .text = text, .base = base, .level = level};
    size_t mark = r->edit_count;
    if (text.len < 4)
        return;
    scan_pass(&p);
    if (!p.mixed)
        return;
    /* What only looks like JSON or markup may hide what the text says: it is read as text too. */
    size_t second = r->edit_count;
    p.flat = true;
    scan_pass(&p);
    edits_unite(r, mark, second);
}
