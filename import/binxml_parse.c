/* Knows the tokens of BinXML and makes trees of them; see binxml.h. */
#include "import/binxml_tree.h"

#include "core/base/utf8.h"

enum {
    TOKEN_END_OF_FRAGMENT = 0x00,
    TOKEN_OPEN_ELEMENT = 0x01,
    TOKEN_CLOSE_START = 0x02,
    TOKEN_CLOSE_EMPTY = 0x03,
    TOKEN_END_ELEMENT = 0x04,
    TOKEN_TEXT = 0x05,
    TOKEN_ATTRIBUTE = 0x06,
    TOKEN_CDATA = 0x07,
    TOKEN_CHARACTER = 0x08,
    TOKEN_ENTITY = 0x09,
    TOKEN_INSTRUCTION = 0x0a,
    TOKEN_INSTRUCTION_DATA = 0x0b,
    TOKEN_INSTANCE = 0x0c,
    TOKEN_VALUE = 0x0d,
    TOKEN_OPTIONAL_VALUE = 0x0e,
    TOKEN_FRAGMENT_HEADER = 0x0f,
    TOKEN_MORE = 0x40, /* set on a token that has a list behind it or a follower */

    RECORDS_START = 512,
    DEFINITION_HEADER = 24,
};

/* Where the parser stands; a fragment never reads beyond `end`. */
struct cursor {
    size_t at, end;
    bool definition;    /* inside a template: elements carry dependency ids */
    struct arena *into; /* who keeps the nodes */
};

bool binxml_fail(struct binxml *x, enum fault_code code, const char *why)
{
    if (!x->code) {
        x->code = code;
        x->why = why;
    }
    return false;
}

bool binxml_spend(struct binxml *x, size_t count)
{
    if (count > x->record_steps || count > x->chunk_steps)
        return binxml_fail(x, FAULT_LIMIT, "the record asks for more work than its size allows");
    x->record_steps -= (uint32_t)count;
    x->chunk_steps -= (uint32_t)count;
    return true;
}

static bool short_of(struct binxml *x)
{
    return binxml_fail(x, FAULT_FORMAT, "the record ends inside its BinXML");
}

/* True when `count` bytes are left; steps over them. `*at` is their place. */
static bool take(struct binxml *x, struct cursor *c, size_t count, const unsigned char **at)
{
    if (count > c->end - c->at)
        return short_of(x);
    *at = x->chunk + c->at;
    c->at += count;
    return true;
}

static unsigned token_at(const struct binxml *x, const struct cursor *c)
{
    return x->chunk[c->at] & ~(unsigned)TOKEN_MORE;
}

/* UTF-16 as text that lives as long as `into`. */
static struct slice text_of(struct binxml *x, struct arena *into, const unsigned char *at,
                            size_t size)
{
    buf_reset(&x->text);
    utf8_add_utf16(&x->text, at, size, true);
    return arena_copy(into, buf_slice(&x->text));
}

/* A name: u32 next, u16 hash, u16 length, UTF-16 text, u16 0; anywhere among the records. */
static const struct binxml_known_name *name_at(struct binxml *x, size_t offset)
{
    struct binxml_known_name **bucket = &x->names[offset % BINXML_BUCKETS];
    for (struct binxml_known_name *n = *bucket; n; n = n->next)
        if (n->offset == offset)
            return n;
    if (offset < RECORDS_START || offset > x->size || x->size - offset < 10) {
        binxml_fail(x, FAULT_FORMAT, "a name lies outside the chunk's records");
        return NULL;
    }
    size_t size = (size_t)evtx_u16(x->chunk + offset + 6) * 2;
    if (size > x->size - offset - 10) {
        binxml_fail(x, FAULT_FORMAT, "a name is longer than its chunk");
        return NULL;
    }
    /* Long names at many places would make names out of names: they are work, too. */
    if (!binxml_spend(x, 1 + size / 16))
        return NULL;
    struct binxml_known_name *name = arena_zalloc(&x->kept, 1, sizeof *name);
    name->offset = offset;
    name->end = offset + 8 + size + 2;
    name->name = event_name_of(text_of(x, &x->kept, x->chunk + offset + 8, size));
    name->next = *bucket;
    *bucket = name;
    return name;
}

