/* Column blocks: the narrow columns of up to BLOCK_ENTRIES entries of one range of ids, sorted by
 * (time, source by path, position, operation, id), those without a time last. Derived from rows of
 * `entry`, written in the same transaction, so that counting and paging scan integers instead of
 * rows. Private to core/index.
 *
 * A column is a run of codes of one width: value = base + code, where code 0 is null in columns
 * that hold nulls. Its blob: width, nulls, 6 zero bytes, base, the codes, a checksum
 * (little-endian). The texts that people search lie beside it, case-folded, each distinct one once
 * per block. */
#ifndef CORE_INDEX_COLUMN_H
#define CORE_INDEX_COLUMN_H

#include "core/index/private.h"

enum {
    BLOCK_ENTRIES = 64 * 1024,
    BLOCK_TEXT = 32 * 1024 * 1024,    /* folded bytes after which a block is closed early */
    BLOCK_TEXT_ONE = 4 * 1024 * 1024, /* a longer text is left out; see BLOCK_TEXT_MISSING */
    BLOCK_MERGED = 16 * 1024,         /* small blocks are merged up to this many entries */
    BLOCK_FAN = 4,                    /* ... when so many of about one size stand in a row */
    COLUMNS_KEPT = 64 * 1024 * 1024,  /* bytes of columns a reader keeps, and COLUMNS_ENTRY */
    COLUMNS_ENTRY = 8,                /* bytes for each entry of the index */
    TEXTS_KEPT = 64 * 1024 * 1024,    /* bytes of block texts a reader keeps, and TEXTS_ENTRY */
    TEXTS_ENTRY = 16                  /* ... so that both together are 24 bytes for each */
};

#define COLUMN_NULL INT64_MIN /* what column_number gives for null */

enum field {
    FIELD_TIME,
    FIELD_ID,
    FIELD_CLASS,
    FIELD_USER,
    FIELD_STATUS,
    FIELD_SOURCE,
    FIELD_KIND,
    FIELD_LEVEL,
    FIELD_FLAGS,
    FIELD_EVENT,
    FIELD_PRINT,
    FIELD_POSITION,
    FIELD_BULK,
    FIELD_RECORD,
    FIELD_METHOD,
    FIELD_HOST,
    FIELD_SCIM_TYPE,
    FIELD_SUBJECT, /* of a failed entry: whose problem it is, 0 = nobody's; null: it did not fail */
    FIELD_DETAIL,
    FIELD_PATH,
    FIELD_QUERY,
    FIELD_REQUEST_ID, /* number of the text in the block */
    FIELDS,
    FIELD_STATE = FIELDS, /* of a failed entry's problem; not in the file: see column_problem.c */
    FIELDS_HELD,
    FIELD_TEXTS = FIELD_DETAIL, /* the first of them */
    TEXTS = FIELDS - FIELD_TEXTS,
    BLOBS = FIELDS + TEXTS, /* the texts themselves stand behind the columns */
    BLOB_STEP = 32          /* number of a blob = block * BLOB_STEP + field */
};

struct column {
    unsigned width; /* bytes of a code: 0 (all equal), 1, 2, 4, 8 */
    bool nulls;     /* code 0 is null */
    int64_t base;
    size_t count;
    const unsigned char *codes; /* in `blob` */
    struct buf blob;
};

/* Distinct texts: number n (from 0) is bytes starts[n] .. starts[n + 1] - 2 of `bytes`, each ended
 * by TEXT_END, which no UTF-8 text holds. */
#define TEXT_END '\xFF'
struct texts_block {
    size_t count;
    const uint32_t *starts; /* count + 1 of them, in `blob` */
    const char *bytes;
    struct buf blob;
};

enum block_flag {
    BLOCK_USER_STALE = 1,  /* users changed since: FIELD_USER and FIELD_SUBJECT are the rows' */
    BLOCK_TEXT_MISSING = 2 /* a text was too long for it: text search has to read the rows */
};

struct block_class {
    uint32_t class; /* 0 = none */
    uint32_t count;
};

struct block {
    int64_t id, stamp; /* the stamp is new whenever anything of the block is */
    int64_t first_id, last_id;
    size_t entries, timed; /* the first `timed` have a time */
    int64_t min_us, max_us;
    int64_t flags;
    struct block_class *classes; /* by class */
    size_t class_count;
    struct column *columns[FIELDS_HELD]; /* NULL until asked for */
    struct texts_block *texts[TEXTS];
    size_t references;
};

/* --- column.c --------------------------------------------------------------------------------- */

uint64_t column_code(const struct column *c, size_t at);
/* COLUMN_NULL for null. */
int64_t column_number(const struct column *c, size_t at);
/* Packs values (COLUMN_NULL = null) into a new blob. */
void column_pack(struct column *out, const int64_t *values, size_t count);
/* Reads `blob`, which must be a column of `count` codes; false when it is not, or damaged. */
bool column_unpack(struct column *c, size_t count);
/* Takes `bytes` over, which is empty then. */
void texts_pack(struct texts_block *out, struct buf *bytes, const uint32_t *starts, size_t count);
bool texts_unpack(struct texts_block *t);

