/* Searching one's own index with the redaction rules again (DESIGN.md section 4, audit-secrets): a
 * second opinion on what import left behind, also after the rules have become sharper. */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/redact/redact.h"

struct store;

struct audit_hit {
    int64_t entry;           /* 0: not in an entry */
    const char *where;       /* "record", "detail", "source path" ... */
    struct slice class_name; /* what the rules take it for; the value itself is never told */
};

struct audit_result {
    uint64_t entries, hits;
};

/* Looks at every entry's record and texts, notes, source paths and labels. `hit` is called for each
 * find and may be NULL. FAULT_CANCELLED as store_cancel_when says. */
enum fault_code audit_index(struct store *s, void (*hit)(void *self, const struct audit_hit *hit),
                            void *self, struct audit_result *out, struct fault *why);

#endif
