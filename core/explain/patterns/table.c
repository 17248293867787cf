/* See table.h. */
#include "core/explain/patterns/table.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdlib.h>

enum { TABLE_FIRST = 256 };

struct slot {
    uint64_t key;
    uint32_t next; /* 1 + number of the next slot of the chain */
    bool held;
};

static struct slot *slot_at(const struct table *t, size_t number)
{
    return (struct slot *)(void *)(t->slots + number * (sizeof(struct slot) + t->value_size));
}

static void *value_at(const struct table *t, size_t number)
{
    return slot_at(t, number) + 1;
}

void table_init(struct table *table, size_t value_size, size_t limit)
{
    size_t whole = sizeof(uint64_t); /* keeps every slot aligned */
    *table = (struct table){.value_size = (value_size + whole - 1) / whole * whole, .limit = limit};
}

void table_free(struct table *table)
{
    free(table->slots);
    free(table->heads);
    table->slots = NULL;
    table->heads = NULL;
    table->room = table->used = table->next = table->head_count = 0;
}

static uint32_t *head_of(const struct table *t, uint64_t key)
{
    return &t->heads[(key ^ key >> 29) & (t->head_count - 1)];
}

static void grow(struct table *t)
{
    size_t room = t->room ? t->room * 2 : TABLE_FIRST;
    t->room = room < t->limit ? room : t->limit;
    t->slots = xrealloc(t->slots, t->room, sizeof(struct slot) + t->value_size);
    free(t->heads);
    for (t->head_count = TABLE_FIRST; t->head_count < t->room * 2;)
        t->head_count *= 2;
    t->heads = xcalloc(t->head_count, sizeof *t->heads);
    for (size_t i = 0; i < t->used; i++) {
        struct slot *slot = slot_at(t, i);
        if (!slot->held)
            continue;
        uint32_t *head = head_of(t, slot->key);
        slot->next = *head;
        *head = (uint32_t)i + 1;
    }
}

static void unlink_slot(struct table *t, size_t number)
{
    struct slot *slot = slot_at(t, number);
    if (!slot->held)
        return;
    uint32_t *at = head_of(t, slot->key);
    while (*at != number + 1)
        at = &slot_at(t, *at - 1)->next;
    *at = slot->next;
    slot->held = false;
}

void *table_find(const struct table *table, uint64_t key)
{
    if (!table->head_count)
        return NULL;
    for (uint32_t at = *head_of(table, key); at; at = slot_at(table, at - 1)->next)
        if (slot_at(table, at - 1)->key == key)
            return value_at(table, at - 1);
    return NULL;
}

void *table_put(struct table *table, uint64_t key)
{
    void *there = table_find(table, key);
    if (there)
        return there;
    if (table->used == table->room && table->room < table->limit)
        grow(table);
    size_t number;
    if (table->used < table->room) {
        number = table->used++;
    } else {
        number = table->next;
        table->next = (table->next + 1) % table->room;
        unlink_slot(table, number);
    }
    struct slot *slot = slot_at(table, number);
    uint32_t *head = head_of(table, key);
    *slot = (struct slot){.key = key, .next = *head, .held = true};
    *head = (uint32_t)number + 1;
    return memset(value_at(table, number), 0, table->value_size);
}

void table_take(struct table *table, uint64_t key)
{
    if (!table->head_count)
        return;
    for (uint32_t at = *head_of(table, key); at; at = slot_at(table, at - 1)->next) {
        if (slot_at(table, at - 1)->key != key)
            continue;
        unlink_slot(table, at - 1);
        return;
    }
}

uint64_t table_hash(uint64_t seed, struct slice text)
{
    uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001b3);
    hash ^= text.len;
    hash = (hash ^ hash >> 31) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

uint64_t table_hash_fold(uint64_t seed, struct slice text)
{
    struct buf folded;
    buf_init(&folded, 64 * 1024);
    utf8_add_folded(&folded, slice_first(text, 16 * 1024));
    uint64_t hash = table_hash(seed, buf_slice(&folded));
    buf_free(&folded);
    return hash;
}
