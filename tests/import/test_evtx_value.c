/* Values of .evtx records: what is read straight is what their text says. */
#include "import/evtx_value.h"

#include "core/base/time.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* Sizes that no type has, and bytes with and without their signs set. */
enum { SIZE_MOST = 40, FILLS = 5 };

static void fill(unsigned char *bytes, unsigned how)
{
    for (size_t i = 0; i < SIZE_MOST; i++)
        bytes[i] = (unsigned char)(how == 0   ? 0
                                   : how == 1 ? 0xff
                                   : how == 2 ? 0x7f
                                   : how == 3 ? (i == 0 ? 9 : 0)
                                              : 37 * i + 1);
}

Test(evtx_value, is_sound_exactly_when_it_has_a_text)
{
    for (unsigned type = 0; type < 0x16; type++)
        for (size_t size = 0; size <= SIZE_MOST; size++)
            for (unsigned how = 0; how < FILLS; how++) {
                unsigned char bytes[SIZE_MOST];
                fill(bytes, how);
                struct evtx_value value = {bytes, size, type};
                struct buf out;
                buf_init(&out, 10000);
                bool added = evtx_value_add(&out, &value);
                cr_expect(eq(int, evtx_value_sound(&value), added), "%x %zu", type, size);
                cr_expect(added || out.len == 0, "%x %zu", type, size);
                buf_free(&out);
            }
}

Test(evtx_value, numbers_are_those_of_their_text)
{
    unsigned seen = 0;
    for (unsigned type = 0; type < 0x16; type++)
        for (size_t size = 0; size <= 8; size++)
            for (unsigned how = 0; how < FILLS; how++) {
                unsigned char bytes[SIZE_MOST];
                fill(bytes, how);
                struct evtx_value value = {bytes, size, type};
                int64_t number, printed;
                struct buf out;
                if (!evtx_value_number(&value, &number))
                    continue;
                buf_init(&out, 100);
                cr_assert(evtx_value_add(&out, &value));
                if (!slice_to_int64(buf_slice(&out), &printed) || printed < 0)
                    printed = -1;
                cr_expect(eq(i64, number, printed), "%x: %s", type, out.at);
                buf_free(&out);
                seen++;
            }
    cr_expect(eq(uint, seen, 8 * FILLS), "eight types of one size each");
}

Test(evtx_value, times_are_those_of_their_text)
{
    static const uint64_t times[] = {0,
                                     1,
                                     UINT64_C(116444735999999999),
                                     UINT64_C(116444736000000000),
                                     UINT64_C(133800000001234567),
                                     UINT64_C(133851455999999999),
                                     UINT64_C(2650467743999999999),
                                     UINT64_C(2650467744000000000),
                                     UINT64_MAX};
    unsigned seen = 0;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        unsigned char bytes[8];
        for (size_t k = 0; k < 8; k++)
            bytes[k] = (unsigned char)(times[i] >> 8 * k);
        struct evtx_value value = {bytes, 8, 0x11};
        char text[EVTX_FILETIME_TEXT];
        int64_t us, printed;
        struct buf out;
        buf_init(&out, 100);
        cr_assert(evtx_value_add(&out, &value));
        if (evtx_value_time(&value, text, &us)) {
            cr_expect(slice_equal(buf_slice(&out), slice_make(text, sizeof text)));
            cr_assert(time_parse(buf_slice(&out), &printed, NULL), "%s", out.at);
            cr_expect(eq(i64, us, printed), "%s", out.at);
            seen++;
        }
        buf_free(&out);
    }
    cr_expect(eq(uint, seen, 4));
    struct evtx_value number = {(const unsigned char *)"\1\0\0\0\0\0\0\0", 8, 0x0a};
    char text[EVTX_FILETIME_TEXT];
    int64_t us;
    cr_expect(not(evtx_value_time(&number, text, &us)), "an integer is no time");
}

Test(evtx_value, an_array_gives_its_strings_whatever_their_lengths)
{
    for (size_t len = 0; len < 40; len++) {
        unsigned char bytes[400] = {0};
        size_t size = 0;
        for (size_t item = 0; item < 3; item++) {
            for (size_t i = 0; i < len; i++) { /* U+4E00 among letters: its low byte is 0 */
                bytes[size++] = i % 3 == item ? 0x00 : 'a';
                bytes[size++] = i % 3 == item ? 0x4e : 0;
            }
            size += 2;
        }
        struct evtx_value array = {bytes, size, EVTX_STRING | EVTX_ARRAY}, item;
        unsigned count = 0;
        while (evtx_value_next_item(&array, &item)) {
            cr_expect(eq(sz, item.size, 2 * len));
            count++;
        }
        cr_expect(eq(uint, count, 3), "%zu", len);
    }
}
