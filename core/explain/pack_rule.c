/* Knows what a rule of a pack looks like: its keys, their types, which values are allowed, and that
 * later packs replace a class by its id. Knows nothing of matching. */
#include "core/explain/pack.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"

enum { SHORT_TEXT = 80, SAMPLES_LIMIT = 64 };

/* --- samples and texts ------------------------------------------------------------------------ */

static enum fault_code own_event_id(const struct pack *pack, const struct yaml_node *node,
                                    void *target)
{
    struct sample *sample = target;
    return yaml_int(node, "event_id", 0, INT32_MAX, &sample->event_id, pack->why);
}

static enum fault_code own_samples(const struct pack *pack, const struct yaml_node *node,
                                   void *target)
{
    static const struct field fields[] = {
        {.key = "text",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct sample, text),
         .required = true},
        {.key = "event_id", .kind = FIELD_OWN, .own = own_event_id},
        {0},
    };
    struct rule *rule = target;
    if (node->kind != YAML_LIST)
        return pack_fault(pack, node, "samples must be a list");
    if (node->count > SAMPLES_LIMIT)
        return pack_fault(pack, node, "more than %d samples", SAMPLES_LIMIT);
    struct sample *items = arena_zalloc(&pack->book->arena, node->count, sizeof *items);
    for (size_t i = 0; i < node->count; i++) {
        items[i] = (struct sample){.event_id = -1, .line = node->items[i]->line};
        enum fault_code code =
            pack_read_fields(pack, node->items[i], "a sample", fields, &items[i]);
        if (code)
            return code;
    }
    rule->samples = items;
    rule->sample_count = node->count;
    return FAULT_NONE;
}

static bool is_language(struct slice tag)
{
    if (tag.len != 2 && tag.len != 3 && tag.len != 5)
        return false;
    for (size_t i = 0; i < tag.len; i++) {
        char c = tag.at[i];
        if (i == 2 && tag.len == 5 ? c != '-' : !((c | 32) >= 'a' && (c | 32) <= 'z'))
            return false;
    }
    return true;
}

/* Texts in another language: checked in every language, taken in the chosen one. */
static enum fault_code own_texts(const struct pack *pack, const struct yaml_node *node,
                                 void *target)
{
    static const struct field fields[] = {
        {.key = "title", .kind = FIELD_TEXT, .offset = offsetof(struct rule, title)},
        {.key = "cause", .kind = FIELD_TEXT, .offset = offsetof(struct rule, cause)},
        {.key = "remedy", .kind = FIELD_TEXTS, .offset = offsetof(struct rule, remedy)},
        {.key = "retry_note", .kind = FIELD_TEXT, .offset = offsetof(struct rule, retry_note)},
        {.key = "evidence", .kind = FIELD_TEXTS, .offset = offsetof(struct rule, evidence)},
        {0},
    };
    struct rule *rule = target;
    if (node->kind != YAML_MAP)
        return pack_fault(pack, node, "texts must be a map of languages");
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *lang = node->keys[i];
        if (!is_language(lang->text))
            return pack_fault(pack, lang, "a language is written as in \"ja\" or \"pt-BR\"");
        struct rule other = *rule;
        bool chosen = slice_is_fold(lang->text, pack->book->lang);
        enum fault_code code = pack_read_fields(pack, node->items[i], "the texts of a language",
                                                fields, chosen ? rule : &other);
        if (code)
            return code;
    }
    return FAULT_NONE;
}

/* --- rules ------------------------------------------------------------------------------------ */

static enum fault_code own_vendor(const struct pack *pack, const struct yaml_node *node,
                                  void *target)
{
    struct rule *rule = target;
    char word[SHORT_TEXT];
    enum fault_code code = yaml_text(node, "vendor", &rule->vendor, pack->why);
    if (code || vendor_find(pack->book, rule->vendor) >= 0)
        return code;
    return pack_fault(pack, node, "unknown vendor %s: name it under vendors in a pack",
                      safe_short(word, sizeof word, rule->vendor));
}

static enum fault_code read_word(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, const char *const *names, struct slice *out)
{
    int number;
    enum fault_code code = pack_read_choice(pack, node, what, names, &number);
    if (!code)
        *out = node->text;
    return code;
}

static enum fault_code own_category(const struct pack *pack, const struct yaml_node *node,
                                    void *target)
{
    static const char *const names[] = {
        "authentication",  "authorization", "not-found", "conflict",
        "invalid-request", "throttling",    "server",    "network",
        "configuration",   "other",         NULL,
    };
    struct rule *rule = target;
    return read_word(pack, node, "category", names, &rule->category);
}

static enum fault_code own_severity(const struct pack *pack, const struct yaml_node *node,
                                    void *target)
{
    static const char *const names[] = {"critical", "error", "warning", "info", NULL};
    struct rule *rule = target;
    return read_word(pack, node, "severity", names, &rule->severity);
}

static enum fault_code own_policy(const struct pack *pack, const struct yaml_node *node,
                                  void *target)
{
    static const char *const names[] = {"never", "after-fix", "backoff", "after-delay", NULL};
    struct rule *rule = target;
    return read_word(pack, node, "retry policy", names, &rule->retry_policy);
}

