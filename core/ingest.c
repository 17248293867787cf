/* Knows the one way into the index: record -> redact -> fingerprint -> normalise -> batch -> store.
 * Knows no file format and no SQL. A batch lives in one arena; what one record needs on its way
 * lives in another that is emptied with every record, so memory depends on neither the file's size
 * nor the number of its records. All but the last step is done by the thread that reads; batches
 * are written by another (ingest_writer.h), which alone touches `store` and `source` while it
 * does. */
#include "core/ingest.h"

#include "core/base/alloc.h"
#include "core/explain/facts.h"
#include "core/explain/link.h"
#include "core/explain/problem.h"
#include "core/explain/scim.h"
#include "core/fingerprint.h"
#include "core/index/store.h"
#include "core/ingest_writer.h"
#include "core/normalise.h"
#include "core/redact/redact.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    BATCH_ENTRIES = 16 * 1024,
    BATCH_BYTES = 8 * 1024 * 1024,
    RAW_LIMIT = 2 * RECORD_SIZE_LIMIT /* bytes of a record's JSON; larger ones are not kept */
};

struct ingest {
    struct store *store;
    const struct rulebook *book;
    const struct import_options *options;
    struct import_progress *progress;
    struct hash_key *own_key; /* of a dry run */
    struct redactor *redactor;
    struct hash_print *print;

    bool begun;
    char *path, *format, *zone;
    uint64_t redacted_before;
    struct ingest_batch batch; /* being filled */
    struct arena scratch;      /* of the record at hand */
    struct buf raw;

    struct ingest_writer *writer;
    /* The writing thread's while it writes: */
    bool failed; /* the store refused a batch: what is here must not be written again */
    struct store_source source, committed; /* as of now; as of the last commit */
    char digest[HASH_HEX_SIZE], committed_digest[HASH_HEX_SIZE];
};

static enum fault_code write_batch(void *self, struct ingest_batch *batch, struct fault *why);

/* --- opening ---------------------------------------------------------------------------------- */

static enum fault_code describe_classes(struct ingest *g, struct fault *why)
{
    size_t count = rulebook_count(g->book);
    struct store_class *classes = xcalloc(count, sizeof *classes);
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = rulebook_at(g->book, i);
        classes[i] = (struct store_class){.id = rule->id,
                                          .category = rule->category,
                                          .vendor = rule->vendor,
                                          .failure = rule_is_failure(rule),
                                          .success = rule_is_success(rule),
                                          .remedy = rule->remedy.count > 0,
                                          .evidence = rule->evidence.count > 0};
    }
    enum fault_code code = store_set_classes(g->store, classes, count, rulebook_hash(g->book), why);
    free(classes);
    return code;
}

enum fault_code ingest_open(struct ingest **out, struct store *store, const struct rulebook *book,
                            const struct import_options *options, struct import_progress *progress,
                            struct fault *why)
{
    struct ingest *g = xcalloc(1, sizeof *g);
    g->store = store;
    g->book = book;
    g->options = options;
    g->progress = progress;
    g->writer = ingest_writer_new(write_batch, g);
    ingest_batch_init(&g->batch);
    arena_init(&g->scratch);
    buf_init(&g->raw, RAW_LIMIT);
    const struct hash_key *key = NULL;
    enum fault_code code = FAULT_NONE;
    if (options->dry_run) {
        unsigned char bytes[HASH_KEY_SIZE];
        hash_random(bytes, sizeof bytes);
        key = g->own_key = hash_key_new(bytes);
    } else {
        code = store_key(store, &key, why);
    }
    if (!code) {
        g->redactor = redactor_new(key);
        g->print = hash_print_new(key);
        code = options->dry_run ? FAULT_NONE : describe_classes(g, why);
    }
    if (code) {
        ingest_close(g);
        g = NULL;
    }
    *out = g;
    return code;
}

static void forget_source(struct ingest *g)
{
    free(g->path);
    free(g->format);
    free(g->zone);
    g->path = g->format = g->zone = NULL;
    g->begun = g->failed = false;
}

