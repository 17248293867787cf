/* Knows what has to follow when entries were taken out: whose entry others are may have hung on
 * them. The names that remaining calls show are read again, as only the first call that showed a
 * name is kept for it. */
#include "core/forget.h"

#include "core/explain/link.h"
#include "core/explain/problem.h"

struct showing {
    struct store *writer;
    const struct rulebook *book;
    struct arena arena;
    enum fault_code code;
    struct fault *why;
};

static bool show_call(void *self, const struct entry *entry, struct slice raw)
{
    struct showing *show = self;
    struct record record;
    struct fault unread;
    struct link_facts link = {0};
    arena_reset(&show->arena);
    if (entry->kind != KIND_HTTP || entry->bulk_operation || !raw.len ||
        record_read(&record, raw, &show->arena, &unread))
        return true;
    link_facts_of(&link, show->book, &record, entry, 0, &show->arena);
    if (link.shown_count)
        show->code = store_link_show(show->writer, entry, link.shown, link.shown_count, show->why);
    return !show->code;
}

/* Reads through a connection of its own: the writer's has a transaction open. */
static enum fault_code show_again(struct store *s, const struct rulebook *book, struct fault *why)
{
    struct showing show = {.writer = s, .book = book, .why = why};
    struct store *reader = NULL;
    struct selection *all = NULL;
    enum fault_code code = store_open(&reader, store_path(s), STORE_READ, why);
    if (!code)
        code = selection_open(&all, reader, NULL, why);
    if (!code)
        code = store_link_begin(s, why);
    if (!code) {
        arena_init(&show.arena);
        code = selection_each(all, ORDER_OLDEST, true, show_call, &show, why);
        code = show.code ? show.code : code;
        if (!code)
            code = store_link_commit(s, 0, false, why);
        else
            store_link_cancel(s);
        arena_free(&show.arena);
    }
    selection_close(all);
    store_close(reader);
    return code;
}

enum fault_code forget_entries(struct store *s, const struct rulebook *book,
                               const struct store_forget *what, uint64_t *entries,
                               struct fault *why)
{
    enum fault_code code = store_forget(s, what, entries, why);
    if (!code && *entries)
        code = show_again(s, book, why);
    if (!code)
        code = link_users(s, why);
    return code ? code : problems_update(s, why);
}
