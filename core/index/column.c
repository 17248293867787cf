/* Knows how integers are packed into a column and how a blob is proved to be one. Knows no SQL. */
#include "core/index/column.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { HEAD = 16, CHECK = 8, LANES = 4, BLOB_LIMIT = INDEX_VALUE_LIMIT };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "blobs are written as they lie in memory");

/* Four lanes, because one multiplication waits for the other. Guards against rot, not attack. */
static uint64_t check_of(const char *at, size_t len)
{
    uint64_t lane[LANES] = {1, 2, 3, 4}, word;
    size_t i = 0;
    for (; i + sizeof word * LANES <= len; i += sizeof word * LANES) {
        for (size_t l = 0; l < LANES; l++) {
            memcpy(&word, at + i + l * sizeof word, sizeof word);
            lane[l] = (lane[l] ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        }
    }
    uint64_t sum = len;
    for (; i < len; i++)
        sum = (sum ^ (unsigned char)at[i]) * UINT64_C(0x100000001B3);
    for (size_t l = 0; l < LANES; l++) {
        sum = (sum ^ lane[l] ^ lane[l] >> 29) * UINT64_C(0xD6E8FEB86659FD93);
        sum ^= sum >> 32;
    }
    return sum;
}

static void add_check(struct buf *blob)
{
    uint64_t check = check_of(blob->at, blob->len);
    buf_add(blob, slice_make((const char *)&check, sizeof check));
}

static bool check_holds(const struct buf *blob)
{
    uint64_t check;
    if (blob->len < HEAD + CHECK)
        return false;
    memcpy(&check, blob->at + blob->len - CHECK, sizeof check);
    return check == check_of(blob->at, blob->len - CHECK);
}

uint64_t column_code(const struct column *c, size_t at)
{
    uint32_t four;
    uint16_t two;
    uint64_t eight;
    switch (c->width) {
    case 0:
        return 0;
    case 1:
        return c->codes[at];
    case 2:
        memcpy(&two, c->codes + at * 2, 2);
        return two;
    case 4:
        memcpy(&four, c->codes + at * 4, 4);
        return four;
    default:
        memcpy(&eight, c->codes + at * 8, 8);
        return eight;
    }
}

int64_t column_number(const struct column *c, size_t at)
{
    uint64_t code = column_code(c, at);
    return c->nulls && code == 0 ? COLUMN_NULL : (int64_t)((uint64_t)c->base + code);
}

static unsigned width_for(uint64_t top)
{
    return top == 0 ? 0 : top <= UINT8_MAX ? 1 : top <= UINT16_MAX ? 2 : top <= UINT32_MAX ? 4 : 8;
}

void column_pack(struct column *out, const int64_t *values, size_t count)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    bool nulls = false, any = false;
    for (size_t i = 0; i < count; i++) {
        if (values[i] == COLUMN_NULL) {
            nulls = true;
            continue;
        }
        any = true;
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    uint64_t base = any ? (uint64_t)low - nulls : 0;
    *out = (struct column){.width = any ? width_for((uint64_t)high - base) : 0,
                           .nulls = nulls,
                           .base = (int64_t)base,
                           .count = count};
    buf_init(&out->blob, BLOB_LIMIT);
    const char head[8] = {(char)out->width, nulls};
    buf_add(&out->blob, slice_make(head, sizeof head));
    buf_add(&out->blob, slice_make((const char *)&base, sizeof base));
    char *to = buf_extend(&out->blob, count * out->width);
    for (size_t i = 0; out->width && to && i < count; i++) {
        uint64_t code = values[i] == COLUMN_NULL ? 0 : (uint64_t)values[i] - base;
        memcpy(to + i * out->width, &code, out->width);
    }
    add_check(&out->blob);
    out->codes = (const unsigned char *)out->blob.at + HEAD;
}

bool column_unpack(struct column *c, size_t count)
{
    if (!check_holds(&c->blob))
        return false;
    c->width = (unsigned char)c->blob.at[0];
    c->nulls = c->blob.at[1] != 0;
    memcpy(&c->base, c->blob.at + 8, sizeof c->base);
    c->count = count;
    c->codes = (const unsigned char *)c->blob.at + HEAD;
    bool known = c->width <= 2 || c->width == 4 || c->width == 8;
    return known && c->blob.len == HEAD + count * c->width + CHECK;
}

void texts_pack(struct texts_block *out, struct buf *bytes, const uint32_t *starts, size_t count)
{
    size_t offsets = (count + 1) * sizeof *starts, len = bytes->len;
    const uint64_t head[2] = {count, len};
    /* The texts are most of a block: they are moved up where they are, not held twice. */
    *out = (struct texts_block){.count = count, .blob = *bytes};
    out->blob.limit = BLOB_LIMIT;
    buf_init(bytes, bytes->limit);
    if (buf_extend(&out->blob, HEAD + offsets)) {
        memmove(out->blob.at + HEAD + offsets, out->blob.at, len);
        memcpy(out->blob.at, head, sizeof head);
        memcpy(out->blob.at + HEAD, starts, offsets);
    }
    add_check(&out->blob);
    out->starts = (const uint32_t *)(const void *)(out->blob.at + HEAD);
    out->bytes = out->blob.at + HEAD + offsets;
}

bool texts_unpack(struct texts_block *t)
{
    uint64_t head[2];
    if (!check_holds(&t->blob))
        return false;
    memcpy(head, t->blob.at, sizeof head);
    if (head[0] > BLOCK_ENTRIES || head[1] > BLOB_LIMIT)
        return false;
    t->count = (size_t)head[0];
    size_t offsets = (t->count + 1) * sizeof *t->starts;
    if (t->blob.len != HEAD + offsets + head[1] + CHECK)
        return false;
    t->starts = (const uint32_t *)(const void *)(t->blob.at + HEAD);
    t->bytes = t->blob.at + HEAD + offsets;
    for (size_t i = 0; i < t->count; i++)
        if (t->starts[i + 1] <= t->starts[i])
            return false;
    return t->starts[0] == 0 && t->starts[t->count] == head[1];
}

/* --- blocks ----------------------------------------------------------------------------------- */

struct block *block_new(void)
{
    struct block *b = xcalloc(1, sizeof *b);
    b->references = 1;
    return b;
}

void block_hold(struct block *b)
{
    b->references++;
}

void block_release(struct block *b)
{
    if (!b || --b->references)
        return;
    for (size_t f = 0; f < FIELDS_HELD; f++) {
        if (b->columns[f])
            buf_free(&b->columns[f]->blob);
        free(b->columns[f]);
    }
    for (size_t f = 0; f < TEXTS; f++) {
        if (b->texts[f])
            buf_free(&b->texts[f]->blob);
        free(b->texts[f]);
    }
    free(b->classes);
    free(b);
}

size_t block_text_bytes(const struct block *b)
{
    size_t sum = 0;
    for (size_t f = 0; f < TEXTS; f++)
        sum += b->texts[f] ? b->texts[f]->blob.cap : 0;
    return sum;
}

size_t block_find_time(const struct block *b, int64_t time_us)
{
    size_t low = 0, high = b->timed;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (column_number(b->columns[FIELD_TIME], middle) < time_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
