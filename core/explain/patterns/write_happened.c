/* A create ended without an answer or at a gateway, and its repetition conflicts: it had worked. */
#include "core/explain/patterns/detector.h"

struct lost {
    int64_t id, time_us;
    int status;
};

struct state {
    struct table lost;
};

static bool is_lost(int status)
{
    return status == 0 || status == 502 || status == 503 || status == 504;
}

static bool concerned(const struct statuses *s)
{
    return s->has[409] && (s->has[0] || s->has[502] || s->has[503] || s->has[504]);
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->verb == VERB_POST && c->endpoint != ENDPOINT_OTHER;
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->lost, sizeof(struct lost), TABLE_LIMIT);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char lost[TIME_MOMENT_SIZE], post[TIME_MOMENT_SIZE];
    struct buf how;
    buf_init(&how, 100);
    if (one->number[3])
        buf_add_format(&how, _("answered %lld"), (long long)one->number[3]);
    else
        buf_add_text(&how, _("without an answer"));
    buf_add_format(out,
                   words_many("%lld create on %.*s that seemed lost had happened: \"%.*s\", %s at "
                              "%s, refused as a duplicate at %s",
                              "%lld creates on %.*s that seemed lost had happened: first \"%.*s\", "
                              "%s at %s, refused as a duplicate at %s",
                              (uint64_t)one->number[0]),
                   (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]), how.at,
                   time_moment_words(lost, one->number[1]),
                   time_moment_words(post, one->number[2]));
    buf_free(&how);
}

static void match(struct state *s, struct call *c, const struct unique *value, struct found *found)
{
    const struct lost *lost = table_find(&s->lost, value->hash ^ (uint64_t)c->endpoint);
    struct found_one *it =
        lost ? found_at(found, "pattern-write-happened-despite-timeout", c->entry->host, tell)
             : NULL;
    if (!it)
        return;
    if (!it->count) {
        it->note[0] = found_keep(found, value->text);
        it->number[1] = lost->time_us;
        it->number[2] = c->entry->time_us;
        it->number[3] = lost->status;
    }
    it->number[0]++;
    found_add(it, lost->id, lost->time_us, SLICE_NONE);
    found_add_call(it, c);
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    if (!c->http || c->verb != VERB_POST || c->endpoint == ENDPOINT_OTHER || c->id.len ||
        c->entry->time_us == TIME_NONE || c->entry->bulk_operation)
        return;
    bool lost = is_lost(c->entry->status), matched = false;
    for (size_t i = 0; i < call_values(c); i++) {
        uint64_t key = c->values[i].hash ^ (uint64_t)c->endpoint;
        if (lost) {
            struct lost *one = table_put(&s->lost, key);
            *one = (struct lost){c->entry->id, c->entry->time_us, c->entry->status};
        } else if (c->entry->status == 409 && !matched && table_find(&s->lost, key)) {
            match(s, c, &c->values[i], found);
            matched = true;
        }
        if (c->ok || c->entry->status == 409)
            table_take(&s->lost, key);
    }
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->lost);
}

const struct detector detect_write_happened = {.class_id = "pattern-write-happened-despite-timeout",
                                               .size = sizeof(struct state),
                                               .concerned = concerned,
                                               .wants = wants,
                                               .begin = begin,
                                               .see = see,
                                               .end = end};
