/* What export writes, read again. */
#include "tests/import/reading.h"

static struct reading_test t;

#define ROW(bulk, raw)                                                                             \
    "{\"id\":4,\"time\":\"2026-03-02T07:00:00.000000Z\",\"kind\":\"event\",\"source\":\"a\","      \
    "\"label\":null,\"position\":7,\"bulk_operation\":" bulk ",\"class\":null,\"user\":null,"      \
    "\"user_from\":null,\"mark\":null,\"note\":null,\"raw\":" raw "}"
#define EVENT(n)                                                                                   \
    "{\"kind\":\"event\",\"position\":" n ",\"time_us\":5,\"backwards\":true,\"event_id\":12808,"  \
    "\"message\":\"m\"}"
#define CALL "{\"kind\":\"http\",\"method\":\"POST\",\"url\":\"https://h/scim/Bulk\"}"

Test(exported, gives_the_records_of_ndjson_and_of_an_array)
{
    static const char *const forms[] = {
        ROW("null", EVENT("7")) "\n" ROW("null", EVENT("8")) "\n",
        "[\n" ROW("null", EVENT("7")) ",\n" ROW("null", EVENT("8")) "\n]\n"};
    for (size_t i = 0; i < 2; i++) {
        cr_expect(gt(int, reading_sniff(&exported_reader, forms[i]), 90));
        reading_begin(&t, &exported_reader, slice_of(forms[i]));
        cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
        cr_expect(eq(u64, t.record.position, 7));
        cr_expect(eq(i64, t.record.time_us, 5));
        cr_expect(eq(i64, t.record.event.event_id, 12808));
        cr_expect(t.record.backwards);
        cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
        cr_expect(eq(u64, t.record.position, 8));
        cr_expect(eq(int, (int)reading_next(&t), READING_END));
        reading_done(&t);
    }
}

Test(exported, failed_operations_do_not_repeat_their_exchange)
{
    size_t good, bad;
    reading_count(&exported_reader,
                  SLICE(ROW("null", CALL) "\n" ROW("1", CALL) "\n" ROW("2", CALL) "\n"), &good,
                  &bad);
    cr_expect(eq(sz, good, 1));
    cr_expect(eq(sz, bad, 0));
    /* A filter may have left the exchange itself out. */
    reading_count(&exported_reader, SLICE(ROW("1", CALL) "\n" ROW("2", CALL) "\n"), &good, &bad);
    cr_expect(eq(sz, good, 1));
    /* Equal rows that are no operations are entries of their own. */
    reading_count(&exported_reader, SLICE(ROW("null", CALL) "\n" ROW("null", CALL) "\n"), &good,
                  &bad);
    cr_expect(eq(sz, good, 2));
}

Test(exported, tells_rows_whose_record_is_missing_or_wrong_and_goes_on)
{
    size_t good, bad;
    reading_count(&exported_reader,
                  SLICE(ROW("null", "null") "\n" ROW("null", "{\"kind\":\"x\"}") "\n" ROW(
                      "null", EVENT("1")) "\n"),
                  &good, &bad);
    cr_expect(eq(sz, good, 1));
    cr_expect(eq(sz, bad, 2));
}
