/* HAR captures: which bytes are one, what their entries say, what damage costs. */
#include "import/readers.h"

#include "core/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define FIXTURES "tests/fixtures/har/"

struct capture {
    struct input *in;
    void *self;
};

static struct capture open_input(struct input *in)
{
    struct capture c = {.in = in};
    struct fault why;
    cr_assert(eq(int, (int)har_reader.open(&c.self, in, &why), FAULT_NONE));
    return c;
}

static struct capture open_fixture(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, FIXTURES "%s", name);
    struct input *in;
    struct fault why;
    cr_assert(eq(int, (int)input_open(&in, path, &why), FAULT_NONE), "%s", name);
    return open_input(in);
}

static void close_capture(struct capture *c)
{
    har_reader.close(c->self);
    input_close(c->in);
}

struct tally {
    uint64_t good, bad, last_bad_offset;
    bool failed;
    char sentence[240]; /* of the last damaged place or the failure */
};

static struct tally read_all(struct capture *c)
{
    struct tally tally = {0};
    for (uint64_t position = 0;; position++) {
        struct record record;
        struct fault why = {.code = FAULT_NONE};
        enum reading reading = har_reader.next(c->self, &record, &why);
        if (reading == READING_END)
            return tally;
        if (reading == READING_RECORD) {
            tally.good++;
            cr_expect(eq(u64, record.position, position));
            continue;
        }
        snprintf(tally.sentence, sizeof tally.sentence, "%s", why.text);
        tally.failed = reading == READING_FAILED;
        if (tally.failed)
            return tally;
        tally.bad++;
        tally.last_bad_offset = why.offset;
    }
}

static int sniff_fixture(const char *name)
{
    struct capture c = open_fixture(name);
    int score = har_reader.sniff(input_head(c.in), name);
    close_capture(&c);
    return score;
}

/* --- which bytes ------------------------------------------------------------------------------ */

Test(har, is_recognised_by_its_log_whatever_stands_first)
{
    cr_expect(gt(int, sniff_fixture("plain.har"), 50));
    cr_expect(gt(int, sniff_fixture("bom.har"), 50));
    cr_expect(gt(int, sniff_fixture("entries_first.har"), 50));
    cr_expect(gt(int, har_reader.sniff(SLICE("{\"x\":[1,{}],\"log\":{\"pages\":["), "a"), 50));
}

Test(har, leaves_other_text_alone)
{
    cr_expect(zero(int, sniff_fixture("other.json")));
    cr_expect(zero(int, sniff_fixture("text.har")));
    cr_expect(zero(int, har_reader.sniff(SLICE("{\"log\":[1]}"), "a.har")));
    cr_expect(zero(int, har_reader.sniff(SLICE("{\"log\":{}}"), "a.har")));
    cr_expect(zero(int, har_reader.sniff(SLICE("[{\"log\":{\"entries\":[]}}]"), "a.har")));
    cr_expect(zero(int, har_reader.sniff(SLICE("{\"a\":{\"log\":{\"entries\":[]}}}"), "a.har")));
    cr_expect(zero(int, har_reader.sniff(SLICE(""), "a.har")));
}

/* --- damage ----------------------------------------------------------------------------------- */

struct damage_row {
    char file[32];
    uint64_t good, bad, offset; /* offset of the last damaged place, 0 = not looked at */
    bool failed;
    char sentence[64];
};

