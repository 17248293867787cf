/* Knows how a tree of tokens and a record's values become elements; see binxml.h. */
#include "import/binxml.h"

#include "core/base/alloc.h"
#include "import/binxml_tree.h"

#include <stdlib.h>

struct binxml *binxml_new(void)
{
    struct binxml *x = xcalloc(1, sizeof *x);
    arena_init(&x->kept);
    arena_init(&x->scratch);
    buf_init(&x->text, 4 * BINXML_TEXT);
    return x;
}

void binxml_free(struct binxml *x)
{
    if (!x)
        return;
    arena_free(&x->kept);
    arena_free(&x->scratch);
    buf_free(&x->text);
    free(x);
}

void binxml_start_chunk(struct binxml *x, const unsigned char *chunk, size_t size)
{
    x->chunk = chunk;
    x->size = size;
    arena_reset(&x->kept);
    memset(x->templates, 0, sizeof x->templates);
    memset(x->names, 0, sizeof x->names);
    x->chunk_steps = BINXML_STEPS;
    x->text_left = BINXML_TEXT;
}

const struct evtx_value *binxml_value(const struct binxml_scope *scope, unsigned index)
{
    static const struct evtx_value null = {NULL, 0, EVTX_NULL};
    if (scope->item && index == scope->item_index)
        return scope->item;
    if (!scope->instance || index >= scope->instance->count)
        return &null;
    return &scope->instance->values[index];
}

bool binxml_spend_text(struct binxml *x, size_t size)
{
    if (size > x->text_left)
        return binxml_fail(x, FAULT_LIMIT, "the chunk's records repeat too much text");
    x->text_left -= (uint32_t)size;
    return true;
}

/* Appends a value's text. What is not what its type says is left out, but not in the System part:
 * there it would give the event a wrong place or time. */
static bool add_value(struct binxml *x, const struct event_builder *b, struct buf *out,
                      const struct evtx_value *value)
{
    if (!binxml_spend_text(x, value->size))
        return false;
    if (!evtx_value_add(out, value) && b->section == EVENT_SECTION_SYSTEM)
        return binxml_fail(x, FAULT_FORMAT, "a System value is not what its type says");
    return true;
}

static bool tell_list(struct binxml *x, const struct binxml_node *nodes,
                      const struct binxml_scope *scope, struct event_builder *b);

/* A fragment inside a value. Each use is parsed anew; the steps bound how often. */
static bool tell_fragment(struct binxml *x, const struct evtx_value *value, struct event_builder *b)
{
    const struct binxml_node *nodes;
    const struct binxml_scope none = {0};
    size_t at = (size_t)(value->at - x->chunk);
    if (x->depth == BINXML_DEPTH)
        return binxml_fail(x, FAULT_LIMIT, "the record nests more than 24 templates");
    x->depth++;
    bool ok = binxml_parse(x, at, at + value->size, false, &nodes) && tell_list(x, nodes, &none, b);
    x->depth--;
    return ok;
}

static bool tell_value(struct binxml *x, const struct evtx_value *value, struct event_builder *b)
{
    if (value->type == EVTX_NULL)
        return true;
    if (value->type == EVTX_BINXML)
        return tell_fragment(x, value, b);
    return add_value(x, b, &b->text, value);
}

/* An attribute made of nothing but NULL values is left out. */
static bool tell_attribute(struct binxml *x, const struct binxml_attribute *attribute,
                           const struct binxml_scope *scope, struct event_builder *b)
{
    bool absent = attribute->value != NULL;
    buf_reset(&x->text);
    for (const struct binxml_node *n = attribute->value; n; n = n->next) {
        if (!binxml_spend(x, 1))
            return false;
        if (n->kind == BINXML_CHARS) {
            absent = false;
            if (!binxml_spend_text(x, n->as.chars.len))
                return false;
            buf_add(&x->text, n->as.chars);
            continue;
        }
        const struct evtx_value *value = binxml_value(scope, n->as.value.index);
        if (value->type == EVTX_NULL && n->as.value.optional)
            continue;
        absent = false;
        if (value->type != EVTX_BINXML && !add_value(x, b, &x->text, value))
            return false;
    }
    if (!absent)
        event_builder_attribute(b, *attribute->name, buf_slice(&x->text));
    return true;
}

