/* A small YAML tree with places, over libyaml, for rule packs, themes, keys and settings.
 *
 * Block style, flow sequences and maps nested up to YAML_FLOW_DEPTH, plain, quoted and block
 * scalars. Refused with line and column: aliases, anchors, tags, several documents, duplicate keys,
 * nesting over YAML_DEPTH, more than YAML_KEYS keys in a map or YAML_SIZE bytes (flow nesting is
 * quadratic in libyaml; it is stopped at the event). An empty document is an empty map. Any thread.
 */
#ifndef CORE_BASE_YAML_H
#define CORE_BASE_YAML_H

#include "core/base/arena.h"
#include "core/base/fault.h"

enum { YAML_SIZE = 1024 * 1024, YAML_DEPTH = 64, YAML_FLOW_DEPTH = 16, YAML_KEYS = 4096 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    struct slice text;       /* scalar: its text */
    bool quoted;             /* scalar: was quoted, so `"409"` is no number and `"~"` no null */
    size_t count;            /* list, map: how many */
    struct yaml_node **keys; /* map: scalar nodes */
    struct yaml_node **items;
    uint64_t line, column; /* from 1 */
};

/* Parses one document; nodes live in `arena`. FAULT_CONFIG with line and column on failure. */
enum fault_code yaml_parse(struct yaml_node **out, struct slice text, struct arena *arena,
                           struct fault *why);

/* The value under `key` of a map, else NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Typed reading; FAULT_CONFIG with the node's place and a sentence that names `what`. */
enum fault_code yaml_text(const struct yaml_node *node, const char *what, struct slice *out,
                          struct fault *why);
enum fault_code yaml_int(const struct yaml_node *node, const char *what, int64_t least,
                         int64_t most, int64_t *out, struct fault *why);
enum fault_code yaml_bool(const struct yaml_node *node, const char *what, bool *out,
                          struct fault *why);

#endif
