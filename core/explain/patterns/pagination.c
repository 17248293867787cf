/* The pages of one list overlap, skip, or stop early. */
#include "core/explain/patterns/detector.h"

#define PAGES_WINDOW (10 * TIME_MINUTE)

enum { WALKS = 256, PAGE_IDS = 4096 /* ids of a walk that are compared */ };

/* One walk through the pages of a list. */
struct walk {
    int64_t id, time_us;        /* of the last page */
    int64_t start, held, total; /* its startIndex, resources, totalResults (-1 = not said) */
    int64_t next;               /* startIndex that should follow */
    uint64_t number;
    bool open;
};

struct state {
    struct table walks;
    struct table ids; /* of the resources of all walks, each with its walk's number */
    uint64_t number;
};

struct page {
    int64_t start, held, total, per_page; /* -1 = not said */
    uint64_t twice;                       /* resources that were on an earlier page */
};

static bool concerned(const struct statuses *s)
{
    return s->has[200];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->verb == VERB_GET && c->ok && !c->id.len &&
           slice_find_fold(c->entry->query, SLICE("startindex=")) != SIZE_MAX;
}

static void begin(void *self)
{
    struct state *s = self;
    table_init(&s->walks, sizeof(struct walk), WALKS);
    table_init(&s->ids, sizeof(uint64_t), TABLE_LIMIT);
}

/* The query without startIndex: what all pages of a walk share. */
static uint64_t walk_key(const struct call *c)
{
    uint64_t key = table_hash_fold(c->host, c->entry->path);
    struct slice rest = c->entry->query, part;
    while (slice_cut(&rest, '&', &part))
        if (!slice_starts_fold(part, "startindex="))
            key = table_hash(key, part);
    return key;
}

/* Reads the numbers and ids of a list response as far as it is sound. */
static bool read_page(struct state *s, const struct call *c, uint64_t walk, struct page *out)
{
    struct json_scan scan;
    enum json_token token;
    struct slice key = SLICE_NONE;
    unsigned in_list = 0; /* depth of the objects of Resources */
    int64_t number;
    bool list = false;
    json_scan_init(&scan, c->http->response.body.text);
    if (json_next(&scan) != JSON_OBJECT)
        return false;
    while ((token = json_next(&scan)) != JSON_BAD && token != JSON_END) {
        if (token == JSON_KEY) {
            key = slice_first(slice_from(scan.raw, 1), scan.raw.len - 2);
            continue;
        }
        if (token == JSON_ARRAY && scan.depth == 2 && slice_is_fold(key, "Resources")) {
            in_list = 3;
            list = true;
            out->held = 0;
        } else if (token == JSON_ARRAY_END && scan.depth == 1) {
            in_list = 0;
        } else if (token == JSON_OBJECT && in_list && scan.depth == in_list) {
            out->held++;
        } else if (scan.depth == 1 && json_to_int64(scan.raw, &number) && number >= 0) {
            if (slice_is_fold(key, "totalResults"))
                out->total = number;
            else if (slice_is_fold(key, "itemsPerPage"))
                out->per_page = number;
        } else if (in_list && scan.depth == in_list && token == JSON_STRING &&
                   slice_is_fold(key, "id") && out->held <= PAGE_IDS) {
            uint64_t *seen = table_put(&s->ids, table_hash(walk, scan.raw));
            out->twice += *seen == walk;
            *seen = walk;
        } else if ((token == JSON_OBJECT || token == JSON_ARRAY) &&
                   !json_skip(&scan, token, NULL)) {
            return false;
        }
    }
    if (out->total >= 0 && !list)
        out->held = 0; /* an empty list may leave Resources out */
    return token == JSON_END && (list || out->total >= 0);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char at[TIME_MOMENT_SIZE];
    buf_add_format(out,
                   words_many("%lld page of %.*s does not fit the others: %.*s (at %s)",
                              "%lld pages of %.*s do not fit together: first %.*s (at %s)",
                              (uint64_t)one->number[0]),
                   (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]),
                   time_moment_words(at, one->number[1]));
}

/* What is wrong with a page, in words; none when nothing is. */
static struct slice fault_of(const struct walk *w, const struct page *p, struct arena *arena)
{
    if (p->start == 0)
        return slice_of(_("startIndex=0 is asked for, although pages count from 1"));
    if (p->twice)
        return arena_format(arena,
                            _("the page from startIndex=%lld repeats %llu resources of earlier "
                              "pages"),
                            (long long)p->start, (unsigned long long)p->twice);
    if (p->per_page >= 0 && p->per_page != p->held)
        return arena_format(arena,
                            _("itemsPerPage says %lld but startIndex=%lld brings %lld resources"),
                            (long long)p->per_page, (long long)p->start, (long long)p->held);
    if (w->open && p->start != w->next)
        return arena_format(arena, _("startIndex=%lld follows a page that ended before %lld"),
                            (long long)p->start, (long long)w->next);
    if (w->open && p->total >= 0 && w->total >= 0 && p->total != w->total)
        return arena_format(arena, _("totalResults changes from %lld to %lld between pages"),
                            (long long)w->total, (long long)p->total);
    if (p->held == 0 && p->total >= p->start && p->start > 0)
        return arena_format(arena,
                            _("the page from startIndex=%lld is empty although totalResults is "
                              "%lld"),
                            (long long)p->start, (long long)p->total);
    return SLICE_NONE;
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    struct page page = {.held = 0, .total = -1, .per_page = -1};
    if (!c->http || !wants(self, c) || c->entry->time_us == TIME_NONE)
        return;
    if (!slice_to_int64(slice_trim(call_parameter(c, "startIndex")), &page.start) &&
        !slice_to_int64(slice_trim(call_parameter(c, "startindex")), &page.start))
        return;
    uint64_t key = walk_key(c);
    struct walk *walk = table_put(&s->walks, key);
    if (page.start <= 1 || c->entry->time_us - walk->time_us > PAGES_WINDOW || !walk->open) {
        *walk = (struct walk){.total = -1, .number = ++s->number};
    }
    if (!read_page(s, c, key + walk->number, &page))
        return;
    struct slice fault = fault_of(walk, &page, c->arena);
    if (fault.len) {
        struct slice list =
            arena_format(c->arena, "%.*s%.*s", QUOTED(c->entry->host), QUOTED(c->entry->path));
        struct found_one *it = found_at(found, "pattern-pagination-inconsistent", list, tell);
        if (it && !it->count) {
            it->note[0] = found_keep(found, fault);
            it->number[1] = c->entry->time_us;
        }
        if (it) {
            it->number[0]++;
            if (walk->open)
                found_add(it, walk->id, walk->time_us, SLICE_NONE);
            found_add(it, c->entry->id, c->entry->time_us, SLICE_NONE);
        }
    }
    *walk = (struct walk){.id = c->entry->id,
                          .time_us = c->entry->time_us,
                          .start = page.start,
                          .held = page.held,
                          .total = page.total,
                          .next = page.start + page.held,
                          .number = walk->number,
                          .open = true};
}

static void end(void *self, struct found *found)
{
    struct state *s = self;
    (void)found;
    table_free(&s->walks);
    table_free(&s->ids);
}

const struct detector detect_pagination = {.class_id = "pattern-pagination-inconsistent",
                                           .size = sizeof(struct state),
                                           .concerned = concerned,
                                           .wants = wants,
                                           .begin = begin,
                                           .see = see,
                                           .end = end};
