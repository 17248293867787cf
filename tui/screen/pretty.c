/* See pretty.h. It looks at tags only; what stands in them is kept byte for byte. */
#include "tui/screen/pretty.h"

#include <string.h>

enum { DEPTH_LIMIT = 200 };

struct printing {
    struct buf *out;
    size_t depth;
    struct slice open[DEPTH_LIMIT]; /* names of the elements around */
    bool fresh;                     /* the element opened last has nothing in it yet */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice name_of(struct slice tag)
{
    size_t from = tag.len > 1 && tag.at[1] == '/' ? 2 : 1, to = from;
    while (to < tag.len && !is_blank(tag.at[to]) && tag.at[to] != '>' && tag.at[to] != '/')
        to++;
    return slice_make(tag.at + from, to - from);
}

static void line(struct printing *p)
{
    if (p->out->len > 0)
        buf_add_byte(p->out, '\n');
    for (size_t i = 0; i < p->depth; i++)
        buf_add_text(p->out, "  ");
}

/* The end of what begins with `<`: past its `>`, 0 when it has none. */
static size_t tag_end(struct slice rest)
{
    static const struct {
        const char *begin, *end;
    } whole[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (slice_starts(rest, whole[i].begin)) {
            size_t at = slice_find(rest, slice_of(whole[i].end));
            return at == SIZE_MAX ? 0 : at + strlen(whole[i].end);
        }
    char quote = 0;
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.at[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return 0;
}

static bool close_tag(struct printing *p, struct slice tag)
{
    if (p->depth == 0 || !slice_equal(p->open[p->depth - 1], name_of(tag)))
        return false;
    p->depth--;
    if (!p->fresh)
        line(p);
    p->fresh = false;
    return buf_add(p->out, tag);
}

static bool take_tag(struct printing *p, struct slice tag)
{
    if (tag.len > 1 && tag.at[1] == '/')
        return close_tag(p, tag);
    if (slice_starts(tag, "<![CDATA["))
        return buf_add(p->out, tag);
    line(p);
    p->fresh = false;
    bool element = tag.len > 2 && tag.at[1] != '!' && tag.at[1] != '?';
    if (element && tag.at[tag.len - 2] != '/') {
        if (p->depth == DEPTH_LIMIT)
            return false;
        p->open[p->depth++] = name_of(tag);
        p->fresh = true;
    }
    return buf_add(p->out, tag);
}

/* Text stands behind its element's tag; between elements it has a line of its own. */
static void take_text(struct printing *p, struct slice text)
{
    text = slice_trim(text);
    if (text.len == 0)
        return;
    if (!p->fresh)
        line(p);
    buf_add(p->out, text);
}

bool pretty_add_xml(struct buf *out, struct slice text)
{
    struct printing p = {.out = out};
    struct slice rest = slice_trim(text);
    size_t from = out->len;
    if (rest.len < 3 || rest.at[0] != '<')
        return false;
    while (rest.len > 0) {
        size_t at = slice_find_byte(rest, '<');
        take_text(&p, slice_first(rest, at == SIZE_MAX ? rest.len : at));
        if (at == SIZE_MAX)
            break;
        rest = slice_from(rest, at);
        size_t len = tag_end(rest);
        if (len == 0 || !take_tag(&p, slice_first(rest, len)))
            return false;
        rest = slice_from(rest, len);
    }
    return p.depth == 0 && out->len > from && !buf_full(out);
}
