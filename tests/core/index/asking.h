/* What the file of an index says when SQLite is asked, past the program. */
#ifndef TESTS_CORE_INDEX_ASKING_H
#define TESTS_CORE_INDEX_ASKING_H

#include "tests/core/index/scratch.h"

#include <sqlite3.h>

/* The first number of the answer, -1 when there is none. */
static inline int64_t scratch_ask(const struct scratch *t, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st = NULL;
    int64_t out = -1;
    sqlite3_open(t->db, &db);
    sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (sqlite3_step(st) == SQLITE_ROW)
        out = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return out;
}

#endif