static bool tell_element_once(struct binxml *x, const struct binxml_node *node,
                              const struct binxml_scope *scope, struct event_builder *b)
{
    if (!binxml_spend(x, 1) || !event_builder_open(b, *node->as.element.name))
        return false;
    for (const struct binxml_attribute *a = node->as.element.attributes; a; a = a->next)
        if (!tell_attribute(x, a, scope, b))
            return false;
    /* The System of an event; elsewhere the name means nothing. */
    bool ok = node->as.element.plan && b->depth == 2
                  ? binxml_plan_run(x, node->as.element.plan, scope, b)
                  : tell_list(x, node->as.element.content, scope, b);
    return ok && event_builder_close(b);
}

/* An element around an array stands for one element per item. */
bool binxml_tell_element(struct binxml *x, const struct binxml_node *node,
                         const struct binxml_scope *scope, struct event_builder *b)
{
    unsigned dependency = node->as.element.dependency;
    if (dependency != BINXML_NO_DEPENDENCY && binxml_value(scope, dependency)->type == EVTX_NULL)
        return true;
    for (const struct binxml_node *n = node->as.element.content; n; n = n->next) {
        if (n->kind != BINXML_VALUE)
            continue;
        const struct evtx_value *value = binxml_value(scope, n->as.value.index);
        if (!(value->type & EVTX_ARRAY))
            continue;
        struct evtx_value rest = *value, item;
        struct binxml_scope inner = {scope->instance, n->as.value.index, &item};
        while (evtx_value_next_item(&rest, &item))
            if (!tell_element_once(x, node, &inner, b))
                return false;
        return true;
    }
    return tell_element_once(x, node, scope, b);
}

static bool tell_instance(struct binxml *x, const struct binxml_instance *instance,
                          struct event_builder *b)
{
    if (x->depth == BINXML_DEPTH)
        return binxml_fail(x, FAULT_LIMIT, "the record nests more than 24 templates");
    const struct binxml_scope scope = {.instance = instance};
    x->depth++;
    bool ok = tell_list(x, instance->template->body, &scope, b);
    x->depth--;
    return ok;
}

static bool tell_list(struct binxml *x, const struct binxml_node *nodes,
                      const struct binxml_scope *scope, struct event_builder *b)
{
    for (const struct binxml_node *n = nodes; n; n = n->next) {
        if (!binxml_spend(x, 1))
            return false;
        bool ok;
        switch (n->kind) {
        case BINXML_ELEMENT:
            ok = binxml_tell_element(x, n, scope, b);
            break;
        case BINXML_CHARS:
            ok = binxml_spend_text(x, n->as.chars.len) && event_builder_text(b, n->as.chars);
            break;
        case BINXML_VALUE:
            ok = tell_value(x, binxml_value(scope, n->as.value.index), b);
            break;
        default:
            ok = tell_instance(x, &n->as.instance, b);
            break;
        }
        if (!ok)
            return false;
    }
    return true;
}

enum fault_code binxml_read_event(struct binxml *x, size_t at, size_t end, struct event_builder *b,
                                  struct fault *why)
{
    const struct binxml_node *nodes;
    const struct binxml_scope none = {0};
    x->code = FAULT_NONE;
    x->why = NULL;
    x->depth = 0;
    x->record_steps = BINXML_RECORD_STEPS + 16 * (uint32_t)(end - at);
    arena_reset(&x->scratch);
    bool ok = binxml_parse(x, at, end, true, &nodes);
    if (ok && !nodes)
        ok = binxml_fail(x, FAULT_FORMAT, "the record is empty");
    if (ok)
        tell_list(x, nodes, &none, b);
    /* A telling that stopped without a word of ours was stopped by the builder. */
    return x->code ? fault_set(why, x->code, "%s", x->why) : FAULT_NONE;
}
