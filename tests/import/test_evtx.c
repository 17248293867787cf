/* .evtx files: which bytes are one, and what the values of an event read as. What damage costs is
 * tested in test_evtx_chunk.c. */
#include "tests/import/event_log.h"

#include "import/evtx_chunk.h"

#include <criterion/parameterized.h>
#include <time.h>

enum { HEADER = 4096, CHUNK = EVTX_CHUNK_SIZE };

#define expect_story(bytes, expected) expect_told(&evtx_reader, bytes, expected)

/* --- what an event says ----------------------------------------------------------------------- */

Test(evtx, reads_the_fields_of_an_event)
{
    struct log l = open_log(&evtx_reader, "sync.evtx");
    next_record(&l);
    next_record(&l);
    const struct record_event *e = &l.record.event;
    cr_expect(eq(int, (int)l.record.kind, KIND_EVENT));
    cr_expect(eq(i64, e->record_id, 502));
    cr_expect(eq(i64, e->event_id, 101));
    cr_expect(eq(int, (int)e->level, LEVEL_INFORMATION));
    expect_slice(e->provider, "Sync Agent");
    expect_slice(e->computer, "ad1.example.com");
    expect_slice(e->channel, "Application");
    expect_slice(e->user_sid, "S-1-5-18");
    cr_expect(slice_is_none(e->message));
    cr_expect(eq(sz, e->data_count, 3));
    cr_expect(slice_is_none(e->data[0].name));
    expect_slice(e->data[0].value, "Processing 𠮷野 一郎");
    expect_slice(e->data[1].value, "");
    expect_slice(e->data[2].value, "second");
    close_log(&l);
}

Test(evtx, cuts_the_time_of_the_event_to_microseconds)
{
    struct log l = open_log(&evtx_reader, "sync.evtx");
    char text[TIME_TEXT_SIZE];
    next_record(&l);
    expect_slice(l.record.time_text, "2026-05-11T06:30:00.1234567Z");
    time_utc_text(text, l.record.time_us);
    cr_expect(eq(str, text, "2026-05-11T06:30:00.123456Z"));
    cr_expect(not(l.record.zone_assumed));
    close_log(&l);
}

Test(evtx, takes_level_0_for_information)
{
    struct log l = open_log(&evtx_reader, "sync.evtx");
    for (int i = 0; i < 5; i++)
        next_record(&l);
    cr_expect(eq(i64, l.record.event.event_id, 103));
    cr_expect(eq(int, (int)l.record.event.level, LEVEL_INFORMATION));
    close_log(&l);
}

struct value_case {
    char name[20], text[48];
};

