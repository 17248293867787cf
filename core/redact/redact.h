/* Redaction: what stands between reader and index (SECURITY.md section 5, DESIGN.md section 8).
 *
 * A redactor belongs to one import thread. It rewrites values, never structure: outside the
 * replaced values every byte stays. Redacting twice changes nothing. */
#ifndef CORE_REDACT_REDACT_H
#define CORE_REDACT_REDACT_H

#include "core/base/hash.h"
#include "core/record.h"

enum redact_class {
    REDACT_TOKEN,
    REDACT_PASSWORD,
    REDACT_COOKIE,
    REDACT_KEY,
    REDACT_SIGNATURE,
    REDACT_SECRET,
    REDACT_JWT,
    REDACT_CLASSES
};
const char *redact_class_name(enum redact_class kind);

struct redactor;

/* `key` is borrowed and outlives the redactor. */
struct redactor *redactor_new(const struct hash_key *key);
void redactor_free(struct redactor *r);

/* The redacted form of `in`, in `arena` (unchanged values stay borrowed from `in`): headers, URL,
 * bodies, error text, event data and message. Binary bodies lose their text and get a digest;
 * bodies over RECORD_BODY_KEPT are cut after redaction. */
void redact_record(struct redactor *r, const struct record *in, struct arena *arena,
                   struct record *out);

/* The redacted form of free text that is no record (pasted text, error sentences, file names). */
struct slice redact_text(struct redactor *r, struct slice text, struct arena *arena);

/* How many values were replaced so far, by class. */
const uint64_t *redact_counts(const struct redactor *r); /* REDACT_CLASSES numbers */

/* The claims of a `[redacted:jwt ...]` tag inside a header value or text. */
struct jwt_facts {
    bool present;                                                 /* a jwt tag was found */
    struct slice alg, kid, iss, aud, appid, tid, sub, scp, roles; /* SLICE_NONE = claim absent */
    int64_t iat, exp, nbf; /* seconds since 1970; INT64_MIN = absent */
};
struct jwt_facts redact_jwt_facts(struct slice text, struct arena *arena);

#endif
