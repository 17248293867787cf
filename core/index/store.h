/* The index: one SQLite file (DESIGN.md section 3). Only this folder knows SQL. A store is one
 * connection and belongs to one thread; open several for several threads. */
#ifndef CORE_INDEX_STORE_H
#define CORE_INDEX_STORE_H

#include "core/base/hash.h"
#include "core/entry.h"
#include "core/explain/link.h"
#include "core/importer.h"

struct store;
struct filter;

enum store_mode {
    STORE_READ,   /* must exist; works on a read-only file */
    STORE_WRITE,  /* marks, notes; must exist */
    STORE_CREATE, /* made when missing; takes <db>.lock for the job (import) */
    STORE_BROWSE  /* made when missing, no lock (explorer, demo) */
};

/* The path that --db, $SCIMSCOPE_DB or the default gives; the caller frees it. Missing folders of
 * the default are made with mode 0700 when `make` is set. */
char *store_default_path(bool make);

/* Opens and checks: ours, not newer, no foreign triggers, migrated forward when writing. Creates
 * with mode 0600 and a key beside it. FAULT_INDEX, FAULT_BUSY (10 s, names the holder), FAULT_IO.
 */
enum fault_code store_open(struct store **out, const char *path, enum store_mode mode,
                           struct fault *why);
void store_close(struct store *s);

/* Why store_open() said FAULT_INDEX, as far as the file's first bytes and rights tell: for advice,
 * not for decisions. */
enum store_refusal {
    REFUSAL_NO_PLACE,   /* it is not there and could not be made */
    REFUSAL_UNREADABLE, /* its rights forbid it */
    REFUSAL_UNWRITABLE,
    REFUSAL_FOREIGN, /* no index of ours */
    REFUSAL_NEWER,   /* of a newer program */
    REFUSAL_DAMAGED  /* what else is left */
};
enum store_refusal store_refusal(const char *path);
const char *store_path(const struct store *s);
/* The key of the redaction hashes; FAULT_INDEX when it is lost or not this index's. */
enum fault_code store_key(struct store *s, const struct hash_key **out, struct fault *why);

/* A question whose `stale(self)` turns true is given up with FAULT_CANCELLED. NULL: never. */
void store_cancel_when(struct store *s, bool (*stale)(void *self), void *self);

/* --- writing (one importing thread) ----------------------------------------------------------- */

/* What an entry needs beside itself to be stored. */
struct stored {
    struct entry entry;
    struct link_facts link; /* kept in columns; notes what link_users has to look at again */
    uint64_t print;         /* fingerprint without the occurrence number */
    int64_t print_time;     /* its time cut to the second, 0 without */
    struct slice raw;       /* redacted record as JSON; SLICE_NONE: shares the entry's before it */
};

/* What the index keeps of an error class, so that filters need no rulebook. */
struct store_class {
    struct slice id, category, vendor;
    bool failure, success, remedy, evidence; /* is:failure is:success has:remedy has:evidence */
};
/* Makes the index know these classes (all of the rulebook that `hash` stands for); nothing is
 * written when it knows that hash already. */
enum fault_code store_set_classes(struct store *s, const struct store_class *classes, size_t count,
                                  uint64_t hash, struct fault *why);

/* A source row being filled. */
struct store_source {
    int64_t id;
    struct slice path, format, label;
    uint64_t size;
    int64_t mtime_us;
    uint64_t entries, added, duplicates, damaged, other; /* of this run */
    uint64_t held; /* entries in the index that came with it, in any run; told by store_sources */
    uint64_t records_done, offset; /* resume point: committed records, input offset there */
    struct slice sha256;           /* of the bytes before `offset`, later of the whole */
    struct slice zone;             /* assumed for zone-less times, else SLICE_NONE */
    uint64_t zone_twice;           /* times that exist twice in that zone: the first was taken */
    uint64_t zone_never;           /* times that do not exist in it: moved forward */
    uint64_t redacted;             /* values replaced */
    bool complete;
    int64_t first_us, last_us; /* of its entries in any run, TIME_NONE when none has a time */
    int64_t imported_us;
    int64_t run;     /* number of this import; private to the index */
    char digest[65]; /* holds `sha256` of a source that goes on */
};

