/* Knows which part of a regular expression every match must contain; see literal.h. Reads
 * sequences, alternatives, groups, classes, quantifiers and anchors; anything else gives up. */
#include "core/explain/literal.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { NESTING = 12 };

struct reader {
    struct slice text;
    size_t at;
    bool lost; /* something that is not understood */
};

static void read_either(struct reader *r, struct literals *out, int depth);

static size_t shortest(const struct literals *set)
{
    size_t least = 0;
    for (size_t i = 0; i < set->count; i++)
        if (i == 0 || set->items[i].len < least)
            least = set->items[i].len;
    return least;
}

/* The set that filters better: longer words, then fewer of them. */
static void keep_better(struct literals *best, const struct literals *other)
{
    size_t now = shortest(best), then = shortest(other);
    if (then < LITERAL_LEAST || then < now || (then == now && other->count >= best->count))
        return;
    *best = *other;
}

static void end_run(struct literals *best, struct literal *run)
{
    struct literals one = {.count = 1};
    one.items[0] = *run;
    if (run->len)
        keep_better(best, &one);
    run->len = 0;
}

/* After `[`: to behind `]`. */
static void skip_class(struct reader *r)
{
    size_t begin = r->at;
    if (r->at < r->text.len && r->text.at[r->at] == '^')
        r->at++;
    if (r->at < r->text.len && r->text.at[r->at] == ']')
        r->at++;
    while (r->at < r->text.len && r->text.at[r->at] != ']') {
        char c = r->text.at[r->at++];
        if (c == '\\')
            r->at++;
        else if (c == '[') /* [:alpha:] */
            r->lost = true;
    }
    if (r->at >= r->text.len || r->at == begin)
        r->lost = true;
    else
        r->at++;
}

/* `?` `*` `+` `{n,m}` behind an atom: whether it may be missing, whether it may come again. */
static void read_quantifier(struct reader *r, bool *optional, bool *again)
{
    char c = r->at < r->text.len ? r->text.at[r->at] : '\0';
    *optional = *again = false;
    if (c == '?' || c == '*' || c == '+') {
        *optional = c != '+';
        *again = c != '?';
        r->at++;
    } else if (c == '{') {
        size_t close = slice_find_byte(slice_from(r->text, r->at), '}');
        if (close == SIZE_MAX || close < 2 || r->text.at[r->at + 1] < '0' ||
            r->text.at[r->at + 1] > '9') {
            r->lost = true;
            return;
        }
        *optional = r->text.at[r->at + 1] == '0';
        *again = true;
        r->at += close + 1;
    } else {
        return;
    }
    c = r->at < r->text.len ? r->text.at[r->at] : '\0';
    if (c == '?' || c == '+') /* lazy, possessive */
        r->at++;
}

/* The byte that an escape stands for; 0 for a class, an anchor or what is not understood. */
static char escaped(struct reader *r)
{
    char c = r->at < r->text.len ? r->text.at[r->at++] : '\0';
    if (c && !strchr("0123456789", c) && !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
        return c;
    if (!c || !strchr("dDsSwWbB", c))
        r->lost = true;
    return '\0';
}

static void read_sequence(struct reader *r, struct literals *best, int depth)
{
    struct literal run = {.len = 0};
    *best = (struct literals){.count = 0};
    while (r->at < r->text.len && !r->lost) {
        char c = r->text.at[r->at];
        bool optional, again;
        if (c == '|' || c == ')')
            break;
        r->at++;
        if (c == '^' || c == '$') /* matches no byte */
            continue;
        if (c == '(') {
            struct literals *inner = xcalloc(1, sizeof *inner);
            end_run(best, &run);
            if (depth == NESTING || (r->at < r->text.len && r->text.at[r->at] == '?'))
                r->lost = true;
            else
                read_either(r, inner, depth + 1);
            if (r->at >= r->text.len || r->text.at[r->at] != ')')
                r->lost = true;
            r->at++;
            read_quantifier(r, &optional, &again);
            if (!optional && !r->lost)
                keep_better(best, inner);
            free(inner);
            continue;
        }
        bool plain = c != '.' && c != '[';
        if (strchr("*+?{", c))
            r->lost = true; /* a quantifier without an atom */
        if (c == '[')
            skip_class(r);
        if (c == '\\') {
            c = escaped(r);
            plain = c != '\0';
        }
        read_quantifier(r, &optional, &again);
        if (plain && !optional && run.len < LITERAL_LENGTH && (unsigned char)c < 0x80)
            run.text[run.len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        else if (!plain || optional || (unsigned char)c >= 0x80)
            end_run(best, &run);
        if (again || run.len == LITERAL_LENGTH)
            end_run(best, &run);
    }
    end_run(best, &run);
}

/* Every alternative must give literals, or the whole has none. */
static void read_either(struct reader *r, struct literals *out, int depth)
{
    struct literals *one = xcalloc(1, sizeof *one);
    bool none = false;
    out->count = 0;
    for (;;) {
        read_sequence(r, one, depth);
        none = none || one->count == 0 || out->count + one->count > LITERALS;
        for (size_t i = 0; i < one->count && !none; i++)
            out->items[out->count++] = one->items[i];
        if (r->lost || r->at >= r->text.len || r->text.at[r->at] != '|')
            break;
        r->at++;
    }
    if (none)
        out->count = 0;
    free(one);
}

void literals_of(struct literals *out, struct slice pattern)
{
    struct reader r = {.text = pattern};
    read_either(&r, out, 0);
    if (r.lost || r.at != pattern.len)
        out->count = 0;
}
