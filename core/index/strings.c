/* Knows which texts of the dictionary meet a word: keeps them case-folded, one behind the other,
 * and reads what was added since. Numbers whose text is gone keep their place; no entry has them.
 */
#include "core/index/choose.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { STRINGS_BYTES = 128 * 1024 * 1024, STRINGS_MAX = 16 * 1024 * 1024 };

struct strings {
    struct buf folded;
    uint32_t *ends; /* of text number n (from 1) at n; ends[0] = 0 */
    size_t count, room;
    bool full; /* too many to keep: looked up in the table then */
    uint64_t version;
};

void strings_close(struct store *s)
{
    if (!s->strings)
        return;
    buf_free(&s->strings->folded);
    free(s->strings->ends);
    free(s->strings);
    s->strings = NULL;
}

static void end_number(struct strings *all, size_t number)
{
    if (number >= all->room) {
        all->room = all->room ? all->room * 2 : 4096;
        all->room = all->room > number ? all->room : number + 1;
        all->ends = xrealloc(all->ends, all->room, sizeof *all->ends);
    }
    all->ends[0] = 0;
    while (all->count < number) /* numbers without a text, too */
        all->ends[++all->count] = (uint32_t)all->folded.len;
}

static enum fault_code read_new(struct store *s, struct strings *all, struct fault *why)
{
    sqlite3_stmt *st =
        store_statement(s, "SELECT id, text FROM string WHERE id > ?1 ORDER BY id", why);
    if (!st)
        return store_statement_fault(why);
    store_bind_int(st, 1, (int64_t)all->count);
    int rc = SQLITE_DONE;
    while (!all->full && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(st, 0);
        if (id >= STRINGS_MAX) {
            all->full = true;
            break;
        }
        end_number(all, (size_t)id - 1);
        all->full =
            !match_fold(&all->folded, store_column(st, 1)) || !buf_add_byte(&all->folded, TEXT_END);
        end_number(all, (size_t)id);
    }
    sqlite3_reset(st);
    return all->full || rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* The texts one by one, when they are too many to keep. */
static enum fault_code ask_table(struct store *s, struct matchers *all, size_t matcher,
                                 struct number_set *out, struct fault *why)
{
    sqlite3_stmt *st = store_statement(s, "SELECT id, text FROM string", why);
    if (!st)
        return store_statement_fault(why);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        if (match_text(all, &all->items[matcher], store_column(st, 1)))
            number_add(out, sqlite3_column_int64(st, 0));
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? FAULT_NONE : store_sql_fault(s, rc, why);
}

/* One pass with the needle over all texts at once. */
static void find_plain(const struct strings *all, struct slice needle, struct number_set *out)
{
    size_t at = 0, end = all->folded.len;
    while (at < end) {
        const char *hit = memmem(all->folded.at + at, end - at, needle.at, needle.len);
        if (!hit)
            return;
        size_t place = (size_t)(hit - all->folded.at), low = 1, high = all->count;
        while (low < high) { /* the first number that ends behind the hit */
            size_t middle = low + (high - low) / 2;
            if (all->ends[middle] > place)
                high = middle;
            else
                low = middle + 1;
        }
        number_add(out, (int64_t)low);
        at = all->ends[low];
    }
}

enum fault_code strings_meeting(struct store *s, struct matchers *all, size_t matcher,
                                struct number_set *out, struct fault *why)
{
    struct matcher *m = &all->items[matcher];
    if (!s->strings) {
        s->strings = xcalloc(1, sizeof *s->strings);
        buf_init(&s->strings->folded, STRINGS_BYTES);
    }
    struct strings *kept = s->strings;
    uint64_t version = store_version(s);
    if (kept->version != version && !kept->full) {
        enum fault_code code = read_new(s, kept, why);
        if (code) {
            strings_close(s);
            return code;
        }
        kept->version = version;
    }
    if (kept->full)
        return ask_table(s, all, matcher, out, why);
    bool plain = m->how == MATCH_INSIDE;
    for (size_t i = 0; i < m->count; i++)
        plain = plain && !m->words[i].wild && m->words[i].folded.len;
    for (size_t i = 0; plain && i < m->count; i++)
        find_plain(kept, m->words[i].folded, out);
    for (size_t n = 1; !plain && n <= kept->count; n++) {
        size_t from = kept->ends[n - 1], to = kept->ends[n];
        if (to > from && match_folded(m, slice_make(kept->folded.at + from, to - from - 1)))
            number_add(out, (int64_t)n);
    }
    return FAULT_NONE;
}