static enum fault_code own_retry(const struct pack *pack, const struct yaml_node *node,
                                 void *target)
{
    static const struct field fields[] = {
        {.key = "policy", .kind = FIELD_OWN, .own = own_policy, .required = true},
        {.key = "delay", .kind = FIELD_TEXT, .offset = offsetof(struct rule, retry_delay)},
        {.key = "note", .kind = FIELD_TEXT, .offset = offsetof(struct rule, retry_note)},
        {0},
    };
    struct rule *rule = target;
    enum fault_code code = pack_read_fields(pack, node, "retry", fields, rule);
    if (!code && slice_is(rule->retry_policy, "after-delay") && slice_is_none(rule->retry_delay))
        return pack_fault(pack, node, "retry after-delay lacks the key delay");
    return code;
}

#define AT(member) .offset = offsetof(struct rule, member)
static const struct field rule_fields[] = {
    {.key = "id", .kind = FIELD_TEXT, AT(id), .required = true},
    {.key = "title", .kind = FIELD_TEXT, AT(title), .required = true},
    {.key = "vendor", .kind = FIELD_OWN, .own = own_vendor, .required = true},
    {.key = "category", .kind = FIELD_OWN, .own = own_category},
    {.key = "match", .kind = FIELD_OWN, .own = pack_read_match, .required = true},
    {.key = "seed", .kind = FIELD_TEXT, AT(seed)},
    {.key = "codes", .kind = FIELD_TEXTS, AT(codes)},
    {.key = "codes_unverified", .kind = FIELD_IGNORED},
    {.key = "at_fault", .kind = FIELD_TEXTS, AT(at_fault)},
    {.key = "cause", .kind = FIELD_TEXT, AT(cause), .required = true},
    {.key = "remedy", .kind = FIELD_TEXTS, AT(remedy), .required = true},
    {.key = "evidence", .kind = FIELD_TEXTS, AT(evidence)},
    {.key = "retry", .kind = FIELD_OWN, .own = own_retry, .required = true},
    {.key = "severity", .kind = FIELD_OWN, .own = own_severity, .required = true},
    {.key = "source", .kind = FIELD_TEXTS, AT(source)},
    {.key = "not_a_failure", .kind = FIELD_BOOL, AT(not_a_failure)},
    {.key = "annotation", .kind = FIELD_BOOL, AT(annotation)},
    {.key = "cross_entry", .kind = FIELD_BOOL, AT(cross_entry)},
    {.key = "rule", .kind = FIELD_TEXT, AT(sequence_rule)},
    {.key = "samples", .kind = FIELD_OWN, .own = own_samples},
    {0},
};
/* Read in a second pass, so that they replace the English texts wherever they stand. */
static const struct field texts_fields[] = {
    {.key = "texts", .kind = FIELD_OWN, .own = own_texts},
    {0},
};
#undef AT

static bool is_class_id(struct slice id)
{
    bool fine = id.len > 0 && id.len <= 64 && id.at[0] != '-' && id.at[id.len - 1] != '-';
    for (size_t i = 0; fine && i < id.len; i++)
        fine = (id.at[i] >= 'a' && id.at[i] <= 'z') || (id.at[i] >= '0' && id.at[i] <= '9') ||
               id.at[i] == '-';
    return fine;
}

/* A rule without `texts` (first pass) or with nothing else (second). */
static struct yaml_node split(const struct pack *pack, const struct yaml_node *node, bool texts)
{
    struct yaml_node part = *node;
    part.keys = arena_alloc(&pack->book->arena, (node->count + 1) * sizeof *part.keys);
    part.items = arena_alloc(&pack->book->arena, (node->count + 1) * sizeof *part.items);
    part.count = 0;
    for (size_t i = 0; i < node->count; i++)
        if (slice_is(node->keys[i]->text, "texts") == texts) {
            part.keys[part.count] = node->keys[i];
            part.items[part.count++] = node->items[i];
        }
    return part;
}

static enum fault_code keep_rule(const struct pack *pack, const struct yaml_node *node,
                                 struct rule *rule)
{
    struct rulebook *book = pack->book;
    char word[SHORT_TEXT];
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct rule *before = book->rules[i];
        if (!slice_equal(before->id, rule->id))
            continue;
        if (pack->built_in || slice_equal(before->pack, pack->name))
            return pack_fault(pack, node, "the class %s is already in %s, line %llu",
                              safe_short(word, sizeof word, rule->id), before->pack.at,
                              (unsigned long long)before->line);
        book->rules[i] = rule;
        return FAULT_NONE;
    }
    if (book->rule_count == RULES_LIMIT)
        return pack_fault(pack, node, "more than %d classes", RULES_LIMIT);
    if (book->rule_count == book->rule_cap) {
        book->rule_cap = book->rule_cap ? book->rule_cap * 2 : 256;
        book->rules = xrealloc(book->rules, book->rule_cap, sizeof *book->rules);
    }
    book->rules[book->rule_count++] = rule;
    return FAULT_NONE;
}

enum fault_code pack_read_rule(const struct pack *pack, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP)
        return pack_fault(pack, node, "a class must be a map of keys and values");
    struct rule *rule = arena_zalloc(&pack->book->arena, 1, sizeof *rule);
    rule->pack = pack->name;
    rule->line = node->line;
    struct yaml_node plain = split(pack, node, false), texts = split(pack, node, true);
    enum fault_code code = pack_read_fields(pack, &plain, "a class", rule_fields, rule);
    if (code || (code = pack_read_fields(pack, &texts, "a class", texts_fields, rule)))
        return code;
    if (!is_class_id(rule->id))
        return pack_fault(pack, yaml_get(node, "id"),
                          "a class id is made of lower-case letters, digits and '-'");
    if (!rule->not_a_failure && slice_is_none(rule->category))
        return pack_fault(pack, node, "a class lacks the key category");
    return keep_rule(pack, yaml_get(node, "id"), rule);
}
