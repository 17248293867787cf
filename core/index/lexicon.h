/* Texts and their numbers in memory, up to a ceiling: what a writer knows of the dictionary without
 * asking SQLite. Private to core/index. */
#ifndef CORE_INDEX_LEXICON_H
#define CORE_INDEX_LEXICON_H

#include "core/base/arena.h"

enum {
    LEXICON_BYTES = 4 * 1024 * 1024, /* of texts and slots together */
    LEXICON_STEPS = 64               /* slots that one text may look at */
};

struct lexicon_slot;
/* Empty when zeroed. */
struct lexicon {
    struct lexicon_slot *slots;
    size_t count, room; /* room: a power of two, or 0 */
    struct arena texts;
};

/* The number of a text, 0 when it has none. */
int64_t lexicon_find(const struct lexicon *l, struct slice text);
/* Takes a text that is not there. False when the ceiling is reached, or when too many texts share
 * their slots, as only texts chosen for it do: nothing was added then. */
bool lexicon_add(struct lexicon *l, struct slice text, int64_t id);
/* Gives the memory back; empty and usable again. */
void lexicon_free(struct lexicon *l);

#endif
