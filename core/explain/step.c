/* Knows how the phrases of all agents are looked for in the text of an event at once: chained by
 * their first two bytes, made once for a rulebook; see step.h. */
#include "core/explain/step.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    STEP_TEXT = 1024,    /* bytes of an event's text in which phrases are looked for */
    STEP_PHRASES = 1024, /* of all agents together; further ones are not looked for */
    STEP_CHAINS = 1024   /* by a hash of two bytes */
};

struct step_phrases {
    struct {
        struct slice text;
        enum step step;
        unsigned last; /* its last byte, folded */
        unsigned next;
    } all[STEP_PHRASES];
    unsigned count, first[STEP_CHAINS]; /* from 1; 0 ends a chain */
    bool begins[256];                   /* some phrase begins with this byte */
    enum step alone[256];               /* the least step whose phrase is this byte; or other */
};

static unsigned step_fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static unsigned step_chain(unsigned first, unsigned second)
{
    return (first * 33 + second * 7) % STEP_CHAINS;
}

static void step_add(struct step_phrases *phrases, struct slice text, enum step step)
{
    if (text.len == 0 || phrases->count + 1 == STEP_PHRASES)
        return;
    unsigned begin = step_fold(text.at[0]);
    phrases->begins[begin] = true;
    if (text.len == 1) {
        if (phrases->alone[begin] == STEP_OTHER)
            phrases->alone[begin] = step;
        return;
    }
    unsigned *first = &phrases->first[step_chain(begin, step_fold(text.at[1]))];
    unsigned at = ++phrases->count;
    phrases->all[at].text = text;
    phrases->all[at].step = step;
    phrases->all[at].last = step_fold(text.at[text.len - 1]);
    phrases->all[at].next = *first;
    *first = at;
}

struct step_phrases *step_phrases_new(const struct rulebook *book)
{
    struct step_phrases *phrases = xcalloc(1, sizeof *phrases);
    for (int step = STEP_OTHER + 1; step < STEPS; step++) {
        struct text_list words = rulebook_words(book, (enum step)step);
        for (size_t i = 0; i < words.count; i++)
            step_add(phrases, words.items[i], (enum step)step);
    }
    return phrases;
}

void step_phrases_free(struct step_phrases *phrases)
{
    free(phrases);
}

enum step step_of_text(const struct step_phrases *phrases, struct slice text)
{
    enum step best = STEP_OTHER;
    size_t longest = 0;
    text = slice_first(text, STEP_TEXT);
    for (size_t at = 0; at < text.len; at++) {
        unsigned begin = step_fold(text.at[at]);
        if (!phrases->begins[begin])
            continue;
        enum step alone = phrases->alone[begin];
        if (alone != STEP_OTHER && (longest == 0 || (longest == 1 && alone < best))) {
            longest = 1;
            best = alone;
        }
        if (at + 1 == text.len)
            break;
        unsigned i = phrases->first[step_chain(begin, step_fold(text.at[at + 1]))];
        for (; i; i = phrases->all[i].next) {
            struct slice phrase = phrases->all[i].text;
            if (phrase.len > text.len - at || phrase.len < longest ||
                (phrase.len == longest && phrases->all[i].step >= best) ||
                step_fold(text.at[at + phrase.len - 1]) != phrases->all[i].last ||
                !slice_equal_fold(slice_first(slice_from(text, at), phrase.len), phrase))
                continue;
            longest = phrase.len;
            best = phrases->all[i].step;
        }
    }
    return best;
}
