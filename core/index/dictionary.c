/* Knows how a repeated string becomes a number and back, and how to remember a bounded many. */
#include "core/index/dictionary.h"

#include "core/base/alloc.h"
#include "core/index/private.h"

#include <stdlib.h>

static enum fault_code find(struct store *s, struct slice text, int64_t *out, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "SELECT id FROM string WHERE text = ?1", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, text);
    int rc = sqlite3_step(st);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* `*out` stays 0 when the text is there already. */
static enum fault_code add(struct store *s, struct slice text, int64_t *out, struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s, "INSERT INTO string(text) VALUES(?1) ON CONFLICT DO NOTHING", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, text);
    enum fault_code code = store_run(s, st, why);
    *out = !code && sqlite3_changes(s->db) > 0 ? sqlite3_last_insert_rowid(s->db) : 0;
    return code;
}

/* Texts that were met and texts that were not come in runs: what the last one was is tried first,
 * which mostly saves the other half. */
static enum fault_code find_or_add(struct store *s, struct slice text, int64_t *out,
                                   struct fault *why)
{
    bool added = s->dictionary.added;
    enum fault_code code = added ? add(s, text, out, why) : find(s, text, out, why);
    if (!code && !*out) {
        s->dictionary.added = !added;
        code = added ? find(s, text, out, why) : add(s, text, out, why);
    }
    return code;
}

static enum fault_code ask_index(struct store *s, struct slice text, int64_t *out,
                                 struct fault *why)
{
    if (text.len > DICTIONARY_TEXT)
        return find_or_add(s, text, out, why);
    if (!s->dictionary.slots)
        s->dictionary.slots = xcalloc(DICTIONARY_SLOTS, sizeof *s->dictionary.slots);
    struct dictionary_slot *slot = &s->dictionary.slots[slice_hash(text, 0) % DICTIONARY_SLOTS];
    if (slot->id && slot->len == text.len && memcmp(slot->text, text.at, text.len) == 0) {
        *out = slot->id;
        return FAULT_NONE;
    }
    enum fault_code code = find_or_add(s, text, out, why);
    if (code)
        return code;
    slot->text = xrealloc(slot->text, text.len + 1, 1);
    if (text.len)
        memcpy(slot->text, text.at, text.len);
    slot->len = text.len;
    slot->id = *out;
    return FAULT_NONE;
}

/* From here on SQLite is asked. */
static enum fault_code index_texts(struct store *s, struct fault *why)
{
    lexicon_free(&s->dictionary.lexicon);
    s->dictionary.state = DICTIONARY_INDEXED;
    return store_exec(s, "CREATE UNIQUE INDEX IF NOT EXISTS string_text ON string(text)", why);
}

