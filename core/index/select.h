/* A selection's rows in memory: what sorting, counting and facets need of each entry. Private to
 * core/index; today filled by one SQL scan per selection. */
#ifndef CORE_INDEX_SELECT_H
#define CORE_INDEX_SELECT_H

#include "core/index/column_select.h"

enum { SELECTION_LIMIT = 64 * 1024 * 1024 /* entries */ };

struct select_row {
    int64_t id, time_us, position, event_id;
    int32_t source, bulk, class, user; /* 0 = null */
    int32_t place;                     /* of the source, once sorted */
    int16_t status, level;             /* 0 = null */
};

struct selection {
    struct store *s;
    struct where where;
    bool counted, loaded, sorted; /* counted: `count` is known without having found them */
    uint64_t count;
    struct select_row *rows; /* in order (store.h) once `sorted` */
    size_t row_count, room;
    size_t timed; /* rows that have a time: they stand first */
    const struct filter *filter;
    bool prepared, by_rows, has_where; /* by_rows: columns cannot be used */
    bool begun;                        /* `chooser` is under way */
    bool piecewise; /* selection_scan was asked: what is found so far is the answer */
    struct choice choice;
    struct chooser chooser;
    struct chosen_all chosen; /* when not by_rows */
};

/* Counts by number: open addressing; `slots` hold 1 + the number of a row. */
struct tally_row {
    int64_t key;
    uint64_t count, users;
    int64_t first_us, last_us;
};
struct tally {
    struct tally_row *rows;
    size_t count, room;
    size_t *slots;
    size_t slot_count;
};
/* The row of a key, made when new (its count is 0 then). */
struct tally_row *tally_at(struct tally *t, int64_t key);
void tally_free(struct tally *t);
/* Widens the span of a row to a time. */
void tally_span(struct tally_row *row, int64_t time_us);
enum { TALLY_NULL = -1 }; /* the key of null, but TIME_NONE for times */

/* Takes what is streamed: an arena for the next row's texts, then the row. `room` may say where the
 * row itself is to be read into. */
struct select_sink {
    struct arena *(*room)(void *self, struct entry **into);
    bool (*row)(void *self, const struct entry *entry, struct slice raw);
    void *self;
};
/* Streams all rows as one question; the raw record lives until the sink is asked again. */
enum fault_code select_walk(struct selection *sel, enum order order, bool want_raw,
                            const struct select_sink *sink, struct fault *why);

/* Begins a question: read transaction and matchers; `*own` goes to select_end. */
enum fault_code select_begin(struct selection *sel, bool *own, struct fault *why);
void select_end(struct selection *sel, bool own);
/* `select` (which ends with WHERE), the condition of the selection, and `tail` as one statement, to
 * be finalized by the caller; NULL on failure. `why` must not be NULL. */
sqlite3_stmt *select_prepare(struct selection *sel, const char *select, const char *tail,
                             struct fault *why);
/* Inside a question: decides between columns and rows, and finds what is selected by columns. When
 * `sel->by_rows` is set then, select_load is the way. A scan that is given up goes on where it was
 * with the next question. */
enum fault_code select_choose(struct selection *sel, struct fault *why);
/* From now on by rows: the columns turned out not to be usable. */
enum fault_code select_by_rows(struct selection *sel, struct fault *why);
/* Fills `rows`, inside a question. */
enum fault_code select_load(struct selection *sel, struct fault *why);
enum fault_code select_sort(struct selection *sel, struct fault *why);

#endif
