/* Knows how a redactor lives; see redact.h. What it does to a record is exchange.c. */
#include "core/redact/parts.h"

#include "core/base/alloc.h"

#include <stdlib.h>

struct redactor *redactor_new(const struct hash_key *key)
{
    struct redactor *r = xcalloc(1, sizeof *r);
    r->key = key;
    return r;
}

void redactor_free(struct redactor *r)
{
    if (r) {
        known_forget(r);
        harmless_forget(r);
        free(r->edits);
    }
    free(r);
}

const uint64_t *redact_counts(const struct redactor *r)
{
    return r->counts;
}
