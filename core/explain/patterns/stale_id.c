/* An id that worked is answered 404, and this client did not delete it. */
#include "core/explain/patterns/detector.h"
#include "core/explain/rulebook.h"
#include "core/explain/scim.h"

struct known {
    int64_t id, time_us; /* of the last success, 0 = none since it was deleted */
};

struct state {
    struct table known;
};

static bool concerned(const struct statuses *s)
{
    return s->has[404];
}

/* A create tells its id in the answer only. */
static bool creates(const struct call *c)
{
    return c->ok && c->verb == VERB_POST && c->endpoint != ENDPOINT_OTHER && !c->id.len;
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return creates(c);
}

static uint64_t resource_of(const struct call *c)
{
    struct scim_resource made;
    if (!creates(c) || !c->http)
        return c->resource;
    if (!scim_read_resource(&made, c->http->response.body.text, c->arena) || !made.id.len)
        return 0;
    return table_hash(c->host + (uint64_t)c->endpoint, made.id);
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->known, sizeof(struct known), TABLE_LIMIT);
}

/* The class of a 404 is mostly the generic one: the service's own host names tell as well. */
static bool is_iij(const struct call *c)
{
    return slice_is(c->entry->vendor, "iij") ||
           (c->book && rulebook_vendor_has_host(c->book, "iij", c->entry->host));
}

static void tell(const struct found_one *one, struct buf *out)
{
    char good[TIME_MOMENT_SIZE], bad[TIME_MOMENT_SIZE];
    buf_add_format(out,
                   words_many("%lld call on %.*s got 404 for an id that had worked and that this "
                              "client did not delete: %.*s, good at %s, gone at %s",
                              "%lld calls on %.*s got 404 for an id that had worked and that this "
                              "client did not delete: first %.*s, good at %s, gone at %s",
                              (uint64_t)one->number[0]),
                   (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]),
                   time_moment_words(good, one->number[1]), time_moment_words(bad, one->number[2]));
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    uint64_t resource = c->entry->bulk_operation ? 0 : resource_of(c);
    if (!resource || c->entry->time_us == TIME_NONE)
        return;
    if (c->ok && c->verb == VERB_DELETE) {
        table_take(&s->known, resource);
    } else if (c->ok) {
        struct known *known = table_put(&s->known, resource);
        *known = (struct known){c->entry->id, c->entry->time_us};
    } else if (c->entry->status == 404 && c->verb != VERB_DELETE) {
        const struct known *known = table_find(&s->known, resource);
        if (!known)
            return;
        bool iij = is_iij(c);
        struct found_one *it =
            found_at(found, iij ? "pattern-iij-cache-drift" : "pattern-stale-resource-id",
                     c->entry->host, tell);
        if (!it)
            return;
        if (!it->count) {
            it->note[0] = found_keep(found, c->entry->path);
            it->number[1] = known->time_us;
            it->number[2] = c->entry->time_us;
        }
        it->number[0]++;
        found_add(it, known->id, known->time_us, SLICE_NONE);
        found_add_call(it, c);
    }
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->known);
}

const struct detector detect_stale_id = {.class_id = "pattern-stale-resource-id",
                                         .size = sizeof(struct state),
                                         .concerned = concerned,
                                         .wants = wants,
                                         .begin = begin,
                                         .see = see,
                                         .end = end};