void ingest_close(struct ingest *g)
{
    if (!g)
        return;
    ingest_writer_free(g->writer);
    forget_source(g);
    if (g->redactor)
        redactor_free(g->redactor);
    if (g->print)
        hash_print_free(g->print);
    hash_key_free(g->own_key);
    ingest_batch_free(&g->batch);
    arena_free(&g->scratch);
    buf_free(&g->raw);
    free(g);
}

static uint64_t redacted_now(const struct ingest *g)
{
    const uint64_t *counts = redact_counts(g->redactor);
    uint64_t sum = 0;
    for (size_t i = 0; i < REDACT_CLASSES; i++)
        sum += counts[i];
    return sum;
}

enum fault_code ingest_begin(struct ingest *g, struct ingest_source *source, struct fault *why)
{
    ingest_writer_settle(g->writer, NULL);
    ingest_writer_reset(g->writer);
    forget_source(g);
    ingest_batch_reset(&g->batch);
    g->path = xstrdup(source->path);
    g->format = xstrdup(source->format);
    g->source = (struct store_source){.path = slice_of(g->path),
                                      .format = slice_of(g->format),
                                      .label = slice_of(g->options->label),
                                      .size = source->size,
                                      .mtime_us = source->mtime_us};
    source->skip = source->skip_offset = 0;
    source->skip_sha256[0] = '\0';
    if (g->options->dry_run)
        store_source_restart(&g->source);
    enum fault_code code =
        g->options->dry_run ? FAULT_NONE : store_source_begin(g->store, &g->source, why);
    if (code)
        return code;
    g->begun = true;
    if (g->source.records_done && g->source.sha256.len < sizeof source->skip_sha256) {
        source->skip = g->source.records_done;
        source->skip_offset = g->source.offset;
        memcpy(source->skip_sha256, g->source.sha256.at, g->source.sha256.len);
        source->skip_sha256[g->source.sha256.len] = '\0';
    }
    g->redacted_before = redacted_now(g) - g->source.redacted;
    g->committed = g->source;
    return FAULT_NONE;
}

void ingest_restart(struct ingest *g)
{
    store_source_restart(&g->source);
    g->redacted_before = redacted_now(g);
    g->committed = g->source;
}

/* --- one record ------------------------------------------------------------------------------- */

static void keep(struct arena *arena, struct slice *text)
{
    *text = arena_copy(arena, *text);
}

/* Copies what an entry borrows from the record and the scratch arena; what it says of its class is
 * the rulebook's, which outlives every batch. */
static void keep_entry(struct arena *arena, struct entry *e)
{
    struct slice *const texts[] = {&e->provider, &e->computer,  &e->channel,   &e->method,
                                   &e->url,      &e->host,      &e->path,      &e->query,
                                   &e->code,     &e->detail,    &e->scim_type, &e->user,
                                   &e->state,    &e->request_id};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        keep(arena, texts[i]);
    e->source = e->label = SLICE_NONE; /* the store knows its source */
}

static void keep_link(struct arena *arena, struct link_facts *link)
{
    keep(arena, &link->key);
    struct identity *shown = arena_zalloc(arena, link->shown_count, sizeof *shown);
    for (size_t i = 0; i < link->shown_count; i++) {
        shown[i].id = arena_copy(arena, link->shown[i].id);
        shown[i].name = arena_copy(arena, link->shown[i].name);
    }
    link->shown = shown;
}

static struct stored *next_stored(struct ingest *g)
{
    struct ingest_batch *batch = &g->batch;
    if (batch->count == batch->room) {
        batch->room = batch->room ? batch->room * 2 : 1024;
        batch->items = xrealloc(batch->items, batch->room, sizeof *batch->items);
    }
    struct stored *one = &batch->items[batch->count++];
    *one = (struct stored){.raw = SLICE_NONE};
    return one;
}

