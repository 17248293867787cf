/* Knows how a word of a filter meets a text; see match.h. Pure but for the buffer of folded text.
 */
#include "core/index/match.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/record.h"

#include <stdlib.h>

enum {
    MATCHERS_STEP = 16,
    MEMORY_LIMIT = 64 * 1024 * 1024, /* numbers of texts that a question remembers */
    MEMORY_STEP = 4096
};

static struct match_word fold_word(const struct filter_value *value, enum match_how how,
                                   struct arena *arena)
{
    struct buf plain, folded;
    buf_init(&plain, (size_t)8 * FILTER_SIZE);
    buf_init(&folded, (size_t)32 * FILTER_SIZE);
    struct slice text = value->text;
    if (how == MATCH_RECORD && json_add_string(&plain, text) && plain.len >= 2)
        text = slice_make(plain.at + 1, plain.len - 2); /* without its quotes */
    bool inside = how == MATCH_INSIDE || how == MATCH_RECORD;
    bool wild = !value->quoted && slice_find_byte(text, '*') != SIZE_MAX;
    if (wild && inside)
        buf_add_byte(&folded, '*');
    utf8_add_folded(&folded, text);
    if (wild && inside)
        buf_add_byte(&folded, '*');
    struct match_word word = {arena_copy(arena, buf_slice(&folded)), wild};
    buf_free(&plain);
    buf_free(&folded);
    return word;
}

size_t match_add(struct matchers *all, enum match_how how, const struct filter_value *values,
                 size_t count, struct arena *arena)
{
    if (all->count % MATCHERS_STEP == 0)
        all->items = xrealloc(all->items, all->count + MATCHERS_STEP, sizeof *all->items);
    if (all->count == 0)
        buf_init(&all->folded, (size_t)4 * RECORD_SIZE_LIMIT);
    struct matcher *m = &all->items[all->count];
    *m = (struct matcher){.how = how, .words = arena_zalloc(arena, count, sizeof *m->words)};
    for (size_t i = 0; i < count; i++)
        if (!values[i].none)
            m->words[m->count++] = fold_word(&values[i], how, arena);
    return all->count++;
}

void match_free(struct matchers *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->items[i].memory);
    free(all->items);
    if (all->count)
        buf_free(&all->folded);
    *all = (struct matchers){0};
}

/* `*` = any run; on a mismatch only the last `*` takes one more byte, so the work is bounded by the
 * product of the lengths. */
static bool match_wild(struct slice pattern, struct slice text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, taken = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.len && pattern.at[p] == text.at[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*')
        p++;
    return p == pattern.len;
}

static bool match_one(const struct match_word *word, struct slice folded)
{
    return word->wild ? match_wild(word->folded, folded) : slice_equal(word->folded, folded);
}

static bool match_inside(const struct match_word *word, struct slice folded)
{
    if (word->wild)
        return match_wild(word->folded, folded);
    return word->folded.len == 0 ||
           (folded.len >= word->folded.len &&
            memmem(folded.at, folded.len, word->folded.at, word->folded.len) != NULL);
}

/* The part of a text that may stand for the whole: before '@', behind the last '/'. */
static struct slice short_form(enum match_how how, struct slice text)
{
    if (how == MATCH_USER) {
        size_t at = slice_find_byte(text, '@');
        return at == SIZE_MAX ? SLICE_NONE : slice_first(text, at);
    }
    if (how == MATCH_FILE)
        for (size_t i = text.len; i > 0; i--)
            if (text.at[i - 1] == '/')
                return slice_from(text, i);
    return SLICE_NONE;
}

/* Most texts are ASCII, where folding is byte by byte. */
bool match_fold(struct buf *out, struct slice text)
{
    char *to = buf_extend(out, text.len);
    if (!to)
        return false;
    size_t at = 0;
    for (; at < text.len && (unsigned char)text.at[at] < 0x80; at++) {
        char c = text.at[at];
        to[at] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    if (at == text.len)
        return true;
    out->len -= text.len - at;
    return utf8_add_folded(out, slice_from(text, at));
}

bool match_text(struct matchers *all, const struct matcher *m, struct slice text)
{
    if (slice_is_none(text))
        return false;
    buf_reset(&all->folded);
    return match_fold(&all->folded, text) && match_folded(m, buf_slice(&all->folded));
}

bool match_folded(const struct matcher *m, struct slice folded)
{
    struct slice part = short_form(m->how, folded);
    for (size_t i = 0; i < m->count; i++) {
        if (m->how >= MATCH_INSIDE ? match_inside(&m->words[i], folded)
                                   : match_one(&m->words[i], folded))
            return true;
        if (!slice_is_none(part) && match_one(&m->words[i], part))
            return true;
    }
    return false;
}

unsigned char *match_memory_of(struct matcher *m, int64_t id)
{
    if (id <= 0 || id >= MEMORY_LIMIT)
        return NULL;
    if ((size_t)id >= m->room) {
        size_t room = m->room ? m->room : MEMORY_STEP;
        while (room <= (size_t)id)
            room *= 2;
        m->memory = xrealloc(m->memory, room, 1);
        memset(m->memory + m->room, MATCH_UNKNOWN, room - m->room);
        m->room = room;
    }
    return &m->memory[id];
}
