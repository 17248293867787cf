/* Knows what an alternative of a class may ask of an entry: its keys, their types, which values are
 * allowed. Knows nothing of the rest of a class (pack_rule.c) and of matching (match.c). */
#include "core/explain/pack.h"

enum { ALTERNATIVES_LIMIT = 64 };

static enum fault_code own_specificity(const struct pack *pack, const struct yaml_node *node,
                                       void *target)
{
    struct alternative *alternative = target;
    return yaml_int(node, "specificity", 0, 100, &alternative->specificity, pack->why);
}

static enum fault_code own_gate(const struct pack *pack, const struct yaml_node *node, void *target)
{
    static const char *const names[] = {
        [GATE_NONE] = "none",
        [GATE_SOFT] = "soft",
        [GATE_HOME_ONLY] = "home-only",
        [GATE_STRONG] = "strong",
        [GATE_ENTRA_OR_NONE] = "entra-or-none",
        [GATE_ENTRA_PROV] = "entra-prov",
        NULL,
    };
    struct alternative *alternative = target;
    int gate;
    enum fault_code code = pack_read_choice(pack, node, "gate", names, &gate);
    if (!code)
        alternative->gate = (enum gate)gate;
    return code;
}

static enum fault_code own_detector(const struct pack *pack, const struct yaml_node *node,
                                    void *target)
{
    struct alternative *alternative = target;
    int detector;
    enum fault_code code = pack_read_choice(pack, node, "detector", detector_names, &detector);
    if (!code)
        alternative->detector = (enum detector)detector;
    return code;
}

static enum fault_code own_range(const struct pack *pack, const struct yaml_node *node,
                                 void *target)
{
    struct alternative *alternative = target;
    int64_t *bounds = arena_zalloc(&pack->book->arena, 2, sizeof *bounds);
    if (node->kind != YAML_LIST || node->count != 2)
        return pack_fault(pack, node, "status_range must be a list of two numbers");
    for (size_t i = 0; i < 2; i++) {
        enum fault_code code =
            yaml_int(node->items[i], "status_range", 0, 999, &bounds[i], pack->why);
        if (code)
            return code;
    }
    alternative->status_range = (struct int_list){bounds, 2};
    return FAULT_NONE;
}

/* `absent`, `!PATTERN` (absent or not matching) or PATTERN. */
static enum fault_code read_headers(const struct pack *pack, const struct yaml_node *node,
                                    const char *what, struct header_condition **out, size_t *count)
{
    if (node->kind != YAML_MAP || node->count == 0)
        return pack_fault(pack, node, "%s must be a map of header names and patterns", what);
    struct header_condition *items = arena_zalloc(&pack->book->arena, node->count, sizeof *items);
    for (size_t i = 0; i < node->count; i++) {
        struct slice text;
        enum fault_code code = yaml_text(node->items[i], what, &text, pack->why);
        if (code)
            return code;
        items[i].name = node->keys[i]->text;
        if (slice_is(text, "absent")) {
            items[i].how = HEADER_ABSENT;
            continue;
        }
        struct yaml_node pattern = *node->items[i];
        if (slice_starts(text, "!")) {
            items[i].how = HEADER_LACKS;
            pattern.text = slice_from(text, 1);
        }
        if ((code = pack_read_pattern(pack, &pattern, what, &items[i].pattern)))
            return code;
    }
    *out = items;
    *count = node->count;
    return FAULT_NONE;
}

static enum fault_code own_request_headers(const struct pack *pack, const struct yaml_node *node,
                                           void *target)
{
    struct alternative *a = target;
    return read_headers(pack, node, "req_header", &a->request_headers, &a->request_header_count);
}

static enum fault_code own_response_headers(const struct pack *pack, const struct yaml_node *node,
                                            void *target)
{
    struct alternative *a = target;
    return read_headers(pack, node, "resp_header", &a->response_headers, &a->response_header_count);
}

