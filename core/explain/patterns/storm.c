/* A client keeps sending while it is throttled. */
#include "core/explain/patterns/detector.h"

enum { STORM_LEAST = 5, STORM_HOSTS = 4096, STORM_USER = 96 };

#define STORM_WINDOW TIME_MINUTE
#define STORM_SLACK (TIME_SECOND / 2)

struct host {
    int64_t ids[STORM_LEAST], times[STORM_LEAST]; /* the last 429, as a ring */
    char users[STORM_LEAST][STORM_USER];          /* whose they were, cut; "" = nobody's */
    int64_t count;
    int64_t told, told_us, until_us; /* the 429 that said to wait, and until when */
};

struct state {
    struct table hosts;
};

static bool concerned(const struct statuses *s)
{
    return s->has[429];
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    return c->entry->status == 429;
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->hosts, sizeof(struct host), STORM_HOSTS);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char first[TIME_MOMENT_SIZE], last[TIME_MOMENT_SIZE];
    buf_add_format(out, _("%.*s throttled the client from %s to %s"), QUOTED(one->subject),
                   time_moment_words(first, one->first_us), time_moment_words(last, one->last_us));
    if (one->number[0])
        buf_add_format(out, _("; %lld answers 429 came with %d or more within a minute"),
                       (long long)one->number[0], STORM_LEAST);
    if (one->number[1])
        buf_add_format(out,
                       words_many("; %lld call came before Retry-After was over, %lld s too early",
                                  "; %lld calls came before Retry-After was over, the first %lld s "
                                  "too early",
                                  (uint64_t)one->number[1]),
                       (long long)one->number[1],
                       (long long)((one->number[2] + TIME_SECOND - 1) / TIME_SECOND));
}

static void see_early(struct host *host, struct call *c, struct found *found)
{
    int64_t now = c->entry->time_us;
    if (!host->told || now <= host->told_us || now >= host->until_us - STORM_SLACK)
        return;
    struct found_one *it = found_at(found, "pattern-429-storm", c->entry->host, tell);
    if (!it)
        return;
    if (!it->number[1]++)
        it->number[2] = host->until_us - now;
    found_add(it, host->told, host->told_us, SLICE_NONE);
    found_add_call(it, c);
}

static void see_throttled(struct host *host, struct call *c, struct found *found)
{
    int64_t now = c->entry->time_us, wait;
    size_t at = (size_t)(host->count++ % STORM_LEAST);
    host->ids[at] = c->entry->id;
    host->times[at] = now;
    struct slice user = slice_first(c->entry->user, STORM_USER - 1);
    memcpy(host->users[at], user.at ? user.at : "", user.len);
    host->users[at][user.len] = '\0';
    size_t oldest = (size_t)(host->count % STORM_LEAST);
    if (host->count >= STORM_LEAST && now - host->times[oldest] <= STORM_WINDOW) {
        struct found_one *it = found_at(found, "pattern-429-storm", c->entry->host, tell);
        bool first = it && !it->number[0];
        for (size_t i = 0; it && first && i + 1 < STORM_LEAST; i++) {
            size_t k = (oldest + i) % STORM_LEAST;
            found_add(it, host->ids[k], host->times[k], slice_of(host->users[k]));
        }
        if (it) {
            it->number[0] += first ? STORM_LEAST : 1;
            found_add(it, host->ids[at], now, slice_of(host->users[at]));
        }
    }
    struct slice after = slice_trim(call_response_header(c, "Retry-After"));
    if (slice_to_int64(after, &wait) && wait >= 0 && wait < 7 * 24 * 3600)
        host->until_us = now + wait * TIME_SECOND;
    else if (!call_date(after, &host->until_us))
        return;
    host->told = c->entry->id;
    host->told_us = now;
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    if (c->entry->kind != KIND_HTTP || c->entry->time_us == TIME_NONE || c->entry->bulk_operation)
        return;
    bool throttled = c->entry->status == 429;
    struct host *host = throttled ? table_put(&s->hosts, c->host) : table_find(&s->hosts, c->host);
    if (!host)
        return;
    see_early(host, c, found);
    if (throttled)
        see_throttled(host, c, found);
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->hosts);
}

const struct detector detect_storm = {.class_id = "pattern-429-storm",
                                      .size = sizeof(struct state),
                                      .concerned = concerned,
                                      .wants = wants,
                                      .begin = begin,
                                      .see = see,
                                      .end = end};
