/* Pseudonyms for the people of a report (DESIGN.md section 8): user names, mail addresses and ids
 * are replaced by names made of a keyed hash, the same for the same value in every report of one
 * index, and of no meaning without its key.
 *
 * A value that was learned is replaced wherever it stands, in all its encodings (as it is, in
 * JSON strings at three depths, percent-encoded, as HTML), letter case folded; ASCII values under
 * four bytes and numbers under six digits only where a key or a path names them. One thread. */
#ifndef CORE_REPORT_PSEUDONYM_H
#define CORE_REPORT_PSEUDONYM_H

#include "core/base/hash.h"
#include "core/entry.h"
#include "core/explain/rulebook.h"

enum { PSEUDONYMS_LIMIT = 500 * 1000 /* values that are learned */ };

struct pseudonyms;

/* `key` is the index's own; `book` (may be NULL) knows how agents name users in texts. Both are
 * borrowed. */
struct pseudonyms *pseudonyms_new(const struct hash_key *key, const struct rulebook *book);
void pseudonyms_free(struct pseudonyms *p);

/* Learns whom an entry and its record (SLICE_NONE: none) name. FAULT_LIMIT when they are too many.
 * Not after the first pseudonyms_apply. */
enum fault_code pseudonyms_learn(struct pseudonyms *p, const struct entry *entry, struct slice raw,
                                 struct fault *why);
size_t pseudonyms_count(const struct pseudonyms *p);

/* The text with pseudonyms; borrowed when nothing had to be replaced, else in `arena`. */
struct slice pseudonyms_apply(struct pseudonyms *p, struct slice text, struct arena *arena);
/* All texts of an entry that may name somebody. */
void pseudonyms_apply_entry(struct pseudonyms *p, struct entry *entry, struct arena *arena);

/* Whether anything is left in an output that would be replaced, base64 forms of learned values
 * included. `*from` and `*len` tell where; search on behind it with `*from` moved. */
bool pseudonyms_left(struct pseudonyms *p, struct slice text, size_t *from, size_t *len);

#endif
