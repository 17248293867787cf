/* A create conflicts with an account that was deleted or deactivated before. */
#include "core/explain/patterns/detector.h"

#include "core/explain/scim.h"

#define GONE_WINDOW (30 * TIME_DAY)

enum { NAMES_KEPT = 3 };

struct names {
    uint64_t hashes[NAMES_KEPT]; /* userName and externalId shown for an id */
};

struct gone {
    int64_t id, time_us;
    bool deleted; /* else deactivated */
};

struct state {
    struct table names, gone;
};

static bool concerned(const struct statuses *s)
{
    return s->has[409] || s->has[400];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->endpoint == ENDPOINT_USERS && (c->ok || c->conflict || c->verb == VERB_POST);
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->names, sizeof(struct names), TABLE_LIMIT);
    table_init(&((struct state *)self)->gone, sizeof(struct gone), TABLE_LIMIT);
}

static void learn(struct state *s, const struct call *c, struct slice id, struct slice value)
{
    if (!id.len || !value.len)
        return;
    uint64_t hash = table_hash_fold(c->host, value);
    struct names *names = table_put(&s->names, table_hash(c->host, id));
    for (size_t i = 0; i < NAMES_KEPT; i++) {
        if (names->hashes[i] == hash)
            return;
        if (!names->hashes[i]) {
            names->hashes[i] = hash;
            return;
        }
    }
    names->hashes[NAMES_KEPT - 1] = hash;
}

struct learning {
    struct state *state;
    const struct call *call;
};

static bool learn_resource(void *self, const struct scim_resource *r)
{
    struct learning *l = self;
    learn(l->state, l->call, r->id, r->user_name);
    learn(l->state, l->call, r->id, r->external_id);
    return true;
}

static void learn_answer(struct state *s, struct call *c)
{
    struct scim_resource r;
    struct slice body = c->http->response.body.text;
    struct learning l = {s, c};
    if (!body.len)
        return;
    if (!scim_read_resource(&r, body, c->arena) || !r.id.len)
        scim_each_resource(body, c->arena, learn_resource, &l);
    else
        learn_resource(&l, &r);
    if (c->verb == VERB_POST && r.id.len)
        for (size_t i = 0; i < call_values(c); i++)
            learn(s, c, r.id, c->values[i].text);
}

/* `active` becomes false, as a boolean or as the text of one. */
static bool is_false(const cJSON *value)
{
    return cJSON_IsFalse(value) ||
           (cJSON_IsString(value) && slice_is_fold(slice_of(value->valuestring), "false"));
}

static bool deactivates(struct call *c)
{
    const cJSON *body = call_request(c), *operation;
    if (is_false(json_tree_get_fold(body, "active")))
        return true;
    cJSON_ArrayForEach(operation, json_tree_get_fold(body, "Operations"))
    {
        const cJSON *value = json_tree_get_fold(operation, "value");
        if (slice_is_fold(json_tree_text_fold(operation, "path"), "active") && is_false(value))
            return true;
        if (cJSON_IsObject(value) && is_false(json_tree_get_fold(value, "active")))
            return true;
    }
    return false;
}

static void take_away(struct state *s, struct call *c)
{
    const struct names *names = table_find(&s->names, table_hash(c->host, c->id));
    struct gone one = {
        .id = c->entry->id, .time_us = c->entry->time_us, .deleted = c->verb == VERB_DELETE};
    for (size_t i = 0; names && i < NAMES_KEPT && names->hashes[i]; i++)
        *(struct gone *)table_put(&s->gone, names->hashes[i]) = one;
    /* The name that another call shows for the id. */
    if (c->entry->user.len && !slice_equal(c->entry->user, c->id))
        *(struct gone *)table_put(&s->gone, table_hash_fold(c->host, c->entry->user)) = one;
}

static void tell(const struct found_one *one, struct buf *out)
{
    char gone[TIME_MOMENT_SIZE], post[TIME_MOMENT_SIZE], retry[TIME_MOMENT_SIZE];
    char span[TIME_TEXT_SIZE];
    uint64_t creates = (uint64_t)one->number[0];
    buf_add_format(
        out,
        one->number[3]
            ? words_many("%lld create on %.*s conflicted with an account that had been deleted "
                         "before: \"%.*s\", deleted at %s, created anew at %s (%s later)",
                         "%lld creates on %.*s conflicted with an account that had been deleted "
                         "before: first \"%.*s\", deleted at %s, created anew at %s (%s later)",
                         creates)
            : words_many("%lld create on %.*s conflicted with an account that had been deactivated "
                         "before: \"%.*s\", deactivated at %s, created anew at %s (%s later)",
                         "%lld creates on %.*s conflicted with an account that had been "
                         "deactivated before: first \"%.*s\", deactivated at %s, created anew at "
                         "%s (%s later)",
                         creates),
        (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]),
        time_moment_words(gone, one->number[1]), time_moment_words(post, one->number[2]),
        time_span_words(span, one->number[2] - one->number[1]));
    if (one->number[3] && one->number[4])
        buf_add_format(out,
                       _("; IIJ ID keeps a deleted user's names for at least one day, so do not "
                         "retry before %s"),
                       time_moment_words(retry, one->number[1] + TIME_DAY));
}

static void match(struct state *s, struct call *c, struct found *found)
{
    for (size_t i = 0; i < call_values(c); i++) {
        const struct gone *gone = table_find(&s->gone, c->values[i].hash);
        if (!gone)
            continue;
        if (c->ok) {
            table_take(&s->gone, c->values[i].hash);
            continue;
        }
        if (!c->conflict || c->entry->time_us - gone->time_us > GONE_WINDOW)
            continue;
        struct found_one *it =
            found_at(found, "pattern-recreate-after-delete", c->entry->host, tell);
        if (!it)
            return;
        if (!it->count) {
            it->note[0] = found_keep(found, c->values[i].text);
            it->number[1] = gone->time_us;
            it->number[2] = c->entry->time_us;
            it->number[3] = gone->deleted;
            it->number[4] = slice_is(c->entry->vendor, "iij");
        }
        it->number[0]++;
        found_add(it, gone->id, gone->time_us, SLICE_NONE);
        found_add_call(it, c);
        return;
    }
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    if (!c->http || c->endpoint != ENDPOINT_USERS || c->entry->time_us == TIME_NONE)
        return;
    if (c->verb == VERB_POST)
        match(s, c, found);
    if (c->ok)
        learn_answer(s, c);
    if (c->ok && c->id.len &&
        (c->verb == VERB_DELETE ||
         ((c->verb == VERB_PATCH || c->verb == VERB_PUT) && deactivates(c))))
        take_away(s, c);
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->names);
    table_free(&((struct state *)self)->gone);
}

const struct detector detect_recreate = {.class_id = "pattern-recreate-after-delete",
                                         .size = sizeof(struct state),
                                         .concerned = concerned,
                                         .wants = wants,
                                         .begin = begin,
                                         .see = see,
                                         .end = end};
