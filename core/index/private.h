/* What the files of this folder share. Nobody outside includes it: SQL ends here. */
#ifndef CORE_INDEX_PRIVATE_H
#define CORE_INDEX_PRIVATE_H

#include "core/index/dictionary.h"
#include "core/index/store.h"

#include <sqlite3.h>

enum {
    INDEX_APPLICATION_ID = 0x5343494D, /* "SCIM" */
    INDEX_VERSION = 9,                 /* PRAGMA user_version this program writes */
    INDEX_PAGE_SIZE = 16 * 1024,
    INDEX_BUSY_SECONDS = 10,
    INDEX_VALUE_LIMIT = 80 * 1024 * 1024, /* bytes of one SQL value */
    BODY_GROUP = 64 * 1024,               /* bytes of raw records compressed together */
    BODY_LIMIT = 64 * 1024 * 1024,        /* bytes of one raw record that are kept */
    TEXTS_CACHED = 64 * 1024,             /* dictionary texts a reader remembers */
    SOURCE_NUMBER_LIMIT = 1 << 24,        /* no source has a higher number */
    STATEMENTS_CACHED = 192,
    STATEMENT_SLOTS = 512 /* a power of two, over twice as many */
};

/* entry.flags */
enum { ENTRY_HAS_TOKEN = 1 };

/* What an entry says about an operation on its subject; entry.outcome. */
enum outcome { OUTCOME_NONE, OUTCOME_FAILED, OUTCOME_DONE };

struct extent;
struct source_extent;

/* A selection's matchers as its SQL functions see them. */
struct matchers;
struct notes;

/* A damaged place that the next commit writes. */
struct damaged_place {
    uint64_t position, offset;
    char text[240];
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    bool writable;
    bool immutable; /* opened as a file that nobody changes */
    int lock_fd;    /* of <db>.lock, or -1 */
    struct hash_key *key;

    bool (*stale)(void *self);
    void *stale_self;

    /* Prepared statements by the address of their literal. */
    const char *statement_text[STATEMENTS_CACHED];
    sqlite3_stmt *statement[STATEMENTS_CACHED];
    size_t statement_count;
    unsigned char statement_slot[STATEMENT_SLOTS]; /* 1 + number, by address; 0 = free */

    struct damaged_place *damaged; /* DAMAGED_KEPT of them, or NULL */
    size_t damaged_count;

    struct dictionary dictionary;   /* text -> id, for writing */
    struct texts texts;             /* id -> text, for reading */
    struct group_cache *groups;     /* note.c: numbers of event groups */
    struct notes *notes;            /* note.c: of the batch being written */
    struct class_cache *classes;    /* class.c */
    struct body_cache *bodies;      /* body.c: the group unpacked last */
    struct matchers *matchers;      /* of the question being answered */
    struct row_reader *reader;      /* read.c: whose statement is being stepped */
    struct columns *columns;        /* column_cache.c: blocks as last listed, for reading */
    struct strings *strings;        /* strings.c: the dictionary, case-folded */
    struct source_extent *extent;   /* extent_row.c: of the source being imported */
    struct source_order *order;     /* source_order.c */
    struct column_changes *changes; /* column_write.c: rows changed in this transaction */
};

/* --- sql.c ------------------------------------------------------------------------------------ */

/* The fault that a result code means; the sentence names the index. */
enum fault_code store_sql_fault(struct store *s, int rc, struct fault *why);
/* The statement of this literal, prepared once, reset and unbound. NULL on failure. */
sqlite3_stmt *store_statement(struct store *s, const char *sql, struct fault *why);
/* What to answer when store_statement gave NULL: the code of its fault. */
enum fault_code store_statement_fault(const struct fault *why);
/* Runs a statement to its end (no rows wanted) and resets it. */
enum fault_code store_run(struct store *s, sqlite3_stmt *statement, struct fault *why);
/* Runs literal SQL without parameters. */
enum fault_code store_exec(struct store *s, const char *sql, struct fault *why);
/* One integer of a query without parameters; `otherwise` when it gives no row or null. */
enum fault_code store_ask(struct store *s, const char *sql, int64_t otherwise, int64_t *out,
                          struct fault *why);
