/* Knows how to find a text's number in memory: an open table of hashes, each text looked at in a
 * bounded number of slots. Knows nothing of SQLite. */
#include "core/index/lexicon.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { ROOM_FIRST = 4 * 1024 };

struct lexicon_text {
    int64_t id;
    size_t len;
    char at[];
};

struct lexicon_slot {
    uint64_t hash;
    const struct lexicon_text *text; /* NULL = free */
};

/* The slot of a text, or the free one that it would get; NULL after LEXICON_STEPS others. */
static struct lexicon_slot *slot_of(struct lexicon_slot *slots, size_t room, uint64_t hash,
                                    struct slice text)
{
    for (size_t i = 0; i < LEXICON_STEPS; i++) {
        struct lexicon_slot *slot = &slots[(hash + i) & (room - 1)];
        if (!slot->text || (slot->hash == hash && slot->text->len == text.len &&
                            memcmp(slot->text->at, text.at, text.len) == 0))
            return slot;
    }
    return NULL;
}

int64_t lexicon_find(const struct lexicon *l, struct slice text)
{
    if (!l->room)
        return 0;
    const struct lexicon_slot *slot = slot_of(l->slots, l->room, slice_hash(text, 0), text);
    return slot && slot->text ? slot->text->id : 0;
}

/* Twice the room. False when a text finds no slot there: nothing changed then. */
static bool grow(struct lexicon *l)
{
    size_t room = l->room ? 2 * l->room : ROOM_FIRST;
    struct lexicon_slot *slots = xcalloc(room, sizeof *slots);
    for (size_t i = 0; i < l->room; i++) {
        const struct lexicon_text *text = l->slots[i].text;
        if (!text)
            continue;
        struct lexicon_slot *slot =
            slot_of(slots, room, l->slots[i].hash, slice_make(text->at, text->len));
        if (!slot) {
            free(slots);
            return false;
        }
        *slot = l->slots[i];
    }
    free(l->slots);
    l->slots = slots;
    l->room = room;
    return true;
}

bool lexicon_add(struct lexicon *l, struct slice text, int64_t id)
{
    size_t slots = l->room * sizeof *l->slots;
    bool grows = 2 * l->count >= l->room;
    if (l->texts.held + text.len + (grows ? 2 * slots : slots) > LEXICON_BYTES ||
        (grows && !grow(l)))
        return false;
    uint64_t hash = slice_hash(text, 0);
    struct lexicon_slot *slot = slot_of(l->slots, l->room, hash, text);
    if (!slot)
        return false;
    struct lexicon_text *kept = arena_alloc(&l->texts, sizeof *kept + text.len);
    kept->id = id;
    kept->len = text.len;
    if (text.len)
        memcpy(kept->at, text.at, text.len);
    *slot = (struct lexicon_slot){hash, kept};
    l->count++;
    return true;
}

void lexicon_free(struct lexicon *l)
{
    free(l->slots);
    arena_free(&l->texts);
    *l = (struct lexicon){0};
}
