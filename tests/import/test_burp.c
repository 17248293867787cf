/* Burp Suite items. */
#include "tests/import/reading.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?><!DOCTYPE items [<!ELEMENT items (item*)>]>"                           \
    "<items burpVersion=\"2026.1\">"
#define ITEM(time, request, status)                                                                \
    "<item><time>" time "</time><url><![CDATA[https://h.example.com/scim/Users]]></url>"           \
    "<method><![CDATA[POST]]></method><request base64=\"false\"><![CDATA[" request "]]></request>" \
    "<status>" status "</status><response base64=\"true\">"                                        \
    "<![CDATA[SFRUUC8xLjEgNDA5IENvbmZsaWN0DQoNCnt9]]></response></item>"
#define POST "POST /scim/Users HTTP/1.1\nHost: h.example.com\n\n{\"a\":\"</item>\"}"

static struct reading_test t;

Test(burp, reads_an_item)
{
    time_use_zone("+09:00", NULL);
    reading_begin(&t, &burp_reader,
                  SLICE(HEAD ITEM("Mon Mar 09 09:04:17 JST 2026", POST, "409") "</items>"));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD), "%s", t.why.text);
    cr_expect(slice_is(t.record.http.url, "https://h.example.com/scim/Users"));
    cr_expect(slice_is(t.record.http.method, "POST"));
    cr_expect(eq(int, t.record.http.status, 409));
    cr_expect(slice_is(t.record.http.request.body.text, "{\"a\":\"</item>\"}"));
    cr_expect(slice_is(t.record.http.response.body.text, "{}"));
    char out[TIME_TEXT_SIZE];
    cr_expect(eq(str, (char *)time_utc_text(out, t.record.time_us), "2026-03-09T00:04:17.000000Z"));
    cr_expect(t.record.zone_assumed);
    cr_expect(eq(int, (int)reading_next(&t), READING_END));
    reading_done(&t);
}

Test(burp, believes_utc_only)
{
    time_use_zone("+09:00", NULL);
    reading_begin(&t, &burp_reader, SLICE(HEAD ITEM("Mon Mar 09 09:04:17 UTC 2026", POST, "")));
    cr_assert(eq(int, (int)reading_next(&t), READING_RECORD));
    cr_expect(not(t.record.zone_assumed));
    cr_expect(eq(int, t.record.http.status, 409), "from the response itself");
    reading_done(&t);
}

Test(burp, a_broken_item_costs_only_itself)
{
    size_t good, bad;
    reading_count(&burp_reader,
                  SLICE(HEAD "<item><url>a</item>" ITEM("x", POST, "200") "<item><url>b" ITEM(
                      "x", POST, "200") "<item><time>"),
                  &good, &bad);
    cr_expect(eq(sz, good, 2));
    cr_expect(eq(sz, bad, 3));
}

Test(burp, refuses_documents_inside_items)
{
    size_t good, bad;
    reading_count(&burp_reader,
                  SLICE(HEAD "<item><!DOCTYPE x [<!ENTITY e \"e\">]><url>&e;</url></item>"), &good,
                  &bad);
    cr_expect(eq(sz, good, 0));
    cr_expect(eq(sz, bad, 1));
}

Test(burp, is_not_fooled_by_other_xml)
{
    cr_expect(eq(int, reading_sniff(&burp_reader, "<items><item/></items>"), 0));
    cr_expect(gt(int, reading_sniff(&burp_reader, HEAD), 50));
}
