/* The .evtx file: a header of 4096 bytes, then chunks of 64 KiB that hold records.
 *
 * Knows where records stand and which of them are alive; what one says is binxml.c's business. Read
 * from front to back, one chunk in memory. Headers of logs that were copied while in use are stale
 * and checksums of such chunks wrong, so neither decides anything: every block of the file is
 * looked at, a chunk is what begins like one, a record is what can be read as one. What cannot be
 * read is told and stepped over; each byte is visited a fixed number of times. */
#include "import/evtx_chunk.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/arena.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FILE_HEADER = 4096,
    BLOCK = EVTX_CHUNK_SIZE,
    AHEAD = EVTX_CHUNK_HEADER, /* bytes beyond a block, so that a header across its end is seen */
    FLAG_DIRTY = 1,
    /* Blocks of zeros that a file may begin with before it is given up: a log that was lost leaves
     * any number of them. */
    LOST_BLOCKS = 64 * 1024 * 1024 / EVTX_CHUNK_SIZE,
};

struct evtx {
    struct input *in;
    struct binxml *binxml;
    struct event_builder builder;
    struct arena arena;    /* the record at hand */
    unsigned char *window; /* the block at hand and AHEAD bytes */
    size_t have;           /* bytes in it */
    uint64_t offset;       /* of its first byte in the file */
    bool in_chunk;
    struct evtx_chunk chunk;
    uint64_t position;
    struct fault pending; /* told by the next call when its code is set */
    unsigned promised;    /* chunks that the file header speaks of; 0 = no word to be trusted */
    unsigned blocks;      /* met so far */
    bool dirty;
    bool proven; /* the file header's checksum is right, or a chunk was met */
};

static bool is_at(const unsigned char *at, size_t size, const char *magic)
{
    return size >= 8 && memcmp(at, magic, 8) == 0;
}

/* The header's own checksum: of its first 120 bytes. */
static bool file_header_sound(const unsigned char *at)
{
    return evtx_crc32(0, at, 120) == evtx_u32(at + 124);
}

static int evtx_sniff(struct slice head, const char *path)
{
    (void)path;
    const unsigned char *at = (const unsigned char *)head.at;
    if (is_at(at, head.len, "ElfFile"))
        return 100;
    if (head.len > FILE_HEADER && is_at(at + FILE_HEADER, head.len - FILE_HEADER, "ElfChnk"))
        return 90;
    for (size_t i = 1; i + 128 <= head.len; i++) {
        const unsigned char *next = memchr(at + i, 'E', head.len - 127 - i);
        if (!next)
            break;
        i = (size_t)(next - at);
        if (is_at(next, 128, "ElfFile") && file_header_sound(next))
            return 60;
    }
    return 0;
}

/* Reads until the window holds a block and AHEAD bytes, or the file ends. */
static enum fault_code fill(struct evtx *e, struct fault *why)
{
    size_t got = 0;
    if (e->have >= BLOCK + AHEAD)
        return FAULT_NONE;
    enum fault_code code =
        input_read(e->in, e->window + e->have, BLOCK + AHEAD - e->have, &got, why);
    e->have += got;
    return code;
}

static void consume(struct evtx *e, size_t size)
{
    memmove(e->window, e->window + size, e->have - size);
    e->have -= size;
    e->offset += size;
}

static struct fault damage(uint64_t offset, const char *text)
{
    struct fault why;
    fault_set(&why, FAULT_FORMAT, "%s", text);
    why.offset = offset;
    return why;
}

