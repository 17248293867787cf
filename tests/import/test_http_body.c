/* Bodies and raw messages: codings, chunks, character sets, ceilings. */
#include "import/http_body.h"
#include "import/http_message.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <zlib.h>
#include <zstd.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

TestSuite(http_body, .init = setup, .fini = teardown);
TestSuite(http_message, .init = setup, .fini = teardown);

static struct slice packed(struct slice text, int window)
{
    z_stream z = {0};
    size_t room = text.len + 1000;
    unsigned char *to = arena_alloc(&arena, room);
    deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)text.at;
    z.avail_in = (uInt)text.len;
    z.next_out = to;
    z.avail_out = (uInt)room;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return slice_make((char *)to, z.total_out);
}

static struct body finished(struct slice bytes, const char *type, const char *coding)
{
    struct body out;
    http_body_finish(&out, bytes, slice_of(type), slice_of(coding), &arena);
    return out;
}

Test(http_body, takes_every_coding_off)
{
    struct slice text = SLICE("{\"detail\":\"taken taken taken taken\"}");
    char bytes[200];
    size_t size = ZSTD_compress(bytes, sizeof bytes, text.at, text.len, 1);
    cr_expect(slice_equal(finished(packed(text, 31), NULL, "gzip").text, text));
    cr_expect(slice_equal(finished(packed(text, 15), NULL, "deflate").text, text));
    cr_expect(slice_equal(finished(packed(text, -15), NULL, "Deflate").text, text), "raw deflate");
    cr_expect(slice_equal(finished(slice_make(bytes, size), NULL, "zstd").text, text));
    cr_expect(
        slice_equal(finished(packed(packed(text, 15), 31), NULL, "deflate, gzip").text, text));
    cr_expect(slice_equal(finished(text, NULL, "identity").text, text));
    /* What a brotli encoder makes of {"a":1}. */
    cr_expect(
        slice_is(finished(SLICE("\x0b\x03\x80\x7b\x22\x61\x22\x3a\x31\x7d\x03"), NULL, "br").text,
                 "{\"a\":1}"));
}

Test(http_body, keeps_broken_and_unknown_codings_as_binary)
{
    struct slice gz = packed(SLICE("some text that is packed"), 31);
    cr_expect(finished(slice_first(gz, gz.len - 9), "application/json", "gzip").binary);
    cr_expect(finished(SLICE("text"), NULL, "snappy").binary);
    cr_expect(finished(SLICE("text"), NULL, "gzip,gzip,gzip,gzip,gzip").binary);
}

Test(http_body, refuses_bombs)
{
    size_t size = 30 * 1024 * 1024;
    char *zeros = calloc(1, size);
    struct slice bomb = packed(slice_make(zeros, size), 31);
    free(zeros);
    struct body body = finished(bomb, "application/json", "gzip");
    cr_expect(body.binary, "%zu bytes became %zu", bomb.len, body.text.len);
}

Test(http_body, converts_character_sets)
{
    cr_expect(
        slice_is(finished(SLICE("caf\xe9"), "text/plain; charset=ISO-8859-1", NULL).text, "café"));
    cr_expect(slice_is(
        finished(SLICE("\x93\x63\x92\x86"), "text/html;charset=\"Shift_JIS\"", NULL).text, "田中"));
    cr_expect(slice_is(finished(SLICE("a\xff"
                                      "b"),
                                "application/json", NULL)
                           .text,
                       "a\xef\xbf\xbd"
                       "b"));
    cr_expect(finished(SLICE("a\xff"
                             "b"),
                       "image/png", NULL)
                  .binary);
    cr_expect(finished(slice_make("a\0b", 3), "application/json", NULL).binary);
}

Test(http_body, tells_absent_from_empty)
{
    cr_expect(slice_is_none(finished(SLICE_NONE, NULL, NULL).text));
    struct body out;
    http_body_finish_base64(&out, SLICE("eyJh\nIjoxfQ=="), SLICE("application/json"), SLICE_NONE,
                            &arena);
    cr_expect(slice_is(out.text, "{\"a\":1}"));
    http_body_finish_base64(&out, SLICE("%%%"), SLICE_NONE, SLICE_NONE, &arena);
    cr_expect(out.binary);
}

static struct message message;
static struct http_start start;
static struct pair_list list;

static bool parse(const char *raw, bool response)
{
    return http_message_read(&start, &message, slice_of(raw), response, &list, &arena);
}

Test(http_message, reads_requests)
{
    cr_assert(parse("POST /scim/Users?x=a b HTTP/1.1\r\nHost: h\r\nX:  y \r\n\r\n{}", false));
    cr_expect(slice_is(start.method, "POST"));
    cr_expect(slice_is(start.target, "/scim/Users?x=a b"));
    cr_expect(slice_is(message_header(&message, "x"), "y"));
    cr_expect(slice_is(message.body.text, "{}"));
    cr_expect(not(parse("\x16\x03\x01 garbage", false)));
    cr_expect(not(parse("", false)));
    pair_list_free(&list);
}

Test(http_message, reads_responses_and_joins_chunks)
{
    cr_assert(parse("HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "4\r\nWiki\r\n5;x=1\r\npedia\r\n0\r\n\r\n",
                    true));
    cr_expect(eq(int, start.status, 409));
    cr_expect(slice_is(message.body.text, "Wikipedia"));
    cr_assert(parse("HTTP/2 204 \r\n:status: 204\r\n\r\n", true));
    cr_expect(eq(int, start.status, 204));
    cr_expect(slice_is(message_header(&message, ":status"), "204"));
    cr_expect(slice_is_none(message.body.text));
    cr_assert(parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{\"a\":1}", true));
    cr_expect(slice_is(message.body.text, "{\"a\":1}"), "already joined by the tool");
    cr_expect(not(parse("GET / HTTP/1.1\r\n\r\n", true)));
    pair_list_free(&list);
}
