/* Knows how the values of a rule pack are read and checked, and its vendors and word lists. Knows
 * nothing of rules (pack_rule.c) and of matching. */
#include "core/explain/pack.h"

#include "core/base/alloc.h"
#include "core/base/near.h"
#include "core/base/safe.h"

#include <stdarg.h>
#include <stdio.h>

enum { SHORT_TEXT = 80, FIELDS_LIMIT = 40 };

enum fault_code pack_fault(const struct pack *pack, const struct yaml_node *node,
                           const char *format, ...)
{
    char text[sizeof(struct fault){0}.text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fault_at(pack->why, FAULT_CONFIG, node->line, node->column, "%s", text);
}

/* A list, or a scalar that stands for a list of one. */
static size_t list_count(const struct yaml_node *node)
{
    return node->kind == YAML_LIST ? node->count : 1;
}

static const struct yaml_node *list_item(const struct yaml_node *node, size_t i)
{
    return node->kind == YAML_LIST ? node->items[i] : node;
}

static enum fault_code read_list(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, bool may_be_empty)
{
    if (node->kind == YAML_MAP)
        return pack_fault(pack, node, "%s must be a list", what);
    if (node->kind == YAML_LIST && node->count == 0 && !may_be_empty)
        return pack_fault(pack, node, "%s must not be empty", what);
    return FAULT_NONE;
}

static enum fault_code read_texts(const struct pack *pack, const struct yaml_node *node,
                                  const char *what, struct text_list *out)
{
    enum fault_code code;
    size_t count = list_count(node);
    struct slice *items = arena_zalloc(&pack->book->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        if ((code = yaml_text(list_item(node, i), what, &items[i], pack->why)))
            return code;
    *out = (struct text_list){items, count};
    return FAULT_NONE;
}

static enum fault_code read_ints(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, struct int_list *out)
{
    enum fault_code code = read_list(pack, node, what, false);
    if (code)
        return code;
    size_t count = list_count(node);
    int64_t *items = arena_zalloc(&pack->book->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        if ((code = yaml_int(list_item(node, i), what, 0, INT32_MAX, &items[i], pack->why)))
            return code;
    *out = (struct int_list){items, count};
    return FAULT_NONE;
}

enum fault_code pack_read_pattern(const struct pack *pack, const struct yaml_node *node,
                                  const char *what, struct pattern *out)
{
    char message[200];
    struct slice source;
    enum fault_code code = yaml_text(node, what, &source, pack->why);
    if (code)
        return code;
    if (!pattern_compile(out, source, message, sizeof message))
        return pack_fault(pack, node, "%s: %s", what, message);
    struct rulebook *book = pack->book;
    out->limits = &book->limits;
    if (book->pattern_count == book->pattern_cap) {
        book->pattern_cap = book->pattern_cap ? book->pattern_cap * 2 : 256;
        book->patterns = xrealloc(book->patterns, book->pattern_cap, sizeof *book->patterns);
    }
    book->patterns[book->pattern_count++] = *out;
    return FAULT_NONE;
}

static enum fault_code read_patterns(const struct pack *pack, const struct yaml_node *node,
                                     const char *what, struct pattern_list *out)
{
    enum fault_code code = read_list(pack, node, what, false);
    if (code)
        return code;
    size_t count = list_count(node);
    struct pattern *items = arena_zalloc(&pack->book->arena, count, sizeof *items);
    *out = (struct pattern_list){items, count};
    for (size_t i = 0; i < count; i++)
        if ((code = pack_read_pattern(pack, list_item(node, i), what, &items[i])))
            return code;
    return FAULT_NONE;
}

enum fault_code pack_read_choice(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, const char *const *names, int *out)
{
    struct slice text;
    char word[SHORT_TEXT];
    enum fault_code code = yaml_text(node, what, &text, pack->why);
    if (code)
        return code;
    for (int i = 0; names[i]; i++)
        if (names[i][0] && slice_is(text, names[i])) {
            *out = i;
            return FAULT_NONE;
        }
    const char *near = near_find(text, names);
    return pack_fault(pack, node, "unknown %s %s%s%s%s", what, safe_short(word, sizeof word, text),
                      near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static enum fault_code read_field(const struct pack *pack, const struct yaml_node *node,
                                  const struct field *field, char *target)
{
    void *at = target + field->offset;
    enum fault_code code;
    switch (field->kind) {
    case FIELD_TEXT:
        return yaml_text(node, field->key, at, pack->why);
    case FIELD_TEXTS:
    case FIELD_WORDS:
        if ((code = read_list(pack, node, field->key, field->kind == FIELD_TEXTS)))
            return code;
        return read_texts(pack, node, field->key, at);
    case FIELD_BOOL:
        return yaml_bool(node, field->key, at, pack->why);
    case FIELD_INTS:
        return read_ints(pack, node, field->key, at);
    case FIELD_PATTERN:
        return pack_read_pattern(pack, node, field->key, at);
    case FIELD_PATTERNS:
        return read_patterns(pack, node, field->key, at);
    case FIELD_OWN:
        return field->own(pack, node, target);
    case FIELD_IGNORED:
        break;
    }
    return FAULT_NONE;
}

static enum fault_code unknown_key(const struct pack *pack, const struct yaml_node *key,
                                   const char *what, const struct field *fields)
{
    const char *names[FIELDS_LIMIT + 1] = {0};
    char word[SHORT_TEXT];
    for (size_t i = 0; fields[i].key && i < FIELDS_LIMIT; i++)
        names[i] = fields[i].key;
    const char *near = near_find(key->text, names);
    return pack_fault(pack, key, "unknown key %s in %s%s%s%s",
                      safe_short(word, sizeof word, key->text), what, near ? " (did you mean " : "",
                      near ? near : "", near ? "?)" : "");
}

enum fault_code pack_read_fields(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, const struct field *fields, void *target)
{
    if (node->kind != YAML_MAP)
        return pack_fault(pack, node, "%s must be a map of keys and values", what);
    for (size_t i = 0; i < node->count; i++) {
        const struct field *field = fields;
        while (field->key && !slice_is(node->keys[i]->text, field->key))
            field++;
        if (!field->key)
            return unknown_key(pack, node->keys[i], what, fields);
        enum fault_code code = read_field(pack, node->items[i], field, target);
        if (code)
            return code;
    }
    for (const struct field *field = fields; field->key; field++)
        if (field->required && !yaml_get(node, field->key))
            return pack_fault(pack, node, "%s lacks the key %s", what, field->key);
    return FAULT_NONE;
}

/* --- vendors ---------------------------------------------------------------------------------- */

static const struct field vendor_fields[] = {
    {.key = "event_id", .kind = FIELD_INTS, .offset = offsetof(struct vendor, event_ids)},
    {.key = "host_re", .kind = FIELD_PATTERN, .offset = offsetof(struct vendor, host)},
    {.key = "path_re", .kind = FIELD_PATTERN, .offset = offsetof(struct vendor, path)},
    {.key = "header", .kind = FIELD_TEXT, .offset = offsetof(struct vendor, header)},
    {.key = "ua", .kind = FIELD_PATTERN, .offset = offsetof(struct vendor, user_agent)},
    {.key = "text_re", .kind = FIELD_PATTERN, .offset = offsetof(struct vendor, text)},
    {.key = "client", .kind = FIELD_BOOL, .offset = offsetof(struct vendor, client)},
    {.key = "own_client", .kind = FIELD_BOOL, .offset = offsetof(struct vendor, own_client)},
    {0},
};

int vendor_find(const struct rulebook *book, struct slice name)
{
    for (size_t i = 0; i < book->vendor_count; i++)
        if (slice_equal(book->vendors[i].name, name))
            return (int)i;
    return -1;
}

static enum fault_code read_vendors(const struct pack *pack, const struct yaml_node *node,
                                    void *target)
{
    struct rulebook *book = target;
    if (node->kind != YAML_MAP)
        return pack_fault(pack, node, "vendors must be a map of names and their evidence");
    for (size_t i = 0; i < node->count; i++) {
        int known = vendor_find(book, node->keys[i]->text);
        if (known < 0 && book->vendor_count == VENDORS_LIMIT)
            return pack_fault(pack, node->keys[i], "more than %d vendors", VENDORS_LIMIT);
        struct vendor *vendor = &book->vendors[known < 0 ? (int)book->vendor_count : known];
        if (known < 0)
            book->vendor_count++;
        *vendor = (struct vendor){.name = node->keys[i]->text};
        enum fault_code code =
            pack_read_fields(pack, node->items[i], "a vendor's evidence", vendor_fields, vendor);
        if (code)
            return code;
    }
    return FAULT_NONE;
}

/* --- words of provisioning agents ------------------------------------------------------------- */

/* Adds the texts of a node to what earlier packs said. */
static enum fault_code add_texts(const struct pack *pack, const struct yaml_node *node,
                                 const char *what, struct text_list *list)
{
    struct text_list more;
    enum fault_code code = read_list(pack, node, what, false);
    if (code || (code = read_texts(pack, node, what, &more)))
        return code;
    size_t count = list->count + more.count;
    struct slice *items = arena_zalloc(&pack->book->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = i < list->count ? list->items[i] : more.items[i - list->count];
    *list = (struct text_list){items, count};
    return FAULT_NONE;
}

static enum fault_code read_steps(const struct pack *pack, const struct yaml_node *node,
                                  void *target)
{
    static const char *const names[] = {
        [STEP_OTHER] = "",        [STEP_START] = "start", [STEP_DONE] = "done",
        [STEP_RESULT] = "result", [STEP_ERROR] = "error", [STEP_RUN] = "run",
        [STEPS] = NULL,
    };
    struct rulebook *book = target;
    if (node->kind != YAML_MAP)
        return pack_fault(pack, node, "steps must be a map of step names and their phrases");
    for (size_t i = 0; i < node->count; i++) {
        int step;
        enum fault_code code = pack_read_choice(pack, node->keys[i], "step", names, &step);
        if (code || (code = add_texts(pack, node->items[i], names[step], &book->words[step])))
            return code;
    }
    return FAULT_NONE;
}

static enum fault_code read_user_keys(const struct pack *pack, const struct yaml_node *node,
                                      void *target)
{
    struct rulebook *book = target;
    return add_texts(pack, node, "user_keys", &book->user_keys);
}

/* --- the file --------------------------------------------------------------------------------- */

static enum fault_code skip_rules(const struct pack *pack, const struct yaml_node *node,
                                  void *target)
{
    (void)target;
    return node->kind == YAML_LIST ? FAULT_NONE
                                   : pack_fault(pack, node, "rules must be a list of classes");
}

enum fault_code pack_read_head(const struct pack *pack)
{
    static const struct field fields[] = {
        {.key = "vendors", .kind = FIELD_OWN, .own = read_vendors},
        {.key = "steps", .kind = FIELD_OWN, .own = read_steps},
        {.key = "user_keys", .kind = FIELD_OWN, .own = read_user_keys},
        {.key = "rules", .kind = FIELD_OWN, .own = skip_rules},
        {0},
    };
    return pack_read_fields(pack, pack->root, "a rule pack", fields, pack->book);
}

enum fault_code pack_read_rules(const struct pack *pack)
{
    const struct yaml_node *rules = yaml_get(pack->root, "rules");
    for (size_t i = 0; rules && i < rules->count; i++) {
        enum fault_code code = pack_read_rule(pack, rules->items[i]);
        if (code)
            return code;
    }
    return FAULT_NONE;
}
