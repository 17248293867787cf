/* Fuzz target: one BinXML record, as it stands in a chunk behind its header. */
#include "import/evtx_chunk.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > EVTX_CHUNK_SIZE - EVTX_CHUNK_HEADER)
        size = EVTX_CHUNK_SIZE - EVTX_CHUNK_HEADER;
    size_t whole = EVTX_CHUNK_HEADER + size;
    unsigned char *chunk = xcalloc(1, whole);
    memcpy(chunk + EVTX_CHUNK_HEADER, data, size);
    struct binxml *binxml = binxml_new();
    struct event_builder builder;
    struct arena arena;
    struct record record = {.time_us = TIME_NONE};
    struct fault why;
    arena_init(&arena);
    event_builder_init(&builder, &arena);
    event_builder_start(&builder);
    binxml_start_chunk(binxml, chunk, whole);
    if (binxml_read_event(binxml, EVTX_CHUNK_HEADER, whole, &builder, &why) == FAULT_NONE &&
        event_builder_finish(&builder, &record, &why) == FAULT_NONE)
        fuzz_keep(&record, &arena);
    event_builder_free(&builder);
    binxml_free(binxml);
    arena_free(&arena);
    free(chunk);
    return 0;
}
