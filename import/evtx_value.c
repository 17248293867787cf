/* Knows the value types of BinXML and how Windows prints them; see evtx_value.h. */
#include "import/evtx_value.h"

#include "core/base/json.h"
#include "core/base/time.h"
#include "core/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TYPE_ANSI = 0x02,
    TYPE_INT8 = 0x03,
    TYPE_UINT64 = 0x0a,
    TYPE_FLOAT = 0x0b,
    TYPE_DOUBLE = 0x0c,
    TYPE_BOOL = 0x0d,
    TYPE_BINARY = 0x0e,
    TYPE_GUID = 0x0f,
    TYPE_SIZE = 0x10,
    TYPE_FILETIME = 0x11,
    TYPE_SYSTEMTIME = 0x12,
    TYPE_SID = 0x13,
    TYPE_HEX32 = 0x14,
    TYPE_HEX64 = 0x15
};

#define FILETIME_1970 UINT64_C(116444736000000000)  /* 100 ns from 1601 to 1970 */
#define FILETIME_LAST UINT64_C(2650467744000000000) /* the year 10000 */

/* Bytes of one value of a fixed type; 0 for the others. */
static size_t fixed_size(unsigned type)
{
    static const unsigned char sizes[] = {
        [TYPE_INT8] = 1,     [TYPE_INT8 + 1] = 1,
        [0x05] = 2,          [0x06] = 2,
        [0x07] = 4,          [0x08] = 4,
        [0x09] = 8,          [TYPE_UINT64] = 8,
        [TYPE_FLOAT] = 4,    [TYPE_DOUBLE] = 8,
        [TYPE_BOOL] = 4,     [TYPE_GUID] = 16,
        [TYPE_FILETIME] = 8, [TYPE_SYSTEMTIME] = 16,
        [TYPE_HEX32] = 4,    [TYPE_HEX64] = 8,
    };
    return type < sizeof sizes ? sizes[type] : 0;
}

int64_t evtx_filetime_us(uint64_t filetime)
{
    if (filetime >= FILETIME_LAST)
        return TIME_NONE;
    /* Both are whole microseconds apart, so cutting before or after the shift is the same. */
    return (int64_t)(filetime / 10) - (int64_t)(FILETIME_1970 / 10);
}

static void put_filetime(char out[EVTX_FILETIME_TEXT], uint64_t filetime, int64_t us)
{
    struct civil c = time_to_utc(us);
    const int parts[] = {c.year / 100, c.year % 100, c.month, c.day, c.hour, c.minute, c.second};
    static const unsigned char places[] = {0, 2, 5, 8, 11, 14, 17};
    memcpy(out, "0000-00-00T00:00:00.0000000Z", EVTX_FILETIME_TEXT);
    for (size_t i = 0; i < sizeof places; i++) {
        out[places[i]] = (char)('0' + parts[i] / 10);
        out[places[i] + 1] = (char)('0' + parts[i] % 10);
    }
    uint32_t fraction = (uint32_t)(filetime % 10000000);
    for (size_t i = 26; i >= 20; i--, fraction /= 10)
        out[i] = (char)('0' + fraction % 10);
}

void evtx_filetime_add(struct buf *out, uint64_t filetime)
{
    int64_t us = evtx_filetime_us(filetime);
    if (us == TIME_NONE) {
        buf_add_format(out, "%" PRIu64, filetime);
        return;
    }
    char text[EVTX_FILETIME_TEXT];
    put_filetime(text, filetime, us);
    buf_add(out, slice_make(text, sizeof text));
}

bool evtx_value_time(const struct evtx_value *value, char text[EVTX_FILETIME_TEXT], int64_t *us)
{
    if (value->type != TYPE_FILETIME || value->size != 8)
        return false;
    uint64_t filetime = evtx_u64(value->at);
    *us = evtx_filetime_us(filetime);
    if (*us == TIME_NONE || *us < 0)
        return false;
    put_filetime(text, filetime, *us);
    return true;
}

