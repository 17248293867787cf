/* A ticket for a vendor's support: the report to read of what is selected (Markdown) with the
 * redacted records of some failures, everybody under a pseudonym (pseudonym.h). Before anything is
 * written the output is searched: by the redaction rules once more, for every run that could be a
 * credential among the keyed hashes of all secrets that the index has seen, and for every name that
 * was replaced, in all its encodings. On a find nothing is written. */
#ifndef CORE_REPORT_TICKET_H
#define CORE_REPORT_TICKET_H

#include "core/explain/rulebook.h"
#include "core/index/store.h"

enum { TICKET_LIMIT = 64 * 1024 * 1024 /* bytes of one ticket */ };

struct ticket_options {
    const struct filter *filter; /* NULL: everything */
    const struct rulebook *book; /* never NULL */
    _Atomic bool *stop;          /* turns true: FAULT_CANCELLED; may be NULL */
};

struct ticket_result {
    uint64_t entries, problems; /* told of */
    uint64_t people;            /* names, addresses and ids that have a pseudonym */
};

/* FAULT_LEAK when the search found something (the sentence says what kind, never the value),
 * FAULT_INDEX when the index has lost its key, FAULT_LIMIT when it would be too large: nothing was
 * written then. The file as report_write_file makes it. Costs a pass over the whole index. */
enum fault_code ticket_write_file(struct store *s, const char *path,
                                  const struct ticket_options *options, struct ticket_result *out,
                                  struct fault *why);
/* The same to a descriptor. */
enum fault_code ticket_write(struct store *s, int fd, const struct ticket_options *options,
                             struct ticket_result *out, struct fault *why);

#endif