void store_finish_statements(struct store *s);

/* A write transaction; a failed body is ended with store_rollback, which also forgets what the
 * caches learnt inside it. */
enum fault_code store_begin(struct store *s, struct fault *why);
enum fault_code store_commit(struct store *s, struct fault *why);
void store_rollback(struct store *s);
/* A read transaction around one question. `*own` tells whether it has to be ended. */
enum fault_code store_read_begin(struct store *s, bool *own, struct fault *why);
void store_read_end(struct store *s, bool own);

/* A text as the file takes it: itself, or, when it is no UTF-8 or holds NUL, a copy in `clean`
 * without that. */
struct slice store_clean(struct buf *clean, struct slice text);
/* SLICE_NONE is bound as null. The bytes are borrowed until the statement is reset; what is no
 * UTF-8 or holds NUL is bound as a cleaned copy and answered with false. */
bool store_bind(sqlite3_stmt *statement, int at, struct slice text);
void store_bind_int(sqlite3_stmt *statement, int at, int64_t value);
/* Null when `value` equals `null`. */
void store_bind_int_or(sqlite3_stmt *statement, int at, int64_t value, int64_t null);
/* Null is SLICE_NONE / `null`. Text lives until the statement moves on. */
struct slice store_column(sqlite3_stmt *statement, int at);
int64_t store_column_int(sqlite3_stmt *statement, int at, int64_t null);

enum fault_code store_meta_get(struct store *s, const char *key, int64_t *out, struct fault *why);
enum fault_code store_meta_set(struct store *s, const char *key, int64_t value, struct fault *why);

/* --- annotate.c ------------------------------------------------------------------------------- */

/* Remarks on problems go where their entries went; inside a write transaction. */
enum fault_code annotations_follow(struct store *s, struct fault *why);

/* --- lock.c, key.c, schema.c ------------------------------------------------------------------ */

/* Takes <path>.lock; FAULT_BUSY, naming the holder, when it is not free within `seconds`. */
enum fault_code lock_take(int *fd, const char *path, int seconds, struct fault *why);
void lock_release(int fd);

/* Reads <path>.key, or makes it when `make` and there is none. FAULT_INDEX when it is missing or
 * not a key. */
enum fault_code key_load(struct hash_key **out, const char *path, bool make, struct fault *why);
enum { KEY_CHECK_SIZE = HASH_TAG_SIZE };
void key_check_text(const struct hash_key *key, char out[KEY_CHECK_SIZE]);

/* Writes an empty index with the key's check value into an open, empty database. */
enum fault_code schema_create(sqlite3 *db, const char *key_check, struct fault *why);
/* Brings an older index forward, inside a write transaction of its own. */
enum fault_code schema_migrate(struct store *s, struct fault *why);
/* Names of the tables and their SQL, for checking. NULL-ended names. */
struct schema_object {
    const char *type, *name, *sql;
};
extern const struct schema_object schema_objects[];

/* --- class.c ---------------------------------------------------------------------------------- */

/* Row number of the entry's class, made or brought up to date from what the entry carries; 0 = has
 * none. */
enum fault_code class_id_of(struct store *s, const struct entry *entry, int64_t *out,
                            struct fault *why);
/* The class of a row number, or NULL; lives until the next write. */
const struct store_class *class_at(struct store *s, int64_t id);
/* One behind the last row number. */
int64_t class_end(const struct store *s);
enum fault_code class_read(struct store *s, struct fault *why);
void class_forget(struct store *s);

/* --- body.c ----------------------------------------------------------------------------------- */

struct body_writer {
    struct buf raw, packed;
    int64_t next_id;             /* of the group being filled */
    struct ZSTD_CCtx_s *packing; /* NULL until a group is full */
};
void body_writer_init(struct body_writer *w, int64_t next_id);
void body_writer_free(struct body_writer *w);
/* Adds one record and tells where it will lie; flushes a full group. */
enum fault_code body_add(struct store *s, struct body_writer *w, struct slice raw, int64_t *group,
                         int64_t *at, struct fault *why);
