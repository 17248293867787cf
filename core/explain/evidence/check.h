/* What the checks of evidence share: the case they look at, how a check says something, how values
 * of a request body are found. Each check is one file with one `const struct evidence_check`, and
 * one row in evidence.c. */
#ifndef CORE_EXPLAIN_EVIDENCE_CHECK_H
#define CORE_EXPLAIN_EVIDENCE_CHECK_H

#include "core/base/json.h"
#include "core/explain/evidence.h"

enum { EVIDENCE_VALUE = 120 /* bytes of a value that a sentence quotes */ };

struct evidence_case {
    const struct entry *entry;
    const struct record_http *http; /* NULL: not an exchange, or its record was not kept */
    const struct facts *facts;
    const struct rule *rule;
    const cJSON
        *request; /* the request's body, or the bulk operation's data; NULL = none or no JSON */
    bool request_known; /* a request body was captured */
    struct arena *arena;
};

/* One kind of evidence. `run` says nothing when it does not concern the case. */
struct evidence_check {
    const char *id;
    void (*run)(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self);
};

/* Adds a sentence; dropped when the list is full. */
void evidence_say(struct evidence_list *out, const struct evidence_case *c,
                  const struct evidence_check *self, enum evidence_verdict verdict,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* `not-captured`: `what` ("the phone number") is not in this record, and which export would hold
 * it: the sentence depends on the kind of record and on what it lacks. */
void evidence_lacking(struct evidence_list *out, const struct evidence_case *c,
                      const struct evidence_check *self, const char *what);

/* Whether the class is about a thing: `word` stands in its id or in one of its at_fault texts
 * (ASCII letters folded). */
bool evidence_concerns(const struct evidence_case *c, const char *word);
bool evidence_category(const struct evidence_case *c, const char *category);

/* How many bytes of a value a sentence quotes: at most EVIDENCE_VALUE, no character cut. */
static inline int evidence_quoted(struct slice value)
{
    size_t len = value.len < EVIDENCE_VALUE ? value.len : EVIDENCE_VALUE;
    while (len > 0 && len < value.len && ((unsigned char)value.at[len] & 0xc0) == 0x80)
        len--;
    return (int)len;
}
/* A value for "%.*s". */
#define EVIDENCE_QUOTE(s) evidence_quoted(s), ((s).at ? (s).at : "")

/* Calls `each` for every string value of the complex attribute `name` in a request body: of
 * `name[].value` of a resource, of the values of PATCH operations whose path or value names it.
 * Stops when `each` returns false. */
void evidence_values(const cJSON *request, const char *name,
                     bool (*each)(void *self, struct slice value), void *self);

extern const struct evidence_check evidence_token_expiry, evidence_token_rights,
    evidence_authorization, evidence_phone, evidence_email, evidence_required, evidence_media_type,
    evidence_filter, evidence_patch, evidence_retry_after, evidence_domain, evidence_request_ids,
    evidence_status, evidence_values_sent, evidence_resource_id, evidence_duration,
    evidence_location;

#endif
