/* Words by which a text that is no whole JSON still tells about an error: pairs of cut JSON,
 * labelled codes, statuses in numbers and in words. Linear in the text. Pure; any thread. */
#ifndef CORE_EXPLAIN_WORDS_H
#define CORE_EXPLAIN_WORDS_H

#include "core/base/arena.h"

/* What a text that may be cut says in `"detail": "..."` (which need not end), `"scimType": "..."`
 * (which must) and `"status": ...`. Fields that are set already stay. */
struct cut_error {
    struct slice detail, scim_type;
    int status;
};
void words_salvage(struct cut_error *out, struct slice text, struct arena *arena);

/* Every code that stands behind a label ("Error code X", "skipReason: X", "quarantineReason=X") or
 * that is one of Entra's long names. */
void words_each_code(struct slice text, void (*each)(void *self, struct slice code), void *self);

/* The status that a text names: "status code 409", "HTTP/1.1 409", "StatusCode: Conflict",
 * "Conflict. Errors reported by ..."; 0 when it names none. */
int words_status(struct slice text);

#endif
