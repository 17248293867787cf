/* Knows the candidates of each status, of each detail pattern and of what else an entry must have
 * at all as sets of bits; see shortlist.h. What the conditions mean: match.c. */
#include "core/explain/shortlist.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { LEAST_STATUS = 100, MOST_STATUS = 599, ROWS = MOST_STATUS - LEAST_STATUS + 2, NOBODY = -1 };

enum need { NEED_TYPE, NEED_CODE, NEED_EVENT, NEED_VENDOR, NEEDS };

struct shortlist {
    size_t words;
    uint64_t *by_status;    /* ROWS sets: no status known (or no answer), then 100 to 599 */
    uint64_t *any_text;     /* candidates that no literal of the detail can rule out */
    uint64_t *needs[NEEDS]; /* those that never hold without it */
    uint64_t *of_vendor;    /* VENDORS_LIMIT sets: those that need evidence for the vendor */
    int *owner;             /* candidate of each pattern of the prefilter */
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

static void add_needs(struct shortlist *list, const struct candidate *candidate, size_t number)
{
    const struct alternative *a = candidate->alternative;
    if (a->scim_types.count && !a->detail.count)
        set(list->needs[NEED_TYPE], number);
    if (a->codes.count)
        set(list->needs[NEED_CODE], number);
    if (a->event_ids.count && !a->event_id_optional)
        set(list->needs[NEED_EVENT], number);
    if (a->gate == GATE_STRONG) {
        set(list->needs[NEED_VENDOR], number);
        set(list->of_vendor + (size_t)candidate->vendor * list->words, number);
    }
}

struct shortlist *shortlist_new(const struct rulebook *book)
{
    if (book->candidate_count > SHORTLIST_CANDIDATES)
        return NULL;
    struct shortlist *list = xcalloc(1, sizeof *list);
    list->words = book->candidate_count / 64 + 1;
    list->by_status = xcalloc(ROWS * list->words, sizeof *list->by_status);
    list->any_text = xcalloc(list->words, sizeof *list->any_text);
    for (size_t i = 0; i < NEEDS; i++)
        list->needs[i] = xcalloc(list->words, sizeof *list->needs[i]);
    list->of_vendor = xcalloc(VENDORS_LIMIT * list->words, sizeof *list->of_vendor);
    list->owner = xcalloc(PREFILTER_PATTERNS, sizeof *list->owner);
    for (size_t i = 0; i < PREFILTER_PATTERNS; i++)
        list->owner[i] = NOBODY;
    for (size_t i = 0; i < book->candidate_count; i++) {
        const struct alternative *a = book->candidates[i].alternative;
        if (a->specificity <= 0)
            break; /* never tried, nor are those after it */
        add_statuses(list, a, i);
        add_patterns(list, a, i);
        add_needs(list, &book->candidates[i], i);
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
    for (size_t i = 0; i < NEEDS; i++)
        free(list->needs[i]);
    free(list->of_vendor);
    free(list->owner);
    free(list);
}

/* Those that need what the entry does not have. */
static void leave_out(const struct shortlist *list, const struct facts *facts, uint64_t *out)
{
    const bool lacks[NEEDS] = {[NEED_TYPE] = facts->error.scim_type.len == 0,
                               [NEED_CODE] = facts->error.code_count == 0,
                               [NEED_EVENT] = facts->event_id < 0};
    for (size_t i = 0; i < NEEDS; i++)
        for (size_t w = 0; lacks[i] && w < list->words; w++)
            out[w] &= ~list->needs[i][w];
    for (size_t w = 0; w < list->words; w++) {
        uint64_t shown = 0;
        for (uint64_t bits = facts->vendors; bits; bits &= bits - 1)
            shown |= list->of_vendor[(size_t)__builtin_ctzll(bits) * list->words + w];
        out[w] &= ~list->needs[NEED_VENDOR][w] | shown;
    }
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
    leave_out(list, facts, out);
    if (facts->status != 0 && (facts->status < LEAST_STATUS || facts->status > MOST_STATUS))
        return list->words; /* out of the way: by the text alone */
    size_t row = facts->status ? (size_t)(facts->status - LEAST_STATUS + 1) : 0;
    for (size_t w = 0; w < list->words; w++)
        out[w] &= list->by_status[row * list->words + w];
    return list->words;
}