ParameterizedTestParameters(evtx, shows_values_as_windows_does)
{
    static struct value_case rows[] = {
        {"string", "with NUL"},
        {"lone", "a\xef\xbf\xbd"
                 "b"},
        {"odd", "a"},
        {"ansi", "caf\xc3\xa9"},
        {"int8", "-5"},
        {"uint8", "250"},
        {"int16", "-300"},
        {"uint16", "65535"},
        {"int32", "-70000"},
        {"uint32", "4000000000"},
        {"int64", "-9223372036854775808"},
        {"uint64", "18446744073709551615"},
        {"float", "0.1"},
        {"double", "0.1"},
        {"bool", "true"},
        {"binary", "00AB10"},
        {"guid", "{03020100-0504-0706-0809-0A0B0C0D0E0F}"},
        {"size", "0xabc"},
        {"filetime", "1970-01-01T00:00:00.0000001Z"},
        {"forever", "18446744073709551615"},
        {"systemtime", "2026-05-11T06:30:00.009Z"},
        {"sid", "S-1-5-21-4294967295-2"},
        {"sid short", ""},
        {"hex32", "0x80"},
        {"hex64", "0x8000000000000000"},
        {"wrong size", ""},
        {"unknown", ""},
        {"array", "一||二"},
        {"open array", "x|y"},
        {"numbers", "1|2|3"},
        {"Attribute.there", "-5"},
    };
    return cr_make_param_array(struct value_case, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct value_case *row, evtx, shows_values_as_windows_does)
{
    struct log l = open_log(&evtx_reader, "values.evtx");
    next_record(&l);
    char joined[200] = "";
    int found = 0;
    for (size_t i = 0; i < l.record.event.data_count; i++) {
        const struct pair *p = &l.record.event.data[i];
        if (!slice_is(p->name, row->name))
            continue;
        size_t len = strlen(joined);
        snprintf(joined + len, sizeof joined - len, "%s%.*s", found++ ? "|" : "", (int)p->value.len,
                 p->value.at);
    }
    cr_expect(gt(int, found, 0), "%s", row->name);
    cr_expect(eq(str, joined, row->text), "%s", row->name);
    close_log(&l);
}

Test(evtx, leaves_out_what_depends_on_a_null_value)
{
    struct log l = open_log(&evtx_reader, "values.evtx");
    next_record(&l);
    for (size_t i = 0; i < l.record.event.data_count; i++) {
        cr_expect(not(slice_is(l.record.event.data[i].name, "Omitted")));
        cr_expect(not(slice_is(l.record.event.data[i].name, "Attribute.gone")));
    }
    close_log(&l);
}

Test(evtx, takes_id_and_time_of_the_header_when_the_event_says_none)
{
    struct log l = open_log(&evtx_reader, "values.evtx");
    next_record(&l);
    cr_expect(eq(i64, l.record.event.record_id, 1));
    cr_expect(eq(i64, l.record.time_us, 0));
    expect_slice(l.record.event.provider, "A&B");
    close_log(&l);
}

Test(evtx, reads_elements_that_stand_directly_in_the_record)
{
    struct log l = open_log(&evtx_reader, "values.evtx");
    next_record(&l);
    next_record(&l);
    const struct record_event *e = &l.record.event;
    cr_expect(eq(i64, e->record_id, 3229), "the event's own id, not the collector's");
    expect_slice(e->message, "Hello");
    cr_assert(eq(sz, e->data_count, 3));
    expect_slice(e->data[0].name, "Report.id");
    expect_slice(e->data[0].value, "x");
    expect_slice(e->data[1].name, "Name");
    expect_slice(e->data[1].value, "a<A[]z");
    expect_slice(e->data[2].name, "Empty");
    close_log(&l);
}

Test(evtx, reads_fragments_inside_values)
{
    struct log l = open_log(&evtx_reader, "values.evtx");
    for (int i = 0; i < 3; i++)
        next_record(&l);
    cr_assert(eq(sz, l.record.event.data_count, 1));
    expect_slice(l.record.event.data[0].name, "Leaf");
    expect_slice(l.record.event.data[0].value, "deep");
    close_log(&l);
}

Test(evtx, bounds_the_work_that_a_record_may_ask_for)
{
    struct bytes b = fixture("bomb.evtx");
    clock_t start = clock();
    struct story told = story_of(&evtx_reader, b);
    cr_expect(lt(dbl, (double)(clock() - start) / CLOCKS_PER_SEC, 1.0));
    cr_expect(eq(str, told.text, "! 2 ."));
    cr_expect(eq(int, (int)told.last.code, FAULT_LIMIT));
    free(b.at);
}

/* --- which bytes are a log -------------------------------------------------------------------- */

static int sniff(struct bytes b)
{
    return evtx_reader.sniff(slice_make((char *)b.at, b.len < INPUT_HEAD ? b.len : INPUT_HEAD),
                             "x");
}

Test(evtx, is_told_by_its_signatures)
{
    struct bytes b = fixture("sync.evtx");
    cr_expect(eq(int, sniff(b), 100));
    b.at[0] = 'X';
    cr_expect(ge(int, sniff(b), 50), "chunks are where they belong");
    b.at[HEADER] = 'X';
    cr_expect(eq(int, sniff(b), 0));
    struct bytes text = {(unsigned char *)"ElfFile is a word", 17};
    cr_expect(eq(int, sniff(text), 0));
    free(b.at);
}

Test(evtx, ends_at_once_when_the_log_is_empty)
{
    struct bytes b = fixture("sync.evtx");
    b.len = HEADER;
    b.at[42] = 0; /* number of chunks */
    uint32_t crc = evtx_crc32(0, b.at, 120);
    memcpy(b.at + 124, &crc, 4);
    expect_story(b, ".");
}

Test(evtx, says_when_chunks_that_the_header_speaks_of_are_missing)
{
    struct bytes b = fixture("sync.evtx");
    b.len = HEADER + CHUNK;
    expect_story(b, "501 502 503 ! .");
}

Test(evtx, refuses_a_file_that_ends_inside_its_header)
{
    struct bytes b = fixture("sync.evtx");
    b.len = 100;
    expect_story(b, "refused");
}

Test(evtx, finds_nothing_intact_in_zeros_behind_a_signature)
{
    struct bytes b = {xcalloc(1, FIXTURE_LIMIT), FIXTURE_LIMIT};
    memcpy(b.at, "ElfFile", 8);
    expect_story(b, "F");
}

Test(evtx, gives_up_a_large_file_of_zeros_early)
{
    enum { LARGE = 80 * 1024 * 1024 };
    struct bytes b = {xcalloc(1, LARGE), LARGE};
    memcpy(b.at, "ElfFile", 8);
    struct input *in = input_of_memory("test", slice_make((char *)b.at, b.len));
    void *self = NULL;
    struct record record;
    struct fault why;
    cr_assert(eq(int, (int)evtx_reader.open(&self, in, &why), FAULT_NONE));
    cr_expect(eq(int, (int)evtx_reader.next(self, &record, &why), READING_FAILED));
    cr_expect(lt(u64, input_offset(in), 70 * 1024 * 1024));
    evtx_reader.close(self);
    input_close(in);
    free(b.at);
}
