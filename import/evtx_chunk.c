/* Knows chunk and record headers of .evtx files; see evtx_chunk.h. */
#include "import/evtx_chunk.h"

#include "core/base/words.h"

uint32_t evtx_crc32(uint32_t crc, const unsigned char *at, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}

bool evtx_chunk_header_sound(const unsigned char *header)
{
    uint32_t crc = evtx_crc32(0, header, 120);
    return evtx_crc32(crc, header + 128, EVTX_CHUNK_HEADER - 128) == evtx_u32(header + 124);
}

/* Chunk header: 24 first id, 32 last id, 48 offset of the free space. */
void evtx_chunk_start(struct evtx_chunk *c, const unsigned char *bytes, size_t size, bool dirty)
{
    size_t limit = evtx_u32(bytes + 48);
    *c = (struct evtx_chunk){
        .bytes = bytes,
        .size = size,
        .at = EVTX_CHUNK_HEADER,
        .limit = size,
        .limit_given = limit >= EVTX_CHUNK_HEADER && limit <= EVTX_CHUNK_SIZE,
        .dirty = dirty,
        .header_first_id = evtx_u64(bytes + 24),
        .header_last_id = evtx_u64(bytes + 32),
    };
    if (c->limit_given && limit <= size)
        c->limit = limit;
    else if (size < EVTX_CHUNK_SIZE)
        c->cut = true;
}

static bool has_signature(const unsigned char *bytes, size_t size, size_t at)
{
    return at + 4 <= size && memcmp(bytes + at, "**\0\0", 4) == 0;
}

/* A size that can be one: u32 behind the signature. 0 when it cannot. */
static size_t record_size(const unsigned char *bytes, size_t size, size_t at)
{
    if (at > size || size - at < EVTX_RECORD_LEAST || !has_signature(bytes, size, at))
        return 0;
    size_t own = evtx_u32(bytes + at + 4);
    return own >= EVTX_RECORD_LEAST && own <= size - at ? own : 0;
}

bool evtx_record_at(const unsigned char *bytes, size_t size, size_t at)
{
    size_t own = record_size(bytes, size, at);
    return own && evtx_u32(bytes + at + own - 4) == own;
}

/* The next whole record at or behind `from`, on the 8-byte grid; the limit when there is none. */
static size_t next_whole(const struct evtx_chunk *c, size_t from)
{
    for (size_t at = (from + 7) & ~(size_t)7; at < c->limit; at += 8)
        if (evtx_record_at(c->bytes, c->size, at))
            return at;
    return c->limit;
}

/* Beyond the free space stand leftovers of an older use of the chunk, or, in a log that was not
 * closed, the newest records, which the header does not cover yet: those go on with the ids. A
 * header that names a last id beyond the one met is wrong about its free space. */
static bool alive_beyond_limit(const struct evtx_chunk *c)
{
    if (!evtx_record_at(c->bytes, c->size, c->at))
        return false;
    uint64_t id = evtx_u64(c->bytes + c->at + 8);
    if (id != (c->has_id ? c->last_id + 1 : c->header_first_id))
        return false;
    return c->dirty || id <= c->header_last_id;
}

static enum evtx_place_kind bad(struct evtx_place *place, size_t at, const char *why)
{
    *place = (struct evtx_place){.at = at, .why = why};
    return EVTX_PLACE_BAD;
}

/* What stands at c->at is no record: looks for the next one. */
static enum evtx_place_kind step_over(struct evtx_chunk *c, struct evtx_place *place)
{
    size_t at = c->at;
    bool signature = has_signature(c->bytes, c->size, at);
    c->at = next_whole(c, at + 8);
    if (c->at >= c->limit && c->cut) {
        c->cut = false;
        return bad(place, at, N_("the file ends inside a record"));
    }
    /* Without a limit from the header, the last record ends the walk. */
    if (c->at >= c->limit && !c->limit_given && !signature)
        return EVTX_PLACE_END;
    return bad(place, at,
               signature ? N_("a record's size is impossible") : N_("a record has no signature"));
}

/* Where the record behind this one begins. A size whose copy does not agree is believed when a
 * record follows where it says. */
static size_t behind(const struct evtx_chunk *c, size_t own)
{
    size_t next = c->at + own;
    size_t aligned = (next + 7) & ~(size_t)7;
    if (has_signature(c->bytes, c->size, next))
        return next;
    if (has_signature(c->bytes, c->size, aligned))
        return aligned;
    if (evtx_u32(c->bytes + next - 4) == own)
        return next;
    size_t whole = next_whole(c, c->at + EVTX_RECORD_LEAST);
    return whole < c->limit || next < c->limit ? whole : next;
}

enum evtx_place_kind evtx_chunk_next(struct evtx_chunk *c, struct evtx_place *place)
{
    bool beyond = c->at >= c->limit;
    if (beyond && c->cut) {
        c->cut = false;
        return bad(place, c->at, N_("the file ends inside a chunk"));
    }
    if (beyond && !alive_beyond_limit(c))
        return EVTX_PLACE_END;
    size_t own = record_size(c->bytes, c->size, c->at);
    if (!own)
        return step_over(c, place);
    const unsigned char *record = c->bytes + c->at;
    size_t next = behind(c, own);
    size_t end = next < c->at + own ? next : c->at + own;
    *place = (struct evtx_place){
        .at = c->at,
        .end = end < c->at + EVTX_RECORD_LEAST ? c->at + EVTX_RECORD_HEADER : end - 4,
        .id = evtx_u64(record + 8),
        .written = evtx_u64(record + 16),
    };
    /* A zeroed id keeps its place in the sequence. */
    c->last_id = place->id ? place->id : c->last_id + 1;
    c->has_id = true;
    c->at = next;
    return EVTX_PLACE_RECORD;
}
