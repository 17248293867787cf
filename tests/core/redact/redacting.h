/* What the tests of core/redact share: a redactor with a fixed key, and hashes masked as `#`. */
#ifndef TESTS_CORE_REDACT_REDACTING_H
#define TESTS_CORE_REDACT_REDACTING_H

#include "core/redact/redact.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct hash_key *key;
static struct redactor *redactor;

static inline void redacting_open(void)
{
    static const unsigned char bytes[HASH_KEY_SIZE] = {1, 2, 3};
    arena_init(&arena);
    key = hash_key_new(bytes);
    redactor = redactor_new(key);
}

static inline void redacting_close(void)
{
    redactor_free(redactor);
    hash_key_free(key);
    arena_free(&arena);
}

/* The text with the digits of every tag's hash dropped, NUL-ended. */
static inline const char *masked(struct slice text)
{
    char *out = arena_alloc(&arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        out[len++] = text.at[i];
        if (text.at[i] == '#' && i + 13 < text.len && text.at[i + 13] == ']')
            i += 12;
    }
    out[len] = '\0';
    return out;
}

static inline struct slice redacted(const char *text)
{
    return redact_text(redactor, slice_of(text), &arena);
}

/* Redacts text, expects `want` (hashes masked), and that doing it again changes nothing. */
static inline void expect_text(const char *text, const char *want)
{
    struct slice once = redacted(text);
    cr_expect_str_eq(masked(once), want, "%s\n became %s\n not    %s", text, masked(once), want);
    struct slice twice = redact_text(redactor, once, &arena);
    cr_expect(slice_equal(once, twice), "%.*s\n became %.*s when done again", (int)once.len,
              once.at, (int)twice.len, twice.at);
}

/* An exchange with one request header. */
static inline struct record exchange_with(const struct pair *headers, size_t count)
{
    return (struct record){
        .kind = KIND_HTTP,
        .time_us = TIME_NONE,
        .http = {.method = SLICE("POST"),
                 .url = SLICE("https://h.test/scim/v2/Users"),
                 .duration_us = -1,
                 .request = {.headers = headers, .header_count = count, .headers_known = true}}};
}

static inline struct record redacted_record(const struct record *in)
{
    struct record once, twice;
    struct buf first, second;
    redact_record(redactor, in, &arena, &once);
    redact_record(redactor, &once, &arena, &twice);
    buf_init(&first, RECORD_SIZE_LIMIT);
    buf_init(&second, RECORD_SIZE_LIMIT);
    record_write(&first, &once);
    record_write(&second, &twice);
    cr_expect(slice_equal(buf_slice(&first), buf_slice(&second)), "%s\n became %s when done again",
              first.at, second.at);
    buf_free(&first);
    buf_free(&second);
    return once;
}

/* Redacts a header's value and expects `want`. */
static inline void expect_header(const char *name, const char *value, const char *want)
{
    const struct pair header = {slice_of(name), slice_of(value)};
    struct record in = exchange_with(&header, 1);
    struct record out = redacted_record(&in);
    const char *got = masked(out.http.request.headers[0].value);
    cr_expect_str_eq(got, want, "%s: %s\n became %s\n not    %s", name, value, got, want);
    cr_expect(slice_is(out.http.request.headers[0].name, name), "the name stays as written");
}

/* The same of a URL. */
static inline void expect_url(const char *url, const char *want)
{
    struct record in = exchange_with(NULL, 0);
    in.http.url = slice_of(url);
    struct record out = redacted_record(&in);
    const char *got = masked(out.http.url);
    cr_expect_str_eq(got, want, "%s\n became %s\n not    %s", url, got, want);
}

/* The same of a request body of that media type (may be NULL). */
static inline void expect_body(const char *type, const char *text, const char *want)
{
    struct record in = exchange_with(NULL, 0);
    in.http.request.body =
        (struct body){.text = slice_of(text), .type = slice_of(type), .size = strlen(text)};
    struct record out = redacted_record(&in);
    const char *got = masked(out.http.request.body.text);
    cr_expect_str_eq(got, want, "%s\n became %s\n not    %s", text, got, want);
}

#endif