enum fault_code body_flush(struct store *s, struct body_writer *w, struct fault *why);
/* The record at that place. Lives until the next call; SLICE_NONE when `group` is 0. */
enum fault_code body_read(struct store *s, int64_t group, int64_t at, int64_t len,
                          struct slice *out, struct fault *why);
void body_forget(struct store *s);

/* --- strings.c -------------------------------------------------------------------------------- */

void strings_close(struct store *s);

/* --- source.c --------------------------------------------------------------------------------- */

/* Opens a write transaction in which the source has its row and its run has a number. */
enum fault_code source_begin_write(struct store *s, struct store_source *source, struct fault *why);
/* Ends it: unless `code` is a fault already, writes the row and the damaged places and commits;
 * `held` more entries of it are in the index then. On failure nothing stays. */
enum fault_code source_end_write(struct store *s, struct store_source *source, int64_t held,
                                 enum fault_code code, struct fault *why);

/* --- extent_row.c ----------------------------------------------------------------------------- */

/* Readies what is noted of the source's run, inside a write transaction; `fresh`: it begins here.
 */
enum fault_code extent_begin(struct store *s, const struct store_source *source, bool fresh,
                             struct fault *why);
/* An entry of that source, new or a duplicate. */
void extent_note(struct store *s, const struct entry *entry);
/* Writes it with the transaction. */
enum fault_code extent_save(struct store *s, struct fault *why);
enum fault_code extent_drop(struct store *s, int64_t source_id, struct fault *why);
/* Forgets what is not committed. */
void extent_forget(struct store *s);
/* What is known of a source, into an empty `out`; not `*found` when it is not told or damaged. */
enum fault_code extent_read(struct store *s, int64_t source_id, struct extent *out, bool *found,
                            struct fault *why);

/* --- shown.c ---------------------------------------------------------------------------------- */

/* A name that a call shows for an id. */
struct shown_name {
    int64_t host; /* dictionary number, 0: none */
    struct slice id, name;
    int64_t time_us; /* INT64_MAX: none */
    int64_t source, position, entry;
    int64_t place; /* of the source, where they are sorted */
};
/* Names that wait to become a row of `link_shown`. */
struct shown_names {
    struct buf keys, data;
    size_t count;
};
void shown_init(struct shown_names *n);
void shown_reset(struct shown_names *n);
void shown_free(struct shown_names *n);
enum fault_code shown_add(struct store *s, struct shown_names *n, const struct shown_name *one,
                          struct fault *why);
/* Writes those that wait. */
enum fault_code shown_flush(struct store *s, struct shown_names *n, struct fault *why);
/* Calls `name` for every one on a host that is not in link_name yet, shown for `id` unless that is
 * SLICE_NONE, until it returns false. What it gets lives until it returns. */
enum fault_code shown_each(struct store *s, int64_t host, struct slice id,
                           bool (*name)(void *self, const struct shown_name *name), void *self,
                           struct fault *why);
/* Puts a name into link_name, unless an earlier call showed it, and notes an id that is waited for.
 */
enum fault_code shown_sort_in(struct store *s, const struct shown_name *one, struct fault *why);
/* Brings all names into link_name, when a call waits for one, when there are many, or when `all`;
 * inside a write transaction, which it may end to begin another. */
enum fault_code shown_settle(struct store *s, bool all, struct fault *why);

/* --- source_order.c --------------------------------------------------------------------------- */

/* Inside a question or a write: reads the order of the sources when it may have changed. */
enum fault_code source_order_begin(struct store *s, struct fault *why);
/* The place of a source in the order of paths and labels; 0 = there is no such source. Entries of
 * one time stand in this order, those of one source by position. */
int64_t source_place(const struct store *s, int64_t source);
void source_order_forget(struct store *s);
/* The same in SQL, of the source with the number `id`; and what orders rows of `entry` (alias `e`)
 * that have one time and record number. */
#define SOURCE_ORDER(id)                                                                           \
    "(SELECT o.path || char(10) || ifnull(o.label, '') FROM source o WHERE o.id = " id ")"
#define TIE_ORDER(e) SOURCE_ORDER(e ".source") ", " e ".position, " e ".bulk, " e ".id"
#define TIE_ORDER_DOWN(e)                                                                          \
    SOURCE_ORDER(e ".source") " DESC, " e ".position DESC, " e ".bulk DESC, " e ".id DESC"

