/* Evidence: facts from the operator's own data about one entry, each with a verdict. One check per
 * file under core/explain/evidence/, one row in its table. Nothing here guesses: what the record
 * does not hold is `not-captured`, and the sentence says which export would hold it. */
#ifndef CORE_EXPLAIN_EVIDENCE_H
#define CORE_EXPLAIN_EVIDENCE_H

#include "core/entry.h"
#include "core/explain/rulebook.h"

enum evidence_verdict { EVIDENCE_SHOWN, EVIDENCE_CONSISTENT, EVIDENCE_NOT_CAPTURED };
const char *evidence_verdict_name(enum evidence_verdict verdict); /* "shown" ... */

enum { EVIDENCE_LIMIT = 24, EVIDENCE_ENTRIES = 16 };

struct evidence {
    const char *id; /* "token-expiry": the check's name, for JSON */
    enum evidence_verdict verdict;
    struct slice text;
    int64_t entries[EVIDENCE_ENTRIES]; /* ids of the entries it rests on besides this one */
    size_t entry_count;
};

struct evidence_list {
    struct evidence items[EVIDENCE_LIMIT];
    size_t count;
};

/* All evidence about `entry`, from its redacted record (NULL when not kept). Texts in `arena`. */
void evidence_collect(struct evidence_list *out, const struct entry *entry,
                      const struct record *record, const struct facts *facts,
                      const struct rule *rule, struct arena *arena);

#endif
