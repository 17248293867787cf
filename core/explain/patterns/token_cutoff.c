/* All calls with one credential turn 401 at one moment and stay so; of an event log: refused tokens
 * up to its end. */
#include "core/explain/patterns/detector.h"

#include "core/explain/rulebook.h"

enum { RUN_LEAST = 3, RUN_KEPT = 24, CREDENTIALS = 4096 };

struct run {
    int64_t good, good_us;                  /* the last success before */
    int64_t ids[RUN_KEPT], times[RUN_KEPT]; /* of the run of 401 */
    int64_t count, last, last_us;
    uint64_t resource; /* of the first 401 */
    bool several;      /* 401 on another resource too */
    bool event;
    char subject[200], user[RUN_KEPT][64];
};

struct state {
    struct table runs;
    uint64_t keys[CREDENTIALS]; /* what to look at in the end */
    size_t key_count;
};

static bool concerned(const struct statuses *s)
{
    return s->has[401];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->entry->kind == KIND_HTTP;
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->runs, sizeof(struct run), CREDENTIALS);
}

static struct run *run_of(struct state *s, uint64_t key)
{
    struct run *run = table_find(&s->runs, key);
    if (run)
        return run;
    if (s->key_count < CREDENTIALS)
        s->keys[s->key_count++] = key;
    return table_put(&s->runs, key);
}

static void name(struct run *run, struct slice a, const char *between, struct slice b)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_add(&text, slice_first(a, 90));
    if (a.len && b.len)
        buf_add_text(&text, between);
    buf_add(&text, slice_first(b, 90));
    memset(run->subject, 0, sizeof run->subject);
    memcpy(run->subject, text.len ? text.at : "", text.len);
    buf_free(&text);
}

static void refused(struct run *run, const struct call *c, uint64_t resource)
{
    if (run->count < RUN_KEPT) {
        struct slice user = slice_first(c->entry->user, sizeof run->user[0] - 1);
        run->ids[run->count] = c->entry->id;
        run->times[run->count] = c->entry->time_us;
        memset(run->user[run->count], 0, sizeof run->user[0]);
        if (user.len)
            memcpy(run->user[run->count], user.at, user.len);
    }
    if (!run->count)
        run->resource = resource;
    run->several = run->several || resource != run->resource;
    run->count++;
    run->last = c->entry->id;
    run->last_us = c->entry->time_us;
}

static void accepted(struct run *run, const struct call *c)
{
    run->count = 0;
    run->several = false;
    run->good = c->entry->id;
    run->good_us = c->entry->time_us;
}

static void see_call(struct state *s, const struct call *c)
{
    int status = c->entry->status;
    if (!c->http || !c->http->request.headers_known || !status || c->entry->bulk_operation)
        return;
    uint64_t key = table_hash(c->host, call_request_header(c, "Authorization"));
    struct run *run = run_of(s, key);
    if (!run->subject[0])
        name(run, c->entry->host, "", SLICE_NONE);
    if (status == 401)
        refused(run, c, table_hash(table_hash(0, c->entry->path), c->entry->query));
    else if (c->ok || (status >= 400 && status < 500 && status != 403 && status != 429))
        accepted(run, c); /* whoever is told 404 or 409 was let in */
}

static void see_event(struct state *s, const struct call *c)
{
    const struct entry *e = c->entry;
    bool done = e->step == STEP_DONE;
    if (slice_is_none(e->class_id) && !done)
        return;
    uint64_t key = table_hash(table_hash(table_hash(1, e->computer), e->channel), e->provider);
    struct run *run = run_of(s, key);
    run->event = true;
    if (!run->subject[0])
        name(run, e->provider, " on ", e->computer);
    if (!done && e->status == 401)
        refused(run, c, (uint64_t)e->id);
    else
        accepted(run, c);
}

static void see(void *self, struct call *c, struct found *found)
{
    (void)found;
    if (c->entry->time_us == TIME_NONE)
        return;
    if (c->entry->kind == KIND_HTTP)
        see_call(self, c);
    else if (c->entry->kind == KIND_EVENT)
        see_event(self, c);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char first[TIME_MOMENT_SIZE], last[TIME_MOMENT_SIZE], good[TIME_MOMENT_SIZE];
    time_moment_words(first, one->number[1]);
    time_moment_words(last, one->number[2]);
    if (one->number[3] != TIME_NONE)
        buf_add_format(out,
                       _("The credential for %.*s worked until %s; from %s to %s all %lld calls "
                         "with it got 401 and none succeeded since"),
                       QUOTED(one->subject), time_moment_words(good, one->number[3]), first, last,
                       (long long)one->number[0]);
    else
        buf_add_format(out,
                       _("%.*s was refused with 401 %lld times from %s to %s, and nothing "
                         "succeeded since"),
                       QUOTED(one->subject), (long long)one->number[0], first, last);
}

static void end(void *self, struct found *found)
{
    struct state *s = self;
    for (size_t i = 0; i < s->key_count; i++) {
        const struct run *run = table_find(&s->runs, s->keys[i]);
        if (!run || run->count < RUN_LEAST || (!run->event && (!run->good || !run->several)))
            continue;
        struct found_one *it =
            found_at(found, "pattern-token-cutoff", slice_of(run->subject), tell);
        if (!it)
            break;
        it->number[0] += run->count;
        it->number[1] = run->times[0];
        it->number[2] = run->last_us;
        it->number[3] = run->good ? run->good_us : TIME_NONE;
        if (run->good)
            found_add(it, run->good, run->good_us, SLICE_NONE);
        for (int64_t k = 0; k < run->count && k < RUN_KEPT; k++)
            found_add(it, run->ids[k], run->times[k],
                      run->user[k][0] ? slice_of(run->user[k]) : SLICE_NONE);
        if (run->count > RUN_KEPT)
            found_add(it, run->last, run->last_us, SLICE_NONE);
    }
    table_free(&s->runs);
}

const struct detector detect_token_cutoff = {.class_id = "pattern-token-cutoff",
                                             .size = sizeof(struct state),
                                             .concerned = concerned,
                                             .wants = wants,
                                             .begin = begin,
                                             .see = see,
                                             .end = end};
