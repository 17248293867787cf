/* Knows what a ticket is searched for before it may leave; see ticket.h. What it tells:
 * document.c. */
#include "core/report/ticket.h"

#include "core/base/alloc.h"
#include "core/redact/redact.h"
#include "core/report/document.h"
#include "core/report/people.h"
#include "core/report/place.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { TAG_DIGITS = HASH_TAG_SIZE - 1, RUN_LEAST = 8, SECRETS_LIMIT = 4 * 1024 * 1024 };

/* Tags of all secrets that the index has seen. */
struct secrets {
    char (*tags)[HASH_TAG_SIZE];
    size_t count, room;
    bool full; /* there are more than can be kept */
};

/* --- what must not be there ------------------------------------------------------------------- */

static bool is_hex(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("0123456789abcdef", text.at[i]))
            return false;
    return true;
}

static int compare_tags(const void *a, const void *b)
{
    return memcmp(a, b, TAG_DIGITS);
}

static void sort_secrets(struct secrets *seen)
{
    size_t kept = 0;
    if (!seen->count)
        return;
    qsort(seen->tags, seen->count, sizeof *seen->tags, compare_tags);
    for (size_t i = 0; i < seen->count; i++)
        if (!kept || compare_tags(seen->tags[kept - 1], seen->tags[i]) != 0)
            memmove(seen->tags[kept++], seen->tags[i], sizeof *seen->tags);
    seen->count = kept;
}

/* Room for one more; of equal ones one is kept. */
static bool make_room(struct secrets *seen)
{
    if (seen->count < seen->room)
        return true;
    sort_secrets(seen);
    if (seen->count <= seen->room / 2 && seen->room)
        return true;
    if (seen->room == SECRETS_LIMIT) {
        seen->full = true;
        return false;
    }
    seen->room = seen->room ? seen->room * 2 : 256;
    seen->tags = xrealloc(seen->tags, seen->room, sizeof *seen->tags);
    return true;
}

/* Every ` #HASH]` of the record. */
static void see_secrets(void *self, const struct entry *entry, struct slice raw)
{
    struct secrets *seen = self;
    size_t at;
    (void)entry;
    while ((at = slice_find(raw, SLICE(" #"))) != SIZE_MAX) {
        raw = slice_from(raw, at + 2);
        struct slice tag = slice_first(raw, TAG_DIGITS);
        if (raw.len <= TAG_DIGITS || raw.at[TAG_DIGITS] != ']' || !is_hex(tag) || !make_room(seen))
            continue;
        memcpy(seen->tags[seen->count], tag.at, TAG_DIGITS);
        seen->tags[seen->count++][TAG_DIGITS] = '\0';
    }
}

static bool is_run_byte(char c, const char *more)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr(more, c));
}

/* Whether a run of such bytes is a secret that was seen. */
static bool has_secret(const struct secrets *seen, const struct hash_key *key, struct slice text,
                       const char *more)
{
    for (size_t i = 0, from = 0; i <= text.len; i++) {
        if (i < text.len && is_run_byte(text.at[i], more))
            continue;
        if (i - from >= RUN_LEAST) {
            char tag[HASH_TAG_SIZE];
            hash_tag(key, slice_make(text.at + from, i - from), tag);
            if (bsearch(tag, seen->tags, seen->count, sizeof *seen->tags, compare_tags))
                return true;
        }
        from = i + 1;
    }
    return false;
}

/* --- searching -------------------------------------------------------------------------------- */

/* The redaction rules once more, on all that comes from a log. */
static bool rules_find(const struct hash_key *key, const struct document *d)
{
    struct redactor *redactor = redactor_new(key);
    struct arena arena;
    bool found = false;
    arena_init(&arena);
    for (size_t i = 0; !found && i < d->range_count; i++) {
        struct slice part =
            slice_make(d->out->at + d->ranges[i].from, d->ranges[i].to - d->ranges[i].from);
        found = !slice_equal(redact_text(redactor, part, &arena), part);
        arena_reset(&arena);
    }
    arena_free(&arena);
    redactor_free(redactor);
    return found;
}

/* Whether a place lies in something that comes from a log; ranges are in order. */
static bool in_range(const struct document *d, size_t from, size_t len, size_t *at)
{
    while (*at < d->range_count && d->ranges[*at].to <= from)
        ++*at;
    return *at < d->range_count && d->ranges[*at].from < from + len;
}

