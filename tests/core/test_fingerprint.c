/* What is the same record again and what is not. */
#include "core/fingerprint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct hash_key *key;
static struct hash_print *print;

static void setup(void)
{
    key = hash_key_new((const unsigned char *)"0123456789abcdef0123456789abcdef");
    print = hash_print_new(key);
}

static void teardown(void)
{
    hash_print_free(print);
    hash_key_free(key);
}

TestSuite(fingerprint, .init = setup, .fini = teardown);

static struct record an_event(void)
{
    return (struct record){.kind = KIND_EVENT,
                           .time_us = 1762160000 * TIME_SECOND + 123456,
                           .time_text = SLICE("2025-11-03T08:53:20.123456Z"),
                           .event = {.provider = SLICE("IIJ"),
                                     .computer = SLICE("AD01"),
                                     .channel = SLICE("Application"),
                                     .event_id = 12808,
                                     .record_id = 77,
                                     .message = SLICE("failed")}};
}

static struct record a_call(void)
{
    static const struct pair headers[] = {{SLICE("Accept"), SLICE("application/json")}};
    struct record r = {
        .kind = KIND_HTTP,
        .time_us = 1762160000 * TIME_SECOND,
        .time_text = SLICE("2025-11-03T08:53:20.000Z"),
        .http = {.method = SLICE("POST"), .url = SLICE("https://h/scim/v2/Users"), .status = 409}};
    r.http.request.headers = headers;
    r.http.request.header_count = 1;
    r.http.request.body.text = SLICE("{\"userName\":\"a\"}");
    r.http.response.body.text = SLICE("{\"status\":\"409\"}");
    return r;
}

#define SAME(a, b) cr_expect(eq(u64, fingerprint_of(print, &(a)), fingerprint_of(print, &(b))))
#define OTHER(a, b) cr_expect(ne(u64, fingerprint_of(print, &(a)), fingerprint_of(print, &(b))))

Test(fingerprint, event_is_known_by_its_record_id_whatever_the_exporter_prints)
{
    struct record a = an_event(), b = an_event();
    b.time_us += 500000; /* same second: an export with fewer decimals */
    b.time_text = SLICE("2025-11-03 08:53:20");
    b.event.message = SLICE_NONE;
    b.event.level = LEVEL_ERROR;
    SAME(a, b);
    b = an_event();
    b.event.record_id = 78;
    OTHER(a, b);
    b = an_event();
    b.time_us += TIME_SECOND;
    OTHER(a, b);
    b = an_event();
    b.event.computer = SLICE("AD02");
    OTHER(a, b);
    b = an_event();
    b.event.channel = SLICE_NONE;
    OTHER(a, b);
}

Test(fingerprint, event_without_record_id_is_known_by_its_words)
{
    struct record a = an_event();
    a.event.record_id = -1;
    struct record b = a;
    b.event.computer = SLICE_NONE;
    b.time_us += TIME_HOUR; /* another --tz */
    b.zone_assumed = true;
    SAME(a, b);
    b.event.message = SLICE("failed again");
    OTHER(a, b);
    b = a;
    b.time_text = SLICE("2025-11-03T08:53:21Z");
    OTHER(a, b);
}

Test(fingerprint, call_is_known_by_all_that_was_said)
{
    static const struct pair others[] = {{SLICE("Accept"), SLICE("*/*")}};
    struct record a = a_call(), b = a_call();
    b.http.duration_us = 5;
    b.position = 9;
    SAME(a, b);
    b.http.response.body.text = SLICE("{}");
    OTHER(a, b);
    b = a_call();
    b.http.request.body.text = SLICE_NONE;
    OTHER(a, b);
    b = a_call();
    b.http.request.headers = others;
    OTHER(a, b);
    b = a_call();
    b.http.status = 0;
    OTHER(a, b);
    b = a_call();
    b.http.method = SLICE("PUT");
    OTHER(a, b);
    b = a_call();
    b.http.url = SLICE("https://h/scim/v2/Users?x");
    OTHER(a, b);
    b = a_call();
    b.time_text = SLICE("2025-11-03T08:53:20Z");
    OTHER(a, b);
}

Test(fingerprint, bulk_operations_differ_from_each_other_and_their_exchange)
{
    struct record a = a_call();
    uint64_t whole = fingerprint_of(print, &a), one = fingerprint_of_bulk(print, whole, 1);
    cr_expect(ne(u64, one, whole));
    cr_expect(ne(u64, one, fingerprint_of_bulk(print, whole, 2)));
    cr_expect(ne(u64, one, fingerprint_of_bulk(print, whole + 1, 1)));
    cr_expect(eq(u64, one, fingerprint_of_bulk(print, whole, 1)));
}

Test(fingerprint, depends_on_the_key)
{
    struct record a = a_call();
    struct hash_key *other =
        hash_key_new((const unsigned char *)"0123456789abcdef0123456789abcdeF");
    struct hash_print *another = hash_print_new(other);
    cr_expect(ne(u64, fingerprint_of(print, &a), fingerprint_of(another, &a)));
    hash_print_free(another);
    hash_key_free(other);
}

Test(fingerprint, second_is_cut_and_absent_where_the_zone_was_assumed)
{
    struct record a = an_event();
    cr_expect(eq(i64, fingerprint_second(&a), 1762160000));
    a.time_us = -1;
    cr_expect(eq(i64, fingerprint_second(&a), -1));
    a.zone_assumed = true;
    cr_expect(eq(i64, fingerprint_second(&a), 0));
    a = an_event();
    a.time_us = TIME_NONE;
    cr_expect(eq(i64, fingerprint_second(&a), 0));
}

Test(fingerprint, provisioning_item_is_known_by_its_id_else_by_change_time_action_and_step)
{
    struct record one = {.kind = KIND_PROVISIONING,
                         .time_text = SLICE("2026-03-02T07:00:00Z"),
                         .provisioning = {.item_id = SLICE("i"), .change_id = SLICE("ch")}};
    struct record other = one;
    other.provisioning.change_id = SLICE("other");
    cr_expect(eq(u64, fingerprint_of(print, &one), fingerprint_of(print, &other)));
    one.provisioning.item_id = other.provisioning.item_id = SLICE_NONE;
    cr_expect(ne(u64, fingerprint_of(print, &one), fingerprint_of(print, &other)));
    other = one;
    other.provisioning.reason = SLICE("worded anew");
    cr_expect(eq(u64, fingerprint_of(print, &one), fingerprint_of(print, &other)));
    other.provisioning.step = SLICE("export");
    cr_expect(ne(u64, fingerprint_of(print, &one), fingerprint_of(print, &other)));
}
