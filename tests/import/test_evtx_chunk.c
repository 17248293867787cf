/* Stale and damaged .evtx files: every record that is whole arrives, every damaged place is told.
 */
#include "tests/import/event_log.h"

#include "import/evtx_chunk.h"

#include <criterion/parameterized.h>

enum { HEADER = 4096, CHUNK = EVTX_CHUNK_SIZE };

#define expect_story(bytes, expected) expect_told(&evtx_reader, bytes, expected)

static void put32(unsigned char *at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(n >> 8 * i);
}

/* Where the n-th record of the file begins. */
static unsigned char *record_of(struct bytes b, int n)
{
    for (size_t at = 0; at + 4 <= b.len; at += 8)
        if (memcmp(b.at + at, "**\0\0", 4) == 0 && n-- == 0)
            return b.at + at;
    cr_assert(false, "no such record");
    return NULL;
}

/* Puts `count` bytes of `fill` in at `at`. */
static void insert(struct bytes *b, size_t at, size_t count, int fill)
{
    memmove(b->at + at + count, b->at + at, b->len - at);
    memset(b->at + at, fill, count);
    b->len += count;
}

Test(evtx_chunk, reads_all_chunks_of_a_log_with_a_stale_header)
{
    struct bytes b = fixture("sync.evtx");
    b.at[120] = 1; /* dirty */
    b.at[42] = 1;  /* "one chunk" */
    expect_story(b, "501 502 503 504 505 506 .");
}

Test(evtx_chunk, believes_records_whatever_the_checksums_say)
{
    struct bytes b = fixture("sync.evtx");
    memset(b.at + 124, 0xaa, 4);
    memset(b.at + HEADER + 0x34, 0xaa, 4);
    memset(b.at + HEADER + 124, 0xaa, 4);
    expect_story(b, "501 502 503 504 505 506 .");
}

Test(evtx_chunk, reads_on_behind_a_block_of_zeros)
{
    struct bytes b = fixture("sync.evtx");
    insert(&b, HEADER + CHUNK, CHUNK, 0);
    expect_story(b, "501 502 503 504 505 506 .");
}

Test(evtx_chunk, reads_on_behind_a_block_that_is_no_chunk)
{
    struct bytes b = fixture("sync.evtx");
    insert(&b, HEADER + CHUNK, CHUNK, 'x');
    struct story told = story_of(&evtx_reader, b);
    cr_expect(eq(u64, told.last.offset, HEADER + CHUNK));
    expect_story(b, "501 502 503 ! 504 505 506 .");
}

Test(evtx_chunk, finds_chunks_that_are_out_of_place)
{
    struct bytes b = fixture("sync.evtx");
    insert(&b, HEADER + CHUNK, 16, 'x');
    expect_story(b, "501 502 503 ! 504 505 506 .");
}

Test(evtx_chunk, finds_the_log_behind_foreign_bytes)
{
    struct bytes b = fixture("sync.evtx");
    insert(&b, 0, 16, 'x');
    cr_expect(gt(int, evtx_reader.sniff(slice_make((char *)b.at, INPUT_HEAD), "x"), 0));
    expect_story(b, "! 501 502 503 504 505 506 .");
}

Test(evtx_chunk, reads_a_log_whose_signatures_are_overwritten)
{
    struct bytes b = fixture("sync.evtx");
    memset(b.at, 'x', 8);
    expect_story(b, "! 501 502 503 504 505 506 .");
    b = fixture("sync.evtx");
    memset(b.at + HEADER, 'x', 8);
    expect_story(b, "! 501 502 503 504 505 506 .");
}

Test(evtx_chunk, steps_over_a_record_without_signature)
{
    struct bytes b = fixture("sync.evtx");
    unsigned char *record = record_of(b, 1);
    uint64_t offset = (uint64_t)(record - b.at);
    record[0] = 'x';
    struct story told = story_of(&evtx_reader, b);
    cr_expect(eq(u64, told.last.offset, offset));
    cr_expect(eq(str, told.last.text, "a record has no signature"));
    expect_story(b, "501 ! 503 504 505 506 .");
}

struct size_case {
    uint32_t size;
    char story[40];
};

