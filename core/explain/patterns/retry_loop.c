/* A request whose error is permanent is sent again and again without a change. */
#include "core/explain/patterns/detector.h"

enum { LOOP_LEAST = 3 };

struct tries {
    int64_t count;
    int64_t ids[LOOP_LEAST - 1], times[LOOP_LEAST - 1];
};

struct state {
    struct table tries;
};

static bool is_permanent(int status)
{
    return status >= 400 && status < 500 && status != 401 && status != 408 && status != 425 &&
           status != 429;
}

static bool concerned(const struct statuses *s)
{
    for (int status = 400; status < 500; status++)
        if (s->has[status] && is_permanent(status))
            return true;
    return false;
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->verb != VERB_GET && is_permanent(c->entry->status);
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->tries, sizeof(struct tries), TABLE_LIMIT);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char first[TIME_MOMENT_SIZE], last[TIME_MOMENT_SIZE];
    buf_add_format(
        out,
        words_many(
            "%lld request to %.*s was sent %d times or more without a change although the "
            "answer is permanent: %.*s with status %lld, %lld times from %s to %s",
            "%lld requests to %.*s were sent %d times or more without a change although the "
            "answer is permanent: most often %.*s with status %lld, %lld times from %s to %s",
            (uint64_t)one->number[0]),
        (long long)one->number[0], QUOTED(one->subject), LOOP_LEAST, QUOTED(one->note[0]),
        (long long)one->number[1], (long long)one->number[2],
        time_moment_words(first, one->number[3]), time_moment_words(last, one->number[4]));
}

static void name_worst(struct found_one *it, const struct call *c, const struct tries *tries,
                       struct found *found)
{
    if (tries->count <= it->number[2])
        return;
    struct slice what =
        arena_format(c->arena, "%.*s %.*s", QUOTED(c->entry->method), QUOTED(c->entry->path));
    if (!slice_equal(what, it->note[0]))
        it->note[0] = found_keep(found, what);
    it->number[1] = c->entry->status;
    it->number[2] = tries->count;
    it->number[3] = tries->times[0];
    it->number[4] = c->entry->time_us;
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    const struct entry *e = c->entry;
    if (e->kind != KIND_HTTP || !is_permanent(e->status) || e->bulk_operation ||
        e->time_us == TIME_NONE || (c->verb != VERB_GET && !c->http))
        return;
    uint64_t key = table_hash(table_hash(c->host, e->method), e->path);
    key = table_hash(table_hash(key, e->query), e->detail) + (uint64_t)e->status;
    if (c->http)
        key = table_hash(key, c->http->request.body.text);
    struct tries *tries = table_put(&s->tries, key);
    if (tries->count < LOOP_LEAST - 1) {
        tries->ids[tries->count] = e->id;
        tries->times[tries->count] = e->time_us;
    }
    if (++tries->count < LOOP_LEAST)
        return;
    struct found_one *it = found_at(found, "pattern-permanent-retry-loop", e->host, tell);
    if (!it)
        return;
    if (tries->count == LOOP_LEAST) {
        it->number[0]++;
        for (size_t i = 0; i + 1 < LOOP_LEAST; i++)
            found_add(it, tries->ids[i], tries->times[i], SLICE_NONE);
    }
    found_add_call(it, c);
    name_worst(it, c, tries, found);
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->tries);
}

const struct detector detect_retry_loop = {.class_id = "pattern-permanent-retry-loop",
                                           .size = sizeof(struct state),
                                           .concerned = concerned,
                                           .wants = wants,
                                           .begin = begin,
                                           .see = see,
                                           .end = end};
