/* What SCIM bodies say: the resource they hold, the resources of a list, the operations of a bulk
 * request or response. Reads as far as the body is sound, so a body that was cut still tells what
 * stands before the cut. Names are compared with ASCII letters folded, as SCIM attributes are.
 * Slices are borrowed from the body or live in the arena. Pure; any thread. */
#ifndef CORE_EXPLAIN_SCIM_H
#define CORE_EXPLAIN_SCIM_H

#include "core/record.h"

enum { SCIM_OPERATIONS_LIMIT = 10000, SCIM_RESOURCES_LIMIT = 10000 };

/* Attributes of a resource at its top level; SLICE_NONE when absent, no string, or blank. */
struct scim_resource {
    struct slice id, user_name, external_id;
};

/* The object that `body` is. False when it is none or tells none of the three. */
bool scim_read_resource(struct scim_resource *out, struct slice body, struct arena *arena);

/* What the bodies of one exchange say: the resource asked for and, where the call succeeded, the
 * one answered; whether the answer has a member `Resources`. */
struct scim_told {
    struct scim_resource asked, answered;
    bool asks, answers; /* what scim_read_resource says of them */
    bool lists;
};

/* `http->told`, else read into the arena. Who asks several times puts it there first, so that the
 * bodies are read once. */
const struct scim_told *scim_told_of(const struct record_http *http, struct arena *arena);

/* Every object of the `Resources` of a list response, in order; `each` returns false to stop.
 * Returns how many were given to it. */
size_t scim_each_resource(struct slice body, struct arena *arena,
                          bool (*each)(void *self, const struct scim_resource *resource),
                          void *self);

/* One of the `Operations` of a bulk request or response. */
struct scim_operation {
    int number;                   /* in its body, from 1 */
    struct slice method, bulk_id; /* as written */
    struct slice path;            /* request: `path`; response: `location` */
    int status;                   /* response: 100..599, 0 = none that can be read */
    struct slice whole;           /* its JSON */
    struct slice data, response;  /* JSON of request `data` and response `response` */
};

/* Every operation of a bulk body in order, at most SCIM_OPERATIONS_LIMIT; nothing for a body that
 * is no bulk message (no top-level `Operations`, or of a PATCH: `op` stands for `method` there).
 * Returns how many were given. */
size_t scim_each_operation(struct slice body, struct arena *arena,
                           bool (*each)(void *self, const struct scim_operation *operation),
                           void *self);

/* Whether an operation of a bulk response failed: a status of 400 or more. */
bool scim_operation_failed(const struct scim_operation *operation);

/* Whether an operation of a response answers one of the request: by bulkId where either has one,
 * else by method and resource. */
bool scim_operation_answers(const struct scim_operation *answer,
                            const struct scim_operation *asked);

/* Reads the operations of both bodies of a bulk exchange into the arena. Who asks for its failed
 * operations one after another puts the result into `http->bulk` first, so that the bodies are read
 * once and not once per operation. */
const struct scim_bulk *scim_bulk_read(const struct record_http *http, struct arena *arena);

/* The n-th (from 1) failed operation of an exchange with a bulk response, and the operation of the
 * request that it answers (scim_operation_answers, else by number when both bodies hold as many;
 * `*request` zeroed when none is). False when there are fewer. */
bool scim_failed_operation(const struct record_http *http, int n, struct arena *arena,
                           struct scim_operation *response, struct scim_operation *request);

/* The endpoint and the id after it in a path or location, ASCII letters folded: "/scim/v2/Users/17"
 * has for "users" the id "17". False when the path does not name the endpoint; `*id` (decoded, in
 * the arena) is SLICE_NONE when nothing follows it. */
bool scim_path_id(struct slice path, const char *endpoint, struct slice *id, struct arena *arena);

#endif
