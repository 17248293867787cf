/* Knows who wrote a resource between the read that gave an ETag and the write that was refused. */
#include "core/explain/evidence/check.h"

enum { BETWEEN = 60 };

static bool is_write(const struct evidence_found *found)
{
    return (slice_is_fold(found->entry.method, "PATCH") ||
            slice_is_fold(found->entry.method, "PUT") ||
            slice_is_fold(found->entry.method, "DELETE")) &&
           found_well(found);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct ask ask;
    struct evidence_found *found;
    if (c->facts->status != 412 || !c->http || !c->lookup || c->facts->time_us == TIME_NONE)
        return;
    struct slice match = slice_trim(message_header(&c->http->request, "if-match"));
    if (match.len == 0)
        return;
    ask_begin(&ask);
    ask_words(&ask, "kind:http status:2xx");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_value(&ask, FILTER_PATH, c->facts->path);
    ask_time(&ask, c->facts->time_us - TIME_DAY, c->facts->time_us - 1);
    size_t count = ask_entries(&ask, c, true, BETWEEN, true, &found);
    const struct evidence_found *writer = NULL;
    for (size_t i = 0; i < count; i++) {
        struct record record;
        if (!found_exchange(&found[i], c, &record))
            continue;
        if (slice_equal(slice_trim(message_header(&record.http.response, "etag")), match)) {
            const char *at = moment_of(c, found[i].entry.time_us);
            if (writer)
                evidence_say(out, c, self, EVIDENCE_SHOWN,
                             "The ETag %.*s was read at %s; another call wrote the resource after "
                             "that, at %s",
                             EVIDENCE_QUOTE(match), at, moment_of(c, writer->entry.time_us));
            else
                evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                             "The ETag %.*s was read at %s; no write after that is in this index: "
                             "somebody else changed the resource",
                             EVIDENCE_QUOTE(match), at);
            evidence_rests_on(out, c, found[i].entry.id);
            evidence_rests_on(out, c, writer ? writer->entry.id : 0);
            return;
        }
        if (is_write(&found[i]))
            writer = &found[i];
    }
    evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                 "No call of the day before shows where the ETag %.*s came from",
                 EVIDENCE_QUOTE(match));
}

const struct evidence_check evidence_second_writer = {.id = "second-writer", .run = run};
