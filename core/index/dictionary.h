/* The dictionary of repeated strings, behind bounded caches. Private to core/index. */
#ifndef CORE_INDEX_DICTIONARY_H
#define CORE_INDEX_DICTIONARY_H

#include "core/base/arena.h"
#include "core/base/fault.h"
#include "core/index/lexicon.h"

struct store;

enum {
    DICTIONARY_SLOTS = 32 * 1024, /* texts a writer remembers once there is the index */
    DICTIONARY_TEXT = 256,        /* longer ones are looked up every time */
    TEXTS_AHEAD = 256             /* texts read at once when they are asked for in order */
};

/* text -> id. All texts are kept in memory as long as they fit; then the file gets an index of its
 * texts (`string_text`), which is asked from there on, behind a bounded cache: a slot's newer text
 * replaces the older one. */
struct dictionary_slot {
    int64_t id; /* 0 = empty */
    size_t len;
    char *text;
};
struct dictionary {
    enum { DICTIONARY_UNREAD, DICTIONARY_KNOWN, DICTIONARY_INDEXED } state;
    struct lexicon lexicon;
    struct dictionary_slot *slots; /* NULL until first used */
    bool added;                    /* the text not remembered last was a new one */
};

/* The id of a text, which is added when new (inside a write transaction). SLICE_NONE has id 0. */
enum fault_code dictionary_id(struct store *s, struct slice text, int64_t *out, struct fault *why);
/* After a rollback: ids given inside it are not there any more. */
void dictionary_forget(struct store *s);

/* id -> text, for reading. */
struct text_slot {
    int64_t id;
    char *text;
    uint32_t len, room;
};
struct texts {
    struct text_slot *slots;
    int64_t behind; /* one behind the numbers read last */
    int64_t ahead;  /* how many these were */
};

/* A copy of the text in `arena`; id 0 gives SLICE_NONE. */
enum fault_code dictionary_text(struct store *s, int64_t id, struct arena *arena, struct slice *out,
                                struct fault *why);
void dictionary_close(struct store *s);

#endif
