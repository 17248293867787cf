/* A look-up finds nothing, and the create that follows conflicts on the very value. */
#include "core/explain/patterns/detector.h"

#define LOOKUP_WINDOW (10 * TIME_MINUTE)

struct lookup {
    int64_t id, time_us;
    char attribute[24];
};

struct state {
    struct table lookups;
};

static bool concerned(const struct statuses *s)
{
    return s->has[409] || s->has[400];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->endpoint != ENDPOINT_OTHER &&
           (c->verb == VERB_POST ||
            (c->verb == VERB_GET && c->ok &&
             slice_find_fold(c->entry->query, SLICE("filter=")) != SIZE_MAX));
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->lookups, sizeof(struct lookup), TABLE_LIMIT);
}

/* `attr eq "value"`, alone or as the first of several. */
static bool read_filter(struct slice filter, struct slice *attribute, struct slice *value)
{
    filter = slice_trim(filter);
    size_t blank = slice_find_byte(filter, ' ');
    if (blank == SIZE_MAX)
        return false;
    *attribute = slice_first(filter, blank);
    struct slice rest = slice_trim(slice_from(filter, blank));
    if (!slice_starts_fold(rest, "eq "))
        return false;
    rest = slice_trim(slice_from(rest, 3));
    if (!rest.len || rest.at[0] != '"')
        return false;
    rest = slice_from(rest, 1);
    *value = slice_first(rest, slice_find_byte(rest, '"'));
    return value->len > 0;
}

static bool is_empty_list(struct slice body)
{
    if (!body.len || body.len > CALL_SMALL)
        return false;
    cJSON *tree = json_tree(body, NULL, NULL);
    const cJSON *total = json_tree_get_fold(tree, "totalResults");
    const cJSON *rows = json_tree_get_fold(tree, "Resources");
    bool empty = cJSON_IsObject(tree) && (total || rows) &&
                 (!cJSON_IsNumber(total) || total->valueint == 0) && cJSON_GetArraySize(rows) == 0;
    cJSON_Delete(tree);
    return empty;
}

static void remember(struct state *s, struct call *c)
{
    struct slice attribute, value;
    if (!read_filter(call_parameter(c, "filter"), &attribute, &value) ||
        !is_empty_list(c->http->response.body.text))
        return;
    struct lookup *one =
        table_put(&s->lookups, table_hash_fold(c->host, value) ^ (uint64_t)c->endpoint);
    *one = (struct lookup){.id = c->entry->id, .time_us = c->entry->time_us};
    struct slice kept = slice_first(attribute, sizeof one->attribute - 1);
    memcpy(one->attribute, kept.at, kept.len);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char get[TIME_MOMENT_SIZE], post[TIME_MOMENT_SIZE];
    buf_add_format(
        out,
        words_many("%lld create on %.*s got a conflict although the look-up just before had found "
                   "nothing: %.*s \"%.*s\", looked up at %s, refused at %s",
                   "%lld creates on %.*s got a conflict although the look-up just before had found "
                   "nothing: first %.*s \"%.*s\", looked up at %s, refused at %s",
                   (uint64_t)one->number[0]),
        (long long)one->number[0], QUOTED(one->subject), QUOTED(one->note[0]), QUOTED(one->note[1]),
        time_moment_words(get, one->number[1]), time_moment_words(post, one->number[2]));
}

static void match(struct state *s, struct call *c, struct found *found)
{
    size_t count = call_values(c);
    for (size_t i = 0; i < count; i++) {
        uint64_t key = c->values[i].hash ^ (uint64_t)c->endpoint;
        const struct lookup *one = table_find(&s->lookups, key);
        if (!one)
            continue;
        if (c->ok) {
            table_take(&s->lookups, key);
            continue;
        }
        if (!c->conflict || c->entry->time_us - one->time_us > LOOKUP_WINDOW)
            continue;
        struct found_one *it = found_at(found, "pattern-lookup-blind", c->entry->host, tell);
        if (!it)
            return;
        if (!it->count) {
            it->note[0] = found_keep(found, slice_of(one->attribute));
            it->note[1] = found_keep(found, c->values[i].text);
            it->number[1] = one->time_us;
            it->number[2] = c->entry->time_us;
        }
        it->number[0]++;
        found_add(it, one->id, one->time_us, SLICE_NONE);
        found_add_call(it, c);
        return;
    }
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    if (!c->http || c->endpoint == ENDPOINT_OTHER || c->entry->time_us == TIME_NONE)
        return;
    if (c->verb == VERB_GET && c->ok && !c->id.len)
        remember(s, c);
    else if (c->verb == VERB_POST)
        match(s, c, found);
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->lookups);
}

const struct detector detect_lookup_blind = {.class_id = "pattern-lookup-blind",
                                             .size = sizeof(struct state),
                                             .concerned = concerned,
                                             .wants = wants,
                                             .begin = begin,
                                             .see = see,
                                             .end = end};
