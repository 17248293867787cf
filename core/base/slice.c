/* Knows how to compare, search and cut borrowed bytes; see slice.h. */
#include "core/base/slice.h"

#include "core/base/alloc.h"

static unsigned char fold(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

bool slice_equal_fold(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (fold(a.at[i]) != fold(b.at[i]))
            return false;
    return true;
}

bool slice_starts_fold(struct slice s, const char *prefix)
{
    return slice_equal_fold(slice_first(s, strlen(prefix)), slice_of(prefix));
}

bool slice_ends_fold(struct slice s, const char *suffix)
{
    size_t len = strlen(suffix);
    return s.len >= len && slice_equal_fold(slice_from(s, s.len - len), slice_of(suffix));
}

size_t slice_find(struct slice s, struct slice needle)
{
    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return SIZE_MAX;
    const char *hit = memmem(s.at, s.len, needle.at, needle.len);
    return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

#define EACH_BYTE(c) ((unsigned char)(c)*UINT64_C(0x0101010101010101))

/* What makes a byte equal to `pattern` when it is the letter c in either case. */
static uint64_t fold_mask(char c)
{
    return fold(c) >= 'a' && fold(c) <= 'z' ? EACH_BYTE(0x20) : 0;
}

static bool has_zero_byte(uint64_t word)
{
    return ((word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80)) != 0;
}

/* Eight places at once: only where the first two bytes of the needle may stand it is compared. */
size_t slice_find_fold(struct slice s, struct slice needle)
{
    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return SIZE_MAX;
    size_t second = needle.len > 1, last = s.len - needle.len, i = 0;
    uint64_t masks[] = {fold_mask(needle.at[0]), fold_mask(needle.at[second])};
    uint64_t wanted[] = {EACH_BYTE(fold(needle.at[0])), EACH_BYTE(fold(needle.at[second]))};
    while (i <= last) {
        if (i + second + sizeof(uint64_t) <= s.len) {
            uint64_t first, next;
            memcpy(&first, s.at + i, sizeof first);
            memcpy(&next, s.at + i + second, sizeof next);
            if (!has_zero_byte(((first | masks[0]) ^ wanted[0]) |
                               ((next | masks[1]) ^ wanted[1]))) {
                i += sizeof first;
                continue;
            }
        }
        for (size_t end = i + sizeof(uint64_t); i < end && i <= last; i++)
            if (fold(s.at[i]) == fold(needle.at[0]) &&
                slice_equal_fold(slice_make(s.at + i, needle.len), needle))
                return i;
    }
    return SIZE_MAX;
}

uint64_t slice_hash(struct slice s, uint64_t seed)
{
    uint64_t hash = (seed ^ s.len) * UINT64_C(0x9E3779B97F4A7C15), word;
    for (; s.len >= sizeof word; s = slice_from(s, sizeof word)) {
        memcpy(&word, s.at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
        hash ^= hash >> 32;
    }
    word = 0;
    if (s.len)
        memcpy(&word, s.at, s.len);
    hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 29;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
    while (s.len && is_blank(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

bool slice_cut(struct slice *rest, char separator, struct slice *part)
{
    if (slice_is_none(*rest))
        return false;
    size_t at = slice_find_byte(*rest, separator);
    if (at == SIZE_MAX) {
        *part = *rest;
        *rest = SLICE_NONE;
    } else {
        *part = slice_first(*rest, at);
        *rest = slice_from(*rest, at + 1);
    }
    return true;
}

bool slice_to_int64(struct slice s, int64_t *out)
{
    bool negative = s.len && s.at[0] == '-';
    if (negative)
        s = slice_from(s, 1);
    if (s.len == 0)
        return false;
    uint64_t value = 0;
    uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        unsigned digit = (unsigned)(s.at[i] - '0');
        if (value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

char *slice_dup(struct slice s)
{
    char *copy = xmalloc(s.len + 1);
    if (s.len)
        memcpy(copy, s.at, s.len);
    copy[s.len] = '\0';
    return copy;
}