/* --- note.c ----------------------------------------------------------------------------------- */

/* Collects, over one batch, what linking has to look at again; see store.h. */
struct notes;
/* The store's notes, empty. */
struct notes *notes_begin(struct store *s);
void notes_close(struct store *s);
void notes_event(struct notes *n, int64_t group, int64_t time_us);
/* The exchange's key, and the names it shows. */
enum fault_code notes_call(struct notes *n, const struct stored *stored, int64_t host,
                           int64_t source_id, struct fault *why);
struct shown_name shown_name_of(const struct identity *shown, const struct entry *entry,
                                int64_t host, int64_t source_id);
/* Has the calls on a host with this key looked at again. */
enum fault_code note_key(struct store *s, int64_t host, struct slice key, struct fault *why);
/* A subject whose problems this outcome may change. */
enum fault_code notes_subject(struct notes *n, int64_t subject, enum outcome outcome,
                              struct fault *why);
enum fault_code notes_write(struct notes *n, struct fault *why);
/* Number of an event group, 0 when this entry takes no part in linking. */
enum fault_code group_id_of(struct store *s, int64_t computer, int64_t channel, int64_t provider,
                            int64_t *out, struct fault *why);
void group_forget(struct store *s);

/* --- subject.c -------------------------------------------------------------------------------- */

enum outcome outcome_of(const struct entry *e, enum step step);
/* Dictionary number of the subject of an entry that has an outcome: its user with letter case
 * folded (`user_id`: its number), else the resource of a call or the agent of an event. */
enum fault_code subject_of(struct store *s, const struct entry *e, int64_t user_id, int64_t *out,
                           struct fault *why);
enum fault_code subject_of_agent(struct store *s, struct slice provider, struct slice computer,
                                 int64_t *out, struct fault *why);
/* Notes that the problems of a subject (0: none) have to be derived again. Whoever takes entries
 * out notes their subjects too. */
enum fault_code subject_note(struct store *s, int64_t subject, struct fault *why);
/* After an entry's user or class changed: derives subject and outcome anew and notes both sides. */
enum fault_code subject_renew(struct store *s, int64_t id, struct fault *why);
/* Gives an entry another user (a number of the dictionary, 0: none) as told by the entry `from`
 * (0: by itself), and does the same. */
enum fault_code subject_set_user(struct store *s, int64_t id, int64_t user, int64_t from,
                                 struct fault *why);

/* --- read.c ----------------------------------------------------------------------------------- */

/* Reads entries by number within one read transaction. In the order of their numbers, up or down,
 * one is where the last one ended and is not searched. */
struct row_reader {
    struct store *s;
    bool down;    /* the numbers asked for fall */
    bool remarks; /* there are marks, notes or states of work */
    sqlite3_stmt *rows;
    int64_t at;        /* number of the row that `rows` stands on; 0 = on none */
    int64_t source_id; /* whose path and label are kept */
    struct slice source, label;
    struct arena kept;
    /* What row_read asks of row_take, and what it answers. */
    int64_t wanted;
    struct arena *arena;
    struct entry *out;
    bool taken;
    int64_t body, body_at, body_len; /* where the record of `out` lies */
    enum fault_code code;
    struct fault why;
};
void row_reader_init(struct row_reader *r, struct store *s, bool down);
void row_reader_end(struct row_reader *r);
/* The entry of that number, its texts in `arena`; `*found` is false when there is none. `raw`, when
 * not NULL, becomes its record, which lives until the next body_read. */
enum fault_code row_read(struct row_reader *r, int64_t id, struct arena *arena, struct entry *out,
                         struct slice *raw, bool *found, struct fault *why);

/* The SQL function take_entry(): fills the entry that the stepping reader wants. */
void row_take(sqlite3_context *context, int count, sqlite3_value **row);

/* --- functions.c ------------------------------------------------------------------------------ */

/* Registers meets(), pick(), body_meets() and take_entry() on a connection. */
enum fault_code functions_add(struct store *s, struct fault *why);

#endif
