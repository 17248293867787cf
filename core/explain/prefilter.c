/* Knows how literals become an automaton over byte classes; see prefilter.h. */
#include "core/explain/prefilter.h"

#include "core/base/alloc.h"
#include "core/explain/literal.h"

#include <stdlib.h>

enum { STATES_LIMIT = 60000, NONE = 0xffff };

/* A literal of a pattern ends in a state. */
struct ending {
    uint16_t pattern;
    uint32_t next; /* the state's next ending, from 1; 0: the last */
};

struct prefilter {
    uint8_t class_of[256]; /* 0: a byte that no literal holds */
    size_t classes;
    uint16_t *next;  /* states * classes, NONE while being built */
    uint32_t *first; /* a state's endings */
    uint16_t *fallback;
    size_t states, states_room;
    struct ending *endings;
    size_t ending_count, ending_room;
    uint16_t patterns; /* numbers given, from 1 */
    struct waiting {
        struct literals literals;
        uint16_t pattern;
    } * waiting; /* until prefilter_build */
    size_t waiting_count, waiting_room;
};

struct prefilter *prefilter_new(void)
{
    return xcalloc(1, sizeof(struct prefilter));
}

void prefilter_free(struct prefilter *p)
{
    if (!p)
        return;
    free(p->next);
    free(p->first);
    free(p->fallback);
    free(p->endings);
    free(p->waiting);
    free(p);
}

void prefilter_add(struct prefilter *p, struct pattern *pattern)
{
    struct literals literals;
    pattern->number = 0;
    literals_of(&literals, pattern->source);
    if (literals.count == 0 || p->patterns + 1 >= PREFILTER_PATTERNS)
        return;
    if (p->waiting_count == p->waiting_room) {
        p->waiting_room = p->waiting_room ? p->waiting_room * 2 : 64;
        p->waiting = xrealloc(p->waiting, p->waiting_room, sizeof *p->waiting);
    }
    pattern->number = ++p->patterns;
    p->waiting[p->waiting_count++] = (struct waiting){literals, p->patterns};
}

/* --- building --------------------------------------------------------------------------------- */

static void choose_classes(struct prefilter *p)
{
    p->classes = 1;
    for (size_t i = 0; i < p->waiting_count; i++)
        for (size_t j = 0; j < p->waiting[i].literals.count; j++) {
            const struct literal *one = &p->waiting[i].literals.items[j];
            for (size_t k = 0; k < one->len; k++) {
                unsigned char c = (unsigned char)one->text[k];
                if (!p->class_of[c])
                    p->class_of[c] = (uint8_t)p->classes++;
            }
        }
    for (int c = 'A'; c <= 'Z'; c++)
        p->class_of[c] = p->class_of[c + 32];
}

static uint16_t add_state(struct prefilter *p)
{
    if (p->states == p->states_room) {
        p->states_room = p->states_room ? p->states_room * 2 : 1024;
        p->next = xrealloc(p->next, p->states_room * p->classes, sizeof *p->next);
        p->first = xrealloc(p->first, p->states_room, sizeof *p->first);
    }
    for (size_t i = 0; i < p->classes; i++)
        p->next[p->states * p->classes + i] = NONE;
    p->first[p->states] = 0;
    return (uint16_t)p->states++;
}

static void add_ending(struct prefilter *p, size_t state, uint16_t pattern)
{
    for (uint32_t at = p->first[state]; at; at = p->endings[at - 1].next)
        if (p->endings[at - 1].pattern == pattern)
            return;
    if (p->ending_count == p->ending_room) {
        p->ending_room = p->ending_room ? p->ending_room * 2 : 1024;
        p->endings = xrealloc(p->endings, p->ending_room, sizeof *p->endings);
    }
    p->endings[p->ending_count++] = (struct ending){pattern, p->first[state]};
    p->first[state] = (uint32_t)p->ending_count;
}

/* False when there is no room for another literal: the pattern may then match anything. */
static bool add_literal(struct prefilter *p, const struct literal *one, uint16_t pattern)
{
    size_t state = 0;
    if (p->states + LITERAL_LENGTH >= STATES_LIMIT)
        return false;
    for (size_t i = 0; i < one->len; i++) {
        size_t at = state * p->classes + p->class_of[(unsigned char)one->text[i]];
        if (p->next[at] == NONE) {
            uint16_t made = add_state(p);
            p->next[at] = made;
        }
        state = p->next[at];
    }
    add_ending(p, state, pattern);
    return true;
}

/* Breadth first: a state's missing steps are those of its fallback, whose endings it has too. */
static void close_automaton(struct prefilter *p)
{
    uint16_t *queue = xcalloc(p->states, sizeof *queue);
    size_t head = 0, tail = 0;
    p->fallback = xcalloc(p->states, sizeof *p->fallback);
    for (size_t c = 0; c < p->classes; c++) {
        if (p->next[c] == NONE)
            p->next[c] = 0;
        else
            queue[tail++] = p->next[c];
    }
    while (head < tail) {
        size_t state = queue[head++], back = p->fallback[state];
        for (uint32_t at = p->first[back]; at; at = p->endings[at - 1].next)
            add_ending(p, state, p->endings[at - 1].pattern);
        for (size_t c = 0; c < p->classes; c++) {
            uint16_t *step = &p->next[state * p->classes + c];
            uint16_t other = p->next[back * p->classes + c];
            if (*step == NONE) {
                *step = other;
            } else {
                p->fallback[*step] = other;
                queue[tail++] = *step;
            }
        }
    }
    free(queue);
}

void prefilter_build(struct prefilter *p)
{
    choose_classes(p);
    add_state(p);
    for (size_t i = 0; i < p->waiting_count; i++)
        for (size_t j = 0; j < p->waiting[i].literals.count; j++)
            if (!add_literal(p, &p->waiting[i].literals.items[j], p->waiting[i].pattern))
                add_ending(p, 0, p->waiting[i].pattern);
    close_automaton(p);
    free(p->waiting);
    p->waiting = NULL;
}

size_t prefilter_patterns(const struct prefilter *p)
{
    return p->patterns;
}

void prefilter_scan(const struct prefilter *p, struct slice text, uint64_t bits[PREFILTER_WORDS])
{
    size_t state = 0;
    text = slice_first(text, PATTERN_SUBJECT);
    memset(bits, 0, (p->patterns / 64 + 1) * sizeof *bits);
    for (uint32_t at = p->first[0]; at; at = p->endings[at - 1].next)
        bits[p->endings[at - 1].pattern / 64] |= UINT64_C(1) << (p->endings[at - 1].pattern % 64);
    for (size_t i = 0; i < text.len; i++) {
        state = p->next[state * p->classes + p->class_of[(unsigned char)text.at[i]]];
        for (uint32_t at = p->first[state]; at; at = p->endings[at - 1].next) {
            uint16_t pattern = p->endings[at - 1].pattern;
            bits[pattern / 64] |= UINT64_C(1) << (pattern % 64);
        }
    }
}