/* Steps over the file header, which may be overwritten or stand behind foreign bytes. */
static enum fault_code take_file_header(struct evtx *e, struct fault *why)
{
    enum fault_code code = fill(e, why);
    if (code)
        return code;
    size_t at = 0;
    while (at + 128 <= e->have &&
           !(is_at(e->window + at, 8, "ElfFile") && (at == 0 || file_header_sound(e->window + at))))
        at++;
    if (at + 128 > e->have) {
        if (e->have < FILE_HEADER)
            return fault_set(why, FAULT_FORMAT, "the file ends inside its header");
        e->pending = damage(0, "the file header has no signature");
        /* The chunks begin where they always do, unless the block says otherwise. */
        if (is_at(e->window + FILE_HEADER, e->have - FILE_HEADER, "ElfChnk"))
            consume(e, FILE_HEADER);
        return FAULT_NONE;
    }
    if (at) {
        e->pending = damage(0, "foreign bytes stand before the file header");
        consume(e, at);
        code = fill(e, why);
        if (code)
            return code;
    }
    if (e->have < FILE_HEADER)
        return fault_set(why, FAULT_FORMAT, "the file ends inside its header");
    e->dirty = (evtx_u32(e->window + 120) & FLAG_DIRTY) != 0;
    e->proven = file_header_sound(e->window);
    if (!e->dirty && e->proven)
        e->promised = evtx_u16(e->window + 42);
    consume(e, FILE_HEADER);
    return FAULT_NONE;
}

static void evtx_close(void *self)
{
    struct evtx *e = self;
    if (!e)
        return;
    binxml_free(e->binxml);
    event_builder_free(&e->builder);
    arena_free(&e->arena);
    free(e->window);
    free(e);
}

static enum fault_code evtx_open(void **self, struct input *in, struct fault *why)
{
    struct evtx *e = xcalloc(1, sizeof *e);
    e->in = in;
    e->window = xmalloc(BLOCK + AHEAD);
    e->binxml = binxml_new();
    arena_init(&e->arena);
    event_builder_init(&e->builder, &e->arena);
    enum fault_code code = take_file_header(e, why);
    if (code) {
        evtx_close(e);
        return code;
    }
    *self = e;
    return FAULT_NONE;
}

static bool all_zero(const unsigned char *at, size_t size)
{
    return size == 0 || (at[0] == 0 && memcmp(at, at + 1, size - 1) == 0);
}

/* A chunk that stands where none is expected, after bytes were lost or put in: only with a header
 * that its checksum proves. 0 when the block holds none. */
static size_t find_stray_chunk(const struct evtx *e)
{
    size_t last = e->have < BLOCK + AHEAD ? e->have : BLOCK + AHEAD - 1;
    for (size_t at = 1; at + EVTX_CHUNK_HEADER <= last; at++) {
        const unsigned char *next = memchr(e->window + at, 'E', last - EVTX_CHUNK_HEADER + 1 - at);
        if (!next)
            break;
        at = (size_t)(next - e->window);
        if (is_at(next, 8, "ElfChnk") && evtx_chunk_header_sound(next))
            return at;
    }
    return 0;
}

/* Looks at the next block. READING_RECORD here means: a chunk was begun. */
static enum reading next_block(struct evtx *e, struct fault *why)
{
    for (;;) {
        if (fill(e, why))
            return READING_FAILED;
        size_t size = e->have < BLOCK ? e->have : BLOCK;
        if (size && all_zero(e->window, size)) {
            consume(e, size);
            if (++e->blocks < LOST_BLOCKS || e->proven)
                continue;
            fault_set(why, FAULT_FORMAT, "nothing intact in its first 64 MiB");
            return READING_FAILED;
        }
        if (size == 0 && !e->proven) {
            fault_set(why, FAULT_FORMAT, "nothing intact in it: no chunk, and a wrong file header");
            return READING_FAILED;
        }
        if (size == 0) {
            if (e->promised <= e->blocks)
                return READING_END;
            *why = damage(e->offset, "");
            snprintf(why->text, sizeof why->text,
                     "the file ends after %u of the %u chunks that its header speaks of", e->blocks,
                     e->promised);
            e->promised = 0;
            return READING_BAD_RECORD;
        }
        bool signed_chunk = is_at(e->window, size, "ElfChnk");
        if (size < EVTX_CHUNK_HEADER) {
            *why = damage(e->offset, "the file ends inside a chunk header");
            consume(e, size);
            e->promised = 0;
            return READING_BAD_RECORD;
        }
        bool is_chunk = signed_chunk || evtx_record_at(e->window, size, EVTX_CHUNK_HEADER);
        size_t stray = is_chunk ? 0 : find_stray_chunk(e);
        if (stray) {
            *why = damage(e->offset, "bytes between the chunks belong to none");
            consume(e, stray);
            return READING_BAD_RECORD;
        }
        e->blocks++;
        if (!is_chunk) {
            *why = damage(e->offset, "a block of the file is no chunk");
            consume(e, size);
            return READING_BAD_RECORD;
        }
        evtx_chunk_start(&e->chunk, e->window, size, e->dirty);
        binxml_start_chunk(e->binxml, e->window, size);
        e->in_chunk = e->proven = true;
        if (signed_chunk)
            return READING_RECORD;
        *why = damage(e->offset, "a chunk has no signature; its records are read all the same");
        return READING_BAD_RECORD;
    }
}

