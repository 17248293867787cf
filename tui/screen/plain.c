/* Knows an ASCII sign of the same width for each sign that views draw. See plain.h. */
#include "tui/screen/plain.h"

#include "core/base/slice.h"

static const struct {
    const char *sign, *ascii;
} signs[] = {
    /* lines between panes */
    {"│", "|"},
    {"─", "-"},
    {"┌", "+"},
    {"┐", "+"},
    {"└", "+"},
    {"┘", "+"},
    {"├", "+"},
    {"┤", "+"},
    {"┬", "+"},
    {"┴", "+"},
    {"┼", "+"},
    /* the timeline, from nothing to most */
    {"·", "."},
    {"▁", "_"},
    {"▂", "_"},
    {"▃", "-"},
    {"▄", "-"},
    {"▅", "="},
    {"▆", "="},
    {"▇", "#"},
    {"█", "#"},
    /* a gauge and its ends */
    {"▕", "|"},
    {"▏", "|"},
    {"▎", "-"},
    {"▍", "-"},
    {"▌", "-"},
    {"▋", "="},
    {"▊", "="},
    {"▉", "="},
    /* evidence: shown, consistent, not captured */
    {"●", "*"},
    {"◐", "+"},
    {"○", "o"},
    /* messages, choices, directions */
    {"✓", "*"},
    {"✗", "!"},
    {"▶", ">"},
    {"▸", ">"},
    {"▾", "v"},
    {"▼", "v"},
    {"▲", "^"},
    {"◀", "<"},
    {"›", ">"},
    {"‹", "<"},
    {"↑", "^"},
    {"↓", "v"},
    {"←", "<"},
    {"→", ">"},
    {"★", "*"},
    {"☆", "o"},
    {"•", "*"},
    {"…", "~"},
    {"−", "-"},
    {"–", "-"},
    {"—", "-"},
    {"“", "\""},
    {"”", "\""},
    {"‘", "'"},
    {"’", "'"},
    {"×", "x"},
    {"≡", "="},
};

static bool is_ascii(const struct cell *cell)
{
    for (const char *at = cell->text; *at; at++)
        if ((unsigned char)*at >= 0x80)
            return false;
    return true;
}

static const char *ascii_of(const char *text)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(signs[i].sign, text) == 0)
            return signs[i].ascii;
    return NULL;
}

static void cell_become(struct cell *cell, const char *ascii)
{
    cell->text[0] = ascii[0];
    cell->text[1] = '\0';
    cell->width = 1;
}

void plain_canvas(struct canvas *c, enum plain plain)
{
    size_t count = (size_t)c->width * (size_t)c->height;
    for (size_t i = 0; plain != PLAIN_NOTHING && i < count; i++) {
        struct cell *cell = &c->cells[i];
        if (is_ascii(cell))
            continue;
        const char *ascii = ascii_of(cell->text);
        if (ascii) {
            cell_become(cell, ascii);
            continue;
        }
        if (plain != PLAIN_ALL)
            continue;
        /* A wide letter has a second cell, which is ASCII already: it is empty. */
        if (cell->width == 2 && i + 1 < count) {
            cell_become(cell + 1, "?");
            cell[1].reverse = true;
        }
        cell_become(cell, "?");
        cell->reverse = true;
    }
}

enum plain plain_for(const char *codeset, bool locale_said, const char *term)
{
    struct slice set = slice_of(codeset ? codeset : ""), type = slice_of(term ? term : "");
    bool utf8 = slice_is_fold(set, "UTF-8") || slice_is_fold(set, "utf8");
    if ((locale_said && !utf8) || slice_starts(type, "vt1") || slice_starts(type, "vt2"))
        return PLAIN_ALL;
    /* The console of Linux has letters, but not all of our signs. */
    return slice_is(type, "linux") || slice_starts(type, "linux-") ? PLAIN_SIGNS : PLAIN_NOTHING;
}