/* A name that is also a word of the program's own sentences is no find there. */
static bool people_left(struct pseudonyms *people, const struct document *d)
{
    struct slice text = buf_slice(d->out);
    size_t from = 0, len, range = 0;
    while (pseudonyms_left(people, text, &from, &len)) {
        if (in_range(d, from, len, &range))
            return true;
        from += len;
    }
    return false;
}

static enum fault_code search(const struct document *d, const struct hash_key *key,
                              const struct secrets *seen, struct fault *why)
{
    /* Tokens stand among other text: cut at dots, equal signs and the like, and not. */
    static const char *const more[] = {"-_", "-_.", "-_.~+/=", "-_+/=", ".-_~+/=:%"};
    struct slice text = buf_slice(d->out);
    if (rules_find(key, d))
        return fault_set(why, FAULT_LEAK,
                         "the ticket would hold what the redaction rules take for a secret: "
                         "nothing was written");
    for (size_t i = 0; seen->count && i < sizeof more / sizeof *more; i++)
        if (has_secret(seen, key, text, more[i]))
            return fault_set(why, FAULT_LEAK,
                             "the ticket would hold a secret that the index has seen: nothing was "
                             "written");
    if (people_left(d->pseudonyms, d))
        return fault_set(why, FAULT_LEAK,
                         "the ticket would hold a name, mail address or id of a person: nothing "
                         "was written");
    return FAULT_NONE;
}

/* --- making ----------------------------------------------------------------------------------- */

static enum fault_code make(struct buf *out, struct store *s, const struct ticket_options *options,
                            struct ticket_result *result, struct fault *why)
{
    struct secrets seen = {0};
    struct document d = {.markup = &markup_markdown,
                         .store = s,
                         .book = options->book,
                         .filter = options->filter,
                         .ticket = true,
                         .out = out,
                         .stop = options->stop,
                         .keep_ranges = true};
    const struct hash_key *key = NULL;
    *result = (struct ticket_result){0};
    enum fault_code code = store_key(s, &key, why);
    if (!code) /* sentences about an entry may name whom others name: everybody is learned */
        code = people_learn(&d.pseudonyms, s, NULL, options->book, see_secrets, &seen,
                            options->stop, why);
    sort_secrets(&seen);
    if (!code && seen.full)
        code =
            fault_set(why, FAULT_LIMIT, "the index has seen more than %d secrets", SECRETS_LIMIT);
    if (!code)
        code = document_write(&d, why);
    if (!code)
        code = search(&d, key, &seen, why);
    if (d.pseudonyms)
        result->people = pseudonyms_count(d.pseudonyms);
    result->entries = d.entries;
    result->problems = d.problems;
    pseudonyms_free(d.pseudonyms);
    free(d.ranges);
    free(seen.tags);
    return code;
}

static enum fault_code put(int fd, struct slice text, struct fault *why)
{
    while (text.len) {
        ssize_t n = write(fd, text.at, text.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int error = errno;
            fault_set(why, FAULT_IO, "the ticket cannot be written: %s", strerror(error));
            errno = error;
            return FAULT_IO;
        }
        text = slice_from(text, (size_t)n);
    }
    return FAULT_NONE;
}

enum fault_code ticket_write(struct store *s, int fd, const struct ticket_options *options,
                             struct ticket_result *out, struct fault *why)
{
    struct buf text;
    buf_init(&text, TICKET_LIMIT);
    enum fault_code code = make(&text, s, options, out, why);
    if (!code)
        code = put(fd, buf_slice(&text), why);
    int error = errno;
    buf_free(&text);
    errno = error;
    return code;
}

enum fault_code ticket_write_file(struct store *s, const char *path,
                                  const struct ticket_options *options, struct ticket_result *out,
                                  struct fault *why)
{
    struct report_place place = {.fd = -1};
    struct buf text;
    buf_init(&text, TICKET_LIMIT);
    enum fault_code code = make(&text, s, options, out, why);
    if (!code)
        code = place_open(&place, path, why);
    if (!code) {
        code = put(place.fd, buf_slice(&text), why);
        if (code)
            place_give_up(&place);
        else
            code = place_keep(&place, path, why);
    }
    buf_free(&text);
    return code;
}
