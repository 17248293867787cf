/* Knows how the class of a stored entry is derived from its record; see reclassify.h. */
#include "core/reclassify.h"

#include "core/base/alloc.h"
#include "core/explain/problem.h"
#include "core/explain/scim.h"
#include "core/normalise.h"

#include <stdlib.h>

enum fault_code reclassify_due(struct store *s, const struct rulebook *book, bool *due,
                               struct fault *why)
{
    bool empty = true;
    enum fault_code code = store_reclass_due(s, rulebook_hash(book), due, &empty, why);
    *due = *due && !empty;
    return code;
}

/* The bulk exchange that was read last: its failed operations follow each other, and all of them
 * have its record. */
struct exchange {
    struct arena arena;
    struct slice raw;
    struct record record;
};

static const struct record *read_exchange(struct exchange *held, struct slice raw)
{
    struct fault unread;
    if (held->raw.len && slice_equal(held->raw, raw))
        return &held->record;
    arena_reset(&held->arena);
    held->raw = arena_copy(&held->arena, raw);
    if (record_read(&held->record, held->raw, &held->arena, &unread)) {
        held->raw = SLICE_NONE;
        return NULL;
    }
    if (held->record.kind == KIND_HTTP)
        held->record.http.bulk = scim_bulk_read(&held->record.http, &held->arena);
    return &held->record;
}

/* An entry whose record was not kept keeps its class. */
static enum fault_code derive(struct store *s, const struct rulebook *book,
                              struct store_reclass *one, struct arena *arena, struct arena *texts,
                              struct exchange *held, struct fault *why)
{
    struct entry entry;
    struct slice raw = SLICE_NONE;
    struct record record;
    struct fault unread;
    arena_reset(arena);
    enum fault_code code = store_entry(s, one->id, arena, &entry, &raw, why);
    if (code || slice_is_none(raw))
        return code;
    const struct record *of = entry.bulk_operation                        ? read_exchange(held, raw)
                              : record_read(&record, raw, arena, &unread) ? NULL
                                                                          : &record;
    if (!of)
        return FAULT_NONE;
    struct entry derived;
    normalise_record(&derived, book, of, entry.bulk_operation, true, arena);
    one->derived = (struct entry){.class_id = arena_copy(texts, derived.class_id),
                                  .category = arena_copy(texts, derived.category),
                                  .vendor = arena_copy(texts, derived.vendor),
                                  .failure = derived.failure,
                                  .success = derived.success};
    return FAULT_NONE;
}

enum fault_code reclassify_run(struct store *s, const struct rulebook *book,
                               const _Atomic bool *stop, uint64_t *changed, struct fault *why)
{
    struct store_reclass *batch = xcalloc(RECLASS_BATCH, sizeof *batch);
    struct arena arena, texts;
    struct exchange held = {.raw = SLICE_NONE};
    bool due = false, empty, done = false;
    size_t count = 0;
    arena_init(&arena);
    arena_init(&texts);
    arena_init(&held.arena);
    *changed = 0;
    enum fault_code code = store_reclass_due(s, rulebook_hash(book), &due, &empty, why);
    while (!code && due && !done && !(stop && atomic_load(stop))) {
        arena_reset(&texts);
        code = store_reclass_next(s, rulebook_hash(book), batch, &count, why);
        for (size_t i = 0; !code && i < count; i++)
            code = derive(s, book, &batch[i], &arena, &texts, &held, why);
        if (!code && count)
            code = store_reclass_save(s, rulebook_hash(book), batch, count, changed, why);
        done = count == 0;
    }
    if (!code && due)
        code = problems_update(s, why);
    if (!code && done)
        code = store_reclass_end(s, rulebook_hash(book), why);
    arena_free(&arena);
    arena_free(&texts);
    arena_free(&held.arena);
    free(batch);
    return code;
}
