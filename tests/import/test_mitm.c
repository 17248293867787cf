/* mitmproxy flow files, built here by hand: what becomes a record, and what damage costs. */
#include "core/base/alloc.h"
#include "import/readers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static struct buf file;

/* Appends one value; `{}` and lists are given as the bytes of their members. */
static void value(struct buf *out, char type, struct slice payload)
{
    buf_add_format(out, "%zu:", payload.len);
    buf_add(out, payload);
    buf_add_byte(out, type);
}

static void text(struct buf *out, const char *key, char type, const char *payload)
{
    value(out, ';', slice_of(key));
    value(out, type, slice_of(payload));
}

static void nested(struct buf *out, const char *key, char type, struct buf *members)
{
    value(out, ';', slice_of(key));
    value(out, type, buf_slice(members));
    buf_free(members);
}

static void header(struct buf *headers, const char *name, const char *content)
{
    struct buf pair;
    buf_init(&pair, 1000);
    value(&pair, ',', slice_of(name));
    value(&pair, ',', slice_of(content));
    value(headers, ']', buf_slice(&pair));
    buf_free(&pair);
}

static void add_flow(const char *path, int status, const char *error)
{
    struct buf flow, request, response, headers;
    buf_init(&flow, 100000);
    buf_init(&request, 10000);
    buf_init(&response, 10000);
    buf_init(&headers, 10000);
    header(&headers, "Content-Type", "application/scim+json");
    header(&headers, "host", "scim.example.com");
    nested(&request, "headers", ']', &headers);
    text(&request, "method", ',', "POST");
    text(&request, "scheme", ',', "https");
    text(&request, "host", ';', "scim.example.com");
    text(&request, "port", '#', "8443");
    text(&request, "path", ',', path);
    text(&request, "content", ',', "{\"userName\":\"a\"}");
    text(&request, "timestamp_start", '^', "1773014657.1939917");
    text(&flow, "type", ';', "http");
    nested(&flow, "request", '}', &request);
    if (status) {
        char digits[16];
        snprintf(digits, sizeof digits, "%d", status);
        text(&response, "status_code", '#', digits);
        text(&response, "content", ',', "{}");
        text(&response, "timestamp_end", '^', "1773014657.5");
        nested(&flow, "response", '}', &response);
    } else {
        text(&flow, "response", '~', "");
        buf_init(&response, 1000);
        text(&response, "msg", ';', error);
        nested(&flow, "error", '}', &response);
    }
    value(&file, '}', buf_slice(&flow));
    buf_free(&flow);
}

static void setup(void)
{
    buf_init(&file, 1000000);
}

static void teardown(void)
{
    buf_free(&file);
}

TestSuite(mitm, .init = setup, .fini = teardown);

/* Reads all; checks that the i-th good record has the i-th path; returns good and bad counts. */
static void read_all(const char *const *paths, size_t *good, size_t *bad)
{
    struct input *in = input_of_memory("x.flows", buf_slice(&file));
    void *self;
    struct fault why;
    struct record record;
    *good = *bad = 0;
    cr_assert(eq(int, (int)mitm_reader.open(&self, in, &why), FAULT_NONE));
    for (;;) {
        enum reading reading = mitm_reader.next(self, &record, &why);
        if (reading == READING_END || reading == READING_FAILED)
            break;
        if (reading == READING_BAD_RECORD) {
            ++*bad;
            continue;
        }
        cr_assert(slice_ends_fold(record.http.url, paths[*good]));
        ++*good;
    }
    mitm_reader.close(self);
    input_close(in);
}

Test(mitm, reads_the_fields_of_a_flow)
{
    add_flow("/scim/Users", 409, NULL);
    struct input *in = input_of_memory("x", buf_slice(&file));
    void *self;
    struct fault why;
    struct record r;
    cr_expect(gt(int, mitm_reader.sniff(input_head(in), "x"), 50));
    cr_assert(eq(int, (int)mitm_reader.open(&self, in, &why), FAULT_NONE));
    cr_assert(eq(int, (int)mitm_reader.next(self, &r, &why), READING_RECORD));
    cr_expect(slice_is(r.http.url, "https://scim.example.com:8443/scim/Users"));
    cr_expect(slice_is(r.http.method, "POST"));
    cr_expect(eq(int, r.http.status, 409));
    cr_expect(eq(i64, r.time_us, INT64_C(1773014657193991)));
    cr_expect(slice_is(r.time_text, "1773014657.1939917"));
    cr_expect(eq(i64, r.http.duration_us, 306009));
    cr_expect(slice_is(r.http.request.body.text, "{\"userName\":\"a\"}"));
    cr_expect(slice_is(message_header(&r.http.request, "HOST"), "scim.example.com"));
    cr_expect(eq(int, (int)mitm_reader.next(self, &r, &why), READING_END));
    mitm_reader.close(self);
    input_close(in);
}

Test(mitm, keeps_the_error_of_a_lost_call)
{
    add_flow("/a", 0, "server closed connection");
    struct input *in = input_of_memory("x", buf_slice(&file));
    void *self;
    struct fault why;
    struct record r;
    cr_assert(eq(int, (int)mitm_reader.open(&self, in, &why), FAULT_NONE));
    cr_assert(eq(int, (int)mitm_reader.next(self, &r, &why), READING_RECORD));
    cr_expect(eq(int, r.http.status, 0));
    cr_expect(slice_is(r.http.error, "server closed connection"));
    cr_expect(not(r.http.response.headers_known));
    mitm_reader.close(self);
    input_close(in);
}

Test(mitm, passes_over_flows_of_other_kinds)
{
    struct buf flow;
    buf_init(&flow, 1000);
    text(&flow, "type", ';', "tcp");
    text(&flow, "messages", ']', "");
    value(&file, '}', buf_slice(&flow));
    buf_free(&flow);
    add_flow("/a", 200, NULL);
    size_t good, bad;
    read_all((const char *const[]){"/a"}, &good, &bad);
    cr_expect(eq(sz, good, 1));
    cr_expect(eq(sz, bad, 0));
}

Test(mitm, finds_the_next_flow_behind_a_broken_length)
{
    add_flow("/a", 200, NULL);
    size_t second = file.len;
    add_flow("/b", 200, NULL);
    add_flow("/c", 200, NULL);
    file.at[second] = 'x';
    size_t good, bad;
    read_all((const char *const[]){"/a", "/c"}, &good, &bad);
    cr_expect(eq(sz, good, 2));
    cr_expect(eq(sz, bad, 1));
}

Test(mitm, keeps_what_stands_before_the_cut)
{
    add_flow("/a", 200, NULL);
    add_flow("/b", 200, NULL);
    file.len -= 10;
    size_t good, bad;
    read_all((const char *const[]){"/a"}, &good, &bad);
    cr_expect(eq(sz, good, 1));
    cr_expect(eq(sz, bad, 1));
}

Test(mitm, is_not_fooled_by_text_and_numbers)
{
    cr_expect(eq(int, mitm_reader.sniff(SLICE("12:30:01 started"), "x.flows"), 0));
    cr_expect(eq(int, mitm_reader.sniff(SLICE("{\"log\":{}}"), "x.flows"), 0));
    cr_expect(eq(int, mitm_reader.sniff(SLICE(""), "x.flows"), 0));
}
