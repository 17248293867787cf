/* Knows in which order entries of one time are streamed to who must not depend on the order of
 * import: those of one source stay as they stand there, sources follow by what their first entry of
 * that time says. */
#include "core/index/select.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    TIES = 64,                  /* entries of one time that are held; more keep the stored order */
    TIE_BYTES = 4 * 1024 * 1024 /* of their records */
};

struct tie_row {
    struct entry entry;
    struct slice raw;
    uint64_t key; /* of the first entry of its source */
    size_t place;
};

struct ties {
    bool (*row)(void *self, const struct entry *entry, struct slice raw);
    void *self;
    struct arena arenas[TIES + 1], *held[TIES + 1]; /* one for each row and the next */
    struct tie_row rows[TIES];
    size_t count, bytes;
};

/* Not of the record nor of the query: tags of what was redacted there differ from index to index.
 */
static uint64_t key_of(const struct entry *e)
{
    const int64_t numbers[] = {(int64_t)e->kind, e->status,         e->event_id,
                               e->record_id,     e->bulk_operation, e->duration_us};
    const struct slice texts[] = {e->computer, e->channel, e->provider, e->method,    e->host,
                                  e->path,     e->code,    e->detail,   e->scim_type, e->user};
    uint64_t key = slice_hash((struct slice){(const char *)numbers, sizeof numbers}, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        key = slice_hash(texts[i], key);
    return key;
}

static int compare_ties(const void *left, const void *right)
{
    const struct tie_row *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static bool give(struct ties *t)
{
    bool more = true;
    if (t->count > 1 && t->rows[0].entry.source_id != t->rows[t->count - 1].entry.source_id) {
        for (size_t i = 0; i < t->count; i++) {
            bool same = i && t->rows[i].entry.source_id == t->rows[i - 1].entry.source_id;
            t->rows[i].key = same ? t->rows[i - 1].key : key_of(&t->rows[i].entry);
            t->rows[i].place = i;
        }
        qsort(t->rows, t->count, sizeof *t->rows, compare_ties);
    }
    for (size_t i = 0; more && i < t->count; i++)
        more = t->row(t->self, &t->rows[i].entry, t->rows[i].raw);
    t->count = t->bytes = 0;
    return more;
}

static struct arena *tie_room(void *self)
{
    struct ties *t = self;
    arena_reset(t->held[t->count]);
    return t->held[t->count];
}

static bool tie_row(void *self, const struct entry *entry, struct slice raw)
{
    struct ties *t = self;
    struct arena *mine = t->held[t->count];
    if (t->count && (entry->time_us == TIME_NONE || t->count == TIES || t->bytes > TIE_BYTES ||
                     entry->time_us != t->rows[0].entry.time_us)) {
        t->held[t->count] = t->held[0];
        t->held[0] = mine;
        /* what is given stands in the other arenas */
        if (!give(t))
            return false;
    }
    t->bytes += raw.len;
    t->rows[t->count++] = (struct tie_row){.entry = *entry, .raw = arena_copy(mine, raw)};
    return true;
}

enum fault_code selection_each_settled(struct selection *sel, bool want_raw,
                                       bool (*row)(void *self, const struct entry *entry,
                                                   struct slice raw),
                                       void *self, struct fault *why)
{
    struct ties *t = xcalloc(1, sizeof *t);
    const struct select_sink sink = {tie_room, tie_row, t};
    t->row = row;
    t->self = self;
    for (size_t i = 0; i <= TIES; i++) {
        arena_init(&t->arenas[i]);
        t->held[i] = &t->arenas[i];
    }
    enum fault_code code = select_walk(sel, ORDER_OLDEST, want_raw, &sink, why);
    if (!code)
        give(t);
    for (size_t i = 0; i <= TIES; i++)
        arena_free(&t->arenas[i]);
    free(t);
    return code;
}