/* Finds the partial or complete row of the same path and label (in: `path label format size
 * mtime_us`). A partial one of the same size and time gives its counts and resume point back and
 * goes on as the same run; else a new run begins and the counts start at 0. Nothing is written
 * before the first store_write or store_source_end, so a refused source leaves
 * nothing; until then `id` is 0 for a source that is new. */
enum fault_code store_source_begin(struct store *s, struct store_source *source, struct fault *why);
/* Forgets the resume point: a new run from the start (duplicates fall out). */
void store_source_restart(struct store_source *source);
/* Commits a batch: rows, dictionary, bodies, fingerprints, the source's counts and resume point in
 * one transaction. Entries already there are counted in `source->duplicates`, new ones get their
 * `id` and are counted in `source->added`. */
enum fault_code store_write(struct store *s, struct store_source *source, struct stored *batch,
                            size_t count, struct fault *why);
/* Counts a damaged place and (the first DAMAGED_KEPT of a source) keeps it; written with the next
 * store_write or store_source_end, so that a resumed import counts none twice. */
enum { DAMAGED_KEPT = 1000 };
void store_damaged(struct store *s, struct store_source *source, uint64_t offset, uint64_t position,
                   const char *text);
/* Writes the row as it is now: counts, digest, `complete`. */
enum fault_code store_source_end(struct store *s, struct store_source *source, struct fault *why);
/* Takes the source row away again when no entry of it is in the index. */
enum fault_code store_source_drop(struct store *s, int64_t source_id, struct fault *why);

/* --- deriving classes again (core/reclassify.c) ----------------------------------------------- */

/* An entry whose class is derived again; of `derived` the class, its group and vendor, whether it
 * is a failure or a success. A class_id of SLICE_NONE leaves the entry as it is. */
struct store_reclass {
    int64_t id;
    int pass; /* private to the index */
    struct entry derived;
};
enum { RECLASS_BATCH = 2048 };
/* Whether the index is not known to have the classes of these packs; whether it is empty. */
enum fault_code store_reclass_due(struct store *s, uint64_t hash, bool *due, bool *empty,
                                  struct fault *why);
/* The next entries to look at, failures first; `*count` 0 at the end. */
enum fault_code store_reclass_next(struct store *s, uint64_t hash,
                                   struct store_reclass batch[RECLASS_BATCH], size_t *count,
                                   struct fault *why);
/* Writes what was derived for such a batch, and how far the work is, in one transaction; notes the
 * subjects whose problems changed. Adds to `*changed`. */
enum fault_code store_reclass_save(struct store *s, uint64_t hash,
                                   const struct store_reclass *batch, size_t count,
                                   uint64_t *changed, struct fault *why);
/* All entries have the classes of these packs. */
enum fault_code store_reclass_end(struct store *s, uint64_t hash, struct fault *why);

/* What to take out of the index: the entries of a source (with its row), those before a time, or
 * those of a source before a time. */
struct store_forget {
    int64_t source;    /* 0 = of any */
    int64_t before_us; /* TIME_NONE = of any time; entries without a time stay otherwise */
};
/* Takes them out, with all that was kept of them, in one transaction: afterwards no byte of them is
 * left in the file or its journal. Tells how many. Takes <db>.lock; FAULT_BUSY while an import
 * runs. What they linked is noted for link_users; names that only other calls still show come back
 * by store_link_show: use forget_entries of core/forget.h, which does both. */
enum fault_code store_forget(struct store *s, const struct store_forget *what, uint64_t *entries,
                             struct fault *why);

/* --- columns (column_write.c) ----------------------------------------------------------------- */

/* How many entries have no columns, or those of other entries: after a migration or a damage. All
 * is answered from the rows then, which takes longer. 0: the columns are there. */
