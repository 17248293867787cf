/* The typed values of a .evtx record as the text that Windows shows for them. Knows types and their
 * bytes; not where in a record they stand. */
#ifndef IMPORT_EVTX_VALUE_H
#define IMPORT_EVTX_VALUE_H

#include "core/base/buf.h"

enum {
    EVTX_NULL = 0x00,
    EVTX_STRING = 0x01,
    EVTX_BINXML = 0x21,
    EVTX_ARRAY = 0x80 /* added to the type of the items */
};

struct evtx_value {
    const unsigned char *at;
    size_t size; /* bytes */
    unsigned type;
};

static inline uint16_t evtx_u16(const unsigned char *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t evtx_u32(const unsigned char *at)
{
    return (uint32_t)evtx_u16(at) | (uint32_t)evtx_u16(at + 2) << 16;
}

static inline uint64_t evtx_u64(const unsigned char *at)
{
    return (uint64_t)evtx_u32(at) | (uint64_t)evtx_u32(at + 4) << 32;
}

/* Appends one value (no array, no BinXML) as text; NULL and types without a text append nothing.
 * False when the bytes are not what the type says: then nothing was appended. */
bool evtx_value_add(struct buf *out, const struct evtx_value *value);

/* Whether evtx_value_add would take it. */
bool evtx_value_sound(const struct evtx_value *value);
/* An integer of the right size; -1 for what is negative or greater than INT64_MAX. */
bool evtx_value_number(const struct evtx_value *value, int64_t *out);
/* A FILETIME from 1970 on: the text that evtx_value_add gives, and microseconds since then. */
enum { EVTX_FILETIME_TEXT = 28 };
bool evtx_value_time(const struct evtx_value *value, char text[EVTX_FILETIME_TEXT], int64_t *us);

/* Takes the next item off an array: strings between NULs, fixed types by their size. False at the
 * end, and for arrays of types whose items have no known size. */
bool evtx_value_next_item(struct evtx_value *array, struct evtx_value *item);

/* A FILETIME as `2026-11-03T09:12:44.1234567Z`, its number when beyond the year 9999. */
void evtx_filetime_add(struct buf *out, uint64_t filetime);

/* A FILETIME as microseconds since 1970, cut; TIME_NONE beyond the year 9999. */
int64_t evtx_filetime_us(uint64_t filetime);

#endif
