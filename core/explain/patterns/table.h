/* A map of what was seen lately, from 64-bit hashes to small values: at most `limit` of them, the
 * one put in longest ago makes room for a new one. */
#ifndef CORE_EXPLAIN_PATTERNS_TABLE_H
#define CORE_EXPLAIN_PATTERNS_TABLE_H

#include "core/base/slice.h"

enum { TABLE_LIMIT = 128 * 1024 /* values that a detector remembers */ };

struct table {
    size_t value_size, limit;
    size_t room, used, next; /* slots there are; ever used; to be used next once all are */
    unsigned char *slots;
    uint32_t *heads; /* chains by hash: 1 + number of a slot, 0 ends */
    size_t head_count;
};

void table_init(struct table *table, size_t value_size, size_t limit);
void table_free(struct table *table);
/* The value, or NULL; lives until the next table_put. */
void *table_find(const struct table *table, uint64_t key);
/* The value, made of zeros when it was not there. */
void *table_put(struct table *table, uint64_t key);
void table_take(struct table *table, uint64_t key);

/* Hashes of texts: `fold` makes upper and lower case one. `seed` joins several parts. */
uint64_t table_hash(uint64_t seed, struct slice text);
uint64_t table_hash_fold(uint64_t seed, struct slice text);

#endif
