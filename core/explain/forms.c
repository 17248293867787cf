/* Knows how a text is unwrapped; see forms.h. */
#include "core/explain/forms.h"

#include "core/base/buf.h"
#include "core/base/utf8.h"

/* Appends what the HTML entity at the text's start stands for; returns its length, 0 if it is none.
 */
static size_t add_entity(struct buf *out, struct slice s)
{
    static const struct {
        const char *name;
        char value;
    } names[] = {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_starts(s, names[i].name)) {
            buf_add_byte(out, names[i].value);
            return strlen(names[i].name);
        }
    if (!slice_starts(s, "&#"))
        return 0;
    bool hex = s.len > 2 && (s.at[2] == 'x' || s.at[2] == 'X');
    uint32_t code = 0;
    size_t i = hex ? 3 : 2, first = i;
    for (; i < s.len && i < first + 7; i++) {
        char c = s.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : -1;
        if (hex && digit < 0 && (c | 32) >= 'a' && (c | 32) <= 'f')
            digit = (c | 32) - 'a' + 10;
        if (digit < 0)
            break;
        code = code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (i == first || i >= s.len || s.at[i] != ';')
        return 0;
    char bytes[4];
    buf_add(out, slice_make(bytes, utf8_encode(code, bytes)));
    return i + 1;
}

static size_t add_doubled_quote(struct buf *out, struct slice s)
{
    if (!slice_starts(s, "\"\""))
        return 0;
    buf_add_byte(out, '"');
    return 2;
}

static size_t add_escaped(struct buf *out, struct slice s)
{
    if (s.len < 2 || s.at[0] != '\\' || (s.at[1] != '"' && s.at[1] != '\\' && s.at[1] != 'n'))
        return 0;
    buf_add_byte(out, s.at[1] == 'n' ? '\n' : s.at[1]);
    return 2;
}

/* The text with every piece that begins with `mark` and that `piece` knows replaced. SLICE_NONE
 * when there is none. No replacement is longer than what it replaces. */
static struct slice rewrite(struct arena *arena, struct slice text, char mark,
                            size_t (*piece)(struct buf *out, struct slice s))
{
    if (slice_find_byte(text, mark) == SIZE_MAX)
        return SLICE_NONE;
    struct buf out;
    bool changed = false;
    buf_init(&out, text.len);
    while (text.len) {
        size_t plain = slice_find_byte(text, mark);
        if (plain == SIZE_MAX)
            plain = text.len;
        buf_add(&out, slice_first(text, plain));
        text = slice_from(text, plain);
        size_t used = text.len ? piece(&out, text) : 0;
        changed = changed || used;
        if (text.len && !used) {
            buf_add_byte(&out, text.at[0]);
            used = 1;
        }
        text = slice_from(text, used);
    }
    struct slice kept = changed ? arena_copy(arena, buf_slice(&out)) : SLICE_NONE;
    buf_free(&out);
    return kept;
}

struct slice form_make(const struct slice forms[FORMS], unsigned n, struct arena *arena)
{
    if (n == 0)
        return forms[0];
    if (n == 1)
        return rewrite(arena, forms[0], '&', add_entity);
    if (n == 2)
        return rewrite(arena, forms[0], '"', add_doubled_quote);
    return rewrite(arena, n == 3 ? forms[0] : forms[n - 1], '\\', add_escaped);
}