static enum fault_code own_claims(const struct pack *pack, const struct yaml_node *node,
                                  void *target)
{
    static const char *const claims[] = {
        [CLAIM_ALG] = "alg",
        [CLAIM_KID] = "kid",
        [CLAIM_ISS] = "iss",
        [CLAIM_AUD] = "aud",
        [CLAIM_APPID] = "appid",
        [CLAIM_TID] = "tid",
        [CLAIM_SUB] = "sub",
        [CLAIM_SCP] = "scp",
        [CLAIM_ROLES] = "roles",
        [CLAIM_IAT] = "iat",
        [CLAIM_EXP] = "exp",
        [CLAIM_NBF] = "nbf",
        NULL,
    };
    static const char *const hows[] = {
        [CLAIM_PRESENT] = "present",
        [CLAIM_ABSENT] = "absent",
        [CLAIM_PAST] = "past",
        [CLAIM_FUTURE] = "future",
        NULL,
    };
    struct alternative *a = target;
    if (node->kind != YAML_MAP || node->count == 0)
        return pack_fault(pack, node, "req_jwt must be a map of claims and what is asked of them");
    a->claims = arena_zalloc(&pack->book->arena, node->count, sizeof *a->claims);
    a->claim_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        int claim, how;
        enum fault_code code = pack_read_choice(pack, node->keys[i], "claim", claims, &claim);
        if (code || (code = pack_read_choice(pack, node->items[i], "test of a claim", hows, &how)))
            return code;
        if (how >= CLAIM_PAST && claim < CLAIM_IAT)
            return pack_fault(pack, node->items[i], "the claim %s is no time", claims[claim]);
        a->claims[i].claim = (enum claim)claim;
        a->claims[i].how = (enum claim_test)how;
    }
    return FAULT_NONE;
}

#define AT(member) .offset = offsetof(struct alternative, member)
static const struct field alternative_fields[] = {
    {.key = "specificity", .kind = FIELD_OWN, .own = own_specificity, .required = true},
    {.key = "gate", .kind = FIELD_OWN, .own = own_gate},
    {.key = "event_id", .kind = FIELD_INTS, AT(event_ids)},
    {.key = "event_id_optional", .kind = FIELD_BOOL, AT(event_id_optional)},
    {.key = "status", .kind = FIELD_INTS, AT(status)},
    {.key = "status_range", .kind = FIELD_OWN, .own = own_range},
    {.key = "no_http", .kind = FIELD_BOOL, AT(no_http)},
    {.key = "scimType", .kind = FIELD_WORDS, AT(scim_types)},
    {.key = "code", .kind = FIELD_WORDS, AT(codes)},
    {.key = "method", .kind = FIELD_WORDS, AT(methods)},
    {.key = "detail_re", .kind = FIELD_PATTERNS, AT(detail)},
    {.key = "detail_not_re", .kind = FIELD_PATTERNS, AT(detail_not)},
    {.key = "path_re", .kind = FIELD_PATTERN, AT(path)},
    {.key = "host_re", .kind = FIELD_PATTERN, AT(host)},
    {.key = "query_re", .kind = FIELD_PATTERN, AT(query)},
    {.key = "req_header", .kind = FIELD_OWN, .own = own_request_headers},
    {.key = "resp_header", .kind = FIELD_OWN, .own = own_response_headers},
    {.key = "req_jwt", .kind = FIELD_OWN, .own = own_claims},
    {.key = "detect", .kind = FIELD_OWN, .own = own_detector},
    {.key = "sequence", .kind = FIELD_TEXT, AT(sequence)},
    {0},
};
#undef AT

enum fault_code pack_read_match(const struct pack *pack, const struct yaml_node *node, void *target)
{
    struct rule *rule = target;
    if (node->kind != YAML_LIST || node->count == 0)
        return pack_fault(pack, node, "match must be a list of alternatives");
    if (node->count > ALTERNATIVES_LIMIT)
        return pack_fault(pack, node, "more than %d alternatives", ALTERNATIVES_LIMIT);
    struct alternative *items = arena_zalloc(&pack->book->arena, node->count, sizeof *items);
    for (size_t i = 0; i < node->count; i++) {
        enum fault_code code =
            pack_read_fields(pack, node->items[i], "an alternative", alternative_fields, &items[i]);
        if (code)
            return code;
    }
    rule->match = items;
    rule->match_count = node->count;
    return FAULT_NONE;
}
