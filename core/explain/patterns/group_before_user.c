/* A group change names a member that is created only later, was deleted, or never shows up. */
#include "core/explain/patterns/detector.h"

#include "core/explain/scim.h"

enum { SEEN_USER = 1, SEEN_DELETED };

struct member {
    int64_t id, time_us; /* of the refused group call that waits for the member, 0 = none */
    int64_t deleted, deleted_us;
    int seen;
    char name[80], host[120];
};

struct state {
    struct table members;
    uint64_t waiting[1024]; /* members that were not known when a group named them */
    size_t waiting_count;
};

static bool concerned(const struct statuses *s)
{
    return s->has[400] || s->has[404] || s->has[409] || s->has[422];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return (c->endpoint == ENDPOINT_GROUPS && !c->ok) || (c->endpoint == ENDPOINT_USERS && c->ok);
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->members, sizeof(struct member), TABLE_LIMIT / 4);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char group[TIME_MOMENT_SIZE], user[TIME_MOMENT_SIZE];
    buf_add_format(
        out,
        words_many(
            "%lld member of a refused group change on %.*s was not there: \"%.*s\" at %s, which ",
            "%lld members of refused group changes on %.*s were not there: first \"%.*s\" at %s, "
            "which ",
            (uint64_t)one->number[0]),
        (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]),
        time_moment_words(group, one->number[1]));
    if (one->number[3] == 0)
        buf_add_format(out, _("was created only at %s"), time_moment_words(user, one->number[2]));
    else if (one->number[3] == 1)
        buf_add_format(out, _("had been deleted at %s"), time_moment_words(user, one->number[2]));
    else
        buf_add_text(out, _("no successful call on /Users shows"));
}

static void say(struct found *found, const struct member *m, int how, int64_t other,
                int64_t other_us)
{
    struct found_one *it = found_at(found, "pattern-group-before-user", slice_of(m->host), tell);
    if (!it)
        return;
    if (!it->count) {
        it->note[0] = found_keep(found, slice_of(m->name));
        it->number[1] = m->time_us;
        it->number[2] = other_us;
        it->number[3] = how;
    }
    it->number[0]++;
    found_add(it, m->id, m->time_us, slice_of(m->name));
    if (other)
        found_add(it, other, other_us, SLICE_NONE);
}

static struct member *member_of(struct state *s, const struct call *c, struct slice id)
{
    return table_put(&s->members, table_hash(c->host, id));
}

struct learning {
    struct state *state;
    struct call *call;
    struct found *found;
};

static bool learn(void *self, const struct scim_resource *r)
{
    struct learning *l = self;
    if (!r->id.len)
        return true;
    struct member *m = member_of(l->state, l->call, r->id);
    if (m->id && l->call->verb == VERB_POST)
        say(l->found, m, 0, l->call->entry->id, l->call->entry->time_us);
    m->id = 0; /* whoever is listed was there all along */
    m->seen = SEEN_USER;
    return true;
}

static void see_user(struct state *s, struct call *c, struct found *found)
{
    struct learning l = {s, c, found};
    struct scim_resource r;
    struct slice body = c->http->response.body.text;
    if (c->id.len && c->verb == VERB_DELETE) {
        struct member *m = member_of(s, c, c->id);
        m->seen = SEEN_DELETED;
        m->deleted = c->entry->id;
        m->deleted_us = c->entry->time_us;
        return;
    }
    if (c->id.len)
        learn(&l, &(struct scim_resource){.id = c->id});
    else if (scim_read_resource(&r, body, c->arena) && r.id.len)
        learn(&l, &r);
    else
        scim_each_resource(body, c->arena, learn, &l);
}

static void refuse(struct state *s, struct call *c, struct slice id, struct found *found)
{
    struct member *m = member_of(s, c, id);
    if (m->seen == SEEN_USER || m->id)
        return;
    struct slice name = slice_first(id, sizeof m->name - 1);
    struct slice host = slice_first(c->entry->host, sizeof m->host - 1);
    m->id = c->entry->id;
    m->time_us = c->entry->time_us;
    memcpy(m->name, name.at, name.len);
    memcpy(m->host, host.at ? host.at : "", host.len);
    if (m->seen == SEEN_DELETED) {
        say(found, m, 1, m->deleted, m->deleted_us);
        m->id = 0;
    } else if (s->waiting_count < sizeof s->waiting / sizeof *s->waiting) {
        s->waiting[s->waiting_count++] = table_hash(c->host, id);
    }
}

/* Members of a resource, and of PATCH operations by value or by path: members[value eq "17"]. */
static void see_group(struct state *s, struct call *c, struct found *found)
{
    const cJSON *body = call_request(c), *operation, *item;
    int left = CALL_MEMBERS;
    cJSON_ArrayForEach(item, json_tree_get_fold(body, "members"))
    {
        struct slice id = json_tree_text_fold(item, "value");
        if (id.len && left-- > 0)
            refuse(s, c, id, found);
    }
    cJSON_ArrayForEach(operation, json_tree_get_fold(body, "Operations"))
    {
        struct slice path = json_tree_text_fold(operation, "path");
        const cJSON *value = json_tree_get_fold(operation, "value");
        size_t quote = slice_find(path, SLICE("value eq \""));
        if (!slice_starts_fold(path, "members") && cJSON_IsObject(value))
            value = json_tree_get_fold(value, "members");
        else if (path.len && !slice_starts_fold(path, "members"))
            continue;
        if (quote != SIZE_MAX) {
            struct slice id = slice_from(path, quote + 10);
            id = slice_first(id, slice_find_byte(id, '"'));
            if (id.len && left-- > 0)
                refuse(s, c, id, found);
        }
        cJSON_ArrayForEach(item, value)
        {
            struct slice id = json_tree_text_fold(item, "value");
            if (id.len && left-- > 0)
                refuse(s, c, id, found);
        }
    }
}

static void see(void *self, struct call *c, struct found *found)
{
    int status = c->entry->status;
    if (!c->http || c->entry->time_us == TIME_NONE)
        return;
    if (c->endpoint == ENDPOINT_USERS && c->ok)
        see_user(self, c, found);
    else if (c->endpoint == ENDPOINT_GROUPS &&
             (c->verb == VERB_POST || c->verb == VERB_PUT || c->verb == VERB_PATCH) &&
             (status == 400 || status == 404 || status == 409 || status == 422))
        see_group(self, c, found);
}

static void end(void *self, struct found *found)
{
    struct state *s = self;
    for (size_t i = 0; i < s->waiting_count; i++) {
        const struct member *m = table_find(&s->members, s->waiting[i]);
        if (m && m->id)
            say(found, m, 2, 0, TIME_NONE);
    }
    table_free(&s->members);
}

const struct detector detect_group_before_user = {.class_id = "pattern-group-before-user",
                                                  .size = sizeof(struct state),
                                                  .concerned = concerned,
                                                  .wants = wants,
                                                  .begin = begin,
                                                  .see = see,
                                                  .end = end};
