/* The rulebook: all rule packs, compiled once, read-only afterwards, shared by threads. */
#ifndef CORE_EXPLAIN_RULEBOOK_H
#define CORE_EXPLAIN_RULEBOOK_H

#include "core/explain/facts.h"

enum { RULES_LIMIT = 4096 /* classes */, VENDORS_LIMIT = 64, RUNNERS_UP = 5 };

struct text_list {
    const struct slice *items;
    size_t count;
};

/* One error class. All texts live as long as the rulebook. */
struct rule {
    struct slice id, title, vendor, category, cause, severity, seed;
    struct text_list remedy, evidence, at_fault, source, codes;
    struct slice retry_policy, retry_delay, retry_note; /* SLICE_NONE where absent */
    struct slice sequence_rule; /* cross_entry: how several entries show it, in words */
    bool not_a_failure, annotation, cross_entry;
    const struct alternative *match; /* private to core/explain */
    size_t match_count;
    const struct sample *samples;
    size_t sample_count;
    struct slice pack; /* name of the file it came from */
    uint64_t line;
};

/* A text that must classify to its rule; what the tests feed. */
struct sample {
    struct slice text; /* as `explain` takes it: see facts_of_text */
    int64_t event_id;  /* of the event whose message it is; -1 = none */
    uint64_t line;
};

struct rulebook;

/* Loads the embedded packs, then `extra` files (later ones override by id). FAULT_CONFIG with a
 * sentence that begins FILE:LINE:COLUMN: (and line and column in the fault). `lang` ("en", "ja",
 * NULL) chooses texts, falling back to English. */
enum fault_code rulebook_load(struct rulebook **out, const char *const *extra, size_t extra_count,
                              const char *lang, struct fault *why);
void rulebook_free(struct rulebook *book);

/* The operator's own settings, for what remedies say of them (core/explain/site.h). The book owns
 * them from now on; NULL without. Set before threads share the book. */
struct site;
void rulebook_set_site(struct rulebook *book, struct site *site);
const struct site *rulebook_site(const struct rulebook *book);

/* Changes when any pack or the program's matching changes: classes are re-derived then. */
uint64_t rulebook_hash(const struct rulebook *book);
/* The hash of the rulebook that rulebook_load would make of these files, without reading what they
 * say (about a millisecond). FAULT_CONFIG when a file cannot be read. */
enum fault_code rulebook_hash_of(const char *const *extra, size_t extra_count, uint64_t *out,
                                 struct fault *why);

/* How many searches of its patterns ended at their limits since it was loaded, taken for no match;
 * `*pattern` becomes the pattern of one of them. Any thread. */
uint64_t rulebook_given_up(const struct rulebook *book, struct slice *pattern);

size_t rulebook_count(const struct rulebook *book);
const struct rule *rulebook_at(const struct rulebook *book, size_t i);
const struct rule *rulebook_find(const struct rulebook *book, struct slice id);

struct verdict {
    const struct rule *rule; /* never NULL: `success`, `unclassified` are rules too */
    int specificity;
    /* The alternative of the rule that won; NULL for a 2xx answer and for unclassified. */
    const struct alternative *alternative;
    const struct rule *runners_up[RUNNERS_UP]; /* NULL-padded, best first */
    int runner_specificity[RUNNERS_UP];
};

/* The class of these facts (NOTES.md 2.3 to 2.5). Total work is bounded on any input. */
void rulebook_classify(const struct rulebook *book, const struct facts *facts, struct verdict *out);

/* One condition of the alternative that won, and what met it. */
struct reason {
    const char *condition; /* the key of the pack: "status", "detail_re", "gate" */
    struct slice asked;    /* what the pack asks: "409", the pattern */
    struct slice met;      /* what the entry shows */
};
enum { REASONS_LIMIT = 32 };
/* Why the verdict is what it is: every condition of its alternative, of a list the value that met
 * it. Exactly one, `no alternative`, for unclassified. Returns how many. Texts in `arena`. */
size_t rulebook_reasons(const struct rulebook *book, const struct verdict *verdict,
                        const struct facts *facts, struct arena *arena,
                        struct reason out[REASONS_LIMIT]);
/* Number of the alternative in its rule, from 1; 0 when there is none. */
size_t verdict_alternative(const struct verdict *verdict);

/* Whether a record gets a class at all (DESIGN.md section 1, "Which entries have a class"). */
bool rulebook_has_class(const struct facts *facts);

/* True for a class that `is:failure` selects. */
bool rule_is_failure(const struct rule *rule);
bool rule_is_success(const struct rule *rule);

/* What an event's text says about an operation of a provisioning agent. */
enum step {
    STEP_OTHER,  /* nothing that a word list knows */
    STEP_START,  /* an operation on one user begins */
    STEP_DONE,   /* an operation ended well */
    STEP_RESULT, /* what became of the operation that failed directly before: "skipped" */
    STEP_ERROR,  /* an operation failed */
    STEP_RUN,    /* a whole run begins or ends */
    STEPS
};

/* The phrases (English, Japanese, of every agent) by which core/rules/agents.yaml and further packs
 * tell a step; empty for STEP_OTHER. Looked for anywhere in a text, ASCII letters folded; the
 * longest phrase found decides (core/explain/link.c). */
struct text_list rulebook_words(const struct rulebook *book, enum step step);
/* What an event's text says about an operation, by these phrases. */
enum step rulebook_step(const struct rulebook *book, struct slice text);

/* The names of the pairs by which agents name a user in a text: "userName", "TargetExternalId". */
struct text_list rulebook_user_keys(const struct rulebook *book);

/* The longest provisioning code of any pack that a longer code ends with, ASCII letters folded:
 * "EntryConflict" of "ContosoEntryConflict". SLICE_NONE when there is none. */
struct slice rulebook_code_within(const struct rulebook *book, struct slice code);

/* Whether a host is the vendor's own, as its `host_re` in the packs says. */
bool rulebook_vendor_has_host(const struct rulebook *book, const char *vendor, struct slice host);

/* Bits of vendors with evidence; used by facts. */
uint64_t rulebook_vendors(const struct rulebook *book, const struct facts *facts);

#endif
