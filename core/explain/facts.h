/* What is known of one record for classification: the error object found in its text, status,
 * detail, codes, vendor evidence (catalog/NOTES.md section 2). Made once, read by all matchers. */
#ifndef CORE_EXPLAIN_FACTS_H
#define CORE_EXPLAIN_FACTS_H

#include "core/record.h"
#include "core/redact/redact.h"

/* The error object read from a text. Slices live in the arena given to extract. */
struct error_object {
    bool found;   /* an error object, or its salvaged detail, status or code */
    bool certain; /* it speaks of a provisioning call beyond doubt: what an event needs to
                     have a class, since other programs log JSON too */
    struct slice detail, scim_type;
    int status;             /* 0 = none */
    struct slice codes[16]; /* vendor codes in order of finding */
    size_t code_count;
    bool labelled; /* a code stood under a provisioning label */
};

/* Finds the error object in any text: event message, response body, pasted text; nested JSON,
 * escaped, CSV-doubled, cut (NOTES.md 2.1). Bounded work whatever the text. */
void error_extract(struct error_object *out, struct slice text, struct arena *arena);

struct rulebook;

struct facts {
    const struct record *record; /* NULL for pasted text that is no HTTP exchange */
    struct error_object error;
    int64_t event_id; /* -1 = none */
    int64_t time_us;
    struct slice method; /* upper case */
    struct slice host, path, query;
    int status;          /* the effective one: HTTP, bulk, body, words; 0 = none */
    bool http_answered;  /* the exchange had an HTTP status */
    struct slice detail; /* what detail patterns search: white space collapsed, 8 KiB */
    struct slice text;   /* event message, pasted text, transport error */
    bool html;
    struct jwt_facts jwt;
    uint64_t vendors;   /* bit per vendor of the rulebook with evidence */
    bool succeeded;     /* a provisioning log says that the change was made */
    int bulk_operation; /* from 1: the failed operation these facts are about; 0 = none */
};

/* Facts of a redacted record. `bulk` 0: the record itself; n: its n-th failed bulk operation. */
void facts_of_record(struct facts *out, const struct rulebook *book, const struct record *record,
                     int bulk, struct arena *arena);
/* How many failed operations a bulk response holds (0 for anything else); at most 10,000. */
int facts_bulk_failures(const struct record *record, struct arena *arena);
/* Facts of a pasted text: a message (whose event id, if it names one, counts), a JSON body, or an
 * HTTP exchange: status line, headers and body, with or without the request before it, also as
 * `curl -v` prints it. Text of others must have been redacted before. */
void facts_of_text(struct facts *out, const struct rulebook *book, struct slice text,
                   struct arena *arena);

#endif
