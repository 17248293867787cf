/* Event XML: the same records as from .evtx, in every shape and encoding; what damage costs. */
#include "tests/import/event_log.h"

#include "core/base/buf.h"

#include <criterion/parameterized.h>

#define NS "http://schemas.microsoft.com/win/2004/08/events/event"
#define DECLARATION "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n"
/* An event with the record id `id` and `content` behind its System part. */
#define EVENT(id, content)                                                                         \
    "<Event xmlns='" NS "'><System><Provider Name='P'/><EventID>7</EventID><Level>2</Level>"       \
    "<TimeCreated SystemTime='2026-05-11T06:30:00.1234567Z'/><EventRecordID>" id                   \
    "</EventRecordID><Channel>C</Channel><Computer>M</Computer><Security/></System>" content       \
    "</Event>"

/* Bytes of our own to read from; tests free them. */
static struct bytes bytes_of(struct slice text)
{
    struct bytes b = {xmalloc(text.len + 1), text.len};
    memcpy(b.at, text.at, text.len);
    return b;
}

#define expect_xml(text, expected)                                                                 \
    expect_told(&event_xml_reader, bytes_of(slice_of(text)), expected)

static struct story story_of_text(const char *text)
{
    struct bytes b = bytes_of(slice_of(text));
    struct story s = story_of(&event_xml_reader, b);
    free(b.at);
    return s;
}

static int sniff(struct slice head)
{
    return event_xml_reader.sniff(head, "x.xml");
}

/* --- what an event says ----------------------------------------------------------------------- */

static void expect_same(struct slice a, struct slice b)
{
    cr_expect(eq(int, slice_is_none(a), slice_is_none(b)));
    cr_expect(slice_equal(a, b), "%.*s / %.*s", (int)a.len, a.at, (int)b.len, b.at);
}

Test(event_xml, gives_the_same_records_as_the_evtx_file)
{
    struct log a = open_log(&evtx_reader, "sync.evtx");
    struct log b = open_log(&event_xml_reader, "sync.xml");
    for (int i = 0; i < 6; i++) {
        next_record(&a);
        next_record(&b);
        const struct record_event *e = &a.record.event, *x = &b.record.event;
        cr_expect(eq(i64, a.record.time_us, b.record.time_us));
        expect_same(a.record.time_text, b.record.time_text);
        cr_expect(eq(i64, e->record_id, x->record_id));
        cr_expect(eq(i64, e->event_id, x->event_id));
        cr_expect(eq(int, (int)e->level, (int)x->level));
        expect_same(e->provider, x->provider);
        expect_same(e->computer, x->computer);
        expect_same(e->channel, x->channel);
        expect_same(e->user_sid, x->user_sid);
        cr_assert(eq(sz, e->data_count, x->data_count));
        for (size_t k = 0; k < e->data_count; k++) {
            expect_same(e->data[k].name, x->data[k].name);
            expect_same(e->data[k].value, x->data[k].value);
        }
    }
    close_log(&a);
    close_log(&b);
}

/* The one record of a text; valid until the next call. */
static const struct record *only_record(const char *text)
{
    static struct record record;
    static struct input *in;
    static void *self;
    struct fault why = {0};
    event_xml_reader.close(self);
    input_close(in);
    in = input_of_memory("test", slice_of(text));
    cr_assert(eq(int, (int)event_xml_reader.open(&self, in, &why), FAULT_NONE));
    cr_assert(eq(int, (int)event_xml_reader.next(self, &record, &why), READING_RECORD), "%s",
              why.text);
    return &record;
}

Test(event_xml, takes_the_message_from_the_rendering_info)
{
    const struct record *r = only_record(
        EVENT("1", "<EventData><Data>raw</Data></EventData><RenderingInfo Culture='en-US'>"
                   "<Message>A &lt;b&gt;&#13;&#10;c</Message><Level>Error</Level><Keywords>"
                   "<Keyword>Classic</Keyword></Keywords></RenderingInfo>"));
    expect_slice(r->event.message, "A <b>\r\nc");
    cr_assert(eq(sz, r->event.data_count, 1));
    expect_slice(r->event.data[0].value, "raw");
    cr_expect(eq(int, (int)r->event.level, LEVEL_ERROR));
}

Test(event_xml, knows_no_message_where_the_exporter_had_none)
{
    const struct record *r =
        only_record(EVENT("1", "<EventData><Data>raw</Data></EventData>"
                               "<RenderingInfo><Message></Message></RenderingInfo>"));
    cr_expect(slice_is_none(r->event.message));
}

