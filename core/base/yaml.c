/* Knows how libyaml's events become a tree with places, and what of YAML is refused; see yaml.h.
 * Knows nothing of what the trees mean. */
#include "core/base/yaml.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"

#include <yaml.h>

enum { SHORT_TEXT = 80 /* bytes of a quoted word in a sentence */ };

struct reading {
    yaml_parser_t parser;
    yaml_event_t event; /* the one at hand */
    bool have_event;
    struct arena *arena;
    unsigned depth, flow_depth;
    struct fault *why;
};

static enum fault_code refuse(const struct reading *r, const char *what)
{
    return fault_at(r->why, FAULT_CONFIG, r->event.start_mark.line + 1,
                    r->event.start_mark.column + 1, "%s", what);
}

/* Makes the next event the one at hand. */
static enum fault_code advance(struct reading *r)
{
    if (r->have_event)
        yaml_event_delete(&r->event);
    r->have_event = yaml_parser_parse(&r->parser, &r->event) == 1;
    if (r->have_event)
        return FAULT_NONE;
    if (r->parser.error == YAML_MEMORY_ERROR)
        alloc_exhausted();
    const char *problem = r->parser.problem ? r->parser.problem : "cannot be read as YAML";
    if (r->parser.error == YAML_READER_ERROR)
        /* The reader knows a byte offset but no line. */
        return fault_at(r->why, FAULT_CONFIG, r->parser.mark.line + 1, r->parser.mark.column + 1,
                        "%s (byte %zu)", problem, r->parser.problem_offset);
    return fault_at(r->why, FAULT_CONFIG, r->parser.problem_mark.line + 1,
                    r->parser.problem_mark.column + 1, "%s", problem);
}

/* Children of a list or map while it is read. */
struct children {
    struct yaml_node **at;
    size_t count, cap;
};

static void add_child(struct arena *arena, struct children *children, struct yaml_node *node)
{
    if (children->count == children->cap) {
        size_t cap = children->cap ? children->cap * 2 : 8;
        struct yaml_node **grown = arena_alloc(arena, cap * sizeof(struct yaml_node *));
        if (children->count)
            memcpy(grown, children->at, children->count * sizeof(struct yaml_node *));
        children->at = grown;
        children->cap = cap;
    }
    children->at[children->count++] = node;
}

static enum fault_code read_node(struct reading *r, struct yaml_node **out);

static enum fault_code check_key(const struct reading *r, const struct children *keys,
                                 const struct yaml_node *key)
{
    char name[SHORT_TEXT];
    if (key->kind != YAML_SCALAR)
        return fault_at(r->why, FAULT_CONFIG, key->line, key->column, "a key must be a plain word");
    if (keys->count >= YAML_KEYS)
        return fault_at(r->why, FAULT_CONFIG, key->line, key->column,
                        "more than %d keys in one map", YAML_KEYS);
    for (size_t i = 0; i < keys->count; i++)
        if (slice_equal(keys->at[i]->text, key->text))
            return fault_at(r->why, FAULT_CONFIG, key->line, key->column,
                            "the key %s stands here for the second time",
                            safe_short(name, sizeof name, key->text));
    return FAULT_NONE;
}

/* Reads the items of a list, or the pairs of a map, to the collection's end event. */
static enum fault_code read_children(struct reading *r, struct yaml_node *node)
{
    struct children keys = {0}, items = {0};
    yaml_event_type_t end =
        node->kind == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        enum fault_code code = advance(r);
        if (code)
            return code;
        if (r->event.type == end)
            break;
        struct yaml_node *child;
        if ((code = read_node(r, &child)))
            return code;
        if (node->kind == YAML_MAP) {
            if ((code = check_key(r, &keys, child)))
                return code;
            add_child(r->arena, &keys, child);
            if ((code = advance(r)) || (code = read_node(r, &child)))
                return code;
        }
        add_child(r->arena, &items, child);
    }
    node->keys = keys.at;
    node->items = items.at;
    node->count = items.count;
    return FAULT_NONE;
}

static enum fault_code read_collection(struct reading *r, struct yaml_node *node, bool flow)
{
    if (r->depth >= YAML_DEPTH)
        return refuse(r, "nested too deep");
    if (flow && r->flow_depth >= YAML_FLOW_DEPTH)
        return refuse(r, "brackets nested too deep: write one item a line");
    r->depth++;
    r->flow_depth += flow;
    enum fault_code code = read_children(r, node);
    r->flow_depth -= flow;
    r->depth--;
    return code;
}

