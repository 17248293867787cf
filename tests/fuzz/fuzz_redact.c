/* libFuzzer target: redaction of hostile records.
 *
 * A marker is put where one of the rules must find it, between bytes of the fuzzer's choice. It
 * must not come through, plain or in base64, and redacting again must change nothing.
 */
#include "core/redact/redact.h"

#include "core/base/json.h"

#include <stdio.h>
#include <stdlib.h>

#define MARK "SECRETMARK7f3A91c2"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const texts[] = {
    "Authorization: Bearer " MARK, "iid.scim.token: " MARK,     "Password=" MARK ";",
    "-ClientSecret " MARK,         "password is " MARK,         "token " MARK,
    "https://u:" MARK "@h.test/",  "https://h.test/?sig=" MARK, "{\"secret\":\"" MARK "\"}",
    "set-cookie: a=" MARK,         "ghp_0123456789" MARK,       "-u admin:" MARK,
};
static const char *const members[] = {
    "\"password\":\"" MARK "\"",
    "\"op\":{\"path\":\"password\",\"value\":\"" MARK "\"}",
    "\"a\":\"{\\\"access_token\\\":\\\"" MARK "\\\"}\"",
    "\"pair\":[{\"name\":\"ClientSecret\",\"value\":\"" MARK "\"}]",
    "\"b\":{\"code\":\"" MARK "\",\"grant_type\":\"x\"}",
    "\"jwk\":{\"d\":\"" MARK "\",\"kty\":\"RSA\"}",
    "\"detail\":\"sent Bearer " MARK "\"",
    "\"tokens\":[\"" MARK "\"]",
};
static const char *const parameters[] = {"access_token=" MARK, "c%6Fde=" MARK, "key=" MARK,
                                         "u=https%3A%2F%2Fh%2F%3Fsig%3D" MARK};
static const struct pair headers[] = {
    {SLICE("authorization"), SLICE("Bearer " MARK)},
    {SLICE("Cookie"), SLICE("a=" MARK "; b=c")},
    {SLICE("X-Api-Key"), SLICE(MARK)},
    {SLICE("Authorization"), SLICE("Basic dTpTRUNSRVRNQVJLN2YzQTkxYzI=")},
    {SLICE("Location"), SLICE("/x#id_token=" MARK)},
    {SLICE("Set-Cookie"), SLICE("a=b; Path=/\nc=" MARK)},
};

#define PICK(list, number) list[(number) % (sizeof list / sizeof *list)]

/* The record the input stands for. */
static struct record make_record(const uint8_t *data, size_t size, struct buf *text,
                                 struct pair pairs[3])
{
    struct record out = {
        .kind = KIND_HTTP,
        .time_us = TIME_NONE,
        .http = {.method = SLICE("POST"), .url = SLICE("/Users"), .duration_us = -1}};
    unsigned form = data[0], which = data[1];
    struct slice rest = slice_make((const char *)data + 3, size - 3);
    struct slice a = slice_first(rest, data[2]), b = slice_from(rest, data[2]);
    switch (form % 6) {
    case 0:
        buf_add(text, a);
        buf_add_format(text, "\n%s\n", PICK(texts, which));
        buf_add(text, b);
        out.kind = KIND_EVENT;
        out.event.message = buf_slice(text);
        break;
    case 1:
        buf_add_byte(text, '{');
        json_add_string(text, a);
        buf_add_byte(text, ':');
        json_add_string(text, b);
        buf_add_format(text, ",%s,\"z\":", PICK(members, which));
        json_add_string(text, a);
        buf_add_byte(text, '}');
        out.http.request.body.text = buf_slice(text);
        break;
    case 2:
        pairs[0] = (struct pair){a, b};
        pairs[1] = PICK(headers, which);
        pairs[2] = (struct pair){SLICE("X"), b};
        out.http.request.headers = pairs;
        out.http.request.header_count = 3;
        break;
    case 3:
        buf_add_text(text, form & 64 ? "https://h.test/" : "/");
        for (size_t i = 0; i < rest.len; i++)
            if (rest.at[i] != '?' && rest.at[i] != '#')
                buf_add_byte(text, rest.at[i]);
        buf_add_format(text, "?%s&b=c", PICK(parameters, which));
        out.http.url = buf_slice(text);
        break;
    case 4:
        buf_add_format(text, "<r>\n<Password>%s</Password>\n<x>", MARK);
        buf_add(text, rest);
        out.http.response.body.text = buf_slice(text);
        break;
    default: /* no marker: only crashes and stability */
        out.http.request.body.text = rest;
        out.http.request.body.type = which & 1 ? SLICE("multipart/form-data") : SLICE_NONE;
        out.http.url = a;
        pairs[0] = (struct pair){SLICE("Cookie"), b};
        pairs[1] = (struct pair){SLICE("Authorization"), rest};
        pairs[2] = (struct pair){SLICE("X"), rest};
        out.http.response.headers = pairs;
        out.http.response.header_count = 3;
    }
    return out;
}

static void refuse(const char *why, const struct buf *first, const struct buf *second)
{
    fprintf(stderr, "%s\n%s\n%s\n", why, first->at, second->at ? second->at : "");
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The marker in base64, at each of the three places in a group. */
    static const char *const marks[] = {MARK, "U0VDUkVUTUFSSzdmM0E5MWMy", "NFQ1JFVE1BUks3ZjNBOTFjM",
                                        "TRUNSRVRNQVJLN2YzQTkxYz"};
    if (size < 3)
        return 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_find(slice_make((const char *)data, size), slice_of(marks[i])) != SIZE_MAX)
            return 0; /* not ours to find */
    static const unsigned char bytes[HASH_KEY_SIZE] = {7};
    struct hash_key *key = hash_key_new(bytes);
    struct redactor *redactor = redactor_new(key);
    struct arena arena;
    struct buf text, first, second;
    struct pair pairs[3];
    arena_init(&arena);
    buf_init(&text, 1 << 20);
    buf_init(&first, 1 << 24);
    buf_init(&second, 1 << 24);
    struct record in = make_record(data, size, &text, pairs), once, twice;
    redact_record(redactor, &in, &arena, &once);
    record_write(&first, &once);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_find(buf_slice(&first), slice_of(marks[i])) != SIZE_MAX)
            refuse("a secret came through", &first, &second);
    redact_record(redactor, &once, &arena, &twice);
    record_write(&second, &twice);
    if (!slice_equal(buf_slice(&first), buf_slice(&second)))
        refuse("redacting again changed something", &first, &second);
    buf_free(&text);
    buf_free(&first);
    buf_free(&second);
    arena_free(&arena);
    redactor_free(redactor);
    hash_key_free(key);
    return 0;
}
