/* BinXML: the tokens that events are written in inside a .evtx chunk.
 *
 * A definition (template) is parsed once per chunk, by the offset where it stands, into a small
 * tree; a record is its tree filled with the record's values, told to an event_builder element by
 * element. No XML text is made. Nothing in a chunk is trusted: offsets, lengths and counts are
 * compared before use, definitions that contain themselves are refused, and the work spent on a
 * chunk has a ceiling whatever its bytes say. Knows nothing of files, chunk headers and record
 * headers. */
#ifndef IMPORT_BINXML_H
#define IMPORT_BINXML_H

#include "import/event_builder.h"

enum {
    BINXML_DEPTH = 24,               /* definitions and nested fragments inside each other */
    BINXML_VALUES = 4096,            /* values of one template instance */
    BINXML_STEPS = 512 * 1024,       /* tokens parsed and told, per chunk */
    BINXML_RECORD_STEPS = 16 * 1024, /* the same for one record, beside 16 per byte */
    BINXML_TEXT = 2 * 1024 * 1024    /* bytes of values turned into text, per chunk */
};

struct binxml;

struct binxml *binxml_new(void);
void binxml_free(struct binxml *x); /* NULL-safe */

/* Starts a chunk: `size` bytes (its header included) that stay in place until the next one. What
 * was told of the chunk before may point into memory that dies here. */
void binxml_start_chunk(struct binxml *x, const unsigned char *chunk, size_t size);

/* Tells the event whose BinXML stands at `at`..`end` (chunk offsets) to `b`, which was started.
 * FAULT_FORMAT or FAULT_LIMIT with a sentence when it cannot be read; a ceiling of the builder is
 * left to event_builder_finish(). Linear in the size of chunk and record. */
enum fault_code binxml_read_event(struct binxml *x, size_t at, size_t end, struct event_builder *b,
                                  struct fault *why);

#endif
