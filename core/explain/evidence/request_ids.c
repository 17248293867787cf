/* Knows by which ids the vendor's support finds a call. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    static const char *const names[] = {"request-id",   "client-request-id", "x-ms-request-id",
                                        "x-request-id", "x-correlation-id",  "x-amzn-requestid",
                                        "cf-ray",       "x-okta-request-id"};
    bool wanted = evidence_category(c, "server") || evidence_category(c, "throttling") ||
                  slice_is(c->rule->vendor, "entra-api") || slice_is(c->rule->vendor, "aws");
    if (!wanted || c->entry->kind != KIND_HTTP)
        return;
    if (!c->http || !c->http->response.headers_known) {
        evidence_lacking(out, c, self, "The request id that support asks for");
        return;
    }
    struct buf ids;
    buf_init(&ids, 900);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice value = message_header(&c->http->response, names[i]);
        if (value.len)
            buf_add_format(&ids, "%s%s %.*s", ids.len ? ", " : "", names[i], EVIDENCE_QUOTE(value));
    }
    struct slice date = message_header(&c->http->response, "date");
    if (ids.len)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "For a support ticket: %s%s%.*s", ids.at,
                     date.len ? ", " : "", EVIDENCE_QUOTE(date));
    else
        evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED,
                     "The response carries no request id: give support time, method and URL");
    buf_free(&ids);
}

const struct evidence_check evidence_request_ids = {.id = "request-ids", .run = run};
