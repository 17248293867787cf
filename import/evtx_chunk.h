/* Where the records of one .evtx chunk stand. Knows chunk and record headers and what becomes of
 * the walk when they are damaged; nothing of what a record says. */
#ifndef IMPORT_EVTX_CHUNK_H
#define IMPORT_EVTX_CHUNK_H

#include "import/binxml.h"
#include "import/evtx_value.h"

enum {
    EVTX_CHUNK_SIZE = 65536,
    EVTX_CHUNK_HEADER = 512, /* with its two tables; the records begin behind it */
    EVTX_RECORD_HEADER = 24,
    EVTX_RECORD_LEAST = 28 /* header and the copy of the size */
};

struct evtx_chunk {
    const unsigned char *bytes;
    size_t size;      /* less than EVTX_CHUNK_SIZE when the file ends in it */
    size_t at;        /* of the next record */
    size_t limit;     /* the free space begins here, or `size` */
    bool limit_given; /* by the header; else the records' own signatures end the walk */
    bool cut;         /* the file ends before the free space, and this has not been told yet */
    bool dirty;       /* the log was copied while in use */
    bool has_id;
    uint64_t last_id; /* of the newest record met */
    uint64_t header_first_id, header_last_id;
};

struct evtx_place {
    size_t at, end;   /* record: from its header to behind its BinXML; bad: `at` */
    uint64_t id;      /* of its header */
    uint64_t written; /* FILETIME of its header */
    const char *why;  /* bad: one sentence */
};

enum evtx_place_kind { EVTX_PLACE_RECORD, EVTX_PLACE_BAD, EVTX_PLACE_END };

/* Begins a chunk of at least EVTX_CHUNK_HEADER bytes, which stay in place. */
void evtx_chunk_start(struct evtx_chunk *c, const unsigned char *bytes, size_t size, bool dirty);

/* The next record of the chunk, in order. Leftovers of an older use of the chunk are not records;
 * the newest records of a dirty log are, though the header does not cover them yet. */
enum evtx_place_kind evtx_chunk_next(struct evtx_chunk *c, struct evtx_place *place);

/* Whether a record with an agreeing copy of its size stands at `at`. */
bool evtx_record_at(const unsigned char *bytes, size_t size, size_t at);

/* Whether the checksum of a chunk header (512 bytes) is right. */
bool evtx_chunk_header_sound(const unsigned char *header);

/* CRC-32 as of zlib, going on from `crc` (0 to begin). */
uint32_t evtx_crc32(uint32_t crc, const unsigned char *at, size_t size);

#endif