/* Reads the node that begins with the event at hand. */
static enum fault_code read_node(struct reading *r, struct yaml_node **out)
{
    const yaml_event_t *event = &r->event;
    struct yaml_node *node = arena_zalloc(r->arena, 1, sizeof *node);
    node->line = event->start_mark.line + 1;
    node->column = event->start_mark.column + 1;
    *out = node;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.anchor)
            return refuse(r, "anchors (&name) are not allowed");
        if (event->data.scalar.tag)
            return refuse(r, "tags (!name) are not allowed");
        node->kind = YAML_SCALAR;
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        node->text = arena_copy(r->arena, slice_make((const char *)event->data.scalar.value,
                                                     event->data.scalar.length));
        return FAULT_NONE;
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.anchor)
            return refuse(r, "anchors (&name) are not allowed");
        if (event->data.sequence_start.tag)
            return refuse(r, "tags (!name) are not allowed");
        node->kind = YAML_LIST;
        return read_collection(r, node,
                               event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.anchor)
            return refuse(r, "anchors (&name) are not allowed");
        if (event->data.mapping_start.tag)
            return refuse(r, "tags (!name) are not allowed");
        node->kind = YAML_MAP;
        return read_collection(r, node, event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
    case YAML_ALIAS_EVENT:
        return refuse(r, "aliases (*name) are not allowed");
    default:
        return refuse(r, "a value is missing");
    }
}

static enum fault_code read_document(struct reading *r, struct yaml_node **out)
{
    enum fault_code code;
    if ((code = advance(r)) || (code = advance(r))) /* stream start, document start */
        return code;
    if (r->event.type == YAML_STREAM_END_EVENT) {
        *out = arena_zalloc(r->arena, 1, sizeof **out);
        **out = (struct yaml_node){.kind = YAML_MAP, .line = 1, .column = 1};
        return FAULT_NONE;
    }
    if (r->event.data.document_start.tag_directives.start !=
        r->event.data.document_start.tag_directives.end)
        return refuse(r, "%TAG is not allowed");
    if ((code = advance(r)) || (code = read_node(r, out)))
        return code;
    if ((code = advance(r)) || (code = advance(r))) /* document end, stream end */
        return code;
    if (r->event.type != YAML_STREAM_END_EVENT)
        return refuse(r, "only one document is allowed in a file");
    return FAULT_NONE;
}

enum fault_code yaml_parse(struct yaml_node **out, struct slice text, struct arena *arena,
                           struct fault *why)
{
    *out = NULL;
    if (text.len > YAML_SIZE)
        return fault_at(why, FAULT_CONFIG, 1, 1, "larger than %d bytes", YAML_SIZE);
    struct reading r = {.arena = arena, .why = why};
    if (!yaml_parser_initialize(&r.parser))
        alloc_exhausted();
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.at ? text.at : ""),
                                 text.len);
    enum fault_code code = read_document(&r, out);
    if (r.have_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    if (code)
        *out = NULL;
    return code;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (slice_is(map->keys[i]->text, key))
            return map->items[i];
    return NULL;
}

static bool is_null(const struct yaml_node *node)
{
    return !node->quoted &&
           (node->text.len == 0 || slice_is(node->text, "~") || slice_is(node->text, "null"));
}

enum fault_code yaml_text(const struct yaml_node *node, const char *what, struct slice *out,
                          struct fault *why)
{
    if (node->kind != YAML_SCALAR || is_null(node))
        return fault_at(why, FAULT_CONFIG, node->line, node->column, "%s must be a text", what);
    *out = node->text;
    return FAULT_NONE;
}

enum fault_code yaml_int(const struct yaml_node *node, const char *what, int64_t least,
                         int64_t most, int64_t *out, struct fault *why)
{
    int64_t value;
    if (node->kind != YAML_SCALAR || node->quoted || !slice_to_int64(node->text, &value))
        return fault_at(why, FAULT_CONFIG, node->line, node->column, "%s must be a whole number",
                        what);
    if (value < least || value > most)
        return fault_at(why, FAULT_CONFIG, node->line, node->column, "%s must be from %lld to %lld",
                        what, (long long)least, (long long)most);
    *out = value;
    return FAULT_NONE;
}

enum fault_code yaml_bool(const struct yaml_node *node, const char *what, bool *out,
                          struct fault *why)
{
    bool is_true = node->kind == YAML_SCALAR && !node->quoted && slice_is(node->text, "true");
    bool is_false = node->kind == YAML_SCALAR && !node->quoted && slice_is(node->text, "false");
    if (!is_true && !is_false)
        return fault_at(why, FAULT_CONFIG, node->line, node->column, "%s must be true or false",
                        what);
    *out = is_true;
    return FAULT_NONE;
}
