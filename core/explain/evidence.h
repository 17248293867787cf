/* Evidence: facts from the operator's own data about one entry, each with a verdict. One check per
 * file under core/explain/evidence/, one row in its table. Nothing here guesses: what the record
 * does not hold is `not-captured`, and the sentence says which export would hold it. */
#ifndef CORE_EXPLAIN_EVIDENCE_H
#define CORE_EXPLAIN_EVIDENCE_H

#include "core/entry.h"
#include "core/explain/rulebook.h"

enum evidence_verdict { EVIDENCE_SHOWN, EVIDENCE_CONSISTENT, EVIDENCE_NOT_CAPTURED };
const char *evidence_verdict_name(enum evidence_verdict verdict); /* "shown" ... */

enum { EVIDENCE_LIMIT = 32, EVIDENCE_ENTRIES = 16 };

struct evidence {
    const char *id; /* "token-expiry": the check's name, for JSON */
    enum evidence_verdict verdict;
    struct slice text;
    struct slice value;    /* the whole value that the sentence finds fault with, else SLICE_NONE */
    const char *attribute; /* whose value it is: "phoneNumbers"; NULL without one */
    int64_t entries[EVIDENCE_ENTRIES]; /* ids of the entries it rests on besides this one */
    size_t entry_count;
};

struct evidence_list {
    struct evidence items[EVIDENCE_LIMIT];
    size_t count;
};

/* An entry of the index that a check asked for. */
struct evidence_found {
    struct entry entry;
    struct slice raw; /* its record as JSON; SLICE_NONE unless asked for, or not kept */
};

/* A call that shows a userName for a resource id. */
struct evidence_sighting {
    struct slice id, name;
    int64_t time_us, entry; /* of the earliest such call; TIME_NONE when it has no time */
};

/* How many entries a filter selects. */
struct evidence_tally {
    uint64_t entries, users;
    int64_t first_us, last_us; /* TIME_NONE when none has a time */
};

/* What checks ask of the other entries. Filled by store_evidence_lookup (core/index/lookup.h), so
 * that checks know neither SQL nor files. All answers live in `arena`; false: cannot be answered
 * (cancelled, damaged), and the check says nothing. */
struct evidence_lookup {
    void *self;
    /* At most `limit` entries that the filter text selects, oldest (or newest) first. */
    bool (*entries)(void *self, struct slice filter, bool newest, size_t limit, bool want_raw,
                    struct arena *arena, struct evidence_found **out, size_t *count);
    /* Calls on /Users/ID of a host that do not state the userName themselves (GET that failed,
     * PATCH, DELETE), oldest first. */
    bool (*calls)(void *self, struct slice host, struct slice id, bool want_raw,
                  struct arena *arena, struct evidence_found **out, size_t *count);
    /* The names shown for an id (`name` SLICE_NONE) or the ids shown for a name (`id` SLICE_NONE;
     * ASCII letters folded) on a host, earliest first. */
    bool (*sightings)(void *self, struct slice host, struct slice id, struct slice name,
                      struct arena *arena, struct evidence_sighting **out, size_t *count);
    /* `filter` must select one class only. */
    bool (*tally)(void *self, struct slice filter, struct evidence_tally *out);
};
enum { EVIDENCE_FOUND_LIMIT = 200 /* entries or sightings that one question gives */ };

/* All evidence about `entry`, from its redacted record (NULL when not kept) and the other entries
 * of its index (`lookup` NULL: none to ask). Texts in `arena`. */
void evidence_collect(struct evidence_list *out, const struct entry *entry,
                      const struct record *record, const struct facts *facts,
                      const struct rule *rule, const struct rulebook *book,
                      const struct evidence_lookup *lookup, struct arena *arena);

#endif