/* A u32 name offset; the name itself follows when it says "right here". */
static const struct event_name *parse_name(struct binxml *x, struct cursor *c)
{
    const unsigned char *at;
    if (!take(x, c, 4, &at))
        return NULL;
    size_t offset = evtx_u32(at);
    const struct binxml_known_name *name = name_at(x, offset);
    if (!name)
        return NULL;
    if (offset == c->at) {
        if (name->end > c->end) {
            short_of(x);
            return NULL;
        }
        c->at = name->end;
    }
    return &name->name;
}

static struct binxml_node *new_node(struct cursor *c, enum binxml_kind kind)
{
    struct binxml_node *node = arena_zalloc(c->into, 1, sizeof *node);
    node->kind = kind;
    return node;
}

/* u16 count of UTF-16 units and the text. */
static bool parse_counted(struct binxml *x, struct cursor *c, struct slice *out)
{
    const unsigned char *at, *text;
    if (!take(x, c, 2, &at) || !take(x, c, (size_t)evtx_u16(at) * 2, &text))
        return false;
    size_t size = (size_t)evtx_u16(at) * 2;
    if (!binxml_spend(x, size / 16))
        return false;
    *out = text_of(x, c->into, text, size);
    return true;
}

static bool parse_entity(struct binxml *x, struct cursor *c, struct slice *out)
{
    static const struct {
        const char *name, *text;
    } entities[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    const struct event_name *name = parse_name(x, c);
    if (!name)
        return false;
    *out = SLICE("");
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (slice_is(name->text, entities[i].name))
            *out = slice_of(entities[i].text);
    return true;
}

static bool parse_character(struct binxml *x, struct cursor *c, struct slice *out)
{
    const unsigned char *at;
    if (!take(x, c, 2, &at))
        return false;
    *out = text_of(x, c->into, at, 2);
    return true;
}

/* The tokens that stand for characters, in elements and in attributes; `token` is taken already.
 * `*is_one` tells whether it was one of them. */
static bool parse_chars(struct binxml *x, struct cursor *c, unsigned token,
                        struct binxml_node **out, bool *is_one)
{
    const unsigned char *at;
    struct slice text;
    *is_one = true;
    switch (token) {
    case TOKEN_TEXT:
        if (!take(x, c, 1, &at))
            return false;
        if (*at != EVTX_STRING)
            return binxml_fail(x, FAULT_FORMAT, "a text is not a string");
        if (!parse_counted(x, c, &text))
            return false;
        break;
    case TOKEN_CDATA:
        if (!parse_counted(x, c, &text))
            return false;
        break;
    case TOKEN_CHARACTER:
        if (!parse_character(x, c, &text))
            return false;
        break;
    case TOKEN_ENTITY:
        if (!parse_entity(x, c, &text))
            return false;
        break;
    case TOKEN_VALUE:
    case TOKEN_OPTIONAL_VALUE:
        if (!take(x, c, 3, &at))
            return false;
        *out = new_node(c, BINXML_VALUE);
        (*out)->as.value.index = evtx_u16(at);
        (*out)->as.value.optional = token == TOKEN_OPTIONAL_VALUE;
        return true;
    default:
        *is_one = false;
        return true;
    }
    *out = new_node(c, BINXML_CHARS);
    (*out)->as.chars = text;
    return true;
}

static bool parse_attribute(struct binxml *x, struct cursor *c, struct binxml_attribute **out)
{
    c->at++; /* the token */
    const struct event_name *name = parse_name(x, c);
    if (!name)
        return false;
    const struct binxml_node *first = NULL, **last = &first;
    while (c->at < c->end) {
        bool is_one;
        struct binxml_node *node = NULL;
        unsigned token = token_at(x, c);
        c->at++;
        if (!binxml_spend(x, 1) || !parse_chars(x, c, token, &node, &is_one))
            return false;
        if (!is_one) {
            c->at--;
            break;
        }
        *last = node;
        last = &node->next;
    }
    /* Namespaces say nothing here; dropping them spares every record the work. */
    if (name->word == EVENT_WORD_XMLNS)
        return true;
    *out = arena_zalloc(c->into, 1, sizeof **out);
    (*out)->name = name;
    (*out)->value = first;
    return true;
}

static bool parse_content(struct binxml *x, struct cursor *c, bool in_element, bool root_only,
                          const struct binxml_node **out);

/* [u16 dependency] u32 size, name, [u32 size of the attributes, attributes], content. The sizes are
 * not needed: the tokens end themselves. */
static bool parse_element(struct binxml *x, struct cursor *c, bool has_list,
                          struct binxml_node **out)
{
    const unsigned char *at;
    struct binxml_node *node = *out = new_node(c, BINXML_ELEMENT);
    node->as.element.dependency = BINXML_NO_DEPENDENCY;
    if (c->definition) {
        if (!take(x, c, 2, &at))
            return false;
        node->as.element.dependency = evtx_u16(at);
    }
    if (!take(x, c, 4, &at) || !(node->as.element.name = parse_name(x, c)))
        return false;
    if (has_list && !take(x, c, 4, &at))
        return false;
    const struct binxml_attribute **last = &node->as.element.attributes;
    while (c->at < c->end && token_at(x, c) == TOKEN_ATTRIBUTE) {
        struct binxml_attribute *attribute = NULL;
        if (!binxml_spend(x, 1) || !parse_attribute(x, c, &attribute))
            return false;
        if (attribute) {
            *last = attribute;
            last = &attribute->next;
        }
    }
    if (!take(x, c, 1, &at))
        return false;
    if (*at == TOKEN_CLOSE_EMPTY)
        return true;
    if (*at != TOKEN_CLOSE_START)
        return binxml_fail(x, FAULT_FORMAT, "an element's start is not closed");
    if (x->nesting == EVENT_DEPTH)
        return binxml_fail(x, FAULT_LIMIT, "the event nests more than 64 elements");
    x->nesting++;
    bool ok = parse_content(x, c, true, false, &node->as.element.content);
    x->nesting--;
    if (ok && c->definition && node->as.element.name->word == EVENT_WORD_SYSTEM)
        node->as.element.plan = binxml_plan_make(node, c->into);
    return ok;
}

static struct binxml_template *template_at(struct binxml *x, size_t offset)
{
    struct binxml_template **bucket = &x->templates[offset % BINXML_BUCKETS];
    for (struct binxml_template *t = *bucket; t; t = t->next)
        if (t->offset == offset)
            return t;
    struct binxml_template *t = arena_zalloc(&x->kept, 1, sizeof *t);
    t->offset = offset;
    t->state = TEMPLATE_OPEN;
    t->next = *bucket;
    *bucket = t;
    return t;
}

/* u32 next, GUID, u32 size of the body, body: a fragment. Parsed by the first who needs it. */
static const struct binxml_template *parse_definition(struct binxml *x, size_t offset)
{
    if (offset < RECORDS_START || offset > x->size || x->size - offset < DEFINITION_HEADER) {
        binxml_fail(x, FAULT_FORMAT, "a template lies outside the chunk's records");
        return NULL;
    }
    struct binxml_template *t = template_at(x, offset);
    if (t->state == TEMPLATE_READY)
        return t;
    if (t->state == TEMPLATE_BROKEN) {
        binxml_fail(x, FAULT_FORMAT, t->why);
        return NULL;
    }
    if (t->why) { /* somebody further up the stack is at it */
        binxml_fail(x, FAULT_FORMAT, "a template contains itself");
        return NULL;
    }
    t->why = "a template cannot be read";
    size_t size = evtx_u32(x->chunk + offset + 20);
    size_t body = offset + DEFINITION_HEADER;
    bool ok;
    if (size > x->size - body) {
        ok = binxml_fail(x, FAULT_FORMAT, "a template is longer than its chunk");
    } else if (x->depth == BINXML_DEPTH) {
        ok = binxml_fail(x, FAULT_LIMIT, "the record nests more than 24 templates");
    } else {
        struct cursor c = {body, body + size, true, &x->kept};
        x->depth++;
        ok = parse_content(x, &c, false, false, &t->body);
        x->depth--;
    }
    t->state = ok ? TEMPLATE_READY : TEMPLATE_BROKEN;
    if (!ok)
        t->why = x->why;
    return ok ? t : NULL;
}

/* u32 count, count * (u16 size, u8 type, u8 0), the values. */
static bool parse_values(struct binxml *x, struct cursor *c, struct binxml_instance *out)
{
    const unsigned char *at, *descriptors, *bytes;
    if (!take(x, c, 4, &at))
        return false;
    size_t count = evtx_u32(at);
    if (count > BINXML_VALUES)
        return binxml_fail(x, FAULT_FORMAT, "the record says it has more than 4096 values");
    if (!binxml_spend(x, count) || !take(x, c, 4 * count, &descriptors))
        return false;
    struct evtx_value *values = arena_alloc(c->into, count * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        values[i].size = evtx_u16(descriptors + 4 * i);
        values[i].type = descriptors[4 * i + 2];
        if (!take(x, c, values[i].size, &bytes))
            return false;
        values[i].at = bytes;
    }
    out->values = values;
    out->count = count;
    return true;
}

/* u8 1, u32 id, u32 offset of the definition, which follows when that is right here; values. */
static bool parse_instance(struct binxml *x, struct cursor *c, struct binxml_node **out)
{
    const unsigned char *at;
    if (!take(x, c, 9, &at))
        return false;
    size_t offset = evtx_u32(at + 5);
    const struct binxml_template *template = parse_definition(x, offset);
    if (!template)
        return false;
    /* In chunks that were written in parts, old records point at what are other definitions now. */
    if (evtx_u32(at + 1) != evtx_u32(x->chunk + offset + 4))
        return binxml_fail(x, FAULT_FORMAT, "the record's template was overwritten by another");
    if (offset == c->at) {
        size_t size = evtx_u32(x->chunk + offset + 20); /* fits: the definition was parsed */
        if (!take(x, c, DEFINITION_HEADER + size, &at))
            return false;
    }
    *out = new_node(c, BINXML_INSTANCE);
    (*out)->as.instance.template = template;
    return parse_values(x, c, &(*out)->as.instance);
}

/* Processing instructions are read over. */
static bool skip_instruction(struct binxml *x, struct cursor *c, unsigned token)
{
    struct slice ignored;
    return token == TOKEN_INSTRUCTION ? parse_name(x, c) != NULL : parse_counted(x, c, &ignored);
}

/* One token and what belongs to it. `*node` stays NULL for those that make none. */
static bool parse_token(struct binxml *x, struct cursor *c, struct binxml_node **node)
{
    const unsigned char *at;
    unsigned token = token_at(x, c);
    bool more = (x->chunk[c->at] & TOKEN_MORE) != 0;
    bool is_one;
    c->at++;
    if (!parse_chars(x, c, token, node, &is_one))
        return false;
    if (is_one)
        return true;
    switch (token) {
    case TOKEN_FRAGMENT_HEADER:
        return take(x, c, 3, &at);
    case TOKEN_OPEN_ELEMENT:
        return parse_element(x, c, more, node);
    case TOKEN_INSTANCE:
        return parse_instance(x, c, node);
    case TOKEN_INSTRUCTION:
    case TOKEN_INSTRUCTION_DATA:
        return skip_instruction(x, c, token);
    default:
        return binxml_fail(x, FAULT_FORMAT, "the record holds an unknown token");
    }
}

static bool parse_content(struct binxml *x, struct cursor *c, bool in_element, bool root_only,
                          const struct binxml_node **out)
{
    const struct binxml_node **last = out;
    while (c->at < c->end) {
        unsigned token = token_at(x, c);
        if (token == TOKEN_END_ELEMENT && in_element) {
            c->at++;
            return true;
        }
        if (token == TOKEN_END_OF_FRAGMENT && !in_element) {
            c->at++;
            return true;
        }
        struct binxml_node *node = NULL;
        if (!binxml_spend(x, 1) || !parse_token(x, c, &node))
            return false;
        if (!node)
            continue;
        *last = node;
        last = &node->next;
        if (root_only && (node->kind == BINXML_ELEMENT || node->kind == BINXML_INSTANCE))
            return true;
    }
    return in_element ? short_of(x) : true;
}

bool binxml_parse(struct binxml *x, size_t at, size_t end, bool root_only,
                  const struct binxml_node **out)
{
    struct cursor c = {at, end, false, &x->scratch};
    *out = NULL;
    x->nesting = 0;
    return parse_content(x, &c, false, root_only, out);
}