struct block *block_new(void);
void block_hold(struct block *b);
void block_release(struct block *b);
/* Bytes of its texts that are held. */
size_t block_text_bytes(const struct block *b);
/* Number of the first entry of [0, timed) whose time is not before `time_us`. */
size_t block_find_time(const struct block *b, int64_t time_us);

/* --- column_build.c --------------------------------------------------------------------------- */

/* What columns hold of one row. */
struct block_row {
    int64_t numbers[FIELD_TEXTS]; /* COLUMN_NULL for null */
    struct slice texts[TEXTS];    /* as they stand in the row; SLICE_NONE for null */
};

/* Gathers rows, ids rising, into a block. Not to be added to when full. */
struct block_maker;
struct block_maker *block_maker_new(void);
void block_maker_free(struct block_maker *m);
void block_maker_reset(struct block_maker *m);
bool block_maker_full(const struct block_maker *m);
void block_maker_add(struct block_maker *m, const struct block_row *row);
size_t block_maker_count(const struct block_maker *m);
/* The id of the first row; 0 when there is none. */
int64_t block_maker_first(const struct block_maker *m);
/* The block of the rows, at least one, and of all they hold; then only reset and free remain. */
enum fault_code block_maker_finish(struct block_maker *m, struct store *s, struct block **out,
                                   struct fault *why);

/* Makes a block, all columns and texts of it, from the rows of ids in [first, last]. It may end
 * before `last`: out->last_id tells. NULL in *out when there is no row. */
enum fault_code block_build(struct block **out, struct store *s, int64_t first, int64_t last,
                            struct fault *why);

/* --- column_write.c --------------------------------------------------------------------------- */

/* Notes which rows of `entry` this connection changes; store_commit then brings the columns up to
 * date in the same transaction. */
void columns_watch(struct store *s);
/* A row of `entry` that was just inserted, so that its block need not read it again. */
void columns_inserted(struct store *s, const struct block_row *row);
enum fault_code columns_freshen(struct store *s, struct fault *why);
/* What of entries the next statements change: anything that columns hold; users and subjects, for
 * which blocks are only marked; nothing. */
enum change { CHANGE_ANY, CHANGE_USER, CHANGE_NONE };
void columns_expect(struct store *s, enum change change);
/* Linking is done: the next columns_freshen writes the columns that were only marked. */
void columns_settle_users(struct store *s);
/* After a rollback. */
void columns_forget_changes(struct store *s);
void columns_close_changes(struct store *s);

struct problem_set;

/* --- column_cache.c --------------------------------------------------------------------------- */

/* The blocks of the index as the running read transaction sees them; none (and `*usable` false)
 * when they do not cover all entries. The list lives until the next call. */
enum fault_code columns_refresh(struct store *s, struct block *const **out, size_t *count,
                                bool *usable, struct fault *why);
/* A column or the texts of a block, read when first asked; what is missing or damaged is made from
 * the rows. FAULT_INDEX when the rows are other ones meanwhile. */
enum fault_code block_column(struct store *s, struct block *b, enum field field,
                             const struct column **out, struct fault *why);
enum fault_code block_texts(struct store *s, struct block *b, enum field field,
                            const struct texts_block **out, struct fault *why);
/* The problems as they are now; lives until the next columns_refresh. */
enum fault_code columns_problems(struct store *s, const struct problem_set **out,
                                 struct fault *why);
/* Forgets the texts of a block when those that are held are too many to keep. */
void columns_limit_texts(struct store *s, struct block *b);
void block_forget_texts(struct block *b);
/* Reads a blob of a block; false when it is missing or damaged. */
bool block_load(struct store *s, struct block *b, unsigned blob);
/* The rows of column_block, in the order of ids; each is a reference of the caller's. */
enum fault_code blocks_list(struct store *s, struct block ***out, size_t *count, struct fault *why);
void blocks_release(struct block **blocks, size_t count);
void columns_close(struct store *s);

/* --- column_problem.c ------------------------------------------------------------------------- */

/* The problems of the index, found by subject and class; as they were when read. */
struct problem_set {
    size_t count;
    int64_t *ids; /* of problem number n */
    unsigned char *states;
    struct problem_slot *slots;
    size_t mask;
};
enum { NO_PROBLEM = -1 };
enum fault_code problem_set_read(struct problem_set **out, struct store *s, struct fault *why);
void problem_set_free(struct problem_set *set);
/* The number of a problem, or NO_PROBLEM. */
int32_t problem_set_find(const struct problem_set *set, int64_t subject, int64_t class);
/* Makes FIELD_STATE of a block from its subjects and classes. */
enum fault_code problem_states(struct store *s, struct block *b, struct fault *why);

/* --- column_verify.c -------------------------------------------------------------------------- */

/* Compares every block with the rows; `say` gets one line for each that differs. */
enum fault_code columns_verify(struct store *s, void (*say)(void *self, const char *line),
                               void *self, uint64_t *faults, struct fault *why);

#endif
