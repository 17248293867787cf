/* Which candidates can hold at all for an entry's status and the words of its detail, so that only
 * these few are tried. Conservative: every candidate that would hold is on the list. Built once,
 * read-only afterwards. */
#ifndef CORE_EXPLAIN_SHORTLIST_H
#define CORE_EXPLAIN_SHORTLIST_H

#include "core/explain/pack.h"

enum {
    SHORTLIST_CANDIDATES = 16 * 1024, /* of books with more all candidates are listed */
    SHORTLIST_WORDS = SHORTLIST_CANDIDATES / 64
};

struct shortlist;

/* After prefilter_build. NULL when the book has too many candidates. */
struct shortlist *shortlist_new(const struct rulebook *book);
void shortlist_free(struct shortlist *list);
/* Sets the bits of the candidates to try, by their number in the book; returns how many words of
 * `out` are filled. `may`: what prefilter_scan said of the detail. */
size_t shortlist_choose(const struct shortlist *list, const struct facts *facts,
                        const uint64_t may[PREFILTER_WORDS], uint64_t out[SHORTLIST_WORDS]);

#endif
