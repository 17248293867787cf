/* Knows how fast a throttled client called and whether it waited as long as the server asked. */
#include "core/explain/evidence/check.h"

static void next_call(struct evidence_list *out, const struct evidence_case *c,
                      const struct evidence_check *self)
{
    struct ask ask;
    struct evidence_found *found;
    int64_t wait = 0;
    char gap[TIME_TEXT_SIZE], asked[TIME_TEXT_SIZE];
    bool said =
        c->http &&
        slice_to_int64(slice_trim(message_header(&c->http->response, "retry-after")), &wait);
    ask_begin(&ask);
    ask_words(&ask, "kind:http");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_time(&ask, c->facts->time_us + 1, c->facts->time_us + TIME_HOUR);
    if (ask_entries(&ask, c, false, 1, false, &found) == 0 || !said || wait < 0 || wait > INT32_MAX)
        return;
    int64_t distance = found[0].entry.time_us - c->facts->time_us;
    bool kept = distance >= wait * TIME_SECOND;
    time_span_words(asked, wait * TIME_SECOND);
    time_span_words(gap, distance);
    if (kept)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The next call came %s later: the client waited the %s of Retry-After", gap,
                     asked);
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The next call came %s later: the client did not wait the %s of Retry-After",
                     gap, asked);
    evidence_rests_on(out, c, found[0].entry.id);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct ask ask;
    struct evidence_found *found;
    if ((!evidence_category(c, "throttling") && c->facts->status != 429) || !c->http ||
        !c->lookup || c->facts->time_us == TIME_NONE || c->facts->host.len == 0)
        return;
    ask_begin(&ask);
    ask_words(&ask, "kind:http");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_time(&ask, c->facts->time_us - TIME_MINUTE, c->facts->time_us - 1);
    size_t count = ask_entries(&ask, c, true, EVIDENCE_FOUND_LIMIT, false, &found);
    if (count == EVIDENCE_FOUND_LIMIT)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "At least %zu other calls to this host stand in this index in the 60 seconds "
                     "before",
                     count);
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "Other calls to this host in this index in the 60 seconds before: %zu", count);
    for (size_t i = 0; i < count; i++)
        evidence_rests_on(out, c, found[i].entry.id);
    next_call(out, c, self);
}

const struct evidence_check evidence_pace = {.id = "call-pace", .run = run};
