/* Knows how far the client's clock and the server's lie apart: the Date header of answers against
 * the times of the capture, for failures that clocks can cause. */
#include "core/explain/evidence/check.h"

#include "core/explain/paste.h"

#include <stdlib.h>

enum { NEIGHBOURS = 60, ENOUGH = 10, SKEW_SECONDS = 120 };

/* Server minus client, whole seconds exact; false when the answer carries no Date. */
static bool skew_of(const struct record_http *http, int64_t time_us, int64_t *out)
{
    int64_t date = paste_http_date(slice_trim(message_header(&http->response, "date")));
    if (time_us == TIME_NONE || date == TIME_NONE)
        return false;
    *out = date - time_us - (http->duration_us > 0 ? http->duration_us : 0);
    return true;
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    int64_t skews[NEIGHBOURS + 1];
    size_t count = 0;
    struct ask ask;
    struct evidence_found *found;
    char span[TIME_TEXT_SIZE];
    if (!evidence_category(c, "authentication") || !c->http ||
        !skew_of(c->http, c->facts->time_us, &skews[0]))
        return;
    count = 1;
    ask_begin(&ask);
    ask_words(&ask, "kind:http");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_time(&ask, c->facts->time_us - 10 * TIME_MINUTE, c->facts->time_us + 10 * TIME_MINUTE);
    size_t near = ask_entries(&ask, c, false, NEIGHBOURS, true, &found);
    for (size_t i = 0; i < near; i++) {
        struct record record;
        if (found[i].entry.id != c->entry->id && found[i].entry.id != c->pair &&
            found_exchange(&found[i], c, &record) &&
            skew_of(&record.http, found[i].entry.time_us, &skews[count]))
            count++;
    }
    qsort(skews, count, sizeof *skews, compare);
    int64_t skew = skews[count / 2], size = skew < 0 ? -skew : skew;
    if (size <= SKEW_SECONDS * TIME_SECOND) {
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "The clocks of client and server agree to %d seconds (Date headers looked at: "
                     "%zu)",
                     SKEW_SECONDS, count);
        return;
    }
    enum evidence_verdict verdict = count >= ENOUGH ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT;
    time_span_words(span, size);
    if (skew > 0)
        evidence_say(out, c, self, verdict,
                     "The server's clock is %s ahead of the client's (median of Date headers: %zu)",
                     span, count);
    else
        evidence_say(out, c, self, verdict,
                     "The server's clock is %s behind the client's (median of Date headers: %zu)",
                     span, count);
    for (size_t i = 0; i < near; i++)
        evidence_rests_on(out, c, found[i].entry.id);
}

const struct evidence_check evidence_clock = {.id = "clock-skew", .run = run};
