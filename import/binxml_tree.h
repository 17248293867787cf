/* What binxml_parse.c makes of tokens and binxml.c tells to the builder. Private to these two. */
#ifndef IMPORT_BINXML_TREE_H
#define IMPORT_BINXML_TREE_H

#include "core/base/arena.h"
#include "import/binxml.h"
#include "import/evtx_value.h"

enum { BINXML_BUCKETS = 256, BINXML_NO_DEPENDENCY = 0xffff };

enum binxml_kind { BINXML_ELEMENT, BINXML_CHARS, BINXML_VALUE, BINXML_INSTANCE };

struct binxml_node;
struct binxml_plan;

struct binxml_attribute {
    const struct binxml_attribute *next;
    const struct event_name *name;
    const struct binxml_node *value;
};

struct binxml_template {
    struct binxml_template *next; /* of its bucket */
    size_t offset;
    enum { TEMPLATE_OPEN, TEMPLATE_READY, TEMPLATE_BROKEN } state;
    const char *why; /* of a broken one */
    const struct binxml_node *body;
};

struct binxml_instance {
    const struct binxml_template *template;
    const struct evtx_value *values;
    size_t count;
};

struct binxml_node {
    const struct binxml_node *next;
    enum binxml_kind kind;
    union {
        struct {
            const struct event_name *name;
            const struct binxml_attribute *attributes;
            const struct binxml_node *content;
            const struct binxml_plan *plan; /* of a System in a definition, else NULL */
            unsigned dependency;            /* omitted when this value is NULL */
        } element;
        struct slice chars;
        struct {
            unsigned index;
            bool optional;
        } value;
        struct binxml_instance instance;
    } as;
};

struct binxml_known_name {
    struct binxml_known_name *next; /* of its bucket */
    size_t offset, end;             /* `end`: behind it */
    struct event_name name;
};

struct binxml {
    const unsigned char *chunk;
    size_t size;
    struct arena kept;    /* names and definitions of the chunk */
    struct arena scratch; /* what only the record at hand needs */
    struct buf text;      /* for one attribute or name */
    struct binxml_template *templates[BINXML_BUCKETS];
    struct binxml_known_name *names[BINXML_BUCKETS];
    uint32_t chunk_steps, record_steps, text_left; /* what may still be spent */
    unsigned depth;                                /* fragments inside each other */
    unsigned nesting;                              /* elements inside each other while parsing */
    enum fault_code code;
    const char *why;
};

/* The values that a tree is filled with. While an element is repeated for the items of an array,
 * `item` stands for the array. */
struct binxml_scope {
    const struct binxml_instance *instance;
    unsigned item_index;
    const struct evtx_value *item;
};

/* --- binxml.c --------------------------------------------------------------------------------- */

/* Spends room for so many bytes of text; false when none is left. */
bool binxml_spend_text(struct binxml *x, size_t size);
/* The value of that number, a NULL when there is none. */
const struct evtx_value *binxml_value(const struct binxml_scope *scope, unsigned index);
/* Tells one element, or those that it stands for, to the builder. */
bool binxml_tell_element(struct binxml *x, const struct binxml_node *node,
                         const struct binxml_scope *scope, struct event_builder *b);

/* --- binxml_plan.c ---------------------------------------------------------------------------- */

/* What has to be done for the System part of each event of a definition. In `arena`. */
const struct binxml_plan *binxml_plan_make(const struct binxml_node *system, struct arena *arena);
/* Does it, between the opening and the closing of System. Says to the builder what telling the
 * elements one by one would have said. */
bool binxml_plan_run(struct binxml *x, const struct binxml_plan *plan,
                     const struct binxml_scope *scope, struct event_builder *b);

/* --- binxml_parse.c --------------------------------------------------------------------------- */

/* Notes the first failure and returns false. */
bool binxml_fail(struct binxml *x, enum fault_code code, const char *why);

/* Spends `count` steps; false when none are left. */
bool binxml_spend(struct binxml *x, size_t count);

/* Parses the fragment at `at`..`end` of the record at hand into x->scratch; `root_only` stops
 * behind its first element or instance. */
bool binxml_parse(struct binxml *x, size_t at, size_t end, bool root_only,
                  const struct binxml_node **out);

#endif
