/* Knows what later calls tell about a create that got no answer: whether it had been carried out
 * all the same. */
#include "core/explain/evidence/check.h"

enum { LATER = 50 };

static bool lost(int status)
{
    return status == 0 || status == 408 || status == 502 || status == 503 || status == 504;
}

static void say(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self, struct slice name,
                const struct evidence_found *later)
{
    const char *moment = moment_of(c, later->entry.time_us);
    if (later->entry.status == 409)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The write happened: the next POST of \"%.*s\" was refused as a duplicate at "
                     "%s, and no other POST of it succeeded between",
                     EVIDENCE_QUOTE(name), moment);
    else
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The write did not happen: the POST of \"%.*s\" was repeated and succeeded at "
                     "%s",
                     EVIDENCE_QUOTE(name), moment);
    evidence_rests_on(out, c, later->entry.id);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct slice name = case_user_name(c);
    struct ask ask;
    struct evidence_found *found;
    if (!c->http || !c->lookup || !lost(c->facts->status) || name.len == 0 ||
        !slice_is(c->facts->method, "POST") || c->facts->time_us == TIME_NONE)
        return;
    ask_begin(&ask);
    ask_words(&ask, "kind:http method:POST status:2xx,409");
    ask_value(&ask, FILTER_HOST, c->facts->host);
    ask_value(&ask, FILTER_USER, name);
    ask_time(&ask, c->facts->time_us + 1, c->facts->time_us + TIME_DAY);
    size_t count = ask_entries(&ask, c, false, LATER, false, &found);
    for (size_t i = 0; i < count; i++)
        if (slice_equal_fold(found[i].entry.user, name)) {
            say(out, c, self, name, &found[i]);
            return;
        }
    evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                 "No later POST of \"%.*s\" is in this index: look it up before it is repeated",
                 EVIDENCE_QUOTE(name));
}

const struct evidence_check evidence_write_happened = {.id = "write-happened", .run = run};
