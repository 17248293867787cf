/* What the detectors of patterns share: a call as they see it, how they say what they found. Each
 * detector is one file with one `const struct detector` and one row in core/explain/finding.c. It
 * sees entries in the order of time and remembers no more than tables of bounded size. */
#ifndef CORE_EXPLAIN_PATTERNS_DETECTOR_H
#define CORE_EXPLAIN_PATTERNS_DETECTOR_H

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/entry.h"
#include "core/explain/finding.h"
#include "core/explain/patterns/table.h"

enum endpoint { ENDPOINT_OTHER, ENDPOINT_USERS, ENDPOINT_GROUPS };
enum verb { VERB_OTHER, VERB_GET, VERB_POST, VERB_PUT, VERB_PATCH, VERB_DELETE };

enum {
    CALL_VALUES = 16,       /* unique values of one body that are looked at */
    CALL_SMALL = 16 * 1024, /* bytes of a list response that is read as a tree */
    CALL_MEMBERS = 100      /* members of one group call */
};

/* A value of a body that must be unique: userName, externalId, displayName, an e-mail address. */
struct unique {
    const char *attribute;
    struct slice text;
    uint64_t hash; /* of the host and the value, case folded */
};

/* One entry. */
struct call {
    const struct entry *entry;
    const struct rulebook *book;    /* NULL: none */
    const struct record_http *http; /* NULL: no exchange, or its record was not asked for or kept */
    enum endpoint endpoint;
    enum verb verb;
    struct slice id;   /* of /Users/ID, /Groups/ID */
    uint64_t host;     /* hash */
    uint64_t resource; /* hash of host, endpoint and id; 0 without an id */
    bool ok, conflict; /* 2xx; 409, or 400 for a value that must be unique */
    struct arena *arena;
    bool values_read, tree_read;
    struct unique values[CALL_VALUES];
    size_t value_count;
    cJSON *tree; /* of the request, once asked for */
};

/* The unique values of its request, read when first asked for. */
size_t call_values(struct call *c);
/* The request body as a tree, or NULL. */
const cJSON *call_request(struct call *c);
struct slice call_request_header(const struct call *c, const char *name);
struct slice call_response_header(const struct call *c, const char *name);
/* The seconds of an HTTP date ("Mon, 02 Mar 2026 08:00:00 GMT") as microseconds. */
bool call_date(struct slice text, int64_t *out);
/* Value of a query parameter, decoded; SLICE_NONE when absent. */
struct slice call_parameter(const struct call *c, const char *name);

/* --- saying ----------------------------------------------------------------------------------- */

struct found;

/* A finding while it grows. */
struct found_one {
    const char *class_id;
    struct slice subject;
    int64_t ids[FINDING_ENTRIES], times[FINDING_ENTRIES];
    size_t id_count;
    uint64_t count;
    int64_t first_us, last_us;
    uint64_t *users; /* hashes, sorted by insertion; at most FINDING_USERS */
    size_t user_count, user_room;
    int64_t number[6];    /* the detector's own */
    struct slice note[3]; /* the same; copies made with found_keep */
    /* Writes the one sentence when all has been seen. */
    void (*tell)(const struct found_one *one, struct buf *out);
};

/* The finding of that class and subject; a new one has count 0. NULL when there are too many. */
struct found_one *found_at(struct found *found, const char *class_id, struct slice subject,
                           void (*tell)(const struct found_one *one, struct buf *out));
/* It rests on this entry too; `user` SLICE_NONE: nobody is affected by it. An id known to be the
 * last one added is not counted again. */
void found_add(struct found_one *one, int64_t id, int64_t time_us, struct slice user);
static inline void found_add_call(struct found_one *one, const struct call *c)
{
    found_add(one, c->entry->id, c->entry->time_us, c->entry->user);
}
/* A copy that lives as long as the findings. */
struct slice found_keep(struct found *found, struct slice text);

/* A value of a log for "%.*s", cut at a whole character. */
int quoted_length(struct slice value);
#define QUOTED(s) quoted_length(s), ((s).at ? (s).at : "")

/* --- a detector ------------------------------------------------------------------------------- */

/* Which statuses are there at all among what is looked at. */
struct statuses {
    bool has[600]; /* [0]: without a status */
};

struct detector {
    const char *class_id;
    size_t size; /* of its state, zeroed at the start */
    bool (*concerned)(const struct statuses *statuses);
    /* Whether it needs the record of this call (`http` is NULL while it is asked). NULL: never. */
    bool (*wants)(const void *state, const struct call *c);
    void (*begin)(void *state); /* may be NULL */
    void (*see)(void *state, struct call *c, struct found *found);
    void (*end)(void *state, struct found *found); /* frees; may be NULL */
};

extern const struct detector detect_lookup_blind, detect_token_cutoff, detect_storm,
    detect_recreate, detect_group_before_user, detect_stale_id, detect_retry_loop,
    detect_pagination, detect_etag, detect_redirect, detect_one_cause, detect_write_happened,
    detect_clock_skew, detect_outage;

#endif
