/* What the checks of evidence share: the case they look at, how a check says something, how values
 * of a request body are found. Each check is one file with one `const struct evidence_check`, and
 * one row in evidence.c. */
#ifndef CORE_EXPLAIN_EVIDENCE_CHECK_H
#define CORE_EXPLAIN_EVIDENCE_CHECK_H

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/explain/evidence.h"
#include "core/index/filter.h"

enum { EVIDENCE_VALUE = 120 /* bytes of a value that a sentence quotes */ };

struct evidence_case {
    const struct entry *entry;
    const struct record_http *http; /* NULL: not an exchange, or its record was not kept */
    const struct facts *facts;
    const struct rule *rule;
    /* The request's body, or the bulk operation's data; NULL = none or no JSON. */
    const cJSON *request;
    bool request_known; /* a request body was captured */
    /* Of an event without a request: attributes that its text, or that of the event which names the
     * user, tells; in the form of a request; NULL = none. */
    const cJSON *told;
    int64_t told_entry;          /* the other event that tells them; 0 = the event itself */
    const struct rulebook *book; /* NULL: none */
    const struct site *site;     /* the operator's own settings; NULL: not given */
    const struct evidence_lookup *lookup; /* the other entries; NULL: none to ask */
    int64_t pair; /* an event's exchange: the entry that `http`, `facts` and `request` are of, 0 =
                     they are the entry's own */
    struct arena *arena;
};

/* One kind of evidence. `run` says nothing when it does not concern the case. */
struct evidence_check {
    const char *id;
    bool of_success; /* has something to say of calls that succeeded, too: hints, never a cause */
    void (*run)(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self);
};

/* Adds a sentence, in the language of the person (core/base/words.h); dropped when the list is
 * full.
 */
void evidence_say(struct evidence_list *out, const struct evidence_case *c,
                  const struct evidence_check *self, enum evidence_verdict verdict,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The sentence said last rests on this entry too (0, the case's own and known ones are left out).
 */
void evidence_rests_on(struct evidence_list *out, const struct evidence_case *c, int64_t entry);
/* The sentence said last finds fault with this value of this attribute. */
void evidence_blame(struct evidence_list *out, const struct evidence_case *c, const char *attribute,
                    struct slice value);

/* `not-captured`: `what` ("the phone number") is not in this record, and which export would hold
 * it: the sentence depends on the kind of record and on what it lacks. */
void evidence_lacking(struct evidence_list *out, const struct evidence_case *c,
                      const struct evidence_check *self, const char *what);

/* Whether the class is about a thing: `word` stands in its id or in one of its at_fault texts
 * (ASCII letters folded). */
bool evidence_concerns(const struct evidence_case *c, const char *word);
bool evidence_category(const struct evidence_case *c, const char *category);
/* Whether the vendor's service answered: the class is the vendor's, or, of a success, the host. */
bool evidence_vendor(const struct evidence_case *c, const char *vendor);

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

/* What is `told` of an event, to be deleted by the caller (told.c). */
cJSON *told_values(const struct evidence_case *c, const struct record *record, int64_t *entry);
/* Where the values of an attribute are to be looked for: the request, else what is told. */
static inline const cJSON *evidence_sent(const struct evidence_case *c)
{
    return c->request ? c->request : c->told;
}

/* --- asking the other entries (ask.c) --------------------------------------------------------- */

/* Filter texts in `c->arena`: terms one after the other. A NULL or SLICE_NONE value adds nothing.
 */
struct ask {
    struct buf text;
};
void ask_begin(struct ask *ask);
void ask_words(struct ask *ask, const char *terms); /* "kind:http status:2xx" */
void ask_value(struct ask *ask, enum filter_key key, struct slice value);
void ask_without(struct ask *ask, enum filter_key key, struct slice value);
void ask_time(struct ask *ask, int64_t from_us, int64_t to_us); /* both inclusive */
/* Ends the question. Entries by time, at most `limit`; 0 when none or not to be answered. */
size_t ask_entries(struct ask *ask, const struct evidence_case *c, bool newest, size_t limit,
                   bool want_raw, struct evidence_found **out);
bool ask_tally(struct ask *ask, const struct evidence_case *c, struct evidence_tally *out);
/* See struct evidence_lookup; on the case's host. */
size_t ask_calls(const struct evidence_case *c, struct slice id, bool want_raw,
                 struct evidence_found **out);
size_t ask_sightings(const struct evidence_case *c, struct slice id, struct slice name,
                     struct evidence_sighting **out);

/* The exchange of an entry that was found; false when it is none or was not kept. */
bool found_exchange(const struct evidence_found *found, const struct evidence_case *c,
                    struct record *out);
static inline bool found_well(const struct evidence_found *found)
{
    return found->entry.status >= 200 && found->entry.status < 300;
}
/* Deletes (or, with its record, deactivates: active false, also as text) the resource and was
 * answered with 2xx. */
bool found_deletes(const struct evidence_found *found);
bool found_deactivates(const struct evidence_found *found, const struct evidence_case *c);

/* A moment for people: to the second, in the zone of the process, which is named. */
const char *moment_of(const struct evidence_case *c, int64_t us);

/* The userName that the case is about: of its request, else the user of the entry. */
struct slice case_user_name(const struct evidence_case *c);

extern const struct evidence_check evidence_holder, evidence_history, evidence_deletion,
    evidence_write_happened, evidence_pace, evidence_second_writer, evidence_clock, evidence_others,
    evidence_members, evidence_blind_lookup, evidence_site, evidence_renames, evidence_user_agent,
    evidence_odd_values, evidence_unchanged;

extern const struct evidence_check evidence_token_expiry, evidence_token_rights,
    evidence_authorization, evidence_phone, evidence_email, evidence_required, evidence_media_type,
    evidence_filter, evidence_patch, evidence_retry_after, evidence_domain, evidence_request_ids,
    evidence_status, evidence_values_sent, evidence_resource_id, evidence_duration,
    evidence_location;

#endif
