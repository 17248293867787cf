/* A redirect leads to another origin, where the call arrives without its credentials. */
#include "core/explain/patterns/detector.h"

enum { REDIRECT_CALLS = 2 /* calls after the redirect that may be the one it led to */ };

struct state {
    int64_t id, time_us;
    int left; /* calls that may still be it */
    char from[160], to[160];
};

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 307 || status == 308;
}

static bool concerned(const struct statuses *s)
{
    return (s->has[301] || s->has[302] || s->has[307] || s->has[308]) &&
           (s->has[401] || s->has[403]);
}

static bool wants(const void *self, const struct call *c)
{
    (void)self;
    int status = c->entry->status;
    return is_redirect(status) || status == 401 || status == 403;
}

static void keep(char out[160], struct slice text)
{
    struct slice part = slice_first(text, 159);
    memset(out, 0, 160);
    if (part.len)
        memcpy(out, part.at, part.len);
}

static void tell(const struct found_one *one, struct buf *out)
{
    char first[TIME_MOMENT_SIZE], second[TIME_MOMENT_SIZE];
    buf_add_format(out,
                   _("%.*s redirects to %.*s, and the call arrives there without Authorization "
                     "(times: %lld): first redirected at %s, refused with %lld at %s"),
                   QUOTED(one->subject), QUOTED(one->note[0]), (long long)one->number[0],
                   time_moment_words(first, one->number[1]), (long long)one->number[3],
                   time_moment_words(second, one->number[2]));
}

static void open_redirect(struct state *s, const struct call *c)
{
    struct slice location = slice_trim(call_response_header(c, "Location"));
    struct url_parts to = url_split(location, c->arena), from = url_split(c->entry->url, c->arena);
    s->left = 0;
    if (!to.host.len || (slice_equal(to.host, from.host) && slice_equal(to.scheme, from.scheme) &&
                         to.port == from.port))
        return;
    s->id = c->entry->id;
    s->time_us = c->entry->time_us;
    s->left = REDIRECT_CALLS;
    keep(s->from, c->entry->host);
    keep(s->to, to.host);
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    const struct entry *e = c->entry;
    if (e->kind != KIND_HTTP || e->time_us == TIME_NONE || e->bulk_operation)
        return;
    bool arrived = s->left > 0 && slice_is(e->host, s->to) && c->http &&
                   (e->status == 401 || e->status == 403) && c->http->request.headers_known &&
                   slice_is_none(call_request_header(c, "Authorization"));
    if (arrived) {
        struct found_one *it =
            found_at(found, "pattern-redirect-drops-auth", slice_of(s->from), tell);
        s->left = 0;
        if (!it)
            return;
        if (!it->count) {
            it->note[0] = found_keep(found, e->host);
            it->number[1] = s->time_us;
            it->number[2] = e->time_us;
            it->number[3] = e->status;
        }
        it->number[0]++;
        found_add(it, s->id, s->time_us, SLICE_NONE);
        found_add_call(it, c);
        return;
    }
    s->left -= s->left > 0;
    if (is_redirect(e->status) && c->http)
        open_redirect(s, c);
}

const struct detector detect_redirect = {.class_id = "pattern-redirect-drops-auth",
                                         .size = sizeof(struct state),
                                         .concerned = concerned,
                                         .wants = wants,
                                         .see = see};
