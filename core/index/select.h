/* A selection's rows in memory: what sorting, counting and facets need of each entry. Private to
 * core/index; today filled by one SQL scan per selection. */
#ifndef CORE_INDEX_SELECT_H
#define CORE_INDEX_SELECT_H

#include "core/index/where.h"

enum { SELECTION_LIMIT = 64 * 1024 * 1024 /* entries */ };

struct select_row {
    int64_t id, time_us, position, event_id;
    int32_t source, bulk, class, user; /* 0 = null */
    int16_t status, level;             /* 0 = null */
};

struct selection {
    struct store *s;
    struct where where;
    bool counted, loaded, sorted;
    uint64_t count;
    struct select_row *rows; /* in (time, source, position) order once `sorted` */
    size_t row_count, room;
    size_t timed; /* rows that have a time: they stand first */
};

/* Begins a question: read transaction and matchers; `*own` goes to select_end. */
enum fault_code select_begin(struct selection *sel, bool *own, struct fault *why);
void select_end(struct selection *sel, bool own);
/* `select` (which ends with WHERE), the condition of the selection, and `tail` as one statement, to
 * be finalized by the caller; NULL on failure. `why` must not be NULL. */
sqlite3_stmt *select_prepare(struct selection *sel, const char *select, const char *tail,
                             struct fault *why);
/* Fills `rows`, inside a question. */
enum fault_code select_load(struct selection *sel, struct fault *why);
enum fault_code select_sort(struct selection *sel, struct fault *why);

#endif