/* The record's own entry (`bulk` 0) or that of a failed bulk operation. */
static struct stored *add_entry(struct ingest *g, const struct record *redacted, int bulk,
                                bool with_class)
{
    struct stored *one = next_stored(g);
    normalise_record(&one->entry, g->book, redacted, bulk, with_class, &g->scratch);
    link_facts_of(&one->link, g->book, redacted, &one->entry, bulk, &g->scratch);
    keep_entry(&g->batch.held, &one->entry);
    keep_link(&g->batch.held, &one->link);
    return one;
}

static void add_record(struct ingest *g, const struct record *record, bool scim)
{
    struct record redacted;
    redact_record(g->redactor, record, &g->scratch, &redacted);
    /* Of what the index keeps, so that an export imported again meets its entries. */
    uint64_t print = fingerprint_of(g->print, &redacted);
    int64_t second = fingerprint_second(&redacted);
    redacted.http.bulk = NULL;
    redacted.http.told = NULL;
    if (scim)
        redacted.http.told = scim_told_of(&redacted.http, &g->scratch);
    bool with_class = record->kind != KIND_HTTP || scim;

    struct stored *one = add_entry(g, &redacted, 0, with_class);
    one->print = print;
    one->print_time = second;
    buf_reset(&g->raw);
    one->raw = record_write(&g->raw, &redacted) ? arena_copy(&g->batch.held, buf_slice(&g->raw))
                                                : SLICE(""); /* too large to be kept */
    int failures =
        record->kind == KIND_HTTP && scim ? facts_bulk_failures(&redacted, &g->scratch) : 0;
    redacted.http.bulk = failures ? scim_bulk_read(&redacted.http, &g->scratch) : NULL;
    for (int bulk = 1; bulk <= failures; bulk++) {
        struct stored *part = add_entry(g, &redacted, bulk, true);
        part->print = fingerprint_of_bulk(g->print, print, bulk);
        part->print_time = second;
    }
}

/* Called for what was read last. */
static void note_zone(struct ingest *g, const struct record *record)
{
    if (!record->zone_assumed)
        return;
    if (!g->zone)
        g->zone = xstrdup(time_zone_name());
    g->batch.zone_twice += time_last_fit() == TIME_FIT_TWICE;
    g->batch.zone_never += time_last_fit() == TIME_FIT_NEVER;
}

enum fault_code ingest_add(struct ingest *g, const struct record *record, bool *full,
                           struct fault *why)
{
    if (!g->begun)
        return fault_set(why, FAULT_INTERNAL, "a record came before its source");
    bool scim = record->kind == KIND_HTTP && normalise_is_scim(record);
    if (record->kind == KIND_HTTP && !scim)
        g->batch.other++;
    if (record->kind != KIND_HTTP || scim || g->options->all_traffic) {
        size_t before = g->batch.count;
        note_zone(g, record);
        add_record(g, record, scim);
        arena_reset(&g->scratch);
        if (g->progress)
            atomic_fetch_add(&g->progress->entries, g->batch.count - before);
    }
    if (full)
        *full = g->batch.count >= BATCH_ENTRIES || g->batch.held.held >= BATCH_BYTES;
    return FAULT_NONE;
}

/* --- committing ------------------------------------------------------------------------------- */

static void set_digest(struct ingest *g, const char *sha256)
{
    snprintf(g->digest, sizeof g->digest, "%s", sha256);
    g->source.sha256 = slice_of(g->digest);
}

/* What the batch adds to what is known of its source. */
static void count_batch(struct ingest *g, const struct ingest_batch *batch)
{
    struct store_source *source = &g->source;
    uint64_t listed = 0;
    source->other += batch->other;
    source->zone_twice += batch->zone_twice;
    source->zone_never += batch->zone_never;
    for (const struct ingest_place *p = batch->places; p && !g->options->dry_run; p = p->next) {
        store_damaged(g->store, source, p->offset, p->position, p->text.at);
        listed++;
    }
    source->damaged += batch->damaged - listed;
    source->redacted = batch->redacted;
    if (!slice_is_none(batch->zone))
        source->zone = batch->zone;
    if (batch->resumable) {
        source->records_done = batch->records;
        source->offset = batch->offset;
        set_digest(g, batch->sha256);
    }
}

