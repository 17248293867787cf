/* Knows what was looked at before and gave nothing: texts in which nothing was redacted, and what
 * names mean. Headers, paths and error bodies repeat from call to call, and reading them again
 * costs more than comparing them. What a scanner finds depends on the kind of the text, its name
 * and its bytes alone, so that the outcome is the same. Bounded; a newer text replaces an older. */
#include "core/redact/parts.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { TEXT_SLOTS = 256, TEXT_ROOM = 480, TEXT_EDGE = 24, NAME_SLOTS = 512, NAME_ROOM = 32 };

struct harmless {
    struct text_slot {
        uint64_t hash; /* 0 = free */
        unsigned kind;
        uint16_t name_len, text_len;
        char bytes[TEXT_ROOM]; /* the name, then the text */
    } texts[TEXT_SLOTS];
    struct name_slot {
        uint64_t hash;
        struct name name;
        unsigned len;
        char bytes[NAME_ROOM];
    } names[NAME_SLOTS];
};

void harmless_forget(struct redactor *r)
{
    free(r->harmless);
    r->harmless = NULL;
}

static struct text_slot *text_slot(struct redactor *r, unsigned kind, struct slice name,
                                   struct slice text, uint64_t *hash)
{
    if (name.len + text.len > TEXT_ROOM)
        return NULL;
    if (!r->harmless)
        r->harmless = xcalloc(1, sizeof *r->harmless);
    /* Its edges tell most texts apart; all of it is compared. */
    uint64_t seed = slice_hash(slice_first(text, TEXT_EDGE), slice_hash(name, kind + text.len));
    *hash = slice_hash(slice_from(text, text.len < TEXT_EDGE ? 0 : text.len - TEXT_EDGE), seed) | 1;
    return &r->harmless->texts[(*hash >> 1) % TEXT_SLOTS];
}

bool harmless_text(struct redactor *r, unsigned kind, struct slice name, struct slice text)
{
    uint64_t hash;
    const struct text_slot *slot = text_slot(r, kind, name, text, &hash);
    return slot && slot->hash == hash && slot->kind == kind &&
           slice_equal(slice_make(slot->bytes, slot->name_len), name) &&
           slice_equal(slice_make(slot->bytes + slot->name_len, slot->text_len), text);
}

void harmless_text_add(struct redactor *r, unsigned kind, struct slice name, struct slice text)
{
    uint64_t hash;
    struct text_slot *slot = text_slot(r, kind, name, text, &hash);
    if (!slot)
        return;
    slot->hash = hash;
    slot->kind = kind;
    slot->name_len = (uint16_t)name.len;
    slot->text_len = (uint16_t)text.len;
    if (name.len)
        memcpy(slot->bytes, name.at, name.len);
    if (text.len)
        memcpy(slot->bytes + name.len, text.at, text.len);
}

struct name name_met(struct redactor *r, struct slice name, bool header)
{
    if (name.len > NAME_ROOM)
        return header ? name_of_header(name) : name_look_up(name);
    if (!r->harmless)
        r->harmless = xcalloc(1, sizeof *r->harmless);
    uint64_t hash = slice_hash(name, header) | 1;
    struct name_slot *slot = &r->harmless->names[(hash >> 1) % NAME_SLOTS];
    if (slot->hash == hash && slice_equal(slice_make(slot->bytes, slot->len), name))
        return slot->name;
    *slot = (struct name_slot){.hash = hash,
                               .name = header ? name_of_header(name) : name_look_up(name),
                               .len = (unsigned)name.len};
    if (name.len)
        memcpy(slot->bytes, name.at, name.len);
    return slot->name;
}
