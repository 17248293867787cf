/* The clocks of client and server differ: the Date of answers against the end of their calls. */
#include "core/explain/patterns/detector.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    SKEW_LEAST = 10,
    SKEW_FIRST = 256 /* answers of a host that are all looked at */,
    SKEW_EACH = 64 /* then one of these */,
    SKEW_KEPT = 2048,
    SKEW_HOSTS = 64
};

#define SKEW_ALLOWED (120 * TIME_SECOND)

struct clock {
    uint64_t host;
    char name[160];
    size_t count, seen;
    int64_t first, first_us, last, last_us;
    int64_t offsets[SKEW_KEPT];
};

struct state {
    struct clock *clocks[SKEW_HOSTS];
    size_t count;
    size_t latest;
};

static bool concerned(const struct statuses *s)
{
    (void)s;
    return true;
}

static struct clock *clock_of(struct state *s, const struct call *c)
{
    if (s->count && s->clocks[s->latest]->host == c->host)
        return s->clocks[s->latest];
    for (s->latest = 0; s->latest < s->count; s->latest++)
        if (s->clocks[s->latest]->host == c->host)
            return s->clocks[s->latest];
    if (s->count == SKEW_HOSTS)
        return NULL;
    struct clock *clock = xcalloc(1, sizeof *clock);
    struct slice name = slice_first(c->entry->host, sizeof clock->name - 1);
    if (name.len)
        memcpy(clock->name, name.at, name.len);
    clock->host = c->host;
    s->latest = s->count++;
    return s->clocks[s->latest] = clock;
}

/* Enough answers, spread over the whole time. */
static bool wants(const void *self, const struct call *c)
{
    const struct state *s = self;
    if (c->entry->kind != KIND_HTTP || !c->entry->status || c->entry->bulk_operation)
        return false;
    const struct clock *clock = s->count ? s->clocks[s->latest] : NULL;
    if (!clock || clock->host != c->host)
        return true;
    return clock->seen < SKEW_FIRST || clock->seen % SKEW_EACH == 0;
}

static void see(void *self, struct call *c, struct found *found)
{
    (void)found;
    int64_t date, now = c->entry->time_us;
    if (c->entry->kind != KIND_HTTP || !c->entry->status || c->entry->bulk_operation ||
        now == TIME_NONE)
        return;
    struct clock *clock = clock_of(self, c);
    if (!clock)
        return;
    bool look = clock->seen < SKEW_FIRST || clock->seen % SKEW_EACH == 0;
    clock->seen++;
    if (!look || clock->count == SKEW_KEPT ||
        !call_date(slice_trim(call_response_header(c, "Date")), &date))
        return;
    if (!clock->count) {
        clock->first = c->entry->id;
        clock->first_us = now;
    }
    clock->last = c->entry->id;
    clock->last_us = now;
    clock->offsets[clock->count++] =
        date - now - (c->entry->duration_us > 0 ? c->entry->duration_us : 0);
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char span[TIME_TEXT_SIZE];
    int64_t offset = one->number[0];
    time_span_words(span, offset < 0 ? -offset : offset);
    buf_add_format(out,
                   offset < 0 ? _("The clock of %.*s is %s behind the client's, by the Date of "
                                  "%lld answers (median)")
                              : _("The clock of %.*s is %s ahead of the client's, by the Date of "
                                  "%lld answers (median)"),
                   QUOTED(one->subject), span, (long long)one->number[1]);
}

static void end(void *self, struct found *found)
{
    struct state *s = self;
    for (size_t i = 0; i < s->count; i++) {
        struct clock *clock = s->clocks[i];
        qsort(clock->offsets, clock->count, sizeof *clock->offsets, compare);
        size_t half = clock->count / 2;
        int64_t median = clock->count % 2 || !clock->count
                             ? clock->offsets[half]
                             : (clock->offsets[half - 1] + clock->offsets[half]) / 2;
        if (clock->count >= SKEW_LEAST && (median > SKEW_ALLOWED || median < -SKEW_ALLOWED)) {
            struct found_one *it =
                found_at(found, "pattern-clock-skew", slice_of(clock->name), tell);
            if (it) {
                it->number[0] = median;
                it->number[1] = (int64_t)clock->count;
                found_add(it, clock->first, clock->first_us, SLICE_NONE);
                found_add(it, clock->last, clock->last_us, SLICE_NONE);
            }
        }
        free(clock);
    }
}

const struct detector detect_clock_skew = {.class_id = "pattern-clock-skew",
                                           .size = sizeof(struct state),
                                           .concerned = concerned,
                                           .wants = wants,
                                           .see = see,
                                           .end = end};