/* In the writing thread, or in the other one while that is idle. */
static enum fault_code write_batch(void *self, struct ingest_batch *batch, struct fault *why)
{
    struct ingest *g = self;
    enum fault_code code = FAULT_NONE;
    count_batch(g, batch);
    if (g->options->dry_run)
        g->source.entries += batch->count;
    else
        code = store_write(g->store, &g->source, batch->items, batch->count, why);
    g->failed = code != FAULT_NONE;
    if (!code) {
        g->committed = g->source;
        memcpy(g->committed_digest, g->digest, sizeof g->digest);
        if (!slice_is_none(g->source.sha256))
            g->committed.sha256 = slice_of(g->committed_digest);
    }
    return code;
}

/* Says in the batch what holds behind its last entry. */
static void seal_batch(struct ingest *g)
{
    g->batch.redacted = redacted_now(g) - g->redacted_before;
    g->batch.zone = slice_of(g->zone);
}

enum fault_code ingest_commit(struct ingest *g, uint64_t records, uint64_t offset,
                              const char *sha256, struct fault *why)
{
    g->batch.resumable = true;
    g->batch.records = records;
    g->batch.offset = offset;
    snprintf(g->batch.sha256, sizeof g->batch.sha256, "%s", sha256);
    seal_batch(g);
    return ingest_writer_hand(g->writer, &g->batch, why);
}

enum fault_code ingest_damaged(struct ingest *g, uint64_t position, const struct fault *place,
                               struct fault *why)
{
    (void)why;
    struct ingest_batch *batch = &g->batch;
    if (batch->damaged++ >= DAMAGED_KEPT)
        return FAULT_NONE;
    struct ingest_place *kept = arena_zalloc(&batch->held, 1, sizeof *kept);
    kept->offset = place->offset;
    kept->position = position;
    kept->text = arena_copy(&batch->held, slice_of(place->text));
    if (batch->last_place)
        batch->last_place->next = kept;
    else
        batch->places = kept;
    batch->last_place = kept;
    return FAULT_NONE;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void fill_result(const struct ingest *g, struct import_result *result)
{
    const struct store_source *s = &g->source;
    result->entries = s->entries;
    result->added = s->added;
    result->duplicates = s->duplicates;
    result->damaged = s->damaged;
    result->other = s->other;
    result->stored = !g->options->dry_run && s->added + s->duplicates > 0;
}

static enum fault_code end_source(struct ingest *g, const char *sha256, bool complete, bool refused,
                                  struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    seal_batch(g);
    if (g->batch.count) {
        if (!complete)
            g->source.sha256 = SLICE_NONE; /* behind the resume point: it holds no longer */
        code = write_batch(g, &g->batch, why);
    } else {
        count_batch(g, &g->batch);
    }
    ingest_batch_reset(&g->batch);
    if (code || g->options->dry_run)
        return code;
    if (refused && g->source.entries == 0)
        return store_source_drop(g->store, g->source.id, why);
    if (complete)
        set_digest(g, sha256);
    g->source.complete = complete;
    code = store_source_end(g->store, &g->source, why);
    if (!code)
        code = link_users(g->store, why);
    return code ? code : problems_update(g->store, why);
}

enum fault_code ingest_end(struct ingest *g, const char *sha256, bool complete,
                           struct import_result *result, struct fault *why)
{
    if (!g->begun)
        return fault_set(why, FAULT_INTERNAL, "a source ended that never began");
    enum fault_code failed = ingest_writer_settle(g->writer, why);
    if (g->failed) {
        /* The counts go back to what was committed, so that the row agrees with its entries. */
        g->source = g->committed;
        ingest_batch_reset(&g->batch);
        complete = false;
    }
    struct fault ignored;
    enum fault_code code =
        end_source(g, sha256, complete, result->code != FAULT_NONE, failed ? &ignored : why);
    fill_result(g, result);
    forget_source(g);
    return failed ? failed : code;
}
