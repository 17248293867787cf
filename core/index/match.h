/* How a filter's words meet the texts of entries: whole, case-folded, `*` = any run; or as a
 * substring. Private to core/index. */
#ifndef CORE_INDEX_MATCH_H
#define CORE_INDEX_MATCH_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/index/filter.h"

enum match_how {
    MATCH_WHOLE,
    MATCH_USER,   /* also the part before '@' */
    MATCH_FILE,   /* also the part behind the last '/' */
    MATCH_INSIDE, /* anywhere */
    MATCH_RECORD  /* anywhere in a record's JSON; the word is escaped as that is */
};

/* One value of a term, folded once. */
struct match_word {
    struct slice folded;
    bool wild; /* `*` in it means any run */
};

/* What one question remembers of a dictionary text: by its number. */
enum match_memory { MATCH_UNKNOWN, MATCH_NO, MATCH_YES };

/* All values of one term (ORed). */
struct matcher {
    enum match_how how;
    struct match_word *words;
    size_t count;
    bool of_source;        /* texts are paths of `source`, not dictionary texts */
    unsigned char *memory; /* enum match_memory by number, `room` of them */
    size_t room;
};

struct matchers {
    struct matcher *items;
    size_t count;
    struct buf folded; /* the text at hand */
};

/* Adds a matcher for these values (those that are `none` are left out); its number. */
size_t match_add(struct matchers *all, enum match_how how, const struct filter_value *values,
                 size_t count, struct arena *arena);
void match_free(struct matchers *all);

bool match_text(struct matchers *all, const struct matcher *m, struct slice text);
/* The same for a text that is folded already. */
bool match_folded(const struct matcher *m, struct slice folded);
/* Appends the folding of a text; false at the ceiling of `out`. */
bool match_fold(struct buf *out, struct slice text);
/* Remembers what was found for a dictionary text. NULL when the number is too large for that. */
unsigned char *match_memory_of(struct matcher *m, int64_t id);

#endif