/* All texts that the file has, unless these are too many. */
static enum fault_code read_texts(struct store *s, struct fault *why)
{
    int64_t indexed = 0;
    enum fault_code code =
        store_ask(s, "SELECT 1 FROM sqlite_schema WHERE name = 'string_text'", 0, &indexed, why);
    if (code)
        return code;
    if (indexed)
        return index_texts(s, why);
    sqlite3_stmt *st = store_statement(s, "SELECT id, text FROM string", why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    bool fits = true;
    while (fits && (rc = sqlite3_step(st)) == SQLITE_ROW)
        fits =
            lexicon_add(&s->dictionary.lexicon, store_column(st, 1), sqlite3_column_int64(st, 0));
    sqlite3_reset(st);
    if (!fits)
        return index_texts(s, why);
    s->dictionary.state = DICTIONARY_KNOWN;
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* A text as the file would have it that is not in memory: then it is not in the file. */
static enum fault_code add_known(struct store *s, struct slice text, int64_t *out,
                                 struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "INSERT INTO string(text) VALUES(?1)", why);
    if (!st)
        return store_statement_fault(why);
    store_bind(st, 1, text);
    enum fault_code code = store_run(s, st, why);
    *out = code ? 0 : sqlite3_last_insert_rowid(s->db);
    if (!code && !lexicon_add(&s->dictionary.lexicon, text, *out))
        code = index_texts(s, why);
    return code;
}

enum fault_code dictionary_id(struct store *s, struct slice text, int64_t *out, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    *out = 0;
    if (slice_is_none(text))
        return FAULT_NONE;
    if (s->dictionary.state == DICTIONARY_UNREAD)
        code = read_texts(s, why);
    if (code || s->dictionary.state == DICTIONARY_INDEXED)
        return code ? code : ask_index(s, text, out, why);
    *out = lexicon_find(&s->dictionary.lexicon, text);
    if (*out)
        return FAULT_NONE;
    struct buf clean;
    buf_init(&clean, INDEX_VALUE_LIMIT);
    struct slice kept = store_clean(&clean, text);
    if (kept.at != text.at)
        *out = lexicon_find(&s->dictionary.lexicon, kept);
    if (!*out)
        code = add_known(s, kept, out, why);
    buf_free(&clean);
    return code;
}

void dictionary_forget(struct store *s)
{
    for (size_t i = 0; s->dictionary.slots && i < DICTIONARY_SLOTS; i++)
        s->dictionary.slots[i].id = 0;
    for (size_t i = 0; s->texts.slots && i < TEXTS_CACHED; i++)
        s->texts.slots[i].id = 0;
    lexicon_free(&s->dictionary.lexicon);
    s->dictionary.state = DICTIONARY_UNREAD;
}

static void keep_text(struct store *s, int64_t id, struct slice text)
{
    struct text_slot *slot = &s->texts.slots[(uint64_t)id % TEXTS_CACHED];
    if (slice_is_none(text) || text.len > DICTIONARY_TEXT)
        return;
    if (text.len >= slot->room) {
        slot->room = (uint32_t)(text.len | 31) + 1;
        slot->text = xrealloc(slot->text, slot->room, 1);
    }
    memcpy(slot->text, text.at, text.len);
    slot->len = (uint32_t)text.len;
    slot->id = id;
}

/* Reads the text, and some that follow: entries in their order mostly ask for new texts in the
 * order of their numbers. */
static enum fault_code read_text(struct store *s, int64_t id, struct arena *arena,
                                 struct slice *out, struct fault *why)
{
    struct texts *texts = &s->texts;
    sqlite3_stmt *find = store_statement(
        s, "SELECT id, text FROM string WHERE id >= ?1 AND id < ?2 ORDER BY id", why);
    if (!find)
        return store_statement_fault(why);
    bool follows = id >= texts->behind && id - texts->behind < TEXTS_AHEAD;
    texts->ahead = follows && texts->ahead ? 2 * texts->ahead : 1;
    if (texts->ahead > TEXTS_AHEAD)
        texts->ahead = TEXTS_AHEAD;
    texts->behind = id <= INT64_MAX - texts->ahead ? id + texts->ahead : INT64_MAX;
    store_bind_int(find, 1, id);
    store_bind_int(find, 2, texts->behind);
    int rc;
    while ((rc = sqlite3_step(find)) == SQLITE_ROW) {
        int64_t met = sqlite3_column_int64(find, 0);
        struct slice text = store_column(find, 1);
        if (met == id)
            *out = arena_copy(arena, text);
        keep_text(s, met, text);
    }
    sqlite3_reset(find);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

enum fault_code dictionary_text(struct store *s, int64_t id, struct arena *arena, struct slice *out,
                                struct fault *why)
{
    *out = SLICE_NONE;
    if (id <= 0)
        return FAULT_NONE;
    if (!s->texts.slots)
        s->texts.slots = xcalloc(TEXTS_CACHED, sizeof *s->texts.slots);
    struct text_slot *slot = &s->texts.slots[(uint64_t)id % TEXTS_CACHED];
    if (slot->id != id)
        return read_text(s, id, arena, out, why);
    *out = arena_copy(arena, slice_make(slot->text, slot->len));
    return FAULT_NONE;
}

void dictionary_close(struct store *s)
{
    for (size_t i = 0; s->dictionary.slots && i < DICTIONARY_SLOTS; i++)
        free(s->dictionary.slots[i].text);
    free(s->dictionary.slots);
    for (size_t i = 0; s->texts.slots && i < TEXTS_CACHED; i++)
        free(s->texts.slots[i].text);
    free(s->texts.slots);
    s->dictionary.slots = NULL;
    s->texts.slots = NULL;
    lexicon_free(&s->dictionary.lexicon);
}