Test(event_xml, keeps_names_and_flattens_user_data)
{
    const struct record *r =
        only_record(EVENT("1", "<UserData><x:Report xmlns:x='urn:x'>\r\n  <x:Name>n</x:Name>\r\n"
                               "  <Error code='409'>bad</Error><Nothing/></x:Report></UserData>"));
    cr_assert(eq(sz, r->event.data_count, 4));
    expect_slice(r->event.data[0].name, "Name");
    expect_slice(r->event.data[0].value, "n");
    expect_slice(r->event.data[1].name, "Error.code");
    expect_slice(r->event.data[1].value, "409");
    expect_slice(r->event.data[2].name, "Error");
    expect_slice(r->event.data[2].value, "bad");
    expect_slice(r->event.data[3].name, "Nothing");
    r = only_record(EVENT("1", "<EventData><Data Name='user'>u</Data><Data>v</Data></EventData>"));
    cr_assert(eq(sz, r->event.data_count, 2));
    expect_slice(r->event.data[0].name, "user");
    cr_expect(slice_is_none(r->event.data[1].name));
}

/* --- shapes and encodings --------------------------------------------------------------------- */

struct shape {
    char text[3000];
    char story[40];
};

ParameterizedTestParameters(event_xml, reads_every_shape)
{
    static struct shape rows[] = {
        {DECLARATION "<Events>" EVENT("1", "") EVENT("2", "") "</Events>", "1 2 ."},
        {EVENT("1", ""), "1 ."},
        {EVENT("1", "") "\r\n" EVENT("2", "") "\n\n" EVENT("3", ""), "1 2 3 ."},
        {DECLARATION "<Events>" EVENT("1", "") "</Events>" DECLARATION
                                               "<Events>" EVENT("2", "") "</Events>\n",
         "1 2 ."},
        {"<Event xmlns=\"" NS "\"><System><EventID Qualifiers=\"16384\">7</EventID>"
         "<EventRecordID>4</EventRecordID></System></Event>",
         "4 ."},
        {"<e:Events xmlns:e='" NS "'><e:Event><e:System><e:EventID>7</e:EventID>"
         "<e:EventRecordID>5</e:EventRecordID></e:System></e:Event></e:Events>",
         "5 ."},
        {"<Events></Events>", "."},
        {"<!-- saved --><Events>" EVENT("1", "<!-- x -->") "</Events>", "1 ."},
    };
    return cr_make_param_array(struct shape, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct shape *row, event_xml, reads_every_shape)
{
    cr_expect(gt(int, sniff(slice_of(row->text)), 0), "%s", row->text);
    expect_xml(row->text, row->story);
}

/* UTF-8 as UTF-16, ASCII only. */
static struct bytes wide(const char *text, bool big_endian, bool mark)
{
    size_t len = strlen(text), at = 0;
    struct bytes b = {xmalloc(2 * len + 2), 0};
    if (mark) {
        b.at[at++] = big_endian ? 0xfe : 0xff;
        b.at[at++] = big_endian ? 0xff : 0xfe;
    }
    for (size_t i = 0; i < len; i++) {
        b.at[at++] = big_endian ? 0 : (unsigned char)text[i];
        b.at[at++] = big_endian ? (unsigned char)text[i] : 0;
    }
    b.len = at;
    return b;
}

Test(event_xml, reads_utf_16_whatever_the_declaration_says)
{
    /* The second event is broken: the search for the next one must know the encoding, too. */
    static const char text[] =
        DECLARATION "<Events>" EVENT("1", "") EVENT("2", "</x>") EVENT("3", "") "</Events>";
    for (int i = 0; i < 4; i++) {
        struct bytes b = wide(text, i & 1, i & 2);
        cr_expect(gt(int, sniff(slice_make((char *)b.at, b.len)), 0));
        expect_told(&event_xml_reader, b, "1 ! 3 .");
    }
}

Test(event_xml, reads_utf_8_that_was_declared_as_something_else)
{
    expect_xml("\xef\xbb\xbf<?xml version='1.0' encoding='utf-16'?><Events>" EVENT(
                   "1", "<EventData><Data>\xe7\x94\xb0</Data></EventData>") "</Events>",
               "1 .");
    const struct record *r = only_record("<?xml version='1.0' encoding='ISO-8859-1'?>" EVENT(
        "1", "<EventData><Data>caf\xe9</Data></EventData>"));
    expect_slice(r->event.data[0].value, "caf\xc3\xa9");
}

Test(event_xml, is_told_by_its_root)
{
    cr_expect(eq(int, sniff(SLICE("")), 0));
    cr_expect(eq(int, sniff(SLICE("<items><Event/></items>")), 0));
    cr_expect(eq(int, sniff(SLICE("{\"log\": \"<Event xmlns='" NS "'>\"}")), 0));
    cr_expect(eq(int, sniff(SLICE("see <Event xmlns='" NS "'>")), 0));
    cr_expect(eq(int, sniff(SLICE("<Eventual xmlns='" NS "'>")), 0));
    cr_expect(gt(int, sniff(slice_of(EVENT("1", ""))), 90));
}

/* `count` times `text`, between `head` and `tail`. */
static struct bytes repeated(const char *head, const char *text, size_t count, const char *tail)
{
    struct buf b;
    buf_init(&b, 64 * 1024 * 1024);
    buf_add_text(&b, head);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&b, text);
    buf_add_text(&b, tail);
    return (struct bytes){(unsigned char *)b.at, b.len};
}