ParameterizedTestParameters(evtx_chunk, steps_over_a_record_of_impossible_size)
{
    static struct size_case rows[] = {
        {0, "501 ! 503 504 505 506 ."},          {8, "501 ! 503 504 505 506 ."},
        {27, "501 ! 503 504 505 506 ."},         {0x80000000, "501 ! 503 504 505 506 ."},
        {0xffffffff, "501 ! 503 504 505 506 ."}, {0xfff8, "501 ! 503 504 505 506 ."},
    };
    return cr_make_param_array(struct size_case, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct size_case *row, evtx_chunk, steps_over_a_record_of_impossible_size)
{
    struct bytes b = fixture("sync.evtx");
    put32(record_of(b, 1) + 4, row->size);
    expect_story(b, row->story);
}

Test(evtx_chunk, reads_a_record_whose_sizes_disagree)
{
    struct bytes b = fixture("sync.evtx");
    put32(record_of(b, 2) - 4, 12345); /* the copy behind the second */
    expect_story(b, "501 502 503 504 505 506 .");
    b = fixture("sync.evtx");
    put32(record_of(b, 1) + 4, evtx_u32(record_of(b, 1) + 4) - 1);
    expect_story(b, "501 502 503 504 505 506 .");
    b = fixture("sync.evtx");
    put32(record_of(b, 1) + 4, evtx_u32(record_of(b, 1) + 4) + 64); /* into the third */
    expect_story(b, "501 502 503 504 505 506 .");
}

Test(evtx_chunk, keeps_the_whole_records_of_a_file_that_was_cut)
{
    struct bytes b = fixture("sync.evtx");
    unsigned char *last = record_of(b, 5);
    uint64_t offset = (uint64_t)(last - b.at);
    b.len = offset + 60;
    struct story told = story_of(&evtx_reader, b);
    cr_expect(eq(u64, told.last.offset, offset));
    cr_expect(eq(str, told.last.text, "the file ends inside a record"));
    expect_story(b, "501 502 503 504 505 ! .");
    b = fixture("sync.evtx");
    b.len = HEADER + CHUNK + 300;
    expect_story(b, "501 502 503 ! .");
}

Test(evtx_chunk, reads_the_newest_records_that_a_dirty_log_has_not_counted_yet)
{
    struct bytes b = fixture("sync.evtx");
    size_t second = (size_t)(record_of(b, 4) - b.at) - HEADER - CHUNK;
    put32(b.at + HEADER + CHUNK + 48, (uint32_t)second); /* the free space begins there */
    b.at[HEADER + CHUNK + 32] = 504 & 0xff;              /* the last id covered */
    b.at[120] = 1;
    expect_story(b, "501 502 503 504 505 506 .");
}

Test(evtx_chunk, leaves_the_remains_of_older_records_alone)
{
    struct bytes b = fixture("sync.evtx");
    size_t second = (size_t)(record_of(b, 4) - b.at) - HEADER - CHUNK;
    put32(b.at + HEADER + CHUNK + 48, (uint32_t)second);
    b.at[HEADER + CHUNK + 32] = 504 & 0xff;
    expect_story(b, "501 502 503 504 ."); /* clean: nothing is alive beyond the free space */
    b = fixture("sync.evtx");
    put32(b.at + HEADER + CHUNK + 48, (uint32_t)second);
    b.at[HEADER + CHUNK + 32] = 504 & 0xff;
    b.at[120] = 1;
    record_of(b, 4)[8] = 77; /* dirty, but the ids do not go on */
    expect_story(b, "501 502 503 504 .");
}

Test(evtx_chunk, reads_all_records_when_the_free_offset_is_nonsense)
{
    struct bytes b = fixture("sync.evtx");
    put32(b.at + HEADER + 48, 16);
    expect_story(b, "501 502 503 504 505 506 .");
    b = fixture("sync.evtx");
    put32(b.at + HEADER + 48, 0xfffffff0);
    expect_story(b, "501 502 503 504 505 506 .");
}

/* The definition that the n-th record brings along: behind headers and the instance token. */
static unsigned char *definition_of(struct bytes b, int n)
{
    return record_of(b, n) + EVTX_RECORD_HEADER + 4 + 10;
}

Test(evtx_chunk, loses_only_the_users_of_a_damaged_template)
{
    struct bytes b = fixture("sync.evtx");
    put32(definition_of(b, 0) + 20, 0x7fffffff);
    expect_story(b, "! ! ! 504 505 506 .");
}

Test(evtx_chunk, refuses_a_template_that_contains_itself)
{
    struct bytes b = fixture("sync.evtx");
    unsigned char *definition = definition_of(b, 0);
    memcpy(definition + 24 + 4, definition - 10, 10); /* its body: an instance of itself */
    struct story told = story_of(&evtx_reader, b);
    cr_expect(strstr(told.last.text, "contains itself") != NULL, "%s", told.last.text);
    expect_story(b, "! ! ! 504 505 506 .");
}

Test(evtx_chunk, refuses_a_template_that_was_overwritten_by_another)
{
    struct bytes b = fixture("sync.evtx");
    definition_of(b, 0)[4] ^= 1; /* its identity */
    expect_story(b, "! ! ! 504 505 506 .");
}

Test(evtx_chunk, refuses_offsets_outside_the_records)
{
    static const uint32_t offsets[] = {0, 128, 511, 65535, 65536, 0xfffffff0};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        struct bytes b = fixture("sync.evtx");
        put32(record_of(b, 1) + EVTX_RECORD_HEADER + 4 + 6, offsets[i]);
        expect_story(b, "501 ! 503 504 505 506 .");
    }
}

Test(evtx_chunk, refuses_more_values_than_the_record_holds)
{
    static const uint32_t counts[] = {0, 4096, 4097, 0x7fffffff};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct bytes b = fixture("sync.evtx");
        put32(record_of(b, 1) + EVTX_RECORD_HEADER + 4 + 10, counts[i]);
        expect_story(b, "501 ! 503 504 505 506 .");
    }
}

Test(evtx_chunk, names_the_record_that_cannot_be_read)
{
    struct bytes b = fixture("sync.evtx");
    put32(record_of(b, 1) + EVTX_RECORD_HEADER + 4 + 6, 0);
    struct story told = story_of(&evtx_reader, b);
    cr_expect(eq(str, told.last.text, "record 502: a template lies outside the chunk's records"));
    cr_expect(eq(u64, told.last.offset, (uint64_t)(record_of(b, 1) - b.at)));
    free(b.at);
}
