/* A time in which a server answers nothing but 5xx, with what a support ticket needs. */
#include "core/explain/patterns/detector.h"

/* Shorter than this only many failures make it an outage: a burst of one failing call is none. */
#define OUTAGE_SPAN (10 * TIME_SECOND)

enum { OUTAGE_LEAST = 5, OUTAGE_MANY = 50, OUTAGE_KEPT = 16, OUTAGE_HOSTS = 1024 };

/* The failures of a host since its last success. */
struct window {
    int64_t good_us; /* of the last other answer before; 0 = none */
    int64_t ids[OUTAGE_KEPT], times[OUTAGE_KEPT], last, last_us, count;
    int64_t by[4]; /* 500, 502, 503, 504 and others */
    char users[OUTAGE_KEPT][64], host[160], request_id[80];
};

struct state {
    struct table windows;
    uint64_t keys[OUTAGE_HOSTS];
    size_t key_count;
};

static bool concerned(const struct statuses *s)
{
    for (int status = 500; status < 600; status++)
        if (s->has[status])
            return true;
    return false;
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->windows, sizeof(struct window), OUTAGE_HOSTS);
}

static void tell(const struct found_one *one, struct buf *out)
{
    static const char *const names[] = {"500", "502", "503", N_("504 or other")};
    char first[TIME_MOMENT_SIZE], last[TIME_MOMENT_SIZE], good[TIME_MOMENT_SIZE];
    buf_add_format(out, _("%.*s answered 5xx to all %lld calls from %s to %s ("),
                   QUOTED(one->note[0]),
                   (long long)(one->number[0] + one->number[1] + one->number[2] + one->number[3]),
                   time_moment_words(first, one->first_us), time_moment_words(last, one->last_us));
    for (int i = 0, said = 0; i < 4; i++)
        if (one->number[i])
            buf_add_format(out, "%s%s: %lld", said++ ? ", " : "", words_find(names[i]),
                           (long long)one->number[i]);
    buf_add_byte(out, ')');
    if (one->number[4])
        buf_add_format(out, _("; last other answer before it %s"),
                       time_moment_words(good, one->number[4]));
    if (one->number[5] != TIME_NONE)
        buf_add_format(out, _("; first other answer after it %s"),
                       time_moment_words(good, one->number[5]));
    else
        buf_add_text(out, _("; no other answer after it is known"));
    if (one->note[1].len)
        buf_add_format(out, _("; first request id %.*s"), QUOTED(one->note[1]));
}

static void report(struct window *w, int64_t after_us, struct found *found)
{
    if (w->count < OUTAGE_LEAST ||
        (w->count < OUTAGE_MANY && w->last_us - w->times[0] < OUTAGE_SPAN))
        return;
    char at[TIME_TEXT_SIZE];
    struct buf subject;
    buf_init(&subject, 400);
    /* A name that scripts compare: UTC, to the second, in any language. */
    buf_add_format(&subject, "%s from %.19sZ", w->host, time_utc_text(at, w->times[0]));
    struct found_one *it = found_at(found, "pattern-outage-window", buf_slice(&subject), tell);
    if (it) {
        it->note[0] = found_keep(found, slice_of(w->host));
        it->note[1] = found_keep(found, slice_of(w->request_id));
        for (int i = 0; i < 4; i++)
            it->number[i] = w->by[i];
        it->number[4] = w->good_us;
        it->number[5] = after_us;
        for (int64_t i = 0; i < w->count && i < OUTAGE_KEPT; i++)
            found_add(it, w->ids[i], w->times[i],
                      w->users[i][0] ? slice_of(w->users[i]) : SLICE_NONE);
        if (w->count > OUTAGE_KEPT)
            found_add(it, w->last, w->last_us, SLICE_NONE);
    }
    buf_free(&subject);
}

static void copy(char *out, size_t size, struct slice text)
{
    struct slice part = slice_first(text, size - 1);
    memset(out, 0, size);
    if (part.len)
        memcpy(out, part.at, part.len);
}

static void failed(struct window *w, const struct entry *e)
{
    if (w->count < OUTAGE_KEPT) {
        w->ids[w->count] = e->id;
        w->times[w->count] = e->time_us;
        copy(w->users[w->count], sizeof w->users[0], e->user);
    }
    if (!w->count)
        copy(w->request_id, sizeof w->request_id, e->request_id);
    w->by[e->status == 500 ? 0 : e->status == 502 ? 1 : e->status == 503 ? 2 : 3]++;
    w->count++;
    w->last = e->id;
    w->last_us = e->time_us;
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    const struct entry *e = c->entry;
    if (e->kind != KIND_HTTP || !e->status || e->time_us == TIME_NONE || e->bulk_operation)
        return;
    struct window *w = table_find(&s->windows, c->host);
    if (!w) {
        w = table_put(&s->windows, c->host);
        copy(w->host, sizeof w->host, e->host);
        if (s->key_count < OUTAGE_HOSTS)
            s->keys[s->key_count++] = c->host;
    }
    if (e->status >= 500) {
        failed(w, e);
        return;
    }
    /* Whoever is answered 4xx has reached the service: the outage is over. */
    report(w, e->time_us, found);
    w->count = 0;
    memset(w->by, 0, sizeof w->by);
    w->good_us = e->time_us;
}

static void end(void *self, struct found *found)
{
    struct state *s = self;
    for (size_t i = 0; i < s->key_count; i++) {
        struct window *w = table_find(&s->windows, s->keys[i]);
        if (w)
            report(w, TIME_NONE, found);
    }
    table_free(&s->windows);
}

const struct detector detect_outage = {.class_id = "pattern-outage-window",
                                       .size = sizeof(struct state),
                                       .concerned = concerned,
                                       .begin = begin,
                                       .see = see,
                                       .end = end};