/* --- damage ----------------------------------------------------------------------------------- */

ParameterizedTestParameters(event_xml, loses_only_the_broken_event)
{
    static struct shape rows[] = {
        {"<Events>" EVENT("1", "") EVENT("2", "</wrong>") EVENT("3", "") "</Events>", "1 ! 3 ."},
        {"<Events>" EVENT("1", "") EVENT("2", "<a b=c>") EVENT("3", "") "</Events>", "1 ! 3 ."},
        {"<Events>" EVENT("1", "") EVENT("2", "&unknown;") EVENT("3", "") "</Events>", "1 ! 3 ."},
        {"<Events>" EVENT("1", "") "<Event xmlns='" NS "'><System><Prov" EVENT("3", "") "</Events>",
         "1 ! 3 ."},
        {"<Events>" EVENT("1", "") "<Event xmlns='" NS "'><System><EventID>7" EVENT("3", "")
             EVENT("4", "") "</Events>",
         "1 ! 3 4 ."},
        {"<Events>" EVENT("1", "") "<Event><System></System></Event>" EVENT("3", "") "</Events>",
         "1 ! 3 ."},
        {"<Events>" EVENT("1", "") "</Wrong>" EVENT("3", "") "</Events>", "1 ! 3 ."},
        {"<Events>" EVENT("1", "") "<Event xmlns='" NS "'><System><EventID>7", "1 ! ."},
        {"<Events>" EVENT("1", "") "<Event xml", "1 ! ."},
        {"<Events>" EVENT("1", ""), "1 ! ."},
        {EVENT("1", "") EVENT("2", "<"), "1 ! ."},
    };
    return cr_make_param_array(struct shape, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct shape *row, event_xml, loses_only_the_broken_event)
{
    expect_xml(row->text, row->story);
}

struct mend {
    char from[24], to[24];
};

ParameterizedTestParameters(event_xml, replaces_what_xml_cannot_say)
{
    static struct mend rows[] = {
        {"a\x1b"
         "b",
         "a?b"},
        {"&#x1B;[0m", "?[0m"},
        {"&#x1;", "\t"},
        {"&#x001b;", "\xef\xbf\xbd"},
        {"&#27;", "?"},
        {"&#1;", "\t"},
        {"&#xD842;", "\xef\xbf\xbd"},
        {"&#55362;", "\xef\xbf\xbd"},
        {"&#xFFFF;", "\xef\xbf\xbd"},
        {"&#x110000;", "\xef\xbf\xbd"},
        {"&#x41;&#66;&amp;", "AB&"},
        {"\x02&#x9;x", "?\tx"},
        {"&#x1F600;", "\xf0\x9f\x98\x80"},
    };
    return cr_make_param_array(struct mend, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct mend *row, event_xml, replaces_what_xml_cannot_say)
{
    char text[2000];
    snprintf(text, sizeof text, "%s%s%s",
             "<Event><System><EventID>7</EventID></System><EventData><Data>", row->from,
             "</Data></EventData></Event>");
    const struct record *r = only_record(text);
    cr_expect(slice_is(r->event.data[0].value, row->to), "%s", row->from);
}

Test(event_xml, replaces_it_wherever_a_read_ends)
{
    /* A read takes 64 KiB: every place of the reference falls onto its end once. */
    static const char before[] = "<Events><Event><System><EventID>7</EventID></System>"
                                 "<EventData><Data>";
    for (size_t at = 65536 - 8; at < 65536 + 2; at++) {
        struct bytes b = repeated("", " ", at - strlen(before), before);
        struct buf whole;
        buf_init(&whole, FIXTURE_LIMIT);
        buf_add(&whole, slice_make((char *)b.at, b.len));
        buf_add_text(&whole, "&#x1b;</Data></EventData></Event>" EVENT("3", "") "</Events>");
        free(b.at);
        expect_told(&event_xml_reader, ((struct bytes){(unsigned char *)whole.at, whole.len}),
                    "-1 3 .");
    }
    for (int i = 0; i < 2; i++)
        expect_told(&event_xml_reader,
                    wide("<Events>" EVENT("1", "<a>&#x1b;\x02</a>") "</Events>", i, false), "1 .");
}

Test(event_xml, says_where_an_event_is_broken)
{
    struct story told = story_of_text("<Events>" EVENT("1", "") "<Event><a></b></Event></Events>");
    size_t offset = strlen("<Events>" EVENT("1", "") "<Event><a></");
    cr_expect(eq(str, told.text, "1 ! ."));
    cr_expect(eq(u64, told.last.offset, offset));
    cr_expect(strstr(told.last.text, "mismatched tag") != NULL, "%s", told.last.text);
}

Test(event_xml, refuses_any_doctype)
{
    struct story told = story_of_text("<!DOCTYPE Events [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
                                      "<Events>" EVENT("1", "<a>&e;</a>") "</Events>");
    cr_expect(eq(str, told.text, "F"));
    cr_expect(strstr(told.last.text, "DOCTYPE") != NULL, "%s", told.last.text);
}

#define BEFORE "<Events>" EVENT("1", "")
#define INSIDE "<Event xmlns='" NS "'><System><EventID>7</EventID></System><EventData>"
#define AFTER "</EventData></Event>" EVENT("3", "") "</Events>"

Test(event_xml, reads_events_that_are_larger_than_a_read)
{
    expect_told(&event_xml_reader,
                repeated(BEFORE INSIDE "<Data>", "0123456789", 30000,
                         "</Data></EventData><EventID/></Event>" EVENT("3", "") "</Events>"),
                "1 -1 3 .");
}

Test(event_xml, gives_up_an_event_with_too_many_values)
{
    expect_told(&event_xml_reader, repeated(BEFORE INSIDE, "<Data/>", 4096, AFTER), "1 -1 3 .");
    expect_told(&event_xml_reader, repeated(BEFORE INSIDE, "<Data/>", 4097, AFTER), "1 ! 3 .");
    expect_told(&event_xml_reader, repeated(BEFORE INSIDE, "<a b=''/>", 300000, AFTER), "1 ! 3 .");
}

Test(event_xml, gives_up_what_nests_too_deep)
{
    expect_told(&event_xml_reader,
                repeated(BEFORE INSIDE, "<a>", 100000, EVENT("3", "") "</Events>"), "1 ! 3 .");
}

Test(event_xml, gives_up_a_tag_that_does_not_end)
{
    struct bytes b = repeated(BEFORE INSIDE "<a b='", "0123456789", 300000, "'/>" AFTER);
    struct story told = story_of(&event_xml_reader, b);
    cr_expect(eq(int, (int)told.last.code, FAULT_LIMIT));
    expect_told(&event_xml_reader, b, "1 ! 3 .");
}

Test(event_xml, begins_a_new_parser_without_losing_events)
{
    /* Each event brings 30 names: the parser is changed every few thousand events. */
    char many[800] = "<Event><System><EventID>7</EventID><EventRecordID>9</EventRecordID></System>"
                     "<EventData>";
    for (int i = 0; i < 26; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "<Data a='%d'/>", i);
    snprintf(many + strlen(many), sizeof many - strlen(many), "</EventData></Event>\r\n");
    struct bytes b = repeated("<Events>", many, 12000, "</Events>");
    struct input *in = input_of_memory("test", slice_make((char *)b.at, b.len));
    void *self;
    struct fault why;
    struct record record;
    uint64_t count = 0;
    enum reading what;
    cr_assert(eq(int, (int)event_xml_reader.open(&self, in, &why), FAULT_NONE));
    while ((what = event_xml_reader.next(self, &record, &why)) == READING_RECORD) {
        cr_assert(eq(u64, record.offset, 8 + count * strlen(many)));
        count++;
    }
    cr_expect(eq(int, (int)what, READING_END), "%s", why.text);
    cr_expect(eq(u64, count, 12000));
    event_xml_reader.close(self);
    input_close(in);
    free(b.at);
}

/* --- evtx_dump -------------------------------------------------------------------------------- */

Test(event_xml, passes_the_headings_that_evtx_dump_writes_between_events)
{
    static const char text[] = "Record 1\n" DECLARATION EVENT(
        "1", "") "\n\n"
                 "Record 2\n" DECLARATION EVENT("2", "") "\n\n"
                                                         "Record 13\n" DECLARATION EVENT("13",
                                                                                         "") "\n\n";
    cr_expect(gt(int, sniff(slice_of(text)), 90));
    expect_xml(text, "1 2 13 .");
    cr_expect(eq(int, sniff(SLICE("Record keeping is <b>not</b> an event")), 0));
}
