/* Knows how a redactor lives, and redaction of text that is no record; see redact.h. */
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
    if (r)
        free(r->edits);
    free(r);
}

struct slice redact_text(struct redactor *r, struct slice text, struct arena *arena)
{
    if (slice_is_none(text))
        return text;
    r->arena = arena;
    r->secret_count = 0;
    r->edit_count = 0;
    text = slice_first(text, PARTS_READ);
    prose_scan(r, text, 0, 0);
    return edit_apply(r, 0, text);
}

const uint64_t *redact_counts(const struct redactor *r)
{
    return r->counts;
}
