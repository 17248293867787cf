/* Fiddler archives, packed here. */
#include "tests/import/reading.h"

#include <archive.h>
#include <archive_entry.h>

static char packed[1 << 16];
static size_t packed_size;
static struct archive *zip;
static struct reading_test t;

static void begin(void)
{
    zip = archive_write_new();
    archive_write_set_format_zip(zip);
    archive_write_open_memory(zip, packed, sizeof packed, &packed_size);
}

static void add(const char *name, const char *text)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)strlen(text));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(zip, entry);
    archive_write_data(zip, text, strlen(text));
    archive_entry_free(entry);
}

static void end(void)
{
    archive_write_close(zip);
    archive_write_free(zip);
    cr_assert(gt(int, saz_reader.sniff(slice_make(packed, packed_size), "x"), 50));
    reading_begin(&t, &saz_reader, slice_make(packed, packed_size));
}

#define REQUEST "POST https://h.example.com/scim/Users HTTP/1.1\r\nHost: h.example.com\r\n\r\n{}"
#define RESPONSE "HTTP/1.1 409 Conflict\r\nContent-Type: application/scim+json\r\n\r\n{\"a\":1}"
#define TIMES                                                                                      \
    "\xef\xbb\xbf<?xml version=\"1.0\"?><Session><SessionTimers "                                  \
    "ClientBeginRequest=\"2026-03-09T09:04:17.3723742+09:00\" GatewayTime=\"0\" "                  \
    "ClientDoneResponse=\"2026-03-09T09:04:17.4175636+09:00\"/></Session>"

Test(saz, joins_the_members_of_a_session)
{
    begin();
    add("raw/07_c.txt", REQUEST);
    add("raw/07_m.xml", TIMES);
    add("raw/07_s.txt", RESPONSE);
    end();
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
    cr_expect(slice_is(t.record.http.url, "https://h.example.com/scim/Users"));
    cr_expect(eq(int, t.record.http.status, 409));
    cr_expect(slice_is(t.record.http.request.body.text, "{}"));
    cr_expect(eq(i64, t.record.http.duration_us, 45189));
    char out[TIME_TEXT_SIZE];
    cr_expect(eq(str, (char *)time_utc_text(out, t.record.time_us), "2026-03-09T00:04:17.372374Z"));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(saz, finds_members_in_any_order_and_sessions_without_answer)
{
    begin();
    add("raw/1_c.txt", REQUEST);
    add("raw/2_c.txt", REQUEST);
    add("raw/1_s.txt", RESPONSE);
    add("raw/1_m.xml", TIMES);
    add("raw/2_m.xml", "<Session><SessionTimers ClientBeginRequest=\"0001-01-01T00:00:00\"/>"
                       "<SessionFlags><SessionFlag N=\"x-aborted-when\" V=\"SendingResponse\"/>"
                       "</SessionFlags></Session>");
    end();
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(int, t.record.http.status, 409));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(eq(int, t.record.http.status, 0));
    cr_expect(eq(i64, t.record.time_us, TIME_NONE));
    cr_expect(slice_is(t.record.http.error, "aborted: SendingResponse"));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(saz, a_session_without_a_request_line_is_damaged)
{
    begin();
    add("raw/1_c.txt", "\x16\x03 nothing");
    add("raw/1_m.xml", TIMES);
    add("raw/1_s.txt", RESPONSE);
    end();
    cr_expect(eq(int, (int)reading_next(&t), READING_BAD_RECORD));
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}