/* One record of the chunk at hand, found by evtx_chunk_next(). */
static enum reading read_record(struct evtx *e, const struct evtx_place *place, struct record *out,
                                struct fault *why)
{
    struct fault inner;
    arena_reset(&e->arena);
    event_builder_start(&e->builder);
    *out = (struct record){.position = e->position, .offset = e->offset + place->at};
    enum fault_code code = binxml_read_event(e->binxml, place->at + EVTX_RECORD_HEADER, place->end,
                                             &e->builder, &inner);
    if (!code)
        code = event_builder_finish(&e->builder, out, &inner);
    if (code) {
        fault_set(why, code, "record %llu: %s", (unsigned long long)place->id, inner.text);
        why->offset = e->offset + place->at;
        return READING_BAD_RECORD;
    }
    /* Collected logs number anew: the id of the event itself counts, if it says one. */
    if (out->event.record_id < 0 && place->id <= INT64_MAX)
        out->event.record_id = (int64_t)place->id;
    if (slice_is_none(out->time_text)) {
        struct buf text;
        buf_init(&text, 64);
        evtx_filetime_add(&text, place->written);
        out->time_text = arena_copy(&e->arena, buf_slice(&text));
        out->time_us = evtx_filetime_us(place->written);
        buf_free(&text);
    }
    return READING_RECORD;
}

static enum reading next_place(struct evtx *e, struct record *out, struct fault *why)
{
    if (e->pending.code) {
        *why = e->pending;
        e->pending = (struct fault){0};
        return READING_BAD_RECORD;
    }
    for (;;) {
        if (!e->in_chunk) {
            enum reading found = next_block(e, why);
            if (found != READING_RECORD)
                return found;
        }
        struct evtx_place place;
        switch (evtx_chunk_next(&e->chunk, &place)) {
        case EVTX_PLACE_RECORD:
            return read_record(e, &place, out, why);
        case EVTX_PLACE_BAD:
            *why = damage(e->offset + place.at, place.why);
            return READING_BAD_RECORD;
        case EVTX_PLACE_END:
            e->in_chunk = false;
            if (e->chunk.size < BLOCK)
                e->promised = 0; /* the cut has been told */
            consume(e, e->chunk.size);
            break;
        }
    }
}

static enum reading evtx_next(void *self, struct record *out, struct fault *why)
{
    struct evtx *e = self;
    enum reading what = next_place(e, out, why);
    if (what == READING_RECORD || what == READING_BAD_RECORD)
        e->position++;
    return what;
}

const struct reader evtx_reader = {
    .info =
        {
            .name = "evtx",
            .title = "Windows event log (.evtx)",
            .suffixes = "evtx",
            .how = "Event Viewer: right-click the log (Applications and Services Logs, or Windows "
                   "Logs >\n"
                   "Application), Save All Events As, type \"Event Files (*.evtx)\".\n"
                   "Command line: wevtutil epl Application sync.evtx\n"
                   "A copy of C:\\Windows\\System32\\winevt\\Logs\\Application.evtx does as well.",
        },
    .sniff = evtx_sniff,
    .open = evtx_open,
    .next = evtx_next,
    .close = evtx_close,
};