ParameterizedTestParameters(har, keeps_every_intact_entry)
{
    static struct damage_row rows[] = {
        {"plain.har", 3, 0, 0, false, ""},
        {"bom.har", 1, 0, 0, false, ""},
        {"entries_first.har", 2, 0, 0, false, ""},
        {"two_captures.har", 2, 0, 0, false, ""},
        {"same_twice.har", 2, 0, 0, false, ""},
        {"no_entries.har", 0, 0, 0, false, ""},
        {"no_list.har", 0, 0, 0, true, "its log has no list of entries"},
        {"text.har", 0, 0, 0, true, "not a HAR: it does not begin with an object"},
        {"other.json", 0, 0, 0, true, "its log has no list of entries"},
        {"broken_value.har", 4, 1, 2049, false, "an entry is not valid JSON"},
        {"lost_quote.har", 4, 1, 2049, false, "an entry is not valid JSON"},
        {"lost_brace.har", 4, 1, 2049, false, "an entry is not valid JSON"},
        {"lost_last_quote.har", 4, 1, 1953, false, "an entry is not valid JSON"},
        {"pages_behind.har", 2, 1, 0, false, "an entry is not valid JSON"},
        {"lost_two.har", 3, 2, 2987, false, "an entry is not valid JSON"},
        {"zeroed.har", 4, 1, 2049, false, "an entry is not valid JSON"},
        {"too_deep.har", 4, 1, 171, false, "an entry is nested too deep (over 64 levels)"},
        {"truncated.har", 3, 1, 2988, false, "the file ends inside an entry"},
        {"truncated_between.har", 3, 1, 2988, false, "the file ends in the middle of the capture"},
        {"not_objects.har", 3, 4, 2063, false, "an entry has no request with a URL"},
        {"trailing.har", 1, 1, 1112, false, "other text follows the end of the capture"},
        {"damaged_pages.har", 5, 1, 72, false, "the capture is damaged outside of its entries"},
    };
    return cr_make_param_array(struct damage_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct damage_row *row, har, keeps_every_intact_entry)
{
    struct capture c = open_fixture(row->file);
    struct tally tally = read_all(&c);
    cr_expect(eq(u64, tally.good, row->good), "%s", row->file);
    cr_expect(eq(u64, tally.bad, row->bad), "%s", row->file);
    cr_expect(tally.failed == row->failed, "%s", row->file);
    cr_expect(eq(str, tally.sentence, row->sentence), "%s", row->file);
    if (row->offset)
        cr_expect(eq(u64, tally.last_bad_offset, row->offset), "%s", row->file);
    close_capture(&c);
}

Test(har, says_what_is_missing_at_every_length_of_a_cut_file)
{
    struct input *whole;
    struct fault why;
    cr_assert(eq(int, (int)input_open(&whole, FIXTURES "plain.har", &why), FAULT_NONE));
    char *bytes = xmalloc(16384);
    size_t len;
    cr_assert(eq(int, (int)input_read(whole, bytes, 16384, &len, &why), FAULT_NONE));
    uint64_t most = 0;
    for (size_t cut = 1; cut < len - 1; cut++) { /* the last byte is a line feed */
        struct capture c = open_input(input_of_memory("cut.har", slice_make(bytes, cut)));
        struct tally tally = read_all(&c);
        cr_expect(tally.failed || tally.bad == 1, "cut at %zu of %zu", cut, len);
        cr_expect(ge(u64, tally.good, most), "cut at %zu", cut);
        most = tally.good;
        close_capture(&c);
    }
    cr_expect(eq(u64, most, 3));
    free(bytes);
    input_close(whole);
}

/* --- what entries say ------------------------------------------------------------------------- */

/* The record at `position` of exporters.har; the capture stays open. */
static struct record exported(struct capture *c, uint64_t position)
{
    *c = open_fixture("exporters.har");
    struct record record;
    struct fault why;
    for (uint64_t i = 0; i <= position; i++)
        cr_assert(eq(int, (int)har_reader.next(c->self, &record, &why), READING_RECORD));
    return record;
}

Test(har, reads_an_exchange_with_its_values_decoded)
{
    struct capture c = open_fixture("plain.har");
    struct record r;
    struct fault why;
    cr_assert(eq(int, (int)har_reader.next(c.self, &r, &why), READING_RECORD));
    cr_expect(eq(int, (int)r.kind, KIND_HTTP));
    cr_expect(eq(u64, r.offset, 220));
    cr_expect(eq(i64, r.time_us, INT64_C(1793696460250000)));
    cr_expect(slice_is(r.time_text, "2026-11-03T09:01:00.250Z"));
    cr_expect_not(r.zone_assumed);
    cr_expect(eq(i64, r.http.duration_us, 41500));
    cr_expect(slice_is(r.http.method, "POST"));
    cr_expect(slice_is(r.http.url, "https://scim.example.com/scim/v2/Users?n=1"));
    cr_expect(eq(int, r.http.status, 409));
    cr_expect(r.http.request.headers_known);
    cr_expect(eq(sz, r.http.request.header_count, 2));
    cr_expect(slice_is(message_header(&r.http.request, "host"), "scim.example.com"));
    cr_expect(slice_is(r.http.request.body.text, "{\"userName\":\"u1@example.com\"}"));
    cr_expect(slice_is(r.http.request.body.type, "application/scim+json"));
    cr_expect(slice_is(r.http.response.body.text,
                       "{\"detail\":\"name \\u201cu1\\u201d taken\",\"status\":\"409\"}"));
    cr_expect(eq(u64, r.http.response.body.size, r.http.response.body.text.len));
    cr_expect(slice_is_none(r.http.error));
    close_capture(&c);
}

Test(har, reads_headers_written_as_bare_pairs)
{
    struct capture c;
    struct record r = exported(&c, 0);
    cr_expect(eq(sz, r.http.request.header_count, 3));
    cr_expect(slice_is(message_header(&r.http.request, "Host"), "scim.example.com"));
    cr_expect(slice_is(message_header(&r.http.request, "X-Odd"), ""));
    cr_expect(slice_is(message_header(&r.http.request, "Accept"), "*/*"));
    close_capture(&c);
}

Test(har, decodes_base64_to_text_or_keeps_it_as_binary)
{
    struct capture c;
    struct record r = exported(&c, 1);
    cr_expect(slice_is(r.http.response.body.text, "{\"status\":\"409\"}"));
    cr_expect_not(r.http.response.body.binary);
    close_capture(&c);
    r = exported(&c, 2);
    cr_expect(r.http.response.body.binary);
    cr_expect(eq(u64, r.http.response.body.size, 8));
    cr_expect(slice_starts(r.http.response.body.text, "\x89PNG"));
    close_capture(&c);
    r = exported(&c, 3); /* what cannot be decoded must not pass as text */
    cr_expect(r.http.response.body.binary);
    close_capture(&c);
    r = exported(&c, 7);
    cr_expect(slice_is(r.http.request.body.text, "{}"));
    close_capture(&c);
    r = exported(&c, 10);
    cr_expect(slice_is(r.http.response.body.text, "ab\xef\xbf\xbd"
                                                  "c"));
    cr_expect_not(r.http.response.body.binary);
    close_capture(&c);
}

Test(har, tells_calls_without_an_answer)
{
    struct capture c;
    struct record r = exported(&c, 4);
    cr_expect(zero(int, r.http.status));
    cr_expect(slice_is(r.http.error, "net::ERR_CONNECTION_RESET"));
    cr_expect_not(r.http.response.headers_known);
    cr_expect(slice_is_none(r.http.response.body.text));
    close_capture(&c);
    r = exported(&c, 5);
    cr_expect(zero(int, r.http.status));
    cr_expect(slice_is_none(r.http.error));
    close_capture(&c);
}

Test(har, cuts_long_fractions_and_keeps_the_time_as_written)
{
    struct capture c;
    struct record r = exported(&c, 5);
    cr_expect(slice_is(r.time_text, "2026-11-03T18:06:00.1234567+09:00"));
    cr_expect(eq(i64, r.time_us, INT64_C(1793696760123456)));
    cr_expect(eq(i64, r.http.duration_us, 7000));
    close_capture(&c);
    r = exported(&c, 8);
    cr_expect(eq(i64, r.time_us, TIME_NONE));
    cr_expect(slice_is(r.time_text, "yesterday"));
    cr_expect(eq(i64, r.http.duration_us, -1));
    cr_expect_not(r.zone_assumed);
    close_capture(&c);
    r = exported(&c, 9);
    cr_expect(r.zone_assumed);
    close_capture(&c);
}

Test(har, writes_a_form_from_its_fields_when_the_text_is_left_out)
{
    struct capture c;
    struct record r = exported(&c, 6);
    cr_expect(slice_is(r.http.request.body.text, "grant+type=a%26b&f="));
    cr_expect(slice_is(r.http.request.body.type, "application/x-www-form-urlencoded"));
    close_capture(&c);
}

Test(har, takes_missing_and_odd_parts_as_absent)
{
    struct capture c;
    struct record r = exported(&c, 8);
    cr_expect_not(r.http.request.headers_known);
    cr_expect(slice_is_none(r.http.request.body.text));
    cr_expect(eq(int, r.http.status, 204));
    cr_expect(slice_is_none(r.http.response.body.text));
    cr_expect(slice_is_none(r.http.response.body.type));
    close_capture(&c);
}

/* --- size ------------------------------------------------------------------------------------- */

/* One line: `count` entries, each with a body of `body` bytes `x` after an escaped quote. */
static struct buf one_line(size_t count, size_t body)
{
    struct buf out;
    buf_init(&out, SIZE_MAX);
    buf_add_text(&out, "{\"log\":{\"version\":\"1.2\",\"entries\":[");
    for (size_t i = 0; i < count; i++) {
        buf_add_format(&out,
                       "%s{\"startedDateTime\":\"2026-11-03T09:00:00Z\",\"time\":1,"
                       "\"request\":{\"method\":\"GET\",\"url\":\"http://h/%zu\"},"
                       "\"response\":{\"status\":200,\"content\":{\"text\":\"\\\"{[",
                       i ? "," : "", i);
        memset(buf_extend(&out, body), 'x', body);
        buf_add_text(&out, "\"}}}");
    }
    buf_add_text(&out, "]}}");
    return out;
}

Test(har, reads_entries_larger_than_its_window)
{
    struct buf text = one_line(3, 3 * 1024 * 1024);
    struct capture c = open_input(input_of_memory("line.har", buf_slice(&text)));
    struct record r;
    struct fault why;
    for (int i = 0; i < 3; i++) {
        cr_assert(eq(int, (int)har_reader.next(c.self, &r, &why), READING_RECORD));
        cr_expect(eq(u64, r.http.response.body.size, 3 * 1024 * 1024 + 3));
        cr_expect(slice_starts(r.http.response.body.text, "\"{[xxx"));
    }
    cr_expect(eq(int, (int)har_reader.next(c.self, &r, &why), READING_END));
    close_capture(&c);
    buf_free(&text);
}

Test(har, passes_over_an_entry_above_the_limit_and_goes_on)
{
    struct buf text = one_line(2, RECORD_SIZE_LIMIT + 10);
    struct buf good = one_line(1, 10);
    buf_add_text(&text, "\n");
    buf_add(&text, buf_slice(&good));
    struct capture c = open_input(input_of_memory("line.har", buf_slice(&text)));
    struct tally tally = read_all(&c);
    cr_expect(eq(u64, tally.good, 1));
    cr_expect(eq(u64, tally.bad, 2));
    cr_expect(eq(str, tally.sentence, "an entry is larger than 64 MiB"));
    close_capture(&c);
    buf_free(&text);
    buf_free(&good);
}

Test(har, does_not_grow_with_the_file)
{
    char path[] = "/tmp/test_har_XXXXXX";
    int fd = mkstemp(path);
    cr_assert(ge(int, fd, 0));
    FILE *file = fdopen(fd, "w");
    struct buf part = one_line(1, 8 * 1024);
    struct slice whole = buf_slice(&part);
    size_t head = strlen("{\"log\":{\"version\":\"1.2\",\"entries\":[");
    struct slice entry = slice_make(whole.at + head, whole.len - head - 3);
    fwrite(whole.at, 1, head, file);
    for (int i = 0; i < 4000; i++) { /* 33 MB on one line */
        if (i)
            fputc(',', file);
        fwrite(entry.at, 1, entry.len, file);
    }
    fputs("]}}", file);
    fclose(file);
    buf_free(&part);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    struct input *in;
    struct fault why;
    cr_assert(eq(int, (int)input_open(&in, path, &why), FAULT_NONE));
    struct capture c = open_input(in);
    struct tally tally = read_all(&c);
    getrusage(RUSAGE_SELF, &after);
    unlink(path);
    cr_expect(eq(u64, tally.good, 4000));
#ifndef __SANITIZE_ADDRESS__ /* whose quarantine keeps what was freed */
    cr_expect(lt(long, after.ru_maxrss - before.ru_maxrss, 4 * 1024), "KiB more than before");
#endif
    close_capture(&c);
}

Test(har, keeps_the_first_headers_of_too_many)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_add_text(&text, "{\"log\":{\"entries\":[{\"request\":{\"url\":\"u\",\"headers\":[");
    for (int i = 0; i < RECORD_FIELDS_LIMIT + 5; i++)
        buf_add_format(&text, "%s[\"n%d\",\"v\"]", i ? "," : "", i);
    buf_add_text(&text, "]}},{\"request\":{\"url\":\"u\",\"headers\":[[\"n\",\"");
    for (int i = 0; i < RECORD_HEADER_LIMIT; i++)
        buf_add_text(&text, "\xc3\xa4");
    buf_add_text(&text, "\"]]}}]}}");
    struct capture c = open_input(input_of_memory("headers.har", buf_slice(&text)));
    struct record r;
    struct fault why;
    cr_assert(eq(int, (int)har_reader.next(c.self, &r, &why), READING_RECORD));
    cr_expect(eq(sz, r.http.request.header_count, RECORD_FIELDS_LIMIT));
    cr_assert(eq(int, (int)har_reader.next(c.self, &r, &why), READING_RECORD));
    cr_expect(eq(sz, r.http.request.headers[0].value.len, RECORD_HEADER_LIMIT));
    close_capture(&c);
    buf_free(&text);
}

Test(har, ends_as_cancelled_when_told_to_stop)
{
    static _Atomic bool stop;
    struct buf text = one_line(100, 64 * 1024);
    struct input *in = input_of_memory("line.har", buf_slice(&text));
    input_stop_on(in, &stop);
    struct capture c = open_input(in);
    struct record r;
    struct fault why;
    cr_assert(eq(int, (int)har_reader.next(c.self, &r, &why), READING_RECORD));
    atomic_store(&stop, true);
    enum reading reading;
    do
        reading = har_reader.next(c.self, &r, &why);
    while (reading == READING_RECORD);
    cr_expect(eq(int, (int)reading, READING_FAILED));
    cr_expect(eq(int, (int)why.code, FAULT_CANCELLED));
    close_capture(&c);
    buf_free(&text);
}
