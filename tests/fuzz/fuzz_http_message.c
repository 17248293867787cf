/* Fuzz target: raw HTTP messages with their body codings. First byte: which side, and how coded. */
#include "import/http_body.h"
#include "import/http_message.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codings[] = {"gzip",     "deflate", "br",      "zstd",
                                          "gzip, br", "",        "identity"};
    struct arena arena;
    struct pair_list list = {0};
    struct http_start start;
    struct message message;
    struct body body = {0};
    if (size < 1)
        return 0;
    struct slice raw = fuzz_slice(data + 1, size - 1);
    arena_init(&arena);
    http_message_read(&start, &message, raw, data[0] & 1, &list, &arena);
    http_body_finish(&body, raw, SLICE("application/json"),
                     slice_of(codings[data[0] / 2 % (sizeof codings / sizeof *codings)]), &arena);
    FUZZ_EXPECT(body.text.len <= RECORD_SIZE_LIMIT);
    http_body_finish_base64(&body, raw, SLICE("text/plain"), SLICE_NONE, &arena);
    pair_list_free(&list);
    arena_free(&arena);
    return 0;
}
