/* The inside of a rulebook: what a rule pack becomes once it is read and checked (all its texts are
 * NUL-ended). Shared by the
 * files of core/explain that read packs (pack.c, pack_rule.c, pack_match.c), keep them (rulebook.c)
 * and match by them (match.c, detect.c); nobody else includes it. */
#ifndef CORE_EXPLAIN_PACK_H
#define CORE_EXPLAIN_PACK_H

#include "core/base/yaml.h"
#include "core/explain/pattern.h"
#include "core/explain/prefilter.h"
#include "core/explain/rulebook.h"

enum gate {
    GATE_NONE,
    GATE_SOFT,          /* no evidence for another vendor */
    GATE_HOME_ONLY,     /* soft, and the host, if any, is the vendor's */
    GATE_STRONG,        /* evidence for this vendor */
    GATE_ENTRA_OR_NONE, /* no vendor, or only entra-api */
    GATE_ENTRA_PROV     /* a provisioning label or the Entra client, and no vendor beside clients */
};

/* Structural tests that no pattern can express; see detect.c. */
enum detector {
    DETECT_NONE,
    DETECT_HAS_REQUEST_HEADERS,
    DETECT_HTML_BODY,
    DETECT_HTML_LOGIN,
    DETECT_NO_SCIM_PREFIX,
    DETECT_WWW_AUTH_BEARER,
    DETECT_MEMBERS_OVER_100,
    DETECT_ENTRA_GROUP_ADD_OVER_20,
    DETECT_ENTRA_GROUP_MIXED,
    DETECT_ENTRA_REQUIRED,
    DETECT_ENTRA_FILTER,
    DETECT_STATUS_MISMATCH
};

struct int_list {
    const int64_t *items;
    size_t count;
};

struct pattern_list {
    struct pattern *items;
    size_t count;
};

struct header_condition {
    struct slice name;
    enum { HEADER_MATCHES, HEADER_ABSENT, HEADER_LACKS } how; /* LACKS: absent, or no match */
    struct pattern pattern;
};

enum claim {
    CLAIM_ALG,
    CLAIM_KID,
    CLAIM_ISS,
    CLAIM_AUD,
    CLAIM_APPID,
    CLAIM_TID,
    CLAIM_SUB,
    CLAIM_SCP,
    CLAIM_ROLES,
    CLAIM_IAT,
    CLAIM_EXP,
    CLAIM_NBF
};
enum claim_test { CLAIM_PRESENT, CLAIM_ABSENT, CLAIM_PAST, CLAIM_FUTURE };
struct claim_condition {
    enum claim claim;
    enum claim_test how;
};

/* Holds when all its conditions hold; lists are alternatives of one condition. */
struct alternative {
    int64_t specificity;
    enum gate gate;
    struct int_list event_ids;
    bool event_id_optional;
    struct int_list status;       /* 0 = no HTTP status */
    struct int_list status_range; /* two numbers or none */
    bool no_http;
    struct text_list scim_types, codes, methods;
    struct pattern_list detail, detail_not;
    struct pattern path, host, query;
    struct header_condition *request_headers, *response_headers;
    size_t request_header_count, response_header_count;
    struct claim_condition *claims;
    size_t claim_count;
    enum detector detector;
    struct slice sequence; /* of a cross-entry class: never matches a single entry */
};

/* Evidence that an entry belongs to a vendor: any line of it. */
struct vendor {
    struct slice name;
    struct int_list event_ids;
    struct pattern host, path, user_agent, text;
    struct slice header; /* of the response */
    bool client;         /* a provisioning client, not a service: does not count as "another" */
    bool own_client;     /* has a client of its own, so that other clients do count */
};

/* An alternative with its rule, in the order of matching. */
struct candidate {
    const struct rule *rule;
    const struct alternative *alternative;
    int vendor;    /* number of the rule's vendor */
    size_t number; /* in the order of loading */
};

struct rulebook {
    struct arena arena; /* everything below */
    const char *lang;
    struct rule **rules;
    size_t rule_count, rule_cap;
    struct vendor vendors[VENDORS_LIMIT];
    size_t vendor_count;
    uint64_t clients, entra_api, entra_client; /* vendor bits */
    struct candidate *candidates;              /* best specificity first */
    size_t candidate_count;
    const struct rule *success, *unclassified;
    struct text_list words[STEPS], user_keys;
    struct pattern *patterns; /* every compiled pattern, to be given back */
    struct pattern_limits limits;
    size_t pattern_count, pattern_cap;
    struct prefilter *prefilter;  /* of all detail patterns */
    struct prefilter *addresses;  /* of the vendors' host and path patterns */
    struct shortlist *shortlist;  /* NULL: all candidates are tried */
    struct step_phrases *phrases; /* of all steps */
    uint64_t hash;
    struct site *site; /* owned; NULL: none given */
};

/* One pack file while it is read. */
struct pack {
    struct rulebook *book;
    struct slice name;
    bool built_in;
    const struct yaml_node *root;
    struct fault *why;
};

/* A fault at a node; always FAULT_CONFIG. */
enum fault_code pack_fault(const struct pack *pack, const struct yaml_node *node,
                           const char *format, ...) __attribute__((format(printf, 3, 4)));

/* How the value of a key is read, and where to. */
enum field_kind {
    FIELD_TEXT,
    FIELD_TEXTS,
    FIELD_WORDS /* not empty */,
    FIELD_BOOL,
    FIELD_INTS,
    FIELD_PATTERN,
    FIELD_PATTERNS,
    FIELD_IGNORED, /* allowed, kept for readers of the file only */
    FIELD_OWN      /* by the function `own` */
};
struct field {
    const char *key;
    enum field_kind kind;
    size_t offset;
    bool required;
    enum fault_code (*own)(const struct pack *pack, const struct yaml_node *node, void *target);
};

/* Reads a map by a table ended by a NULL key into the struct at `target`: unknown keys, missing
 * ones and wrong types are faults. `what` names the map in sentences. */
enum fault_code pack_read_fields(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, const struct field *fields, void *target);
/* A text that must be one of NULL-ended `names`; `*out` its number. */
enum fault_code pack_read_choice(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, const char *const *names, int *out);
enum fault_code pack_read_pattern(const struct pack *pack, const struct yaml_node *node,
                                  const char *what, struct pattern *out);

/* The sections of a pack: vendors and words first for all packs, then rules. */
enum fault_code pack_read_head(const struct pack *pack);
enum fault_code pack_read_rules(const struct pack *pack);
/* The alternatives of a rule (pack_match.c); `target` is the struct rule. */
enum fault_code pack_read_match(const struct pack *pack, const struct yaml_node *node,
                                void *target);
/* One rule (pack_rule.c). */
enum fault_code pack_read_rule(const struct pack *pack, const struct yaml_node *node);

/* The number of a vendor, or -1. */
int vendor_find(const struct rulebook *book, struct slice name);

/* Whether its conditions on the HTTP status hold (match.c); status 0 = unknown, or, with
 * `no_answer`, known to be none. */
bool alternative_takes_status(const struct alternative *a, int status, bool no_answer);

/* Whether the detector sees its case (detect.c). */
bool detect(enum detector detector, const struct facts *facts);
extern const char *const detector_names[]; /* by number, NULL-ended; [0] is "" */

#endif
