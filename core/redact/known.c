/* Knows the tags of tokens met before: one bearer token stands in thousands of calls, and reading
 * its claims costs more than all else that is done to a header. What is kept here are the tokens
 * themselves, in memory only and wiped with the redactor. */
#include "core/redact/parts.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { KNOWN_VALUE = 16 * 1024, /* bytes of a token that is remembered */ KNOWN_EDGE = 64 };

/* The begin tells the issuer, the end is the signature: both differ between tokens. */
static uint64_t hash_of(struct slice value)
{
    struct slice edges[] = {slice_first(value, KNOWN_EDGE),
                            slice_from(value, value.len > KNOWN_EDGE ? value.len - KNOWN_EDGE : 0)};
    uint64_t hash = value.len;
    for (size_t e = 0; e < 2; e++)
        for (size_t i = 0; i < edges[e].len; i++)
            hash = (hash ^ (unsigned char)edges[e].at[i]) * UINT64_C(0x100000001B3);
    return hash ^ hash >> 32;
}

static void forget(struct known_tag *known)
{
    if (known->value.at)
        explicit_bzero((char *)(uintptr_t)known->value.at, known->value.len); /* ours */
    free((char *)(uintptr_t)known->value.at);
    free((char *)(uintptr_t)known->tag.at);
    *known = (struct known_tag){0};
}

struct slice known_tag(const struct redactor *r, struct slice value)
{
    uint64_t hash = hash_of(value);
    const struct known_tag *known = &r->known[hash % PARTS_KNOWN];
    if (known->hash != hash || !known->value.at || !slice_equal(known->value, value))
        return SLICE_NONE;
    return arena_copy(r->arena, known->tag); /* its place here may be taken within the record */
}

void known_add(struct redactor *r, struct slice value, struct slice tag)
{
    if (value.len > KNOWN_VALUE)
        return;
    uint64_t hash = hash_of(value);
    struct known_tag *known = &r->known[hash % PARTS_KNOWN];
    forget(known);
    *known = (struct known_tag){hash, slice_make(slice_dup(value), value.len),
                                slice_make(slice_dup(tag), tag.len)};
}

void known_forget(struct redactor *r)
{
    for (size_t i = 0; i < PARTS_KNOWN; i++)
        forget(&r->known[i]);
}
