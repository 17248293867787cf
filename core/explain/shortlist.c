/* Knows the candidates of each status and those of each detail pattern as sets of bits; see
 * shortlist.h. What a status condition means: match.c. */
#include "core/explain/shortlist.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { LEAST_STATUS = 100, MOST_STATUS = 599, ROWS = MOST_STATUS - LEAST_STATUS + 2, NOBODY = -1 };

struct shortlist {
    size_t words;
    uint64_t *by_status; /* ROWS sets: no status known (or no answer), then 100 to 599 */
    uint64_t *any_text;  /* candidates that no literal of the detail can rule out */
    int *owner;          /* candidate of each pattern of the prefilter */
    size_t patterns;
};

static void set(uint64_t *bits, size_t number)
{
    bits[number / 64] |= UINT64_C(1) << (number % 64);
}

static void add_statuses(struct shortlist *list, const struct alternative *a, size_t number)
{
    if (alternative_takes_status(a, 0, false) || alternative_takes_status(a, 0, true))
        set(list->by_status, number);
    for (int status = LEAST_STATUS; status <= MOST_STATUS; status++)
        if (alternative_takes_status(a, status, false))
            set(list->by_status + (size_t)(status - LEAST_STATUS + 1) * list->words, number);
}

static void add_patterns(struct shortlist *list, const struct alternative *a, size_t number)
{
    bool any = a->detail.count == 0;
    for (size_t i = 0; i < a->detail.count; i++) {
        uint16_t pattern = a->detail.items[i].number;
        any = any || pattern == 0;
        if (pattern)
            list->owner[pattern] = (int)number;
    }
    if (any)
        set(list->any_text, number);
}

struct shortlist *shortlist_new(const struct rulebook *book)
{
    if (book->candidate_count > SHORTLIST_CANDIDATES)
        return NULL;
    struct shortlist *list = xcalloc(1, sizeof *list);
    list->words = book->candidate_count / 64 + 1;
    list->by_status = xcalloc(ROWS * list->words, sizeof *list->by_status);
    list->any_text = xcalloc(list->words, sizeof *list->any_text);
    list->owner = xcalloc(PREFILTER_PATTERNS, sizeof *list->owner);
    for (size_t i = 0; i < PREFILTER_PATTERNS; i++)
        list->owner[i] = NOBODY;
    for (size_t i = 0; i < book->candidate_count; i++) {
        const struct alternative *a = book->candidates[i].alternative;
        if (a->specificity <= 0)
            break; /* never tried, nor are those after it */
        add_statuses(list, a, i);
        add_patterns(list, a, i);
    }
    list->patterns = prefilter_patterns(book->prefilter);
    return list;
}

void shortlist_free(struct shortlist *list)
{
    if (!list)
        return;
    free(list->by_status);
    free(list->any_text);
    free(list->owner);
    free(list);
}

size_t shortlist_choose(const struct shortlist *list, const struct facts *facts,
                        const uint64_t may[PREFILTER_WORDS], uint64_t out[SHORTLIST_WORDS])
{
    memcpy(out, list->any_text, list->words * sizeof *out);
    for (size_t w = 0; w <= list->patterns / 64; w++)
        for (uint64_t bits = may[w]; bits; bits &= bits - 1) {
            int owner = list->owner[w * 64 + (size_t)__builtin_ctzll(bits)];
            if (owner != NOBODY)
                set(out, (size_t)owner);
        }
    if (facts->status != 0 && (facts->status < LEAST_STATUS || facts->status > MOST_STATUS))
        return list->words; /* out of the way: by the text alone */
    size_t row = facts->status ? (size_t)(facts->status - LEAST_STATUS + 1) : 0;
    for (size_t w = 0; w < list->words; w++)
        out[w] &= list->by_status[row * list->words + w];
    return list->words;
}