static void add_string(struct buf *out, const unsigned char *at, size_t size)
{
    size &= ~(size_t)1;
    while (size && at[size - 2] == 0 && at[size - 1] == 0)
        size -= 2;
    utf8_add_utf16(out, at, size, true);
}

/* A codepage string does not say which codepage: UTF-8 if it is that, else as Latin-1. */
static void add_ansi(struct buf *out, const unsigned char *at, size_t size)
{
    while (size && at[size - 1] == 0)
        size--;
    struct slice text = slice_make((const char *)at, size);
    if (utf8_valid(text)) {
        buf_add(out, text);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        char bytes[4];
        buf_add(out, slice_make(bytes, utf8_encode(at[i], bytes)));
    }
}

static void add_hex_bytes(struct buf *out, const unsigned char *at, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    char *to = buf_extend(out, size * 2);
    for (size_t i = 0; to && i < size; i++) {
        *to++ = digits[at[i] >> 4];
        *to++ = digits[at[i] & 15];
    }
}

static uint64_t load(const unsigned char *at, size_t size)
{
    uint64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n |= (uint64_t)at[i] << (8 * i);
    return n;
}

bool evtx_value_number(const struct evtx_value *value, int64_t *out)
{
    if (value->type < TYPE_INT8 || value->type > TYPE_UINT64 ||
        value->size != fixed_size(value->type))
        return false;
    uint64_t n = load(value->at, value->size);
    bool is_signed = value->type % 2 == 1; /* 03 05 07 09 */
    bool is_less = is_signed && n >> (value->size * 8 - 1);
    *out = is_less || n > INT64_MAX ? -1 : (int64_t)n;
    return true;
}

static void add_integer(struct buf *out, const struct evtx_value *v)
{
    uint64_t n = load(v->at, v->size);
    bool is_signed = v->type % 2 == 1; /* 03 05 07 09 */
    unsigned bits = (unsigned)v->size * 8;
    if (is_signed && n >> (bits - 1)) {
        uint64_t sign = bits == 64 ? 0 : ~UINT64_C(0) << bits;
        uint64_t magnitude = ~(n | sign) + 1;
        buf_add_format(out, "-%" PRIu64, magnitude);
        return;
    }
    char text[20];
    size_t at = sizeof text;
    do
        text[--at] = (char)('0' + n % 10);
    while (n /= 10);
    buf_add(out, slice_make(text + at, sizeof text - at));
}

static void add_real(struct buf *out, const struct evtx_value *v)
{
    double value;
    char text[40];
    int digits = 15, most = 17;
    if (v->type == TYPE_FLOAT) {
        float narrow;
        memcpy(&narrow, v->at, sizeof narrow);
        value = (double)narrow;
        digits = 6;
        most = 9;
    } else {
        memcpy(&value, v->at, sizeof value);
    }
    /* The fewest digits that read back as the same number. */
    for (; digits <= most; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (digits == most || (v->type == TYPE_FLOAT ? strtof(text, NULL) == (float)value
                                                     : strtod(text, NULL) == value))
            break;
    }
    buf_add_text(out, text);
}

static void add_guid(struct buf *out, const unsigned char *g)
{
    buf_add_format(out, "{%08" PRIX32 "-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", evtx_u32(g),
                   (unsigned)evtx_u16(g + 4), (unsigned)evtx_u16(g + 6), g[8], g[9], g[10], g[11],
                   g[12], g[13], g[14], g[15]);
}

/* Fields: year, month, day of week, day, hour, minute, second, millisecond. */
static void add_systemtime(struct buf *out, const unsigned char *t)
{
    unsigned f[8];
    for (size_t i = 0; i < 8; i++)
        f[i] = evtx_u16(t + 2 * i);
    buf_add_format(out, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", f[0], f[1], f[3], f[4], f[5], f[6],
                   f[7]);
}

/* Revision, count, 48-bit big-endian authority, count 32-bit little-endian parts. */
static bool is_sid(const unsigned char *at, size_t size)
{
    return size >= 8 && at[1] <= (size - 8) / 4;
}