enum fault_code store_columns_due(struct store *s, uint64_t *entries, struct fault *why);
/* Makes them from the rows, piece by piece; goes on where an earlier run was stopped. Takes
 * <db>.lock unless this store has it; FAULT_BUSY at once while an import holds it. `*made` is the
 * number of entries once all is done, else 0. `stop` may be NULL. */
enum fault_code store_columns_make(struct store *s, const _Atomic bool *stop, uint64_t *made,
                                   struct fault *why);

/* --- linking users (core/explain/link.c) ------------------------------------------------------ */

/* A part of the index whose users have to be derived again. store_write notes one for every group
 * of events (computer, channel, provider) that got entries with a time (one range per group), and
 * one for every (host, id) that a new call has as its key or shows a name for. Notes lie in the
 * index and are committed with the batch, so a killed import loses none; taking entries out
 * (forget) notes what they touched too. */
struct link_work {
    int64_t id;             /* of the note, from 1 */
    enum entry_kind kind;   /* KIND_EVENT or KIND_HTTP */
    int64_t group;          /* number of the events' group, or of the host */
    int64_t from_us, to_us; /* KIND_EVENT: times of the first and last entry that came */
    struct slice key;       /* KIND_HTTP: the id as in link_facts; lives until the next call */
};
/* Opens the transaction in which the rest happens. */
enum fault_code store_link_begin(struct store *s, struct fault *why);
/* The note with the least id over `after`; false in `*found` when there is none. */
enum fault_code store_link_next(struct store *s, int64_t after, struct link_work *out, bool *found,
                                struct fault *why);
/* Takes the notes up to `last` away and commits (and begins anew when `more`). After a fault in
 * between: store_link_cancel. */
enum fault_code store_link_commit(struct store *s, int64_t last, bool more, struct fault *why);
void store_link_cancel(struct store *s);

/* An entry as linking sees it. */
struct link_entry {
    int64_t id, time_us;
    enum step step; /* events */
    bool classed;   /* events: has a class, so a SCIM error was found in its text */
    int status;
    struct slice own;   /* the user that normalise_record gave; SLICE_NONE = none */
    struct slice user;  /* the user it has now */
    int64_t user_entry; /* the entry that named it, 0 = itself */
};
/* The events of a group that name a user, have a class or a step (others link nothing), with a time
 * in [from, to], by (time, record id, sequence). Slices live until
 * the callback returns; it returns false to stop, and may call store_set_user. */
enum fault_code store_link_events(struct store *s, int64_t group, int64_t from_us, int64_t to_us,
                                  bool (*event)(void *self, const struct link_entry *event),
                                  void *self, struct fault *why);
/* The calls on a host with this key, in any order. The same rules. */
enum fault_code store_link_calls(struct store *s, int64_t host, struct slice key,
                                 bool (*call)(void *self, const struct link_entry *call),
                                 void *self, struct fault *why);
/* The names that calls on a host show for an id, each with the earliest of them by (time, source,
 * position): rows by (time, name), at most LINK_NAMES_LIMIT. */
struct link_name {
    struct slice name;
    int64_t time_us, entry;
};
enum fault_code store_link_names(struct store *s, int64_t host, struct slice key,
                                 struct arena *arena, struct link_name **out, size_t *count,
                                 struct fault *why);

/* Notes the ids and names that a call in the index shows, as store_write did once. Inside a
 * transaction of store_link_begin. */
enum fault_code store_link_show(struct store *s, const struct entry *entry,
                                const struct identity *shown, size_t count, struct fault *why);
/* Gives an entry its user: `from` is the entry that names it, or 0 with the entry's own (or none).
 */
enum fault_code store_set_user(struct store *s, int64_t id, struct slice user, int64_t from,
                               struct fault *why);

/* --- reading ---------------------------------------------------------------------------------- */

/* One entry by id; FAULT_USAGE when there is none. `*raw` (may be NULL) = its record's JSON. */
enum fault_code store_entry(struct store *s, int64_t id, struct arena *arena, struct entry *out,
                            struct slice *raw, struct fault *why);
