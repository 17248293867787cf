/* A borrowed run of bytes. A slice never owns; who made it says how long it lives. It may hold NUL
 * and invalid UTF-8. A slice whose `at` is NULL means "absent" (JSON null), one with `len` 0 and
 * `at` set means "empty". */
#ifndef CORE_BASE_SLICE_H
#define CORE_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *at;
    size_t len;
};

#define SLICE_NONE ((struct slice){NULL, 0})
/* The bytes of a string literal. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

/* The bytes of a NUL-ended text; NULL gives SLICE_NONE. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline struct slice slice_make(const char *at, size_t len)
{
    return (struct slice){at, len};
}

static inline bool slice_is_none(struct slice s)
{
    return s.at == NULL;
}

/* From byte `from` (at most the end) to the end. */
static inline struct slice slice_from(struct slice s, size_t from)
{
    if (from > s.len)
        from = s.len;
    return (struct slice){s.at ? s.at + from : NULL, s.len - from};
}

/* The first `len` bytes (fewer if there are fewer). */
static inline struct slice slice_first(struct slice s, size_t len)
{
    return (struct slice){s.at, len < s.len ? len : s.len};
}

/* Byte for byte; SLICE_NONE equals the empty slice. */
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool slice_is(struct slice s, const char *text)
{
    return slice_equal(s, slice_of(text));
}
/* The same with ASCII letters folded. */
bool slice_equal_fold(struct slice a, struct slice b);
static inline bool slice_is_fold(struct slice s, const char *text)
{
    struct slice other = slice_of(text);
    return s.len == other.len && slice_equal_fold(s, other);
}

static inline bool slice_starts(struct slice s, const char *prefix)
{
    return slice_is(slice_first(s, strlen(prefix)), prefix);
}
bool slice_starts_fold(struct slice s, const char *prefix);
bool slice_ends_fold(struct slice s, const char *suffix);

/* Offset of the first `needle`, or SIZE_MAX. The empty needle is found at 0. */
size_t slice_find(struct slice s, struct slice needle);
/* The same with ASCII letters folded. */
size_t slice_find_fold(struct slice s, struct slice needle);
/* Offset of the first byte `c`, or SIZE_MAX. */
static inline size_t slice_find_byte(struct slice s, char c)
{
    const char *hit = s.len ? (const char *)memchr(s.at, c, s.len) : NULL;
    return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

/* 64 bits of the bytes, for tables in memory: another build may give others, and whoever wants to
 * can find two texts with the same. */
uint64_t slice_hash(struct slice s, uint64_t seed);

/* Without leading and trailing blanks (space, TAB, CR, LF). */
struct slice slice_trim(struct slice s);

/* Cuts the text before the first `separator` off `*rest` into `*part`; the whole rest when there is
 * none. False when `*rest` is SLICE_NONE (it becomes that after the last part). */
bool slice_cut(struct slice *rest, char separator, struct slice *part);

/* Decimal digits only (an optional leading '-'); false on anything else or overflow. */
bool slice_to_int64(struct slice s, int64_t *out);

/* A NUL-ended copy, owned by the caller. */
char *slice_dup(struct slice s);

#endif