static void add_sid(struct buf *out, const unsigned char *at)
{
    uint64_t authority = 0;
    for (size_t i = 2; i < 8; i++)
        authority = authority << 8 | at[i];
    buf_add(out, SLICE("S-"));
    json_add_int(out, at[0]);
    buf_add_byte(out, '-');
    json_add_int(out, (int64_t)authority);
    for (size_t i = 0; i < at[1]; i++) {
        buf_add_byte(out, '-');
        json_add_int(out, evtx_u32(at + 8 + 4 * i));
    }
}

bool evtx_value_sound(const struct evtx_value *v)
{
    size_t fixed = fixed_size(v->type);
    if (fixed)
        return v->size == fixed;
    if (v->type == TYPE_SIZE)
        return v->size == 4 || v->size == 8;
    return v->type != TYPE_SID || is_sid(v->at, v->size);
}

bool evtx_value_add(struct buf *out, const struct evtx_value *v)
{
    if (!evtx_value_sound(v))
        return false;
    switch (v->type) {
    case EVTX_STRING:
        add_string(out, v->at, v->size);
        return true;
    case TYPE_ANSI:
        add_ansi(out, v->at, v->size);
        return true;
    case TYPE_FLOAT:
    case TYPE_DOUBLE:
        add_real(out, v);
        return true;
    case TYPE_BOOL: /* real logs hold other numbers than 0 and 1 */
        buf_add_text(out, evtx_u32(v->at) ? "true" : "false");
        return true;
    case TYPE_BINARY:
        add_hex_bytes(out, v->at, v->size);
        return true;
    case TYPE_GUID:
        add_guid(out, v->at);
        return true;
    case TYPE_SIZE:
        buf_add_format(out, "0x%" PRIx64, load(v->at, v->size));
        return true;
    case TYPE_FILETIME:
        evtx_filetime_add(out, evtx_u64(v->at));
        return true;
    case TYPE_SYSTEMTIME:
        add_systemtime(out, v->at);
        return true;
    case TYPE_SID:
        add_sid(out, v->at);
        return true;
    case TYPE_HEX32:
    case TYPE_HEX64:
        buf_add_format(out, "0x%" PRIx64, load(v->at, v->size));
        return true;
    default:
        if (v->type >= TYPE_INT8 && v->type <= TYPE_UINT64)
            add_integer(out, v);
        return true;
    }
}

/* The place of the first 16-bit NUL; `size`, or one less when that is odd, when there is none. */
static size_t utf16_end(const unsigned char *at, size_t size)
{
    size_t n = 0;
    uint64_t four;
    const uint64_t ones = UINT64_C(0x0001000100010001);
    for (; n + sizeof four <= size; n += sizeof four) {
        memcpy(&four, at + n, sizeof four);
        if ((four - ones) & ~four & (ones << 15))
            break;
    }
    while (n + 1 < size && (at[n] || at[n + 1]))
        n += 2;
    return n;
}

bool evtx_value_next_item(struct evtx_value *array, struct evtx_value *item)
{
    *item = (struct evtx_value){array->at, 0, array->type & ~(unsigned)EVTX_ARRAY};
    size_t step;
    if (item->type == EVTX_STRING) {
        /* On 16-bit boundaries: U+4E00 is the bytes 00 4e, a NUL of bytes is no NUL. */
        size_t n = utf16_end(array->at, array->size);
        if (array->size < 2)
            return false;
        item->size = n;
        step = n + 1 < array->size ? n + 2 : array->size;
    } else if (item->type == TYPE_ANSI) {
        if (!array->size)
            return false;
        const unsigned char *nul = memchr(array->at, 0, array->size);
        item->size = nul ? (size_t)(nul - array->at) : array->size;
        step = nul ? item->size + 1 : item->size;
    } else {
        item->size = fixed_size(item->type);
        if (!item->size || array->size < item->size)
            return false;
        step = item->size;
    }
    array->at += step;
    array->size -= step;
    return true;
}
