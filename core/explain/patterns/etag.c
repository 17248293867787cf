/* A write with the version that this client had read is refused: somebody else wrote in between. */
#include "core/explain/patterns/detector.h"

struct version {
    uint64_t etag;
    int64_t id, time_us;
};

struct state {
    struct table versions;
};

static bool concerned(const struct statuses *s)
{
    return s->has[412];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->resource && (c->ok || c->entry->status == 412);
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->versions, sizeof(struct version), TABLE_LIMIT);
}

static struct slice etag_of(const struct call *c)
{
    struct slice etag = slice_trim(call_response_header(c, "ETag"));
    struct slice body = c->http->response.body.text;
    if (etag.len || !body.len || body.len > CALL_SMALL)
        return etag;
    cJSON *tree = json_tree(body, NULL, NULL);
    etag = arena_copy(c->arena, json_tree_text_fold(json_tree_get_fold(tree, "meta"), "version"));
    cJSON_Delete(tree);
    return etag;
}

static void tell(const struct found_one *one, struct buf *out)
{
    char get[TIME_MOMENT_SIZE], put[TIME_MOMENT_SIZE];
    buf_add_format(
        out,
        words_many(
            "%lld write to %.*s got 412 with the version that this client had read last, so "
            "somebody else writes too: %.*s, version %.*s read at %s, refused at %s",
            "%lld writes to %.*s got 412 with the version that this client had read last, so "
            "somebody else writes too: first %.*s, version %.*s read at %s, refused at %s",
            (uint64_t)one->number[0]),
        (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]), QUOTED(one->note[1]),
        time_moment_words(get, one->number[1]), time_moment_words(put, one->number[2]));
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    if (!c->http || !c->resource || c->entry->time_us == TIME_NONE)
        return;
    if (c->ok) {
        struct slice etag = etag_of(c);
        if (!etag.len)
            return;
        struct version *version = table_put(&s->versions, c->resource);
        *version = (struct version){table_hash(0, etag), c->entry->id, c->entry->time_us};
        return;
    }
    struct slice match = slice_trim(call_request_header(c, "If-Match"));
    const struct version *version = table_find(&s->versions, c->resource);
    if (c->entry->status != 412 || !match.len || !version || version->etag != table_hash(0, match))
        return;
    struct found_one *it = found_at(found, "pattern-etag-conflict", c->entry->host, tell);
    if (!it)
        return;
    if (!it->count) {
        it->note[0] = found_keep(found, c->entry->path);
        it->note[1] = found_keep(found, match);
        it->number[1] = version->time_us;
        it->number[2] = c->entry->time_us;
    }
    it->number[0]++;
    found_add(it, version->id, version->time_us, SLICE_NONE);
    found_add_call(it, c);
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->versions);
}

const struct detector detect_etag = {.class_id = "pattern-etag-conflict",
                                     .size = sizeof(struct state),
                                     .concerned = concerned,
                                     .wants = wants,
                                     .begin = begin,
                                     .see = see,
                                     .end = end};