enum fault_code store_sources(struct store *s, struct arena *arena, struct store_source **out,
                              size_t *count, struct fault *why);
/* Changes whenever anything was committed, by anyone: the explorer asks again then. */
uint64_t store_version(struct store *s);

/* SQLite integrity, schema, counts. `say` gets one line per fault found; returns how many. */
enum fault_code store_verify(struct store *s, void (*say)(void *self, const char *line), void *self,
                             uint64_t *faults, struct fault *why);

/* --- selection: the only door to the data ----------------------------------------------------- */

struct selection;

/* By time (entries without one last), then by the path and label of the source and the place in it,
 * so that the order does not depend on that of import. */
enum order { ORDER_OLDEST, ORDER_NEWEST };

enum facet {
    FACET_CLASS,
    FACET_CATEGORY,
    FACET_USER,
    FACET_STATUS,
    FACET_SOURCE,
    FACET_STATE,
    FACET_HOUR,
    FACET_DAY,
    FACET_LEVEL,
    FACET_EVENT,
    FACET_CLASS_USERS, /* classes with their users and span, which costs more */
    FACETS
};
const char *facet_name(enum facet facet); /* "class" ... */

struct facet_row {
    struct slice value; /* SLICE_NONE = null */
    uint64_t count;
    uint64_t users;            /* distinct affected users (FACET_CLASS_USERS only) */
    int64_t first_us, last_us; /* (FACET_CLASS_USERS only) */
};

/* The entries that `filter` (NULL: all) selects. Borrowed filter and store outlive it. */
enum fault_code selection_open(struct selection **out, struct store *s, const struct filter *filter,
                               struct fault *why);
void selection_close(struct selection *sel);

/* Finds what is selected for about so many microseconds, the newest entries first, and goes on
 * where it was the next time. Until `*done` is SCAN_DONE the other questions tell of what was found
 * so far. Not needed when nobody waits: they find everything themselves. */
enum { SCAN_DONE = 1000 };
enum fault_code selection_scan(struct selection *sel, int64_t budget_us, unsigned *done,
                               struct fault *why);

/* Costs a scan of its own unless rows, a facet or the span were asked before: ask those first. */
enum fault_code selection_count(struct selection *sel, uint64_t *out, struct fault *why);
/* Rows `first` .. `first + count - 1` in `order`; fewer at the end. */
enum fault_code selection_rows(struct selection *sel, enum order order, uint64_t first,
                               size_t count, struct arena *arena, struct entry **out, size_t *got,
                               struct fault *why);
/* The rank of an entry in `order`; FAULT_USAGE when the selection does not hold it. */
enum fault_code selection_rank(struct selection *sel, enum order order, int64_t id, uint64_t *out,
                               struct fault *why);
/* Values with counts, most first, ties by value; hours and days in time order. At most `limit`. */
enum fault_code selection_facet(struct selection *sel, enum facet facet, size_t limit,
                                struct arena *arena, struct facet_row **out, size_t *got,
                                struct fault *why);
/* Time of the oldest and newest entry that has one; TIME_NONE when none has. */
enum fault_code selection_span(struct selection *sel, int64_t *oldest, int64_t *newest,
                               struct fault *why);
/* `buckets` counts over [from, to]. */
enum fault_code selection_histogram(struct selection *sel, int64_t from, int64_t to, size_t buckets,
                                    uint64_t *out, struct fault *why);
/* Every selected entry in `order`, streamed. `raw` SLICE_NONE unless asked for; slices live until
 * the callback returns. The callback returns false to stop. */
enum fault_code selection_each(struct selection *sel, enum order order, bool want_raw,
                               bool (*row)(void *self, const struct entry *entry, struct slice raw),
                               void *self, struct fault *why);
/* The same as selection_each with the rows read by another thread meanwhile: `row`, called in this
 * one, must not ask the store. */
enum fault_code selection_each_ahead(struct selection *sel, enum order order, bool want_raw,
                                     bool (*row)(void *self, const struct entry *entry,
                                                 struct slice raw),
                                     void *self, struct fault *why);

#endif
