/* An index filled with records by the way that all imports take, for tests that ask it then. */
#ifndef TESTS_CORE_FILLING_H
#define TESTS_CORE_FILLING_H

#include "core/index/store.h"
#include "core/ingest.h"

#include <criterion/criterion.h>

struct filling {
    struct ingest *g;
    char digest[65]; /* of a source that has no bytes */
};

/* Begins a source of that name. */
static inline void filling_begin(struct filling *f, struct store *s, const struct rulebook *book,
                                 const char *name)
{
    static const struct import_options options = {0};
    struct ingest_source source = {.path = name, .format = "har", .size = 1};
    struct fault why = {0};
    memset(f->digest, '0', 64);
    f->digest[64] = '\0';
    cr_assert_eq(ingest_open(&f->g, s, book, &options, NULL, &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(ingest_begin(f->g, &source, &why), FAULT_NONE, "%s", why.text);
}

static inline void filling_add(struct filling *f, const struct record *record)
{
    struct fault why = {0};
    cr_assert_eq(ingest_add(f->g, record, NULL, &why), FAULT_NONE, "%s", why.text);
}

/* Ends a batch behind `records` records. */
static inline void filling_commit(struct filling *f, uint64_t records)
{
    struct fault why = {0};
    cr_assert_eq(ingest_commit(f->g, records, records, f->digest, &why), FAULT_NONE, "%s",
                 why.text);
}

/* Ends the source: users are linked, problems derived. */
static inline void filling_end(struct filling *f)
{
    struct import_result result = {0};
    struct fault why = {0};
    cr_assert_eq(ingest_end(f->g, f->digest, true, &result, &why), FAULT_NONE, "%s", why.text);
    ingest_close(f->g);
}

#endif
