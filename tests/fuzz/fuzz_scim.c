/* Fuzz target: SCIM resources, lists and bulk bodies. */
#include "core/explain/scim.h"
#include "tests/fuzz/fuzz.h"

static bool count_resource(void *self, const struct scim_resource *resource)
{
    (void)resource;
    ++*(size_t *)self;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct scim_resource resource;
    struct slice body = fuzz_slice(data, size), id;
    struct record_http http = {.method = SLICE("POST"), .url = SLICE("/Bulk"), .status = 200};
    struct scim_operation response, request;
    size_t seen = 0;
    arena_init(&arena);
    http.request.body.text = http.response.body.text = body;
    scim_read_resource(&resource, body, &arena);
    FUZZ_EXPECT(scim_each_resource(body, &arena, count_resource, &seen) <= size + 1);
    http.bulk = scim_bulk_read(&http, &arena);
    scim_failed_operation(&http, 1, &arena, &response, &request);
    scim_path_id(body, "Users", &id, &arena);
    arena_free(&arena);
    return 0;
}
